"""The one transaction of a sale: vouchers taken and issued, the document posted, or nothing at all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from till.business_case import VatKey, ZahlartTyp
from till.db.engine import Database
from till.db.locks import Lock, LockKind
from till.documents.model import DocumentKind, Payment, Reference, VatTotal
from till.errors import Refused
from till.ledger.account import MEMO_PAIRS, Account
from till.ledger.balances import balance, balances
from till.money import ZERO, Money, total
from till.sales.aborted import abort, aborted_id
from till.sales.checkout import Rules, complete
from till.sales.order import Order
from till.sales.pricing import price
from till.schema import METADATA
from till.vouchers.locks import number_lock, voucher_lock
from till.vouchers.model import VoucherState
from till.vouchers.models import VoucherRow, VoucherTypeRow
from till.vouchers.standing import find_vouchers

ROSE, TEA, CUP, DELIVERY, JUICE = (uuid.UUID(int=n) for n in range(1, 6))
VALUE_25, VALUE_FREE, PROMOTION, GIFT, SINGLE, OWN_NUMBER = (uuid.UUID(int=n) for n in range(101, 107))
RATES = {VatKey.GENERAL: 1900, VatKey.REDUCED: 700, VatKey.NOT_TAXABLE: 0}


def _counts(database: Database) -> dict[str, int]:
    """How many rows each table of the books has."""
    names = ("document", "document_line", "ledger_entry", "ledger_posting", "chain_link", "voucher")
    with database.read() as session:
        return {
            name: session.execute(select(func.count()).select_from(METADATA.tables[name])).scalar_one()
            for name in names
        }


def _balance(counter: Any, account: Account, subject: str) -> Money:
    with counter.database.read() as session:
        return balance(session, account, subject)


def test_a_sale_books_cash_revenue_and_vat(counter: Any) -> None:
    sale = counter.sell([CUP, ROSE], [("cash", 2000)])
    assert sale.document.number == 1
    assert sale.document.draft.total == Money(1550)
    assert _balance(counter, Account.CASH, "KASSE-1") == Money(1550)
    assert _balance(counter, Account.VAT, "1") == Money(-192)
    assert _balance(counter, Account.VAT, "2") == Money(-23)
    assert _balance(counter, Account.REVENUE, "1") == Money(-1008)


def test_a_receipt_says_how_it_was_paid_and_the_vat_in_it(counter: Any) -> None:
    draft = counter.sell([CUP, ROSE], [("card", 1000), ("cash", 2000)]).document.draft
    assert draft.payments == (
        Payment("cash", ZahlartTyp.BAR, "Bar", Money(550), Money(2000)),
        Payment("card", ZahlartTyp.UNBAR, "Karte", Money(1000)),
    )
    assert draft.vat == (
        VatTotal(VatKey.GENERAL, 1900, Money(1200), Money(192)),
        VatTotal(VatKey.REDUCED, 700, Money(350), Money(23)),
    )


def test_a_sale_holds_its_till_its_vouchers_and_the_number_ranges_it_draws_from(
    counter: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On SQLite, where holding a lock does nothing, it shows only in what is asked for."""
    first, second = counter.sell_voucher(VALUE_25, 2500), counter.sell_voucher(VALUE_FREE, 1000)
    order = counter.order([CUP, CUP, (PROMOTION, 2000), (GIFT, 0)], [(first, 1400), (second, 1000), ("cash", 2000)])
    held: list[Lock] = []
    monkeypatch.setattr("till.sales.checkout.hold", lambda _session, locks: held.extend(locks))
    counter.book(order)
    assert set(held) == {
        Lock(LockKind.TILL, "KASSE-1"),
        voucher_lock(first.id),
        voucher_lock(second.id),
        number_lock(PROMOTION),
        number_lock(GIFT),
    }


def test_a_repeated_order_returns_the_same_sale_and_no_second_voucher(counter: Any) -> None:
    order = counter.order([(VALUE_25, 2500), ROSE], [("cash", 3000)])
    first = counter.book(order)
    before = _counts(counter.database)
    assert counter.book(order) == first
    assert _counts(counter.database) == before
    assert [voucher.number for voucher in first.vouchers] == ["AG-0001"]


def test_a_repeated_order_with_other_lines_is_refused(counter: Any) -> None:
    order = counter.order([ROSE], [("cash", 350)])
    counter.book(order)
    other = counter.order([TEA], [("cash", 890)])
    changed = replace(other, priced=replace(other.priced, basket=replace(other.priced.basket, order_id=order.id)))
    with pytest.raises(Refused, match="booked already with other lines"):
        counter.book(changed)


@pytest.mark.parametrize(("payments", "sentence"), [([], "3.50 is still open"), ([("card", 400)], "0.50 more is paid")])
def test_an_order_that_is_not_settled_books_nothing(counter: Any, payments: list[Any], sentence: str) -> None:
    before = _counts(counter.database)
    with pytest.raises(Refused, match=sentence):
        counter.sell([ROSE], payments)
    assert _counts(counter.database) == before


def test_vouchers_of_one_receipt_are_numbered_in_its_order(counter: Any) -> None:
    sale = counter.sell([(VALUE_25, 2500), (VALUE_FREE, 1234), (VALUE_25, 2500)], [("card", 6234)])
    assert [(v.number, v.face, v.issued_number) for v in sale.vouchers] == [
        ("AG-0001", Money(2500), 1),
        ("FR-0001", Money(1234), 1),
        ("AG-0002", Money(2500), 1),
    ]
    assert [line.voucher.number for line in sale.document.draft.lines if line.voucher] == [
        "AG-0001",
        "FR-0001",
        "AG-0002",
    ]


def test_a_voucher_is_redeemed_in_parts_until_nothing_is_left(counter: Any) -> None:
    voucher = counter.sell_voucher(VALUE_25, 2500)
    counter.sell([CUP], [(voucher, 1200)])
    assert counter.standing(voucher).remaining == Money(1300)
    counter.sell([CUP, ROSE], [(voucher, 1300), ("cash", 250)])
    standing = counter.standing(voucher)
    assert (standing.state, standing.remaining) == (VoucherState.USED, ZERO)
    assert standing.since == counter.context.now
    with pytest.raises(Refused, match=r"AG-0001: only 0.00 is left. Redeemed at till KASSE-1, 2026-11-20 11:00"):
        counter.sell([ROSE], [(voucher, 350)])


def test_two_vouchers_pay_one_sale(counter: Any) -> None:
    first, second = counter.sell_voucher(VALUE_25, 2500), counter.sell_voucher(VALUE_FREE, 1000)
    sale = counter.sell([CUP, CUP, CUP], [(first, 2500), (second, 1000), ("cash", 100)])
    assert sale.document.draft.total == Money(100)
    assert counter.standing(first).remaining == ZERO
    assert counter.standing(second).remaining == ZERO


def test_a_voucher_twice_in_one_payment_never_exceeds_what_is_left(counter: Any) -> None:
    voucher = counter.sell_voucher(VALUE_25, 2500)
    with pytest.raises(Refused, match=r"AG-0001: only 25.00 is left"):
        counter.sell([CUP, CUP, CUP], [(voucher, 1500), (voucher, 1500), ("cash", 600)])
    counter.sell([CUP, CUP], [(voucher, 1200), (voucher, 1200)])
    assert counter.standing(voucher).remaining == Money(100)


def test_a_promotion_of_20_for_30_is_used_in_12_and_18(counter: Any) -> None:
    voucher = counter.sell_voucher(PROMOTION, 2000)
    assert (voucher.sale, voucher.face) == (Money(2000), Money(3000))
    first = counter.sell([CUP], [(voucher, 1200)])
    assert [line.gross.cents for line in first.document.draft.lines] == [1200, -800, -400]
    second = counter.sell([CUP, DELIVERY], [(voucher, 1800), ("cash", 200)])
    assert [line.gross.cents for line in second.document.draft.lines] == [1200, 800, -1200, -600]
    assert counter.standing(voucher).state is VoucherState.USED
    assert _balance(counter, Account.VOUCHER_MULTI, str(voucher.id)) == ZERO


def test_a_gift_costs_nothing_and_lowers_a_price(counter: Any) -> None:
    voucher = counter.sell_voucher(GIFT, 0)
    assert (voucher.sale, voucher.face) == (ZERO, Money(1500))
    sale = counter.sell([CUP], [(voucher, 1000), ("cash", 200)])
    assert [(line.gv_typ.value, line.gross.cents) for line in sale.document.draft.lines] == [
        ("Umsatz", 1200),
        ("Rabatt", -1000),
    ]
    assert counter.standing(voucher).bonus_left == Money(500)


def test_a_single_purpose_voucher_pays_its_own_rate_only(counter: Any) -> None:
    voucher = counter.sell_voucher(SINGLE, 5000)
    with pytest.raises(Refused, match=r"EK-0001 pays only for goods with its own VAT rate: 0.00"):
        counter.sell([ROSE], [(voucher, 350)])
    sale = counter.sell([CUP], [(voucher, 1200)])
    assert sale.document.draft.total == ZERO
    assert _balance(counter, Account.VAT, "1") == Money(-798)
    assert counter.standing(voucher).paid_left == Money(3800)


def test_a_voucher_is_not_bought_with_a_voucher(counter: Any) -> None:
    voucher = counter.sell_voucher(VALUE_25, 2500)
    with pytest.raises(Refused, match=r"Vouchers can’t pay for vouchers: at most 0.00"):
        counter.sell([(VALUE_FREE, 2500)], [(voucher, 2500)])
    assert counter.standing(voucher).remaining == Money(2500)


def test_a_gift_does_not_pay_a_deposit(counter: Any) -> None:
    voucher = counter.sell_voucher(GIFT, 0)
    with pytest.raises(Refused, match=r"only for goods and services: 3.00"):
        counter.sell([JUICE], [(voucher, 500)])
    paid = counter.sell_voucher(VALUE_25, 2500)
    counter.sell([JUICE], [(paid, 500)])


def test_a_voucher_nobody_knows_is_refused(counter: Any) -> None:
    voucher = replace(counter.sell_voucher(VALUE_25, 2500), id=uuid.uuid4())
    with pytest.raises(Refused, match="not known here"):
        counter.sell([ROSE], [(voucher, 350)])


def test_an_amount_below_nothing_never_loads_a_voucher(counter: Any) -> None:
    voucher = counter.sell_voucher(VALUE_25, 2500)
    with pytest.raises(ValueError, match="above 0"):
        counter.sell([ROSE], [(voucher, -100), ("cash", 450)])
    assert counter.standing(voucher).remaining == Money(2500)


def test_a_voucher_type_that_is_gone_or_deactivated_is_not_sold(counter: Any) -> None:
    order = counter.order([(VALUE_25, 2500)], [("cash", 2500)])
    with counter.database.write() as session:
        session.execute(update(VoucherTypeRow).values(active=False))
    with pytest.raises(Refused, match="“Gutschein 25” is no longer sold"):
        counter.book(order)
    with counter.database.write() as session:
        session.execute(delete(VoucherTypeRow))
    with pytest.raises(Refused, match="“Gutschein 25” is no longer sold"):
        counter.book(order)


def test_a_number_taken_by_hand_is_skipped_and_one_given_back_is_used_again(counter: Any) -> None:
    order = counter.order([(VALUE_25, 2500)], [("cash", 2500)])
    with pytest.raises(RuntimeError, match="power cut"), counter.database.write() as session:  # noqa: PT012 - the unit of work is what fails
        complete(session, counter.context, order, Rules(RATES))
        raise RuntimeError("power cut")
    assert counter.sell_voucher(VALUE_25, 2500).number == "AG-0001"
    with counter.database.write() as session:
        session.execute(update(VoucherTypeRow).values(next_number="AG-0001"))
    assert counter.sell_voucher(VALUE_25, 2500).number == "AG-0002"


def test_a_crash_in_the_middle_books_nothing(counter: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    voucher = counter.sell_voucher(VALUE_25, 2500)
    before = _counts(counter.database)
    order = counter.order([CUP, (VALUE_FREE, 500)], [(voucher, 1200), ("cash", 500)])

    def crash(*_args: object) -> None:
        raise RuntimeError("power cut")

    for place in ("till.ledger.chain.extend", "till.ledger.journal.append", "till.vouchers.issue.enter"):
        with monkeypatch.context() as patch:
            patch.setattr(place, crash)
            with pytest.raises(RuntimeError, match="power cut"):
                counter.book(order)
        assert _counts(counter.database) == before, place
    sale = counter.book(order)
    assert sale.document.number == 2
    assert counter.standing(voucher).remaining == Money(1300)


def test_a_voucher_gets_the_number_and_the_text_that_were_typed(counter: Any) -> None:
    order = counter.order([(OWN_NUMBER, 3000)], [("cash", 3000)])
    (line,) = order.priced.basket.lines
    wanted = replace(line.item.voucher, number=" Spende7 ", text="Für Oma")
    typed = replace(line, item=replace(line.item, voucher=wanted))
    basket = replace(order.priced.basket, lines=(typed,))
    sale = counter.book(Order(price(basket, RATES), order.tendered, order.faces))
    (voucher,) = sale.vouchers
    assert (voucher.number, voucher.text) == ("Spende7", "Für Oma")
    with counter.database.read() as session:
        assert find_vouchers(session, "spende7") == [voucher]


def test_one_number_is_not_given_to_two_vouchers_of_a_receipt(counter: Any) -> None:
    order = counter.order([(OWN_NUMBER, 3000), (OWN_NUMBER, 3000)], [("cash", 6000)])
    numbers = iter((" Spende7 ", "SPENDE7"))
    lines = tuple(
        replace(line, item=replace(line.item, voucher=replace(line.item.voucher, number=next(numbers))))
        for line in order.priced.basket.lines
    )
    twice = Order(price(replace(order.priced.basket, lines=lines), RATES), order.tendered, order.faces)
    with pytest.raises(Refused, match="in this basket twice"):
        counter.book(twice)
    with counter.database.read() as session:
        assert session.execute(select(func.count()).select_from(VoucherRow)).scalar_one() == 0


@pytest.mark.parametrize(
    ("type_id", "cents", "key"), [(SINGLE, 5000, VatKey.GENERAL), (VALUE_25, 2500, VatKey.NOT_TAXABLE)]
)
def test_a_voucher_keeps_the_vat_key_it_was_priced_with(
    counter: Any, type_id: uuid.UUID, cents: int, key: VatKey
) -> None:
    order = counter.order([(type_id, cents)], [("cash", cents)])
    with counter.database.write() as session:
        session.execute(update(VoucherTypeRow).values(vat_key=VatKey.REDUCED.value))
    (voucher,) = counter.book(order).vouchers
    assert voucher.vat_key is key


def test_a_change_of_the_type_leaves_sold_vouchers_alone(counter: Any) -> None:
    voucher = counter.sell_voucher(VALUE_25, 2500)
    with counter.database.write() as session:
        session.execute(update(VoucherTypeRow).values(face=Money(1), name="Anders"))
    with counter.database.read() as session:
        row = session.execute(select(VoucherRow.face, VoucherRow.type_name)).one()
    assert tuple(row) == (Money(2500), "Gutschein 25")
    assert counter.standing(voucher).remaining == Money(2500)


def test_all_accounts_and_all_memo_pairs_sum_to_zero(counter: Any) -> None:
    for kind, cents in ((VALUE_25, 2500), (PROMOTION, 2000), (GIFT, 0), (SINGLE, 5000)):
        voucher = counter.sell_voucher(kind, cents)
        counter.sell([CUP], [(voucher, 700), ("card", 500)])
    with counter.database.read() as session:
        sums = balances(session, Account)
    assert total(sums.values()) == ZERO
    for pair in MEMO_PAIRS:
        assert total(amount for (account, _), amount in sums.items() if account in pair) == ZERO


def test_an_aborted_basket_is_booked_once_and_moves_nothing(counter: Any) -> None:
    order = counter.order([CUP, (VALUE_25, 2500)])
    work: Callable[[Any], Any] = lambda session: abort(session, counter.context, order.priced)  # noqa: E731 - one expression
    first = counter.database.run(work)
    assert counter.database.run(work) == first
    assert first.draft.kind is DocumentKind.ABORTED
    assert first.id == aborted_id(order.id, 0)
    assert (first.draft.total, first.draft.payments) == (Money(3700), ())
    reference = Reference(first.till_id, first.number, first.id)
    second = counter.database.run(lambda session: abort(session, counter.context, order.priced, (reference,)))
    assert second.draft.references == (reference,)
    assert second.number == 2
    assert _counts(counter.database)["ledger_entry"] == 0


def test_a_sale_restored_after_an_abort_names_it(counter: Any) -> None:
    order = counter.order([CUP], [("cash", 1200)])
    aborted = counter.database.run(lambda session: abort(session, counter.context, order.priced))
    reference = Reference(aborted.till_id, aborted.number, aborted.id)
    sale = counter.database.run(lambda session: complete(session, counter.context, order, Rules(RATES), (reference,)))
    assert sale.document.draft.references == (reference,)


def test_a_voucher_row_cannot_be_written_twice(counter: Any) -> None:
    counter.sell_voucher(VALUE_25, 2500)
    again = insert(VoucherRow).from_select(VoucherRow.__table__.columns.keys(), select(VoucherRow.__table__))
    with pytest.raises(DBAPIError), counter.database.write() as session:
        session.execute(again)
