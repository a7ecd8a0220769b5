"""A strip that shows how far a long work is, with a way to end it; hidden while nothing is under way."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from till.ui.fonts import semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face
from till.ui.widgets.text import Text
from till.ui.work import Work

PATIENCE_MS = 250


class ProgressStrip(QFrame):
    """Comes into sight when a work takes longer than a moment.

    `says` makes the sentence from the rows so far, 0 at first. How much there is in all is mostly unknown: then the bar moves
    without an end, unless `total` is set.
    """

    def __init__(self, look: Look, work: Work, says: Callable[[int], str]) -> None:
        super().__init__()
        self._says = says
        self.setProperty("tone", "calm")
        self.words = Text("", semibold(Size.BODY - 1), "accent")
        self.bar = QProgressBar(textVisible=False)
        self.cancel_button = Button(look, Face(look.t("Cancel"), "x"))
        self.cancel_button.clicked.connect(work.cancel)
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        self._build()
        work.begun.connect(self._begin)
        work.progressed.connect(self._show_progress)
        work.ended.connect(self._end)
        self.hide()

    def set_total(self, rows: int) -> None:
        """How many rows there are in all; 0: nobody knows."""
        self.bar.setRange(0, rows)

    def _begin(self) -> None:
        self.words.setText(self._says(0))
        self.bar.setRange(0, 0)
        self._patience.start()

    def _show_progress(self, rows: int) -> None:
        self.words.setText(self._says(rows))
        if self.bar.maximum():
            self.bar.setValue(min(rows, self.bar.maximum()))

    def _end(self) -> None:
        self._patience.stop()
        self.hide()

    def _build(self) -> None:
        told = QVBoxLayout()
        told.setSpacing(6)
        told.addWidget(self.words)
        told.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.setSpacing(12)
        row.addLayout(told, 1)
        row.addWidget(self.cancel_button)
