"""The model's VAT: rates by day, keys of former rates, the tax inside a gross amount; plain integers, without the till."""

from __future__ import annotations

import datetime as dt

from till.simulation.shopping import half_up

NOT_TAXABLE = 5
_RATES = (
    (dt.date(2007, 1, 1), {1: 1900, 2: 700}),
    (dt.date(2020, 7, 1), {1: 1600, 2: 500}),
    (dt.date(2021, 1, 1), {1: 1900, 2: 700}),
)
_FORMER = {11: 1900, 12: 700, 21: 1600, 22: 500}


def rate(key: int, day: dt.date) -> int:
    """The rate of a VAT key on a local day (§ 12 UStG, § 28 UStG)."""
    if key in _FORMER:
        return _FORMER[key]
    return next(rates for since, rates in reversed(_RATES) if since <= day).get(key, 0)


def rates_changed(since: dt.date, until: dt.date) -> bool:
    """Whether rates began after `since`, and not later than `until`."""
    return any(since < first <= until for first, _ in _RATES)


def key_then(key: int, rate_bp: int, day: dt.date) -> int:
    """The key on `day` for what was taxed with `key` at `rate_bp`: one of its own where the rate is another by now."""
    if rate(key, day) == rate_bp:
        return key
    return next(former for former, bp in _FORMER.items() if bp == rate_bp and former % 10 == key)


def tax_in(gross: int, rate_bp: int) -> int:
    """The VAT inside a gross amount."""
    return half_up(gross * rate_bp, 10_000 + rate_bp)
