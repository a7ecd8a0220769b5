"""An expired voucher: refused, or accepted as goodwill with a reason by somebody who may (V37)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from till.app.attendance import Approval, Present
from till.app.bootstrap import Till
from till.app.recording import process_of
from till.app.verify import verify
from till.documents.model import Document
from till.errors import Refused
from till.money import ZERO, Money
from till.sales.saved import from_json, to_json
from till.staff.permission import EVERYTHING, NotAllowed, Permission, Rights
from till.staff.users import User
from till.vouchers.events import NewEvent, note_event
from till.vouchers.model import Voucher, VoucherEventKind, VoucherState
from till.vouchers.rules import VoucherRules, set_voucher_rules

FREE, PROMOTION, GIFT, SINGLE = (uuid.UUID(int=n) for n in (102, 103, 104, 105))
ROSE_CODE = "4006381333931"
EXPIRED = {"valid_until": dt.date(2025, 12, 31)}
Counter = Any
BringIn = Callable[..., Voucher]


def rule(till: Till, **rules: object) -> None:
    """The shop decides otherwise."""
    till.workplace.database.run(lambda session: set_voucher_rules(session, VoucherRules(**rules)))  # type: ignore[arg-type]


def lines(document: Document) -> list[tuple[str, str, int, int]]:
    return [(line.gv_typ.value, line.gv_name, line.gross.cents, line.vat_key.value) for line in document.draft.lines]


@pytest.fixture
def here(till: Till, at: type[Counter]) -> Counter:
    """An open till without a printer, on SQLite."""
    return at(till)


@pytest.fixture
def old(here: Counter, bring_in: BringIn) -> Voucher:
    """A voucher over 50,00 that expired at the end of last year, while a rose for 3,50 is to be paid."""
    voucher = bring_in(here.till, FREE, "ALT-1", **EXPIRED)
    here.sale.scan(ROSE_CODE)
    return voucher


def test_an_expired_voucher_is_refused_and_says_since_when(here: Counter, old: Voucher) -> None:
    hit = here.voucher("ALT-1")
    assert hit.standing.state is VoucherState.EXPIRED
    assert here.said(hit.refusal) == "ALT-1: abgelaufen, war gültig bis 31.12.2025."
    assert hit.goodwill == Money(350)
    with pytest.raises(Refused, match="expired since"):
        here.sale.redeem(old.id, Money(350))


def test_who_may_accepts_it_with_a_reason_that_the_books_keep(here: Counter, old: Voucher) -> None:
    here.sale.redeem_expired(old.id, Money(350), "  Kundin war   krank ")
    document = here.sale.complete().document
    assert lines(document)[1] == ("MehrzweckgutscheinEinloesung", "Kulanz abgelaufen", -350, 5)
    assert document.draft.note == "Kulanz abgelaufen ALT-1: Kundin war krank (erlaubt von Marie Klein)"
    assert process_of(document)[1] == "Beleg^0.00_3.50_0.00_0.00_-3.50^"
    assert here.voucher("ALT-1").standing.remaining == Money(4650)
    assert list(verify(here.till.workplace.database)) == []


@pytest.mark.parametrize("reason", ["", "   "])
def test_without_a_reason_nothing_is_accepted(here: Counter, old: Voucher, reason: str) -> None:
    with pytest.raises(Refused, match="Say why"):
        here.sale.redeem_expired(old.id, Money(350), reason)
    with pytest.raises(Refused, match="at most"):
        here.sale.redeem_expired(old.id, Money(350), "x" * 81)


def test_who_may_not_needs_an_approval_and_the_books_name_who_gave_it(here: Counter, old: Voucher) -> None:
    attendance = here.till.workplace.attendance
    jan = User("2", "Jan Blum", "JB")
    less = Rights(EVERYTHING.permissions - {Permission.REDEEM_EXPIRED}, 100)
    attendance.enter(Present(jan, less, is_alone=False))
    with pytest.raises(NotAllowed) as refused:
        here.sale.redeem_expired(old.id, Money(350), "Stammkundin")
    marie = User("1", "Marie Klein", "MK")
    now = here.till.workplace.clock.now()
    attendance.keep(Approval(refused.value.need.permission, marie, EVERYTHING, jan, now))
    here.sale.redeem_expired(old.id, Money(350), "Stammkundin")
    document = here.sale.complete().document
    assert document.user_name == "Jan Blum"
    assert document.draft.note == "Kulanz abgelaufen ALT-1: Stammkundin (erlaubt von Marie Klein)"


def test_the_bonus_part_dies_with_the_term(here: Counter, bring_in: BringIn) -> None:
    voucher = bring_in(here.till, PROMOTION, "AK-OLD", sale=Money(200), face=Money(300), **EXPIRED)
    here.sale.scan(ROSE_CODE)
    assert here.voucher("AK-OLD").goodwill == Money(200)
    with pytest.raises(Refused, match=r"at most 2.00"):
        here.sale.redeem_expired(voucher.id, Money(201), "Kulanz")
    here.sale.redeem_expired(voucher.id, Money(200), "Kulanz")
    here.do("cash 1,50")
    assert lines(here.sale.complete().document)[1:] == [("MehrzweckgutscheinEinloesung", "Kulanz abgelaufen", -200, 5)]
    left = here.voucher("AK-OLD").standing
    assert (left.paid_left, left.bonus_left) == (ZERO, Money(100))
    assert list(verify(here.till.workplace.database)) == []


def test_the_bonus_part_lives_where_the_shop_lets_it(plain: Counter, bring_in: BringIn) -> None:
    rule(plain.till, expired_bonus_lives=True)
    voucher = bring_in(plain.till, PROMOTION, "AK-OLD", sale=Money(200), face=Money(300), **EXPIRED)
    plain.sale.scan(ROSE_CODE)
    plain.sale.redeem_expired(voucher.id, Money(300), "Kulanz")
    plain.do("cash 0,50")
    assert lines(plain.sale.complete().document)[1:] == [
        ("MehrzweckgutscheinEinloesung", "Kulanz abgelaufen", -200, 5),
        ("Rabatt", "Kulanz abgelaufen", -100, 2),
    ]
    assert list(verify(plain.till.workplace.database)) == []


def test_an_expired_gift_has_nothing_to_accept(here: Counter, bring_in: BringIn) -> None:
    voucher = bring_in(here.till, GIFT, "GE-OLD", sale=ZERO, face=Money(1500), **EXPIRED)
    here.sale.scan(ROSE_CODE)
    assert here.voucher("GE-OLD").goodwill == ZERO
    with pytest.raises(Refused, match=r"at most 0.00"):
        here.sale.redeem_expired(voucher.id, Money(1), "Kulanz")


def test_an_expired_single_purpose_voucher_pays_only_its_own_goods(here: Counter, bring_in: BringIn) -> None:
    bring_in(here.till, SINGLE, "EK-OLD", **EXPIRED)
    here.sale.scan(ROSE_CODE)
    here.do("tap Becher")
    assert here.voucher("EK-OLD").goodwill == Money(1200)


def test_nothing_of_an_expired_voucher_becomes_cash(here: Counter, old: Voucher) -> None:
    here.sale.redeem_expired(old.id, Money(350), "Kulanz")
    assert here.voucher("ALT-1").surplus is None
    with pytest.raises(Refused):
        here.sale.redeem(old.id, Money(350), pay_out=True)


def test_a_valid_voucher_needs_no_goodwill(here: Counter, bring_in: BringIn) -> None:
    voucher = bring_in(here.till, FREE, "GUT-1")
    here.sale.scan(ROSE_CODE)
    with pytest.raises(Refused, match="has not expired"):
        here.sale.redeem_expired(voucher.id, Money(350), "Kulanz")


def test_one_that_is_blocked_meanwhile_is_refused_at_the_booking(here: Counter, old: Voucher) -> None:
    here.sale.redeem_expired(old.id, Money(350), "Kulanz")
    context = here.till.workplace.context()
    blocked = NewEvent(old.id, VoucherEventKind.BLOCKED, "gestohlen")
    here.till.workplace.database.run(lambda session: note_event(session, context, blocked))
    with pytest.raises(Refused, match="blocked since"):
        here.sale.complete()


def test_the_bonus_of_one_that_dies_before_the_booking_is_refused(here: Counter, bring_in: BringIn) -> None:
    rule(here.till, expired_bonus_lives=True)
    voucher = bring_in(here.till, PROMOTION, "AK-OLD", sale=Money(200), face=Money(300), **EXPIRED)
    here.sale.scan(ROSE_CODE)
    here.sale.redeem_expired(voucher.id, Money(300), "Kulanz")
    here.do("cash 0,50")
    rule(here.till, expired_bonus_lives=False)
    with pytest.raises(Refused, match=r"only 2.00 is left"):
        here.sale.complete()


def test_reason_and_name_wait_with_the_basket(here: Counter, old: Voucher) -> None:
    here.sale.redeem_expired(old.id, Money(350), "Kulanz")
    kept = here.sale._kept
    assert from_json(to_json(kept)) == kept
    here.sale.park()
    (parked,) = here.sale.parked()
    assert here.sale.recall(parked.order_id) == ()
    assert here.sale.complete().document.draft.note.startswith("Kulanz abgelaufen ALT-1: Kulanz")
