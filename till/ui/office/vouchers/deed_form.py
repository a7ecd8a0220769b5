"""The form for what is done to one voucher: how much, under which number, and always why."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from till.app.vouchers import Sheet, VoucherDesk
from till.catalog.barcodes import parse
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.message import Message
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind
from till.ui.widgets.form import Form, MoneyField, TextField
from till.ui.widgets.text import Text
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction, check_amount
from till.vouchers.issue import NUMBER_TAKEN
from till.vouchers.numbers import checked
from till.vouchers.reason import checked_reason
from till.vouchers.reissue import Reissue


class Deed(StrEnum):
    """What the office can do to a voucher."""

    REDUCE = "reduce"
    RAISE = "raise"
    BLOCK = "block"
    UNBLOCK = "unblock"
    REISSUE = "reissue"


@dataclass(frozen=True, slots=True)
class DeedFace:
    """What a deed is called on its button, and what the form says of it; all msgids."""

    name: str
    icon: str
    about: str
    done: str


FACES: dict[Deed, DeedFace] = {
    Deed.REDUCE: DeedFace(
        msg("Take value off"),
        "minus",
        msg("The amount counts as redeemed. No money is paid out, and VAT that was paid stays paid."),
        msg("{amount} were taken off."),
    ),
    Deed.RAISE: DeedFace(
        msg("Add bonus"),
        "plus",
        msg("What is added is a gift of the shop: it is spent last, and never becomes money."),
        msg("{amount} were added."),
    ),
    Deed.BLOCK: DeedFace(
        msg("Block"),
        "lock",
        msg("Every till refuses it from now on and shows the reason. Its value stays."),
        msg("It is blocked."),
    ),
    Deed.UNBLOCK: DeedFace(
        msg("Unblock"),
        "check",
        msg("It can be redeemed again with all that is left on it."),
        msg("It can be redeemed again."),
    ),
    Deed.REISSUE: DeedFace(
        msg("New number"),
        "refresh",
        msg("The old number is closed; what is left on it and its validity stand on the new one."),
        msg("It has the number {number} now."),
    ),
}


class DeedForm(QFrame):
    """Asks for what a deed needs and does it.

    `done` with what there is to say, `left` when it was given up, `grown` when it needs more room. Each opening has an id of its own, so that a double click or a lost answer does the same thing once.
    """

    done = Signal(str)
    left = Signal()
    grown = Signal()

    def __init__(self, look: Look, desk: VoucherDesk, message: Message) -> None:
        super().__init__()
        t = look.t
        self._look, self._desk = look, desk
        self._sheet: Sheet | None = None
        self._id = uuid.uuid4()
        self.deed = Deed.BLOCK
        self.message = message
        self.setProperty("role", "inset")
        self.title = Text("", bold(Size.TITLE))
        self.about = Text("", font(Size.BODY - 1), "muted").wrapped()
        self.amount = MoneyField(look, t("Amount"), self._check_amount, is_needed=True)
        self.number = TextField(look, t("New number"), _check_number)
        self.number.show_hint(t("Scan or type it; empty: the next one of the type"))
        self.reason = TextField(look, t("Reason"), checked_reason, is_needed=True)
        self.do_button = Button(look, Face(), Kind.PRIMARY)
        self.leave_button = Button(look, Face(t("Cancel")))
        self._build()
        self.hide()

    @property
    def is_changed(self) -> bool:
        """Whether something typed would be lost."""
        return not self.isHidden() and self._form().is_changed

    def open_deed(self, sheet: Sheet, deed: Deed) -> None:
        """Ask for what this deed needs, with nothing typed."""
        self._sheet, self.deed, self._id = sheet, deed, uuid.uuid4()
        face, t = FACES[deed], self._look.t
        self.title.setText(t(face.name))
        self.about.setText(t(face.about))
        self.do_button.set_face(Face(t(face.name), face.icon))
        self.amount.set_value(None)
        self.number.set_value("")
        self.reason.set_value("")
        self.amount.setVisible(deed in (Deed.REDUCE, Deed.RAISE))
        self.number.setVisible(deed is Deed.REISSUE)
        self.message.dismiss()
        self.show()
        self._form().fields[0].setFocus()
        self.grown.emit()

    def submit(self) -> bool:
        """Do it, if all of it can be taken; what can't says so at its field. False when it was not done."""
        sheet = self._sheet
        is_done = (
            sheet is not None
            and self._form().is_right()
            and self.message.insist(self._action(sheet.voucher.id), self._succeeded)
        )
        if not is_done:
            self.grown.emit()
        return is_done

    def leave(self) -> None:
        """Give it up; what is typed is gone."""
        self.hide()
        self.message.dismiss()
        self.left.emit()

    def take_code(self, code: str) -> bool:
        """A scan is the new number where one is asked for."""
        if self.isHidden() or self.deed is not Deed.REISSUE:
            return False
        self.number.type_in(parse(code).number)
        self.number.is_right()
        self.reason.setFocus()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives it up; Enter goes from field to field, and does it in the last."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)

    def _form(self) -> Form:
        if self.deed in (Deed.REDUCE, Deed.RAISE):
            return Form(self.amount, self.reason)
        return Form(self.number, self.reason) if self.deed is Deed.REISSUE else Form(self.reason)

    def _action(self, voucher_id: uuid.UUID) -> Callable[[], str]:
        """What doing it says; doing it again does it once."""
        desk, reason, t, formats = self._desk, self.reason.value(), self._look.t, self._look.formats
        words = t(FACES[self.deed].done)
        if self.deed in (Deed.BLOCK, Deed.UNBLOCK):
            act, blocking = (
                desk.block if self.deed is Deed.BLOCK else desk.unblock,
                Blocking(voucher_id, reason, self._id),
            )
            return lambda: (act(blocking), words)[1]
        if self.deed is Deed.REISSUE:
            wish = Reissue(voucher_id, reason, self.number.value(), self._id)
            return lambda: words.format(number=self._reissued(wish))
        amount = self.amount.value() or Money()
        signed = -amount if self.deed is Deed.REDUCE else amount
        correct = desk.reduce if self.deed is Deed.REDUCE else desk.add_bonus
        correction = Correction(voucher_id, signed, reason, self._id)
        return lambda: (correct(correction), words.format(amount=formats.money(amount)))[1]

    def _reissued(self, wish: Reissue) -> str:
        """The new number. One that was used before is refused at its field too."""
        try:
            return self._desk.reissue(wish).voucher.number
        except Refused as refusal:
            if refusal.msgid == NUMBER_TAKEN:
                self.number.say(self._look.formats.sentence(refusal))
                self.number.setFocus()
            raise

    def _succeeded(self, words: str) -> None:
        self.hide()
        self.done.emit(words)

    def _check_amount(self, amount: Money | None) -> None:
        if self._sheet is not None and amount is not None:
            check_typed(self._sheet, self.deed, amount)

    def _build(self) -> None:
        self.reason.line.setMaxLength(1000)  # too long a reason is refused in words, and never cut off silently
        self.amount.line.returnPressed.connect(self.reason.setFocus)
        self.number.line.returnPressed.connect(self.reason.setFocus)
        self.reason.line.returnPressed.connect(self.submit)
        self.do_button.clicked.connect(lambda _checked: self.submit())
        self.leave_button.clicked.connect(lambda _checked: self.leave())
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.do_button)
        buttons.addWidget(self.leave_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        for widget in (self.title, self.about, self.amount, self.number, self.reason, self.message):
            column.addWidget(widget)
        column.addLayout(buttons)


def check_typed(sheet: Sheet, deed: Deed, amount: Money) -> None:
    """Refuse an amount, typed without a sign, that this correction can't have."""
    check_amount(sheet.standing, max(amount, Money()) * (-1 if deed is Deed.REDUCE else 1))


def _check_number(typed: str) -> None:
    if typed:
        checked(typed)
