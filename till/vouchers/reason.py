"""Why somebody does something to a voucher: always asked for, kept for good, shown in the voucher's history."""

from __future__ import annotations

from till.errors import Refused
from till.i18n import msg

REASON_MOST = 200


def checked_reason(typed: str) -> str:
    """The reason on one line, what can't be printed made blank; Refused when it is missing or too long."""
    reason = " ".join("".join(c if c.isprintable() else " " for c in typed).split())
    if not reason:
        raise Refused(msg("Say why: the reason stays in the voucher’s history."))
    if len(reason) > REASON_MOST:
        raise Refused(msg("The reason can have {most} characters at most."), most=REASON_MOST)
    return reason
