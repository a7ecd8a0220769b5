"""Which number of a range comes next: taken ones are skipped, however many there are (V50); on each of both databases."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from till.money import Money
from till.vouchers import number_range as ranges
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.models import VoucherRow
from till.vouchers.number_range import MOST_COUNTED, next_free, number_range
from till.vouchers.numbers import matching, successor

if TYPE_CHECKING:
    from tests.vouchers.conftest import Desk

KIND = VoucherType(uuid.UUID(int=901), "801", "Karte", Numbering.AUTOMATIC, next_number="AG-01")
OTHER = VoucherType(uuid.UUID(int=902), "802", "Andere", Numbering.AUTOMATIC, next_number="AG-01")


def sold(desk: Desk, kind: VoucherType, *numbers: str) -> None:
    """Vouchers of a type with these numbers, whoever sold them."""
    now = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    same = {
        "type_id": kind.id,
        "type_name": kind.name,
        "type_plu": kind.plu,
        "sale": Money(2500),
        "face": Money(2500),
        "vat_treatment": "multi-purpose",
        "vat_key": 5,
        "vat_rate_bp": 0,
        "valid_from": now.date(),
        "valid_until": dt.date(2036, 12, 31),
        "issued_at": now,
        "issued_till": "KASSE-1",
        "issued_number": 1,
        "text": "",
        "origin": "old",
        "receivable_name": "",
    }
    desk.session.execute(
        insert(VoucherRow), [{"id": uuid.uuid4(), "number": n, "number_key": matching(n), **same} for n in numbers]
    )


def test_the_first_number_is_taken_where_it_is_free(desk: Desk) -> None:
    desk.offer(KIND)
    assert next_free(desk.session, KIND.id, "AG-01") == "AG-01"
    found = number_range(desk.session, KIND.id, "AG-01")
    assert (found.start, found.first, found.skipped, found.free, found.taken) == ("AG-01", "AG-01", 0, MOST_COUNTED, "")


def test_taken_numbers_are_skipped_in_every_spelling_and_over_a_wider_one(desk: Desk) -> None:
    desk.offer(KIND)
    sold(desk, KIND, "ag-98", "AG-99", "AG-100", "AG-105")
    assert next_free(desk.session, KIND.id, "AG-98") == "AG-101"
    found = number_range(desk.session, KIND.id, "AG-98")
    assert (found.first, found.skipped, found.free, found.taken) == ("AG-101", 3, 4, "AG-105")


def test_another_type_has_its_own_numbers(desk: Desk) -> None:
    desk.offer(KIND)
    desk.offer(OTHER)
    sold(desk, OTHER, "AG-01", "AG-02")
    assert next_free(desk.session, KIND.id, "AG-01") == "AG-01"
    assert next_free(desk.session, OTHER.id, "AG-01") == "AG-03"


def test_it_is_looked_no_further_than_it_is_of_use(desk: Desk) -> None:
    desk.offer(KIND)
    sold(desk, KIND, f"N-{MOST_COUNTED + 1:06d}")
    assert number_range(desk.session, KIND.id, "N-000001").taken == f"N-{MOST_COUNTED + 1:06d}"
    assert number_range(desk.session, KIND.id, "N-000000").taken == ""


def test_thousands_of_taken_numbers_do_not_hold_up_a_sale(small_desk: Desk) -> None:
    small_desk.offer(KIND)
    numbers = ["N-00001"]
    while len(numbers) < 20_000:
        numbers.append(successor(numbers[-1]))
    sold(small_desk, KIND, *numbers)
    begun = time.perf_counter()
    assert next_free(small_desk.session, KIND.id, "N-00001") == "N-20001"
    assert time.perf_counter() - begun < 2.0, "one question for each number would take many times as long"


def test_a_free_number_costs_one_question(small_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = ranges._used

    def counted(session: Session, type_id: uuid.UUID, numbers: list[str]) -> set[str]:
        asked.append(len(numbers))
        return real(session, type_id, numbers)

    small_desk.offer(KIND)
    monkeypatch.setattr(ranges, "_used", counted)
    next_free(small_desk.session, KIND.id, "AG-01")
    assert asked == [1]
