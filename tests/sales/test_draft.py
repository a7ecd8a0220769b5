"""Basket and payments become a document: the booking table of 60-fiscal A4.3, row by row."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.documents.model import Line, Payment, VoucherNote
from till.errors import Refused
from till.fiscal.process_data import PaymentSum, receipt_process_data
from till.money import ZERO, Money, total
from till.quantity import ONE, pieces
from till.sales.basket import AmountOff, Basket, Deposit, Item, ItemKind, PercentOff, VoucherOrder
from till.sales.draft import NO_PAYMENT, document_lines, document_payments, vat_totals
from till.sales.order import Order, TenderFace
from till.sales.pricing import price
from till.sales.tender import Tendered, TenderKind
from till.vouchers.model import VatTreatment, Voucher
from till.vouchers.value import Redemption, share_of

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
TODAY = NOON.date()
EMPTY = Basket(uuid.UUID(int=1), NOON)
RATES = {VatKey.GENERAL: 1900, VatKey.REDUCED: 700, VatKey.NOT_TAXABLE: 0}
FACES = {
    "cash": TenderFace("cash", "Bar", ZahlartTyp.BAR),
    "card": TenderFace("card", "girocard", ZahlartTyp.EC_KARTE),
}
WORK = Item(ItemKind.ARTICLE, "1", "Massage", VatKey.GENERAL)
BOOK = Item(ItemKind.ARTICLE, "2", "Buch", VatKey.REDUCED)
GLASS = Item(ItemKind.DEPOSIT, "6", "Pfand", VatKey.GENERAL, GvTyp.PFAND, takes_discount=False)
CASH, CARD = TenderKind.CASH, TenderKind.CARD


def _voucher_item(key: VatKey) -> Item:
    kind = GvTyp.MEHRZWECK_KAUF if key is VatKey.NOT_TAXABLE else GvTyp.EINZWECK_KAUF
    order = VoucherOrder(uuid.UUID(int=901), Money(10000))
    return Item(ItemKind.VOUCHER, "901", "Gutschein", key, kind, takes_discount=False, voucher=order)


def _voucher(sale: int, face: int, key: VatKey = VatKey.NOT_TAXABLE, number: int = 1) -> Voucher:
    single = key is not VatKey.NOT_TAXABLE
    return Voucher(
        id=uuid.UUID(int=number),
        type_id=uuid.UUID(int=901),
        type_name="Gutschein",
        type_plu="901",
        number=f"AG-{number:04d}",
        sale=Money(sale),
        face=Money(face),
        vat_treatment=VatTreatment.SINGLE_PURPOSE if single else VatTreatment.MULTI_PURPOSE,
        vat_key=key,
        vat_rate_bp=RATES[key],
        valid_from=TODAY,
        valid_until=dt.date(2036, 12, 31),
        issued_at=NOON,
        issued_till="K1",
        issued_number=1,
        text="Alles Gute",
    )


def _redeem(voucher: Voucher, amount: int, before: int = 0) -> Redemption:
    share = share_of(voucher.sale, voucher.face, Money(before), Money(amount))
    return Redemption(voucher, share, voucher.face - Money(before + amount))


def _note(face: int, rest: Money | None, text: str) -> VoucherNote:
    return VoucherNote(
        uuid.UUID(int=1), "AG-0001", "Gutschein", dt.date(2036, 12, 31), Money(face), rest=rest, text=text
    )


def _basket(*goods: tuple[Item, int]) -> Basket:
    basket = EMPTY
    for item, cents in goods:
        basket = basket.with_line(item, Money(cents))
    return basket


class Drafted:
    """A basket with its payments and redemptions as a document's parts."""

    def __init__(
        self,
        basket: Basket,
        paid: Sequence[tuple[TenderKind, int]] = (),
        redeemed: Sequence[Redemption] = (),
        issued: Mapping[int, Voucher] | None = None,
    ) -> None:
        by_voucher = [
            Tendered(100 + i, TenderKind.VOUCHER, "voucher", r.voucher.number, r.share.amount, r.voucher.id)
            for i, r in enumerate(redeemed)
        ]
        money = [Tendered(i, kind, kind.value, kind.value, Money(cents)) for i, (kind, cents) in enumerate(paid)]
        order = Order(price(basket, RATES), (*by_voucher, *money), FACES)
        self.lines = document_lines(order, redeemed, issued or {}, RATES)
        self.payments = document_payments(order)
        self.vat = vat_totals(self.lines)

    @property
    def positions(self) -> list[tuple[str, int, int]]:
        """GV_TYP, gross and UST key of each line."""
        return [(line.gv_typ.value, line.gross.cents, line.vat_key.value) for line in self.lines]

    @property
    def process_data(self) -> str:
        """What the TSE signs."""
        sums = [PaymentSum(p.zahlart_typ is ZahlartTyp.BAR, p.amount) for p in self.payments]
        return receipt_process_data(BonTyp.BELEG, {vat.vat_key: vat.gross for vat in self.vat}, sums)

    def check(self) -> None:
        """60-fiscal A3.4 rules 1 and 2."""
        assert total(line.gross for line in self.lines) == total(p.amount for p in self.payments)
        assert total(line.gross for line in self.lines) == total(vat.gross for vat in self.vat)
        for vat in self.vat:
            own = [line for line in self.lines if line.vat_key is vat.vat_key]
            assert total(line.tax for line in own) == vat.tax
            assert vat.net + vat.tax == vat.gross


def test_a_sale_of_two_rates_in_cash() -> None:
    sale = Drafted(_basket((WORK, 4000), (BOOK, 2000)), [(CASH, 10000)])
    assert sale.positions == [("Umsatz", 4000, 1), ("Umsatz", 2000, 2)]
    assert sale.process_data == "Beleg^40.00_20.00_0.00_0.00_0.00^60.00:Bar"
    assert [vat.tax for vat in sale.vat] == [Money(639), Money(131)]
    assert sale.payments == (Payment("cash", ZahlartTyp.BAR, "Bar", Money(6000), Money(10000)),)
    sale.check()


def test_a_single_purpose_voucher_sold_by_card_is_taxed_at_once() -> None:
    voucher = _voucher(5000, 5000, VatKey.GENERAL)
    sale = Drafted(_basket((_voucher_item(VatKey.GENERAL), 5000)), [(CARD, 5000)], issued={1: voucher})
    assert sale.positions == [("EinzweckgutscheinKauf", 5000, 1)]
    assert sale.process_data == "Beleg^50.00_0.00_0.00_0.00_0.00^50.00:Unbar"
    assert sale.vat[0].tax == Money(798)
    sale.check()


def test_a_single_purpose_voucher_leaves_the_rest_to_be_taxed() -> None:
    redeemed = [_redeem(_voucher(5000, 5000, VatKey.GENERAL), 5000)]
    sale = Drafted(_basket((WORK, 7000)), [(CASH, 2000)], redeemed)
    assert sale.positions == [("Umsatz", 7000, 1), ("EinzweckgutscheinEinloesung", -5000, 1)]
    assert sale.process_data == "Beleg^20.00_0.00_0.00_0.00_0.00^20.00:Bar"
    assert sale.vat[0].tax == Money(319)
    sale.check()


def test_a_single_purpose_voucher_that_pays_all_leaves_nothing() -> None:
    sale = Drafted(_basket((WORK, 1500)), redeemed=[_redeem(_voucher(1500, 1500, VatKey.GENERAL), 1500)])
    assert sale.positions == [("Umsatz", 1500, 1), ("EinzweckgutscheinEinloesung", -1500, 1)]
    assert sale.process_data == "Beleg^0.00_0.00_0.00_0.00_0.00^"
    assert sale.payments == (NO_PAYMENT,)
    sale.check()


def test_a_multi_purpose_voucher_is_sold_without_vat() -> None:
    sale = Drafted(
        _basket((_voucher_item(VatKey.NOT_TAXABLE), 10000)), [(CASH, 10000)], issued={1: _voucher(10000, 10000)}
    )
    assert sale.positions == [("MehrzweckgutscheinKauf", 10000, 5)]
    assert sale.process_data == "Beleg^0.00_0.00_0.00_0.00_100.00^100.00:Bar"
    assert sale.lines[0].voucher == _note(10000, rest=None, text="Alles Gute")
    sale.check()


def test_a_multi_purpose_voucher_is_redeemed_at_the_goods_rate() -> None:
    sale = Drafted(_basket((WORK, 5900)), redeemed=[_redeem(_voucher(10000, 10000), 5900)])
    assert sale.positions == [("Umsatz", 5900, 1), ("MehrzweckgutscheinEinloesung", -5900, 5)]
    assert sale.process_data == "Beleg^59.00_0.00_0.00_0.00_-59.00^"
    assert sale.vat[0].tax == Money(942)
    line = sale.lines[1]
    assert (line.text, line.gv_name, line.unit_price) == ("Gutschein", "", Money(-5900))
    assert line.voucher == _note(10000, rest=Money(4100), text="")
    sale.check()


def test_a_multi_purpose_voucher_is_outside_of_vat_whatever_key_it_carries() -> None:
    marked = replace(_voucher(10000, 10000), vat_key=VatKey.GENERAL)
    sale = Drafted(_basket((WORK, 5900)), redeemed=[_redeem(marked, 5900)])
    assert sale.positions == [("Umsatz", 5900, 1), ("MehrzweckgutscheinEinloesung", -5900, 5)]


def test_a_refusal_names_the_voucher_that_is_bound_to_a_rate() -> None:
    marked = replace(_voucher(100, 100), vat_key=VatKey.GENERAL)
    single = _voucher(5000, 5000, VatKey.GENERAL, 2)
    with pytest.raises(Refused, match=r"^AG-0002 pays only for goods with its own VAT rate: 10.00 here.$"):
        Drafted(_basket((WORK, 1000), (BOOK, 5000)), redeemed=[_redeem(marked, 100), _redeem(single, 1001)])


def test_vouchers_of_two_rates_each_pay_their_own_goods() -> None:
    redeemed = [_redeem(_voucher(1000, 1000, key, n), 1000) for n, key in enumerate((VatKey.GENERAL, VatKey.REDUCED))]
    sale = Drafted(_basket((WORK, 1000), (BOOK, 1000)), redeemed=redeemed)
    assert sale.positions[2:] == [("EinzweckgutscheinEinloesung", -1000, 1), ("EinzweckgutscheinEinloesung", -1000, 2)]
    sale.check()


def test_a_gift_voucher_reduces_the_price() -> None:
    sale = Drafted(_basket((WORK, 2500)), [(CASH, 1500)], [_redeem(_voucher(0, 1500), 1000)])
    assert sale.positions == [("Umsatz", 2500, 1), ("Rabatt", -1000, 1)]
    assert (sale.lines[1].text, sale.lines[1].gv_name) == ("Geschenkgutschein", "Geschenkgutschein")
    assert sale.process_data == "Beleg^15.00_0.00_0.00_0.00_0.00^15.00:Bar"
    sale.check()


@pytest.mark.parametrize(("before", "now", "paid", "bonus"), [(0, 1200, -800, -400), (1200, 1800, -1200, -600)])
def test_a_promotion_pays_in_its_proportion(before: int, now: int, paid: int, bonus: int) -> None:
    sale = Drafted(_basket((WORK, 5000)), [(CARD, 5000 - now)], [_redeem(_voucher(2000, 3000), now, before)])
    assert sale.positions[1:] == [("MehrzweckgutscheinEinloesung", paid, 5), ("Rabatt", bonus, 1)]
    assert sale.lines[2].gv_name == "Aktionsgutschein"
    sale.check()


def test_a_single_purpose_promotion_stays_on_its_own_rate() -> None:
    sale = Drafted(
        _basket((WORK, 1200), (BOOK, 500)), [(CASH, 500)], [_redeem(_voucher(2000, 3000, VatKey.GENERAL), 1200)]
    )
    assert sale.positions[2:] == [("EinzweckgutscheinEinloesung", -800, 1), ("Rabatt", -400, 1)]
    assert sale.process_data == "Beleg^0.00_5.00_0.00_0.00_0.00^5.00:Bar"
    sale.check()


def test_a_gift_in_a_mixed_basket_is_spread_over_the_rates() -> None:
    sale = Drafted(_basket((WORK, 4000), (BOOK, 2000)), [(CASH, 5000)], [_redeem(_voucher(0, 1500), 1000)])
    assert sale.positions[2:] == [("Rabatt", -667, 1), ("Rabatt", -333, 2)]
    sale.check()


def test_a_gift_reduces_only_what_a_single_purpose_voucher_leaves() -> None:
    redeemed = [_redeem(_voucher(0, 5000), 5000), _redeem(_voucher(4000, 4000, VatKey.GENERAL, 2), 4000)]
    sale = Drafted(_basket((WORK, 5000), (BOOK, 5000)), [(CASH, 1000)], redeemed)
    assert all(vat.gross >= ZERO for vat in sale.vat)
    assert sale.positions[2:] == [("Rabatt", -833, 1), ("Rabatt", -4167, 2), ("EinzweckgutscheinEinloesung", -4000, 1)]
    sale.check()


def test_two_gifts_never_take_more_of_a_rate_than_its_goods() -> None:
    redeemed = [_redeem(_voucher(0, 50), 50), _redeem(_voucher(0, 50, number=2), 50)]
    sale = Drafted(_basket((WORK, 1), (BOOK, 99)), redeemed=redeemed)
    assert [vat.gross for vat in sale.vat] == [ZERO, ZERO]


def test_a_discount_stands_below_its_line() -> None:
    basket = _basket((WORK, 4000), (BOOK, 2000)).with_line_discount(1, AmountOff(Money(500))).with_note(1, "Notiz")
    sale = Drafted(basket.with_discount(PercentOff(1000)), [(CASH, 10000)])
    assert sale.positions == [("Umsatz", 4000, 1), ("Rabatt", -850, 1), ("Umsatz", 2000, 2), ("Rabatt", -200, 2)]
    assert [line.reduces for line in sale.lines] == [None, 0, None, 2]
    assert [line.note for line in sale.lines] == ["Notiz", "", "", ""]
    sale.check()


def test_a_discounts_line_is_one_amount_and_no_quantity_of_the_article() -> None:
    cheese = Item(ItemKind.ARTICLE, "8", "Käse", VatKey.REDUCED, gtin="40", unit="kg", category="Kühltheke")
    basket = EMPTY.with_line(cheese, Money(100), pieces(3)).with_line_discount(1, AmountOff(Money(50)))
    article, discount = Drafted(basket, [(CASH, 250)]).lines
    assert discount == replace(
        article,
        text="Rabatt",
        gv_typ=GvTyp.RABATT,
        gross=Money(-50),
        tax=Money(-3),
        quantity=ONE,
        unit="",
        unit_price=Money(-50),
        reduces=0,
    )


def test_a_voucher_below_its_value_says_what_it_cost() -> None:
    basket = _basket((_voucher_item(VatKey.NOT_TAXABLE), 10000)).with_line_discount(1, PercentOff(1000))
    sale = Drafted(basket, [(CASH, 9000)], issued={1: _voucher(9000, 10000)})
    assert sale.positions == [("MehrzweckgutscheinKauf", 9000, 5)]
    assert sale.lines[0].unit_price == Money(9000)


def test_cash_stands_once_and_each_card_payment_apart() -> None:
    sale = Drafted(_basket((WORK, 6000)), [(CASH, 1000), (CARD, 2000), (CASH, 2000), (CARD, 1500)])
    assert [(p.tender_id, p.amount, p.given) for p in sale.payments] == [
        ("cash", Money(2500), Money(3000)),
        ("card", Money(2000), None),
        ("card", Money(1500), None),
    ]


def test_a_voucher_does_not_pay_for_a_voucher() -> None:
    basket = _basket((WORK, 1000), (_voucher_item(VatKey.NOT_TAXABLE), 2500))
    with pytest.raises(Refused, match=r"Vouchers can’t pay for vouchers: at most 10.00 here"):
        Drafted(basket, redeemed=[_redeem(_voucher(10000, 10000), 1001)])


def test_a_voucher_pays_a_deposit_but_a_gift_does_not() -> None:
    basket = EMPTY.with_line(WORK, Money(300), deposit=Deposit(GLASS, Money(200)))
    Drafted(basket, redeemed=[_redeem(_voucher(10000, 10000), 500)]).check()
    with pytest.raises(Refused, match=r"only for goods and services: 3.00 here"):
        Drafted(basket, redeemed=[_redeem(_voucher(0, 10000), 301)])


def test_a_gift_beside_a_single_purpose_voucher_finds_only_the_rest_of_the_goods() -> None:
    basket = EMPTY.with_line(WORK, Money(5000), deposit=Deposit(GLASS, Money(3000)))
    redeemed = [_redeem(_voucher(3000, 3000, VatKey.GENERAL), 3000), _redeem(_voucher(0, 4000, number=2), 4000)]
    with pytest.raises(Refused, match="only for goods and services"):
        Drafted(basket, redeemed=redeemed)


def test_a_single_purpose_voucher_pays_only_goods_of_its_rate() -> None:
    basket = _basket((WORK, 1000), (BOOK, 5000))
    twice = [_redeem(_voucher(900, 900, VatKey.GENERAL, number), 600) for number in (1, 2)]
    for redeemed in ([_redeem(_voucher(5000, 5000, VatKey.GENERAL), 1001)], twice):
        with pytest.raises(Refused, match=r"AG-0001 pays only for goods with its own VAT rate: 10.00 here"):
            Drafted(basket, redeemed=redeemed)
    with pytest.raises(Refused, match=r"0.00 here"):
        Drafted(_basket((BOOK, 5000)), redeemed=[_redeem(_voucher(5000, 5000, VatKey.GENERAL), 1)])


def test_a_line_keeps_all_that_the_article_said() -> None:
    item = Item(
        ItemKind.ARTICLE, "8", "Käse", VatKey.REDUCED, gtin="40", unit="kg", category_id="c", category="Kühltheke"
    )
    (line,) = Drafted(EMPTY.with_line(item, Money(100), pieces(3)), [(CASH, 300)]).lines
    assert (line.article_number, line.gtin, line.unit, line.category_id, line.category) == (
        "8",
        "40",
        "kg",
        "c",
        "Kühltheke",
    )
    assert (line.quantity, line.unit_price, line.rate_bp) == (pieces(3), Money(100), 700)


GOODS = st.lists(st.tuples(st.sampled_from([WORK, BOOK]), st.integers(1, 9999)), min_size=1, max_size=6)
VOUCHERS = st.lists(
    st.tuples(
        st.integers(0, 5000),
        st.integers(1, 5000),
        st.sampled_from([VatKey.NOT_TAXABLE, VatKey.GENERAL]),
        st.integers(1, 100),
    ),
    max_size=4,
)


@given(GOODS, VOUCHERS, st.integers(0, 3000))
def test_any_sale_adds_up_and_taxes_nothing_below_zero(
    goods: list[tuple[Item, int]], vouchers: list[tuple[int, int, VatKey, int]], discount_bp: int
) -> None:
    basket = _basket(*goods).with_discount(PercentOff(discount_bp) if discount_bp else None)
    left = price(basket, RATES).total.cents
    redeemed: list[Redemption] = []
    for number, (sale, face, key, percent) in enumerate(vouchers, 1):
        amount = min(face, left) * percent // 100
        if amount:
            redeemed.append(_redeem(_voucher(min(sale, face), face, key, number), amount))
            left -= amount
    try:
        sold = Drafted(basket, [(CASH, left)] if left else [], redeemed)
    except Refused:
        return
    sold.check()
    assert all(vat.gross >= ZERO for vat in sold.vat if vat.vat_key is not VatKey.NOT_TAXABLE)
    assert _bonus(sold.lines) == total(r.share.bonus for r in redeemed)


def _bonus(lines: Sequence[Line]) -> Money:
    return -total(line.gross for line in lines if line.gv_name)
