"""How this screen looks and speaks: theme, language and sizes in one value that every widget is given."""

from __future__ import annotations

from dataclasses import dataclass

from till.formats import Formats
from till.i18n import Translator
from till.ui.keys import SHORTCUTS, Action, Shortcut, key_of
from till.ui.theme import Palette


@dataclass(frozen=True, slots=True)
class Look:
    """`target_px` is the least size of anything to tap (48, 56 or 64: U3).

    `has_decimal_key` says how amounts are typed: with it 12,34 is typed "12,34", without it "1234" (U7).
    """

    palette: Palette
    formats: Formats
    target_px: int = 48
    has_decimal_key: bool = True
    shortcuts: tuple[Shortcut, ...] = SHORTCUTS

    @property
    def t(self) -> Translator:
        """Translates into the screen's language."""
        return self.formats.translator

    def key_of(self, action: Action) -> str:
        """The key for an action on this PC, as it is written on the button; empty where it has none."""
        return key_of(action, self.shortcuts)
