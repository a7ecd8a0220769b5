"""What the TSE signs about a receipt: amounts per rate and sums per way of payment, to the letter of the DSFinV-K."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.business_case import BonTyp, VatKey
from till.fiscal.process_data import PaymentSum, ProcessType, abort_process_data, receipt_process_data
from till.money import Money

GENERAL, REDUCED, UNTAXED = VatKey.GENERAL, VatKey.REDUCED, VatKey.NOT_TAXABLE


def cash(cents: int, currency: str = "EUR") -> PaymentSum:
    return PaymentSum(is_cash=True, amount=Money(cents), currency=currency)


def cashless(cents: int, currency: str = "EUR") -> PaymentSum:
    return PaymentSum(is_cash=False, amount=Money(cents), currency=currency)


def beleg(gross: dict[VatKey, int], *payments: PaymentSum) -> str:
    return receipt_process_data(BonTyp.BELEG, {key: Money(cents) for key, cents in gross.items()}, payments)


def test_the_official_example_comes_out_to_the_letter() -> None:
    payments = [cashless(64_30), cash(5_00, "USD"), cash(10_00), cash(5_00, "CHF")]
    assert (
        beleg({GENERAL: 75_33, REDUCED: 7_99}, *payments)
        == "Beleg^75.33_7.99_0.00_0.00_0.00^10.00:Bar_5.00:Bar:CHF_5.00:Bar:USD_64.30:Unbar"
    )


@pytest.mark.parametrize(
    ("action", "gross", "payments", "expected"),
    [
        ("sale", {GENERAL: 4000, REDUCED: 2000}, [cash(6000)], "Beleg^40.00_20.00_0.00_0.00_0.00^60.00:Bar"),
        ("single-purpose sale", {GENERAL: 5000}, [cashless(5000)], "Beleg^50.00_0.00_0.00_0.00_0.00^50.00:Unbar"),
        ("single-purpose on 70", {GENERAL: 2000}, [cash(2000)], "Beleg^20.00_0.00_0.00_0.00_0.00^20.00:Bar"),
        ("single-purpose covers all", {GENERAL: 0}, [], "Beleg^0.00_0.00_0.00_0.00_0.00^"),
        ("multi-purpose sale", {UNTAXED: 10000}, [cash(10000)], "Beleg^0.00_0.00_0.00_0.00_100.00^100.00:Bar"),
        ("multi-purpose covers all", {GENERAL: 5900, UNTAXED: -5900}, [], "Beleg^59.00_0.00_0.00_0.00_-59.00^"),
        (
            "multi-purpose with cash back",
            {GENERAL: 700, UNTAXED: -15000},
            [cash(-14300)],
            "Beleg^7.00_0.00_0.00_0.00_-150.00^-143.00:Bar",
        ),
        ("credit top-up", {UNTAXED: 3000}, [cash(3000)], "Beleg^0.00_0.00_0.00_0.00_30.00^30.00:Bar"),
        ("credit payout", {UNTAXED: -3000}, [cash(-3000)], "Beleg^0.00_0.00_0.00_0.00_-30.00^-30.00:Bar"),
        ("credit payout by SEPA", {UNTAXED: -3000}, [cashless(-3000)], "Beleg^0.00_0.00_0.00_0.00_-30.00^-30.00:Unbar"),
        ("goodwill used", {GENERAL: 2000}, [cash(2000)], "Beleg^20.00_0.00_0.00_0.00_0.00^20.00:Bar"),
        ("voucher to credit", {UNTAXED: 0}, [], "Beleg^0.00_0.00_0.00_0.00_0.00^"),
        (
            "single-purpose to credit",
            {GENERAL: -5000, UNTAXED: 5000},
            [],
            "Beleg^-50.00_0.00_0.00_0.00_50.00^",
        ),
        (
            "cancellation, cash back",
            {GENERAL: -4000, REDUCED: -2000},
            [cash(-6000)],
            "Beleg^-40.00_-20.00_0.00_0.00_0.00^-60.00:Bar",
        ),
        ("on account", {GENERAL: 5900}, [], "Beleg^59.00_0.00_0.00_0.00_0.00^"),
        ("on account, settled", {GENERAL: 0}, [cash(5900)], "Beleg^0.00_0.00_0.00_0.00_0.00^59.00:Bar"),
        ("bank drop", {UNTAXED: -15000}, [cash(-15000)], "Beleg^0.00_0.00_0.00_0.00_-150.00^-150.00:Bar"),
    ],
)
def test_each_row_of_the_booking_table_has_its_process_data(
    action: str, gross: dict[VatKey, int], payments: list[PaymentSum], expected: str
) -> None:
    assert beleg(gross, *payments) == expected, action


@pytest.mark.parametrize(
    ("keys", "slot"),
    [((1, 11, 21), 0), ((2, 12, 22), 1), ((3,), 2), ((4,), 3), ((5, 6, 7), 4)],
)
def test_vat_keys_of_one_rate_are_added_in_its_slot(keys: tuple[int, ...], slot: int) -> None:
    amounts = beleg({VatKey(key): 150 for key in keys}).split("^")[1].split("_")
    assert amounts.pop(slot) == f"{Money(150 * len(keys))}"
    assert amounts == ["0.00"] * 4


def test_payments_of_one_kind_are_summed() -> None:
    assert beleg({GENERAL: 1200}, cash(500), cashless(200), cash(300), cashless(200)).endswith("^8.00:Bar_4.00:Unbar")


def test_payments_that_cancel_each_other_are_left_out() -> None:
    assert beleg({}, cash(500), cash(-500), cashless(100)).endswith("^1.00:Unbar")


def test_a_foreign_currency_without_card_follows_the_cash_in_euro() -> None:
    way = beleg({}, cashless(3, "CHF"), cashless(2), cashless(1, "AUD"), cash(5, "AUD")).split("^")[2]
    assert way == "0.05:Bar:AUD_0.02:Unbar_0.01:Unbar:AUD_0.03:Unbar:CHF"


def test_an_abort_and_a_training_name_their_type() -> None:
    assert abort_process_data() == "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^"
    training = receipt_process_data(BonTyp.TRAINING, {GENERAL: Money(100)}, [])
    assert training == "AVTraining^1.00_0.00_0.00_0.00_0.00^"


@pytest.mark.parametrize("code", ["", "eur", "EURO", "E:R", "CH F"])
def test_a_currency_that_would_break_the_format_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r"^not an ISO 4217 code: '"):
        PaymentSum(is_cash=True, amount=Money(1), currency=code)


def test_the_process_types_are_those_of_the_dsfinvk() -> None:
    assert [kind.value for kind in ProcessType] == ["Kassenbeleg-V1", "Bestellung-V1", "SonstigerVorgang"]


AMOUNTS = st.integers(-9_999_999, 9_999_999).map(Money)
PAYMENTS = st.lists(st.builds(PaymentSum, st.booleans(), AMOUNTS, st.sampled_from(["EUR", "CHF", "USD", "AUD"])))
PATTERN = re.compile(
    r"(Beleg|AV[A-Za-z]+)\^(-?\d+\.\d\d_){4}-?\d+\.\d\d\^"
    r"((-?\d+\.\d\d:(Bar|Unbar)(:[A-Z]{3})?)(_-?\d+\.\d\d:(Bar|Unbar)(:[A-Z]{3})?)*)?"
)


def cents_of(amount: str) -> int:
    return int(amount.replace(".", ""))


@given(st.sampled_from(BonTyp), st.dictionaries(st.sampled_from(VatKey), AMOUNTS), PAYMENTS)
def test_any_receipt_keeps_the_format_and_every_cent(
    bon_typ: BonTyp, gross: dict[VatKey, Money], payments: list[PaymentSum]
) -> None:
    text = receipt_process_data(bon_typ, gross, payments)
    assert PATTERN.fullmatch(text)
    assert "-0.00" not in text
    _, amounts, ways = text.split("^")
    assert sum(map(cents_of, amounts.split("_"))) == sum(amount.cents for amount in gross.values())
    assert _parsed(ways) == _summed(payments)


@given(PAYMENTS)
def test_payments_stand_in_the_prescribed_order(payments: list[PaymentSum]) -> None:
    ways = [way for way in receipt_process_data(BonTyp.BELEG, {}, payments).split("^")[2].split("_") if way]
    kinds = [way.split(":")[1:] for way in ways]
    assert kinds == sorted(kinds)
    assert "0.00" not in {way.split(":")[0] for way in ways}


def _parsed(ways: str) -> dict[tuple[str, str], int]:
    parts = [way.split(":") for way in ways.split("_") if way]
    return {(part[1], part[2] if len(part) > 2 else "EUR"): cents_of(part[0]) for part in parts}


def _summed(payments: list[PaymentSum]) -> dict[tuple[str, str], int]:
    sums: Counter[tuple[str, str]] = Counter()
    for payment in payments:
        sums["Bar" if payment.is_cash else "Unbar", payment.currency] += payment.amount.cents
    return {kind: cents for kind, cents in sums.items() if cents}
