"""The first step of closing: count the drawer by coin and note, or type one sum; blind where the shop wants it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from till.errors import Refused
from till.money import Money
from till.shifts.count import CountDraft, Counted
from till.ui.entry import Entry
from till.ui.fonts import bold, font, semibold
from till.ui.look import Look
from till.ui.message import Message
from till.ui.shift.count_grid import CountGrid
from till.ui.shift.page import card
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.amount_field import AmountField
from till.ui.widgets.button import Button, Face, Kind, primary_button
from till.ui.widgets.choices import Choices
from till.ui.widgets.figure import Figure
from till.ui.widgets.keypad import KeyPad, PadKey
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import Text

_SIDE_WIDTH = 296


class CountStep(QWidget):
    """`edited` with the CountDraft; `refused` (Refused); `compare_asked`; `skip_asked` to close without a count."""

    edited = Signal(object)
    refused = Signal(object)
    compare_asked = Signal()
    skip_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._draft = CountDraft()
        t = look.t
        self.modes = Choices(
            look, ((True, Face(t("Coins and notes"), "coins")), (False, Face(t("One sum"), "calculator")))
        )
        self.grid = CountGrid(look)
        self.sum = AmountField(look, t("Counted in the drawer"))
        self.sum.set_active(True)
        self.total = Figure(t("Counted"), Size.TOTAL)
        self._target = Text("", font(Size.BODY), "muted").wrapped()
        self.compare_button = primary_button(look, Face(t("Compare"))).tall(PAY_HEIGHT)
        self.skip_button = Button(look, Face(t("Close without a count")), Kind.GHOST)
        self._build()
        self.modes.chosen.connect(self._choose_mode)
        self.grid.edited.connect(self._keep)
        self.grid.refused.connect(self.refused)
        self.compare_button.clicked.connect(self.compare_asked)
        self.skip_button.clicked.connect(self.skip_asked)

    def show_draft(self, draft: CountDraft) -> None:
        """Show what was counted so far."""
        self._draft = draft
        self.modes.show_chosen(draft.by_pieces)
        self._pages.setCurrentIndex(0 if draft.by_pieces else 1)
        self.grid.show_draft(draft)
        self._show_total()

    def show_target(self, target: Money | None) -> None:
        """Say what the books say; where the shop counts blind only that it comes later."""
        t = self._look.t
        if target is None:
            self._target.setText(t("What should be there is shown after the count."))
        else:
            self._target.setText(t("By the books: {amount}").format(amount=self._look.formats.money(target)))

    def set_open(self, *, is_open: bool) -> None:
        """A closed till can't be closed."""
        self.compare_button.setEnabled(is_open)
        self.skip_button.setEnabled(is_open)
        if not is_open:
            self._target.setText("")

    def counted(self) -> Counted | None:
        """What was counted; None where nothing was typed. Refused where the sum is none."""
        if not self._draft:
            return None
        return self._draft.protocol() if self._draft.by_pieces else self._entry().money()

    def press(self, key: str) -> None:
        """A digit of the number or of the sum."""
        if self._draft.by_pieces:
            self.grid.press(key)
        else:
            self._type(self._entry().pressed(key))

    def act_on(self, key_id: str) -> None:
        """Correct what is typed; "next" goes to the next coin or note."""
        if key_id == "next":
            self.enter()
        elif self._draft.by_pieces:
            self.grid.act_on(key_id)
        else:
            self._type(self._entry().shortened() if key_id == "back" else self._entry().cleared())

    def enter(self) -> None:
        """Go to the next coin or note."""
        if self._draft.by_pieces:
            self.grid.walk(1)

    def place_message(self, message: Message) -> None:
        """Say what is to say above the button that asks for it."""
        self._side.removeWidget(message)
        self._side.insertWidget(self._side.indexOf(self.compare_button), message)

    def _choose_mode(self, by_pieces: bool) -> None:  # noqa: FBT001 - a signal's slot
        self._keep(replace(self._draft, by_pieces=by_pieces))
        self.show_draft(self._draft)

    def _entry(self) -> Entry:
        return Entry(self._draft.typed, has_decimal_key=self._look.has_decimal_key)

    def _type(self, entry: Entry) -> None:
        self._keep(replace(self._draft, typed=entry.typed))

    def _keep(self, draft: CountDraft) -> None:
        """The grid knows of the pieces only."""
        self._draft = replace(self._draft, by_pieces=draft.by_pieces, pieces=draft.pieces, typed=draft.typed)
        self.grid.draft = self._draft
        self._show_total()
        self.edited.emit(self._draft)

    def _show_total(self) -> None:
        formats, entry = self._look.formats, self._entry()
        shown = entry.shown_money(formats) if entry else self._look.t("not counted")
        self.sum.show_figure(shown, is_typed=bool(entry))
        try:
            counted = self.counted()
        except Refused:
            counted = None
        amount = counted if counted is None or isinstance(counted, Money) else counted.total
        self.total.show_amount("–" if amount is None else formats.money(amount), _SIDE_WIDTH - 40)

    def _build(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._built_count(), 1)
        row.addWidget(self._built_side())

    def _built_count(self) -> QWidget:
        frame, column = card()
        column.addWidget(self.modes)
        by_sum = QWidget()
        inside = QVBoxLayout(by_sum)
        inside.setContentsMargins(0, 24, 0, 0)
        inside.setSpacing(16)
        says = self._look.t("Type what lies in the drawer, notes and coins together.")
        inside.addWidget(Text(says, font(Size.BODY), "muted").wrapped())
        inside.addWidget(self.sum)
        inside.addStretch(1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.grid)
        self._pages.addWidget(by_sum)
        column.addWidget(self._pages, 1)
        return frame

    def _built_side(self) -> QWidget:
        t = self._look.t
        frame, self._side = card()
        back = PadKey("back", Face(icon="backspace", name=t("Delete the last key")))
        clear = PadKey("clear", Face("C", name=t("Clear")))
        forth = PadKey("next", Face(icon="arrow-right", name=t("The next coin or note")))
        pad = KeyPad(self._look, (back, clear, forth))
        pad.typed.connect(self.press)
        pad.acted.connect(self.act_on)
        self._side.addWidget(self._target)
        self._side.addWidget(self.total)
        self._side.addStretch(1)
        self._side.addWidget(pad)
        self._side.addWidget(self.compare_button)
        self._side.addWidget(self.skip_button.in_type(semibold(Size.BODY - 1)))
        self.compare_button.in_type(bold(Size.KEY))
        area = scroll_area(frame)
        area.setFixedWidth(_SIDE_WIDTH)
        return area
