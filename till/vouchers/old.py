"""Old vouchers: sold before this till was there, and brought in with what is left on them (V52)."""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import ZoneInfo

from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.money import MAX_CENTS, ZERO, Money
from till.shop.vat import VatRate, rate_on
from till.vouchers.model import VatTreatment, Voucher, VoucherOrigin, VoucherType
from till.vouchers.numbers import checked
from till.vouchers.terms import TermRule, valid_until

FIRST_DAY = dt.date(1990, 1, 1)
NOTHING_LEFT = msg("An old voucher needs a value above 0. One that is used up is not brought in.")
TOO_MUCH = msg("A voucher can’t be worth {amount}.")
NOT_YET_SOLD = msg("{day} is still to come. An old voucher was sold today at the latest.")
LONG_AGO = msg("{day} is no day on which a voucher was sold. Is the year right?")
ENDS_BEFORE = msg("It would be valid until {until}, and it was sold on {sold} only.")
FOREIGN_LETTER = msg(
    "“{number}” has the letter {letter}, which no scanner of the shop reads and which looks like another."
)


@dataclass(frozen=True, slots=True)
class OldVoucher:
    """What is told of an old voucher: `value` is what is left on it. Its type's numbering rule does not count.

    `is_gift`: nobody paid for it, so that all of it is bonus. Without `sold_on` it counts as sold on the day on which it is
    brought in; without `valid_until` its type's rule counts from then on.
    """

    kind: VoucherType
    number: str
    value: Money
    is_gift: bool = False
    sold_on: dt.date | None = None
    valid_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What all vouchers have in common that are brought in together, by the entry `entry_id` of the ledger.

    `rates` are all of the shop: a single-purpose voucher was taxed with that of the day on which it was sold.
    """

    entry_id: uuid.UUID
    till_id: str
    now: dt.datetime
    today: dt.date
    zone: str
    rule: TermRule
    rates: tuple[VatRate, ...]


def checked_number(number: str) -> str:
    """The number without blanks around it; refused in words where no voucher can have it, or nobody could type it."""
    plain = checked(number)
    if plain.isascii():
        return plain
    for letter in plain:
        if not letter.isascii() and (letter.isalnum() or letter.isspace()) and not _is_latin(letter):
            raise Refused(FOREIGN_LETTER, number=shortened(plain), letter=letter)
    return plain


def check_value(value: Money) -> None:
    """Refuse a value that no voucher has."""
    if value <= ZERO:
        raise Refused(NOTHING_LEFT)
    if value.cents > MAX_CENTS:
        raise Refused(TOO_MUCH, amount=value)


def check_sold_on(day: dt.date, today: dt.date) -> None:
    """Refuse a day on which the voucher can't have been sold."""
    if day > today:
        raise Refused(NOT_YET_SOLD, day=day)
    if day < FIRST_DAY:
        raise Refused(LONG_AGO, day=day)


def end_of(old: OldVoucher, arrival: Arrival) -> dt.date:
    """The last day of its validity; refused when it lies before the sale. One that lies in the past is not."""
    begin = old.sold_on or arrival.today
    until = old.valid_until or valid_until(old.kind, begin, arrival.rule)
    if old.sold_on is not None and until < old.sold_on:
        raise Refused(ENDS_BEFORE, until=until, sold=old.sold_on)
    return until


def brought_in(old: OldVoucher, arrival: Arrival, voucher_id: uuid.UUID) -> Voucher:
    """The voucher as it is from now on, active at once; refuses in words what is wrong with it."""
    checked = replace(old, number=checked_number(old.number))
    check_value(checked.value)
    if checked.sold_on is not None:
        check_sold_on(checked.sold_on, arrival.today)
    return made(checked, arrival, voucher_id)


def made(old: OldVoucher, arrival: Arrival, voucher_id: uuid.UUID) -> Voucher:
    """As `brought_in`, of one whose number, value and day of sale are checked already."""
    kind, value = old.kind, old.value
    until = end_of(old, arrival)
    return Voucher(
        id=voucher_id,
        type_id=kind.id,
        type_name=kind.name,
        type_plu=kind.plu,
        number=old.number,
        sale=ZERO if old.is_gift else value,
        face=value,
        vat_treatment=kind.vat_treatment,
        vat_key=kind.vat_key,
        vat_rate_bp=_rate(arrival.rates, kind, old.sold_on or arrival.today),
        valid_from=old.sold_on or min(arrival.today, until),
        valid_until=until,
        issued_at=arrival.now if old.sold_on is None else _noon(old.sold_on, arrival.zone),
        issued_till=arrival.till_id,
        issued_number=0,
        origin=VoucherOrigin.OLD,
        entry_id=arrival.entry_id,
    )


def _rate(rates: tuple[VatRate, ...], kind: VoucherType, day: dt.date) -> int:
    return rate_on(rates, kind.vat_key, day) if kind.vat_treatment is VatTreatment.SINGLE_PURPOSE else 0


@cache
def _is_latin(letter: str) -> bool:
    """Whether it is a Latin letter as keyboards have it: Ä is one, neither the Greek Α nor the wide Ａ is."""
    return unicodedata.name(letter, "").startswith("LATIN ")


@cache
def _noon(day: dt.date, zone: str) -> dt.datetime:
    """The middle of the day, which is the same day in every other zone of Europe too."""
    return dt.datetime.combine(day, dt.time(12), ZoneInfo(zone)).astimezone(dt.UTC)
