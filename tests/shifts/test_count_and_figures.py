"""The count by coin and note, and the figures of X and Z: what they come to, what they keep, what they never change."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.documents import find
from till.documents.model import DocumentKind, Draft, Line, Payment, VatTotal, VoucherNote
from till.documents.post import post
from till.errors import Refused
from till.ledger import chain
from till.money import MAX_CENTS, ZERO, Money
from till.shifts.closing import checked_count, closing, latest, numbered, recent, record_of
from till.shifts.count import (
    DENOMINATIONS,
    MOST_PIECES,
    CashCount,
    Comparison,
    Pieces,
    amount_of,
    counted_pieces,
    stored_pieces,
    to_take_out,
)
from till.shifts.figures import CaseTotal, MovementTotal, Sums, Tally, TenderTotal, from_totals, to_totals
from till.shifts.movement import Movement, MovementKind, TakingBack
from till.tax import included_tax

COUNT = {Money(5000): 2, Money(1): 3, Money(200): 0}


# The count


def test_a_count_is_the_sum_of_its_pieces_the_largest_first() -> None:
    count = counted_pieces({Money(1): 3, Money(5000): 2, Money(200): 0})
    assert count == CashCount((Pieces(Money(5000), 2), Pieces(Money(1), 3)))
    assert count.total == Money(10003)
    assert [pieces.amount for pieces in count.pieces] == [Money(10000), Money(3)]
    assert (amount_of(count), amount_of(Money(7))) == (Money(10003), Money(7))


def test_an_empty_drawer_is_counted_as_nothing() -> None:
    assert counted_pieces({}).total == ZERO


@given(st.dictionaries(st.sampled_from(DENOMINATIONS), st.integers(0, MOST_PIECES)))
def test_any_count_adds_up_and_comes_back_as_it_was_stored(counts: dict[Money, int]) -> None:
    count = counted_pieces(counts)
    assert count.total.cents == sum(value.cents * number for value, number in counts.items())
    assert stored_pieces([(p.value.cents, p.count) for p in count.pieces]) == count
    values = [pieces.value for pieces in count.pieces]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("number", [-1, MOST_PIECES + 1])
def test_a_number_of_pieces_out_of_reach_is_refused(number: int) -> None:
    with pytest.raises(Refused, match="can’t be"):
        counted_pieces({Money(100): number})


@pytest.mark.parametrize("cents", [0, 3, 300, -100, 100000])
def test_money_that_is_not_minted_is_refused(cents: int) -> None:
    with pytest.raises(Refused, match="no coin or note"):
        counted_pieces({Money(cents): 1})


def test_a_sum_that_no_till_holds_is_refused() -> None:
    assert checked_count(Money(MAX_CENTS)) == Money(MAX_CENTS)
    with pytest.raises(Refused, match="Count again"):
        checked_count(Money(MAX_CENTS + 1))
    with pytest.raises(Refused, match="below 0"):
        checked_count(Money(-1))


def test_a_comparison_says_what_is_missing() -> None:
    assert Comparison(Money(100), Money(40)).difference == Money(-60)


def test_the_z_keeps_the_count_in_the_chain(drawer: Any) -> None:
    drawer.open(10000)
    made = drawer.close_with(counted_pieces(COUNT)).closing
    assert (made.counted_cash, made.difference) == (Money(10003), Money(3))
    with drawer.database.read() as session:
        kept = closing(session, made.id)
        record = record_of(session, made.id)
        link = chain.contents(session, chain.RecordKind.CLOSING)[str(made.id)]
    assert kept == made
    assert kept is not None
    assert record is not None
    assert kept.pieces == counted_pieces(COUNT)
    assert json.loads(str(record["totals"]))["pieces"] == [[5000, 2], [1, 3]]
    assert link == chain.digest(record)
    assert drawer.findings() == []


@pytest.mark.parametrize("counted", [None, Money(10000)])
def test_a_count_that_nobody_told_coin_by_coin_has_no_pieces(drawer: Any, counted: Money | None) -> None:
    drawer.open(10000)
    assert drawer.close_with(counted).closing.pieces is None
    assert drawer.findings() == []


def test_a_count_out_of_reach_closes_nothing(drawer: Any) -> None:
    drawer.open(10000)
    with pytest.raises(Refused, match="Count again"):
        drawer.close(MAX_CENTS + 1)
    assert drawer.close(10000).closing.z_number == 1


# The figures


def _sale(lines: tuple[Line, ...], drawer: Any) -> Draft:
    keys = {line.vat_key: line.rate_bp for line in lines}
    vat = tuple(
        VatTotal(key, rate, Money(sum(one.gross.cents for one in lines if one.vat_key is key)), _tax(lines, key))
        for key, rate in keys.items()
    )
    due = Money(sum(line.gross.cents for line in lines))
    paid = (Payment("card", ZahlartTyp.EC_KARTE, "girocard", due),)
    return Draft(uuid.uuid4(), DocumentKind.SALE, BonTyp.BELEG, drawer.context.now, lines, paid, vat)


def _tax(lines: tuple[Line, ...], key: VatKey) -> Money:
    return Money(sum(line.tax.cents for line in lines if line.vat_key is key))


def _goods(cents: int, gv_typ: GvTyp = GvTyp.UMSATZ, voucher: VoucherNote | None = None) -> Line:
    gross = Money(cents)
    return Line("x", gv_typ, VatKey.GENERAL, 1900, gross, included_tax(gross, 1900), voucher=voucher)


def _untaxed(cents: int, gv_typ: GvTyp, voucher: VoucherNote) -> Line:
    return Line("x", gv_typ, VatKey.NOT_TAXABLE, 0, Money(cents), voucher=voucher)


def test_the_figures_tell_apart_what_an_auditor_asks_after(drawer: Any) -> None:
    one, other = (VoucherNote(uuid.uuid4(), number, "x") for number in ("A-1", "A-2"))
    drawer.open(10000)
    drawer.sell(VatKey.GENERAL, 1190)
    drawer.sell(VatKey.GENERAL, 500, bon_typ=BonTyp.ABBRUCH)
    drawer.sell(VatKey.GENERAL, 250, bon_typ=BonTyp.ABBRUCH)
    lines = (
        _goods(5000),
        _goods(-500, GvTyp.RABATT),
        _untaxed(2500, GvTyp.MEHRZWECK_KAUF, one),
        _untaxed(-1000, GvTyp.MEHRZWECK_EINLOESUNG, other),
        _goods(-300, GvTyp.RABATT, other),
    )
    draft = _sale(lines, drawer)
    drawer.database.run(lambda session: post(session, drawer.context, draft))
    wrong = drawer.move(Movement(MovementKind.BANK_DROP, Money(700), "x")).document
    drawer.move(Movement(MovementKind.BANK_DROP, Money(300), "x"))
    drawer.move(Movement(MovementKind.TIPS_OUT, Money(50), "x"))
    drawer.take_back(TakingBack(wrong.id, "x"))
    opening = Draft(uuid.uuid4(), DocumentKind.NO_SALE, BonTyp.SONSTIGE, drawer.context.now)
    drawer.database.run(lambda session: post(session, drawer.context, opening))
    sums = drawer.interim().sums
    assert sums.sales == 2
    assert sums.turnover == (
        CaseTotal("MehrzweckgutscheinEinloesung", "", 5, 0, Money(-1000), ZERO),
        CaseTotal("MehrzweckgutscheinKauf", "", 5, 0, Money(2500), ZERO),
        CaseTotal("Rabatt", "", 1, 1900, Money(-800), Money(-128)),
        CaseTotal("Umsatz", "", 1, 1900, Money(6190), Money(988)),
    )
    assert sums.takings == (
        TenderTotal("Bar", "Bar", 1, Money(1190)),
        TenderTotal("ECKarte", "girocard", 1, Money(5700)),
    )
    assert sums.movements == (
        MovementTotal("bank-drop", 2, Money(-1000)),
        MovementTotal("cash-reversal", 1, Money(700)),
        MovementTotal("opening-float", 1, Money(10000)),
        MovementTotal("tips-out", 1, Money(-50)),
    )
    assert (sums.cancellations, sums.aborted) == (Tally(1, Money(700)), Tally(2, Money(750)))
    assert (sums.discounts, sums.drawer_openings) == (Tally(1, Money(-500)), 1)
    assert (sums.vouchers_sold, sums.vouchers_redeemed) == (Tally(1, Money(2500)), Tally(1, Money(1300)))
    assert CaseTotal("Geldtransit", "Storno", 5, 0, Money(700), ZERO) in sums.cases


def test_an_x_changes_nothing_and_the_z_shows_the_same(drawer: Any) -> None:
    drawer.open(10000)
    drawer.sell(VatKey.GENERAL, 1190)
    drawer.move(Movement(MovementKind.BANK_DROP, Money(500), "x"))
    x, again = drawer.interim(), drawer.interim()
    assert x == again
    assert (x.first_number, x.last_number, x.target_cash) == (1, 3, Money(10690))
    z = drawer.close(10690).closing
    assert (z.z_number, z.target_cash, z.first_number) == (1, x.target_cash, x.first_number)
    assert z.sums == x.sums
    with drawer.database.read() as session:
        assert find.highest_number(session, "KASSE-1") == 4


def test_an_x_after_a_z_begins_with_nothing(drawer: Any) -> None:
    drawer.open(10000)
    drawer.close(10000)
    x = drawer.interim()
    assert (x.first_number, x.last_number, x.target_cash, x.sums) == (None, None, Money(10000), Sums())


def test_each_z_is_found_by_its_number(drawer: Any) -> None:
    made = []
    for _ in range(3):
        drawer.open(10000)
        made.append(drawer.close(10000).closing)
    with drawer.database.read() as session:
        assert numbered(session, "KASSE-1", 2) == made[1]
        assert numbered(session, "KASSE-1", 4) is None
        assert numbered(session, "KASSE-2", 1) is None
        assert [(z.id, z.z_number) for z in recent(session, "KASSE-1", 2)] == [(made[2].id, 3), (made[1].id, 2)]
        assert latest(session, "KASSE-1") == made[2]
        assert latest(session, "KASSE-2") is None


def test_sums_come_back_from_what_a_z_keeps() -> None:
    sums = Sums(
        cases=(CaseTotal("Umsatz", "x", 1, 1900, Money(119), Money(19)),),
        tenders=(TenderTotal("Bar", "Bar", 2, Money(119)),),
        turnover=(CaseTotal("Umsatz", "", 2, 700, Money(107), Money(7)),),
        takings=(TenderTotal("Unbar", "Karte", 3, Money(5)),),
        movements=(MovementTotal("bank-drop", 4, Money(-6)),),
        sales=7,
        cancellations=Tally(8, Money(9)),
        aborted=Tally(10, Money(11)),
        discounts=Tally(12, Money(-13)),
        vouchers_sold=Tally(14, Money(15)),
        vouchers_redeemed=Tally(16, Money(17)),
        drawer_openings=18,
    )
    read, beside = from_totals(chain.canonical({**to_totals(sums), "pieces": None}))
    assert read == sums
    assert beside["pieces"] is None


def test_a_z_without_readable_sums_is_a_finding_and_no_crash(drawer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("till.shifts.closing.to_totals", lambda _sums: {"cases": []})
    drawer.open(10000)
    drawer.close(10000)
    assert any("doesn’t equal the sum of its receipts" in finding for finding in drawer.findings())


def test_what_does_not_stay_leaves_the_drawer_and_no_more_than_was_counted() -> None:
    assert to_take_out(Money(45050), Money(20000)) == Money(25050)
    assert to_take_out(Money(20000), Money(20000)) == ZERO
    with pytest.raises(Refused, match=r"only 450\.50 were counted"):
        to_take_out(Money(45050), Money(45051))
