"""The keys of this PC: one row for each thing a key can do, changed by pressing the new one (U3)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from till.app.bootstrap import Till
from till.ui.fonts import font
from till.ui.key_map import pressed_key, shortcuts_of, stored_shortcuts, with_key
from till.ui.keys import SHORTCUTS, Action, Shortcut, key_of, shown_key
from till.ui.look import Look
from till.ui.office.page import OfficePage
from till.ui.office.parts import FORM_WIDTH, Part, column_of, scrolled
from till.ui.theme import Size
from till.ui.widgets.button import Button, Face, Kind, icon_button
from till.ui.widgets.text import Text

_KEY_WIDTH = 150


class KeyButton(Button):
    """Shows the key of an action; pressed, it waits for another one. `pressed_key` with the new key."""

    pressed_key = Signal(str)

    def __init__(self, look: Look, shortcut: Shortcut) -> None:
        super().__init__(look, Face(), Kind.PLAIN)
        self._says = look.t(shortcut.says)
        self._key = shortcut.key
        self.is_waiting = False
        self.setFixedWidth(_KEY_WIDTH)
        self.show_key(shortcut.key)
        self.clicked.connect(lambda _: self._begin())

    def show_key(self, key: str) -> None:
        """Show this key; empty: none."""
        self._key, self.is_waiting = key, False
        words = shown_key(key) or "–"
        self.set_face(Face(words, name=f"{self._says}: {words}"))
        self.setChecked(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """While it waits, any key is the new one; Escape leaves it as it is."""
        if not self.is_waiting:
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_Escape:
            self.show_key(self._key)
        elif key := pressed_key(event):
            self.show_key(self._key)
            self.pressed_key.emit(key)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Who goes elsewhere does not press a key any more."""
        super().focusOutEvent(event)
        if self.is_waiting:
            self.show_key(self._key)

    def _begin(self) -> None:
        self.is_waiting = True
        self.set_face(Face(self._look.t("Press a key …")))
        self.setFocus()


class KeysPart(Part):
    """Every change counts at once; buttons and help sheet show it. Keys that are needed for typing are refused."""

    def __init__(self, page: OfficePage, look: Look, till: Till) -> None:
        super().__init__(page, look, till, look.t("Keys"))
        self.buttons: dict[Action, KeyButton] = {}
        self.clear_buttons: dict[Action, Button] = {}
        self.reset_button = Button(look, Face(look.t("All keys as they were"), "refresh"))
        self._build()

    @property
    def shortcuts(self) -> tuple[Shortcut, ...]:
        """The keys of this PC."""
        return shortcuts_of(self._till.settings.shortcuts)

    def begin(self) -> None:
        """Show the keys of now."""
        self._show(self.shortcuts)

    def change(self, action: Action, key: str) -> None:
        """Give an action another key, empty for none; what is taken is refused in words."""
        self.message.attempt(lambda: self._store(with_key(self.shortcuts, action, key)))

    def reset(self) -> None:
        """All keys as in a new till."""
        self.message.attempt(lambda: self._store(SHORTCUTS))

    def _store(self, shortcuts: tuple[Shortcut, ...]) -> None:
        self._till.this_pc.change(replace(self._till.settings, shortcuts=stored_shortcuts(shortcuts)))
        self._show(shortcuts)

    def _show(self, shortcuts: tuple[Shortcut, ...]) -> None:
        for action, button in self.buttons.items():
            key = key_of(action, shortcuts)
            button.show_key(key)
            self.clear_buttons[action].setEnabled(bool(key) and action is not Action.HELP)
        self.reset_button.setEnabled(shortcuts != SHORTCUTS)

    def _row(self, shortcut: Shortcut) -> QWidget:
        t, action = self._look.t, shortcut.action
        says = t(shortcut.says)
        self.buttons[action] = button = KeyButton(self._look, shortcut)
        button.pressed_key.connect(lambda key: self.change(action, key))
        self.clear_buttons[action] = clear = icon_button(
            self._look, "x", t("No key for: {action}").format(action=says), kind=Kind.GHOST
        )
        clear.clicked.connect(lambda _: self.change(action, ""))
        frame = QWidget()
        row = QHBoxLayout(frame)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(Text(says, font(Size.BODY)).wrapped(), 1)
        row.addWidget(button)
        row.addWidget(clear)
        return frame

    def _build(self) -> None:
        t = self._look.t
        inside = QWidget()
        rows = column_of(inside)
        says = t("Tap a key, then press the new one. Digits, letters, Enter and Escape are needed for typing.")
        rows.addWidget(Text(says, font(Size.BODY), "muted").wrapped())
        grid = QGridLayout()
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(4)
        half = -(-len(SHORTCUTS) // 2)
        for place, shortcut in enumerate(SHORTCUTS):
            grid.addWidget(self._row(shortcut), place % half, place // half)
        rows.addLayout(grid)
        foot = QHBoxLayout()
        foot.addWidget(self.reset_button)
        foot.addStretch(1)
        rows.addLayout(foot)
        rows.addStretch(1)
        self.reset_button.clicked.connect(lambda _: self.reset())
        inside.setMaximumWidth(FORM_WIDTH * 2)
        column: QVBoxLayout = column_of(self)
        column.addWidget(scrolled(inside))
