"""What is taken out of the counted drawer right before the Z, in the same transaction; on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from till.business_case import GvTyp, VatKey
from till.documents.model import DocumentKind
from till.errors import Refused
from till.money import Money
from till.shifts.count import CountDraft, counted_pieces
from till.shifts.movement import Movement, MovementKind

COUNT = counted_pieces({Money(10000): 2, Money(5000): 1, Money(100): 7})


def drop(cents: int) -> Movement:
    return Movement(MovementKind.BANK_DROP, Money(cents), "zur Bank")


def test_what_stays_is_the_next_float(drawer: Any) -> None:
    drawer.open(10000)
    drawer.sell(VatKey.GENERAL, 15000)
    closed = drawer.close_with(COUNT, drop(15700))
    z = closed.closing
    assert (z.target_cash, z.counted_cash, z.difference) == (Money(25000), Money(25700), Money(700))
    assert (z.dropped, z.pieces) == (Money(15700), COUNT)
    assert drawer.target() == Money(10000)
    assert drawer.findings() == []


def test_difference_drop_and_z_are_documents_in_this_order(drawer: Any) -> None:
    drawer.open(10000)
    closed = drawer.close_with(Money(10700), drop(700))
    assert closed.difference is not None
    assert closed.drop is not None
    numbers = [closed.difference.number, closed.drop.number, closed.document.number]
    assert numbers == [2, 3, 4]
    assert closed.drop.draft.kind is DocumentKind.CASH_MOVEMENT
    assert closed.drop.draft.lines[0].gv_typ is GvTyp.GELDTRANSIT
    assert closed.closing.last_number == 4


def test_a_surplus_may_be_taken_out_at_once(drawer: Any) -> None:
    """By the books 100,00 are there, 150,00 were counted and 150,00 are taken: the difference is booked first."""
    drawer.open(10000)
    assert drawer.close_with(Money(15000), drop(15000)).closing.dropped == Money(15000)
    assert drawer.target() == Money(0)
    assert drawer.findings() == []


def test_more_than_was_counted_can_not_be_taken_and_nothing_is_booked(drawer: Any) -> None:
    drawer.open(10000)
    with pytest.raises(Refused, match="only 90"):
        drawer.close_with(Money(9000), drop(9001))
    assert drawer.target() == Money(10000)
    assert drawer.close(None).closing.z_number == 1


def test_a_drop_without_a_count_takes_it_off_the_target(drawer: Any) -> None:
    drawer.open(10000)
    z = drawer.close_with(None, drop(4000)).closing
    assert (z.target_cash, z.counted_cash, z.dropped) == (Money(10000), None, Money(4000))
    assert drawer.target() == Money(6000)
    assert drawer.findings() == []


def test_a_forged_drop_is_found(drawer: Any) -> None:
    drawer.open(10000)
    drawer.close_with(COUNT, drop(5700))
    with drawer.database.write() as session:
        connection = session.connection()
        trigger = "DROP TRIGGER closing_no_update" + ("" if drawer.database.is_sqlite else " ON closing")
        connection.exec_driver_sql(trigger)
        connection.exec_driver_sql(
            """UPDATE closing SET totals = replace(totals, '"dropped":5700', '"dropped":5600')"""
        )
    assert any("don’t fit together" in found for found in drawer.findings())


def test_the_movements_of_a_shift_are_those_of_this_shift(drawer: Any) -> None:
    from till.shifts.cash_in_out import recent_movements

    for day in range(2):
        shift, _ = drawer.open(10000)
        drawer.move(Movement(MovementKind.CHANGE_IN, Money(100 + day), "Rollen"))
        with drawer.database.read() as session:
            found = recent_movements(session, "KASSE-1", 50, shift.id)
        assert [one.amount for one in found] == [Money(100 + day)]
        drawer.close(None)
        drawer.context = replace(drawer.context, shift_id=None)
    with drawer.database.read() as session:
        assert len(recent_movements(session, "KASSE-1", 50)) == 2


def test_a_count_that_is_being_made_keeps_pieces_and_sum_side_by_side() -> None:
    draft = CountDraft().with_number(Money(5000), 2).with_number(Money(10), 3).with_number(Money(10), 4)
    assert draft.protocol().total == Money(10040)
    assert draft.number_of(Money(10)) == 4
    assert draft.with_number(Money(10), None).number_of(Money(10)) is None
    by_sum = replace(draft, by_pieces=False)
    assert not by_sum
    assert replace(by_sum, typed="1")
    assert draft
