"""Loads the typeface that is shipped with the program (Noto Sans): Debian's default clips the dots of ÄÖÜ."""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from till.i18n import resource

FAMILY = "Noto Sans"
_FILES = ("NotoSans-Regular.ttf", "NotoSans-SemiBold.ttf", "NotoSans-Bold.ttf")


@cache
def load_fonts() -> None:
    """Make the shipped typeface known to Qt, once the application is made."""
    for name in _FILES:
        QFontDatabase.addApplicationFont(str(resource("fonts", name)))


@cache
def font(size_px: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The house's typeface in `size_px` pixels; figures are tabular in it."""
    made = QFont(FAMILY)
    made.setPixelSize(size_px)
    made.setWeight(weight)
    return made


def semibold(size_px: int) -> QFont:
    """For names, keys and labels."""
    return font(size_px, QFont.Weight.DemiBold)


def bold(size_px: int) -> QFont:
    """For figures."""
    return font(size_px, QFont.Weight.Bold)
