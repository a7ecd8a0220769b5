"""What is taken out of a basket before it is paid is written down, and counted on X and Z."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from till.audit import trail
from till.errors import Refused
from till.money import Money
from till.quantity import Quantity
from till.shifts.figures import Tally, sums_of
from till.shifts.period import present_period

if TYPE_CHECKING:
    from tests.app.conftest import Counter

ROSE, CUP, GLASS = "4006381333931", "4012345000023", "4012345000047"


def noted(counter: Counter) -> list[tuple[str, str, str]]:
    """Who took what out, and what it would have cost."""
    assert counter.till.settle()
    with counter.database.read() as session:
        rows = trail.entries(session, "KASSE-1", trail.Action.LINE_REMOVED)
    return sorted((row.user_name, row.subject, row.before) for row in rows)


def tally(counter: Counter) -> Tally:
    """What X says of it."""
    assert counter.till.settle()
    with counter.database.read() as session:
        return sums_of(session, present_period(session, "KASSE-1")).removed


def test_a_removed_line_is_noted_with_who_and_what(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    plain.sale.scan(CUP)
    plain.sale.set_quantity(plain.line(1), Quantity(3000))
    plain.sale.remove(plain.line(1))
    assert noted(plain) == [("Marie Klein", "Rose", "10.50")]
    assert tally(plain) == Tally(1, Money(1050))
    assert plain.problems() == []


def test_less_of_a_line_is_taken_out_and_more_is_not(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    plain.sale.set_quantity(plain.line(1), Quantity(5000))
    plain.sale.set_quantity(plain.line(1), Quantity(2000))
    assert noted(plain) == [("Marie Klein", "Rose", "10.50")]


def test_undoing_what_was_scanned_is_taking_it_out(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    plain.sale.scan(CUP)
    plain.sale.undo()
    assert noted(plain) == [("Marie Klein", "Becher", "12.00")]


def test_a_deposit_goes_with_its_article(plain: Counter) -> None:
    plain.sale.scan(GLASS)
    plain.sale.remove(plain.line(1))
    assert len(noted(plain)) == 2


def test_a_change_of_price_or_discount_takes_nothing_out(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    plain.sale.set_price(plain.line(1), Money(100))
    plain.sale.set_note(plain.line(1), "klein")
    plain.sale.undo()
    assert noted(plain) == []


def test_what_is_refused_leaves_no_trace(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    with pytest.raises(Refused):
        plain.sale.remove(99)
    assert noted(plain) == []


def test_a_basket_thrown_away_is_an_aborted_sale_and_nothing_else(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    plain.sale.cancel()
    assert noted(plain) == []


def test_training_leaves_no_trace(plain: Counter) -> None:
    plain.till.training.begin()
    plain.sale.scan(ROSE)
    plain.sale.remove(plain.line(1))
    plain.till.training.end()
    assert noted(plain) == []


def test_each_z_counts_what_was_taken_out_since_the_one_before(plain: Counter) -> None:
    for _ in range(2):
        plain.sale.scan(ROSE)
        plain.sale.remove(plain.line(1))
    assert plain.till.settle()
    first = plain.till.cash.close_shift(None)
    assert first.sums.removed == Tally(2, Money(700))
    plain.till.cash.open_shift(Money(10000))
    plain.sale.scan(CUP)
    plain.sale.undo()
    assert plain.till.settle()
    second = plain.till.cash.close_shift(None)
    assert second.sums.removed == Tally(1, Money(1200))
    assert plain.problems() == []
    words = " ".join(plain.till.receipts.text(second.id).split())
    assert "1 x" in words
    assert "12,00" in words


def test_several_in_one_change_are_several(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    plain.sale.scan(CUP)
    plain.sale.remove(plain.line(2))
    plain.sale.remove(plain.line(1))
    assert tally(plain) == Tally(2, Money(1550))
