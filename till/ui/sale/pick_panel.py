"""Several things have the scanned code: which one is meant, in the place of the articles (V25)."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from till.app.views import ButtonKind, Choice
from till.ui.fonts import bold, font
from till.ui.look import Look
from till.ui.theme import Size
from till.ui.widgets.button import Arrangement, Button, Face, Kind
from till.ui.widgets.scroll import scroll_area
from till.ui.widgets.text import ShorteningText, Text

_HEIGHT = 64
_WIDTH = 880
_ARROWS: dict[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class PickPanel(QWidget):
    """Lists what the code names; `picked` with a Choice, `left` when none of it is meant."""

    picked = Signal(object)
    left = Signal()

    def __init__(self, look: Look, choices: tuple[Choice, ...]) -> None:
        super().__init__()
        self._look = look
        self.buttons: tuple[Button, ...] = ()
        self.buttons = tuple(self._button(choice) for choice in choices)
        self._build(choices)

    def begin(self) -> None:
        """Put the keyboard's focus on the first, so that Enter takes it."""
        self.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows go up and down the list: neither through the basket beside it nor along its scroll bar."""
        by = _ARROWS.get(event.key()) if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress else None
        if by is None or watched not in self.buttons:
            return False
        place = max(0, min(len(self.buttons) - 1, self.buttons.index(watched) + by))
        self.buttons[place].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _button(self, choice: Choice) -> Button:
        t, formats = self._look.t, self._look.formats
        if choice.voucher is not None:
            standing = choice.voucher.standing
            kind, name, worth = t("Sold voucher"), standing.voucher.type_name, formats.money(standing.remaining)
        else:
            tile = choice.tile
            assert tile is not None  # noqa: S101 - a choice is either a tile or a voucher
            kind = t("Sell a voucher") if tile.kind is ButtonKind.VOUCHER else t("Article")
            price = choice.price or tile.price
            name, worth = tile.name, t("Ask price") if price is None else formats.money(price)
        button = Button(self._look, Face(f"{kind}: {name}", trailing=worth), Kind.PLAIN)
        button.arranged(Arrangement.SPREAD, padding=20).tall(_HEIGHT)
        button.clicked.connect(partial(self.picked.emit, choice))
        button.installEventFilter(self)
        return button

    def _build(self, choices: tuple[Choice, ...]) -> None:
        t = self._look.t
        self.setMaximumWidth(_WIDTH)
        inside = QWidget()
        inside.setProperty("role", "ground")
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(8)
        for button in self.buttons:
            rows.addWidget(button)
        rows.addStretch(1)
        close = Button(self._look, Face(t("Back to the articles"), "arrow-left", key="Esc")).tall(56)
        close.clicked.connect(self.left)
        head = QHBoxLayout()
        head.addWidget(ShorteningText(t("What is meant?"), bold(Size.TITLE)), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(head)
        words = t.plural("{count} thing has this code.", "{count} things have this code.", len(choices))
        column.addWidget(Text(words.format(count=len(choices)), font(Size.BODY), "muted"))
        column.addWidget(scroll_area(inside), 1)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignLeft)
