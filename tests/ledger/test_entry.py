"""An entry that doesn't balance can't even be constructed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.ledger.account import MEMO_PAIRS, Account
from till.ledger.entry import Posting, check_balanced, merged
from till.money import Money, total

CASH, REVENUE, VAT = Account.CASH, Account.REVENUE, Account.VAT


def _legs(*legs: tuple[Account, int]) -> tuple[Posting, ...]:
    return tuple(Posting(account, Money(cents)) for account, cents in legs)


@pytest.mark.parametrize(
    ("legs", "problem"),
    [
        ((), "two postings"),
        (((CASH, 5),), "two postings"),
        (((CASH, 5), (REVENUE, -5), (VAT, 0)), "zero posting"),
        (((CASH, 5), (REVENUE, -4)), "not balanced"),
        (((Account.VOUCHER_BONUS, 5), (CASH, -5)), "voucher-bonus do not balance"),
        (((Account.GOODWILL, 5), (Account.VOUCHER_SINGLE_CONTRA, -5)), "do not balance by themselves"),
    ],
)
def test_a_broken_entry_is_a_defect(make_entry: Any, legs: Any, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        make_entry(_legs(*legs))


def test_a_whole_entry_stands(make_entry: Any) -> None:
    legs = _legs(
        (CASH, 1190), (REVENUE, -1000), (VAT, -190), *((account, 5 - 10 * i) for i, account in enumerate(MEMO_PAIRS[0]))
    )
    assert make_entry(legs).postings == legs


def test_legs_of_one_account_and_subject_are_merged_in_order() -> None:
    legs = (
        Posting(CASH, Money(10), "K1"),
        Posting(REVENUE, Money(-4), "1"),
        Posting(CASH, Money(-3), "K1"),
        Posting(REVENUE, Money(-3), "2"),
        Posting(REVENUE, Money(4), "1"),
    )
    assert merged(legs) == (Posting(CASH, Money(7), "K1"), Posting(REVENUE, Money(-3), "2"))


LEGS = st.lists(
    st.builds(Posting, st.sampled_from([CASH, REVENUE, VAT]), st.integers(-999, 999).map(Money), st.sampled_from("ab")),
    max_size=12,
)


@given(LEGS)
def test_merging_keeps_every_balance(legs: list[Posting]) -> None:
    found = merged(legs)
    assert all(leg.amount for leg in found)
    assert len({(leg.account, leg.subject) for leg in found}) == len(found)
    for account in (CASH, REVENUE, VAT):
        assert total(leg.amount for leg in found if leg.account is account) == total(
            leg.amount for leg in legs if leg.account is account
        )


@given(LEGS)
def test_what_balances_stays_balanced_when_merged(legs: list[Posting]) -> None:
    rest = Posting(Account.TRANSIT, -total(leg.amount for leg in legs))
    whole = merged([*legs, rest])
    if whole:
        check_balanced(whole)
