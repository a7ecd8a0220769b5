"""Fields of the office's forms: a label, what is typed, and below it why that can't be taken (U5, U8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QDate, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDateEdit,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from till.errors import Refused
from till.formats import parse_money, parse_quantity
from till.i18n import msg
from till.money import Money
from till.quantity import Quantity
from till.ui.fonts import font, semibold
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.amount_field import set_active
from till.ui.widgets.check import CheckBox
from till.ui.widgets.keys import TellingLine
from till.ui.widgets.still_combo import StillCombo
from till.ui.widgets.text import Text

Value = TypeVar("Value")
SETTLED_MS = 400
_LINE_HEIGHT = 24
NOT_A_NUMBER = msg("“{typed}” is not a whole number.")
MISSING = msg("Something has to stand here.")


class Field(QWidget, Generic[Value]):
    """What all fields share. `changed` when something was typed; what is wrong is said below as soon as typing pauses.

    `check` gets the value and raises Refused where it can't be taken.
    """

    changed = Signal()

    def __init__(self, look: Look, label: str, check: Callable[[Value], object] | None = None) -> None:
        super().__init__()
        self._look, self._check = look, check
        self.label = Text(label, semibold(Size.SMALL), "muted")
        self.box = QFrame()
        self.box.setProperty("role", "field")
        self.box.setMinimumHeight(look.target_px)
        self.error = Text("", semibold(Size.SMALL), "danger").wrapped()
        self.error.hide()
        self._settled = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settled.timeout.connect(self.is_right)
        self._stored: object = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.label)
        column.addWidget(self.box)
        column.addWidget(self.error)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    @property
    def is_changed(self) -> bool:
        """Whether something else stands here than what was put there."""
        return self._typed() != self._stored

    def read(self) -> Value:
        """What stands here, whether it can be taken or not; raises Refused only where it can't be read at all."""
        return self._read()

    def value(self) -> Value:
        """What stands here, checked; raises Refused. Nothing is shown by asking."""
        value = self._read()
        if self._check is not None:
            self._check(value)
        return value

    def set_value(self, value: Value) -> None:
        """Put a value here, as the one that is stored."""
        self._write(value)
        self._stored = self._typed()
        self.say("")

    def type_in(self, value: Value) -> None:
        """Put a value here as if somebody had typed it: what is stored stays what it was."""
        self._write(value)

    def is_right(self) -> bool:
        """Whether it can be taken; if not, the reason is said below."""
        self._settled.stop()
        try:
            self.value()
        except Refused as refusal:
            self.say(self._look.formats.sentence(refusal))
            return False
        self.say("")
        return True

    def say(self, words: str) -> None:
        """Say below why it can't be taken; empty: nothing is wrong."""
        self._settled.stop()
        self.error.setText(words)
        self.error.setVisible(bool(words))
        self.box.setProperty("wrong", bool(words))
        self.box.style().unpolish(self.box)
        self.box.style().polish(self.box)

    def _edited(self) -> None:
        if self.error.text():
            self.is_right()
        else:
            self._settled.start()
        self.changed.emit()

    def _hold(self, widget: QWidget, margin: int = 12) -> None:
        widget.setAccessibleName(self.label.text())
        widget.setFont(font(Size.BODY))
        self.setFocusProxy(widget)
        self.label.setBuddy(widget)
        row = QHBoxLayout(self.box)
        row.setContentsMargins(margin, 0, margin, 0)
        row.addWidget(widget)

    def _typed(self) -> object:
        raise NotImplementedError

    def _read(self) -> Value:
        raise NotImplementedError

    def _write(self, value: Value) -> None:
        raise NotImplementedError


class LineField(Field[Value]):
    """A field with one line to type into; the kinds below say what it means."""

    def __init__(self, look: Look, label: str, check: Callable[[Value], object] | None = None) -> None:
        super().__init__(look, label, check)
        self.line = TellingLine()
        self.line.setMaxLength(255)
        self.line.textEdited.connect(lambda _: self._edited())
        self.line.focused.connect(lambda has: set_active(self.box, is_active=has))
        self.line.editingFinished.connect(self._leave)
        self._hold(self.line)

    def show_hint(self, words: str) -> None:
        """Show pale words where nothing is typed: an example, or what counts then."""
        self.line.setPlaceholderText(words)

    def _leave(self) -> None:
        if self.is_changed:
            self.is_right()

    def _typed(self) -> object:
        return self.line.text()


class TextField(LineField[str]):
    """Words, without blanks around them; `is_needed`: they may not be missing."""

    def __init__(
        self, look: Look, label: str, check: Callable[[str], object] | None = None, *, is_needed: bool = False
    ) -> None:
        super().__init__(look, label, check)
        self._is_needed = is_needed

    def _read(self) -> str:
        text = self.line.text().strip()
        if self._is_needed and not text:
            raise Refused(MISSING)
        return text

    def _write(self, value: str) -> None:
        self.line.setText(value)


class MoneyField(LineField["Money | None"]):
    """An amount, with comma or point; None where nothing is typed and nothing has to be."""

    def __init__(
        self, look: Look, label: str, check: Callable[[Money | None], object] | None = None, *, is_needed: bool = False
    ) -> None:
        super().__init__(look, label, check)
        self._is_needed = is_needed
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)

    def _read(self) -> Money | None:
        text = self.line.text().strip().removesuffix("€").strip()
        if not text and self._is_needed:
            raise Refused(MISSING)
        return parse_money(text) if text else None

    def _write(self, value: Money | None) -> None:
        self.line.setText("" if value is None else self._plain(value))

    def _plain(self, value: Money) -> str:
        return self._look.formats.amount(value).replace("−", "-").replace(self._thousands(), "")

    def _thousands(self) -> str:
        return "." if self._look.t.language == "de" else ","


class QuantityField(LineField["Quantity | None"]):
    """A quantity with up to three decimals; None where nothing is typed."""

    def __init__(self, look: Look, label: str, check: Callable[[Quantity | None], object] | None = None) -> None:
        super().__init__(look, label, check)
        self.line.setMaxLength(12)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)

    def _read(self) -> Quantity | None:
        text = self.line.text().strip()
        return parse_quantity(text) if text else None

    def _write(self, value: Quantity | None) -> None:
        thousands = "." if self._look.t.language == "de" else ","
        self.line.setText("" if value is None else self._look.formats.quantity(value).replace(thousands, ""))


class NumberField(LineField["int | None"]):
    """A whole number; None where nothing is typed and nothing has to be."""

    def __init__(
        self, look: Look, label: str, check: Callable[[int | None], object] | None = None, *, is_needed: bool = False
    ) -> None:
        super().__init__(look, label, check)
        self._is_needed = is_needed
        self.line.setMaxLength(12)
        self.line.setAlignment(Qt.AlignmentFlag.AlignRight)

    def _read(self) -> int | None:
        text = self.line.text().strip()
        if not text and self._is_needed:
            raise Refused(MISSING)
        if text and not (text.isascii() and text.removeprefix("-").isdigit()):
            raise Refused(NOT_A_NUMBER, typed=text)
        return int(text) if text else None

    def _write(self, value: int | None) -> None:
        self.line.setText("" if value is None else str(value))


class ChoiceField(Field[Value]):
    """One of a few, each with its words."""

    def __init__(
        self,
        look: Look,
        label: str,
        choices: Sequence[tuple[str, Value]],
        check: Callable[[Value], object] | None = None,
    ) -> None:
        super().__init__(look, label, check)
        self.combo = StillCombo()
        self.combo.setMinimumHeight(look.target_px - 4)
        # Else the longest choice would make the form wider than its place.
        self.combo.setSizeAdjustPolicy(StillCombo.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.combo.setMinimumContentsLength(8)
        self._values: list[Value] = []
        self.offer(choices)
        self.combo.activated.connect(lambda _: self._edited())
        self._hold(self.combo, 4)

    def offer(self, choices: Sequence[tuple[str, Value]]) -> None:
        """Offer other choices; the first one stands there then."""
        self.combo.clear()
        self._values = [value for _words, value in choices]
        self.combo.addItems([words for words, _value in choices])

    def _typed(self) -> object:
        return self.combo.currentIndex()

    def _read(self) -> Value:
        place = self.combo.currentIndex()
        if place < 0:
            raise Refused(MISSING)
        return self._values[place]

    def _write(self, value: Value) -> None:
        self.combo.setCurrentIndex(self._values.index(value) if value in self._values else -1)


class CheckField(Field[bool]):
    """Yes or no; the label stands beside the box."""

    def __init__(self, look: Look, label: str, check: Callable[[bool], object] | None = None) -> None:
        super().__init__(look, label, check)
        self.check = CheckBox(look, label)
        self.check.toggled.connect(lambda _: self._edited())
        self._hold(self.check, 0)
        self.label.hide()
        self.box.setProperty("role", "")

    def _typed(self) -> object:
        return self.check.isChecked()

    def _read(self) -> bool:
        return self.check.isChecked()

    def _write(self, value: bool) -> None:  # noqa: FBT001 - the field's value
        self.check.setChecked(value)


class DateField(Field[dt.date]):
    """A day, typed or chosen from a calendar, written as the screen's language writes it."""

    def __init__(self, look: Look, label: str, check: Callable[[dt.date], object] | None = None) -> None:
        super().__init__(look, label, check)
        self.day = QDateEdit()
        self.day.setCalendarPopup(True)
        self.day.setMinimumHeight(look.target_px - 4)
        self.day.setDisplayFormat("dd.MM.yyyy" if look.t.language == "de" else "dd/MM/yyyy")
        self.day.setDateRange(QDate(1990, 1, 1), QDate(2199, 12, 31))
        self.day.userDateChanged.connect(lambda _: self._edited())
        self._hold(self.day, 4)

    def _typed(self) -> object:
        return self.day.date()

    def _read(self) -> dt.date:
        day = self.day.date()
        return dt.date(day.year(), day.month(), day.day())

    def _write(self, value: dt.date) -> None:
        self.day.setDate(QDate(value.year, value.month, value.day))


class LinesField(Field[tuple[str, ...]]):
    """Several lines of text."""

    def __init__(
        self, look: Look, label: str, check: Callable[[tuple[str, ...]], object] | None = None, *, lines: int = 4
    ) -> None:
        super().__init__(look, label, check)
        self.text = QPlainTextEdit()
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(lines * _LINE_HEIGHT + 16)
        self.text.textChanged.connect(self._edited)
        self._hold(self.text, 8)

    def _typed(self) -> object:
        return self.text.toPlainText()

    def _read(self) -> tuple[str, ...]:
        return tuple(line.rstrip() for line in self.text.toPlainText().strip("\n").split("\n")) if self._typed() else ()

    def _write(self, value: tuple[str, ...]) -> None:
        self.text.setPlainText("\n".join(value))


class Form:
    """Some fields that are stored together. It has no look of its own: its page places the fields."""

    def __init__(self, *fields: Field[Any]) -> None:
        self.fields = fields

    @property
    def is_changed(self) -> bool:
        """Whether anything differs from what is stored."""
        return any(field.is_changed for field in self.fields)

    def is_right(self) -> bool:
        """Whether all of it can be taken; what can't says so, and the first of it gets the focus."""
        wrong = [field for field in self.fields if not field.is_right()]
        if wrong:
            wrong[0].setFocus()
        return not wrong
