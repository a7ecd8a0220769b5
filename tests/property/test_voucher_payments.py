"""Any sales paid with any vouchers: surplus, expired, promotion, gift, single-purpose, mixed baskets (V32 to V39a, A3.4)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from till.app.bootstrap import Ports, Till, open_till
from till.app.recording import process_of
from till.app.verify import verify
from till.app.views import VoucherHit
from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.clock import FixedClock
from till.documents.model import Document
from till.errors import Refused
from till.money import ZERO, Money, total
from till.settings import Settings
from till.tax import included_tax
from till.vouchers.model import Voucher, VoucherState
from till.vouchers.rules import VoucherRules, set_voucher_rules

BringIn = Callable[..., Voucher]
NAMES = ("Rose", "Becher", "Saft im Glas", "Lieferung", "Gutschein 25")
MULTI, SINGLE = uuid.UUID(int=102), uuid.UUID(int=105)
EXPIRED = dt.date(2025, 12, 31)
KINDS = st.tuples(
    st.sampled_from((MULTI, SINGLE)),
    st.integers(0, 4000),
    st.integers(0, 4000),
    st.sampled_from((False, False, True)),
)
SALES = st.lists(
    st.tuples(
        st.lists(st.sampled_from(NAMES), min_size=1, max_size=4),
        st.lists(st.tuples(st.integers(0, 3), st.integers(1, 100), st.booleans()), max_size=4),
    ),
    min_size=1,
    max_size=4,
)


@dataclass
class Kept:
    """What a voucher was worth, kept beside the till: `paid` and `bonus` parts and what became of them."""

    voucher: Voucher
    paid: Money
    bonus: Money
    cash: Money = field(default=ZERO)


@pytest.fixture
def shop(shop_settings: Settings) -> Iterator[Till]:
    """A till with enough in the drawer for any payout."""
    till = open_till(shop_settings, Ports(clock=FixedClock(dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC))))
    till.cash.open_shift(Money(1_000_000))
    yield till
    till.close()


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(KINDS, min_size=4, max_size=4), SALES, st.booleans(), st.booleans())
def test_any_sales_paid_with_any_vouchers_keep_the_books_right(
    shop: Till,
    bring_in: BringIn,
    kinds: list[tuple[uuid.UUID, int, int, bool]],
    sales: list[tuple[list[str], list[tuple[int, int, bool]]]],
    bonus_lives: bool,  # noqa: FBT001 - drawn
    in_cash: bool,  # noqa: FBT001 - drawn
) -> None:
    rules = VoucherRules(expired_bonus_lives=bonus_lives, surplus_in_cash=in_cash)
    shop.workplace.database.run(lambda session: set_voucher_rules(session, rules))
    kept = [_brought(shop, bring_in, kind) for kind in kinds]
    drawer = shop.cash.expected_cash()
    for names, payments in sales:
        document = _sold(shop, names, [(kept[place], percent, out) for place, percent, out in payments])
        _is_consistent(document)
        drawer += total(p.amount for p in document.draft.payments if p.zahlart_typ is ZahlartTyp.BAR)
    assert shop.cash.expected_cash() == drawer
    for one in kept:
        left = _look(shop, one).standing
        assert left.paid_left >= ZERO
        assert left.bonus_left >= ZERO
        assert left.paid_left + one.cash <= one.paid, "what goes back in cash was paid for"
        if one.voucher.valid_until == EXPIRED and not bonus_lives:
            assert left.bonus_left == one.bonus
    assert list(verify(shop.workplace.database)) == []


def _brought(till: Till, bring_in: BringIn, kind: tuple[uuid.UUID, int, int, bool]) -> Kept:
    type_id, paid, bonus, has_expired = kind
    sale, face = Money(paid), Money(max(paid + bonus, 1))
    terms = {"valid_until": EXPIRED} if has_expired else {}
    voucher = bring_in(till, type_id, f"V-{uuid.uuid4().hex[:8]}", sale=sale, face=face, **terms)
    return Kept(voucher, sale, face - sale)


def _look(till: Till, one: Kept) -> VoucherHit:
    (hit,) = till.sale.look_up_voucher(one.voucher.number)
    return hit


def _sold(till: Till, names: list[str], payments: list[tuple[Kept, int, bool]]) -> Document:
    """One sale: as much by vouchers as drawn and allowed, the rest in cash."""
    tiles = {tile.name: tile for tile in till.sale.assortment().tiles}
    for name in names:
        till.sale.add(tiles[name])
    cash = dict.fromkeys((id(one) for one, _, _ in payments), ZERO)
    for one, percent, pay_out in payments:
        cash[id(one)] += _paid_with(till, one, percent, pay_out=pay_out)
    if till.sale.state.settlement.open:
        till.sale.pay_cash(till.sale.state.settlement.open)
    try:
        document = till.sale.complete().document
    except Refused:
        # Each voucher alone was allowed, and together they pay for what they may not: cash is always taken.
        for taken in till.sale.state.tendered:
            till.sale.take_back(taken.id)
        till.sale.pay_cash(till.sale.state.settlement.open)
        return till.sale.complete().document
    for kept, _, _ in payments:
        kept.cash += cash.pop(id(kept), ZERO)
    return document


def _paid_with(till: Till, one: Kept, percent: int, *, pay_out: bool) -> Money:
    hit = _look(till, one)
    if till.sale.state.settlement.is_complete:
        return ZERO
    if hit.standing.state is VoucherState.EXPIRED and hit.goodwill:
        till.sale.redeem_expired(one.voucher.id, _part(hit.goodwill, percent), "Kulanz")
        return ZERO
    if hit.refusal is not None or not hit.offered:
        return ZERO
    if pay_out and hit.surplus is not None and hit.surplus.refusal is None:
        till.sale.redeem(one.voucher.id, hit.offered, pay_out=True)
        return hit.surplus.cash
    till.sale.redeem(one.voucher.id, _part(hit.offered, percent))
    return ZERO


def _part(amount: Money, percent: int) -> Money:
    return Money(max(1, amount.cents * percent // 100))


def _is_consistent(document: Document) -> None:
    """60-fiscal A3.4 rules 1, 2, 6 and 8, and rule 7 for what is taken back of a single-purpose sale."""
    draft = document.draft
    assert draft.bon_typ is BonTyp.BELEG
    assert draft.total == total(payment.amount for payment in draft.payments) == total(vat.gross for vat in draft.vat)
    for vat in draft.vat:
        own = [line for line in draft.lines if line.vat_key is vat.vat_key]
        assert vat.gross == total(line.gross for line in own)
        assert vat.tax == total(line.tax for line in own) == included_tax(vat.gross, vat.rate_bp)
        assert vat.gross == vat.net + vat.tax
    for line in draft.lines:
        assert (line.vat_key is VatKey.NOT_TAXABLE) == (
            line.gv_typ in {GvTyp.MEHRZWECK_KAUF, GvTyp.MEHRZWECK_EINLOESUNG}
        )
        if line.gv_typ in {GvTyp.MEHRZWECK_EINLOESUNG, GvTyp.EINZWECK_EINLOESUNG}:
            assert line.voucher is not None
            assert line.voucher.number
    goods = total(line.gross for line in draft.lines if line.gv_typ in {GvTyp.UMSATZ, GvTyp.RABATT})
    assert goods >= ZERO, "given value never takes off more than there is"
    assert process_of(document)[1].count("^") == 2
