"""What may be entered as the shop's details, field by field."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from till.errors import Refused
from till.shop import entry
from till.shop.details import ShopDetails

SHOP = ShopDetails(dt.date(2026, 1, 1), "Blumen Sommer", "Weg 1", "12345", "Ort")


@pytest.mark.parametrize(
    ("check", "text", "refusal"),
    [
        (entry.check_postcode, "", None),
        (entry.check_postcode, "01234", None),
        (entry.check_postcode, "1234", entry.NOT_A_POSTCODE),
        (entry.check_postcode, "1234٥", entry.NOT_A_POSTCODE),
        (entry.check_tax_number, "12/345/67890", None),
        (entry.check_tax_number, "2893 0815 08151", None),
        (entry.check_tax_number, "", None),
        (entry.check_tax_number, "12/345", entry.NOT_A_TAX_NUMBER),
        (entry.check_tax_number, "12/345/6789X", entry.NOT_A_TAX_NUMBER),
        (entry.check_vat_id, "", None),
        (entry.check_vat_id, "DE136695976", None),
        (entry.check_vat_id, "de 136 695 976", None),
        (entry.check_vat_id, "DE136695967", entry.WRONG_DIGIT),
        (entry.check_vat_id, "136695976", entry.NOT_A_VAT_ID),
        (entry.check_vat_id, "DE13669597", entry.NOT_A_VAT_ID),
        (entry.check_text, "Blumen & Tee", None),
        (entry.check_text, "x" * 60, None),
        (entry.check_text, "x" * 61, entry.TOO_LONG),
        (entry.check_text, "Blumen\x1bp", entry.NO_CONTROLS),
    ],
)
def test_a_field_takes_what_it_is_for(check: Callable[[str], None], text: str, refusal: str | None) -> None:
    if refusal is None:
        check(text)
        return
    with pytest.raises(Refused) as refused:
        check(text)
    assert refused.value.msgid == refusal


@pytest.mark.parametrize("gap", ["name", "street", "postcode", "town"])
def test_a_gap_is_marked_and_known_as_one(gap: str) -> None:
    assert entry.is_complete(SHOP)
    with_gap: dict[str, Any] = {gap: ""}
    holed = entry.with_gaps_marked(replace(SHOP, **with_gap))
    assert getattr(holed, gap) == entry.NOT_ENTERED
    assert not entry.is_complete(holed)
    assert entry.with_gaps_marked(SHOP) == SHOP
