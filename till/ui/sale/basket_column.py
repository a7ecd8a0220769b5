"""The left column of the sale screen: basket, refusal, total or question, number pad, Pay. It never moves."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout

from till.app.views import SaleState
from till.ui.entry import Entry
from till.ui.fonts import bold
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.message import Message
from till.ui.sale.basket_list import BasketList
from till.ui.sale.prompt import Ask, Prompt, PromptBox
from till.ui.sale.sums import SUMS_HEIGHT, Sums
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind, icon_button, primary_button
from till.ui.widgets.keypad import KeyPad, PadKey
from till.ui.widgets.text import Text

QUANTITY, DISCOUNT, PRICE, BACK = "quantity", "discount", "price", "back"
_HEADER_HEIGHT = 48


class BasketColumn(QFrame):
    """Shows the sale; its signals say which button was pressed."""

    note_asked = Signal()
    undo_asked = Signal()
    parked_asked = Signal()
    pay_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._state: SaleState | None = None
        self._prompt: Prompt | None = None
        self._is_asking = False
        self.setProperty("role", "column")
        self.basket = BasketList(look)
        self.message = Message(look)
        self.sums = Sums(look)
        self.prompt_box = PromptBox(look)
        self.pad = KeyPad(look, self._pad_keys())
        self.pay = primary_button(look, Face(look.t("Pay")))
        self.pay.arranged(Arrangement.SPREAD, padding=20).tall(PAY_HEIGHT)
        self.pay.clicked.connect(self.pay_asked)
        self._block = QStackedWidget()
        self._build()

    def show_state(self, state: SaleState, *, is_open: bool) -> None:
        """Show the basket and its figures; paying needs lines and an open till."""
        self._state = state
        if self.basket.lines.rowCount() or state.priced.lines:
            self.basket.show_lines(state.priced.lines, state.touched)
        self.sums.show_basket(state.priced)
        self._undo.setEnabled(state.can_undo)
        self._show_parked(state.parked)
        self._enable_pay(is_open=is_open)
        self._show_pay()

    def show_entry(self, entry: Entry) -> None:
        """Show what is typed, in the question or in the place of the word Total."""
        if self._prompt is None:
            self.sums.show_typed(entry.typed)
        else:
            self.prompt_box.show_prompt(self._prompt, entry)

    def show_prompt(self, prompt: Prompt | None, *, is_open: bool) -> None:
        """Ask `prompt`, or go back to the total; the keys of the pad and Pay follow."""
        self._prompt = prompt
        self._block.setCurrentWidget(self.sums if prompt is None else self.prompt_box)
        if prompt is not None:
            self.set_folded(False)
        for key_id, face, kind in self._faces(prompt):
            key = self.pad.key(key_id)
            key.set_face(face)
            key.set_kind(kind)
            key.setVisible(bool(face.text))
        self._enable_pay(is_open=is_open)
        self._show_pay()

    def show_asking(self, is_asking: bool, *, is_open: bool) -> None:  # noqa: FBT001 - a Qt-like setter
        """A question is open in the place of the articles: Pay answers it."""
        self._is_asking = is_asking
        self._enable_pay(is_open=is_open)
        self._show_pay()

    def set_folded(self, is_folded: bool) -> None:  # noqa: FBT001 - a Qt-like setter
        """Fold the number pad away: ten lines are seen instead of six (U1)."""
        self.pad.setVisible(not is_folded)
        t = self._look.t
        face = Face(
            icon="chevron-up" if is_folded else "chevron-down",
            name=t("Show the pad") if is_folded else t("Fold the pad"),
        )
        self._fold.set_face(face)

    def _show_parked(self, count: int) -> None:
        """The badge: how many baskets wait; without any it is not there."""
        says = self._look.t.plural("{count} parked basket", "{count} parked baskets", count).format(count=count)
        self.parked.set_face(Face(str(count), "player-pause", key=self._look.key_of(Action.PARKED), name=says))
        self.parked.setVisible(count > 0)

    def _enable_pay(self, *, is_open: bool) -> None:
        has_lines = self._state is not None and bool(self._state.priced.lines)
        self.pay.setEnabled(self._prompt is not None or self._is_asking or (has_lines and is_open))

    def _show_pay(self) -> None:
        t, state = self._look.t, self._state
        if self._prompt is not None or self._is_asking:
            self.pay.set_face(Face(t("Apply"), key="Enter"))
        elif state is None or not state.priced.lines:
            self.pay.set_face(Face(t("Pay"), key=self._look.key_of(Action.PAY)))
        else:
            self.pay.set_face(Face(t("Pay"), trailing=self._look.formats.money(state.priced.total)))

    def _pad_keys(self) -> tuple[PadKey, ...]:
        t = self._look.t
        keys = tuple(PadKey(key_id, face, kind) for key_id, face, kind in self._faces(None))
        return (*keys, PadKey(BACK, Face(icon="backspace", name=t("Delete the last key"))))

    def _faces(self, prompt: Prompt | None) -> tuple[tuple[str, Face, Kind], ...]:
        t = self._look.t
        if prompt is None:
            return (
                (QUANTITY, Face(t("Quantity")), Kind.SOFT),
                (DISCOUNT, Face(t("Discount %")), Kind.ACTION),
                (PRICE, Face(t("Price")), Kind.ACTION),
            )
        is_percent = prompt.ask is Ask.PERCENT
        return (
            (QUANTITY, Face("%" if prompt.switches else ""), Kind.SOFT if is_percent else Kind.ACTION),
            (DISCOUNT, Face("€" if prompt.switches else ""), Kind.ACTION if is_percent else Kind.SOFT),
            (PRICE, Face(t("Cancel")), Kind.ACTION),
        )

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 1, 0)
        column.setSpacing(0)
        column.addWidget(self._header())
        column.addWidget(self.basket, 1)
        column.addLayout(_inset(self.message))
        self._block.setFixedHeight(SUMS_HEIGHT)
        self._block.addWidget(self.sums)
        self._block.addWidget(self.prompt_box)
        column.addWidget(self._block)
        column.addLayout(_inset(self.pad, bottom=8))
        column.addLayout(_inset(self.pay, bottom=12))

    def _header(self) -> QFrame:
        t = self._look.t
        header = QFrame()
        header.setProperty("role", "header")
        header.setFixedHeight(max(_HEADER_HEIGHT, self._look.target_px))
        row = QHBoxLayout(header)
        row.setContentsMargins(16, 0, 0, 1)
        row.setSpacing(0)
        self._note = icon_button(self._look, "note", t("Note on the selected line"))
        self._undo = icon_button(self._look, "arrow-back-up", t("Undo"), key=self._look.key_of(Action.UNDO))
        self._fold = Button(self._look, Face(icon="chevron-down", name=t("Fold the pad")), Kind.GHOST)
        self._note.clicked.connect(self.note_asked)
        self._undo.clicked.connect(self.undo_asked)
        self._fold.clicked.connect(lambda: self.set_folded(not self.pad.isHidden()))
        self.parked = Button(self._look, Face("0", "player-pause", name=t("Parked baskets")), Kind.SOFT)
        self.parked.clicked.connect(self.parked_asked)
        self.parked.hide()
        row.addWidget(Text(t("Basket"), bold(Size.BODY)), 1)
        for button in (self.parked, self._note, self._undo, self._fold):
            button.arranged(Arrangement.CENTRED, padding=12)
            row.addWidget(button)
        return header


def _inset(widget: QFrame | KeyPad | Button | Message, bottom: int = 0) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(12, 0, 12, bottom)
    row.addWidget(widget)
    return row
