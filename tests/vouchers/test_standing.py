"""What has become of a voucher, from its postings and from what happened to it (10-vouchers, head; V31)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest

from till.errors import Refused
from till.ledger.account import Account
from till.ledger.entry import Posting
from till.money import ZERO, Money
from till.vouchers.bookings import bonus_added, cancelled, given_back, moved, opened, written_off
from till.vouchers.events import NewEvent, events_of, note_event
from till.vouchers.issue import NewVoucher, enter, insert_row, plan
from till.vouchers.model import (
    Numbering,
    VatTreatment,
    Voucher,
    VoucherEventKind,
    VoucherOrigin,
    VoucherState,
    VoucherType,
)
from till.vouchers.rules import VoucherRules, set_voucher_rules, voucher_rules
from till.vouchers.standing import refusal_of, standing_of, voucher_by_id
from till.vouchers.terms import TermRule
from till.vouchers.value import Share

KIND = VoucherType(uuid.UUID(int=1), "901", "Gutschein", Numbering.AUTOMATIC, next_number="AG-09")
SINGLE = replace(KIND, vat_treatment=VatTreatment.SINGLE_PURPOSE)
TODAY = dt.date(2026, 11, 20)


def _happens(desk: Any, voucher: Voucher, kind: VoucherEventKind, **more: Any) -> None:
    note_event(desk.session, desk.context, NewEvent(voucher.id, kind, **more))


def _state(desk: Any, voucher: Voucher) -> VoucherState:
    return standing_of(desk.session, voucher, TODAY).state


def test_a_blocked_voucher_says_why_and_since_when_and_lives_again_when_unblocked(desk: Any) -> None:
    voucher = desk.issue(desk.offer(KIND))
    _happens(desk, voucher, VoucherEventKind.BLOCKED, reason="verloren gemeldet")
    now = standing_of(desk.session, voucher, TODAY)
    assert (now.state, now.since, now.reason) == (VoucherState.BLOCKED, desk.context.now, "verloren gemeldet")
    assert str(refusal_of(now)) == "AG-09: blocked since 2026-11-20 11:00:00+00:00: verloren gemeldet."
    later = desk.on(TODAY + dt.timedelta(days=1))
    _happens(later, voucher, VoucherEventKind.UNBLOCKED, reason="wieder da")
    assert _state(desk, voucher) is VoucherState.ACTIVE
    assert [event.new.reason for event in events_of(desk.session, voucher.id)] == ["verloren gemeldet", "wieder da"]


def test_a_voucher_that_was_not_paid_for_names_the_invoice_until_that_is_settled(desk: Any) -> None:
    kind, invoice = desk.offer(KIND), uuid.uuid4()
    new = NewVoucher(uuid.uuid4(), Money(2500), Money(2500))
    planned = plan(desk.session, desk.context, kind, new, TermRule())
    pending = replace(planned, receivable_id=invoice, receivable_name="Rechnung 2026-0113")
    voucher = enter(desk.session, pending, uuid.uuid4(), 7)
    legs = (Posting(Account.VOUCHER_MULTI, -Money(2500), str(voucher.id)),)
    owed = Posting(Account.RECEIVABLE, Money(2500), str(invoice))
    desk.book(uuid.uuid4(), (*legs, owed))
    now = standing_of(desk.session, voucher, TODAY)
    assert now.state is VoucherState.PENDING
    assert str(refusal_of(now)).startswith("AG-09: not paid yet: Rechnung 2026-0113.")
    with pytest.raises(Refused, match="not paid yet"):
        desk.redeem(voucher, 100)
    desk.book(uuid.uuid4(), (replace(owed, amount=-owed.amount),))
    assert _state(desk, voucher) is VoucherState.ACTIVE


def test_a_replaced_voucher_is_closed_and_names_the_one_in_its_place(desk: Any) -> None:
    kind = desk.offer(KIND)
    old = desk.issue(kind, sale=2000, face=3000)
    desk.redeem(old, 1200)
    fresh = replace(old, id=uuid.uuid4(), number="AG-77", sale=Money(1200), face=Money(1800), replaces=old.id)
    insert_row(desk.session, replace(fresh, origin=VoucherOrigin.REPLACEMENT))
    desk.book(uuid.uuid4(), moved(old, fresh, Share(Money(1200), Money(600))))
    _happens(desk, old, VoucherEventKind.REPLACED, other_id=fresh.id)
    now = standing_of(desk.session, old, TODAY)
    assert (now.state, now.remaining, now.reason) == (VoucherState.REPLACED, ZERO, "AG-77")
    assert str(refusal_of(now)) == "AG-09: replaced by AG-77 on 2026-11-20 11:00:00+00:00. Take that one."
    found = voucher_by_id(desk.session, fresh.id)
    assert found is not None
    assert (found.origin, found.replaces) == (VoucherOrigin.REPLACEMENT, old.id)
    stands = standing_of(desk.session, fresh, TODAY)
    assert (stands.paid_left, stands.bonus_left) == (Money(1200), Money(600))


@pytest.mark.parametrize("kind", [KIND, SINGLE], ids=["multi", "single"])
def test_a_cancelled_voucher_has_nothing_left_and_says_since_when(desk: Any, kind: VoucherType) -> None:
    voucher = desk.issue(desk.offer(kind), sale=2000, face=3000)
    desk.book(uuid.uuid4(), cancelled(voucher))
    _happens(desk, voucher, VoucherEventKind.CANCELLED)
    now = standing_of(desk.session, voucher, TODAY)
    assert (now.state, now.paid_left, now.bonus_left) == (VoucherState.CANCELLED, ZERO, ZERO)
    assert "cancelled on" in str(refusal_of(now))


@pytest.mark.parametrize("kind", [KIND, SINGLE], ids=["multi", "single"])
def test_what_is_given_back_returns_to_the_part_it_came_from(desk: Any, kind: VoucherType) -> None:
    voucher = desk.issue(desk.offer(kind), sale=2000, face=3000)
    taken = desk.redeem(voucher, 3000)
    assert _state(desk, voucher) is VoucherState.USED
    desk.book(uuid.uuid4(), given_back(voucher, taken.share))
    now = standing_of(desk.session, voucher, TODAY)
    assert (now.state, now.paid_left, now.bonus_left) == (VoucherState.ACTIVE, Money(2000), Money(1000))


def test_a_correction_takes_off_both_parts_and_a_raise_adds_bonus(desk: Any) -> None:
    voucher = desk.issue(desk.offer(KIND), sale=2000, face=3000)
    desk.book(uuid.uuid4(), written_off(voucher, Share(Money(200), Money(100))))
    _happens(desk, voucher, VoucherEventKind.CORRECTED, amount=-Money(300), reason="verrechnet")
    desk.book(uuid.uuid4(), bonus_added(voucher, Money(500)))
    _happens(desk, voucher, VoucherEventKind.CORRECTED, amount=Money(500), reason="Kulanz")
    now = standing_of(desk.session, voucher, TODAY)
    assert (now.paid_left, now.bonus_left, now.added) == (Money(1800), Money(1400), Money(500))


def test_an_old_voucher_is_owed_against_the_opening_account(desk: Any) -> None:
    voucher = desk.issue(desk.offer(KIND), sale=2000, face=3000)
    legs = {(leg.account, leg.amount) for leg in opened(voucher)}
    assert (Account.OPENING, Money(2000)) in legs
    assert (Account.VOUCHER_MULTI, -Money(2000)) in legs
    gift = replace(voucher, sale=ZERO)
    assert {leg.account for leg in opened(gift)} == {Account.VOUCHER_BONUS, Account.VOUCHER_BONUS_CONTRA}


def test_the_rules_are_the_usual_ones_until_the_shop_decides(desk: Any) -> None:
    assert voucher_rules(desk.session) == VoucherRules()
    own = VoucherRules(years=3, to_year_end=False, without_number=True, letters=False, expiring_months=6)
    set_voucher_rules(desk.session, own)
    assert voucher_rules(desk.session) == own
    assert own.terms == TermRule(3, to_year_end=False)


@pytest.mark.parametrize("wrong", [VoucherRules(years=0), VoucherRules(years=101), VoucherRules(expiring_months=0)])
def test_rules_that_make_no_sense_are_refused(small_desk: Any, wrong: VoucherRules) -> None:
    with pytest.raises(Refused):
        set_voucher_rules(small_desk.session, wrong)
    assert voucher_rules(small_desk.session) == VoucherRules()
