"""A printer is looked for, and proves itself by a test receipt, before it stands in the settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from till.app.printer_trial import (
    COVER_OPEN,
    NO_NETWORK,
    NO_PAPER,
    NO_PRINTER,
    NOBODY,
    NOT_READY,
    address_of,
    paper,
    search,
    try_printer,
)
from till.devices.profiles import printer_profile
from till.devices.simulated.connection import Misbehaviour
from till.devices.simulated.printer import SimulatedPrinter
from till.errors import Refused, Unavailable
from till.formats import Formats
from till.i18n import Translator
from till.receipts.document import Receipt, Row
from till.shop.details import ShopDetails

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
SHOP = ShopDetails(dt.date(2026, 1, 1), "Blumen Sommer", "Weg 1", "12345", "Ort")


@pytest.fixture
def printer() -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter(printer_profile("TM-m30")) as on:
        yield on


def test_the_paper_tells_the_shop_and_shows_the_width_and_letters() -> None:
    made = page("TM-T20III")
    texts = [getattr(block, "text", "") for block in made.blocks]
    assert texts[0] == "TEST"
    assert "Blumen Sommer" in texts
    assert "12345 Ort" in texts
    assert Row("Printer", "Epson TM-T20III") in made.blocks
    assert "1234567890" * 4 + "12345678" in texts


def page(profile: str) -> Receipt:
    return paper(SHOP, profile, Formats(Translator("en")), NOON)


def test_a_test_receipt_comes_out_and_tells_the_printers_own_profile(printer: SimulatedPrinter) -> None:
    tried = try_printer(printer.uri, "POS-58", page)
    assert (tried.profile.name, tried.model, tried.is_confirmed) == ("TM-m30", "TM-m30", True)
    (printed,) = printer.wait_for_receipts(1)
    assert printed.raw.count(b"TEST") >= 2, "at both ends, so that a torn one is none either"
    assert not printer.kicks, "a test opens no drawer"


def test_a_silent_printer_keeps_the_profile_that_was_chosen_and_has_to_be_looked_at(printer: SimulatedPrinter) -> None:
    printer.misbehave(Misbehaviour(mute=True))
    tried = try_printer(printer.uri, "POS-80", page)
    assert (tried.profile.name, tried.is_confirmed) == ("POS-80", False)
    printer.wait_for_receipts(1)


@pytest.mark.parametrize(
    ("fault", "words"), [("paper_out", NO_PAPER), ("cover_open", COVER_OPEN), ("cutter_jam", NOT_READY)]
)
def test_what_holds_a_printer_back_is_said_and_nothing_is_sent(
    printer: SimulatedPrinter, fault: str, words: str
) -> None:
    printer.set_fault(fault)
    with pytest.raises(Unavailable) as refused:
        try_printer(printer.uri, "TM-m30", page)
    assert refused.value.msgid == words
    printer.set_fault(fault, on=False)
    assert not printer.receipts


def test_nobody_at_the_address_is_said(printer: SimulatedPrinter) -> None:
    printer.power_off()
    with pytest.raises(Unavailable) as refused:
        try_printer(printer.uri, "TM-m30", page)
    assert refused.value.msgid == NOBODY


def test_the_search_finds_it_and_says_when_there_is_no_network(printer: SimulatedPrinter) -> None:
    assert search(lambda _done, _all: True, printer.port, ["127.0.0.1"]) == [printer.uri]
    with pytest.raises(Unavailable) as refused:
        search(lambda _done, _all: True, printer.port, [])
    assert refused.value.msgid == NO_NETWORK


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("192.168.1.50", "tcp://192.168.1.50:9100"),
        (" 192.168.1.50:9101 ", "tcp://192.168.1.50:9101"),
        ("tcp://bondrucker:9100", "tcp://bondrucker:9100"),
        ("null:", "null:"),
    ],
)
def test_an_address_is_taken_as_people_type_it(typed: str, address: str) -> None:
    assert address_of(typed) == address


@pytest.mark.parametrize("typed", ["", "  ", "http://x", "a:b:c", "tcp://"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        address_of(typed)
    assert (refused.value.msgid == NO_PRINTER) == (not typed.strip())
