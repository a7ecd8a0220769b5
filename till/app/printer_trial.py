"""Searches for a receipt printer, and prints a test receipt on it before it is taken into the settings (U11)."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from till.app.workplace import NULL_PRINTER
from till.devices.discovery import GoOn, model_of, neighbours, printers_at, profile_named
from till.devices.drivers.escpos_printer import EscposPrinter, PrinterLimits
from till.devices.endpoints import RAW_PORT, transport_factory
from till.devices.model import PrinterProfile, PrinterStatus, PrintOutcome
from till.devices.profiles import printer_profile
from till.errors import DeviceError, Refused, Unavailable
from till.formats import Formats
from till.i18n import msg
from till.receipts.document import Receipt
from till.receipts.trial import Trial, trial_paper
from till.shop.details import ShopDetails

_LIMITS = PrinterLimits(confirm_s=10.0)

NO_NETWORK = msg("This PC is in no network of its own, so there is nothing to search. Type the printer’s address.")
NOBODY = msg("Nobody answers at {address}. Is the printer switched on, in this network, and is that its address?")
NO_PAPER = msg("The printer at {address} is there, but has no paper. Put in a roll and try again.")
COVER_OPEN = msg("The printer at {address} is there, but its cover is open. Close it and try again.")
NOT_READY = msg("The printer at {address} is there, but says that it can’t print now. Look at it and try again.")
NO_PRINTER = msg("Choose a printer first, or type its address.")


@dataclass(frozen=True, slots=True)
class Tried:
    """How the trial ended; `profile` is that of the printer's own name where it told one, else the one that was chosen.

    `is_confirmed` False: the paper has to be looked at, as the printer said nothing.
    """

    profile: PrinterProfile
    model: str
    is_confirmed: bool


def search(go_on: GoOn, port: int = RAW_PORT, hosts: list[str] | None = None) -> list[str]:
    """The addresses of those who listen like a printer in this PC's network. Unavailable where there is none."""
    hosts = neighbours() if hosts is None else hosts
    if not hosts:
        raise Unavailable(NO_NETWORK)
    return printers_at(hosts, go_on, port)


def address_of(typed: str) -> str:
    """The device address for what a person types: "192.168.1.50" is enough. Refused for what is none."""
    text = "".join(typed.split())
    if not text:
        raise Refused(NO_PRINTER)
    address = text if "://" in text or text == NULL_PRINTER else f"tcp://{text}:{RAW_PORT}"
    if "://" not in text and ":" in text and text != NULL_PRINTER:
        address = f"tcp://{text}"
    transport_factory(address)
    return address


def paper(details: ShopDetails, profile_name: str, formats: Formats, at: dt.datetime) -> Receipt:
    """The test receipt of this shop, for the paper of this printer."""
    place = " ".join(part for part in (details.postcode, details.town) if part)
    head = (details.name, details.street, place)
    return trial_paper(Trial(head, printer_profile(profile_name), at), formats)


def try_printer(
    address: str,
    profile_name: str,
    paper_for: Callable[[str], Receipt],
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Tried:
    """Print a test receipt. Takes seconds, so never on the window's thread.

    Raises Unavailable when nobody is there or the printer can't print; then nothing was sent.
    """
    chosen = printer_profile(profile_name)
    try:
        model = _model(address)
        profile = profile_named(model) or chosen
        result = _print(address, profile, paper_for(profile.name), is_cancelled)
    except DeviceError as error:
        raise Unavailable(NOBODY, address=address) from error
    return Tried(profile, model, is_confirmed=result is PrintOutcome.PRINTED)


def _print(address: str, profile: PrinterProfile, receipt: Receipt, is_cancelled: Callable[[], bool]) -> PrintOutcome:
    from till.receipts.escpos import encode

    driver = EscposPrinter(transport_factory(address), profile, _LIMITS)
    driver.open()
    try:
        _require_ready(driver.query_status(), address)
        return driver.print_bytes(encode(receipt, profile), lambda _status: not is_cancelled()).outcome
    finally:
        driver.close()


def _require_ready(status: PrinterStatus, address: str) -> None:
    if status.cover_open:
        raise Unavailable(COVER_OPEN, address=address)
    if status.rec_empty:
        raise Unavailable(NO_PAPER, address=address)
    if not status.can_print:
        raise Unavailable(NOT_READY, address=address)


def _model(address: str) -> str:
    """On a line of its own: what a printer that is not asked for its name says late is not taken for something else."""
    line = transport_factory(address)()
    line.open()
    with contextlib.closing(line):
        return model_of(line)
