"""One line of what comes back: its name, a stepper for how much, and what that is worth."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Button, Kind, icon_button
from till.ui.widgets.text import ShorteningText, Text

_COUNT_WIDTH = 64
_NARROW_COUNT = 36
_AMOUNT_WIDTH = 84
_LONG = 5
_HEIGHT = 60


@dataclass(frozen=True, slots=True)
class LineFace:
    """What a row shows. `count` and `amount` are empty where nothing of it comes back.

    `is_open`: it can be stepped; `is_gone`: nothing of it is left, so it is pale. `why_not`: why
    what is left of it can't come back, in all words.
    """

    name: str
    detail: str
    count: str = ""
    amount: str = ""
    can_less: bool = False
    can_more: bool = False
    is_open: bool = True
    is_gone: bool = False
    why_not: str = ""


class LineRow(QFrame):
    """`stepped` with −1 or +1; `tapped` anywhere else."""

    stepped = Signal(int)
    tapped = Signal()

    def __init__(self, look: Look, *, is_narrow: bool = False) -> None:
        """`is_narrow`: the count is a number alone."""
        super().__init__()
        self._look = look
        self._count_width = _NARROW_COUNT if is_narrow else _COUNT_WIDTH
        self.setProperty("role", "row")
        self.setMinimumHeight(max(_HEIGHT, look.target_px + 8))
        self.name = ShorteningText("", semibold(Size.BODY))
        self.detail = ShorteningText("", font(Size.SMALL), "muted")
        self.why_not = Text("", semibold(Size.SMALL), "danger").wrapped()
        self.count = Text("", bold(Size.KEY))
        self.amount = Text("", bold(Size.BODY)).right()
        self.less: Button = icon_button(look, "minus", look.t("One less"), kind=Kind.KEY)
        self.more: Button = icon_button(look, "plus", look.t("One more"), kind=Kind.KEY)
        self.less.clicked.connect(lambda: self.stepped.emit(-1))
        self.more.clicked.connect(lambda: self.stepped.emit(1))
        self._build()

    def show_face(self, face: LineFace, *, is_selected: bool) -> None:
        """Show it; the selected one is what the keys change."""
        self.name.setText(face.name)
        self.name.set_role("muted" if face.is_gone else "")
        self.detail.setText(face.detail)
        self.detail.setVisible(bool(face.detail))
        self.why_not.setText(face.why_not)
        self.why_not.setVisible(bool(face.why_not))
        self.count.setText(face.count)
        self.count.setFont(bold(Size.KEY if len(face.count) <= _LONG else Size.SMALL))
        self.amount.setText(face.amount)
        for button, word, can in ((self.less, "One less", face.can_less), (self.more, "One more", face.can_more)):
            button.setVisible(face.is_open)
            button.setEnabled(can)
            button.setAccessibleName(f"{self._look.t(word)}: {face.name}")
        self.setAccessibleName(
            " ".join(part for part in (face.name, face.count, face.amount, face.detail, face.why_not) if part)
        )
        self._mark(is_selected=is_selected)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A tap beside the stepper selects it."""
        self.tapped.emit()
        event.accept()

    def _mark(self, *, is_selected: bool) -> None:
        if self.property("selected") != is_selected:
            self.setProperty("selected", is_selected)
            self.style().unpolish(self)
            self.style().polish(self)

    def _build(self) -> None:
        self.count.setFixedWidth(self._count_width)
        self.count.setAlignment(self.count.alignment().AlignCenter)
        self.amount.setFixedWidth(_AMOUNT_WIDTH)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addWidget(self.detail)
        words.addWidget(self.why_not)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 8, 4)
        row.setSpacing(4)
        row.addLayout(words, 1)
        row.addWidget(self.less)
        row.addWidget(self.count)
        row.addWidget(self.more)
        row.addWidget(self.amount)
