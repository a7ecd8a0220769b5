"""Reads the till's books with plain SQL, past all of its own code, and holds them against the model."""

from __future__ import annotations

import json
import uuid
from collections import Counter as Tally
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from till.db.engine import Database
from till.simulation.found import Found, FoundLine
from till.simulation.model import Beside, Closed, Model, Shift
from till.simulation.taxes import NOT_TAXABLE
from till.simulation.voucher import VoucherKey

_UNPLANNED = {"opening-float", "count-difference"}
_PRACTISED = {"training-began", "training-ended", "training-sale", "training-aborted"}
_BACK = ("return", "cancellation", "free-return")
_CARED = ("voucher-correction", "voucher-replacement")
_PLAIN = {"sale", "aborted", "no-sale", "closing", "cash-movement", "cash-reversal", *_UNPLANNED, *_PRACTISED}
_PLAIN |= {*_BACK, *_CARED}
_OTHER_PLACES = ("private", "wages", "tips", "sundry")
Row = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """What the print queue says of a document or voucher: its state by copy number."""

    document: str
    copy: int
    state: str


class Books:
    """The books behind a database URL, read over connections of its own.

    Of the same library: two SQLites in one process would drop each other's locks (sqlite.org/howtocorrupt.html, 2.2.1).
    """

    def __init__(self, url: str) -> None:
        self._database = Database(url)

    def close(self) -> None:
        """Close the connections."""
        self._database.close()

    def sale_number(self, order: str) -> int | None:
        """The number under which this order was booked, if it was."""
        found = self._rows("SELECT number FROM document WHERE id = :id AND kind = 'sale'", id=self._key(order))
        return int(str(found[0][0])) if found else None

    def parked(self, till: str) -> set[str]:
        """The orders that are parked at a till in earnest."""
        rows = self._rows("SELECT order_id FROM parked_basket WHERE till_id = :till AND NOT is_training", till=till)
        return {_hex(row[0]) for row in rows}

    def is_booked(self, document: str) -> bool:
        """Whether there is a document with this id."""
        return bool(self._rows("SELECT number FROM document WHERE id = :id", id=self._key(document)))

    def voucher_id(self, key: VoucherKey) -> uuid.UUID:
        """The id of a voucher by type and number."""
        wanted = "SELECT id FROM voucher WHERE type_plu = :plu AND number = :number"
        return uuid.UUID(_hex(self._rows(wanted, plu=key[0], number=key[1])[0][0]))

    def type_id(self, plu: str) -> uuid.UUID:
        """The id of a voucher type by its number at the till."""
        return uuid.UUID(_hex(self._rows("SELECT id FROM voucher_type WHERE plu = :plu", plu=plu)[0][0]))

    def is_done(self, wish: str) -> bool:
        """Whether something was done to a voucher: its document or event has this id."""
        done = "SELECT 1 FROM document WHERE id = :id UNION ALL SELECT 1 FROM voucher_event WHERE id = :id"
        return bool(self._rows(done, id=self._key(wish)))

    def found(self, document: str) -> Found | None:
        """What stands in the books of a document."""
        key = self._key(document)
        heads = self._rows("SELECT number, kind FROM document WHERE id = :id", id=key)
        if not heads:
            return None
        lines = self._rows(
            "SELECT l.gv_typ, l.vat_key, l.gross, l.tax, l.quantity, l.returns, v.type_plu, v.number "
            "FROM document_line l LEFT JOIN voucher v ON v.id = l.voucher_id WHERE l.document_id = :id ORDER BY l.position",
            id=key,
        )
        paid = self._rows("SELECT tender_id, amount FROM document_payment WHERE document_id = :id", id=key)
        vat = self._rows("SELECT vat_key, gross, tax FROM document_vat WHERE document_id = :id", id=key)
        return Found(
            number=_whole(heads[0][0]),
            kind=str(heads[0][1]),
            lines=tuple(map(_found_line, lines)),
            paid={str(tender): _whole(amount) for tender, amount in paid if amount},
            vat={_whole(k): (_whole(gross), _whole(tax)) for k, gross, tax in vat if gross or tax},
        )

    def open_jobs(self) -> list[Owed]:
        """What the printers still owe."""
        rows = self._rows(
            "SELECT document_id, copy_no, state FROM print_job WHERE state IN ('queued', 'sending', 'uncertain')"
        )
        return [Owed(_hex(document), int(str(copy)), str(state)) for document, copy, state in rows]

    def printed(self) -> set[str]:
        """The documents and vouchers of which the queue knows that they came out."""
        return {_hex(row[0]) for row in self._rows("SELECT document_id FROM print_job WHERE state = 'printed'")}

    def job_document(self, job_id: int) -> str:
        """The document or voucher of a print job."""
        return _hex(self._rows("SELECT document_id FROM print_job WHERE id = :id", id=job_id)[0][0])

    def names(self) -> dict[str, tuple[str, str]]:
        """Till and number of each document, type and number of each voucher, by id."""
        documents = self._rows("SELECT id, till_id, number FROM document")
        vouchers = self._rows("SELECT id, type_name, number FROM voucher")
        return {_hex(key): (str(place), str(number)) for key, place, number in (*documents, *vouchers)}

    def problems(self, model: Model) -> Iterator[str]:
        """Everything in which books and model differ."""
        yield from self._documents(model)
        yield from self._sales(model)
        yield from self._moves(model)
        yield from self._besides(model)
        yield from self._accounts(model)
        yield from self._vouchers(model)
        yield from self._closings(model)
        yield from self._signatures()

    def _documents(self, model: Model) -> Iterator[str]:
        rows = self._rows("SELECT till_id, number, kind FROM document ORDER BY till_id, number")
        seen: dict[str, list[int]] = {}
        for till, number, _ in rows:
            seen.setdefault(str(till), []).append(int(str(number)))
        for till, numbers in seen.items():
            if numbers != list(range(1, len(numbers) + 1)):
                yield f"{till}: the numbers have a gap or begin late: {numbers}"
        kinds = Tally((str(till), str(kind)) for till, _, kind in rows)
        for till, drawer in model.drawers.items():
            opened = kinds[till, "no-sale"]
            if not drawer.opened <= opened <= drawer.opened + drawer.perhaps_opened:
                yield f"{till}: opened without a sale {opened} times, must be {drawer.opened}"
            if kinds[till, "closing"] != len(drawer.closed):
                yield f"{till}: {kinds[till, 'closing']} Z, must be {len(drawer.closed)}"
        strange = {str(kind) for _, _, kind in rows} - _PLAIN
        if strange:
            yield f"documents of an unknown kind: {strange}"

    def _sales(self, model: Model) -> Iterator[str]:
        booked = {
            _hex(key): (str(till), int(str(number)), int(str(total)))
            for key, till, number, total in self._rows(
                "SELECT id, till_id, number, total FROM document WHERE kind = 'sale'"
            )
        }
        must = {order: (sold.till, sold.number, sold.total) for order, sold in model.sales.items()}
        for order in sorted(booked.keys() | must.keys()):
            if booked.get(order) != must.get(order):
                yield f"sale {order}: the books have {booked.get(order)}, must be {must.get(order)}"
        yield from self._vat_and_payments(model)

    def _moves(self, model: Model) -> Iterator[str]:
        booked = {
            _hex(key): (str(till), int(str(total)))
            for key, till, total in self._rows(
                "SELECT id, till_id, total FROM document WHERE kind IN ('cash-movement', 'cash-reversal')"
            )
        }
        must = {document: (moving.till, moving.cents) for document, moving in model.moves.items()}
        for document in sorted(booked.keys() | must.keys()):
            if booked.get(document) != must.get(document):
                yield f"cash moved by {document}: the books have {booked.get(document)}, must be {must.get(document)}"

    def _besides(self, model: Model) -> Iterator[str]:
        """What came back, and what was done to vouchers: each wish once, nothing else."""
        rows = self._rows("SELECT id, till_id, kind FROM document")
        booked = {_hex(key): (str(till), str(kind)) for key, till, kind in rows if kind in {*_BACK, *_CARED}}
        must = {document: (one.till, one.kind) for document, one in model.besides.items() if one.kind}
        for document in sorted(booked.keys() | must.keys()):
            if booked.get(document) != must.get(document):
                yield f"document {document}: the books have {booked.get(document)}, must be {must.get(document)}"
        events = {
            _hex(row[0]) for row in self._rows("SELECT id FROM voucher_event WHERE kind IN ('blocked', 'unblocked')")
        }
        done = {document for document, one in model.besides.items() if not one.kind}
        if events != done:
            yield f"blocked or let go in only one of books and model: {sorted(events ^ done)}"

    def _vat_and_payments(self, model: Model) -> Iterator[str]:
        vat: dict[str, dict[int, tuple[int, int]]] = {}
        for key, vat_key, gross, tax in self._rows("SELECT document_id, vat_key, gross, tax FROM document_vat"):
            if gross or tax:
                vat.setdefault(_hex(key), {})[int(str(vat_key))] = (int(str(gross)), int(str(tax)))
        paid: dict[str, Tally[str]] = {}
        for key, tender, amount in self._rows("SELECT document_id, tender_id, amount FROM document_payment"):
            paid.setdefault(_hex(key), Tally())[str(tender)] += int(str(amount))
        for order, sold in model.sales.items():
            money = {"cash": sold.cash, "card": sold.card}
            name = f"sale {sold.number} of {sold.till}"
            yield from _differing(name, Beside(sold.till, "sale", money, sold.vat), (vat.get(order), paid.get(order)))
        for document, one in model.besides.items():
            if one.kind in _BACK:
                yield from _differing(f"{one.kind} {document}", one, (vat.get(document), paid.get(document)))

    def _accounts(self, model: Model) -> Iterator[str]:
        rows = self._rows("SELECT account, subject, SUM(amount) FROM ledger_posting GROUP BY account, subject")
        sums: Tally[tuple[str, str]] = Tally({(str(a), str(s)): int(str(amount)) for a, s, amount in rows})
        must = {("cash", till): drawer.cash for till, drawer in model.drawers.items()}
        must["tender", "card"] = model.card
        must |= {(account, till): 0 for account in _OTHER_PLACES for till in model.drawers}
        for moving in model.moves.values():
            if moving.account in _OTHER_PLACES:
                must[moving.account, moving.till] -= moving.cents
        for key in model.gross.keys() - {NOT_TAXABLE}:
            must["revenue", str(key)] = model.tax[key] - model.gross[key]
            must["vat", str(key)] = -model.tax[key]
        for account, cents in must.items():
            if sums[account] != cents:
                yield f"account {account} stands at {sums[account]}, must be {cents}"
        if sum(sums.values()):
            yield f"the ledger is off balance by {sum(sums.values())}"

    def _vouchers(self, model: Model) -> Iterator[str]:
        known = {
            (str(plu), str(number)): str(uuid.UUID(_hex(key)))
            for key, plu, number in self._rows("SELECT id, type_plu, number FROM voucher")
        }
        if known.keys() != model.vouchers.keys():
            yield f"vouchers in only one of books and model: {sorted(known.keys() ^ model.vouchers.keys())}"
        rows = self._rows(
            "SELECT account, subject, SUM(amount) FROM ledger_posting "
            "WHERE account IN ('voucher-multi', 'voucher-single', 'voucher-bonus') GROUP BY account, subject"
        )
        left = {(str(account), str(subject)): -int(str(amount)) for account, subject, amount in rows}
        for key in sorted(known.keys() & model.vouchers.keys()):
            yield from _voucher_problems(model, key, left, known[key])
        owed = sum(cents for (account, _), cents in left.items() if account == "voucher-multi")
        must = sum(v.paid_left for v in model.vouchers.values() if not v.good.single)
        if owed != must:
            yield f"the liability for vouchers is {owed}, must be {must}"

    def _closings(self, model: Model) -> Iterator[str]:
        for till, drawer in model.drawers.items():
            rows = self._rows(
                "SELECT z_number, target_cash, counted_cash, totals, business_date FROM closing "
                "WHERE till_id = :till ORDER BY z_number",
                till=till,
            )
            for row, closed in zip(rows, drawer.closed, strict=False):
                yield from (f"Z {row[0]} of {till}: {problem}" for problem in _z_problems(row, closed))

    def _signatures(self) -> Iterator[str]:
        for till, number in self._rows(
            "SELECT d.till_id, d.number FROM document d LEFT JOIN signature s ON s.document_id = d.id "
            "WHERE s.document_id IS NULL ORDER BY d.till_id, d.number"
        ):
            yield f"document {number} of {till} has neither a signature nor an outage"

    def _key(self, plain: str) -> object:
        """A UUID as this database takes it."""
        return plain if self._database.is_sqlite else uuid.UUID(plain)

    def _rows(self, statement: str, **values: object) -> list[Row]:
        with self._database.read() as session:
            return [tuple(row) for row in session.execute(text(statement), values)]


def _hex(stored: object) -> str:
    return uuid.UUID(str(stored)).hex


def _whole(stored: object) -> int:
    return int(str(stored))


def _found_line(row: Row) -> FoundLine:
    gv_typ, vat_key, gross, tax, thousandths, returns, plu, number = row
    return FoundLine(
        gv_typ=str(gv_typ),
        vat_key=_whole(vat_key),
        gross=_whole(gross),
        tax=_whole(tax),
        thousandths=_whole(thousandths),
        returns=None if returns is None else _whole(returns),
        voucher=None if plu is None else (str(plu), str(number)),
    )


def _differing(
    name: str, must: Beside, have: tuple[dict[int, tuple[int, int]] | None, Tally[str] | None]
) -> Iterator[str]:
    vat, paid = have
    if (vat or {}) != must.vat:
        yield f"{name}: VAT is {vat}, must be {dict(must.vat)}"
    moved = {tender: cents for tender, cents in (paid or {}).items() if cents}
    if moved != {tender: cents for tender, cents in must.money.items() if cents}:
        yield f"{name}: paid {paid}, must be {dict(must.money)}"


def _voucher_problems(model: Model, key: VoucherKey, left: dict[tuple[str, str], int], subject: str) -> Iterator[str]:
    voucher = model.vouchers[key]
    account = "voucher-single" if voucher.good.single else "voucher-multi"
    have = (left.get((account, subject), 0), left.get(("voucher-bonus", subject), 0))
    if have != (voucher.paid_left, voucher.bonus_left) or min(have) < 0:
        yield f"voucher {key} has {have} left, must be {voucher.paid_left, voucher.bonus_left}"


def _z_problems(row: Row, closed: Closed) -> Iterator[str]:
    _, target, counted, totals, business_date = row
    if (target, counted) != (closed.target, closed.counted):
        yield f"target and count are {target, counted}, must be {closed.target, closed.counted}"
    if str(business_date) != closed.shift.business_date.isoformat():
        yield f"its day is {business_date}, must be {closed.shift.business_date}"
    read = json.loads(str(totals))
    gross: Tally[int] = Tally()
    tax: Tally[int] = Tally()
    for _, _, vat_key, _, gross_cents, tax_cents in read["cases"]:
        gross[vat_key] += gross_cents
        tax[vat_key] += tax_cents
    paid: Tally[str] = Tally()
    for kind, _, _, amount in read["tenders"]:
        paid[kind] += amount
    shift = closed.shift
    have = (read["sales"], paid["Bar"], paid["Unbar"])
    if have != (shift.sales, shift.cash, shift.card):
        yield f"sales, cash and card are {have}, must be {shift.sales, shift.cash, shift.card}"
    moved = [(count, cents) for kind, count, cents in read["movements"] if kind not in _UNPLANNED]
    sums = (sum(count for count, _ in moved), sum(cents for _, cents in moved))
    if sums != (shift.moves, shift.moved):
        yield f"cash in and out are {sums}, must be {shift.moves, shift.moved}"
    if counted is not None and read["pieces"] is not None:
        told = sum(value * count for value, count in read["pieces"])
        if told != counted:
            yield f"coins and notes come to {told}, counted were {counted}"
    yield from _wrongly_back(read, shift)
    if (gross, tax) != (shift.gross, shift.tax):
        yield f"gross and tax are {dict(gross), dict(tax)}, must be {dict(shift.gross), dict(shift.tax)}"


def _wrongly_back(read: dict[str, Any], shift: Shift) -> Iterator[str]:
    back = {name: tuple(read[name]) for name in ("cancellations", "returns", "free_returns") if read[name][0]}
    if back != shift.back:
        yield f"what came back is {back}, must be {shift.back}"
