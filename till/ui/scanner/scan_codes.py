"""Which key of an American keyboard a scan code is: scanners press American keys whatever the computer's layout.

On a German desktop `GS-7K3Y` arrives as the text `GSß7K3Z`; the scan codes still say what was meant
(70-devices 4.2). Codes are those of Linux evdev, which for these rows equal the make codes that Windows gives.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

OFFSET = 8 if sys.platform.startswith("linux") else 0
"""X11 and Wayland give the evdev code plus 8."""

_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", " "),
)


def us_character(event: QKeyEvent) -> str:
    """The character that an American keyboard would have typed; the event's own text for any other key."""
    characters = _CHARACTERS.get(event.nativeScanCode() - OFFSET)
    if characters is None:
        return event.text()
    return characters[bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)]


def us_key(character: str) -> tuple[int, bool]:
    """The evdev code of the key that types `character` on an American keyboard, and whether with Shift."""
    return _KEYS[character]


def _keys() -> Iterator[tuple[int, str, str]]:
    for first, plain, shifted in _ROWS:
        for place, pair in enumerate(zip(plain, shifted, strict=True)):
            yield first + place, *pair


_CHARACTERS = {code: (plain, shifted) for code, plain, shifted in _keys()}
_KEYS = {shifted: (code, True) for code, _, shifted in _keys()} | {plain: (code, False) for code, plain, _ in _keys()}
