"""How the office calls what a voucher is, and what happened to it."""

from __future__ import annotations

from till.i18n import msg
from till.ui.look import Look
from till.vouchers.history import Happening, HistoryLine
from till.vouchers.listing import NumberLine
from till.vouchers.model import VoucherState

STATES: dict[VoucherState, tuple[str, str]] = {
    VoucherState.ACTIVE: (msg("active"), "calm"),
    VoucherState.PENDING: (msg("not paid yet"), "warn"),
    VoucherState.NOT_YET_VALID: (msg("not valid yet"), "warn"),
    VoucherState.BLOCKED: (msg("blocked"), "danger"),
    VoucherState.EXPIRED: (msg("expired"), "warn"),
    VoucherState.USED: (msg("used up"), "quiet"),
    VoucherState.REPLACED: (msg("replaced"), "quiet"),
    VoucherState.CANCELLED: (msg("cancelled"), "quiet"),
    VoucherState.CONVERTED: (msg("converted"), "quiet"),
}
"""Each state's msgid and the tone in which it is shown."""
OLD = msg("old voucher")

HAPPENINGS: dict[Happening, str] = {
    Happening.SOLD: msg("Sold"),
    Happening.REFUNDED: msg("Given for returned goods"),
    Happening.BROUGHT_IN: msg("Brought in as an old voucher"),
    Happening.MADE_FROM: msg("Made in the place of {number}"),
    Happening.REDEEMED: msg("Redeemed"),
    Happening.GIVEN_BACK: msg("Redemption given back"),
    Happening.REDUCED: msg("Value taken off"),
    Happening.RAISED: msg("Bonus added"),
    Happening.BLOCKED: msg("Blocked"),
    Happening.UNBLOCKED: msg("Unblocked"),
    Happening.REPLACED: msg("Replaced by {number}"),
    Happening.CANCELLED: msg("Cancelled with its receipt"),
    Happening.CONVERTED: msg("Made into credit"),
}


def state_of(look: Look, line: NumberLine) -> str:
    """The state in words; an old voucher is marked as one whatever has become of it (V52)."""
    words = look.t(STATES[line.state][0])
    if not line.is_old:
        return words
    old = look.t(OLD)
    return old if line.state is VoucherState.ACTIVE else f"{words} · {old}"


def happening_of(look: Look, line: HistoryLine) -> str:
    """What a line of the history tells, as its heading."""
    return look.t(HAPPENINGS[line.happening]).format(number=line.other)


def besides_of(look: Look, line: HistoryLine) -> str:
    """When, with which receipt, at which till and by whom."""
    t, formats = look.t, look.formats
    parts = [formats.value(line.at)]
    if line.receipt is not None:
        parts.append(t("Receipt {number}").format(number=line.receipt))
    parts.append(t("Till {till}").format(till=line.till_id))
    return " · ".join([*parts, *([line.user_name] if line.user_name else [])])
