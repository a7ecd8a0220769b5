"""The colours of both themes, the sizes of the type, and which text colour can be read on which ground."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

READABLE = 4.5  # WCAG 2.2, 1.4.3: least contrast of normal text
GRID = 8
RADIUS = 12
ROW_HEIGHT = 44
PAY_HEIGHT = 64
SMALL_TARGET = 48
"""The least height of what is tapped; where it is more, a low screen has no room for everything at once (U3)."""


class ThemeName(StrEnum):
    """The theme as the settings keep it."""

    LIGHT = "light"
    DARK = "dark"


class Size:
    """The type scale in pixels."""

    TINY = 12
    SMALL = 13
    BODY = 15
    TITLE = 17
    KEY = 20
    FIELD = 22
    FIGURE = 28
    TOTAL = 34
    DUE = 52


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of a theme as #RRGGBB, named as in the design's tokens."""

    name: ThemeName
    ground: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    onaccent: str
    soft: str
    danger: str
    dangersoft: str
    warn: str
    warnsoft: str
    ok: str
    key: str
    faded: str
    onfaded: str

    @property
    def is_dark(self) -> bool:
        """Whether light text stands on a dark ground."""
        return self.name is ThemeName.DARK


LIGHT = Palette(
    name=ThemeName.LIGHT,
    ground="#F4F5F7",
    surface="#FFFFFF",
    raised="#FFFFFF",
    line="#E2E5EA",
    text="#15191F",
    muted="#5A6472",
    accent="#0B6B57",
    onaccent="#FFFFFF",
    soft="#E3F2EE",
    danger="#B3261E",
    dangersoft="#FBE9E7",
    warn="#9A5B00",
    warnsoft="#FDF1DC",
    ok="#0B6B57",
    key="#EDEFF3",
    faded="#90BAB0",
    onfaded="#FFFFFF",
)
DARK = Palette(
    name=ThemeName.DARK,
    ground="#101418",
    surface="#181D23",
    raised="#1F252D",
    line="#2C343E",
    text="#EDF0F4",
    muted="#9BA6B3",
    accent="#35C2A1",
    onaccent="#06231C",
    soft="#16332D",
    danger="#FF8A80",
    dangersoft="#3A1E1C",
    warn="#F2B860",
    warnsoft="#352A17",
    ok="#35C2A1",
    key="#242B34",
    faded="#27685B",
    onfaded="#0D2C25",
)
_PALETTES = {ThemeName.LIGHT: LIGHT, ThemeName.DARK: DARK}
_LINEAR_UP_TO = 0.04045
_INKS = ("#15191F", "#FFFFFF")
_BLACK = "#000000"
_PLAIN_TILE = "#E4E6EA"


def palette(name: ThemeName) -> Palette:
    """The colours of a theme."""
    return _PALETTES[name]


@dataclass(frozen=True, slots=True)
class TileColours:
    """How a tile is painted: its ground, the edge on its left (empty = none), its name and its price."""

    ground: str
    edge: str
    ink: str
    faint_ink: str


def tile_colours(colour: str, theme: Palette) -> TileColours:
    """The colours of a tile whose category has `colour` (#RRGGBB); the text is readable on any of them.

    In the light theme the tile has the colour itself; in the dark one a dark ground with a breath of it
    and the colour as its left edge.
    """
    base = colour if _is_colour(colour) else _PLAIN_TILE
    if theme.is_dark:
        ground = mixed(theme.surface, base, 0.14)
        return TileColours(ground, mixed(theme.surface, base, 0.8), theme.text, readable(theme.muted, ground))
    ink = text_on(base)
    return TileColours(base, "", ink, readable(mixed(base, ink, 0.78), base))


def text_on(ground: str) -> str:
    """The house's dark ink or white, whichever stands out more on `ground`; black where neither is readable."""
    best = max(_INKS, key=lambda ink: contrast(ink, ground))
    return best if contrast(best, ground) >= READABLE else _BLACK


def readable(ink: str, ground: str) -> str:
    """`ink`, moved towards black or white until it can be read on `ground` (contrast of at least 4.5)."""
    goal = text_on(ground)
    for step in range(11):
        candidate = mixed(ink, goal, step / 10)
        if contrast(candidate, ground) >= READABLE:
            return candidate
    return goal


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(ground: str, colour: str, share: float) -> str:
    """`colour` laid over `ground` with `share` (0 to 1) of it."""
    parts = zip(_channels(ground), _channels(colour), strict=True)
    return "#" + "".join(f"{round(low + (high - low) * share):02X}" for low, high in parts)


def _luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, "relative luminance")."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_UP_TO else ((channel + 0.055) / 1.055) ** 2.4


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _is_colour(text: str) -> bool:
    return len(text) == 7 and text.startswith("#") and all(c in "0123456789abcdefABCDEF" for c in text[1:])  # noqa: PLR2004 - #RRGGBB
