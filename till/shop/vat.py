"""VAT rates by date: the day of the supply decides, never the day of the receipt or invoice (60-fiscal A5)."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.errors import Refused
from till.i18n import msg, resource
from till.shop.models import VatRateRow


class Supply(StrEnum):
    """Kinds of supply whose VAT key the law has changed or may change; food eaten in the shop moved four times."""

    GENERAL = "general"
    REDUCED = "reduced"
    RESTAURANT_FOOD = "restaurant-food"
    DRINKS = "drinks"


@dataclass(frozen=True, slots=True)
class VatRate:
    """The rate of a key in basis points (19 % = 1900) between two days, both included; `valid_to` None = open."""

    key: VatKey
    valid_from: dt.date
    valid_to: dt.date | None
    rate_bp: int

    def is_valid_on(self, day: dt.date) -> bool:
        """Whether it counts on a local `day`."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def rate_on(rates: Iterable[VatRate], key: VatKey, day: dt.date) -> int:
    """The rate of `key` on a local `day` in basis points; Refused where none is valid."""
    for rate in rates:
        if rate.key is key and rate.is_valid_on(day):
            return rate.rate_bp
    raise Refused(
        msg("There is no VAT rate for key {key} on {day}. Enter it in the shop's VAT rates."), key=key.value, day=day
    )


def key_on(supply: Supply, day: dt.date) -> VatKey:
    """The VAT key by which `supply` is taxed on a local `day`; Refused before 2007."""
    for row in _table("vat_keys.csv"):
        if row["supply"] == supply and _period(row).is_valid_on(day):
            return VatKey(int(row["key"]))
    raise Refused(msg("No VAT is known for {day}: it lies before 2007."), day=day)


def next_change(rates: Iterable[VatRate], after: dt.date) -> dt.date | None:
    """The first day after `after` on which a rate begins; the till asks for Z before selling on it (T15)."""
    return min((rate.valid_from for rate in rates if rate.valid_from > after), default=None)


def legal_rates() -> list[VatRate]:
    """The rates of the law since 2007; keys 11, 12, 21 and 22 are for reversals of older sales."""
    return [_period(row) for row in _table("vat_rates.csv")]


def add_rates(session: Session, rates: Iterable[VatRate]) -> None:
    """Store rates; a key has one rate per first day."""
    session.execute(insert(VatRateRow), [asdict(rate) for rate in rates])


def replace_rates(session: Session, rates: Iterable[VatRate]) -> None:
    """Store these rates in the place of all that are there."""
    session.execute(delete(VatRateRow))
    add_rates(session, rates)


def stored_rates(session: Session) -> list[VatRate]:
    """All rates of the shop."""
    columns = select(VatRateRow.key, VatRateRow.valid_from, VatRateRow.valid_to, VatRateRow.rate_bp)
    rows = session.execute(columns.order_by(VatRateRow.key, VatRateRow.valid_from))
    return [VatRate(VatKey(row.key), row.valid_from, row.valid_to, row.rate_bp) for row in rows]


def _table(name: str) -> Iterator[dict[str, str]]:
    with resource(name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _period(row: dict[str, str]) -> VatRate:
    return VatRate(
        key=VatKey(int(row["key"])),
        valid_from=dt.date.fromisoformat(row["valid_from"]),
        valid_to=dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        rate_bp=int(row.get("rate_bp") or 0),
    )
