"""A new staff card, shown once: its barcode to scan, to print and to copy."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from till.raster import Raster
from till.staff.card_paper import CardPaper, barcode, save
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.message import Message
from till.ui.staff.panel import Panel
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face
from till.ui.widgets.text import ShorteningText, Text

_WIDTH = 640
_PAPER, _INK, _EDGE = "#FFFFFF", "#000000", "#E2E5EA"


class CardPanel(Panel):
    """Saves the card as a PDF of the size of a bank card, or copies its code. Once closed, nobody can show it again."""

    def __init__(self, look: Look, paper: CardPaper) -> None:
        t = look.t
        super().__init__(look, t("New staff card"), _WIDTH)
        self._paper = paper
        self.message = Message(look)
        self.save_button = Button(look, Face(t("Save as PDF"), "download"))
        self.save_button.clicked.connect(self._save)
        self.copy_button = Button(look, Face(t("Copy the code"), "copy"))
        self.copy_button.clicked.connect(self._copy)
        words = t(
            "The code is shown this once only. Print it now; an earlier card of {user} is worth nothing any more."
        )
        self.column.addWidget(Text(words.format(user=paper.name), font(Size.BODY), "muted").wrapped())
        self.column.addWidget(self._card(), 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addWidget(self.message)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.save_button, 1)
        row.addWidget(self.copy_button, 1)
        self.column.addLayout(row)

    def save_to(self, folder: Path) -> None:
        """Save the card into `folder`, and say under which name."""
        path = folder / (self._look.t("Staff card {user}").format(user=_file_name(self._paper.name)) + ".pdf")
        said = self._look.t("Saved as {path}").format(path=path)
        self.message.attempt(lambda: save(self._paper, path), lambda _: self.message.tell(said))

    def _save(self) -> None:
        self.save_to(Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._paper.code)
        self.message.tell(self._look.t("The code is in the clipboard, for the program that prints your cards."))

    def _card(self) -> QFrame:
        """White in every theme: scanners read dark bars on light ground."""
        frame = QFrame()
        frame.setStyleSheet(
            f"QFrame {{ background: {_PAPER}; border: 1px solid {_EDGE}; border-radius: 12px; }} QLabel {{ color: {_INK}; border: 0; }}"
        )
        picture = QLabel()
        picture.setPixmap(pixmap_of(barcode(self._paper.code)))
        picture.setAccessibleName(self._look.t("Barcode of the staff card"))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(frame)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(ShorteningText(self._paper.shop, font(Size.SMALL)))
        column.addWidget(ShorteningText(self._paper.name, bold(Size.TITLE)))
        column.addWidget(picture)
        return frame


def pixmap_of(raster: Raster) -> QPixmap:
    """The raster as a picture, one pixel per dot."""
    image = QImage(raster.bits, raster.width, raster.height, raster.row_bytes, QImage.Format.Format_Mono)
    image.setColorTable([0xFFFFFFFF, 0xFF000000])
    return QPixmap.fromImage(image.copy())


def _file_name(name: str) -> str:
    """The name without what no file name may have."""
    return "".join(letter if letter.isalnum() or letter in " -" else "_" for letter in name).strip() or "_"
