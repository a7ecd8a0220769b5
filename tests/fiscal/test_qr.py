"""The QR code of a receipt: twelve fields in the order of the DSFinV-K."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from till.fiscal.qr import qr_text, tse_time
from till.fiscal.recorder import Finished, LogTimeFormat, TseIdentity

FINISHED = Finished(
    transaction_number=5,
    signature_counter=10,
    start_time=dt.datetime(2026, 11, 20, 9, 40, tzinfo=dt.UTC),
    log_time=dt.datetime(2026, 11, 20, 10, 40, 42, tzinfo=dt.timezone(dt.timedelta(hours=1))),
    signature="aRnBvc…",
    client_id="KASSE-2026-0001",
    process_type="Kassenbeleg-V1",
    process_data="Beleg^59.00_0.00_0.00_0.00_-59.00^",
    tse=TseIdentity(serial="31b6", public_key="BGJUYu…"),
)


def test_the_official_example_comes_out_to_the_letter() -> None:
    assert qr_text(FINISHED) == (
        "V0;KASSE-2026-0001;Kassenbeleg-V1;Beleg^59.00_0.00_0.00_0.00_-59.00^;5;10;"
        "2026-11-20T09:40:00.000Z;2026-11-20T09:40:42.000Z;ecdsa-plain-SHA384;unixTime;aRnBvc…;BGJUYu…"
    )


def test_another_tse_names_its_own_algorithm_and_time_format() -> None:
    tse = TseIdentity("31b6", "BGJU", algorithm="ecdsa-plain-SHA256", log_time_format=LogTimeFormat.UTC_TIME)
    fields = qr_text(dataclasses.replace(FINISHED, tse=tse)).split(";")
    assert fields[8:10] == ["ecdsa-plain-SHA256", "utcTime"]


@pytest.mark.parametrize(
    "broken",
    [
        dataclasses.replace(FINISHED, client_id="a;b"),
        dataclasses.replace(FINISHED, process_data="a;b"),
        dataclasses.replace(FINISHED, signature="a;b"),
    ],
)
def test_a_field_with_the_separator_is_refused_instead_of_moving_the_others(broken: Finished) -> None:
    with pytest.raises(ValueError, match=r"^a field of the QR code holds its separator: \['a;b'\]$"):
        qr_text(broken)


@pytest.mark.parametrize(("microsecond", "cut"), [(0, "000"), (7_999, "007"), (999_999, "999")])
def test_times_are_cut_to_milliseconds_and_never_rounded_up(microsecond: int, cut: str) -> None:
    assert tse_time(dt.datetime(2026, 1, 2, 3, 4, 5, microsecond, dt.UTC)) == f"2026-01-02T03:04:05.{cut}Z"


def test_a_real_signature_gives_twelve_fields() -> None:
    assert len(qr_text(FINISHED).split(";")) == 12
