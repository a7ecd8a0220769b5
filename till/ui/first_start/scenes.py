"""The scenes of the first start; `till.ui.screens` renders them."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from till.app.first_start import Draft, Step
from till.app.printer_trial import NOBODY
from till.clock import SystemClock
from till.devices.profiles import printer_profile
from till.errors import Unavailable
from till.settings import Settings
from till.ui.first_start.asking import Asking
from till.ui.first_start.printer_page import PrinterPage
from till.ui.first_start.window import FirstStartWindow
from till.ui.stage import Scene, Stage

_TYPED = Draft(
    name="Blumen & Tee Sommer",
    street="Sommergasse 7",
    postcode="01234",
    town="Blütenstadt",
    tax_number="12/345/67890",
    vat_id="DE136695976",
    cashier="Marie Klein",
    printer="192.168.1.50",
)


def first_start(stage: Stage) -> FirstStartWindow:
    """Nothing typed yet."""
    return _window(stage, Draft(), Step.SHOP)


def first_start_wrong(stage: Stage) -> FirstStartWindow:
    """Something was left out, something mistyped."""
    window = _window(stage, replace(_TYPED, street="", postcode="123", vat_id="DE136695967"), Step.SHOP)
    window.go_on()
    return window


def first_start_vat(stage: Stage) -> FirstStartWindow:
    """A small business."""
    return _window(stage, replace(_TYPED, is_small_business=True), Step.VAT)


def first_start_printer(stage: Stage) -> FirstStartWindow:
    """Two devices were found."""
    window = _window(stage, _TYPED, Step.PRINTER)
    page = _printer_page(window)
    page.show_found(["tcp://192.168.1.50:9100", "tcp://192.168.1.61:9100"])
    return window


def first_start_printer_silent(stage: Stage) -> FirstStartWindow:
    """Nobody answers at the address."""
    window = _window(stage, _TYPED, Step.PRINTER)
    page = _printer_page(window)
    page.model.set_value(printer_profile("TM-m30").name)
    page.message.show_refusal(Unavailable(NOBODY, address="tcp://192.168.1.50:9100"))
    return window


def first_start_person(stage: Stage) -> FirstStartWindow:
    """Two PINs that differ."""
    window = _window(stage, _TYPED, Step.PERSON)
    window.asking.pin, window.asking.pin_again = "4711", "4712"
    window.speak(window.asking.draft.language)
    window.go_on()
    return window


def first_start_goods(stage: Stage) -> FirstStartWindow:
    """The last question."""
    return _window(stage, replace(_TYPED, with_samples=True), Step.GOODS)


def first_start_done(stage: Stage) -> FirstStartWindow:
    """The shop is there, without printer and address."""
    window = _window(stage, replace(_TYPED, printer="", town=""), Step.GOODS)
    window._show_done(window.asking.settings)  # noqa: SLF001 - nothing is founded for a picture
    if window.done is not None:
        window.done.drawing.finish()
    return window


def first_start_later(stage: Stage) -> FirstStartWindow:
    """The shop is there, its address is not."""
    return _window(stage, replace(_TYPED, street="", town=""), Step.SHOP, is_completing=True)


FIRST_START_SCENES: tuple[Scene, ...] = (
    first_start,
    first_start_wrong,
    first_start_vat,
    first_start_printer,
    first_start_printer_silent,
    first_start_person,
    first_start_goods,
    first_start_done,
    first_start_later,
)


def _window(stage: Stage, draft: Draft, step: Step, *, is_completing: bool = False) -> FirstStartWindow:
    look = stage.window.look
    folder = Path(tempfile.gettempdir()) / "till-first-start"
    settings = Settings(folder, f"sqlite:///{folder}/till.db")
    place = 0 if is_completing else tuple(Step).index(step)
    draft = replace(draft, language=look.t.language, page=place)
    window = FirstStartWindow(Asking(settings, draft, SystemClock(), is_completing=is_completing), look.palette)
    window.resize(stage.window.size())
    window.show()
    return window


def _printer_page(window: FirstStartWindow) -> PrinterPage:
    page = window.page
    if not isinstance(page, PrinterPage):
        raise TypeError(page)
    return page
