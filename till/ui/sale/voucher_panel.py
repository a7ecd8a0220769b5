"""What a voucher needs to be told, in the place of the articles: its number, its price, the buyer's words (V20 to V22)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from till.app.selling import SaleDesk
from till.app.views import VoucherAsk, VoucherWish
from till.app.voucher_sale import ScannedNumber
from till.errors import Refused, Unavailable
from till.i18n import msg
from till.money import Money
from till.ui.entry import COMMA, Entry
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.message import Message, Tone
from till.ui.sale.asked_line import AskedLine
from till.ui.theme import SMALL_TARGET, Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind, icon_button, primary_button
from till.ui.widgets.chip import Chip, ChipFace
from till.ui.widgets.keyboard_key import keyboard_key
from till.ui.widgets.letters import LetterPad
from till.ui.widgets.text import ShorteningText, Text
from till.vouchers.wording import checked_text

PRICE_WANTED = msg("Type what the customer pays.")
PRICE_OR_NOTHING = msg("Type what the customer pays; 0 if it is given away.")
_WIDTH = 680


@dataclass(frozen=True, slots=True)
class Asked:
    """What the panel asks; with `line_id` a voucher in the basket gets another `number` or other words (`text`)."""

    ask: VoucherAsk
    line_id: int | None = None
    number: str = ""
    text: str = ""


class VoucherPanel(QWidget):
    """Asks for one voucher after the other and puts each into the basket.

    The basket stays usable beside it. `ended` when the last one is in, or none more is wanted.
    """

    ended = Signal()

    def __init__(self, look: Look, desk: SaleDesk, asked: Asked) -> None:
        super().__init__()
        self._look, self._desk, self._asked, self._done = look, desk, asked, 0
        t = look.t
        self.number = AskedLine(look, t("Number on the voucher: scan it or type it"), "scan")
        self.price = AskedLine(look, t("What the customer pays"), "cash-banknote")
        self.text = AskedLine(look, t("Words on the voucher (may stay empty)"), "note", is_big=False)
        self.message = Message(look)
        self.letters_button = icon_button(look, "keyboard", t("Letters"), kind=Kind.PLAIN)
        self.confirm_button = primary_button(look, self._confirm_face())
        self.cancel_button = Button(look, Face(t("Cancel"), key="Esc"))
        self.words_button = keyboard_key(look, self.text.line)
        self._letters = LetterPad(look)
        self._counter = Chip(look, ChipFace("", tone="calm"))
        self._active = self._fields[0]
        self._build()
        self._connect()
        self._show_part()

    @property
    def ask(self) -> VoucherAsk:
        """What is asked for."""
        return self._asked.ask

    @property
    def letter_keys(self) -> list[Button]:
        """The keys of the letter pad."""
        return self._letters.findChildren(Button)

    @property
    def progress(self) -> str:
        """Which of several vouchers it is; empty for a single one."""
        return self._counter.text if not self._counter.isHidden() else ""

    def begin(self) -> None:
        """Put the cursor into the first field that has to be filled."""
        self._active.begin()

    def press(self, key: str) -> None:
        """A digit or the comma of the screen's pad, into the field that is typed into."""
        self._active.press(key if self._look.t.language == "de" else key.replace(COMMA, "."))

    def back(self) -> None:
        """The pad's delete key."""
        self._active.back()

    def on_scan(self, code: str) -> bool | None:
        """A scan fills and confirms the number (V21): whether it was taken; None where no number is asked."""
        if not self._asks_number:
            return None
        self.number.set_text(code.strip())
        return self.number.attempt(lambda: self._desk.scanned_number(self.ask, code), self._take_scan)

    def confirm(self) -> None:
        """Check every answer, the first wrong one says so at its place; then the voucher is in the basket."""
        if self._asks_number and not self._number_is_right():
            return
        if self.ask.asks_price and not self.price.text.strip():
            self._ask_price()
            return
        found: list[Money | None] = [None]
        if self.ask.asks_price and not self.price.attempt(self._price, found.append):
            return
        self._put(found[-1])

    def _put(self, price: Money | None) -> None:
        line_id, number, text = self._asked.line_id, self.number.text, self.text.text
        if not self.text.attempt(lambda: checked_text(text), lambda _: None):
            return
        if line_id is not None:
            self.message.attempt(lambda: self._desk.set_voucher(line_id, number, text), lambda _: self.ended.emit())
            return
        count = 1 if self.ask.asks_number else self.ask.count
        wish = VoucherWish(self.ask.type_id, number, price, text, count)
        self.message.attempt(lambda: self._desk.sell_voucher(wish), lambda _: self._next())

    def _next(self) -> None:
        """Each of several has its own number; price and words are offered again."""
        self._done += 1
        if not self.ask.asks_number or self._done >= self.ask.count:
            self.ended.emit()
            return
        self.number.set_text("")
        self._show_part()
        self.number.begin()

    def _number_is_right(self) -> bool:
        typed, line_id = self.number.text, self._asked.line_id
        return self.number.attempt(
            lambda: self._desk.voucher_number(self.ask.type_id, typed, line_id), self.number.set_text
        )

    def _take_scan(self, scanned: ScannedNumber) -> None:
        self.number.set_text(scanned.number)
        if scanned.doubt is not None:
            self.number.message.tell(self._look.formats.sentence(scanned.doubt), Tone.WARN)
            self.number.begin()
            return
        self._go_on()

    def _go_on(self) -> None:
        """The number is there: to the price if it is still missing, else it is sold."""
        if self.ask.asks_price and not self.price.text.strip():
            if self._number_is_right():
                self.price.begin()
            return
        self.confirm()

    def _ask_price(self) -> None:
        wanted = PRICE_OR_NOTHING if self.ask.may_be_free else PRICE_WANTED
        self.price.message.refuse(Refused(wanted))
        self.price.begin()

    def _price(self) -> Money:
        """The typed price, if the type can be sold for it."""
        typed = self.price.text.strip().removesuffix("€").strip().replace(".", COMMA)
        price = Entry(typed, has_decimal_key=self._look.has_decimal_key).money()
        self._desk.voucher_worth(self.ask.type_id, price)
        return price

    def _show_worth(self) -> None:
        """What it will be worth, where that is not what it costs (V7, V11)."""
        words = ""
        if self.price.text.strip():
            try:
                price = self._price()
                face = self._desk.voucher_worth(self.ask.type_id, price).face
                if face != price:
                    words = self._look.t("worth {amount}").format(amount=self._look.formats.money(face))
            except (Refused, Unavailable):
                words = ""
        self.price.beside.setText(words)

    @property
    def _asks_number(self) -> bool:
        return self.ask.asks_number and (self._asked.line_id is None or bool(self._asked.number))

    @property
    def _fields(self) -> list[AskedLine]:
        wanted = ((self.number, self._asks_number), (self.price, self.ask.asks_price), (self.text, True))
        return [field for field, is_asked in wanted if is_asked]

    def _confirm_face(self) -> Face:
        t = self._look.t
        return Face(t("Apply") if self._asked.line_id is not None else t("Into the basket"), key="Enter")

    def _show_part(self) -> None:
        t, count = self._look.t, self.ask.count
        self._counter.setVisible(count > 1)
        if self.ask.asks_number:
            words = t("{place} of {count}").format(place=self._done + 1, count=count)
        else:
            words = t.plural("{count} voucher", "{count} vouchers", count).format(count=count)
        self._counter.set_face(ChipFace(words, tone="calm"))

    def _note_active(self, field: AskedLine) -> None:
        self._active = field

    def _toggle_letters(self) -> None:
        """Letters take the place of the other fields, so that all of it is seen on a small screen."""
        is_shown = self._letters.isHidden()
        self._letters.setVisible(is_shown)
        self.price.setVisible(self.ask.asks_price and not is_shown)
        self.text.setVisible(not is_shown)
        self._does.setVisible(not is_shown or self._look.target_px <= SMALL_TARGET)
        self.number.line.setFocus()

    def _connect(self) -> None:
        self.number.entered.connect(self._go_on)
        self.price.entered.connect(self.confirm)
        self.text.entered.connect(self.confirm)
        self.price.edited.connect(self._show_worth)
        for field in (self.number, self.price, self.text):
            field.focused.connect(lambda field=field: self._note_active(field))
        self.letters_button.clicked.connect(self._toggle_letters)
        self._letters.typed.connect(self.number.press)
        self._letters.back_asked.connect(self.number.back)
        self._letters.digits_asked.connect(self._toggle_letters)
        self.confirm_button.clicked.connect(self.confirm)
        self.cancel_button.clicked.connect(self.ended)

    def _build(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(_WIDTH)
        inside = QVBoxLayout(card)
        inside.setContentsMargins(24, 16, 24, 16)
        inside.setSpacing(12)
        inside.addLayout(self._head())
        self.number.put_beside(self.letters_button)
        self.text.put_beside(self.words_button)
        inside.addWidget(self.number)
        inside.addWidget(self.price)
        inside.addWidget(self.text)
        inside.addWidget(self._letters)
        inside.addWidget(self.message)
        inside.addLayout(self._buttons())
        self.number.setVisible(self._asks_number)
        self.price.setVisible(self.ask.asks_price)
        self._letters.hide()
        self.number.set_text(self._asked.number)
        self.text.set_text(self._asked.text)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card, 40)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addStretch(1)

    def _head(self) -> QVBoxLayout:
        t = self._look.t
        does = t("Change a voucher in the basket") if self._asked.line_id is not None else t("Sell a voucher")
        top = QHBoxLayout()
        self._does = Text(does, font(Size.BODY), "muted")
        top.addWidget(self._does, 1)
        top.addWidget(self._counter)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addLayout(top)
        head.addWidget(ShorteningText(self.ask.name, bold(Size.FIELD)))
        return head

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.cancel_button.tall(56), 1)
        row.addWidget(self.confirm_button.arranged(Arrangement.SPREAD, padding=20).tall(56), 2)
        return row
