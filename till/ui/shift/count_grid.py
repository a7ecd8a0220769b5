"""Counting by coin and note: a line for each, with a key for one less and one more, and its number to type (T11)."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from till.errors import Refused
from till.money import Money
from till.shifts.count import DENOMINATIONS, CountDraft, counted_pieces
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.amount_field import set_active
from till.ui.widgets.button import Kind, icon_button
from till.ui.widgets.text import Text

_CENTS_PER_EURO = 100
_NOTES = 7
_VALUE_WIDTH = 54
_FIELD_WIDTH = 58
_SUM_WIDTH = 76
_STEP_WIDTH = 52
_ARROWS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -_NOTES, Qt.Key.Key_Right: _NOTES}


def shown_value(value: Money) -> str:
    """What stands on the coin or note: 50 €, 20 ct."""
    euros, cents = divmod(value.cents, _CENTS_PER_EURO)
    return f"{euros}\xa0€" if euros else f"{cents}\xa0ct"


class _Number(QFrame):
    """The number of one coin or note; the active one gets the digits. It is one stop on the keyboard's way."""

    activated = Signal()
    walked = Signal(int)
    stepped = Signal(int)

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._name = name
        self.setProperty("role", "field")
        self.setFixedSize(_FIELD_WIDTH, look.target_px)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._figure = Text("", bold(Size.TITLE))
        self._figure.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._figure)

    @property
    def shown(self) -> str:
        """The number as it stands there."""
        return self._figure.text()

    def show_number(self, number: int | None) -> None:
        """Show it; nothing was said yet where it is None."""
        self._figure.setText("–" if number is None else str(number))
        self._figure.set_role("muted" if number is None else "")
        self.setAccessibleName(f"{self._name}: {self._figure.text()}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Be the one that is typed into."""
        self.setFocus()
        self.activated.emit()
        event.accept()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Be the one that is typed into."""
        super().focusInEvent(event)
        self.activated.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, plus and minus step; digits are the page's, which sends them here."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self.walked.emit(_ARROWS[key])
        elif event.text() in {"+", "-"}:
            self.stepped.emit(1 if event.text() == "+" else -1)
        else:
            event.ignore()


class _Line(QWidget):
    """One coin or note."""

    def __init__(self, look: Look, value: Money, *, has_sum: bool) -> None:
        super().__init__()
        self._look, self.value = look, value
        name = shown_value(value)
        self.number = _Number(look, name)
        self.less = icon_button(look, "minus", look.t("One {value} less").format(value=name), kind=Kind.KEY)
        self.more = icon_button(look, "plus", look.t("One {value} more").format(value=name), kind=Kind.KEY)
        for button in (self.less, self.more):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setFixedWidth(max(_STEP_WIDTH, look.target_px))
        self._sum = Text("", font(Size.SMALL), "muted").right()
        self._sum.setFixedWidth(_SUM_WIDTH)
        self._sum.setVisible(has_sum)
        label = Text(name, semibold(Size.BODY)).right()
        label.setFixedWidth(_VALUE_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for widget in (label, self.less, self.number, self.more):
            row.addWidget(widget)
        row.addWidget(self._sum)
        row.addStretch(1)

    def show_number(self, number: int | None) -> None:
        """Show it, and what that comes to."""
        self.number.show_number(number)
        self._sum.setText(self._look.formats.money(self.value * number) if number else "")


class CountGrid(QScrollArea):
    """All coins and notes. `edited` with the CountDraft; `refused` with why a number can't be (Refused)."""

    edited = Signal(object)
    activated = Signal()
    refused = Signal(object)

    def __init__(self, look: Look, *, has_sums: bool = True) -> None:
        super().__init__()
        self._look = look
        self.draft = CountDraft()
        self.lines = tuple(_Line(look, value, has_sum=has_sums) for value in DENOMINATIONS)
        self.place = 0
        self._is_fresh = True
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._build()
        for place, line in enumerate(self.lines):
            line.number.activated.connect(lambda place=place: self.activate(place))
            line.number.walked.connect(self.walk)
            line.number.stepped.connect(lambda step, place=place: self._step(place, step))
            line.less.clicked.connect(lambda _checked, place=place: self._step(place, -1))
            line.more.clicked.connect(lambda _checked, place=place: self._step(place, 1))
        self.show_draft(self.draft)
        self._frame()

    def sizeHint(self) -> QSize:
        """As high as all lines; with less room they scroll."""
        inside = self.widget()
        return inside.sizeHint() + QSize(4, 4) if inside is not None else super().sizeHint()

    def show_draft(self, draft: CountDraft) -> None:
        """Show what was counted so far."""
        self.draft = draft
        for line in self.lines:
            line.show_number(draft.number_of(line.value))

    def activate(self, place: int) -> None:
        """Let this one get the digits; the first of them begins its number anew."""
        self.place, self._is_fresh = place, True
        self._frame()
        self.ensureWidgetVisible(self.lines[place])
        self.activated.emit()

    def walk(self, steps: int) -> None:
        """Go to another one, at most to the first or the last."""
        place = self.place + steps
        if 0 <= place < len(self.lines):
            self.lines[place].number.setFocus()
            self.activate(place)

    def press(self, key: str) -> None:
        """A digit of the active one."""
        if key.isdigit():
            known = self._number(self.place)
            typed = key if self._is_fresh or known is None else f"{known}{key}"
            self.set_number(int(typed))

    def act_on(self, key_id: str) -> None:
        """The last digit of the active one, or all of them, back."""
        shortened = str(self._number(self.place) or "")[:-1] if key_id == "back" else ""
        self._put(self.place, int(shortened) if shortened else None)
        self._is_fresh = False

    def set_number(self, number: int | None) -> None:
        """Say how many of the active one there are."""
        self._is_fresh = False
        self._put(self.place, number)

    def _step(self, place: int, step: int) -> None:
        self.activate(place)
        self._put(place, max(0, (self._number(place) or 0) + step))

    def _number(self, place: int) -> int | None:
        return self.draft.number_of(self.lines[place].value)

    def _put(self, place: int, number: int | None) -> None:
        value = self.lines[place].value
        try:
            counted_pieces({value: number or 0})
        except Refused as refusal:
            self.refused.emit(refusal)
            return
        self.draft = self.draft.with_number(value, number)
        self.lines[place].show_number(number)
        self.edited.emit(self.draft)

    def _frame(self) -> None:
        for place, line in enumerate(self.lines):
            set_active(line.number, is_active=place == self.place)

    def _build(self) -> None:
        t = self._look.t
        inside = QWidget()
        inside.setProperty("role", "surface")
        row = QHBoxLayout(inside)
        row.setContentsMargins(0, 0, 4, 0)
        row.setSpacing(8)
        for title, lines in ((t("Banknotes"), self.lines[:_NOTES]), (t("Coins"), self.lines[_NOTES:])):
            column = QVBoxLayout()
            column.setSpacing(4)
            heading: QLabel = Text(title, semibold(Size.SMALL), "muted")
            heading.setContentsMargins(8, 0, 0, 0)
            column.addWidget(heading)
            for line in lines:
                column.addWidget(line)
            column.addStretch(1)
            row.addLayout(column, 1)
        self.setWidget(inside)
