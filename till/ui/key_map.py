"""The keys that a shop has changed: kept in this PC's settings as `cash=F7 card=`, with a check that nothing collides (U3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from till.errors import Refused
from till.i18n import Word, msg
from till.ui.keys import SHORTCUTS, Action, Shortcut, shown_key

_FUNCTION_KEY = re.compile(r"(?:(?:Ctrl|Alt|Shift)\+)*F(?:[1-9]|1[0-9]|2[0-4])")
_COMMAND = re.compile(r"(?:Ctrl|Alt|Ctrl\+Shift|Ctrl\+Alt|Alt\+Shift)\+[A-Z0-9]")
_SINGLE = re.compile(r"(?:(?:Ctrl|Shift)\+)?(?:Del|Ins|Home|End|PgUp|PgDown|Pause|Print|Menu)")
_TAKEN = frozenset({"Alt+F4", "Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X"})
_MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)
NEEDED_FOR_TYPING = msg(
    "{key} is needed for typing or by the computer itself. Take a function key, or a letter together with Ctrl or Alt."
)
CONFLICT = msg("{key} is taken: {says}. Change that key first, or take another one.")
HELP_STAYS = msg("The help sheet needs a key, so that the others can be found.")


def shortcuts_of(stored: str) -> tuple[Shortcut, ...]:
    """The keys of this PC, from its settings; what can't be understood there, or collides, is as in every new till."""
    shortcuts: tuple[Shortcut, ...] = SHORTCUTS
    for part in stored.split():
        name, _, key = part.partition("=")
        action = next((one for one in Action if one.value == name), None)
        if action is None or not (key == "" or may_be_key(key)):
            continue
        changed = tuple(replace(one, key=key) if one.action is action else one for one in shortcuts)
        shortcuts = changed
    return shortcuts if _is_free_of_conflicts(shortcuts) else SHORTCUTS


def stored_shortcuts(shortcuts: tuple[Shortcut, ...]) -> str:
    """What differs from a new till, as the settings keep it; empty where nothing does."""
    usual: Mapping[Action, str] = {one.action: one.key for one in SHORTCUTS}
    return " ".join(f"{one.action.value}={one.key}" for one in shortcuts if one.key != usual.get(one.action))


def with_key(shortcuts: tuple[Shortcut, ...], action: Action, key: str) -> tuple[Shortcut, ...]:
    """The shortcuts with another key for an action, empty for none; refused where it is taken or needed for typing."""
    if not key and action is Action.HELP:
        raise Refused(HELP_STAYS)
    if key and not may_be_key(key):
        raise Refused(NEEDED_FOR_TYPING, key=shown_key(key))
    other = next((one for one in shortcuts if key and one.key == key and one.action is not action), None)
    if other is not None:
        raise Refused(CONFLICT, key=shown_key(key), says=Word(other.says))
    return tuple(replace(one, key=key) if one.action is action else one for one in shortcuts)


def may_be_key(key: str) -> bool:
    """Whether a key can do something at the till: one that nobody types with, and that no system takes away."""
    if key in _TAKEN:
        return False
    return any(pattern.fullmatch(key) for pattern in (_FUNCTION_KEY, _COMMAND, _SINGLE))


def pressed_key(event: QKeyEvent) -> str:
    """The key of a press as the map writes it; empty while only Shift, Ctrl or Alt are held."""
    if event.key() in _MODIFIERS:
        return ""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key()))).toString()


def _is_free_of_conflicts(shortcuts: tuple[Shortcut, ...]) -> bool:
    keys = [one.key for one in shortcuts if one.key]
    return len(keys) == len(set(keys)) and any(one.action is Action.HELP and one.key for one in shortcuts)
