"""The table of old vouchers: its own columns and those of JTL-Vouchers, and how a row becomes a voucher (V53)."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from till.business_case import VatKey
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.money import Money
from till.tables import cells
from till.tables.header import Column, Header
from till.tables.row import Row
from till.tables.verdict import Problem
from till.tables.writing import Value
from till.vouchers.model import VatTreatment, VoucherType
from till.vouchers.numbers import MAX_LENGTH
from till.vouchers.old import OldVoucher, check_sold_on, check_value, checked_number

COLUMNS = (
    Column(
        "number",
        "Nummer",
        ("Gutscheinnummer", "Gutschein-Nr", "Nr", "Gutscheincode", "Code", "voucher number", "number"),
        is_required=True,
    ),
    Column(
        "value",
        "Restwert",
        ("Wert", "Betrag", "Restbetrag", "Guthaben", "Saldo", "amount", "value", "balance", "remaining"),
        is_required=True,
    ),
    Column("type", "Gutscheinart", ("Gutscheintyp", "voucher type")),
    Column("plu", "Kassennummer", ("PLU",)),
    Column("origin", "Bezahlt", ("Bezahlt oder geschenkt", "Herkunft", "paid or gift", "kind")),
    Column("sold_on", "Verkauft am", ("Verkaufsdatum", "Ausgestellt am", "Kaufdatum", "sold on", "sold", "issued")),
    Column("valid_until", "Gültig bis", ("Ablaufdatum", "Gültigkeit", "valid until", "expires", "expiry")),
    Column("own_id", "custom_id"),
    Column("jtl_type", "type"),
    Column("sku", "sku"),
    Column("status", "status"),
    Column("currency", "currency", ("Währung",)),
    Column("taxable", "taxable"),
    Column("tax_rate", "tax_rate"),
    Column("period", "validity_value"),
    Column("unit", "validity_interval"),
)
"""From `own_id` on those that only JTL-Vouchers writes; its pin and batch are left out."""

WRITTEN = tuple(
    column for column in COLUMNS if column.key in {"number", "value", "plu", "origin", "sold_on", "valid_until"}
)
_FOREIGN = frozenset(column.key for column in COLUMNS[COLUMNS.index(Column("own_id", "custom_id")) :])
_MOST_REMEMBERED = 2000
_MOST_PERIOD = 1200
_PAID = frozenset({"bezahlt", "gekauft", "verkauft", "paid", "sold", "purchased", "ja", "j", "yes", "1", "x"})
_GIFT = frozenset({"geschenk", "geschenkt", "gratis", "gift", "free", "goodwill", "nein", "n", "no", "0"})
_GOOD = frozenset({"", "active", "aktiv", "valid", "gültig", "open", "offen", "new", "neu", "enabled", "1", "true"})
_DONE = frozenset(
    {
        *("inactive", "inaktiv", "used", "redeemed", "eingelöst", "verbraucht", "expired", "abgelaufen", "cancelled"),
        *(
            "canceled",
            "storniert",
            "blocked",
            "gesperrt",
            "disabled",
            "deaktiviert",
            "deleted",
            "gelöscht",
            "0",
            "false",
        ),
    }
)
_PERCENT = frozenset({"percent", "percentage", "prozent", "discount", "rabatt", "%"})
_DAYS = dict.fromkeys(("d", "day", "days", "tag", "tage", "tagen"), 1)
_DAYS |= dict.fromkeys(("w", "week", "weeks", "woche", "wochen"), 7)
_MONTHS = dict.fromkeys(("m", "month", "months", "monat", "monate", "monaten"), 1)
_MONTHS |= dict.fromkeys(("y", "year", "years", "j", "jahr", "jahre", "jahren"), 12)

_NO_NUMBER = msg("The row has no voucher number.")
_NO_VALUE = msg("The row has no value.")
_NO_TYPE = msg("There is no voucher type “{name}”.")
_TWO_TYPES = msg("Several voucher types are called “{name}”. Write the type’s number into “Kassennummer”.")
_NEITHER = msg("“{cell}” is neither paid nor a gift. Write bezahlt or geschenkt.")
_OTHER_CURRENCY = msg("The till counts in EUR; this voucher is in {currency}.")
_NOT_ACTIVE = msg("Its status is “{status}”: left out.")
_NO_STATUS = msg("“{status}” is no known status. Write active, or inactive for one that is not to be brought in.")
_PERCENTAGE = msg("It is worth a percentage. Only vouchers with an amount can be brought in.")
_NO_UNIT = msg("“{cell}” is no period. Write day, week, month or year.")
_TAXED = msg("It was taxed when it was sold, and the type “{name}” is taxed when it is redeemed. Choose another type.")
_NOT_TAXED = msg("It was not taxed when it was sold, and the type “{name}” is. Choose another type.")
_OTHER_RATE = msg("It was taxed with {rate} %, and the type “{name}” has another rate. Choose another type.")


class Skipped(Refused):
    """A row that is not wrong, but is left out."""


@dataclass(frozen=True, slots=True)
class Defaults:
    """What counts for the rows of a file that say nothing themselves."""

    kind: VoucherType
    is_gift: bool = False
    valid_until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class OldTerms:
    """What rows are read with: the shop's types, the rates in basis points by key, and today."""

    types: Sequence[VoucherType]
    rates_bp: Mapping[VatKey, int]
    today: dt.date
    defaults: Defaults


@dataclass(slots=True)
class _Cells:
    """The cells of a row by the keys of their columns; `at` is the one that is being read."""

    row: Row
    places: Mapping[str, int]
    at: str = field(default="")

    def of(self, key: str) -> str:
        """What stands there without blanks, "" for nothing."""
        self.at = key
        place = self.places.get(key)
        return "" if place is None or place >= len(self.row.cells) else self.row.cells[place].strip()


class RowReader:
    """Reads the rows below one header."""

    def __init__(self, header: Header, terms: OldTerms) -> None:
        self._terms = terms
        self._places, self._titles = header.places, header.titles
        self._is_foreign = not _FOREIGN.isdisjoint(header.places)
        self._by_plu = {kind.plu.casefold(): kind for kind in terms.types}
        self._by_name: dict[str, list[VoucherType]] = {}
        for kind in terms.types:
            self._by_name.setdefault(kind.name.strip().casefold(), []).append(kind)
        self._kind_called = functools.lru_cache(_MOST_REMEMBERED)(self._kind_named)
        self._day = functools.lru_cache(_MOST_REMEMBERED)(cells.day)
        self._money = functools.lru_cache(_MOST_REMEMBERED)(_value)

    def number_in(self, row: Row) -> str:
        """What the row says its number is, as it stands there."""
        found = _Cells(row, self._places)
        return found.of("number") or found.of("own_id")

    def read(self, row: Row) -> OldVoucher:
        """The voucher that the row describes; raises RowRefused with the column that is wrong."""
        found = _Cells(row, self._places)
        try:
            return self._read(found)
        except Refused as refusal:
            title = self._titles.get(found.at, "")
            raise RowRefused(Problem.of(title, refusal), is_skipped=isinstance(refusal, Skipped)) from refusal

    def _read(self, found: _Cells) -> OldVoucher:
        if self._is_foreign:
            _check_status(found.of("status"))
            _check_currency(found.of("currency"))
        number = found.of("number") or found.of("own_id")
        if not number:
            raise Refused(_NO_NUMBER)
        number = checked_number(cells.code(number, MAX_LENGTH))
        kind = self._kind(found)
        amount = found.of("value")
        if not amount:
            raise Refused(_NO_VALUE)
        value = self._money(amount)
        sold_on = self._sold_on(found.of("sold_on"))
        return OldVoucher(kind, number, value, self._is_gift(found.of("origin")), sold_on, self._until(found, sold_on))

    def _kind(self, found: _Cells) -> VoucherType:
        plu = found.of("plu")
        if plu:
            return self._kind_with(plu)
        name = found.of("type")
        if name:
            return self._kind_called(name)
        if not self._is_foreign:
            return self._terms.defaults.kind
        kind = self._foreign_kind(found)
        self._check_tax(found, kind)
        return kind

    def _foreign_kind(self, found: _Cells) -> VoucherType:
        """JTL's words for a kind are not the shop's own; one that names none of its types means the usual one."""
        if found.of("jtl_type").casefold() in _PERCENT:
            raise Refused(_PERCENTAGE)
        told = (found.of("sku").casefold(), found.of("jtl_type").casefold())
        return next((self._by_plu[one] for one in told if one in self._by_plu), self._terms.defaults.kind)

    def _kind_with(self, plu: str) -> VoucherType:
        kind = self._by_plu.get(plu.removesuffix(".0").casefold())
        if kind is None:
            raise Refused(_NO_TYPE, name=shortened(plu))
        return kind

    def _kind_named(self, name: str) -> VoucherType:
        kinds = self._by_name.get(name.casefold(), [])
        if len(kinds) > 1:
            raise Refused(_TWO_TYPES, name=shortened(name))
        return kinds[0] if kinds else self._kind_with(name)

    def _check_tax(self, found: _Cells, kind: VoucherType) -> None:
        taxable = found.of("taxable")
        if not taxable:
            return
        is_single = kind.vat_treatment is VatTreatment.SINGLE_PURPOSE
        if cells.truth(taxable) != is_single:
            raise Refused(_NOT_TAXED if is_single else _TAXED, name=kind.name)
        rate = found.of("tax_rate")
        if is_single and rate and cells.percent(rate) != self._terms.rates_bp.get(kind.vat_key):
            raise Refused(_OTHER_RATE, rate=rate.removesuffix("%").strip(), name=kind.name)

    def _is_gift(self, cell: str) -> bool:
        word = cell.casefold()
        if not word:
            return self._terms.defaults.is_gift
        if word not in _PAID | _GIFT:
            raise Refused(_NEITHER, cell=shortened(cell))
        return word in _GIFT

    def _sold_on(self, cell: str) -> dt.date | None:
        if not cell:
            return None
        day = self._day(cell)
        check_sold_on(day, self._terms.today)
        return day

    def _until(self, found: _Cells, sold_on: dt.date | None) -> dt.date | None:
        """The row's own day, else its period from the sale on, else the file's; None: the type decides."""
        cell = found.of("valid_until")
        if cell:
            return self._day(cell)
        period = found.of("period") if self._is_foreign else ""
        if period and period.removesuffix(".0") != "0":
            count = cells.whole(period, 1, _MOST_PERIOD)
            return _later(sold_on or self._terms.today, count, found.of("unit"))
        return self._terms.defaults.valid_until


class RowRefused(Exception):  # noqa: N818 - carries what a preview tells of a row
    """A row that is not brought in, and why; `is_skipped`: it is not wrong, but is to be left out."""

    def __init__(self, problem: Problem, *, is_skipped: bool) -> None:
        super().__init__(problem)
        self.problem, self.is_skipped = problem, is_skipped


def example(kinds: Sequence[VoucherType], today: dt.date) -> list[list[Value]]:
    """Rows that show how a table is filled in, in the order of WRITTEN: with every column, and with as little as can be."""
    plu = kinds[0].plu if kinds else ""
    sold = today.replace(day=1) - dt.timedelta(days=40)
    until = sold.replace(year=sold.year + 3, month=12, day=31)
    return [
        ["000123", Money(2500), plu, "bezahlt", sold, until],
        ["GS-2024-07", Money(1250), plu, "geschenkt", None, until],
        ["4711", Money(4990), "", "", None, None],
    ]


def _value(cell: str) -> Money:
    value = cells.money(cell)
    check_value(value)
    return value


def _check_status(cell: str) -> None:
    word = cell.casefold()
    if word in _DONE:
        raise Skipped(_NOT_ACTIVE, status=shortened(cell))
    if word not in _GOOD:
        raise Refused(_NO_STATUS, status=shortened(cell))


def _check_currency(cell: str) -> None:
    if cell and cell.upper() not in {"EUR", "€", "EURO"}:
        raise Refused(_OTHER_CURRENCY, currency=shortened(cell))


def _later(day: dt.date, count: int, unit: str) -> dt.date:
    """The day this long after another one; a month more is the same day of the next month, or its last one."""
    word = unit.casefold()
    if word in _DAYS:
        return day + dt.timedelta(days=_DAYS[word] * count)
    if word not in _MONTHS:
        raise Refused(_NO_UNIT, cell=shortened(unit))
    whole = day.year * 12 + day.month - 1 + _MONTHS[word] * count
    year, month = whole // 12, whole % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
