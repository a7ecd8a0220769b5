"""One receipt on its paper as it was printed, with what can be done with it: a copy, a PDF (T9)."""

from __future__ import annotations

import uuid
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.errors import Refused, Unavailable
from till.ui.fonts import bold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.receipts.painter import ReceiptPainter
from till.ui.theme import Size
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import Text

_MARGIN = 12
_WIDTH = 420


class ReceiptPaper(QFrame):
    """A card with the paper of one receipt at a time; what goes wrong is said in `message`."""

    def __init__(self, look: Look, till: Till, message: Message) -> None:
        super().__init__()
        self._look, self._till, self._message = look, till, message
        self._shown: tuple[uuid.UUID, int] | None = None
        self.setProperty("role", "card")
        self._paper = QLabel()
        self._paper.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._picture = QPixmap()
        self._title = Text("", bold(Size.TITLE)).wrapped()
        self.painter = ReceiptPainter(till.receipts)
        self.painter.drawn.connect(self._show_picture)
        self.painter.failed.connect(self._refuse)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._title)
        inside = QVBoxLayout()
        inside.addWidget(self._paper)
        inside.addStretch(1)
        self._area = scrolling(inside)
        column.addWidget(self._area, 1)

    @property
    def title(self) -> str:
        """Which receipt is shown."""
        return self._title.text()

    @property
    def paper_width(self) -> int:
        """The width of the paper in logical pixels."""
        return round(self._paper.pixmap().deviceIndependentSize().width())

    @property
    def document_id(self) -> uuid.UUID | None:
        """Whose receipt is shown; None while there is none."""
        return None if self._shown is None else self._shown[0]

    def show_receipt(self, document_id: uuid.UUID, number: int, mark: str = "") -> None:
        """Show the receipt of a document; `mark` is said beside its number."""
        self._shown = (document_id, number)
        title = self._look.t("Receipt {number}").format(number=number)
        self._title.setText(" · ".join(part for part in (title, mark) if part))
        self._message.attempt(lambda: self._read(document_id))

    def show_nothing(self, words: str) -> None:
        """Show no receipt, and say why."""
        self._shown = None
        self._picture = QPixmap()
        self._paper.clear()
        self._title.setText(words)

    def print_copy(self) -> None:
        """Print the receipt once more, marked as a copy."""
        if self._shown is not None:
            document_id, number = self._shown
            said = self._look.t("Receipt {number} is being printed, marked as a copy.").format(number=number)
            self._message.insist(lambda: self._till.receipts.reprint(document_id), lambda _: self._message.tell(said))

    def save_pdf(self) -> None:
        """Save the receipt among the user's documents."""
        self.save_pdf_to(Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)))

    def save_pdf_to(self, folder: Path) -> None:
        """Save the receipt that is shown into `folder`, and say under which name."""
        if self._shown is not None:
            document_id, number = self._shown
            path = folder / self._look.t("Receipt-{number}.pdf").format(number=number)
            said = self._look.t("Saved as {path}").format(path=path)
            self._message.attempt(
                lambda: self._till.receipts.save_pdf(document_id, path), lambda _: self._message.tell(said)
            )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width."""
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit what depends on the width."""
        super().showEvent(event)
        self._fit()

    def _read(self, document_id: uuid.UUID) -> None:
        self._picture = QPixmap()
        self._paper.clear()
        self.painter.draw(document_id)
        self._paper.setAccessibleDescription(self._till.receipts.text(document_id))

    def _refuse(self, document_id: uuid.UUID, error: Exception) -> None:
        if not isinstance(error, (Refused, Unavailable)):
            raise error
        if document_id == self.document_id:
            self._message.refuse(error)

    def _show_picture(self, document_id: uuid.UUID, png: bytes) -> None:
        if document_id != self.document_id:
            return
        self._picture = QPixmap()
        self._picture.loadFromData(png)
        self._paper.setAccessibleName(self.title)
        self._fit()

    def _fit(self) -> None:
        """The paper as wide as there is room for it, at most its natural size."""
        if self._picture.isNull():
            return
        ratio = self.devicePixelRatioF()
        room = self._area.viewport().width() - _MARGIN
        width = max(_WIDTH // 2, min(_WIDTH, room))
        scaled = self._picture.scaledToWidth(round(width * ratio), Qt.TransformationMode.SmoothTransformation)
        scaled.setDevicePixelRatio(ratio)
        self._paper.setPixmap(scaled)


def scrolling(layout: QVBoxLayout) -> QScrollArea:
    """The layout in an area that scrolls up and down."""
    inside = QWidget()
    inside.setProperty("role", "surface")
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2)
    inside.setLayout(layout)
    return scroll_area(inside)
