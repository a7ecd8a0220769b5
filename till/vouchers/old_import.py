"""Goes through a table of old vouchers, portion by portion: compares each row with the books and says what it would do."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.clock import local
from till.db.known import KnownKeys
from till.db.staging import ids_in_order
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.ledger.account import Account
from till.money import ZERO, Money
from till.tables.header import Header
from till.tables.row import Row
from till.tables.verdict import Problem, Verdict
from till.vouchers.bookings import VALUE_ACCOUNTS, opened
from till.vouchers.model import Voucher, VoucherOrigin
from till.vouchers.models import VoucherRow
from till.vouchers.numbers import matching
from till.vouchers.old import Arrival, OldVoucher, made
from till.vouchers.old_staging import OldBatch, OldStaging, stored
from till.vouchers.old_table import OldTerms, RowReader, RowRefused
from till.vouchers.sealed import sealed

NUMBER_TWICE = msg("The number stands in row {row} already.")
SOLD_HERE = msg("The number was sold already on {date}.")
OTHER_TERMS = msg("The number is in the books already, as an old voucher over {face}.")
THERE_ALREADY = msg("It is in the books already.")
_COMPARED = select(
    VoucherRow.type_id,
    VoucherRow.number_key,
    VoucherRow.origin,
    VoucherRow.sale,
    VoucherRow.face,
    VoucherRow.issued_at,
)


@dataclass(frozen=True, slots=True)
class OldSums:
    """What an import would bring in: how many, what of it was paid for and what is a gift; how many have expired already.

    `digest` covers the rows of the vouchers in their order, `legs` is how many postings there are.
    """

    count: int
    paid: Money
    gift: Money
    expired: int
    digest: str
    legs: int


class OldImport:
    """One run through a table. Sessions are read only; all that it finds goes into the staging file."""

    def __init__(self, staging: OldStaging, header: Header, terms: OldTerms, arrival: Arrival) -> None:
        self._staging, self._arrival = staging, arrival
        self._reader = RowReader(header, terms)
        self._title = header.titles.get("number", "")
        self._end_title = header.titles.get("valid_until", "")
        self._rows: dict[tuple[uuid.UUID, str], int] = {}
        self._others: Counter[Account] = Counter()
        self._new_id = ids_in_order()
        self._digest = hashlib.sha256()
        self._count = self._legs = self._expired = self._paid = self._whole = 0

    def begin(self, session: Session) -> None:
        """Learn which numbers there are."""
        self._known = KnownKeys(session, VoucherRow.number_key)

    def stage(self, session: Session, rows: Iterable[Row]) -> None:
        """Read, compare and store one portion."""
        batch = OldBatch()
        read = [(row.number, old, matching(old.number)) for row in rows if (old := self._read(row, batch)) is not None]
        there = self._in_books(session, [key for _, _, key in read])
        for row, old, key in read:
            own = (old.kind.id, key)
            first = self._rows.setdefault(own, row)
            if first != row:
                problem = Problem(self._title, NUMBER_TWICE, {"row": first})
                batch.refuse(row, Verdict.REFUSED, shortened(old.number), problem)
            elif own in there:
                self._compare(row, old, there[own], batch)
            else:
                self._take(row, old, key, batch)
        self._staging.add(batch)

    def finish(self) -> OldSums:
        """Add the other side of all postings, one leg for each account."""
        subject = str(self._arrival.entry_id)
        rest = [(account.value, cents) for account, cents in self._others.items() if cents]
        legs = [(self._legs + n, account, subject, cents) for n, (account, cents) in enumerate(rest)]
        self._legs += len(legs)
        self._staging.add(OldBatch(legs=legs))
        paid, gift = Money(self._paid), Money(self._whole - self._paid)
        return OldSums(self._count, paid, gift, self._expired, self._digest.hexdigest(), self._legs)

    def _read(self, row: Row, batch: OldBatch) -> OldVoucher | None:
        try:
            return self._reader.read(row)
        except RowRefused as refused:
            verdict = Verdict.UNCHANGED if refused.is_skipped else Verdict.REFUSED
            batch.refuse(row.number, verdict, shortened(self._reader.number_in(row)), refused.problem)
            return None

    def _in_books(self, session: Session, keys: Sequence[str]) -> dict[tuple[uuid.UUID, str], Any]:
        wanted = self._known.possible(keys)
        if not wanted:
            return {}
        rows = session.execute(_COMPARED.where(VoucherRow.number_key.in_(wanted)))
        return {(row.type_id, row.number_key): row for row in rows}

    def _compare(self, row: int, old: OldVoucher, there: Any, batch: OldBatch) -> None:
        """The same voucher once more is left out; another one with its number is refused."""
        number = shortened(old.number)
        if there.origin != VoucherOrigin.OLD.value:
            problem = Problem(self._title, SOLD_HERE, {"date": local(there.issued_at, self._arrival.zone).date()})
            batch.refuse(row, Verdict.REFUSED, number, problem)
        elif there.face != old.value or (there.sale == ZERO) != old.is_gift:
            batch.refuse(row, Verdict.REFUSED, number, Problem(self._title, OTHER_TERMS, {"face": there.face}))
        else:
            batch.refuse(row, Verdict.UNCHANGED, number, Problem(self._title, THERE_ALREADY, {}))

    def _take(self, row: int, old: OldVoucher, key: str, batch: OldBatch) -> None:
        try:
            voucher = made(old, self._arrival, self._new_id())
        except Refused as refusal:
            batch.refuse(row, Verdict.REFUSED, shortened(old.number), Problem.of(self._end_title, refusal))
            return
        for leg in opened(voucher):
            if leg.account in VALUE_ACCOUNTS:
                batch.legs.append((self._legs, leg.account.value, leg.subject, leg.amount.cents))
                self._legs += 1
            else:
                self._others[leg.account] += leg.amount.cents
        batch.vouchers.append((row, *stored(voucher, key)))
        self._count_in(voucher)

    def _count_in(self, voucher: Voucher) -> None:
        self._digest.update(sealed(voucher))
        self._count += 1
        self._paid += voucher.sale.cents
        self._whole += voucher.face.cents
        self._expired += voucher.valid_until < self._arrival.today
