"""VAT inside gross prices: one rounding per key and receipt, spread over its lines to the cent."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import floor

from till.money import Money, half_up


def included_tax(gross: Money, rate_bp: int) -> Money:
    """The VAT in `gross` at `rate_bp` basis points (19 % = 1900): half-up(gross * r / (100 + r)).

    60-fiscal A3.4 rule 1; the sign follows `gross`.
    """
    return half_up(_exact_tax(gross, rate_bp))


def spread_tax(grosses: Sequence[Money], rate_bp: int) -> list[Money]:
    """The VAT of each line, summing exactly to `included_tax` of their total.

    Largest remainder, ties to the earlier line (60-fiscal A3.4 rule 1: 2,50 at 7 % as 1,00 and 1,50
    is 0,06 and 0,10). Lines may be negative (discounts).
    """
    whole = included_tax(Money(sum(gross.cents for gross in grosses)), rate_bp)
    return spread_whole(whole, grosses, rate_bp)


def spread_whole(whole: Money, grosses: Sequence[Money], rate_bp: int) -> list[Money]:
    """As `spread_tax`, for a whole that was rounded elsewhere and is less than a cent off (see `returned_tax`)."""
    exact = [_exact_tax(gross, rate_bp) for gross in grosses]
    cents = [floor(share) for share in exact]
    missing = whole.cents - sum(cents)
    by_remainder = sorted(range(len(exact)), key=lambda i: (cents[i] - exact[i], i))
    for i in by_remainder[:missing]:
        cents[i] += 1
    return [Money(c) for c in cents]


def returned_tax(before: Money, now: Money, rate_bp: int) -> Money:
    """The VAT of returning `now` after `before` was returned from the same key and receipt (both gross, same sign).

    Differences of the running total, so that a full return in any number of steps is exactly the
    tax that was charged (architecture 7, VAT).
    """
    return included_tax(before + now, rate_bp) - included_tax(before, rate_bp)


def _exact_tax(gross: Money, rate_bp: int) -> Fraction:
    return Fraction(gross.cents * rate_bp, 10_000 + rate_bp)
