"""Sets the next number of a voucher type, and shows which one the next sale will really take (V50)."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from till.app.bootstrap import Till
from till.errors import Refused
from till.quantity import pieces
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.office.vouchers.tab import FieldTab
from till.ui.theme import Size
from till.ui.widgets.button import Face
from till.ui.widgets.form import SETTLED_MS, TextField
from till.ui.widgets.text import Text
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.number_range import NumberRange
from till.vouchers.numbers import successor
from till.vouchers.type_rules import check_start

_SHOWN_AHEAD = 3


class PreloadTab(FieldTab):
    """What is typed is tried as soon as typing pauses; nothing is stored before the button is pressed."""

    def __init__(self, look: Look, till: Till, message: Message) -> None:
        t = look.t
        super().__init__(look, till, message, Face(t("Use this number next"), "check"))
        self.field = TextField(look, t("Next number of new vouchers"), check_start)
        self.next_word = Text(t("The next sale takes"), semibold(Size.SMALL), "muted")
        self.next = Text("", bold(Size.FIELD))
        self.ahead = Text("", font(Size.BODY - 1), "muted").wrapped()
        self.free = Text("", font(Size.BODY - 1)).wrapped()
        self.skipped = Text("", semibold(Size.SMALL), "warn").wrapped()
        self.not_automatic = Text("", font(Size.BODY), "muted").wrapped()
        self._pause = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._pause.timeout.connect(self._try)
        self._build()
        self.field.changed.connect(self._typed)
        self.field.line.returnPressed.connect(self.save)

    @property
    def kept(self) -> TextField:
        """Where the numbers go on."""
        return self.field

    def _show(self, kind: VoucherType) -> None:
        counts_up = kind.numbering is Numbering.AUTOMATIC
        words = self._look.t("The numbers of “{name}” don’t count up by themselves. Choose that in its settings first.")
        self.not_automatic.setText(words.format(name=kind.name))
        self.not_automatic.setVisible(not counts_up)
        for widget in (self.field, self.next_word, self.save_button, self.discard_button):
            widget.setVisible(counts_up)
        self._say(None)
        if counts_up:
            self.message.attempt(lambda: self._desk.one(kind.id).next_number, self._show_stored)

    def save(self) -> bool:
        """Let the numbers go on from what is typed."""
        kind = self._kind
        if kind is None or not self.is_changed or not self.field.is_right():
            return False
        typed = self.field.value()
        return self.message.insist(lambda: self._desk.preload(kind.id, typed), self._saved)

    def discard(self) -> None:
        """Put back the number that is stored."""
        kind = self._kind
        if kind is not None:
            self.message.attempt(lambda: self._desk.one(kind.id).next_number, self._show_stored)

    def _show_stored(self, number: str) -> None:
        self.field.set_value(number)
        self._follow()
        self._try()

    def _saved(self, found: NumberRange) -> None:
        self.field.set_value(found.start)
        self._follow()
        self._say(found)
        if self._kind is not None:
            self.message.attempt(partial(self._desk.one, self._kind.id), self.stored.emit)
        self.message.tell(self._look.t("Saved. The next sale takes {number}.").format(number=found.first))

    def _typed(self) -> None:
        self._follow()
        self._pause.start()

    def _try(self) -> None:
        """Look where the numbers would go on, beside the window's thread."""
        self._pause.stop()
        kind, desk = self._kind, self._desk  # the worker's thread must never be the last one that holds a widget
        if kind is None:
            return
        try:
            typed = self.field.value()
        except Refused:
            self._say(None)
            return
        self.work.begin(lambda _watch: desk.numbers(kind.id, typed), self._say)

    def _say(self, found: NumberRange | None) -> None:
        t = self._look.t
        if found is None:
            for text in (self.next, self.ahead, self.free, self.skipped):
                text.setText("")
            return
        self.next.setText(found.first)
        following = [successor(found.first)]
        while len(following) < _SHOWN_AHEAD:
            following.append(successor(following[-1]))
        self.ahead.setText(t("then {numbers} …").format(numbers=", ".join(following)) if found.free > 1 else "")
        self.free.setText(self._free_words(found))
        skipped = t.plural(
            "{count} number from {start} on is taken already and is skipped.",
            "{count} numbers from {start} on are taken already and are skipped.",
            found.skipped,
        )
        count = self._look.formats.quantity(pieces(found.skipped))
        self.skipped.setText(skipped.format(count=count, start=found.start) if found.skipped else "")

    def _free_words(self, found: NumberRange) -> str:
        t, count = self._look.t, self._look.formats.quantity(pieces(found.free))
        if not found.taken:
            return t("The next {count} numbers are free.").format(count=count)
        words = t.plural(
            "{count} number is free; {taken} behind it is taken and will be skipped.",
            "{count} numbers are free; {taken} behind them is taken and will be skipped.",
            found.free,
        )
        return words.format(count=count, taken=found.taken)

    def _build(self) -> None:
        explained = self._look.t(
            "For preprinted cards, or a new year: the number that the next voucher of this type gets, not sold yet. The digits at its "
            "end count up and keep their width: AG2026-99 is followed by AG2026-100."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(Text(explained, font(Size.BODY - 1), "muted").wrapped())
        column.addWidget(self.not_automatic)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addStretch(1)
        column.addLayout(row)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.save_button)
        buttons.addWidget(self.discard_button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        for text in (self.next_word, self.next, self.ahead, self.free, self.skipped):
            column.addWidget(text)
        column.addStretch(1)
