"""Makes texts from outside harmless and printable: no control codes, only characters that the medium has (D9, X3)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

_TYPOGRAPHIC = str.maketrans(
    {
        **dict.fromkeys("„“”‟«»″", '"'),
        **dict.fromkeys("‚‘’‛‹›′", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
        "•": "·",
    }
)
_DROPPED = {"Cc", "Cf", "Mn", "Me"}
_UNPRINTABLE = {"Cs", "Co", "Cn"}


def printable(text: str) -> str:
    """`text` in NFC without control, format and loose combining characters; every blank is a plain space.

    Line feeds stay; a carriage return or Unicode's own line ends become one. What is left stands in one
    column of the paper, or in two if it is a wide character of East Asia or an emoji.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return "".join(_printable(char) for char in composed)


def for_codepage(text: str, codepage: str, drawn: Callable[[str], bool] = lambda _: False) -> str:
    """`printable` text with only characters of `codepage` (a one-byte Python codec; 70-devices 2.3).

    Typographic signs become plain ones, other letters lose their accents; what then is still missing stays
    if `drawn` says that it can be drawn as a picture, else it is "?".
    """
    plain = printable(text)
    return "".join(char if char == "\n" else _coded(char, codepage, drawn) for char in plain)


def for_font(text: str, has: Callable[[str], bool]) -> str:
    """`printable` text with "?" for every character that the font doesn't have."""
    return "".join(char if char == "\n" or has(char) else "?" for char in printable(text))


def encodable(char: str, codepage: str) -> bool:
    """Whether `char` is one byte in `codepage`, and no control code."""
    try:
        code = char.encode(codepage)
    except UnicodeEncodeError:
        return False
    return len(code) == 1 and code[0] >= 0x20 and code[0] != 0x7F  # noqa: PLR2004 - first printable byte, and DEL


def _printable(char: str) -> str:
    category = unicodedata.category(char)
    if char == "\n" or category in {"Zl", "Zp"} or char in "\r\x0b\x0c\x85":
        return "\n"
    if category == "Zs" or char == "\t":
        return " "
    if category in _DROPPED:
        return ""
    return "?" if category in _UNPRINTABLE else char


def _coded(char: str, codepage: str, drawn: Callable[[str], bool]) -> str:
    if encodable(char, codepage):
        return char
    plain = char.translate(_TYPOGRAPHIC)
    base = "".join(c for c in unicodedata.normalize("NFKD", plain) if encodable(c, codepage))
    if base.strip():
        return base
    return char if drawn(char) else "?"
