"""Keeps texts from becoming formulas when a table program opens them (80-quality X3), and reads such texts back."""

from __future__ import annotations

DANGEROUS = frozenset("=+-@\t\r\n＝＋－＠")
"""What makes a formula of a text when it stands first; wide forms do so in some languages of Excel."""

_GUARD = "'"


def is_dangerous(text: str) -> bool:
    """Whether a table program may take the text for a formula, now or after it has been saved once as CSV."""
    return text.lstrip(_GUARD)[:1] in DANGEROUS


def guarded(text: str) -> str:
    """The text with an apostrophe before it where it is dangerous; `unguarded` gives back the very same text."""
    return _GUARD + text if is_dangerous(text) else text


def unguarded(text: str) -> str:
    """The text without the apostrophe of `guarded`."""
    return text[1:] if text[:1] == _GUARD and is_dangerous(text) else text
