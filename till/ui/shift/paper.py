"""A receipt as it was printed, in a frame that scrolls: drawn beside the window's thread, as wide as there is room."""

from __future__ import annotations

import uuid

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea

from till.app.paper import ReceiptDesk
from till.errors import Refused, Unavailable
from till.ui.receipts.painter import ReceiptPainter

_WIDTH = 420
_MARGIN = 12


class PaperView(QScrollArea):
    """Shows one document's paper; `refused` with why there is none."""

    refused = Signal(object)

    def __init__(self, receipts: ReceiptDesk, name: str) -> None:
        super().__init__()
        self._receipts = receipts
        self._shown: uuid.UUID | None = None
        self._picture = QPixmap()
        self.label = QLabel()
        self.label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.label.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(name)
        self.setWidget(self.label)
        self.painter = ReceiptPainter(receipts)
        self.painter.drawn.connect(self._draw)
        self.painter.failed.connect(self._refuse)

    @property
    def document_id(self) -> uuid.UUID | None:
        """Whose paper is shown, or will be as soon as it is drawn."""
        return self._shown

    def show_document(self, document_id: uuid.UUID | None) -> None:
        """Show the paper of this document, or none."""
        self._shown = document_id
        self._picture = QPixmap()
        self.label.clear()
        self.label.setAccessibleDescription("")
        self.verticalScrollBar().setValue(0)
        if document_id is not None:
            self.painter.draw(document_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit what depends on the width."""
        super().resizeEvent(event)
        self._fit()

    def _draw(self, document_id: uuid.UUID, png: bytes) -> None:
        if document_id == self._shown:
            self._picture.loadFromData(png)
            self.label.setAccessibleDescription(self._receipts.text(document_id))
            self._fit()

    def _refuse(self, document_id: uuid.UUID, error: Exception) -> None:
        if not isinstance(error, (Refused, Unavailable)):
            raise error
        if document_id == self._shown:
            self.refused.emit(error)

    def _fit(self) -> None:
        """At most its natural size."""
        if self._picture.isNull():
            return
        ratio = self.devicePixelRatioF()
        width = max(_WIDTH // 2, min(_WIDTH, self.viewport().width() - _MARGIN))
        scaled = self._picture.scaledToWidth(round(width * ratio), Qt.TransformationMode.SmoothTransformation)
        scaled.setDevicePixelRatio(ratio)
        self.label.setPixmap(scaled)
