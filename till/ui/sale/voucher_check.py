"""What is on a voucher, without any sale: its number is scanned or typed, its balance can be printed (V38)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.app.views import VoucherHit
from till.errors import Refused
from till.money import ZERO
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind, icon_button
from till.ui.widgets.letters import LetterPad
from till.ui.widgets.number_field import NumberField
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import ShorteningText, Text
from till.ui.widgets.voucher_card import VoucherCard
from till.ui.widgets.voucher_picks import VoucherPicks

if TYPE_CHECKING:
    from till.vouchers.movements import Movement

_WIDTH = 880
"""Wider, and the words on the left would have lost the amounts on the right."""


class VoucherCheck(QWidget):
    """Looks vouchers up and changes nothing; `dismissed` to go back to the articles."""

    dismissed = Signal()

    def __init__(self, look: Look, till: Till, hits: Sequence[VoucherHit] = ()) -> None:
        super().__init__()
        self._look, self._desk = look, till.voucher_check
        self._has_printer = till.workplace.has_printer
        self.hit: VoucherHit | None = None
        self.uses: list[str] = []
        self.picks: VoucherPicks | None = None
        self.number = NumberField(look)
        self.number.take_letters(self._desk.takes_letters())
        self.message = Message(look)
        self.letters_button = icon_button(look, "keyboard", look.t("Letters"), kind=Kind.PLAIN)
        self.print_button = Button(look, Face(look.t("Print the balance"), "printer")).tall(56)
        self.back_button = Button(look, Face(look.t("Back to the articles"), "arrow-left", key="Esc")).tall(56)
        self._letters = LetterPad(look)
        self._found = QVBoxLayout()
        self._order = uuid.uuid4()
        self._build()
        self._connect()
        self._show_hits(hits)

    @property
    def letter_keys(self) -> list[Button]:
        """The keys of the letter pad."""
        return self._letters.findChildren(Button)

    def begin(self) -> None:
        """Put the cursor into the number."""
        self.number.line.setFocus()

    def press(self, key: str) -> bool:
        """A digit of the screen's pad, while a number is asked for; False once a voucher is shown."""
        if self.hit is None:
            self.number.insert(key)
        return self.hit is None

    def back(self) -> bool:
        """The pad's delete key, while a number is asked for."""
        if self.hit is None:
            self.number.line.setText(self.number.line.text()[:-1])
        return self.hit is None

    def confirm(self) -> bool:
        """Enter looks a typed number up; False when there is none, or it is shown already."""
        is_new = bool(self.number.text) and self.hit is None
        if is_new:
            self._look_up(self.number.text)
        return is_new

    def on_scan(self, code: str) -> bool:
        """Whether the scan was a voucher, which is shown now."""
        try:
            hits = self._desk.scan(code)
        except Refused:
            return False
        self._show_hits(hits)
        return True

    def _look_up(self, number: str) -> None:
        if self.message.attempt(lambda: self._desk.look_up(number), self._show_hits):
            return
        alike = self._desk.like(number)
        if alike is not None:
            face = Face(self._look.t("Did you mean {number}?").format(number=alike), "search")
            self.message.offer(face, lambda: self._look_up(alike))

    def _show_hits(self, hits: Sequence[VoucherHit]) -> None:
        self._clear()
        if not hits:
            return
        self.number.set_text(hits[0].standing.voucher.number)
        self._letters.hide()
        if len(hits) == 1:
            self._show_one(hits[0])
            return
        self.picks = VoucherPicks(self._look, hits)
        self.picks.picked.connect(self._show_one)
        self._found.addWidget(self.picks)
        self.picks.begin()

    def _show_one(self, hit: VoucherHit) -> None:
        self._clear()
        self.hit, self._order = hit, uuid.uuid4()
        self._found.addWidget(VoucherCard(self._look, hit))
        self.print_button.setVisible(self._has_printer)
        is_read = self.message.attempt(lambda: self._desk.uses(hit.standing.voucher.id), self._show_uses)
        if is_read and hit.refusal is not None:
            self.message.show_refusal(hit.refusal)

    def _show_uses(self, uses: Sequence[Movement]) -> None:
        if not uses:
            return
        self._found.addWidget(Text(self._look.t("Last used"), semibold(Size.BODY - 1), "muted"))
        for use in uses:
            self._found.addWidget(self._use(use))

    def _use(self, use: Movement) -> QFrame:
        t, formats = self._look.t, self._look.formats
        where = t("Till {till}").format(till=use.till_id)
        words = f"{formats.date_time(use.at)} · {where}"
        if use.receipt is not None:
            words += " · " + t("receipt {number}").format(number=use.receipt)
        amount = formats.money(use.amount)
        frame = QFrame()
        frame.setProperty("role", "row")
        self.uses.append(f"{words}: {amount}")
        frame.setAccessibleName(self.uses[-1])
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 6, 0, 6)
        row.addWidget(ShorteningText(words, font(Size.BODY)), 1)
        row.addWidget(Text(amount, semibold(Size.BODY), "accent" if use.amount > ZERO else ""))
        return frame

    def _clear(self) -> None:
        self.hit, self.picks, self.uses = None, None, []
        self.message.dismiss()
        self.print_button.hide()
        while (item := self._found.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()

    def _print(self) -> None:
        hit = self.hit
        if hit is not None:
            voucher_id, words = hit.standing.voucher.id, self._look.t("The balance is being printed.")
            self.message.insist(
                lambda: self._desk.print_slip(voucher_id, self._order), lambda _: self.message.tell(words)
            )

    def _toggle_letters(self) -> None:
        self._letters.setVisible(self._letters.isHidden())
        self.number.line.setFocus()

    def _connect(self) -> None:
        self.number.entered.connect(lambda _: self.confirm())
        self.number.edited.connect(self._clear)
        self.letters_button.clicked.connect(self._toggle_letters)
        self._letters.typed.connect(self.number.insert)
        self._letters.back_asked.connect(self.back)
        self._letters.digits_asked.connect(self._toggle_letters)
        self.print_button.clicked.connect(self._print)
        self.back_button.clicked.connect(self.dismissed)

    def _build(self) -> None:
        t = self._look.t
        asked = QHBoxLayout()
        asked.setSpacing(8)
        asked.addWidget(self.number, 1)
        asked.addWidget(self.letters_button.tall(56))
        self.letters_button.setVisible(self.number.takes_letters)
        inside = QWidget()
        inside.setProperty("role", "ground")
        listed = QVBoxLayout(inside)
        listed.setContentsMargins(0, 0, 0, 0)
        listed.setSpacing(8)
        self._found.setSpacing(8)
        listed.addLayout(self._found)
        listed.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignLeft)
        buttons.addStretch(1)
        buttons.addWidget(self.print_button)
        self.setMaximumWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Text(t("What is on this voucher"), bold(Size.TITLE)))
        column.addWidget(Text(t("Scan a voucher or type its number"), semibold(Size.BODY - 1), "muted"))
        column.addLayout(asked)
        column.addWidget(self.message)
        column.addWidget(self._letters)
        column.addWidget(scroll_area(inside), 1)
        column.addLayout(buttons)
        self._letters.hide()
        self.print_button.hide()
