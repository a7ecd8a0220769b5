"""What a printer says and what the till makes of it; the table of printers; addresses of devices."""

from __future__ import annotations

import codecs
from dataclasses import replace

import pytest

from till.devices.endpoints import transport_factory
from till.devices.model import MAX_STRIP_ROWS, SILENT, DrawerPulse, PrinterStatus
from till.devices.profiles import DEFAULT_PROFILE, PROFILES, printer_profile
from till.devices.transports.null import NullTransport
from till.devices.transports.tcp import TcpTransport
from till.errors import Refused


@pytest.mark.parametrize(
    ("status", "can_print"),
    [
        (SILENT, True),
        (PrinterStatus(online=True, cover_open=False, rec_empty=False, error=False), True),
        (PrinterStatus(online=True, rec_near_end=True), True),
        (PrinterStatus(online=False), False),
        (PrinterStatus(online=True, cover_open=True), False),
        (PrinterStatus(online=True, rec_empty=True), False),
        (PrinterStatus(online=True, error=True), False),
    ],
)
def test_only_a_named_reason_keeps_a_printer_from_printing(status: PrinterStatus, can_print: bool) -> None:  # noqa: FBT001 - a parametrized expectation
    assert status.can_print is can_print


def test_a_printer_that_said_one_thing_is_not_silent() -> None:
    assert SILENT.is_silent
    assert not PrinterStatus(online=False).is_silent


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_can_be_printed_with(name: str) -> None:
    known = PROFILES[name]
    assert known.name == name
    assert known.columns * 12 <= known.dots <= known.columns * 13
    assert known.dots % 8 == 0
    assert 0 <= known.codepage_slot <= 255
    assert len("ÄÖÜäöüß€".encode(codecs.lookup(known.codepage_name).name)) == 8
    assert known.max_strip_rows <= MAX_STRIP_ROWS


def test_the_width_of_the_paper_shows_in_the_profile() -> None:
    assert (DEFAULT_PROFILE.columns, DEFAULT_PROFILE.dots, DEFAULT_PROFILE.codepage_slot) == (48, 576, 19)
    narrow = printer_profile("NT-5890K")
    assert (narrow.columns, narrow.dots, narrow.codepage_slot, narrow.cutter) == (32, 384, 53, False)


def test_a_profile_is_found_in_any_case() -> None:
    assert printer_profile(" tm-t88v ") is PROFILES["TM-T88V"]


def test_an_unknown_printer_is_refused_with_the_names_that_are_known() -> None:
    with pytest.raises(Refused, match="TM-T20III") as refusal:
        printer_profile("Nadeldrucker")
    assert refusal.value.values["name"] == "Nadeldrucker"


def test_strips_taller_than_cheap_printers_bear_are_impossible() -> None:
    with pytest.raises(ValueError, match="rows"):
        replace(DEFAULT_PROFILE, max_strip_rows=MAX_STRIP_ROWS + 1)


@pytest.mark.parametrize(("pin", "on_ms"), [(3, 50), (2, 0), (2, 511)])
def test_a_pulse_that_no_printer_can_send_is_impossible(pin: int, on_ms: int) -> None:
    with pytest.raises(ValueError, match=r"pin|ms"):
        DrawerPulse(pin=pin, on_ms=on_ms)


@pytest.mark.parametrize(
    ("uri", "address"),
    [
        ("tcp://10.0.0.50:9100", ("10.0.0.50", 9100)),
        ("tcp://bondrucker.local", ("bondrucker.local", 9100)),
        (" TCP://10.0.0.50:4000/ ", ("10.0.0.50", 4000)),
        ("tcp://[fe80::1]:9100", ("fe80::1", 9100)),
    ],
)
def test_a_network_address_leads_to_a_tcp_line(uri: str, address: tuple[str, int]) -> None:
    line = transport_factory(uri)()
    assert isinstance(line, TcpTransport)
    assert line.address == address


def test_each_line_of_a_factory_is_a_new_one() -> None:
    make = transport_factory("tcp://10.0.0.50")
    assert make() is not make()


def test_null_leads_to_no_device() -> None:
    line = transport_factory("null:")()
    assert isinstance(line, NullTransport)
    line.open()
    line.write(b"lost")
    assert line.read(10, 0.0) == b""
    line.close()


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "10.0.0.50",
        "usb://04b8:0e28",
        "file:///etc/passwd",
        "http://10.0.0.50",
        "tcp://",
        "tcp://:9100",
        "tcp://a:0",
        "tcp://a:99999",
        "tcp://a:port",
        "tcp://a/queue",
        "tcp://a?x=1",
        "tcp://[::1",
        "tcp://me@a",
    ],
)
def test_an_address_that_leads_nowhere_is_refused_in_words(uri: str) -> None:
    with pytest.raises(Refused) as refusal:
        transport_factory(uri)
    assert refusal.value.values == {"address": uri}
