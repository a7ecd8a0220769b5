"""Plans changes of VAT rates: whole days only, each key with exactly one rate on each day (pure; T15, 60-fiscal A5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from till.business_case import VatKey
from till.errors import Refused
from till.i18n import msg
from till.shop.vat import VatRate

CHANGEABLE = (VatKey.GENERAL, VatKey.REDUCED, VatKey.AVERAGE_10_7, VatKey.AVERAGE_5_5)
"""The keys whose rates the law may change; 5 to 7 have none, and the historic keys keep theirs for ever."""

FULL_BP = 10_000
_DAY = dt.timedelta(days=1)
NOT_CHANGEABLE = msg("The rate of VAT key {key} can’t be changed: it belongs to the past, or there is none.")


@dataclass(frozen=True, slots=True)
class RateChange:
    """A new rate of a key in basis points from a day on; `valid_to` is its last day where it is only for a time.

    After a last day the rate of before counts again, as in 2020.
    """

    key: VatKey
    rate_bp: int
    valid_from: dt.date
    valid_to: dt.date | None = None


def with_change(rates: Iterable[VatRate], change: RateChange) -> tuple[VatRate, ...]:
    """The rates with a change put in: what counted until then ends on the day before.

    Refused where the rate is none, the key has none, it changes nothing, or another planned change lies in the way.
    """
    _check(change)
    known = tuple(rates)
    mine = sorted((rate for rate in known if rate.key is change.key), key=lambda rate: rate.valid_from)
    before = next((rate for rate in mine if rate.is_valid_on(change.valid_from)), None)
    if before is None:
        raise Refused(msg("There is no rate before {day} that this one could follow."), day=change.valid_from)
    if before.rate_bp == change.rate_bp:
        raise Refused(msg("This is the rate that counts on {day} already."), day=change.valid_from)
    _check_room(before, mine, change)
    others = [rate for rate in known if rate is not before]
    changed = tuple(sorted([*others, *_parts(before, change)], key=_place))
    check_gapless(changed)
    return changed


def without(rates: Iterable[VatRate], key: VatKey, valid_from: dt.date) -> tuple[VatRate, ...]:
    """The rates without one that was planned; what counts before it goes on in its place."""
    known = tuple(rates)
    gone = next((rate for rate in known if rate.key is key and rate.valid_from == valid_from), None)
    if gone is None:
        raise Refused(msg("This change is not planned any more."))
    before = next((rate for rate in known if rate.key is key and rate.valid_to == valid_from - _DAY), None)
    if before is None:
        raise Refused(msg("This is the first rate of its key, so it can’t be taken out."))
    left = [rate for rate in known if rate not in {gone, before}]
    after = next((rate for rate in left if rate.key is key and _follows(gone, rate)), None)
    if after is not None and after.rate_bp == before.rate_bp:
        left.remove(after)
        gone = after
    return tuple(sorted([*left, replace(before, valid_to=gone.valid_to)], key=_place))


def planned(rates: Iterable[VatRate], today: dt.date) -> tuple[VatRate, ...]:
    """The rates that have not begun yet, the nearest first."""
    return tuple(sorted((rate for rate in rates if rate.valid_from > today), key=lambda r: (r.valid_from, r.key)))


def check_gapless(rates: Iterable[VatRate]) -> None:
    """Refuse rates of one key of which two count on a day, or none does on a day between them."""
    for former, latter in pairwise(sorted(rates, key=_place)):
        if former.key is not latter.key:
            continue
        if former.valid_to is None or former.valid_to >= latter.valid_from:
            raise Refused(msg("Two rates of VAT key {key} would count on {day}."), **_where(latter, latter.valid_from))
        if former.valid_to + _DAY < latter.valid_from:
            raise Refused(
                msg("On {day} no rate of VAT key {key} would count."), **_where(latter, former.valid_to + _DAY)
            )


def _check(change: RateChange) -> None:
    if change.key not in CHANGEABLE:
        raise Refused(NOT_CHANGEABLE, key=change.key.value)
    if not 0 <= change.rate_bp < FULL_BP:
        raise Refused(msg("A VAT rate is between 0 and 99.99 %."))
    if change.valid_to is not None and change.valid_to < change.valid_from:
        raise Refused(
            msg("The last day comes before the first. Rates count for whole days, from the first to the last.")
        )


def _check_room(before: VatRate, mine: list[VatRate], change: RateChange) -> None:
    if before.valid_from == change.valid_from:
        raise Refused(
            msg("A new rate begins on {day} already. Take that change out first, or choose another day."),
            day=change.valid_from,
        )
    later = next((rate for rate in mine if rate.valid_from > change.valid_from), None)
    if later is not None and (change.valid_to is None or change.valid_to >= later.valid_from):
        raise Refused(
            msg("Another change begins on {day}. Let this one end before it, or take that one out first."),
            day=later.valid_from,
        )


def _parts(before: VatRate, change: RateChange) -> Iterator[VatRate]:
    yield replace(before, valid_to=change.valid_from - _DAY)
    ends_by_itself = change.valid_to is not None and change.valid_to != before.valid_to
    last = change.valid_to if ends_by_itself else before.valid_to
    yield VatRate(change.key, change.valid_from, last, change.rate_bp)
    if ends_by_itself and last is not None:
        yield replace(before, valid_from=last + _DAY)


def _follows(former: VatRate, latter: VatRate) -> bool:
    return former.valid_to is not None and latter.valid_from == former.valid_to + _DAY


def _place(rate: VatRate) -> tuple[int, dt.date]:
    return rate.key.value, rate.valid_from


def _where(rate: VatRate, day: dt.date) -> dict[str, object]:
    return {"key": rate.key.value, "day": day}
