"""The cash movements of this shift: what came and went, why, and the way to take a wrong one back by its opposite."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.i18n import msg
from till.shifts.cash_in_out import MovementEntry
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.shift.reason_field import ReasonField
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.chip import Chip, ChipFace
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import ShorteningText, Text

_WHY_BACK = (msg("Typed wrong"), msg("Booked twice"), msg("Did not happen"))


class MovementRow(QFrame):
    """One movement. `back_asked` by its button."""

    back_asked = Signal()

    def __init__(self, look: Look, entry: MovementEntry) -> None:
        super().__init__()
        self.setProperty("role", "row")
        self.setMinimumHeight(look.target_px + 12)
        t, formats = look.t, look.formats
        self.entry = entry
        called = t(entry.kind.called) if entry.kind is not None else entry.text
        number = t("Receipt {number}").format(number=entry.number)
        told = f"{formats.time(entry.at)} · {number} · {entry.reason}"
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(ShorteningText(called, semibold(Size.BODY)))
        words.addWidget(ShorteningText(told, font(Size.SMALL), "muted"))
        amount = formats.money(entry.amount)
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 6, 0, 6)
        row.setSpacing(12)
        row.addLayout(words, 1)
        row.addWidget(Text(f"+{amount}" if entry.kind is not None and entry.kind.is_in else amount, bold(Size.BODY)))
        if entry.taken_back_by is None:
            name = t("Take back receipt {number}").format(number=entry.number)
            self.button = Button(look, Face(t("Take back"), "arrow-back-up", name=name))
            self.button.in_type(semibold(Size.BODY - 1)).clicked.connect(self.back_asked)
            row.addWidget(self.button)
        else:
            words_back = t("Taken back by {number}").format(number=entry.taken_back_by)
            row.addWidget(Chip(look, ChipFace(words_back, tone="quiet")))


class BackCard(QFrame):
    """Asks whether a movement shall be taken back, and why. `confirmed` with the reason; `left`."""

    confirmed = Signal(str)
    left = Signal()

    def __init__(self, look: Look, entry: MovementEntry) -> None:
        super().__init__()
        t, formats = look.t, look.formats
        self.entry = entry
        self.setProperty("role", "inset")
        title = t("Take back receipt {number}: {amount}").format(
            number=entry.number, amount=formats.money(entry.amount)
        )
        says = t("Nothing is deleted: the opposite is booked, with a receipt of its own that names this one.")
        self.reason = ReasonField(look, t("Why"))
        self.reason.offer(t(why) for why in _WHY_BACK)
        self.reason.entered.connect(self._confirm)
        self.confirm = Button(look, Face(t("Take back"), "arrow-back-up"), Kind.DANGER)
        self.confirm.clicked.connect(self._confirm)
        leave = Button(look, Face(t("Leave it as it is")))
        leave.clicked.connect(self.left)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.confirm, 1)
        buttons.addWidget(leave, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(Text(title, bold(Size.BODY)).wrapped())
        column.addWidget(Text(says, font(Size.SMALL), "muted").wrapped())
        column.addWidget(self.reason)
        column.addLayout(buttons)

    def _confirm(self) -> None:
        self.confirmed.emit(self.reason.text)


class MovementList(QFrame):
    """`back_wanted` with the entry and the reason. Only one movement at a time is asked about."""

    back_wanted = Signal(object, str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setProperty("role", "card")
        self.rows: tuple[MovementRow, ...] = ()
        self.asking: BackCard | None = None
        self.title = Text(look.t("This shift"), bold(Size.TITLE))
        self.head = QHBoxLayout()
        self.head.addWidget(self.title, 1)
        self._area = scroll_area()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 8, 8)
        column.setSpacing(8)
        column.addLayout(self.head)
        column.addWidget(self._area, 1)
        self.show_entries(())

    def show_entries(self, entries: tuple[MovementEntry, ...]) -> None:
        """Show these, newest first."""
        inside = QWidget()
        inside.setProperty("role", "surface")
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 8, 0)
        self._column.setSpacing(0)
        self.asking = None
        self.rows = tuple(self._row(entry) for entry in entries)
        for row in self.rows:
            self._column.addWidget(row)
        if not entries:
            empty = Text(self._look.t("No cash was brought in or taken out yet."), font(Size.BODY), "muted")
            self._column.addWidget(empty.wrapped())
        self._column.addStretch(1)
        self._area.setWidget(inside)

    def _row(self, entry: MovementEntry) -> MovementRow:
        row = MovementRow(self._look, entry)
        row.back_asked.connect(partial(self._ask, row))
        return row

    def _ask(self, row: MovementRow) -> None:
        self._leave()
        asking = BackCard(self._look, row.entry)
        asking.left.connect(self._leave)
        asking.confirmed.connect(lambda reason: self.back_wanted.emit(row.entry, reason))
        row.hide()
        self._column.insertWidget(self._column.indexOf(row) + 1, asking)
        self.asking = asking
        asking.reason.line.setFocus()

    def _leave(self) -> None:
        if self.asking is not None:
            self.asking.hide()
            self.asking.deleteLater()
            self.asking = None
        for row in self.rows:
            row.show()
