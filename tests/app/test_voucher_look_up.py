"""Finding a voucher: several types with one number, lookalikes, letters, and vouchers without a number (V13 to V15, V31)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.app.bootstrap import Till
from till.app.verify import verify
from till.errors import Refused
from till.formats import Formats
from till.i18n import Translator
from till.money import ZERO, Money
from till.vouchers.events import NewEvent, note_event
from till.vouchers.lookalikes import _forms
from till.vouchers.model import Numbering, Voucher, VoucherEventKind, VoucherState, VoucherType
from till.vouchers.rules import VoucherRules, set_voucher_rules
from till.vouchers.types import add_type

FREE, PROMOTION, OWN = uuid.UUID(int=102), uuid.UUID(int=103), uuid.UUID(int=106)
COUPON = VoucherType(uuid.UUID(int=107), "907", "Gutscheinkarte", Numbering.NONE, sale=Money(1000))
ROSE_CODE, CUP_CODE = "4006381333931", "4012345000023"
Counter = Any
BringIn = Callable[..., Voucher]


def rule(till: Till, **rules: object) -> None:
    """The shop decides otherwise."""
    till.workplace.database.run(lambda session: set_voucher_rules(session, VoucherRules(**rules)))  # type: ignore[arg-type]


def happens(till: Till, voucher: Voucher, kind: VoucherEventKind, reason: str = "") -> None:
    """Something befalls a voucher."""
    context = till.workplace.context()
    till.workplace.database.run(lambda session: note_event(session, context, NewEvent(voucher.id, kind, reason)))


@pytest.fixture
def here(till: Till, at: type[Counter]) -> Counter:
    """An open till without a printer, on SQLite."""
    return at(till)


# V13, V31


def test_all_vouchers_with_a_number_are_shown_the_oldest_first(here: Counter, bring_in: BringIn) -> None:
    bring_in(here.till, FREE, "1001", issued_at=dt.datetime(2024, 5, 1, tzinfo=dt.UTC))
    bring_in(here.till, OWN, "1001", issued_at=dt.datetime(2024, 3, 1, tzinfo=dt.UTC))
    here.sale.scan(ROSE_CODE)
    hits = here.sale.look_up_voucher(" 1001 ")
    assert [hit.standing.voucher.type_name for hit in hits] == ["Eigene Nummer", "Gutschein frei"]
    here.sale.redeem(hits[1].standing.voucher.id, hits[1].offered)
    here.sale.complete()
    left = [hit.standing.remaining for hit in here.sale.look_up_voucher("1001")]
    assert left == [Money(5000), Money(4650)]


@pytest.mark.parametrize(
    ("terms", "kind", "sentence"),
    [
        ({"valid_until": dt.date(2025, 12, 31)}, None, "X-1: expired since 31/12/2025."),
        ({"valid_from": dt.date(2027, 1, 1)}, None, "X-1: valid from 01/01/2027."),
        ({}, VoucherEventKind.BLOCKED, "X-1: blocked since 20/11/2026, 12:00: verloren."),
        ({}, VoucherEventKind.CANCELLED, "X-1: cancelled on 20/11/2026, 12:00 with the receipt that sold it."),
    ],
)
def test_one_that_cannot_be_redeemed_says_why_and_since_when(
    here: Counter, bring_in: BringIn, terms: dict[str, object], kind: VoucherEventKind | None, sentence: str
) -> None:
    voucher = bring_in(here.till, FREE, "X-1", **terms)
    if kind is not None:
        happens(here.till, voucher, kind, "verloren")
    here.sale.scan(ROSE_CODE)
    hit = here.voucher("X-1")
    assert hit.refusal is not None
    assert Formats(Translator("en")).sentence(hit.refusal) == sentence
    with pytest.raises(Refused):
        here.sale.redeem(voucher.id, Money(350))


def test_one_that_is_used_up_is_not_offered(here: Counter, bring_in: BringIn) -> None:
    voucher = bring_in(here.till, FREE, "X-1", sale=Money(350), face=Money(350))
    here.sale.scan(ROSE_CODE)
    here.do("redeem X-1 all")
    here.do("complete")
    here.sale.scan(ROSE_CODE)
    hit = here.voucher("X-1")
    assert (hit.standing.state, hit.offered) == (VoucherState.USED, ZERO)
    assert hit.standing.voucher.id == voucher.id
    assert "20.11.2026" in here.said(hit.refusal)


# V15


def test_a_typed_number_finds_whatever_its_case_and_blanks(here: Counter, bring_in: BringIn) -> None:
    bring_in(here.till, FREE, "Spende1003")
    assert here.voucher("  sPENDE1003 ").standing.voucher.number == "Spende1003"


@pytest.mark.parametrize("typed", ["AG-OO1l", "AG-00II", "ag-oo1L", "AG-00lI"])
def test_a_number_that_looks_alike_is_suggested(here: Counter, bring_in: BringIn, typed: str) -> None:
    bring_in(here.till, FREE, "AG-0011")
    with pytest.raises(Refused, match="There is no voucher"):
        here.sale.look_up_voucher(typed)
    assert here.sale.voucher_like(typed) == "AG-0011"
    assert here.sale.state.tendered == ()


def test_nothing_is_suggested_where_several_look_alike(here: Counter, bring_in: BringIn) -> None:
    bring_in(here.till, FREE, "AG-10")
    bring_in(here.till, FREE, "AG-I0")
    assert here.sale.voucher_like("AG-lO") is None
    assert here.sale.voucher_like("AG-22") is None


def test_two_types_with_one_lookalike_number_are_one_suggestion(here: Counter, bring_in: BringIn) -> None:
    bring_in(here.till, FREE, "AG-10")
    bring_in(here.till, OWN, "ag-10")
    assert here.sale.voucher_like("AG-lO") in {"AG-10", "ag-10"}


def test_a_long_number_full_of_lookalikes_is_still_suggested(here: Counter, bring_in: BringIn) -> None:
    bring_in(here.till, FREE, "0" * 40)
    assert here.sale.voucher_like("O" * 40) == "0" * 40
    assert here.sale.voucher_like("0" * 20 + "O" + "0" * 19) == "0" * 40


@given(st.text(max_size=40))
def test_forms_of_a_number_are_few_and_as_long(typed: str) -> None:
    forms = _forms(typed)
    assert len(forms) <= 10_000
    assert {len(form) for form in forms} <= {len(typed)}


def test_letters_are_typed_unless_the_shop_has_none(here: Counter, bring_in: BringIn) -> None:
    assert here.sale.takes_letters()
    rule(here.till, letters=False)
    assert not here.sale.takes_letters()
    bring_in(here.till, FREE, "AG-0011")
    here.sale.scan(ROSE_CODE)
    assert here.do("scan AG-0011") == "voucher AG-0011: 3.50 of 50.00"


# V14


@pytest.fixture
def coupons(here: Counter, bring_in: BringIn) -> list[Voucher]:
    """Three vouchers over 10,00 without a number; the newest was brought in first, the middle one has expired."""
    here.till.workplace.database.run(lambda session: add_type(session, COUPON))
    ten = {"sale": Money(1000), "face": Money(1000)}
    newest = bring_in(here.till, COUPON.id, issued_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC), **ten)
    expired = bring_in(here.till, COUPON.id, valid_until=dt.date(2025, 1, 1), **ten)
    oldest = bring_in(here.till, COUPON.id, issued_at=dt.datetime(2024, 3, 1, tzinfo=dt.UTC), **ten)
    here.sale.scan(CUP_CODE)
    return [oldest, expired, newest]


def left_on(counter: Counter, voucher: Voucher) -> Money:
    remaining: Money = counter.voucher(voucher.number).standing.remaining
    return remaining


def test_without_the_rule_nothing_is_redeemed_by_amount(here: Counter, coupons: list[Voucher]) -> None:
    assert coupons
    assert here.sale.unnumbered() == ()
    with pytest.raises(Refused, match="not redeemed by amount"):
        here.sale.redeem_by_amount(COUPON.id, Money(100))


def test_an_amount_is_taken_from_the_oldest_valid_ones_first(here: Counter, coupons: list[Voucher]) -> None:
    rule(here.till, without_number=True)
    (offer,) = here.sale.unnumbered()
    assert (offer.name, offer.outstanding, offer.offered) == ("Gutscheinkarte", Money(2000), Money(1200))
    here.sale.redeem_by_amount(COUPON.id, Money(1200))
    oldest, expired, newest = coupons
    assert [(t.voucher_id, t.amount, t.name) for t in here.sale.state.tendered] == [
        (oldest.id, Money(1000), "Gutscheinkarte"),
        (newest.id, Money(200), "Gutscheinkarte"),
    ]
    document = here.sale.complete().document
    numbers = [line.voucher.number for line in document.draft.lines if line.voucher]
    assert numbers == [oldest.number, newest.number]
    assert [left_on(here, one) for one in (oldest, expired, newest)] == [ZERO, Money(1000), Money(800)]
    assert list(verify(here.till.workplace.database)) == []


def test_never_more_than_is_outstanding_is_redeemed_by_amount(here: Counter, coupons: list[Voucher]) -> None:
    rule(here.till, without_number=True)
    happens(here.till, coupons[2], VoucherEventKind.BLOCKED, "gestohlen")
    (offer,) = here.sale.unnumbered()
    assert offer.outstanding == Money(1000)
    with pytest.raises(Refused, match=r"Gutscheinkarte: at most 10.00"):
        here.sale.redeem_by_amount(COUPON.id, Money(1001))
    here.sale.redeem_by_amount(COUPON.id, Money(600))
    (offer,) = here.sale.unnumbered()
    assert offer.offered == Money(400)
    here.sale.redeem_by_amount(COUPON.id, Money(400))
    with pytest.raises(Refused, match=r"at most 0.00"):
        here.sale.redeem_by_amount(COUPON.id, Money(1))


def test_each_part_can_be_taken_out_again(here: Counter, coupons: list[Voucher]) -> None:
    assert coupons
    rule(here.till, without_number=True)
    here.sale.redeem_by_amount(COUPON.id, Money(1200))
    assert here.do("take back 1") == "open 10.00"
    assert [t.amount for t in here.sale.state.tendered] == [Money(200)]


def test_one_that_has_a_number_is_not_taken_by_amount(here: Counter, coupons: list[Voucher], bring_in: BringIn) -> None:
    assert coupons
    rule(here.till, without_number=True)
    bring_in(here.till, COUPON.id, "KARTE-7")
    (offer,) = here.sale.unnumbered()
    assert offer.outstanding == Money(2000)
    assert PROMOTION not in {one.type_id for one in here.sale.unnumbered()}
