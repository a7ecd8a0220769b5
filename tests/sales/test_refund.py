"""Whatever was sold and however it was paid: the parts that come back sum to the whole, and each way of paying gets its own (G9)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.documents.model import Document, DocumentKind, Draft, Line, Payment, VoucherNote
from till.errors import Refused
from till.money import ZERO, Money, total
from till.quantity import ONE, Quantity, pieces
from till.sales.basket import AmountOff, Basket, Item, ItemKind
from till.sales.draft import document_lines, vat_totals
from till.sales.funding import Part, funding, part_of
from till.sales.order import Order, coverage
from till.sales.pricing import PricedBasket, key_today, price
from till.sales.refund import deposit_of
from till.sales.return_draft import Books, Target, plan_of, return_lines, vat_of
from till.sales.returned import History, MoneyBack, ReturnPlan, ReturnWish, wish_record
from till.tax import included_tax
from till.vouchers.model import VatTreatment, Voucher
from till.vouchers.value import Redemption, share_of

NOW = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
RATES = {VatKey.GENERAL: 1900, VatKey.REDUCED: 700, VatKey.NOT_TAXABLE: 0}
WAYS = ("cash", "card")
NOTHING = ReturnPlan((), ZERO, (), (), ZERO, (), ())
BOUGHT = {GvTyp.EINZWECK_KAUF, GvTyp.MEHRZWECK_KAUF}


def _voucher(number: int, sale: int, face: int, key: VatKey | None = None) -> Voucher:
    return Voucher(
        id=uuid.UUID(int=number),
        type_id=uuid.UUID(int=900),
        type_name="Gutschein",
        type_plu="901",
        number=f"G-{number}",
        sale=Money(sale),
        face=Money(face),
        vat_treatment=VatTreatment.MULTI_PURPOSE if key is None else VatTreatment.SINGLE_PURPOSE,
        vat_key=key or VatKey.NOT_TAXABLE,
        vat_rate_bp=1900 if key is VatKey.GENERAL else 0,
        valid_from=NOW.date(),
        valid_until=dt.date(2036, 12, 31),
        issued_at=NOW,
        issued_till="KASSE-1",
        issued_number=1,
    )


GOODS = st.builds(
    lambda cents, key, count, kind: (
        Item(
            kind,
            "1",
            "Ware",
            key,
            GvTyp.PFAND if kind is ItemKind.DEPOSIT else GvTyp.UMSATZ,
            takes_discount=kind is ItemKind.ARTICLE,
            whole_pieces=False,
        ),
        Money(cents),
        count,
    ),
    st.integers(0, 3000),
    st.sampled_from((VatKey.GENERAL, VatKey.REDUCED)),
    st.one_of(st.integers(1, 4).map(pieces), st.integers(1, 2500).map(Quantity)),
    st.sampled_from((ItemKind.ARTICLE, ItemKind.ARTICLE, ItemKind.DEPOSIT)),
)
VOUCHERS = st.lists(
    st.tuples(st.integers(0, 3000), st.integers(0, 2000), st.sampled_from((None, VatKey.GENERAL, VatKey.REDUCED))),
    max_size=3,
)


@st.composite
def sales(draw: st.DrawFn) -> Document:
    """A booked sale: goods with discounts, paid with any vouchers as far as they may, the rest in cash and by card."""
    basket = Basket(uuid.uuid4(), NOW)
    for item, cents, count in draw(st.lists(GOODS, min_size=1, max_size=5)):
        basket = basket.with_line(item, cents, count)
    whole = sum(line.gross.cents for line in basket.lines if line.item.takes_discount)
    if whole and (off := draw(st.integers(0, whole // 2))):
        basket = basket.with_discount(AmountOff(Money(off)))
    priced = price(basket, RATES)
    redemptions = _redemptions(draw, priced)
    lines = document_lines(Order(priced, ()), redemptions, {}, RATES)
    open_amount = total(line.gross for line in lines).cents
    card = draw(st.integers(0, open_amount))
    payments = (
        Payment("card", ZahlartTyp.UNBAR, "Karte", Money(card)),
        Payment("cash", ZahlartTyp.BAR, "Bar", Money(open_amount - card)),
    )
    return _document(lines, payments)


def _redemptions(draw: st.DrawFn, priced: PricedBasket) -> list[Redemption]:
    may = coverage(priced)
    left, paid = dict(may.per_key), may.paid
    found: list[Redemption] = []
    for number, (sale, bonus, key) in enumerate(draw(VOUCHERS), 1):
        room = min(paid, left.get(key, ZERO) if key else total(left.values()))
        amount = Money(draw(st.integers(0, min(room.cents, sale + bonus))))
        if not amount:
            continue
        voucher = _voucher(number, sale, sale + bonus, key)
        share = share_of(voucher.sale, voucher.face, ZERO, amount)
        found.append(Redemption(voucher, share, voucher.face - amount))
        paid -= amount
        for one in (key,) if key else sorted(left):
            taken = min(left[one], amount)
            left[one], amount = left[one] - taken, amount - taken
    return found


def _document(lines: Sequence[Line], payments: Sequence[Payment] = ()) -> Document:
    draft = Draft(uuid.uuid4(), DocumentKind.SALE, BonTyp.BELEG, NOW, tuple(lines), tuple(payments), vat_totals(lines))
    return Document(draft, "KASSE-1", 7, NOW, NOW.date(), None, "1", "Marie Klein")


def _books(sold: Document, history: History | None = None) -> Books:
    notes = {line.voucher.voucher_id: line.voucher for line in sold.draft.lines if line.voucher is not None}
    targets = {one: Target(replace(_voucher(1, 0, 0), id=one, number=note.number), ZERO) for one, note in notes.items()}
    return Books(sold, history or History(), targets, {})


def _after(history: History, lines: Sequence[Line], plan: ReturnPlan) -> History:
    quantities, gross, refunded = dict(history.quantities), dict(history.gross), dict(history.refunded)
    for line in lines:
        if line.returns is not None:
            quantities[line.returns] = quantities.get(line.returns, Quantity(0)) + -line.quantity
            gross[line.returns] = gross.get(line.returns, ZERO) - line.gross
    for one in plan.refunds:
        refunded[one.tender_id] = refunded.get(one.tender_id, ZERO) + one.amount
    return History(quantities, gross, refunded)


@st.composite
def steps_of(draw: st.DrawFn, sold: Document) -> list[tuple[int, Quantity]]:
    """Parts of lines in any order, which together are less than all or all."""
    steps = []
    for position, line in enumerate(sold.draft.lines):
        if part_of(line) in {Part.GOODS, Part.DEPOSIT}:
            whole, unit = line.quantity.thousandths, 1000 if line.quantity.is_whole else 1
            cut = draw(st.integers(0, whole // unit)) * unit
            steps += [(position, Quantity(part)) for part in (cut, whole - cut) if part]
    return draw(st.permutations(steps))


@given(st.data())
def test_all_parts_together_are_the_opposite_of_the_sale_to_the_cent(data: st.DataObject) -> None:
    sold = data.draw(sales())
    books, given_back, tax = _books(sold), ZERO, ZERO
    for position, quantity in data.draw(steps_of(sold)):
        others = [(i, Quantity(0)) for i in range(len(sold.draft.lines)) if deposit_of(sold.draft.lines, i) is not None]
        wish = ReturnWish(uuid.uuid4(), sold.id, tuple({**dict(others), position: quantity}.items()))
        plan = plan_of(books, wish, WAYS)
        lines = return_lines(books, plan, (), RATES)
        _check_step(plan, lines)
        _check_shares(books, lines)
        given_back += plan.to_refund
        tax += total(line.tax for line in lines)
        books = _books(sold, _after(books.history, lines, plan))
    assert given_back == sold.draft.total
    assert tax == -total(vat.tax for vat in sold.draft.vat)
    assert all(books.history.gross_of(i) == line.gross for i, line in enumerate(sold.draft.lines))


def _check_step(plan: ReturnPlan, lines: Sequence[Line]) -> None:
    assert plan.to_refund >= ZERO
    assert plan.open == ZERO
    assert all(one.paid >= ZERO and one.bonus >= ZERO for one in plan.back)
    assert all(one.amount > ZERO for one in plan.refunds)
    assert total(line.gross for line in lines) == -plan.to_refund
    assert total(one.amount for one in plan.lines) == plan.value
    assert plan.value == plan.to_refund + total(one.back for one in plan.back)
    for vat in vat_of(lines):
        assert abs(vat.tax - included_tax(vat.gross, vat.rate_bp)) <= Money(1)


def _check_shares(books: Books, now: Sequence[Line]) -> None:
    """Each redemption has back what it paid of what came back so far; each line may have been rounded by a cent."""
    lines, paid = books.lines, funding(books.lines)
    after = _after(books.history, now, NOTHING)
    shares = {
        i: Fraction(after.quantity_of(i).thousandths, line.quantity.thousandths)
        for i, line in enumerate(lines)
        if part_of(line) in {Part.GOODS, Part.DEPOSIT}
    }
    for source in paid.vouchers:
        assert abs(-after.gross_of(source).cents - paid.due(source, shares)) <= len(lines)


def test_what_a_bonus_paid_becomes_no_cent_of_money_however_lines_are_rounded() -> None:
    """Half of three lines at 0,05 is 0,03 each, and the bonus that paid them has 0,09 back, not 0,08 and a cent in cash."""
    goods = tuple(replace(_line("Ware", GvTyp.UMSATZ, 5), quantity=pieces(2)) for _ in range(3))
    books = _books(_document((*goods, _line("Geschenk", GvTyp.RABATT, -15, voucher=1))))
    first = plan_of(books, ReturnWish(uuid.uuid4(), books.original.id, tuple((i, ONE) for i in range(3))), WAYS)
    assert (first.value, first.to_refund, [one.bonus for one in first.back]) == (Money(9), ZERO, [Money(9)])
    after = _after(books.history, return_lines(books, first, (), RATES), first)
    rest = plan_of(
        _books(books.original, after), ReturnWish(uuid.uuid4(), books.original.id, is_cancellation=True), WAYS
    )
    assert (rest.value, rest.to_refund, [one.bonus for one in rest.back]) == (Money(6), ZERO, [Money(6)])


@given(st.data())
def test_however_much_comes_back_money_never_pays_for_what_a_bonus_paid(data: st.DataObject) -> None:
    """The most that ever leaves the drawer: what came in as money, and paid parts of vouchers where that is wished."""
    sold = data.draw(sales())
    lines = sold.draft.lines
    paid_with = frozenset(line.voucher.voucher_id for line in lines if line.voucher is not None)
    books, out = _books(sold), ZERO
    for position, quantity in data.draw(steps_of(sold)):
        wish = ReturnWish(uuid.uuid4(), sold.id, ((position, quantity),), paid_out=paid_with)
        try:
            plan = plan_of(books, wish, WAYS)
        except Refused:
            continue  # the deposit came back with its glass already
        done = return_lines(books, plan, (), RATES)
        out += plan.to_refund
        books = _books(sold, _after(books.history, done, plan))
    bonus = total(-line.gross for line in lines if part_of(line) is Part.BONUS)
    paid = total(-line.gross for line in lines if part_of(line) is Part.PAID)
    assert out <= sold.draft.total + paid
    assert total(lines[i].gross for i in range(len(lines)) if part_of(lines[i]) is Part.GOODS) >= bonus


@given(sales())
def test_a_cancellation_is_the_exact_opposite_whatever_came_back_before(sold: Document) -> None:
    books = _books(sold)
    first = next((i for i, line in enumerate(sold.draft.lines) if part_of(line) is Part.GOODS), None)
    if first is not None and sold.draft.lines[first].quantity > ONE:
        plan = plan_of(books, ReturnWish(uuid.uuid4(), sold.id, ((first, ONE),)), WAYS)
        books = _books(sold, _after(books.history, return_lines(books, plan, (), RATES), plan))
    plan = plan_of(books, ReturnWish(uuid.uuid4(), sold.id, is_cancellation=True), WAYS)
    lines = return_lines(books, plan, (), RATES)
    after = _after(books.history, lines, plan)
    assert all(after.gross_of(i) == line.gross for i, line in enumerate(sold.draft.lines))
    assert plan.open == ZERO
    assert {way: money for way, money in after.refunded.items() if money} == {
        one.tender_id: one.amount for one in sold.draft.payments if one.amount
    }


def _line(text: str, gv_typ: GvTyp, cents: int, key: VatKey = VatKey.GENERAL, voucher: int | None = None) -> Line:
    note = None if voucher is None else VoucherNote(uuid.UUID(int=voucher), f"G-{voucher}", "Gutschein")
    rate = RATES.get(key, 0)
    return Line(text, gv_typ, key, rate, Money(cents), included_tax(Money(cents), rate), voucher=note)


def test_a_surplus_in_cash_stays_out_unless_the_whole_receipt_is_cancelled() -> None:
    """As 60-fiscal A4.3: a voucher over 150,00 pays goods at 7,00, and 143,00 go out in cash."""
    goods = _line("Ware", GvTyp.UMSATZ, 700)
    used = _line("Gutschein", GvTyp.MEHRZWECK_EINLOESUNG, -15000, VatKey.NOT_TAXABLE, 1)
    cash = Payment("cash", ZahlartTyp.BAR, "Bar", Money(-14300))
    books = _books(_document((goods, used), (cash,)))
    part = plan_of(books, ReturnWish(uuid.uuid4(), books.original.id, ((0, ONE),)), WAYS)
    assert (part.to_refund, [one.paid for one in part.back]) == (ZERO, [Money(700)])
    whole = plan_of(books, ReturnWish(uuid.uuid4(), books.original.id, is_cancellation=True), WAYS)
    assert (whole.to_refund, [one.paid for one in whole.back]) == (Money(-14300), [Money(15000)])
    assert whole.refunds == (MoneyBack("cash", Money(-14300)),)


def test_a_single_purpose_surplus_goes_back_on_its_voucher_with_the_whole_receipt() -> None:
    goods = _line("Ware", GvTyp.UMSATZ, 700)
    used = _line("Gutschein", GvTyp.EINZWECK_EINLOESUNG, -700, voucher=1)
    paid_out = _line("Gutschein", GvTyp.EINZWECK_KAUF, -4300, voucher=1)
    cash = Payment("cash", ZahlartTyp.BAR, "Bar", Money(-4300))
    books = _books(_document((goods, used, paid_out), (cash,)))
    part = plan_of(books, ReturnWish(uuid.uuid4(), books.original.id, ((0, ONE),)), WAYS)
    assert (part.to_refund, [one.paid for one in part.back]) == (ZERO, [Money(700)])
    whole = plan_of(books, ReturnWish(uuid.uuid4(), books.original.id, is_cancellation=True), WAYS)
    assert (whole.to_refund, [one.paid for one in whole.back]) == (Money(-4300), [Money(5000)])
    mirrored = return_lines(books, whole, (), RATES)
    assert [(line.gv_typ, line.gross.cents) for line in mirrored] == [
        (GvTyp.UMSATZ, -700),
        (GvTyp.EINZWECK_EINLOESUNG, 700),
        (GvTyp.EINZWECK_KAUF, 4300),
    ]


def test_a_voucher_pays_for_goods_before_it_pays_for_vouchers() -> None:
    lines = (
        _line("Ware", GvTyp.UMSATZ, 1000),
        _line("Pfand", GvTyp.PFAND, 200),
        _line("Gutschein", GvTyp.MEHRZWECK_KAUF, 2500, VatKey.NOT_TAXABLE, 2),
        _line("Gutschein", GvTyp.MEHRZWECK_EINLOESUNG, -1700, VatKey.NOT_TAXABLE, 1),
    )
    found = funding(lines)
    assert found.vouchers[3] == {0: 1000, 1: 200, 2: 500}
    assert [int(cents) for cents in (found.money[0], found.money[2], found.surplus[3])] == [0, 2000, 0]


@pytest.mark.parametrize(
    ("key", "rate", "expected"),
    [
        (VatKey.GENERAL, 1900, VatKey.GENERAL),
        (VatKey.GENERAL, 1600, VatKey.GENERAL_16_HISTORIC),
        (VatKey.REDUCED, 500, VatKey.REDUCED_5_HISTORIC),
        (VatKey.REDUCED, 700, VatKey.REDUCED),
        (VatKey.GENERAL, 1234, VatKey.GENERAL),
        (VatKey.EXEMPT, 0, VatKey.EXEMPT),
    ],
)
def test_what_was_sold_at_an_old_rate_comes_back_under_its_historic_key(
    key: VatKey, rate: int, expected: VatKey
) -> None:
    today = RATES | {VatKey.GENERAL_16_HISTORIC: 1600, VatKey.REDUCED_5_HISTORIC: 500, VatKey.EXEMPT: 0}
    assert key_today(key, rate, today) is expected


def test_the_tax_of_a_return_is_no_more_than_a_cent_off_whatever_is_given_for_it() -> None:
    """0,98 came back before; of 2,62 two vouchers are given that are taxed at once: each on its own, all would be 2 cents off."""
    books = _books(_document((_line("Ware", GvTyp.UMSATZ, 98), _line("Ware", GvTyp.UMSATZ, 262))))
    books = _books(books.original, History({0: ONE}, {0: Money(98)}))
    plan = plan_of(books, ReturnWish(uuid.uuid4(), books.original.id, ((1, ONE),)), WAYS)
    given_for_it = tuple(_voucher(n, cents, cents, VatKey.GENERAL) for n, cents in ((1, 198), (2, 47)))
    lines = return_lines(books, plan, given_for_it, RATES)
    (vat,) = vat_of(lines)
    assert vat.gross == Money(198 + 47 - 262)
    assert abs(vat.tax - included_tax(vat.gross, 1900)) <= Money(1)
    for line in lines:
        assert abs(line.tax - included_tax(line.gross, 1900)) <= Money(1)


def test_a_wish_is_the_same_whatever_order_its_lines_were_tapped_in() -> None:
    one = ReturnWish(uuid.UUID(int=1), uuid.UUID(int=2), ((1, ONE), (0, ONE)))
    assert wish_record(one) == wish_record(replace(one, quantities=((0, ONE), (1, ONE))))
    assert wish_record(one) != wish_record(replace(one, refunds=()))
