"""A voucher never costs more than it is worth: its paid part would go below zero."""

from __future__ import annotations

import uuid

import pytest

from till.errors import Refused
from till.money import Money
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.terms import price_of

FIXED_FACE = VoucherType(uuid.UUID(int=1), "901", "Geburtstag", Numbering.AUTOMATIC, face=Money(1500))


def test_a_price_above_the_face_value_is_refused() -> None:
    with pytest.raises(Refused, match=r"^“Geburtstag” is worth 15.00; it can’t cost more.$"):
        price_of(FIXED_FACE, Money(1501))


def test_a_price_up_to_the_face_value_is_taken() -> None:
    assert price_of(FIXED_FACE, Money(1500)).face == Money(1500)
