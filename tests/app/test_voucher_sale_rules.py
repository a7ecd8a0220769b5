"""What a voucher may be bought with and for how little: by its type (V5, V10, V23)."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from till.app.bootstrap import Ports, open_till
from till.business_case import GvTyp
from till.errors import Refused
from till.ledger.account import Account
from till.ledger.balances import balances
from till.money import ZERO, Money
from till.sales.basket import AmountOff, Discount, PercentOff
from till.settings import Settings
from till.vouchers.models import VoucherTypeRow

if TYPE_CHECKING:
    from tests.app.conftest import Counter

CUP = "4012345000023"


def allow(counter: Counter, plu: str) -> None:
    """Vouchers of this type may be bought with vouchers."""
    with counter.database.write() as session:
        session.execute(
            update(VoucherTypeRow).where(VoucherTypeRow.plu == plu).values(may_be_bought_with_vouchers=True)
        )


def id_of(counter: Counter, number: str) -> uuid.UUID:
    return counter.voucher(number).standing.voucher.id


@pytest.mark.parametrize("discount", [PercentOff(10_000), PercentOff(9_999), AmountOff(Money(2500))])
def test_no_discount_gives_a_voucher_away_that_must_cost_something(plain: Counter, discount: Discount) -> None:
    plain.sale.add(plain.tile("Gutschein 25"))
    if discount == PercentOff(9_999):
        plain.sale.cancel()
        plain.sale.add(plain.tile("Gutschein frei"), price=Money(1))
    before = plain.sale.state
    with pytest.raises(Refused, match="must cost something"):
        plain.sale.set_line_discount(plain.line(1), discount)
    assert plain.sale.state == before
    plain.sale.set_line_discount(plain.line(1), None)


def test_a_voucher_may_be_sold_for_a_cent_and_the_rest_is_given(plain: Counter) -> None:
    plain.sale.add(plain.tile("Gutschein 25"))
    plain.sale.set_line_discount(plain.line(1), AmountOff(Money(2499)))
    plain.sale.pay_cash(Money(1))
    number = plain.sale.complete().vouchers[0].number
    standing = plain.voucher(number).standing
    assert (standing.paid_left, standing.bonus_left) == (Money(1), Money(2499))


def test_a_type_that_may_be_free_takes_any_discount(plain: Counter) -> None:
    plain.sale.add(plain.tile("Geschenk"), price=Money(500))
    plain.sale.set_line_discount(plain.line(1), PercentOff(10_000))
    assert plain.sale.state.priced.total == ZERO
    plain.sale.complete()
    assert plain.problems() == []


def test_a_voucher_is_not_bought_with_a_voucher_unless_its_type_allows_it(plain: Counter) -> None:
    number = plain.sell_voucher("Gutschein 25")
    plain.sale.add(plain.tile("Gutschein frei"), price=Money(2000))
    hit = plain.voucher(number)
    assert hit.offered == ZERO
    assert hit.refusal is not None
    assert str(hit.refusal) == f"{number}: vouchers can’t be bought with vouchers here. Take another way to pay."
    with pytest.raises(Refused, match="can’t be bought with vouchers"):
        plain.sale.redeem(id_of(plain, number), Money(2000))


def test_beside_goods_a_voucher_pays_the_goods_alone(plain: Counter) -> None:
    number = plain.sell_voucher("Gutschein 25")
    plain.sale.add(plain.tile("Gutschein frei"), price=Money(2000))
    plain.sale.scan(CUP)
    hit = plain.voucher(number)
    assert (hit.offered, hit.refusal) == (Money(1200), None)


def test_a_voucher_is_bought_with_a_voucher_where_its_type_allows_it(plain: Counter) -> None:
    allow(plain, "902")
    number = plain.sell_voucher("Gutschein 25")
    plain.sale.add(plain.tile("Gutschein frei"), price=Money(2000))
    assert plain.voucher(number).offered == Money(2000)
    plain.sale.redeem(id_of(plain, number), Money(2000))
    sale = plain.sale.complete()
    assert [(line.gv_typ, line.gross) for line in sale.document.draft.lines] == [
        (GvTyp.MEHRZWECK_KAUF, Money(2000)),
        (GvTyp.MEHRZWECK_EINLOESUNG, Money(-2000)),
    ]
    (bought,) = sale.vouchers
    assert plain.voucher(bought.number).standing.paid_left == Money(2000)
    assert plain.voucher(number).standing.remaining == Money(500)
    with plain.database.read() as session:
        owed = sum(amount.cents for amount in balances(session, (Account.VOUCHER_MULTI,)).values())
    assert owed == -2500
    assert plain.problems() == []


def test_a_single_purpose_voucher_is_taxed_when_it_is_bought_with_a_voucher(plain: Counter) -> None:
    allow(plain, "905")
    number = plain.sell_voucher("Gutschein 25")
    tile = next(t for t in plain.sale.assortment().tiles if t.number == "905")
    plain.sale.add(tile, price=None if tile.price else Money(1900))
    due = plain.sale.state.settlement.open
    taken = plain.voucher(number).offered
    plain.sale.redeem(id_of(plain, number), taken)
    if due > taken:
        plain.sale.pay_cash(due - taken)
    plain.sale.complete()
    assert plain.problems() == []


def test_a_given_part_buys_no_voucher_even_then(plain: Counter) -> None:
    allow(plain, "902")
    number = plain.sell_voucher("Aktion 20/30")
    plain.sale.add(plain.tile("Gutschein frei"), price=Money(2000))
    hit = plain.voucher(number)
    assert hit.offered == ZERO
    assert hit.refusal is not None


def test_what_a_voucher_may_be_bought_with_survives_a_restart(
    plain: Counter, any_shop_settings: Settings, fast_ports: Ports
) -> None:
    allow(plain, "902")
    number = plain.sell_voucher("Gutschein 25")
    plain.sale.add(plain.tile("Gutschein frei"), price=Money(2000))
    plain.till.close()
    again = open_till(any_shop_settings, fast_ports)
    try:
        counter = type(plain)(again)
        assert counter.voucher(number).offered == Money(2000)
        with pytest.raises(Refused, match="must cost something"):
            counter.sale.set_line_discount(counter.line(1), PercentOff(10_000))
    finally:
        again.close()
