"""Takes value from vouchers inside a sale (V30 to V39): what pays, what goes back in cash, what is accepted as goodwill."""

from __future__ import annotations

from sqlalchemy.orm import Session

from till.db.context import Context
from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money
from till.vouchers.model import VoucherStanding, VoucherState
from till.vouchers.movements import last_taking
from till.vouchers.rules import VoucherRules, voucher_rules
from till.vouchers.standing import refusal_of, standing_of, voucher_by_id
from till.vouchers.value import Redemption, Share, Wish, share_left

NOT_IN_CASH = msg("The rest of a voucher is not paid out in this shop. It stays on the voucher.")
UNKNOWN = msg("This voucher is not known here. Take it out of the payment.")


def take(session: Session, context: Context, wish: Wish) -> Redemption:
    """What fulfilling `wish` takes, checked against the ledger under the voucher's lock (V32, V35 to V37, V39).

    Refuses in words a voucher that is gone, spent, expired or holds less, and cash that the shop does not pay out or that is
    no paid part; the document that the caller posts in the same transaction books it. ValueError unless the amount is
    above 0: it would load the voucher.
    """
    if wish.amount <= ZERO or wish.paid_out < ZERO:
        raise ValueError(f"the amount to redeem must be above 0, not {wish.amount} and {wish.paid_out}")
    found = voucher_by_id(session, wish.voucher_id)
    if found is None:
        raise Refused(UNKNOWN)
    now, rules = standing_of(session, found, context.business_date), voucher_rules(session)
    is_goodwill = wish.is_goodwill and now.state is VoucherState.EXPIRED
    left = goodwill_left(now, rules) if is_goodwill else now.remaining
    reason = _spent_elsewhere(session, now, wish, left) or (None if is_goodwill else refusal_of(now))
    if reason is not None:
        raise reason
    share = goodwill_share(now, rules, wish.amount) if is_goodwill else share_left(now, wish.amount)
    _check_paid_out(now, rules, wish, share)
    rest = now.remaining - wish.amount - wish.paid_out
    return Redemption(found, share, rest, wish.paid_out, is_goodwill)


def goodwill_left(standing: VoucherStanding, rules: VoucherRules) -> Money:
    """What of an expired voucher may be accepted: its paid part, and the bonus where the shop lets it live (V37)."""
    return standing.remaining if rules.expired_bonus_lives else standing.paid_left


def goodwill_share(standing: VoucherStanding, rules: VoucherRules, amount: Money) -> Share:
    """The parts of what is accepted of an expired voucher; `amount` is at most `goodwill_left`."""
    return share_left(standing, amount) if rules.expired_bonus_lives else Share(amount, ZERO)


def _check_paid_out(now: VoucherStanding, rules: VoucherRules, wish: Wish, share: Share) -> None:
    if not wish.paid_out:
        return
    if not rules.surplus_in_cash or now.state is VoucherState.EXPIRED:
        raise Refused(NOT_IN_CASH)
    most = now.paid_left - share.paid
    if wish.paid_out > most:
        raise Refused(
            msg("{number}: only {most} of it can be paid out now. Take it out of the payment and look it up again."),
            number=now.voucher.number,
            most=most,
        )


def _spent_elsewhere(session: Session, now: VoucherStanding, wish: Wish, left: Money) -> Refused | None:
    if wish.amount + wish.paid_out <= left:
        return None
    last = last_taking(session, now.voucher)
    if last is None:
        return Refused(msg("{number}: only {left} is left."), number=now.voucher.number, left=left)
    return Refused(
        msg("{number}: only {left} is left. Redeemed at till {till}, {time}."),
        number=now.voucher.number,
        left=left,
        till=last.till_id,
        time=last.at,
    )
