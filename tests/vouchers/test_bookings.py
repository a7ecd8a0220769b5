"""What issuing and redeeming a voucher posts: liabilities, and memo pairs that sum to zero."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.business_case import VatKey
from till.ledger.account import MEMO_PAIRS, Account
from till.ledger.entry import Posting
from till.money import ZERO, Money, total
from till.vouchers.bookings import issued, paid_account, redeemed
from till.vouchers.model import VatTreatment, Voucher
from till.vouchers.value import Share

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
DAY = NOON.date()
ID = uuid.UUID(int=7)


def _voucher(sale: int, face: int, treatment: VatTreatment = VatTreatment.MULTI_PURPOSE) -> Voucher:
    kind = uuid.UUID(int=9)
    return Voucher(
        ID, kind, "G", "9", "A1", Money(sale), Money(face), treatment, VatKey.GENERAL, 1900, DAY, DAY, NOON, "K", 1
    )


def test_a_sold_voucher_is_a_liability() -> None:
    assert issued(_voucher(2500, 2500)) == (Posting(Account.VOUCHER_MULTI, Money(-2500), str(ID)),)


def test_a_promotion_is_a_liability_and_a_bonus() -> None:
    assert issued(_voucher(2000, 3000)) == (
        Posting(Account.VOUCHER_MULTI, Money(-2000), str(ID)),
        Posting(Account.VOUCHER_BONUS, Money(-1000), str(ID)),
        Posting(Account.VOUCHER_BONUS_CONTRA, Money(1000), str(ID)),
    )


def test_a_single_purpose_voucher_is_kept_in_mind_only() -> None:
    legs = issued(_voucher(5000, 5000, VatTreatment.SINGLE_PURPOSE))
    assert legs == (
        Posting(Account.VOUCHER_SINGLE, Money(-5000), str(ID)),
        Posting(Account.VOUCHER_SINGLE_CONTRA, Money(5000), str(ID)),
    )


@pytest.mark.parametrize("treatment", VatTreatment)
def test_the_paid_part_stands_on_the_account_of_its_treatment(treatment: VatTreatment) -> None:
    assert issued(_voucher(100, 100, treatment))[0].account is paid_account(treatment)


@given(st.integers(0, 9999), st.integers(0, 9999), st.sampled_from(VatTreatment))
def test_memo_pairs_sum_to_zero_and_redeeming_all_undoes_issuing(
    sale: int, bonus: int, treatment: VatTreatment
) -> None:
    voucher = _voucher(sale, sale + bonus, treatment)
    sold, used = issued(voucher), redeemed(voucher, Share(Money(sale), Money(bonus)))
    for pair in MEMO_PAIRS:
        assert total(leg.amount for leg in sold if leg.account in pair) == ZERO
    assert [Posting(leg.account, -leg.amount, leg.subject) for leg in used] == list(sold)
