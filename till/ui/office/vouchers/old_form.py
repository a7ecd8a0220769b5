"""One old voucher by hand (V52)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.office.parts import beside
from till.ui.office.vouchers.fields import DayField
from till.ui.office.vouchers.kind_choice import KindField
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import ChoiceField, Form, MoneyField, TextField
from till.ui.widgets.text import Text
from till.vouchers.model import VoucherType
from till.vouchers.old import OldVoucher, check_value, checked_number

_NO_VALUE = msg("What is left on it?")


class OldForm(QFrame):
    """`wanted` when the voucher in the fields shall be brought in; it is right by itself then."""

    wanted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "card")
        t = look.t
        self._look = look
        paid: list[tuple[str, bool]] = [(t("paid"), False), (t("a gift"), True)]
        self.number = TextField(look, t("Number"), checked_number, is_needed=True)
        self.value = MoneyField(look, t("Remaining value"), _check_value, is_needed=True)
        self.kind = KindField(look)
        self.is_gift = ChoiceField[bool](look, t("It was"), paid)
        self.sold_on = DayField(look, t("Sold on"))
        self.sold_on.show_hint(t("not known"))
        self.valid_until = DayField(look, t("Valid until"))
        self.valid_until.show_hint(t("as its type says"))
        self.form = Form(self.number, self.value, self.is_gift, self.kind, self.sold_on, self.valid_until)
        self.add_button = Button(look, Face(t("Bring it in"), "check"), Kind.PRIMARY)
        self.add_button.clicked.connect(lambda _: self._ask())
        self.number.line.returnPressed.connect(self._ask)
        self.value.line.returnPressed.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 16)
        column.setSpacing(8)
        column.addWidget(Text(t("One by hand"), bold(Size.TITLE)))
        words = t("It is active at once. No receipt is made; the books note it as an opening balance.")
        column.addWidget(Text(words, font(Size.BODY - 1), "muted").wrapped())
        column.addWidget(self.number)
        column.addLayout(beside(self.value, self.is_gift))
        for field in (self.kind, self.sold_on, self.valid_until):
            column.addWidget(field)
        column.addSpacing(4)
        column.addWidget(self.add_button)
        column.addStretch(1)

    @property
    def is_changed(self) -> bool:
        """Whether a number or value is typed that is not brought in."""
        return self.number.is_changed or self.value.is_changed

    def offer(self, kinds: Sequence[VoucherType]) -> None:
        """Offer these types; the one that was chosen stays."""
        self.kind.offer_kinds(kinds)

    def old(self) -> OldVoucher:
        """What stands in the fields; Refused where it can't be read."""
        return OldVoucher(
            self.kind.value(),
            self.number.value(),
            self.value.value() or ZERO,
            self.is_gift.value(),
            self.sold_on.value(),
            self.valid_until.value(),
        )

    def begin_next(self) -> None:
        """Ready for the next one: type, kind and days stay, as those of a pile are mostly the same."""
        self.number.set_value("")
        self.value.set_value(None)
        self.number.setFocus()

    def take_scan(self, number: str) -> None:
        """A scan is the number."""
        self.number.type_in(number)
        self.number.is_right()
        self.value.setFocus()

    def _ask(self) -> None:
        if self.form.is_right():
            self.wanted.emit()


def _check_value(value: Money | None) -> None:
    if value is None:
        raise Refused(_NO_VALUE)
    check_value(value)
