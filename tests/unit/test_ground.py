"""The ground that everything stands on: refusals, clocks, languages and the words of the DSFinV-K."""

from __future__ import annotations

import datetime as dt

import pytest

from till.business_case import VatKey, process_slot
from till.clock import FixedClock, SystemClock, local
from till.errors import DeviceError, Unavailable
from till.i18n import Translator, msg

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def test_a_fixed_clock_stands_until_it_is_moved() -> None:
    clock = FixedClock(NOON)
    assert clock.now() == clock.now() == NOON
    assert clock.now().tzinfo is dt.UTC
    clock.advance(-90)
    assert clock.now() == NOON - dt.timedelta(seconds=90)
    clock.set(NOON)
    assert clock.now() == NOON


def test_the_systems_clock_tells_utc() -> None:
    assert SystemClock().now().tzinfo is dt.UTC


def test_the_wall_clock_follows_summer_time() -> None:
    assert local(NOON, "Europe/Berlin").hour == 12
    assert local(NOON - dt.timedelta(days=180), "Europe/Berlin").hour == 13


def test_german_is_complete_enough_to_pay() -> None:
    assert Translator("de")("Pay") == "Zahlen"
    assert Translator("en")("Pay") == "Pay"
    assert Translator("de")("") == ""
    assert Translator("de")("no such text") == msg("no such text")


def test_plurals_follow_the_count() -> None:
    t = Translator("en")
    assert t.plural("{count} line", "{count} lines", 1) == "{count} line"
    assert t.plural("{count} line", "{count} lines", 0) == "{count} lines"


def test_a_device_that_may_have_got_bytes_is_not_tried_again() -> None:
    assert DeviceError("paper out").retryable
    assert not DeviceError("cut off", sent_any=True).retryable


def test_the_environments_state_is_a_sentence() -> None:
    assert str(Unavailable("schema {found}", found="0002")) == "schema 0002"


@pytest.mark.parametrize(("key", "slot"), [(1, 0), (21, 0), (12, 1), (3, 2), (4, 3), (5, 4), (6, 4), (7, 4)])
def test_vat_keys_have_their_place_in_the_process_data(key: int, slot: int) -> None:
    assert process_slot(VatKey(key)) == slot


def test_every_vat_key_has_a_place() -> None:
    assert {process_slot(key) for key in VatKey} == {0, 1, 2, 3, 4}
