"""Why somebody does something to a voucher: always asked for, kept for good, shown in the voucher's history."""

from __future__ import annotations

from till.documents import reason
from till.i18n import msg

REASON_MOST = 200


def checked_reason(typed: str) -> str:
    """The reason on one line, what can't be printed made blank; Refused when it is missing or too long."""
    return reason.checked_reason(typed, msg("Say why: the reason stays in the voucher’s history."), REASON_MOST)
