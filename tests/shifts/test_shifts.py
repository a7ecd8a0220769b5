"""A day of the drawer: float, target cash, count, difference and Z; on both databases."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from till import __version__
from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.documents import find
from till.documents.model import DocumentKind
from till.errors import Refused
from till.ledger import chain, journal
from till.ledger.account import Account
from till.ledger.balances import balance
from till.money import MAX_CENTS, ZERO, Money, total
from till.shifts.checks import CHECKS
from till.shifts.closing import closing, record_of
from till.shifts.figures import CaseTotal, Tally, TenderTotal
from till.shifts.models import ClosingRow
from till.shifts.shift import open_shift_of, shift_by_id


def test_a_float_is_brought_into_the_drawer(drawer: Any) -> None:
    shift, document = drawer.open(10000)
    assert (shift.opening_float, shift.user_name, shift.business_date) == (
        Money(10000),
        "Marie Klein",
        shift.opened_at.date(),
    )
    assert drawer.target() == Money(10000)
    (line,) = document.draft.lines
    assert (line.gv_typ, line.vat_key, line.gross) == (GvTyp.GELDTRANSIT, VatKey.NOT_TAXABLE, Money(10000))
    assert (document.draft.kind, document.draft.bon_typ) == (DocumentKind.OPENING_FLOAT, BonTyp.BELEG)
    assert document.shift_id == shift.id
    with drawer.database.read() as session:
        assert open_shift_of(session, "KASSE-1") == shift
        assert shift_by_id(session, shift.id) == shift
        assert shift_by_id(session, uuid.uuid4()) is None
        assert balance(session, Account.TRANSIT, "KASSE-1") == Money(-10000)


def test_only_what_differs_from_the_ledger_is_booked(drawer: Any) -> None:
    drawer.open(10000)
    drawer.close(10000)
    _, same = drawer.open(10000)
    assert same is None
    drawer.close(None)
    _, less = drawer.open(4000)
    assert less.draft.total == Money(-6000)
    assert drawer.target() == Money(4000)


def test_a_drawer_may_begin_empty(drawer: Any) -> None:
    assert drawer.open(0)[1] is None
    assert drawer.target() == ZERO


@pytest.mark.parametrize("cents", [-1, MAX_CENTS + 1])
def test_a_senseless_float_is_refused(drawer: Any, cents: int) -> None:
    with pytest.raises(Refused, match="The float can’t be"):
        drawer.open(cents)
    with drawer.database.read() as session:
        assert open_shift_of(session, "KASSE-1") is None


def test_an_open_till_is_not_opened_again_but_another_one_is(drawer: Any) -> None:
    drawer.open(10000)
    with pytest.raises(Refused, match="open already"):
        drawer.open(10000)
    drawer.beside("KASSE-2").open(5000)
    assert drawer.target() == Money(10000)


def test_a_closed_till_is_not_closed_again(drawer: Any) -> None:
    with pytest.raises(Refused, match="closed already"):
        drawer.close(0)
    drawer.open(0)
    drawer.close(0)
    with pytest.raises(Refused, match="closed already"):
        drawer.close(0)


def test_a_count_below_nothing_is_refused(drawer: Any) -> None:
    drawer.open(10000)
    with pytest.raises(Refused, match="counted cash can’t be below 0"):
        drawer.close(-1)
    with drawer.database.read() as session:
        assert open_shift_of(session, "KASSE-1") is not None


@pytest.mark.parametrize(("counted", "difference"), [(11140, -50), (11240, 50)])
def test_a_difference_is_booked_and_never_refused(drawer: Any, counted: int, difference: int) -> None:
    drawer.open(10000)
    drawer.sell(VatKey.GENERAL, 1190)
    closed = drawer.close(counted)
    assert closed.closing.difference == Money(difference)
    assert closed.closing.target_cash == Money(11190)
    assert closed.difference is not None
    (line,) = closed.difference.draft.lines
    assert (line.gv_typ, line.gross, line.vat_key) == (GvTyp.DIFFERENZ, Money(difference), VatKey.NOT_TAXABLE)
    assert drawer.target() == Money(counted)
    with drawer.database.read() as session:
        assert balance(session, Account.OVER_SHORT, "KASSE-1") == Money(-difference)


@pytest.mark.parametrize(("counted", "difference"), [(10000, ZERO), (None, None)])
def test_without_a_difference_nothing_is_booked(drawer: Any, counted: int | None, difference: Money | None) -> None:
    drawer.open(10000)
    closed = drawer.close(counted)
    assert closed.difference is None
    assert closed.closing.difference == difference
    assert drawer.target() == Money(10000)


def test_z_numbers_are_gapless_per_till_and_their_receipts_adjoin(drawer: Any) -> None:
    other, numbers, ranges = drawer.beside("KASSE-2"), [], []
    for _ in range(3):
        drawer.open(10000)
        drawer.sell(VatKey.GENERAL, 100)
        with pytest.raises(Refused):
            drawer.close(-1)
        z = drawer.close(9000).closing
        numbers.append(z.z_number)
        ranges.append((z.first_number, z.last_number))
    other.open(0)
    assert numbers == [1, 2, 3]
    assert other.close(0).closing.z_number == 1
    assert [first for first, _ in ranges] == [1, *(last + 1 for _, last in ranges[:-1])]


def test_the_sums_of_a_z_are_those_of_its_receipts(drawer: Any) -> None:
    """60-fiscal A3.4 rule 4: only Beleg counts, by business case and by way of payment."""
    drawer.open(10000)
    drawer.sell(VatKey.GENERAL, 1190)
    drawer.sell(VatKey.GENERAL, 250)
    drawer.sell(VatKey.REDUCED, 107, 700)
    drawer.sell(VatKey.GENERAL, 99999, bon_typ=BonTyp.ABBRUCH)
    drawer.beside("KASSE-2").sell(VatKey.GENERAL, 77777)
    z = drawer.close(11500).closing
    assert z.cases == (
        CaseTotal("DifferenzSollIst", "", 5, 0, Money(-47), ZERO),
        CaseTotal("Geldtransit", "", 5, 0, Money(10000), ZERO),
        CaseTotal("Umsatz", "", 1, 1900, Money(1440), Money(230)),
        CaseTotal("Umsatz", "", 2, 700, Money(107), Money(7)),
    )
    assert z.tenders == (TenderTotal("Bar", "Bar", 5, Money(11500)),)
    assert (z.sums.sales, z.sums.cancellations, z.sums.aborted) == (3, Tally(), Tally(1, Money(99999)))
    assert z.sums.takings == (TenderTotal("Bar", "Bar", 3, Money(1547)),)
    assert [case.gross for case in z.sums.turnover] == [Money(1440), Money(107)]
    assert [(m.kind, m.count, m.amount.cents) for m in z.sums.movements] == [
        ("count-difference", 1, -47),
        ("opening-float", 1, 10000),
    ]
    with drawer.database.read() as session:
        documents = [d for d in find.of_shift(session, drawer.context.shift_id) if d.draft.bon_typ is BonTyp.BELEG]
    assert total(case.gross for case in z.cases) == total(d.draft.total for d in documents)
    cash = total(p.amount for d in documents for p in d.draft.payments if p.zahlart_typ is ZahlartTyp.BAR)
    assert total(t.amount for t in z.tenders) == cash == Money(11500)


def test_what_is_written_while_the_till_is_closed_belongs_to_the_next_z(drawer: Any) -> None:
    """DSFinV-K: every Vorgang has its Kassenabschluss, and the numbers of one run without a gap (60-fiscal A3.4 rule 5)."""
    drawer.open(10000)
    first = drawer.close(10000).closing
    drawer.context = replace(drawer.context, shift_id=None)
    aborted = drawer.sell(VatKey.GENERAL, 500, bon_typ=BonTyp.ABBRUCH)
    drawer.open(10000)
    drawer.sell(VatKey.GENERAL, 100)
    second = drawer.close(10100).closing
    assert (first.last_number, aborted.shift_id) == (aborted.number - 1, None)
    assert (second.first_number, second.last_number) == (aborted.number, aborted.number + 2)
    assert (second.sums.sales, total(case.gross for case in second.cases)) == (1, Money(100))
    with drawer.database.read() as session:
        assert [finding for check in CHECKS for finding in check.find(session, lambda _done, _all: None)] == []


def test_a_z_comes_back_as_it_was_made_and_is_in_the_chain(drawer: Any) -> None:
    drawer.open(10000)
    closed = drawer.close(9950)
    with drawer.database.read() as session:
        assert closing(session, closed.closing.id) == closed.closing
        record = record_of(session, closed.closing.id)
        *_, document_link, link = chain.links(session, "KASSE-1")
        assert record_of(session, uuid.uuid4()) is None
        assert closing(session, uuid.uuid4()) is None
    assert record is not None
    assert (link.kind, link.content) == (chain.RecordKind.CLOSING, chain.digest(record))
    assert closed.closing.chain_head == document_link.hash
    assert closed.document.draft.note == document_link.previous
    assert closed.document.draft.bon_name == "Tagesabschluss Z 1"
    assert record["program_version"] == __version__
    assert json.loads(str(record["totals"]))["sales"] == 0


def test_a_z_moves_no_money(drawer: Any) -> None:
    drawer.open(10000)
    closed = drawer.close(None)
    assert closed.document.draft.bon_typ is BonTyp.SONSTIGE
    with drawer.database.read() as session:
        assert journal.entries_of(session, [closed.document.id]) == {}


def test_a_z_counts_for_the_shift_that_is_open_whoever_closes_it(drawer: Any) -> None:
    shift, _ = drawer.open(10000)
    tomorrow = replace(drawer.context, shift_id=None, business_date=shift.business_date.replace(day=21))
    drawer.context = tomorrow
    closed = drawer.close(9900)
    assert closed.closing.business_date == shift.business_date
    assert closed.document.shift_id == shift.id
    with drawer.database.read() as session:
        row = session.execute(select(ClosingRow.shift_id)).scalar_one()
        assert [d.id for d in find.of_shift(session, row)][-1] == closed.document.id
    assert total(case.gross for case in closed.closing.cases) == Money(9900)
