"""The report of what is owed for vouchers in words and rows, for tables and paper (10-vouchers V46)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from till.formats import Formats
from till.i18n import Translator, msg
from till.money import Money
from till.reports.voucher_liability import Left, LiabilityRow, VoucherLiability, sum_of
from till.tables.writing import Value
from till.vouchers.model import VatTreatment

TITLE = msg("Voucher liability")
PROVED = msg("Proved: voucher by voucher and account by account it comes to the same cent.")
DIFFERS = msg(
    "The vouchers come to {counted}, the accounts to {ledger}. Something in the books is wrong: let them be checked "
    "(till verify) before you use these figures."
)
DIFFERS_ELSEWHERE = msg(
    "What single-purpose vouchers, bonus parts or the months come to is not what the accounts say. Let the books be checked "
    "(till verify) before you use these figures."
)
SECTIONS = {
    VatTreatment.MULTI_PURPOSE: msg("Multi-purpose vouchers: what the shop owes"),
    VatTreatment.SINGLE_PURPOSE: msg("Single-purpose vouchers: taxed when they were sold, for the record"),
}
KINDS = {VatTreatment.MULTI_PURPOSE: msg("multi-purpose"), VatTreatment.SINGLE_PURPOSE: msg("single-purpose")}
OLD = msg("old voucher")
TOTAL = msg("Total")
LEDGER = msg("The accounts say")
TITLES = (
    msg("VAT"),
    msg("Voucher type"),
    msg("Year of sale"),
    msg("Old voucher"),
    msg("Count"),
    msg("Paid, left"),
    msg("Bonus, left"),
    msg("Expired, paid part"),
    msg("Expired, bonus part"),
    msg("Expires soon, paid part"),
    msg("Expires soon, bonus part"),
)
SHORT_TITLES = (
    msg("Voucher type"),
    msg("Year of sale"),
    msg("Count"),
    msg("Paid, left"),
    msg("Bonus, left"),
    msg("Expired"),
    msg("Expires soon"),
)
SHORT_SECTIONS = {
    VatTreatment.MULTI_PURPOSE: msg("Multi-purpose: owed"),
    VatTreatment.SINGLE_PURPOSE: msg("Single-purpose: taxed already"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with its values, for `Formats.sentence`."""

    msgid: str
    values: dict[str, object] = field(default_factory=dict)


def proof(report: VoucherLiability) -> Said:
    """Whether the figures are proved; if not, by how much they are wrong."""
    if report.is_proved:
        return Said(PROVED)
    if report.counted.multi != report.ledger.multi:
        return Said(DIFFERS, {"counted": report.counted.multi, "ledger": report.ledger.multi})
    return Said(DIFFERS_ELSEWHERE)


def titles(t: Translator) -> list[str]:
    """The titles of `table`."""
    return [t(title) for title in TITLES]


def table(report: VoucherLiability, formats: Formats) -> Iterator[list[Value]]:
    """A row for each type and year, then the sums of each treatment and what the accounts say."""
    t = formats.translator
    for row in report.rows:
        head: list[Value] = [t(KINDS[row.treatment]), row.type_name, row.year, t(OLD) if row.is_old else ""]
        yield head + _figures(row.left, row.expired, row.expiring)
    for treatment in VatTreatment:
        rows = report.of(treatment)
        head = [t(KINDS[treatment]), t(TOTAL), None, ""]
        yield head + _figures(*totals(rows))
    yield _said_by_ledger(t, VatTreatment.MULTI_PURPOSE, report.ledger.multi)
    yield _said_by_ledger(t, VatTreatment.SINGLE_PURPOSE, report.ledger.single)


def totals(rows: tuple[LiabilityRow, ...]) -> tuple[Left, Left, Left]:
    """What is left in all, what of it has expired, what soon will."""
    return (
        sum_of(row.left for row in rows),
        sum_of(row.expired for row in rows),
        sum_of(row.expiring for row in rows),
    )


def _figures(left: Left, expired: Left, expiring: Left) -> list[Value]:
    amounts: list[Value] = [amount for part in (left, expired, expiring) for amount in (part.paid, part.bonus)]
    return [left.count, *amounts]


def _said_by_ledger(t: Translator, treatment: VatTreatment, paid: Money) -> list[Value]:
    nothing: list[Value] = [None] * 5
    return [t(KINDS[treatment]), t(LEDGER), None, "", None, paid, *nothing]
