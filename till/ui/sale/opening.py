"""In the morning: the till is closed; count the float, by coin and note if one likes, and open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from till.app.cash import CashDesk
from till.money import Money
from till.ui import icons
from till.ui.entry import Entry
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.message import Message
from till.ui.theme import PAY_HEIGHT, Size
from till.ui.widgets.amount_field import AmountField
from till.ui.widgets.button import Arrangement, Button, Face, Kind, primary_button
from till.ui.widgets.text import Text

if TYPE_CHECKING:
    from till.ui.shift.count_grid import CountGrid


class OpeningPanel(QWidget):
    """Asks for the opening float; `opened` with the amount (Money).

    While it is counted by coin and note, digits go to the active one; `typing_ended` when another one is active, so that
    what is typed next begins anew.
    """

    opened = Signal(object)
    typing_ended = Signal()

    def __init__(self, look: Look, suggested: Money, cash: CashDesk) -> None:
        super().__init__()
        self._look = look
        self._suggested = suggested
        self._has_typed = False
        self._entry = Entry(has_decimal_key=look.has_decimal_key)
        self._grid: CountGrid | None = None
        self._field = AmountField(look, look.t("Cash in the drawer"))
        self._field.set_active(True)
        self.message = Message(look, cash)
        self._button = primary_button(look, Face(look.t("Open the till"), key="Enter"))
        self._button.arranged(Arrangement.SPREAD, padding=20).tall(PAY_HEIGHT)
        self._button.clicked.connect(self.confirm)
        self.pieces_button = Button(look, Face(look.t("Count coins and notes"), "coins"), Kind.GHOST)
        self.pieces_button.clicked.connect(self.count_by_pieces)
        self._build()
        self.show_entry(self._entry)

    @property
    def shown(self) -> str:
        """The float as it stands in the field."""
        return self._field.shown

    def count_by_pieces(self) -> None:
        """Count coin by coin instead of typing one sum."""
        from till.ui.shift.count_grid import CountGrid

        if self._grid is None:
            self._grid = CountGrid(self._look, has_sums=False)
            self._grid.edited.connect(lambda _draft: self._show_total())
            self._grid.activated.connect(self._begin_number)
            self._grid.refused.connect(self.message.refuse)
            self._inside.insertWidget(self._inside.indexOf(self._field), self._grid)
        for part in (*self._sparse, self._field, self.pieces_button):
            part.hide()
        self._begin_number()
        self._show_total()

    @property
    def grid(self) -> CountGrid | None:
        """The coins and notes, once they are asked for."""
        return self._grid

    def show_entry(self, entry: Entry) -> None:
        """Show what is typed; nothing typed leaves the suggested float."""
        if self._grid is not None:
            self._show_number(self._grid, entry)
            return
        self._entry = entry
        shown = entry.shown_money(self._look.formats) if entry else self._look.formats.money(self._suggested)
        self._field.show_figure(shown, is_typed=bool(entry))

    def confirm(self) -> None:
        """Send the typed float, or the suggested one."""
        self.message.attempt(self._amount, self.opened.emit)

    def _show_number(self, grid: CountGrid, entry: Entry) -> None:
        """The pad says all that is typed of a number; nothing typed yet leaves the one that is there."""
        if entry.typed.isdigit():
            self._has_typed = True
            grid.set_number(int(entry.typed))
        elif not entry and self._has_typed:
            grid.set_number(None)

    def _begin_number(self) -> None:
        self._has_typed = False
        self.typing_ended.emit()

    def _show_total(self) -> None:
        """What was counted so far; nothing counted leaves the suggested float."""
        shown = self._look.formats.money(self._amount())
        self._field.show_figure(shown, is_typed=True)
        self._button.set_face(Face(self._look.t("Open the till"), trailing=shown))

    def _amount(self) -> Money:
        if self._grid is not None and self._grid.draft:
            return self._grid.draft.protocol().total
        return self._entry.money() if self._entry else self._suggested

    def _build(self) -> None:
        t = self._look.t
        card = QFrame()
        card.setProperty("role", "card")
        card.setMaximumWidth(560)
        self._inside = inside = QVBoxLayout(card)
        inside.setContentsMargins(24, 20, 24, 20)
        inside.setSpacing(12)
        mark = QLabel()
        mark.setPixmap(icons.pixmap("cash-register", self._look.palette.accent, 40, self.devicePixelRatioF()))
        says = t("Count the cash in the drawer, type it if it differs, and open the till.")
        explained = Text(says, font(Size.BODY), "muted").wrapped()
        self._sparse: tuple[QWidget, ...] = (mark, explained)
        inside.addWidget(mark)
        inside.addWidget(Text(t("The till is closed"), bold(24)))
        inside.addWidget(explained)
        inside.addWidget(self._field)
        inside.addWidget(self.message)
        inside.addWidget(self._button)
        inside.addWidget(self.pieces_button)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(card, 40)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addStretch(2)
        column.addLayout(row)
        column.addStretch(3)
