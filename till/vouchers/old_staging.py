"""The file in which an import of old vouchers is made ready, as the books will have them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from till.db.cipher import FileKey
from till.db.staging import StagingFile
from till.ledger.large import Leg
from till.money import Money
from till.tables.verdict import Problem, Verdict
from till.vouchers.model import Voucher

VOUCHER_COLUMNS = (
    "id",
    "type_id",
    "type_name",
    "type_plu",
    "number",
    "number_key",
    "sale",
    "face",
    "vat_treatment",
    "vat_key",
    "vat_rate_bp",
    "valid_from",
    "valid_until",
    "issued_at",
    "issued_till",
    "issued_number",
    "text",
    "origin",
    "entry_id",
    "receivable_name",
)
"""Those of the books' table that an old voucher fills; what stands in the staged ones is what SQLite stores for them."""

VOUCHERS = f"SELECT {', '.join(VOUCHER_COLUMNS)} FROM {{file}}sorted_voucher ORDER BY rowid"  # noqa: S608 - own names
LEGS = "SELECT position, account, subject, amount FROM {file}staged_leg ORDER BY position"

_NAMES = ", ".join(VOUCHER_COLUMNS)
_SCHEMA = f"""
CREATE TABLE verdict(row INTEGER PRIMARY KEY, verdict TEXT NOT NULL, number TEXT, detail TEXT);
CREATE TABLE staged_voucher(row INTEGER PRIMARY KEY, {_NAMES});
CREATE TABLE staged_leg(position INTEGER PRIMARY KEY, account TEXT, subject TEXT, amount INTEGER);
"""
_SHOWN = "row, number, type_name, sale, face, valid_from, valid_until"
_INSTANT = len("2026-11-20 11:00:00.000000")


@dataclass(frozen=True, slots=True)
class StagedTerms:
    """What a preview tells of a row that would be brought in."""

    type_name: str
    sale: Money
    face: Money
    sold_on: dt.date
    valid_until: dt.date


@dataclass(frozen=True, slots=True)
class OldRow:
    """What is said about one row: `terms` of a good one, `problem` of one that is refused or left out."""

    row: int
    verdict: Verdict
    number: str
    terms: StagedTerms | None = None
    problem: Problem | None = None


@dataclass(slots=True)
class OldBatch:
    """The rows of one portion, as they are stored."""

    verdicts: list[tuple[int, str, str, str]] = field(default_factory=list)
    vouchers: list[tuple[object, ...]] = field(default_factory=list)
    legs: list[tuple[int, str, str, int]] = field(default_factory=list)

    def refuse(self, row: int, verdict: Verdict, number: str, problem: Problem) -> None:
        """Keep a row out, with its reason."""
        self.verdicts.append((row, verdict.value, number, problem.as_json()))


class OldStaging(StagingFile):
    """The staging file of old vouchers."""

    def __init__(self, path: Path, key: FileKey | None) -> None:
        super().__init__(path, key, _SCHEMA)

    def add(self, batch: OldBatch) -> None:
        """Store a portion."""
        self.insert(verdict=batch.verdicts, staged_voucher=batch.vouchers, staged_leg=batch.legs)

    def counts(self) -> dict[Verdict, int]:
        """How many rows have which verdict."""
        counts = dict.fromkeys((Verdict.NEW, Verdict.UNCHANGED, Verdict.REFUSED), 0)
        counts |= {Verdict(v): n for v, n in self.query("SELECT verdict, count(*) FROM verdict GROUP BY verdict")}
        counts[Verdict.NEW] = next(self.query("SELECT count(*) FROM staged_voucher"))[0]
        return counts

    def rows(self, verdict: Verdict, after_row: int, limit: int) -> list[OldRow]:
        """The next rows behind `after_row` with this verdict."""
        if verdict is Verdict.NEW:
            new = f"SELECT {_SHOWN} FROM staged_voucher WHERE row > ? ORDER BY row LIMIT ?"  # noqa: S608 - own names
            return [_good(*row) for row in self.query(new, (after_row, limit))]
        wanted = "SELECT row, number, detail FROM verdict WHERE verdict = ? AND row > ? ORDER BY row LIMIT ?"
        return [
            OldRow(row, verdict, number, problem=Problem.from_json(detail))
            for row, number, detail in self.query(wanted, (verdict.value, after_row, limit))
        ]

    def legs(self) -> Iterator[Leg]:
        """All legs in their order."""
        return ((account, subject, cents) for _, account, subject, cents in self.query(LEGS.format(file="")))

    def sort(self) -> None:
        """Lay the vouchers down by their numbers, before anybody has to wait: the books' indexes grow at their ends then."""
        self.connection.execute("DROP TABLE IF EXISTS sorted_voucher")
        rows = f"SELECT {_NAMES} FROM staged_voucher ORDER BY number_key"  # noqa: S608 - own names
        self.connection.execute(f"CREATE TABLE sorted_voucher AS {rows}")

    def vouchers(self) -> Iterator[tuple[object, ...]]:
        """All vouchers as VOUCHER_COLUMNS has them, as `sort` has laid them down."""
        return self.query(VOUCHERS.format(file=""))


def stored(voucher: Voucher, key: str) -> tuple[object, ...]:
    """An old voucher as SQLite stores it in the books, in the order of VOUCHER_COLUMNS; `key` finds its number."""
    return (
        voucher.id.hex,
        voucher.type_id.hex,
        voucher.type_name,
        voucher.type_plu,
        voucher.number,
        key,
        voucher.sale.cents,
        voucher.face.cents,
        voucher.vat_treatment.value,
        voucher.vat_key.value,
        voucher.vat_rate_bp,
        voucher.valid_from.isoformat(),
        voucher.valid_until.isoformat(),
        voucher.issued_at.isoformat(" ", "microseconds")[:_INSTANT],
        voucher.issued_till,
        voucher.issued_number,
        voucher.text,
        voucher.origin.value,
        None if voucher.entry_id is None else voucher.entry_id.hex,
        voucher.receivable_name,
    )


def _good(row: int, number: str, type_name: str, *terms: object) -> OldRow:
    sale, face, begin, end = terms
    told = StagedTerms(type_name, Money(int(str(sale))), Money(int(str(face))), _day(begin), _day(end))
    return OldRow(row, Verdict.NEW, number, told)


def _day(stored: object) -> dt.date:
    return dt.date.fromisoformat(str(stored))
