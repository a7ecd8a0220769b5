"""The second step of closing: what was counted beside what the books say, and what stays in the drawer for tomorrow."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from till.errors import Refused
from till.money import ZERO, Money
from till.sales.parked import Parked
from till.shifts.count import Comparison, to_take_out
from till.ui.entry import Entry
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.sale.parked_panel import shown_name
from till.ui.shift.page import card, signed
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.amount_field import AmountField
from till.ui.widgets.button import Arrangement, Button, Face, primary_button
from till.ui.widgets.choices import Chips
from till.ui.widgets.figure import Figure
from till.ui.widgets.keypad import KeyPad, PadKey
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import Text

_SIDE_WIDTH = 464
_SHOWN_PARKED = 4
_OFFERED_REASONS = 2


class ReviewStep(QWidget):
    """`again_asked` to count once more, `close_asked` to make the Z."""

    again_asked = Signal()
    close_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._counted: Money | None = None
        self._entry = Entry(has_decimal_key=look.has_decimal_key)
        self._floats: dict[str, Money] = {}
        self.reason = ""
        t = look.t
        self.counted = Figure(t("Counted"), Size.TOTAL)
        self.expected = Figure(t("By the books"), Size.TOTAL)
        self.difference = Figure(t("Difference"))
        self.verdict = Text("", semibold(Size.TITLE)).wrapped()
        self.parked = Text("", font(Size.BODY), "accent").wrapped()
        self.stays = AmountField(look, t("Stays in the drawer"))
        self.stays.set_active(True)
        self.taken_out = Text("", semibold(Size.BODY)).wrapped()
        self.floats, self.reasons = Chips(look), Chips(look)
        self.again_button = Button(look, Face(t("Count again"), "refresh"))
        self.close_button = primary_button(look, Face(t("Close the till (Z)")))
        self._build()
        self._connect()

    def show_comparison(self, found: Comparison, parked: tuple[Parked, ...]) -> None:
        """Show what the count says; all of it stays in the drawer until somebody says otherwise."""
        formats = self._look.formats
        self._counted = found.counted
        self.counted.show_amount(formats.money(found.counted))
        self.expected.show_amount(formats.money(found.expected))
        self.difference.show_amount(signed(self._look, found.difference))
        self.difference.set_role("accent" if not found.difference else "danger" if found.difference < ZERO else "warn")
        self.verdict.setText(self._says(found.difference))
        for figure in (self.expected, self.difference):
            figure.show()
        self._begin(parked)

    def show_uncounted(self, parked: tuple[Parked, ...]) -> None:
        """Nobody has counted: then there is nothing to compare, and nothing to take out."""
        t = self._look.t
        self._counted = None
        self.counted.show_amount(t("not counted"))
        self.expected.hide()
        self.difference.hide()
        self.verdict.setText(t("The Z will say that nobody has counted."))
        self._begin(parked)

    def offer(self, opening_float: Money | None, reasons: tuple[str, ...]) -> None:
        """Offer what may stay: all of it, or what the day began with; and where the rest goes."""
        t, formats = self._look.t, self._look.formats
        self._floats = {}
        if opening_float is not None and self._counted is not None and opening_float < self._counted:
            words = t("{amount} as this morning").format(amount=formats.money(opening_float))
            self._floats[words] = opening_float
        self.floats.set_words([t("All of it"), *self._floats])
        self.reasons.set_words(reasons[:_OFFERED_REASONS])
        self.reason = reasons[0] if reasons else ""
        self.reasons.show_chosen(self.reason)
        self._show_stays()

    def taken(self) -> Money:
        """What is taken out before the Z; nothing where nothing was typed. Refused when more stays than was counted."""
        if self._counted is None or not self._entry:
            return ZERO
        return to_take_out(self._counted, self._entry.money())

    def press(self, key: str) -> None:
        """A digit of what stays."""
        if self._counted is not None:
            self._set_entry(self._entry.pressed(key))

    def act_on(self, key_id: str) -> None:
        """Correct what is typed; cleared, all of it stays."""
        self._set_entry(self._entry.shortened() if key_id == "back" else self._entry.cleared())

    def place_message(self, message: Message) -> None:
        """Say what is to say above the button that asks for it."""
        self._last.removeWidget(message)
        self._last.insertWidget(self._last.indexOf(self.close_button), message)

    def _begin(self, parked: tuple[Parked, ...]) -> None:
        is_counted = self._counted is not None
        for part in (self.stays, self.floats, self.taken_out, self.reasons, self._pad):
            part.setVisible(is_counted)
        self._nothing_out.setVisible(not is_counted)
        self._set_entry(self._entry.cleared())
        self.parked.setVisible(bool(parked))
        if parked:
            self.parked.setText(parked_words(self._look, parked))

    def _says(self, difference: Money) -> str:
        t, amount = self._look.t, self._look.formats.money(abs(difference))
        if not difference:
            return t("The drawer is right.")
        words = t("{amount} are missing.") if difference < ZERO else t("{amount} too much.")
        booked = t("The difference is booked with the Z; it keeps nobody from closing.")
        return f"{words.format(amount=amount)} {booked}"

    def _set_entry(self, entry: Entry) -> None:
        self._entry = entry
        self._show_stays()

    def _show_stays(self) -> None:
        t, formats = self._look.t, self._look.formats
        shown = self._entry.shown_money(formats) if self._entry else t("All of it")
        self.stays.show_figure(shown, is_typed=bool(self._entry))
        try:
            taken = self.taken()
        except Refused as refusal:
            self.taken_out.setText(formats.sentence(refusal))
            self.taken_out.set_role("danger")
            taken = ZERO
        else:
            words = t("Taken out: {amount}")
            self.taken_out.setText(words.format(amount=formats.money(taken)) if taken else "")
            self.taken_out.set_role("")
        self.reasons.setVisible(bool(taken))
        chosen = next((words for words, stays in self._floats.items() if taken and self._is(stays)), "")
        self.floats.show_chosen(chosen if self._entry else t("All of it"))

    def _is(self, stays: Money) -> bool:
        return bool(self._entry) and self._entry.money() == stays

    def _choose_float(self, words: str) -> None:
        stays = self._floats.get(words)
        if stays is None:
            self._set_entry(self._entry.cleared())
        else:
            euros, cents = divmod(stays.cents, 100)
            self._set_entry(Entry(f"{euros},{cents:02}", has_decimal_key=self._look.has_decimal_key))

    def _choose_reason(self, reason: str) -> None:
        self.reason = reason

    def _connect(self) -> None:
        self.again_button.clicked.connect(self.again_asked)
        self.close_button.clicked.connect(self.close_asked)
        self.floats.chosen.connect(self._choose_float)
        self.reasons.chosen.connect(self._choose_reason)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._built_figures(), 1)
        row.addWidget(self._built_end())

    def _built_figures(self) -> QWidget:
        frame, column = card(24, 14)
        small = QHBoxLayout()
        small.addWidget(self.counted, 1)
        small.addWidget(self.expected, 1)
        column.addLayout(small)
        column.addWidget(self.difference)
        column.addWidget(self.verdict)
        column.addWidget(self.parked)
        column.addStretch(1)
        column.addWidget(self.again_button.arranged(Arrangement.CENTRED, padding=20))
        return frame

    def _built_end(self) -> QWidget:
        t = self._look.t
        side = QWidget()
        side.setFixedWidth(_SIDE_WIDTH)
        self._last = QVBoxLayout(side)
        self._last.setContentsMargins(0, 0, 0, 0)
        self._last.setSpacing(12)
        frame, column = card(16, 8)
        column.addWidget(Text(t("Float for tomorrow"), bold(Size.TITLE)))
        says = t("All of it stays in the drawer: what the books say is tomorrow’s float.")
        self._nothing_out = Text(says, font(Size.BODY), "muted").wrapped()
        column.addWidget(self._nothing_out)
        column.addWidget(self.stays)
        column.addWidget(self.floats)
        column.addWidget(self.taken_out)
        column.addWidget(self.reasons)
        column.addStretch(1)
        back = PadKey("back", Face(icon="backspace", name=t("Delete the last key")))
        self._pad = KeyPad(self._look, (back, PadKey("clear", Face("C", name=t("Clear")))))
        self._pad.typed.connect(self.press)
        self._pad.acted.connect(self.act_on)
        column.addWidget(self._pad)
        self._last.addWidget(scroll_area(frame), 1)
        self._last.addWidget(self.close_button.tall(PAY_HEIGHT))
        return side


def parked_words(look: Look, parked: tuple[Parked, ...]) -> str:
    """What waits stays for the next shift; the Z does not count it (T5)."""
    names = [shown_name(look, one) for one in parked[:_SHOWN_PARKED]]
    if len(parked) > _SHOWN_PARKED:
        names.append("…")
    words = look.t.plural(
        "{count} parked basket waits and counts in the Z of the day on which it is paid: {names}",
        "{count} parked baskets wait and count in the Z of the day on which they are paid: {names}",
        len(parked),
    )
    return words.format(count=len(parked), names=", ".join(names))
