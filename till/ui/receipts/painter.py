"""Draws receipts beside the window's thread: a picture takes a tenth of a second, which a tap elsewhere must not wait."""

from __future__ import annotations

import uuid
from concurrent.futures import Future, ThreadPoolExecutor

from PySide6.QtCore import QObject, Signal

from till.app.paper import ReceiptDesk


class ReceiptPainter(QObject):
    """`drawn` with a document's id and its receipt as PNG; `failed` with the id and why there is none."""

    drawn = Signal(object, object)
    failed = Signal(object, object)

    def __init__(self, desk: ReceiptDesk) -> None:
        super().__init__()
        self._desk = desk
        self._wanted: uuid.UUID | None = None
        self._pool = ThreadPoolExecutor(1, "receipt-painter")
        self._last: Future[None] | None = None

    def draw(self, document_id: uuid.UUID) -> None:
        """Draw this one next; what was asked for before and is not begun is not drawn any more."""
        self._wanted = document_id
        self._last = self._pool.submit(self._draw, document_id)

    def finish(self) -> None:
        """Wait for the picture that was asked for last; its signal comes with the loop's next turn."""
        if self._last is not None:
            self._last.result()

    def _draw(self, document_id: uuid.UUID) -> None:
        if document_id != self._wanted:
            return
        try:
            png = self._desk.preview(document_id)
        except Exception as error:  # noqa: BLE001 - the page says it, or raises it where the one handler hears it
            self.failed.emit(document_id, error)
        else:
            self.drawn.emit(document_id, png)
