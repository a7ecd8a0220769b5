"""The menu: closing the till, language, theme, size of the buttons, and what is running here."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, Signal, qVersion
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from till import __version__
from till.app.bootstrap import Till
from till.money import Money
from till.sales.parked import Parked
from till.ui.entry import Entry
from till.ui.fonts import bold, font, semibold
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.message import Message, once
from till.ui.sale.parked_panel import shown_name
from till.ui.theme import Size, ThemeName
from till.ui.widgets.amount_field import FIELD_HEIGHT, AmountField
from till.ui.widgets.button import Arrangement, Button, Face, Kind, primary_button
from till.ui.widgets.keypad import KeyPad, PadKey
from till.ui.widgets.text import Text

_DENSITIES = (48, 56, 64)
_CARD_WIDTH = 480
_SHOWN_PARKED = 4


class MenuPage(QWidget):
    """`language_chosen` ("de"), `theme_chosen` (ThemeName), `density_chosen` (px), `left`, `help_asked`."""

    language_chosen = Signal(str)
    theme_chosen = Signal(object)
    density_chosen = Signal(int)
    left = Signal()
    help_asked = Signal()

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__()
        self._look, self._till = look, till
        self._entry = Entry(has_decimal_key=look.has_decimal_key)
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.message = Message(look, till.cash)
        self.counted = AmountField(look, look.t("Counted in the drawer"))
        self.counted.set_active(True)
        self._expected = Text("", bold(Size.TITLE)).right()
        self.parked = Text("", font(Size.BODY), "accent").wrapped()
        self.close_button = primary_button(look, Face(look.t("Close the till")))
        self._build()

    def begin(self) -> None:
        """Show the figures of now."""
        self.message.clear()
        self._set_entry(self._entry.cleared())
        self._show_shift()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits are the counted cash."""
        text = event.text()
        if text.isdigit() and text.isascii():
            self._press(text)
        elif text in {",", "."} and text:
            self._press(",")
        elif event.key() == Qt.Key.Key_Backspace:
            self._acted("back")
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            event.ignore()

    def _press(self, key: str) -> None:
        self._set_entry(self._entry.pressed(key))

    def _acted(self, key_id: str) -> None:
        self._set_entry(self._entry.shortened() if key_id == "back" else self._entry.cleared())

    def _set_entry(self, entry: Entry) -> None:
        self._entry = entry
        shown = entry.shown_money(self._look.formats) if entry else self._look.t("not counted")
        self.counted.show_figure(shown, is_typed=bool(entry))

    def _show_shift(self) -> None:
        is_open = self._till.cash.is_open
        self.close_button.setEnabled(is_open)
        self._expected.setText("–")
        self.parked.hide()
        if is_open:
            self.message.insist(lambda: (self._till.cash.shown_cash(), self._till.sale.parked()), self._show_figures)

    def _show_figures(self, figures: tuple[Money | None, tuple[Parked, ...]]) -> None:
        cash, baskets = figures
        self._show_cash(cash)
        if baskets:
            self._show_parked(baskets)

    def _show_parked(self, baskets: tuple[Parked, ...]) -> None:
        """What waits stays for the next shift; the Z does not count it (T5)."""
        names = [shown_name(self._look, one) for one in baskets[:_SHOWN_PARKED]]
        if len(baskets) > _SHOWN_PARKED:
            names.append("…")
        words = self._look.t.plural(
            "{count} parked basket waits and counts in the Z of the day on which it is paid: {names}",
            "{count} parked baskets wait and count in the Z of the day on which they are paid: {names}",
            len(baskets),
        )
        self.parked.setText(words.format(count=len(baskets), names=", ".join(names)))
        self.parked.show()

    def _show_cash(self, cash: Money | None) -> None:
        """A shop that counts blind hears it only after the count."""
        formats = self._look.formats
        self._expected.setText(self._look.t("after the count") if cash is None else formats.money(cash))

    def _close_shift(self) -> None:
        counted: list[Money] = []
        if self._entry and not self.message.attempt(lambda: counted.append(self._entry.money())):
            return
        amount = counted[0] if counted else None
        cash = self._till.cash
        closing = once(lambda: cash.close_shift(amount), lambda: not cash.is_open)
        self.message.insist(closing, lambda _: self._tell_closed())

    def _tell_closed(self) -> None:
        self.begin()
        self.message.tell(self._look.t("The till is closed. The Z report is being printed."))

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("role", "ground")
        grid = QGridLayout(inside)
        grid.setContentsMargins(16, 16, 16, 16)
        grid.setSpacing(16)
        grid.addWidget(self._shift_card(), 0, 0, 2, 1)
        grid.addWidget(self._screen_card(), 0, 1)
        grid.addWidget(self._about_card(), 1, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(2, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)

    def _shift_card(self) -> QFrame:
        t = self._look.t
        card, column = _card(t("Close the till (Z)"))
        says = t("Count the drawer and type the amount. Closing books a difference and prints the Z report.")
        column.addWidget(Text(says, font(Size.BODY), "muted").wrapped())
        row = QHBoxLayout()
        row.addWidget(Text(t("Cash by the books"), font(Size.BODY), "muted"))
        row.addWidget(self._expected, 1)
        column.addLayout(row)
        column.addWidget(self.parked)
        column.addWidget(self.counted)
        back = PadKey("back", Face(icon="backspace", name=t("Delete the last key")))
        pad = KeyPad(self._look, (back, PadKey("clear", Face("C", name=t("Clear")))))
        pad.typed.connect(self._press)
        pad.acted.connect(self._acted)
        column.addWidget(pad)
        column.addWidget(self.message)
        column.addWidget(self.close_button.in_type(semibold(Size.TITLE)).tall(FIELD_HEIGHT))
        self.close_button.clicked.connect(self._close_shift)
        column.addStretch(1)
        return card

    def _screen_card(self) -> QFrame:
        t, look = self._look.t, self._look
        card, column = _card(t("Screen"))
        languages = [("Deutsch", "de"), ("English", "en")]
        themes = [(t("Light"), ThemeName.LIGHT, "sun"), (t("Dark"), ThemeName.DARK, "moon")]
        column.addWidget(Text(t("Language"), semibold(Size.BODY - 1), "muted"))
        column.addLayout(
            _choices(
                self._choice(Face(name), look.t.language == code, lambda code=code: self.language_chosen.emit(code))
                for name, code in languages
            )
        )
        column.addWidget(Text(t("Theme"), semibold(Size.BODY - 1), "muted"))
        column.addLayout(
            _choices(
                self._choice(
                    Face(name, icon), look.palette.name is theme, lambda theme=theme: self.theme_chosen.emit(theme)
                )
                for name, theme, icon in themes
            )
        )
        column.addWidget(Text(t("Size of the buttons"), semibold(Size.BODY - 1), "muted"))
        column.addLayout(
            _choices(
                self._choice(Face(str(size)), look.target_px == size, lambda size=size: self.density_chosen.emit(size))
                for size in _DENSITIES
            )
        )
        return card

    def _choice(self, face: Face, is_chosen: bool, act: object) -> Button:  # noqa: FBT001 - chosen or not
        button = Button(self._look, face, Kind.PLAIN).arranged(Arrangement.CENTRED)
        button.setCheckable(True)
        button.setChecked(is_chosen)
        button.clicked.connect(act)
        return button

    def _about_card(self) -> QFrame:
        t = self._look.t
        card, column = _card(t("About Till"))
        grid = QGridLayout()
        grid.setVerticalSpacing(4)
        for row, (name, version) in enumerate(versions(self._till)):
            grid.addWidget(Text(name, font(Size.BODY), "muted"), row, 0)
            grid.addWidget(Text(version, font(Size.BODY)).right(), row, 1)
        column.addLayout(grid)
        keys = Button(self._look, Face(t("Keys"), "keyboard", key=self._look.key_of(Action.HELP))).arranged(
            Arrangement.SPREAD
        )
        keys.clicked.connect(self.help_asked)
        back = Button(self._look, Face(t("Back to the sale"), "arrow-left", key="Esc")).arranged(Arrangement.SPREAD)
        back.clicked.connect(self.left)
        column.addWidget(keys)
        column.addWidget(back)
        return card


def versions(till: Till) -> tuple[tuple[str, str], ...]:
    """What runs here, for a call to the support."""
    return (
        ("Till", f"{__version__} · {till.settings.till_id}"),
        ("SQLite", _sqlite_version(till)),
        ("Qt", qVersion()),
        ("Python", platform.python_version()),
    )


def _sqlite_version(till: Till) -> str:
    """The version of the SQLite library that the database really uses; a dash on PostgreSQL."""
    return str(getattr(till.workplace.database.engine.dialect.dbapi, "sqlite_version", "–"))


def _choices(buttons: object) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    for button in buttons:  # type: ignore[attr-defined]
        row.addWidget(button, 1)
    return row


def _card(title: str) -> tuple[QFrame, QVBoxLayout]:
    card = QFrame()
    card.setProperty("role", "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(20, 16, 20, 20)
    column.setSpacing(10)
    column.addWidget(Text(title, bold(Size.TITLE)))
    return card, column
