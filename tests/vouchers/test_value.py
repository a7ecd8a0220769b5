"""Paid and bonus part in their proportion, to the cent (V39)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from till.money import ZERO, Money, total
from till.vouchers.value import Share, bonus_of, share_of


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
