"""A simulated printer and the driver for it, with limits of milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from till.devices.drivers.escpos_printer import EscposPrinter, PrinterLimits
from till.devices.endpoints import transport_factory
from till.devices.model import PrinterProfile
from till.devices.profiles import DEFAULT_PROFILE
from till.devices.simulated.printer import SimulatedPrinter

LIMITS = PrinterLimits(status_s=0.2, confirm_s=0.5, ask_every_s=0.05, quiet_s=0.01)


@pytest.fixture
def paper_printer() -> Iterator[SimulatedPrinter]:
    """A printer that is on and in good order."""
    with SimulatedPrinter() as printer:
        yield printer


@pytest.fixture
def drive(paper_printer: SimulatedPrinter) -> Iterator[Callable[[PrinterProfile], EscposPrinter]]:
    """Opens a driver for the printer with a profile."""
    opened: list[EscposPrinter] = []

    def open_driver(profile: PrinterProfile = DEFAULT_PROFILE) -> EscposPrinter:
        driver = EscposPrinter(transport_factory(paper_printer.uri), profile, LIMITS)
        driver.open()
        opened.append(driver)
        return driver

    yield open_driver
    for driver in opened:
        driver.close()
