"""The fonts that are shipped with the program and embedded into every PDF, so that ä, ß and € look right anywhere."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from till.i18n import resource

MONO = "NotoSansMono-Regular"
MONO_BOLD = "NotoSansMono-Bold"
SANS = "NotoSans-Regular"
SANS_BOLD = "NotoSans-Bold"


def font_file(name: str) -> Path:
    """The TrueType file of one of the fonts above."""
    return resource("fonts", f"{name}.ttf")


def register_fonts() -> None:
    """Make the fonts known to reportlab; doing it again changes nothing."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in {MONO, MONO_BOLD, SANS, SANS_BOLD} - set(pdfmetrics.getRegisteredFontNames()):
        pdfmetrics.registerFont(TTFont(name, str(font_file(name))))


def mono_has(char: str) -> bool:
    """Whether the monospaced font can draw `char` in one column."""
    return ord(char) in _mono_characters()


def sans_has(char: str) -> bool:
    """Whether the proportional font can draw `char`."""
    return ord(char) in _sans_characters()


@cache
def _sans_characters() -> frozenset[int]:
    from reportlab.pdfbase.ttfonts import TTFontFile

    return frozenset(TTFontFile(str(font_file(SANS))).charToGlyph)


@cache
def _mono_characters() -> frozenset[int]:
    from reportlab.pdfbase.ttfonts import TTFontFile

    return frozenset(TTFontFile(str(font_file(MONO))).charToGlyph)
