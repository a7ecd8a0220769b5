"""The processType and processData that a TSE signs for each kind of business transaction (60-fiscal A2.2)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from till.business_case import BonTyp, VatKey, process_slot
from till.money import ZERO, Money

BASE_CURRENCY = "EUR"
_CURRENCY_CODE = re.compile(r"[A-Z]{3}")


class ProcessType(StrEnum):
    """processType: which format the processData has (DSFinV-K 2.4, Anhang I)."""

    KASSENBELEG = "Kassenbeleg-V1"
    BESTELLUNG = "Bestellung-V1"
    SONSTIGER_VORGANG = "SonstigerVorgang"


@dataclass(frozen=True, slots=True)
class PaymentSum:
    """Money that moved: positive into the till, negative out of it; every type but cash is `Unbar`.

    `currency` is an ISO 4217 code; ValueError for anything that is not three capital letters.
    """

    is_cash: bool
    amount: Money
    currency: str = BASE_CURRENCY

    def __post_init__(self) -> None:
        if not _CURRENCY_CODE.fullmatch(self.currency):
            msg = f"not an ISO 4217 code: {self.currency!r}"
            raise ValueError(msg)


def receipt_process_data(bon_typ: BonTyp, gross_per_key: Mapping[VatKey, Money], payments: Iterable[PaymentSum]) -> str:
    """The processData of Kassenbeleg-V1: type, gross per rate, sums per way of payment and currency.

    For example `Beleg^75.33_7.99_0.00_0.00_0.00^10.00:Bar_5.00:Bar:CHF_64.30:Unbar`.
    """
    return f"{bon_typ.value}^{_gross_per_slot(gross_per_key)}^{_payments(payments)}"


def abort_process_data(bon_typ: BonTyp = BonTyp.ABBRUCH) -> str:
    """The processData that ends a transaction in which nothing was sold: AVBelegabbruch, in training AVTraining."""
    return receipt_process_data(bon_typ, {}, ())


def _gross_per_slot(gross_per_key: Mapping[VatKey, Money]) -> str:
    slots = [ZERO] * 5
    for key, gross in gross_per_key.items():
        slots[process_slot(key)] += gross
    return "_".join(map(str, slots))


def _payments(payments: Iterable[PaymentSum]) -> str:
    cents: Counter[_Way] = Counter()
    for payment in payments:
        way = _Way(not payment.is_cash, payment.currency != BASE_CURRENCY, payment.currency)
        cents[way] += payment.amount.cents
    return "_".join(f"{Money(cents[way])}:{way}" for way in sorted(cents) if cents[way])


class _Way(NamedTuple):
    """A way of payment; sorts as A2.2 asks: cash first, then the shop's currency first, then by code."""

    is_cashless: bool
    is_foreign: bool
    currency: str

    def __str__(self) -> str:
        word = "Unbar" if self.is_cashless else "Bar"
        return f"{word}:{self.currency}" if self.is_foreign else word
