"""Training (T13): the same articles, tables and papers, and nothing of it counts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from till.app.bootstrap import Ports, Till, open_till
from till.audit import trail
from till.business_case import BonTyp
from till.documents import find
from till.documents.model import Document, DocumentKind
from till.errors import Refused, Unavailable
from till.fiscal.faulty import Behaviour, Fault
from till.fiscal.recording import signature_of
from till.money import Money
from till.settings import Settings
from till.shifts.figures import sums_of, to_totals
from till.shifts.models import ClosingRow
from till.shifts.movement import Movement, MovementKind, TakingBack
from till.shifts.period import present_period

if TYPE_CHECKING:
    from tests.app.conftest import Counter, FaultyShop

ROSE, TEA, CUP, GLASS = "4006381333931", "4012345000016", "4012345000023", "4012345000047"
PRACTICE = """
training begins
scan 4006381333931 -> total 3.50
cash 10,00 -> change 6.50
complete -> receipt {0}
scan 4012345000023 -> total 12.00
card 12,00 -> change 0.00
complete -> receipt {1}
tap "Gutschein 25" -> total 25.00
scan 4012345000016 -> total 33.90
line 2 discount 10% -> total 33.01
cash 33,01 -> change 0.00
complete -> receipt {2}
scan 4012345000023 -> total 12.00
cancel -> total 0.00
training ends
"""


def totals(counter: Counter) -> dict[str, object]:
    """All sums of now but the one that counts what was practised."""
    assert counter.till.settle()
    with counter.database.read() as session:
        sums = sums_of(session, present_period(session, counter.till.settings.till_id))
    found = json.loads(json.dumps(to_totals(sums), default=lambda money: money.cents))
    del found["trainings"]
    return dict(found)


def real(counter: Counter) -> tuple[object, ...]:
    """Everything that training must leave alone."""
    return (
        totals(counter),
        counter.till.cash.expected_cash(),
        *(counter.count(table) for table in ("ledger_entry", "ledger_posting", "voucher")),
    )


def newest(counter: Counter, kind: DocumentKind) -> Document:
    """The newest document of a kind."""
    with counter.database.read() as session:
        return find.latest(session, counter.till.settings.till_id, (kind,))[0]


def signed_as(counter: Counter, document: Document) -> tuple[str, str]:
    """What the TSE signed for it."""
    assert counter.till.settle()
    with counter.database.read() as session:
        answer = signature_of(session, document.id)
    assert answer is not None
    assert answer.finished is not None
    return answer.finished.process_type, answer.finished.process_data


# Nothing counts


def test_a_training_between_two_sales_leaves_every_figure_as_it_was(plain: Counter) -> None:
    plain.sell(ROSE)
    before = real(plain)
    plain.play(PRACTICE.format(4, 5, 6))
    assert real(plain) == before
    plain.sell(CUP)
    z = plain.till.cash.close_shift(Money(10000 + 350 + 1200))
    assert (z.difference, z.sales, z.sums.trainings.count) == (Money(0), 2, 3)
    assert z.sums.trainings.amount == Money(350 + 1200 + 3301)
    assert z.sums.aborted.count == 0
    assert plain.problems() == []


def test_what_is_practised_is_recorded_signed_and_numbered_as_training(plain: Counter) -> None:
    plain.till.training.begin()
    sale = plain.sell(ROSE, given="10,00").document
    assert (sale.number, sale.draft.kind, sale.draft.bon_typ) == (3, DocumentKind.TRAINING_SALE, BonTyp.TRAINING)
    assert [line.text for line in sale.draft.lines] == ["Rose"]
    assert [payment.amount for payment in sale.draft.payments] == [Money(350)]
    assert signed_as(plain, sale) == ("Kassenbeleg-V1", "AVTraining^0.00_3.50_0.00_0.00_0.00^3.50:Bar")
    plain.till.training.end()
    began = newest(plain, DocumentKind.TRAINING_BEGAN)
    ended = newest(plain, DocumentKind.TRAINING_ENDED)
    assert [began.number, ended.number] == [2, 4]
    assert signed_as(plain, began)[0] == signed_as(plain, ended)[0] == "SonstigerVorgang"
    assert plain.problems() == []


def test_a_sale_thrown_away_in_training_is_no_aborted_sale(plain: Counter) -> None:
    plain.till.training.begin()
    plain.sale.scan(ROSE)
    plain.sale.cancel()
    aborted = newest(plain, DocumentKind.TRAINING_ABORTED)
    assert aborted.draft.bon_typ is BonTyp.TRAINING
    assert signed_as(plain, aborted) == ("Kassenbeleg-V1", "AVTraining^0.00_0.00_0.00_0.00_0.00^")
    with plain.database.read() as session:
        assert find.latest(session, "KASSE-1", (DocumentKind.ABORTED,)) == []
    assert plain.problems() == []


def test_a_voucher_sold_in_training_is_none_and_uses_no_number_up(plain: Counter) -> None:
    plain.till.training.begin()
    plain.sale.add(plain.tile("Gutschein 25"))
    plain.sale.pay_cash(Money(2500))
    sale = plain.sale.complete()
    assert sale.vouchers == ()
    (line,) = sale.document.draft.lines
    assert line.voucher is not None
    assert line.voucher.number == "MUSTER"
    assert plain.till.receipts.vouchers_of(sale.document.id) == ()
    with pytest.raises(Refused, match="no voucher with the number MUSTER"):
        plain.voucher("MUSTER")
    plain.till.training.end()
    first = plain.sell_voucher("Gutschein 25")
    assert plain.voucher(first).standing.remaining == Money(2500)
    assert plain.problems() == []


def test_the_next_voucher_has_the_number_that_it_would_have_had_anyway(plain: Counter) -> None:
    first = plain.sell_voucher("Gutschein 25")
    plain.play(PRACTICE.format(4, 5, 6))
    assert (first, plain.sell_voucher("Gutschein 25")) == ("AG-0001", "AG-0002")


def test_a_voucher_redeemed_in_training_keeps_its_value(plain: Counter) -> None:
    number = plain.sell_voucher("Gutschein 25")
    voucher_id = plain.voucher(number).standing.voucher.id
    plain.till.training.begin()
    for _ in range(2):
        plain.sale.scan(CUP)
        plain.play(f"redeem {number} all -> change 0.00")
        sale = plain.sale.complete().document
        redeemed = sale.draft.lines[-1]
        assert redeemed.voucher is not None
        assert (redeemed.gross, redeemed.voucher.rest) == (Money(-1200), Money(1300))
        assert (redeemed.voucher.number, redeemed.voucher.voucher_id != voucher_id) == (number, True)
    assert plain.voucher(number).standing.remaining == Money(2500)
    plain.till.training.end()
    plain.sale.scan(CUP)
    plain.play(f"redeem {number} all -> change 0.00")
    plain.sale.complete()
    assert plain.voucher(number).standing.remaining == Money(1300)
    assert plain.problems() == []


def test_a_spent_voucher_is_refused_in_training_too(plain: Counter) -> None:
    number = plain.sell_voucher("Gutschein 25")
    for _ in range(3):
        plain.sale.scan(CUP)
    hit = plain.voucher(number)
    plain.sale.redeem(hit.standing.voucher.id, Money(2500))
    plain.sale.pay_cash(plain.sale.state.settlement.open)
    plain.sale.complete()
    plain.till.training.begin()
    plain.sale.scan(CUP)
    refusal = plain.voucher(number).refusal
    assert refusal is not None
    with pytest.raises(Refused, match="fully redeemed"):
        plain.sale.redeem(hit.standing.voucher.id, Money(100))


def test_the_same_practised_sale_completed_twice_is_one_document(plain: Counter) -> None:
    plain.till.training.begin()
    plain.sale.scan(ROSE)
    plain.sale.pay_cash(Money(350))
    with plain.answers_lost(), pytest.raises(Unavailable):
        plain.sale.complete()
    with pytest.raises(Refused, match="booked after all"):
        plain.sale.scan(CUP)
    assert plain.count("document") == 3
    assert plain.problems() == []


def test_the_drawer_stays_shut_in_training(counter: Counter) -> None:
    counter.till.training.begin()
    counter.paper(counter.sell(ROSE).document)
    assert counter.printer.kicks == []
    counter.till.training.end()
    counter.sell(ROSE)
    assert len(counter.printer.wait_for_kicks(1)) == 1


# What can't be practised

DEEDS: dict[str, Callable[[Counter], object]] = {
    "cash in": lambda c: c.till.cash.move(Movement(MovementKind.CHANGE_IN, Money(500), "Wechselgeld")),
    "taking cash in back": lambda c: c.till.cash.take_back(TakingBack(c.till.cash.movements()[0].document_id, "x")),
    "counting": lambda c: c.till.cash.count(Money(10000)),
    "the Z": lambda c: c.till.cash.close_shift(Money(10000)),
    "opening the drawer": lambda c: c.till.cash.open_drawer(),
}


@pytest.mark.parametrize("name", DEEDS)
def test_what_touches_the_real_drawer_is_refused_in_training(plain: Counter, name: str) -> None:
    plain.till.cash.move(Movement(MovementKind.CHANGE_IN, Money(500), "Wechselgeld"))
    plain.till.training.begin()
    before = plain.books()
    with pytest.raises(Refused, match="training mode"):
        DEEDS[name](plain)
    assert plain.books() == before
    plain.till.training.end()
    DEEDS[name](plain)
    assert plain.problems() == []


def test_a_closed_till_is_not_trained_on(plain: Counter) -> None:
    plain.till.cash.close_shift(None)
    with pytest.raises(Refused, match="till is closed"):
        plain.till.training.begin()
    assert not plain.till.training.is_on


# From one mode to the other


def test_the_mode_is_not_changed_over_an_open_sale(plain: Counter) -> None:
    training = plain.till.training
    plain.sale.scan(ROSE)
    with pytest.raises(Refused, match="A sale is still open"):
        training.begin()
    assert not training.is_on
    plain.sale.remove(plain.line(1))
    training.begin()
    assert newest(plain, DocumentKind.ABORTED).number == 2, "what was emptied in earnest ends in earnest"
    plain.sale.scan(ROSE)
    with pytest.raises(Refused, match="A sale is still open"):
        training.end()
    assert training.is_on
    plain.sale.remove(plain.line(1))
    training.end()
    assert newest(plain, DocumentKind.TRAINING_ABORTED).number == 4
    assert plain.problems() == []


def test_beginning_twice_is_beginning_once(plain: Counter) -> None:
    told: list[bool] = []
    plain.till.training.listen(lambda: told.append(plain.till.training.is_on))
    for deed in (
        plain.till.training.begin,
        plain.till.training.begin,
        plain.till.training.end,
        plain.till.training.end,
    ):
        deed()
    assert told == [True, False]
    assert plain.count("document") == 3


def test_who_began_and_ended_stands_in_the_audit_trail(plain: Counter) -> None:
    plain.till.training.begin()
    plain.till.training.end()
    with plain.database.read() as session:
        found = [
            (entry.action, entry.user_name, entry.subject)
            for entry in trail.entries(session, "KASSE-1")
            if entry.action.value.startswith("training")
        ]
    assert found == [
        (trail.Action.TRAINING_BEGAN, "Marie Klein", "document 2"),
        (trail.Action.TRAINING_ENDED, "Marie Klein", "document 3"),
    ]


def test_each_mode_has_its_own_parked_baskets(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    plain.sale.park("echt")
    plain.till.training.begin()
    assert plain.sale.parked() == ()
    assert plain.sale.state.parked == 0
    plain.sale.scan(CUP)
    plain.sale.park("geübt")
    (practised,) = plain.sale.parked()
    plain.till.training.end()
    assert [one.name for one in plain.sale.parked()] == ["echt"]
    assert plain.sale.state.parked == 1
    for touch in (plain.sale.recall, plain.sale.discard_parked, lambda order: plain.sale.rename_parked(order, "x")):
        with pytest.raises(Refused, match="no longer parked"):
            touch(practised.order_id)
    plain.till.training.begin()
    plain.sale.recall(practised.order_id)
    plain.sale.pay_cash(Money(1200))
    assert plain.sale.complete().document.draft.kind is DocumentKind.TRAINING_SALE
    plain.till.training.end()
    assert plain.problems() == []


def test_a_basket_parked_in_training_ends_as_training_at_the_z(plain: Counter) -> None:
    plain.till.training.begin()
    plain.sale.scan(CUP)
    plain.sale.park()
    plain.till.training.end()
    plain.sale.scan(ROSE)
    plain.sale.park()
    z = plain.till.cash.close_shift(None)
    assert z.sums.aborted.count == 1
    ended = newest(plain, DocumentKind.TRAINING_ABORTED)
    assert signed_as(plain, ended)[1] == "AVTraining^0.00_0.00_0.00_0.00_0.00^"
    assert plain.problems() == []


def test_a_sale_of_before_is_not_shown_as_the_last_one_in_training(plain: Counter) -> None:
    plain.sell(ROSE)
    plain.till.training.begin()
    assert plain.sale.state.completed is None
    assert plain.till.receipts.last() is None
    practised = plain.sell(CUP).document
    assert plain.till.receipts.last() == practised
    plain.till.training.end()
    last = plain.till.receipts.last()
    assert last is not None
    assert last.draft.total == Money(350)
    assert [(entry.number, entry.is_training) for entry in plain.till.receipts.recent()] == [(4, True), (2, False)]


# The program ends, or the plug is pulled


def test_a_till_that_was_left_in_training_wakes_in_training(
    plain: Counter, any_shop_settings: Settings, fast_ports: Ports
) -> None:
    plain.till.training.begin()
    plain.sale.scan(ROSE)
    plain.till.close()
    again = open_till(any_shop_settings, fast_ports)
    try:
        assert again.training.is_on
        assert again.status.current.training
        assert again.sale.state.restored
        again.sale.pay_cash(Money(350))
        assert again.sale.complete().document.draft.kind is DocumentKind.TRAINING_SALE
        again.training.end()
        assert type(plain)(again).problems() == []
    finally:
        again.close()


def test_a_new_day_begins_without_training(plain: Counter, any_shop_settings: Settings, fast_ports: Ports) -> None:
    plain.play(PRACTICE.format(3, 4, 5))
    plain.till.cash.close_shift(None)
    plain.till.close()
    again = open_till(any_shop_settings, fast_ports)
    try:
        assert not again.training.is_on
    finally:
        again.close()


@pytest.mark.parametrize("deed", ["begin", "end"])
def test_a_lost_answer_is_found_in_the_books(plain: Counter, deed: str) -> None:
    training = plain.till.training
    if deed == "end":
        training.begin()
    with plain.answers_lost(), pytest.raises(Unavailable):
        getattr(training, deed)()
    assert training.is_on is (deed == "begin")
    assert plain.till.status.current.training is training.is_on
    getattr(training, deed)()
    plain.until(lambda: plain.count("signature") == plain.count("document"))
    assert plain.count("document") == (2 if deed == "begin" else 3)
    assert plain.problems() == []


def test_a_busy_database_leaves_the_mode_and_the_second_try_works(plain: Counter) -> None:
    run = plain.database.run

    def fail(*_args: object) -> None:
        raise Unavailable("busy")

    plain.database.run = fail  # type: ignore[method-assign,assignment]
    with pytest.raises(Unavailable):
        plain.till.training.begin()
    plain.database.run = run  # type: ignore[method-assign]
    assert not plain.till.training.is_on
    plain.till.training.begin()
    assert plain.till.training.is_on


def test_a_tse_that_fails_in_training_leaves_no_aborted_sale(faulty_shop: FaultyShop) -> None:
    counter = faulty_shop.counter
    counter.till.training.begin()
    counter.sale.scan(ROSE)
    assert counter.till.settle()
    faulty_shop.tse.switch(Behaviour(Fault.FAIL_FINISH))
    counter.sale.cancel()
    assert counter.till.settle()
    faulty_shop.tse.switch(Behaviour())
    counter.until(lambda: counter.till.status.current.tse_ready)
    assert counter.till.settle()
    with counter.database.read() as session:
        assert find.latest(session, "KASSE-1", (DocumentKind.ABORTED,)) == []
        assert len(find.latest(session, "KASSE-1", (DocumentKind.TRAINING_ABORTED,), 9)) == 2
    assert counter.problems() == []


# On paper


def test_the_paper_says_that_it_is_none(counter: Counter) -> None:
    counter.till.training.begin()
    text = counter.paper(counter.sell(ROSE).document)
    assert text.count("TRAINING") >= 5
    counter.till.training.end()
    assert "TRAINING" not in counter.paper(counter.sell(ROSE).document)


def test_a_z_says_how_much_was_practised(plain: Counter) -> None:
    plain.play(PRACTICE.format(3, 4, 5))
    plain.till.cash.close_shift(None)
    with plain.database.read() as session:
        z = session.scalars(select(ClosingRow.id)).one()
    words = " ".join(plain.till.receipts.text(z).split())
    assert "3 x Training" in words
    assert "48,51" in words


def test_the_receipt_of_the_beginning_can_be_looked_at(plain: Counter) -> None:
    plain.till.training.begin()
    words = plain.till.receipts.text(newest(plain, DocumentKind.TRAINING_BEGAN).id)
    assert "Beleg-Nr. 2" in words


def test_a_till_of_another_process_is_not_in_training_with_it(
    plain: Counter, any_shop_settings: Settings, fast_ports: Ports
) -> None:
    plain.till.training.begin()
    other: Till = open_till(replace(any_shop_settings, till_id="KASSE-2"), fast_ports)
    try:
        assert not other.training.is_on
    finally:
        other.close()
