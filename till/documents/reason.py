"""What somebody types that stays in the books for good: a line of words, and why something was done; pure."""

from __future__ import annotations

from till.errors import Refused
from till.i18n import msg

REASON_MOST = 80
"""So many characters a reason has where it stands in a document's note."""


def on_one_line(text: str) -> str:
    """The words of a text with one blank between each; what can't be printed, line ends too, counts as a blank."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def checked_reason(typed: str, missing: str, most: int = REASON_MOST) -> str:
    """The reason on one line, what can't be printed made blank.

    Refused with the msgid `missing` where there is none, and with more than `most` characters.
    """
    reason = on_one_line(typed)
    refusal = too_long(reason, most) if reason else Refused(missing)
    if refusal is not None:
        raise refusal
    return reason


def too_long(reason: str, most: int = REASON_MOST) -> Refused | None:
    """What to say of a reason with more than `most` characters; None: it is short enough."""
    return Refused(msg("The reason can have {most} characters at most."), most=most) if len(reason) > most else None
