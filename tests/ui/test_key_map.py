"""The keys that a shop changes: stored, shown everywhere, never in each other's way or in that of typing (U3)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

import till.ui
from till.errors import Refused
from till.ui.key_map import may_be_key, pressed_key, shortcuts_of, stored_shortcuts, with_key
from till.ui.keys import SHORTCUTS, Action, key_of


def test_a_changed_key_comes_back_from_the_settings() -> None:
    changed = with_key(with_key(SHORTCUTS, Action.CASH, "F3"), Action.CARD, "")
    stored = stored_shortcuts(changed)
    assert stored == "cash=F3 card="
    assert shortcuts_of(stored) == changed
    assert stored_shortcuts(SHORTCUTS) == ""
    assert shortcuts_of("") == SHORTCUTS


@pytest.mark.parametrize(
    "stored", ["cash=F2", "cash=7", "help=", "nothing=F3", "cash", "cash=Enter card=Esc", "=== ==", "cash=F3=F4"]
)
def test_what_can_not_be_understood_leaves_a_till_that_can_be_used(stored: str) -> None:
    shortcuts = shortcuts_of(stored)
    keys = [one.key for one in shortcuts if one.key]
    assert len(keys) == len(set(keys))
    assert key_of(Action.HELP, shortcuts) == "F1"


def test_two_keys_may_change_places_in_the_settings() -> None:
    swapped = shortcuts_of("cash=F9 card=F4")
    assert (key_of(Action.CASH, swapped), key_of(Action.CARD, swapped)) == ("F9", "F4")


@pytest.mark.parametrize("key", ["F3", "Shift+F6", "Ctrl+K", "Ctrl+Shift+5", "Alt+Q", "Ins", "Ctrl+Del", "PgDown"])
def test_function_keys_and_commands_may_be_keys(key: str) -> None:
    assert may_be_key(key)


@pytest.mark.parametrize(
    "key",
    [
        "7",
        "A",
        "Shift+A",
        "Return",
        "Enter",
        "Esc",
        "Tab",
        "Space",
        "Backspace",
        ",",
        "%",
        "Up",
        "Alt+F4",
        "Ctrl+C",
        "",
    ],
)
def test_what_is_needed_for_typing_or_by_the_system_may_not(key: str) -> None:
    assert not may_be_key(key)
    if key:
        with pytest.raises(Refused, match="needed for typing"):
            with_key(SHORTCUTS, Action.CASH, key)


def test_a_key_that_is_taken_is_refused_with_what_it_does() -> None:
    with pytest.raises(Refused, match="F12 is taken: Pay, then complete the sale"):
        with_key(SHORTCUTS, Action.CASH, "F12")
    assert with_key(SHORTCUTS, Action.CASH, "F4") == SHORTCUTS


def test_the_help_sheet_keeps_a_key() -> None:
    with pytest.raises(Refused, match="help sheet needs a key"):
        with_key(SHORTCUTS, Action.HELP, "")
    assert key_of(Action.HELP, with_key(SHORTCUTS, Action.HELP, "Ctrl+H")) == "Ctrl+H"


@pytest.mark.parametrize(
    ("key", "modifiers", "written"),
    [
        (Qt.Key.Key_F3, Qt.KeyboardModifier.NoModifier, "F3"),
        (Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier, "Ctrl+K"),
        (Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier, ""),
        (Qt.Key.Key_Delete, Qt.KeyboardModifier.KeypadModifier, "Del"),
    ],
)
def test_a_press_is_written_as_the_map_writes_it(key: Qt.Key, modifiers: Qt.KeyboardModifier, written: str) -> None:
    assert pressed_key(QKeyEvent(QEvent.Type.KeyPress, key, modifiers)) == written


def test_no_screen_shows_a_key_without_asking_this_pcs_map() -> None:
    """`look.key_of`, not `key_of`: else a hint would name a key that does something else."""
    folder = Path(str(till.ui.__file__)).parent
    bare = [
        path.name
        for path in folder.rglob("*.py")
        if path.name not in {"keys.py", "look.py", "key_map.py"}
        and re.search(r"(?<![.\w])key_of\(Action", path.read_text())
    ]
    assert bare == []
