"""The picture of an article: chosen from a file, made small beside the window's thread, shown as the tile will show it."""

from __future__ import annotations

import uuid
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QVBoxLayout, QWidget

from till.app.articles import ArticleDesk
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.ui.fonts import font
from till.ui.look import Look
from till.ui.message import Message
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.text import Text
from till.ui.work import Work

SIDE_PX = 200
MOST_BYTES = 20_000_000
FILES = "*.png *.jpg *.jpeg *.webp *.gif *.bmp"
UNREADABLE = msg("{file} can’t be read: {reason}.")
TOO_LARGE = msg("{file} is too large for a picture. Choose one of at most {megabytes} MB.")


class PictureView(QWidget):
    """Keeps a chosen picture at once: it is none of the card's fields. `changed` when another one is kept."""

    changed = Signal()

    def __init__(self, look: Look, desk: ArticleDesk, message: Message) -> None:
        super().__init__()
        self._look, self._desk = look, desk
        self._article: uuid.UUID | None = None
        self.work = Work(self, message)
        t = look.t
        self.shown = QLabel()
        self.shown.setFixedSize(SIDE_PX, SIDE_PX)
        self.shown.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.shown.setFont(font(Size.BODY - 1))
        self.shown.setWordWrap(True)
        self.shown.setProperty("role", "muted")
        self.choose = Button(look, Face(t("Choose a picture …"), "folder"))
        self.choose.clicked.connect(self._ask_file)
        self.remove = Button(look, Face(t("Remove the picture"), "trash"), Kind.GHOST)
        self.remove.clicked.connect(lambda: self._keep(None))
        self.hint = Text(
            t(
                "A tile shows it beside the name. PNG, JPEG, WebP, GIF or BMP; it is kept small, without place and time."
            ),
            font(Size.SMALL),
            "muted",
        ).wrapped()
        self._build()

    def show_picture_of(self, article_id: uuid.UUID | None) -> None:
        """Show the picture of a stored article; None: it is not stored yet."""
        self._article = article_id
        self._show(None if article_id is None else self._desk.picture(article_id))
        self.choose.setEnabled(article_id is not None)
        if article_id is None:
            self.shown.setText(self._look.t("Save the article first, then choose its picture."))

    def take_file(self, name: str) -> None:
        """Keep the picture in this file."""
        if name and self._article is not None:
            self._keep(Path(name))

    def _keep(self, path: Path | None) -> None:
        article, desk = self._article, self._desk
        if article is None:
            return
        self.choose.setEnabled(False)
        self.work.ended.connect(lambda: self.choose.setEnabled(True), Qt.ConnectionType.SingleShotConnection)
        self.work.begin(lambda _watch: desk.set_picture(article, None if path is None else _content(path)), self._kept)

    def _kept(self, png: bytes | None) -> None:
        self._show(png)
        self.changed.emit()

    def _show(self, png: bytes | None) -> None:
        pixmap = QPixmap()
        if png is not None and pixmap.loadFromData(png, "PNG"):
            both = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            self.shown.setPixmap(pixmap.scaled(SIDE_PX, SIDE_PX, *both))
            self.shown.setAccessibleName(self._look.t("Picture"))
        else:
            self.shown.clear()
            self.shown.setText(self._look.t("No picture"))
        self.remove.setVisible(png is not None)

    def _ask_file(self) -> None:
        dialog = QFileDialog(self, self._look.t("Choose a picture …"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        pictures = self._look.t("Pictures")
        dialog.setNameFilter(f"{pictures} ({FILES})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.take_file)
        dialog.open()

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        frame = QFrame()
        frame.setProperty("role", "inset")
        inside = QVBoxLayout(frame)
        inside.addWidget(self.shown, 0, Qt.AlignmentFlag.AlignCenter)
        column.addWidget(frame)
        for part in (self.choose, self.remove, self.hint):
            column.addWidget(part)
        column.addStretch(1)


def _content(path: Path) -> bytes:
    """A file's bytes, no more than a picture may have."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unavailable(UNREADABLE, file=path.name, reason=error.strerror or str(error)) from error
    if len(content) > MOST_BYTES:
        raise Refused(TOO_LARGE, file=path.name, megabytes=MOST_BYTES // 1_000_000)
    return content
