"""The menu: where one goes from the sale, how the screen looks and speaks, and what is running here."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, Signal, qVersion
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from till import __version__
from till.app.bootstrap import Till
from till.i18n import msg
from till.ui.fonts import bold, font, semibold
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.main.menu_tile import MenuTile
from till.ui.message import Message
from till.ui.theme import Size, ThemeName
from till.ui.widgets.button import Arrangement, Button, Face, Kind
from till.ui.widgets.text import Text

_DENSITIES = (48, 56, 64)
_TILES = (
    (Action.CASH_IN_OUT, "cash", msg("Cash in and out"), msg("Change, expenses, private, to the bank")),
    (Action.X_REPORT, "report-money", msg("X report"), msg("The figures of the day so far")),
    (Action.CLOSE_TILL, "cash-register", msg("Close the till"), msg("Count the drawer and make the Z")),
    (Action.RECEIPTS, "receipt", msg("Receipts"), msg("Find, show, print once more, take back")),
    (Action.FREE_RETURN, "receipt-refund", msg("Return without a receipt"), msg("At most at today’s price")),
    (Action.OFFICE, "building-store", msg("Back office"), msg("Articles, vouchers, staff, reports, settings")),
    (Action.HELP, "keyboard", msg("Keys"), msg("What each key does")),
    (Action.TRAINING, "school", msg("Training"), msg("Practise: nothing of it counts")),
    (Action.LOCK, "lock", msg("Lock the till"), msg("The basket is kept; a PIN or card goes on")),
)
_NEEDS_OPEN_TILL = (Action.CASH_IN_OUT, Action.CLOSE_TILL, Action.TRAINING, Action.FREE_RETURN)
_NOT_PRACTISED = (Action.CASH_IN_OUT, Action.CLOSE_TILL, Action.FREE_RETURN)
_COLUMNS = 2


class MenuPage(QWidget):
    """`asked` with the Action of a tile; `language_chosen` ("de"), `theme_chosen` (ThemeName), `density_chosen` (px), `left`."""

    asked = Signal(object)
    language_chosen = Signal(str)
    theme_chosen = Signal(object)
    density_chosen = Signal(int)
    left = Signal()

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__()
        self._look, self._till = look, till
        self.setProperty("role", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.message = Message(look, till.cash)
        self.tiles = {action: self._tile(action, icon, name, says) for action, icon, name, says in _TILES}
        self._build()

    def begin(self) -> None:
        """Offer what can be done now."""
        self.message.clear()
        for action, tile in self.tiles.items():
            tile.set_why_not(self._why_not(action))
        training = self.tiles[Action.TRAINING]
        is_on, t = self._till.training.is_on, self._look.t
        training.set_name(t("End the training") if is_on else t("Training"))

    def _why_not(self, action: Action) -> str:
        t = self._look.t
        if action in _NEEDS_OPEN_TILL and not self._till.cash.is_open:
            return t("The till is closed.")
        if action in _NOT_PRACTISED and self._till.training.is_on:
            return t("Not while you practise.")
        if action is Action.LOCK and self._till.staff.works_alone:
            return t("Only one person works here, without a PIN.")
        return ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leads back to the sale."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            event.ignore()

    def _tile(self, action: Action, icon: str, name: str, says: str) -> MenuTile:
        t = self._look.t
        tile = MenuTile(self._look, Face(t(name), icon, key=self._look.key_of(action)), t(says))
        tile.clicked.connect(lambda: self.asked.emit(action))
        return tile

    def _build(self) -> None:
        inside = QWidget()
        inside.setProperty("role", "ground")
        tiles = QGridLayout()
        tiles.setSpacing(12)
        for place, tile in enumerate(self.tiles.values()):
            tiles.addWidget(tile, *divmod(place, _COLUMNS))
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(tiles, 1)
        left.addWidget(self.message)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self._screen_card())
        right.addWidget(self._about_card())
        right.addStretch(1)
        columns = QHBoxLayout(inside)
        columns.setContentsMargins(16, 16, 16, 16)
        columns.setSpacing(16)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        columns.setAlignment(left, Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)

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
        back = Button(self._look, Face(t("Back to the sale"), "arrow-left", key="Esc")).arranged(Arrangement.SPREAD)
        back.clicked.connect(self.left)
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
