"""How the counter's window looks, and what it is called, by the settings of this PC and the shop's name."""

from __future__ import annotations

from till.app.bootstrap import Till
from till.ui.key_map import shortcuts_of
from till.ui.look import Look
from till.ui.theme import ThemeName, palette


def title_of(till: Till) -> str:
    """What stands in the window's frame: the shop's name."""
    return f"{till.shop_name} – Till"


def look_of(till: Till) -> Look:
    """The look that the till's settings ask for."""
    settings = till.settings
    return Look(
        palette=palette(ThemeName(settings.theme)),
        formats=till.formats,
        target_px=settings.density,
        has_decimal_key=settings.decimal_key,
        shortcuts=shortcuts_of(settings.shortcuts),
    )
