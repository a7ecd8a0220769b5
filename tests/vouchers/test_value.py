"""Paid and bonus part in their proportion, to the cent (V39)."""

from __future__ import annotations

import datetime as dt
import uuid

from hypothesis import given
from hypothesis import strategies as st

from till.business_case import VatKey
from till.money import ZERO, Money, total
from till.vouchers.model import VatTreatment, Voucher, VoucherStanding, VoucherState
from till.vouchers.value import Share, bonus_of, share_left, share_of

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)


def _standing(sale: int, face: int, left: tuple[int, int], added: int = 0) -> VoucherStanding:
    voucher = Voucher(
        id=uuid.UUID(int=7),
        type_id=uuid.UUID(int=9),
        type_name="G",
        type_plu="901",
        number="AG-1",
        sale=Money(sale),
        face=Money(face),
        vat_treatment=VatTreatment.MULTI_PURPOSE,
        vat_key=VatKey.NOT_TAXABLE,
        vat_rate_bp=0,
        valid_from=NOON.date(),
        valid_until=NOON.date(),
        issued_at=NOON,
        issued_till="KASSE-1",
        issued_number=7,
    )
    return VoucherStanding(voucher, VoucherState.ACTIVE, Money(left[0]), Money(left[1]), added=Money(added))


def test_a_promotion_of_20_for_30_gives_8_and_12() -> None:
    sale, face = Money(2000), Money(3000)
    assert share_of(sale, face, ZERO, Money(1200)) == Share(Money(800), Money(400))
    assert share_of(sale, face, Money(1200), Money(1800)) == Share(Money(1200), Money(600))


def test_a_gift_is_all_bonus_and_a_plain_voucher_all_paid() -> None:
    assert share_of(ZERO, Money(1500), ZERO, Money(1000)) == Share(ZERO, Money(1000))
    assert share_of(Money(1500), Money(1500), Money(1), Money(1000)) == Share(Money(1000), ZERO)


def test_the_bonus_is_what_the_value_exceeds_the_price() -> None:
    assert bonus_of(Money(2000), Money(3000)) == Money(1000)
    assert bonus_of(Money(3000), Money(3000)) == ZERO
    assert bonus_of(Money(3500), Money(3000)) == ZERO


@given(st.integers(1, 100_000), st.data())
def test_any_sequence_of_redemptions_sums_to_the_sale_price(face: int, data: st.DataObject) -> None:
    sale = data.draw(st.integers(0, face))
    before, shares = 0, list[Share]()
    while before < face:
        now = data.draw(st.integers(1, face - before)) if len(shares) < 8 else face - before
        shares.append(share_of(Money(sale), Money(face), Money(before), Money(now)))
        assert shares[-1].amount == Money(now)
        assert shares[-1].paid >= ZERO
        assert shares[-1].bonus >= ZERO
        before += now
    assert total(share.paid for share in shares) == Money(sale)
    assert total(share.bonus for share in shares) == bonus_of(Money(sale), Money(face))


@given(st.integers(1, 100_000), st.data())
def test_what_is_left_splits_as_redemptions_in_a_row_do(face: int, data: st.DataObject) -> None:
    sale = data.draw(st.integers(0, face))
    before, paid, bonus = 0, sale, face - sale
    for _ in range(data.draw(st.integers(1, 8))):
        now = data.draw(st.integers(0, face - before))
        share = share_left(_standing(sale, face, (paid, bonus)), Money(now))
        assert share == share_of(Money(sale), Money(face), Money(before), Money(now))
        before, paid, bonus = before + now, paid - share.paid.cents, bonus - share.bonus.cents


def test_what_a_correction_added_is_spent_last() -> None:
    whole = _standing(2000, 3000, (2000, 1500), added=500)
    assert share_left(whole, Money(1500)) == Share(Money(1000), Money(500)), "as if nothing had been added"
    assert share_left(whole, Money(3000)) == Share(Money(2000), Money(1000))
    assert share_left(whole, Money(3200)) == Share(Money(2000), Money(1200))
    assert share_left(_standing(2000, 3000, (0, 500), added=500), Money(200)) == Share(ZERO, Money(200))


def test_when_only_the_paid_part_was_taken_the_bonus_can_still_be_spent() -> None:
    assert share_left(_standing(2000, 3000, (0, 1000)), Money(700)) == Share(ZERO, Money(700))
    assert share_left(_standing(2000, 3000, (1500, 0)), Money(700)) == Share(Money(700), ZERO)


@given(st.integers(1, 5_000), st.data())
def test_whatever_happened_before_no_part_goes_below_zero_and_the_end_empties_both(
    face: int, data: st.DataObject
) -> None:
    sale = data.draw(st.integers(0, face))
    paid, bonus, added, taken = sale, face - sale, 0, list[Share]()
    for step in data.draw(st.lists(st.sampled_from(["take", "give back", "add"]), max_size=12)):
        if step == "add":
            extra = data.draw(st.integers(1, 500))
            added, bonus = added + extra, bonus + extra
        elif step == "give back" and taken:
            share = taken.pop(data.draw(st.integers(0, len(taken) - 1)))
            paid, bonus = paid + share.paid.cents, bonus + share.bonus.cents
        elif paid + bonus:
            now = data.draw(st.integers(1, paid + bonus))
            share = share_left(_standing(sale, face, (paid, bonus), added), Money(now))
            taken.append(share)
            assert share.amount == Money(now)
            paid, bonus = paid - share.paid.cents, bonus - share.bonus.cents
        assert min(paid, bonus) >= 0
    rest = share_left(_standing(sale, face, (paid, bonus), added), Money(paid + bonus))
    assert (rest.paid, rest.bonus) == (Money(paid), Money(bonus))
    assert total(share.paid for share in [*taken, rest]) == Money(sale)
