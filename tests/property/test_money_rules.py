"""The money rules of the house (architecture 7) against a second reckoning in whole numbers that shares no code with them."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from till.business_case import GvTyp, VatKey, ZahlartTyp
from till.errors import Refused
from till.money import ZERO, Money
from till.quantity import Quantity
from till.sales.basket import AmountOff, Basket, Discount, Item, ItemKind, PercentOff
from till.sales.draft import document_lines, document_payments, vat_totals
from till.sales.order import Order, TenderFace
from till.sales.pricing import PricedBasket, price
from till.sales.tender import Tendered, TenderKind, check_tender, settle
from till.tax import included_tax, returned_tax, spread_tax
from till.vouchers.value import share_of

rules = settings.get_profile("rules")
RATES = {VatKey.GENERAL: 1900, VatKey.REDUCED: 700, VatKey.NOT_TAXABLE: 0}
GOODS = (
    Item(ItemKind.ARTICLE, "1", "Becher", VatKey.GENERAL),
    Item(ItemKind.ARTICLE, "2", "Rose", VatKey.REDUCED),
    Item(ItemKind.ARTICLE, "3", "Käse", VatKey.REDUCED, unit="kg", whole_pieces=False),
    Item(ItemKind.ARTICLE, "4", "Buch", VatKey.REDUCED, takes_discount=False),
    Item(ItemKind.DEPOSIT, "5", "Pfand", VatKey.GENERAL, GvTyp.PFAND, takes_discount=False),
)
FACES = {
    "cash": TenderFace("cash", "Bar", ZahlartTyp.BAR),
    "card": TenderFace("card", "Karte", ZahlartTyp.UNBAR),
}
LINES = st.lists(
    st.tuples(st.sampled_from(GOODS), st.integers(0, 99_999), st.integers(1, 30_000), st.integers(0, 10_000)),
    min_size=1,
    max_size=8,
)
OFFS = st.none() | st.tuples(st.booleans(), st.integers(1, 10_000))


@rules
@given(LINES, OFFS)
def test_every_line_costs_what_a_second_reckoning_says(
    lines: list[tuple[Item, int, int, int]], off: tuple[bool, int] | None
) -> None:
    basket = _basket(lines, off)
    priced = _priced(basket)
    gross = [_rounded(Decimal(b.unit_price.cents * b.quantity.thousandths) / 1000) for b in basket.lines]
    line_off = [_off(b.discount, g) for b, g in zip(basket.lines, gross, strict=True)]
    bases = [(g - o) * b.item.takes_discount for g, o, b in zip(gross, line_off, basket.lines, strict=True)]
    whole_off = min(_off(basket.discount, sum(bases)), sum(bases))

    assert [line.gross.cents for line in priced.lines] == gross
    assert [line.line_off.cents for line in priced.lines] == line_off
    assert [line.basket_off.cents for line in priced.lines] == _largest_remainder(whole_off, bases)


@rules
@given(LINES, OFFS)
def test_the_document_has_one_discount_line_per_line_touched_and_every_cent_of_tax(
    lines: list[tuple[Item, int, int, int]], off: tuple[bool, int] | None
) -> None:
    order = _paid_in_cash(_priced(_basket(lines, off)))
    drafted = document_lines(order, (), {}, RATES)
    reductions = [line for line in drafted if line.gv_typ is GvTyp.RABATT]

    touched = [line for line in order.priced.lines if line.line_off + line.basket_off]
    assert [-line.gross.cents for line in reductions] == [(t.line_off + t.basket_off).cents for t in touched]
    assert len({line.reduces for line in reductions}) == len(reductions)
    for vat in vat_totals(drafted):
        own = [line for line in drafted if line.vat_key is vat.vat_key]
        assert vat.gross.cents == sum(line.gross.cents for line in own)
        assert vat.tax.cents == sum(line.tax.cents for line in own) == _tax(vat.gross.cents, vat.rate_bp)
    assert sum(p.amount.cents for p in document_payments(order)) == order.priced.total.cents


@rules
@given(st.integers(-(10**9), 10**9), st.sampled_from((0, 500, 700, 1600, 1900, 1070)))
def test_the_tax_in_an_amount_is_rounded_once_and_half_up(cents: int, rate_bp: int) -> None:
    assert included_tax(Money(cents), rate_bp).cents == _tax(cents, rate_bp)


@rules
@given(st.lists(st.integers(-9999, 99_999), min_size=1, max_size=12), st.sampled_from((700, 1900)))
def test_no_line_is_a_cent_or_more_from_its_exact_tax(grosses: list[int], rate_bp: int) -> None:
    taxes = spread_tax([Money(gross) for gross in grosses], rate_bp)

    assert sum(tax.cents for tax in taxes) == _tax(sum(grosses), rate_bp)
    for gross, tax in zip(grosses, taxes, strict=True):
        assert abs(Decimal(gross * rate_bp) / (10_000 + rate_bp) - tax.cents) < len(grosses) + 1


@rules
@given(st.lists(st.integers(1, 9999), min_size=1, max_size=10), st.sampled_from((700, 1900)), st.randoms())
def test_returning_everything_in_any_order_leaves_exactly_zero(parts: list[int], rate_bp: int, rng: Random) -> None:
    charged = included_tax(Money(sum(parts)), rate_bp)
    given_back, before = ZERO, ZERO
    for part in sorted(parts, key=lambda _: rng.random()):
        given_back += returned_tax(before, Money(part), rate_bp)
        before += Money(part)
    assert given_back == charged


@rules
@given(st.integers(0, 10**7), st.lists(st.tuples(st.sampled_from(TenderKind), st.integers(-5, 10**7)), max_size=8))
def test_tenders_never_pay_too_much_but_cash_and_change_is_never_more_than_cash(
    due: int, wanted: list[tuple[TenderKind, int]]
) -> None:
    taken: list[Tendered] = []
    for number, (kind, cents) in enumerate(wanted, 1):
        try:
            check_tender(kind, Money(cents), settle(Money(due), taken))
        except Refused:
            continue
        taken.append(Tendered(number, kind, kind.value, kind.value, Money(cents)))
    stands = settle(Money(due), taken)
    given = sum(t.amount.cents for t in taken)
    cash = sum(t.amount.cents for t in taken if t.kind is TenderKind.CASH)

    assert (stands.open.cents, stands.change.cents) == (max(due - given, 0), max(given - due, 0))
    assert stands.change.cents <= cash
    assert stands.excess == ZERO


@rules
@given(st.integers(0, 100_000), st.integers(1, 100_000), st.lists(st.integers(1, 100), min_size=1, max_size=8))
def test_a_voucher_spent_in_any_steps_gives_its_price_and_its_bonus_to_the_cent(
    sale: int, face: int, weights: list[int]
) -> None:
    assume(sale <= face)
    steps = [part for part in _largest_remainder(face, weights) if part]
    before, paid, bonus = 0, 0, 0
    for step in steps:
        share = share_of(Money(sale), Money(face), Money(before), Money(step))
        assert share.paid >= ZERO
        assert share.bonus >= ZERO
        assert share.amount.cents == step
        before, paid, bonus = before + step, paid + share.paid.cents, bonus + share.bonus.cents
    assert (paid, bonus) == (sale, face - sale)


def _basket(lines: list[tuple[Item, int, int, int]], off: tuple[bool, int] | None) -> Basket:
    basket = Basket(uuid.UUID(int=1), dt.datetime(2026, 11, 20, tzinfo=dt.UTC))
    for item, cents, thousandths, percent in lines:
        quantity = Quantity(thousandths if not item.whole_pieces else max(1, thousandths // 1000) * 1000)
        basket = basket.with_line(item, Money(cents), quantity)
        if percent and item.takes_discount and basket.lines[-1].discount is None:
            basket = basket.with_line_discount(basket.lines[-1].id, PercentOff(percent))
    try:
        return basket.with_discount(_discount(off)) if off else basket
    except Refused:
        return basket


def _discount(off: tuple[bool, int]) -> Discount:
    return PercentOff(off[1]) if off[0] else AmountOff(Money(off[1]))


def _priced(basket: Basket) -> PricedBasket:
    return price(basket, RATES)


def _paid_in_cash(priced: PricedBasket) -> Order:
    cash = [Tendered(1, TenderKind.CASH, "cash", "Bar", priced.total)] if priced.total else []
    return Order(priced, tuple(cash), FACES)


def _off(discount: Discount | None, base: int) -> int:
    match discount:
        case PercentOff(basis_points):
            return _rounded(Decimal(base * basis_points) / 10_000)
        case AmountOff(amount):
            return amount.cents
        case _:
            return 0


def _tax(gross: int, rate_bp: int) -> int:
    return _rounded(Decimal(gross * rate_bp) / (10_000 + rate_bp))


def _rounded(exact: Decimal) -> int:
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _largest_remainder(amount: int, weights: list[int]) -> list[int]:
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    shares = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(amount * weights[i] % whole), i))
    for i in by_remainder[: amount - sum(shares)]:
        shares[i] += 1
    return shares
