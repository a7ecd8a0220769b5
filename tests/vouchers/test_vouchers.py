"""Vouchers from issue to the last cent: numbers, terms, standing and redemption, on both databases."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest

from till.business_case import VatKey
from till.db.locks import Lock, LockKind
from till.errors import Refused
from till.money import ZERO, Money
from till.vouchers import redeem
from till.vouchers.issue import NewVoucher, enter, plan
from till.vouchers.locks import number_lock, voucher_lock
from till.vouchers.model import Numbering, VatTreatment, Voucher, VoucherStanding, VoucherState, VoucherType
from till.vouchers.standing import find_vouchers, issued_by, refusal_of, standing_of, voucher_by_id
from till.vouchers.terms import TermRule
from till.vouchers.types import voucher_type, voucher_types
from till.vouchers.value import Wish

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
TODAY = NOON.date()
AUTOMATIC = VoucherType(uuid.UUID(int=1), "901", "Gutschein", Numbering.AUTOMATIC, next_number="AG-09")
OWN = VoucherType(uuid.UUID(int=2), "902", "Eigene", Numbering.OWN)
SAME_AGAIN = replace(OWN, id=uuid.UUID(int=3), plu="903", name="Andere")
UNNUMBERED = replace(OWN, id=uuid.UUID(int=4), plu="904", numbering=Numbering.NONE)
FULL = VoucherType(
    id=uuid.UUID(int=5),
    plu="905",
    name="Kurs",
    numbering=Numbering.AUTOMATIC,
    vat_treatment=VatTreatment.SINGLE_PURPOSE,
    vat_key=VatKey.GENERAL,
    sale=Money(2000),
    face=Money(3000),
    zero_price_allowed=True,
    face_bonus_bp=1050,
    may_be_bought_with_vouchers=True,
    next_number="K-1",
    label_template="none",
    valid_from=dt.date(2026, 12, 1),
    valid_until=dt.date(2027, 1, 31),
    note="intern",
    category_id="c",
    position=3,
)


def test_a_type_comes_back_as_it_was_stored(desk: Any) -> None:
    withdrawn = replace(FULL, id=uuid.UUID(int=6), plu="906", active=False)
    for kind in (withdrawn, FULL, AUTOMATIC):
        desk.offer(kind)
    assert voucher_types(desk.session) == [AUTOMATIC, FULL, withdrawn]
    assert voucher_type(desk.session, FULL.id) == FULL
    assert voucher_type(desk.session, uuid.uuid4()) is None


def test_automatic_numbers_count_up_and_skip_taken_ones(desk: Any) -> None:
    kind = desk.offer(AUTOMATIC)
    desk.issue(replace(kind, numbering=Numbering.OWN), number="ag-10")
    assert [desk.issue(kind).number for _ in range(3)] == ["AG-09", "AG-11", "AG-12"]


def test_a_type_counts_up_its_own_numbers_alone(small_desk: Any) -> None:
    kind, other = small_desk.offer(AUTOMATIC), small_desk.offer(FULL)
    for expected in ("AG-10", "AG-11"):
        small_desk.issue(kind)
        following = [voucher_type(small_desk.session, one.id) for one in (kind, other)]
        assert [one.next_number for one in following if one] == [expected, "K-1"]


def test_a_planned_voucher_names_no_receipt_before_it_has_one(small_desk: Any) -> None:
    new = NewVoucher(uuid.uuid4(), Money(2500), Money(2500))
    planned = plan(small_desk.session, small_desk.context, small_desk.offer(AUTOMATIC), new, TermRule())
    assert planned.issued_number == 0
    assert voucher_by_id(small_desk.session, planned.id) is None


def test_each_voucher_and_each_number_range_has_a_lock_of_its_own() -> None:
    assert voucher_lock(OWN.id) == Lock(LockKind.VOUCHER, str(OWN.id))
    assert number_lock(OWN.id) == Lock(LockKind.NUMBER_RANGE, f"voucher-type {OWN.id}")


def test_an_issued_voucher_is_found_with_its_terms(desk: Any) -> None:
    kind = desk.offer(AUTOMATIC)
    voucher = desk.issue(kind)
    assert find_vouchers(desk.session, " ag-09 ") == [voucher]
    assert voucher_by_id(desk.session, voucher.id) == voucher
    assert (voucher.valid_from, voucher.valid_until) == (TODAY, dt.date(2036, 12, 31))
    assert (voucher.issued_till, voucher.issued_at, voucher.text) == ("KASSE-1", NOON, "Alles Gute")


def test_an_own_number_is_unique_within_its_type(desk: Any) -> None:
    kind = desk.offer(OWN)
    desk.issue(kind, number="Spende1003")
    with pytest.raises(Refused, match=r"Number spende1003 was sold already on 2026-11-20"):
        desk.issue(kind, number="spende1003 ")


def test_two_types_may_share_a_number_and_both_are_found(desk: Any) -> None:
    second = desk.on(dt.date(2026, 11, 21)).issue(desk.offer(SAME_AGAIN), number="1003")
    first = desk.issue(desk.offer(OWN), number="1003")
    assert find_vouchers(desk.session, "1003") == [first, second]
    assert find_vouchers(desk.session, "1003", "903") == [second]


def test_an_unnumbered_voucher_has_an_inner_number(small_desk: Any) -> None:
    voucher = small_desk.issue(small_desk.offer(UNNUMBERED))
    assert voucher.number == voucher.id.hex[:12].upper()


def test_a_deactivated_type_is_not_sold_and_its_vouchers_live_on(small_desk: Any) -> None:
    kind = small_desk.offer(AUTOMATIC)
    voucher = small_desk.issue(kind)
    with pytest.raises(Refused, match="“Gutschein” is no longer sold"):
        small_desk.issue(replace(kind, active=False))
    assert small_desk.redeem(voucher, 100).rest == Money(2400)


def test_a_number_nobody_knows_is_refused_in_words(small_desk: Any) -> None:
    with pytest.raises(Refused, match=r"There is no voucher with the number 4711. Check it"):
        find_vouchers(small_desk.session, " 4711 ")
    with pytest.raises(Refused, match="not known here"):
        redeem.take(small_desk.session, small_desk.context, Wish(uuid.uuid4(), Money(1)))
    assert voucher_by_id(small_desk.session, uuid.uuid4()) is None


def test_the_vouchers_of_a_document_are_listed_by_number(small_desk: Any) -> None:
    kind, receipt = small_desk.offer(OWN), uuid.uuid4()
    third, first, second = small_desk.receipt(receipt, {"C": kind, "A": kind, "B": kind})
    small_desk.receipt(uuid.uuid4(), {"D": kind})
    assert issued_by(small_desk.session, receipt) == [first, second, third]
    assert issued_by(small_desk.session, uuid.uuid4()) == []


def test_a_promotion_stands_in_both_parts(desk: Any) -> None:
    voucher = desk.issue(desk.offer(AUTOMATIC), 2000, 3000)
    taken = desk.redeem(voucher, 1200)
    assert (taken.share.paid, taken.share.bonus, taken.rest) == (Money(800), Money(400), Money(1800))
    assert taken.voucher == voucher
    standing = standing_of(desk.session, voucher, TODAY)
    assert standing == VoucherStanding(voucher, VoucherState.ACTIVE, Money(1200), Money(600))
    assert standing.remaining == Money(1800)
    desk.redeem(voucher, 1800)
    assert standing_of(desk.session, voucher, TODAY) == VoucherStanding(voucher, VoucherState.USED, ZERO, ZERO, NOON)


def test_the_cents_of_a_redemption_depend_on_what_was_redeemed_before(small_desk: Any) -> None:
    voucher = small_desk.issue(small_desk.offer(AUTOMATIC), 1000, 3000)
    assert [small_desk.redeem(voucher, 50).share.paid for _ in range(3)] == [Money(17), Money(16), Money(17)]


@pytest.mark.parametrize(("sale", "face"), [(0, 1500), (2000, 3000)])
@pytest.mark.parametrize("treatment", VatTreatment)
def test_a_voucher_is_worth_its_paid_and_its_given_part(
    small_desk: Any, treatment: VatTreatment, sale: int, face: int
) -> None:
    voucher = small_desk.issue(small_desk.offer(replace(AUTOMATIC, vat_treatment=treatment)), sale, face)
    assert standing_of(small_desk.session, voucher, TODAY) == VoucherStanding(
        voucher, VoucherState.ACTIVE, Money(sale), Money(face - sale)
    )


def test_a_voucher_that_nothing_was_booked_for_is_worth_nothing(small_desk: Any) -> None:
    new = NewVoucher(uuid.uuid4(), Money(2500), Money(2500))
    unpaid = plan(small_desk.session, small_desk.context, small_desk.offer(AUTOMATIC), new, TermRule())
    enter(small_desk.session, unpaid, uuid.uuid4(), 7)
    standing = standing_of(small_desk.session, unpaid, TODAY)
    assert standing == VoucherStanding(unpaid, VoucherState.USED, ZERO, ZERO)
    assert str(refusal_of(standing)) == "AG-09: fully redeemed on 2026-11-20 11:00:00+00:00."
    with pytest.raises(Refused, match=r"^AG-09: only 0.00 is left.$"):
        small_desk.redeem(unpaid, 1)


@pytest.mark.parametrize("sale", [0, 2000, 3000])
@pytest.mark.parametrize("treatment", VatTreatment)
def test_who_took_the_rest_is_told_by_the_latest_redemption_of_this_voucher(
    small_desk: Any, treatment: VatTreatment, sale: int
) -> None:
    kind = small_desk.offer(replace(AUTOMATIC, vat_treatment=treatment))
    voucher, other = small_desk.issue(kind, sale, 3000), small_desk.issue(kind, sale, 3000)
    with pytest.raises(Refused, match=r"^AG-09: only 30.00 is left.$"):
        small_desk.redeem(voucher, 3001)
    for day, till_id, taken in [(20, "KASSE-2", voucher), (22, "KASSE-3", voucher), (21, "KASSE-4", voucher)]:
        small_desk.on(dt.date(2026, 11, day)).at(till_id).redeem(taken, 900)
    small_desk.on(dt.date(2026, 11, 23)).at("KASSE-5").redeem(other, 900)
    with pytest.raises(Refused, match=r"^AG-09: only 3.00 is left. Redeemed at till KASSE-3, 2026-11-22 11:00:00"):
        small_desk.redeem(voucher, 301)


def test_more_than_is_left_is_refused_with_till_and_time(desk: Any) -> None:
    voucher = desk.issue(desk.offer(AUTOMATIC))
    with pytest.raises(Refused, match=r"^AG-09: only 25.00 is left.$"):
        desk.redeem(voucher, 2501)
    desk.at("KASSE-2").redeem(voucher, 2000)
    with pytest.raises(Refused, match=r"^AG-09: only 5.00 is left. Redeemed at till KASSE-2, 2026-11-20 11:00:00"):
        desk.redeem(voucher, 501)


@pytest.mark.parametrize("cents", [0, -1])
def test_nothing_or_less_is_never_taken(small_desk: Any, cents: int) -> None:
    voucher = small_desk.issue(small_desk.offer(AUTOMATIC))
    with pytest.raises(ValueError, match="above 0"):
        small_desk.redeem(voucher, cents)


def test_a_voucher_counts_from_its_first_to_its_last_day(desk: Any) -> None:
    kind = desk.offer(replace(AUTOMATIC, valid_from=dt.date(2026, 12, 1), valid_until=dt.date(2027, 1, 31)))
    voucher = desk.issue(kind)
    with pytest.raises(Refused, match="AG-09: valid from 2026-12-01"):
        desk.redeem(voucher, 1)
    desk.on(dt.date(2026, 12, 1)).redeem(voucher, 1)
    desk.on(dt.date(2027, 1, 31)).redeem(voucher, 1)
    with pytest.raises(Refused, match="AG-09: expired since 2027-01-31"):
        desk.on(dt.date(2027, 2, 1)).redeem(voucher, 1)


def _standing(state: VoucherState, voucher: Voucher) -> VoucherStanding:
    return VoucherStanding(voucher, state, ZERO, ZERO)


def test_a_refusal_names_the_state_and_since_when(small_desk: Any) -> None:
    voucher = small_desk.issue(small_desk.offer(AUTOMATIC))
    assert refusal_of(_standing(VoucherState.ACTIVE, voucher)) is None
    sentences = {state: str(refusal_of(_standing(state, voucher))) for state in VoucherState}
    assert sentences[VoucherState.USED] == "AG-09: fully redeemed on 2026-11-20 11:00:00+00:00."
    assert sentences[VoucherState.EXPIRED] == "AG-09: expired since 2036-12-31."
    assert sentences[VoucherState.NOT_YET_VALID] == "AG-09: valid from 2026-11-20."
    assert sentences[VoucherState.BLOCKED] == "AG-09: blocked since 2026-11-20 11:00:00+00:00: ."
