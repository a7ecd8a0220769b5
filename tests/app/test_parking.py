"""Parking a basket and recalling it: nothing is lost and nothing doubled, whatever happens between (T5)."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from till.app import open_sale
from till.app.bootstrap import Ports, Till, open_till
from till.catalog.models import ArticleRow
from till.documents.model import Document, DocumentKind
from till.errors import Refused
from till.fiscal.faulty import Fault
from till.money import Money
from till.sales.basket import AmountOff, PercentOff
from till.settings import Settings

if TYPE_CHECKING:
    from tests.app.conftest import Counter, FaultyShop

Make = Callable[..., Till]
ROSE, TEA, CUP, GLASS = "4006381333931", "4012345000016", "4012345000023", "4012345000047"


def parked(counter: Counter, *codes: str, name: str = "") -> None:
    for code in codes:
        counter.sale.scan(code)
    counter.sale.park(name)


def recall(counter: Counter, place: int = 0) -> list[str]:
    """Recall a basket of the list; what the till says has changed."""
    changes = counter.sale.recall(counter.sale.parked()[place].order_id)
    return [counter.said(one) for one in changes]


def documents(counter: Counter, kind: DocumentKind) -> list[Document]:
    found = [counter.till.receipts.find(number) for number in range(1, counter.count("document") + 1)]
    return [document for document in found if document.draft.kind is kind]


def baskets(counter: Counter) -> tuple[int, int]:
    """How many are open and how many parked in the books, when the threads behind the counter have done their part."""
    assert counter.till.settle()
    return counter.count("open_basket"), counter.count("parked_basket")


def one_transaction_each(counter: Counter) -> bool:
    """Whether each document is signed, and the TSE began one transaction for each but the opening, which begins none."""
    signed, begun, booked = (counter.count(table) for table in ("signature", "tse_transaction", "document"))
    return signed == booked == begun + 1


def test_a_parked_basket_waits_in_the_list_and_a_new_one_begins(plain: Counter) -> None:
    parked(plain, ROSE, TEA, name="  Frau\nWeber ")
    assert plain.sale.state.priced.basket.is_empty
    assert plain.sale.state.parked == 1
    (one,) = plain.sale.parked()
    assert (one.name, one.total, one.line_count, one.cashier) == ("Frau Weber", Money(1240), 2, "Marie Klein")
    assert one.is_running
    assert baskets(plain) == (0, 1)


def test_it_comes_back_with_all_that_was_typed_and_is_one_vorgang(plain: Counter) -> None:
    number = plain.sell_voucher("Gutschein 25")
    plain.sale.scan(ROSE)
    plain.sale.scan(CUP)
    plain.sale.set_note(plain.line(1), "für Oma")
    plain.sale.set_price(plain.line(1), Money(300))
    plain.sale.set_line_discount(plain.line(2), PercentOff(1000))
    plain.sale.set_discount(AmountOff(Money(100)))
    plain.sale.redeem(plain.voucher(number).standing.voucher.id, Money(500))
    left = plain.sale.state
    plain.sale.park()
    plain.sell(TEA)
    assert recall(plain) == []
    state = plain.sale.state
    assert (state.priced, state.tendered, state.parked) == (left.priced, left.tendered, 0)
    assert baskets(plain) == (1, 0)
    plain.sale.pay_cash(state.settlement.open)
    sold = plain.sale.complete().document
    assert sold.draft.references == ()
    assert documents(plain, DocumentKind.ABORTED) == []
    assert plain.problems() == []
    assert one_transaction_each(plain)


def test_an_autosave_that_comes_late_brings_no_parked_basket_back(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    assert plain.till.settle()
    late = open_sale.kept(plain.till.workplace)
    assert late is not None
    plain.sale.park()
    open_sale.autosave(plain.till.workplace, late, lambda _stored: True)
    assert baskets(plain) == (0, 1)


def test_what_is_open_is_parked_when_another_one_is_recalled(plain: Counter) -> None:
    parked(plain, ROSE)
    plain.sale.scan(TEA)
    assert recall(plain) == []
    assert plain.sale.state.priced.total == Money(350)
    assert [one.total for one in plain.sale.parked()] == [Money(890)]
    assert plain.sale.state.parked == 1
    assert baskets(plain) == (1, 1)


def test_a_basket_that_was_emptied_line_by_line_ends_when_another_one_is_recalled(plain: Counter) -> None:
    parked(plain, ROSE)
    plain.sale.scan(TEA)
    plain.sale.remove(plain.line(1))
    recall(plain)
    assert plain.sale.state.priced.total == Money(350)
    assert baskets(plain) == (1, 0)
    assert len(documents(plain, DocumentKind.ABORTED)) == 1
    assert plain.problems() == []


def test_recalling_the_open_basket_once_more_changes_nothing(plain: Counter) -> None:
    parked(plain, ROSE)
    order_id = plain.sale.parked()[0].order_id
    plain.sale.recall(order_id)
    assert plain.sale.recall(order_id) == ()
    assert plain.sale.state.priced.total == Money(350)


@pytest.mark.parametrize("pay", [lambda c: c.sale.pay_cash(Money(100)), lambda c: c.sale.pay_card("card", Money(100))])
def test_money_that_was_taken_is_never_parked(plain: Counter, pay: Callable[[Counter], None]) -> None:
    parked(plain, TEA)
    plain.sale.scan(ROSE)
    pay(plain)
    before = plain.sale.state
    with pytest.raises(Refused) as refused:
        plain.sale.park()
    assert "1,00" in plain.said(refused.value)
    with pytest.raises(Refused):
        recall(plain)
    assert plain.sale.state == before


def test_a_card_payment_is_not_lost_with_the_last_line_when_another_basket_is_recalled(plain: Counter) -> None:
    parked(plain, TEA)
    plain.sale.scan(ROSE)
    plain.sale.pay_card("card", Money(350))
    plain.sale.remove(plain.line(1))
    with pytest.raises(Refused):
        recall(plain)
    assert plain.sale.state.tendered[0].amount == Money(350)


def test_an_empty_basket_is_not_parked(plain: Counter) -> None:
    with pytest.raises(Refused):
        plain.sale.park()


def test_a_basket_can_be_renamed_and_a_name_has_an_end(plain: Counter) -> None:
    parked(plain, ROSE)
    order_id = plain.sale.parked()[0].order_id
    plain.sale.rename_parked(order_id, "Herr Özil")
    with pytest.raises(Refused):
        plain.sale.rename_parked(order_id, "x" * 41)
    assert plain.sale.parked()[0].name == "Herr Özil"
    plain.sale.recall(order_id)
    with pytest.raises(Refused):
        plain.sale.rename_parked(order_id, "Frau Weber")


def test_more_than_there_is_room_for_are_refused_and_the_basket_stays(
    plain: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("till.sales.parked.MOST_PARKED", 2)
    for _ in range(2):
        parked(plain, ROSE)
    with pytest.raises(Refused) as refused:
        parked(plain, TEA)
    assert "2" in plain.said(refused.value)
    assert plain.sale.state.priced.total == Money(890)


def test_a_discarded_basket_is_an_abort_with_its_lines(plain: Counter) -> None:
    parked(plain, ROSE, TEA)
    order_id = plain.sale.parked()[0].order_id
    plain.sale.discard_parked(order_id)
    assert plain.sale.state.parked == 0
    (aborted,) = documents(plain, DocumentKind.ABORTED)
    assert aborted.draft.total == Money(1240)
    assert plain.till.settle()
    with pytest.raises(Refused):
        plain.sale.discard_parked(order_id)
    assert plain.problems() == []
    assert one_transaction_each(plain)


def test_a_z_ends_the_transaction_and_the_basket_is_paid_the_next_day(plain: Counter) -> None:
    parked(plain, ROSE)
    first = plain.till.cash.close_shift(None)
    assert first.sales == 0
    (aborted,) = documents(plain, DocumentKind.ABORTED)
    (one,) = plain.sale.parked()
    assert not one.is_running
    plain.till.cash.open_shift(Money(10000))
    recall(plain)
    plain.sale.pay_cash(Money(350))
    sold = plain.sale.complete().document
    assert [reference.document_id for reference in sold.draft.references] == [aborted.id]
    assert plain.till.cash.close_shift(None).sales == 1
    assert plain.problems() == []


def test_what_a_z_has_ended_is_discarded_without_a_second_abort(plain: Counter) -> None:
    parked(plain, ROSE)
    plain.till.cash.close_shift(None)
    plain.till.cash.open_shift(Money(10000))
    plain.sale.discard_parked(plain.sale.parked()[0].order_id)
    assert len(documents(plain, DocumentKind.ABORTED)) == 1
    assert baskets(plain) == (0, 0)
    assert plain.problems() == []


def test_nothing_is_recalled_while_the_till_is_closed(plain: Counter) -> None:
    parked(plain, ROSE)
    plain.till.cash.close_shift(None)
    with pytest.raises(Refused):
        recall(plain)
    assert baskets(plain) == (0, 1)


def test_a_restart_ends_the_transactions_and_keeps_open_and_parked_baskets(
    any_shop_settings: Settings, fast_ports: Ports, at: type[Counter]
) -> None:
    first = at(open_till(any_shop_settings, fast_ports))
    first.till.cash.open_shift(Money(10000))
    parked(first, ROSE, name="Frau Weber")
    first.sale.scan(TEA)
    first.till.close()
    with contextlib.closing(open_till(any_shop_settings, fast_ports)) as till:
        again = at(till)
        assert again.sale.state.restored
        assert (again.sale.state.priced.total, again.sale.state.parked) == (Money(890), 1)
        assert len(documents(again, DocumentKind.ABORTED)) == 2
        recall(again)
        again.sale.pay_cash(Money(350))
        assert len(again.sale.complete().document.draft.references) == 1
        recall(again)
        again.sale.pay_cash(Money(890))
        assert len(again.sale.complete().document.draft.references) == 1
        assert baskets(again) == (0, 0)
        assert again.problems() == []


def test_new_prices_and_vat_keys_are_shown_when_it_is_recalled(plain: Counter) -> None:
    parked(plain, ROSE, TEA)
    with plain.database.write() as session:
        session.execute(update(ArticleRow).where(ArticleRow.name == "Rose").values(price=Money(400)))
    assert [words for words in recall(plain) if "Rose" in words]
    assert [line.amount for line in plain.sale.state.priced.lines] == [Money(400), Money(890)]


def test_a_price_typed_at_the_counter_stays_as_it_was_typed(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    plain.sale.set_price(plain.line(1), Money(300))
    plain.sale.park()
    with plain.database.write() as session:
        session.execute(update(ArticleRow).where(ArticleRow.name == "Rose").values(price=Money(400)))
    assert recall(plain) == []
    assert plain.sale.state.priced.total == Money(300)


def test_a_discount_beyond_the_new_price_is_taken_away_in_sight(plain: Counter) -> None:
    plain.sale.scan(ROSE)
    plain.sale.set_line_discount(plain.line(1), AmountOff(Money(300)))
    plain.sale.park()
    with plain.database.write() as session:
        session.execute(update(ArticleRow).where(ArticleRow.name == "Rose").values(price=Money(200)))
    assert len(recall(plain)) == 1
    assert plain.sale.state.priced.total == Money(200)


def test_a_voucher_that_was_spent_meanwhile_is_taken_out_and_that_is_said(plain: Counter) -> None:
    number = plain.sell_voucher("Gutschein 25")
    voucher_id = plain.voucher(number).standing.voucher.id
    plain.sale.scan(CUP)
    plain.sale.redeem(voucher_id, Money(1200))
    plain.sale.park()
    plain.sale.add(plain.tile("Becher"))
    plain.sale.add(plain.tile("Becher"))
    plain.sale.redeem(voucher_id, Money(2400))
    plain.sale.complete()
    (words,) = recall(plain)
    assert number in words
    assert plain.sale.state.tendered == ()
    assert plain.sale.state.settlement.open == Money(1200)
    assert plain.problems() == []


@pytest.fixture
def second(plain: Counter, fast_ports: Ports) -> Iterator[Counter]:
    """Another till of the same shop, open."""
    settings = dataclasses.replace(plain.till.settings, till_id="KASSE-2")
    with contextlib.closing(open_till(settings, fast_ports)) as till:
        till.cash.open_shift(Money(5000))
        yield type(plain)(till)


def test_another_till_goes_on_with_it_once_its_transaction_is_over(plain: Counter, second: Counter) -> None:
    parked(plain, ROSE)
    order_id = plain.sale.parked()[0].order_id
    assert second.sale.parked() == ()
    with pytest.raises(Refused):
        second.sale.recall(order_id)
    plain.till.cash.close_shift(None)
    assert [one.till_id for one in second.sale.parked()] == ["KASSE-1"]
    second.sale.recall(order_id)
    plain.till.cash.open_shift(Money(10000))
    with pytest.raises(Refused):
        plain.sale.recall(order_id)
    second.sale.pay_cash(Money(350))
    sold = second.sale.complete().document
    assert [reference.till_id for reference in sold.draft.references] == ["KASSE-1"]
    assert plain.till.settle()
    assert second.problems() == []


def test_without_the_tse_it_is_parked_and_recalled_all_the_same(faulty_shop: FaultyShop) -> None:
    counter = faulty_shop.counter
    faulty_shop.tse.switch(dataclasses.replace(faulty_shop.tse.behaviour, fault=Fault.UNREACHABLE))
    parked(counter, ROSE)
    recall(counter)
    counter.sale.pay_cash(Money(350))
    counter.sale.complete()
    assert counter.problems() == []
