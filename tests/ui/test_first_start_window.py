"""The first start on the screen: five steps, each skipped or answered, nothing typed is lost, a test receipt at the end (U11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from till.app import printer_trial
from till.app.bootstrap import Ports, open_till
from till.app.first_start import FILE, Draft, Step, found_from, load_draft
from till.app.founding import ShopState, require_shop, shop_state
from till.clock import FixedClock
from till.devices.profiles import printer_profile
from till.devices.simulated.printer import SimulatedPrinter
from till.formats import Formats
from till.i18n import Translator
from till.settings import Settings, load
from till.ui import starting
from till.ui.first_start.printer_page import PrinterPage
from till.ui.first_start.shop_page import ShopPage
from till.ui.first_start.talk import ask_for_shop, window_for
from till.ui.first_start.window import FirstStartWindow
from till.ui.look import Look
from till.ui.starting import Opened, Opening
from till.ui.theme import LIGHT
from till.ui.widgets.form import Field

LOOK = Look(LIGHT, Formats(Translator("en")))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A folder that is not there yet, in English."""
    return replace(load(tmp_path / "new"), language="en")


MakeWindow = Callable[..., FirstStartWindow]


@pytest.fixture
def make_window(settings: Settings, clock: FixedClock, qtbot: QtBot) -> MakeWindow:
    """Opens the window, as the program would after a kill too."""

    def make(state: ShopState = ShopState.NONE) -> FirstStartWindow:
        window = window_for(settings, LOOK, state, clock)
        qtbot.addWidget(window)
        window.show()
        return window

    return make


@pytest.fixture
def window(make_window: MakeWindow) -> FirstStartWindow:
    return make_window()


@pytest.fixture
def printer() -> Iterator[SimulatedPrinter]:
    with SimulatedPrinter(printer_profile("TM-m30")) as on:
        yield on


def type_shop(window: FirstStartWindow) -> None:
    page = window.page
    assert isinstance(page, ShopPage)
    for field, text in (
        (page.name, "Blumen Sommer"),
        (page.street, "Weg 1"),
        (page.postcode, "12345"),
        (page.town, "Ort"),
        (page.tax_number, "12/345/67890"),
    ):
        field.line.clear()
        QTest.keyClicks(field.line, text)


def line_of(field: Field[Any]) -> QLineEdit:
    line = field.focusProxy()
    assert isinstance(line, QLineEdit)
    return line


def founded(window: FirstStartWindow) -> None:
    window.work.finish()
    assert window.done is not None, window.message.text
    window.done.drawing.finish()


# Going through


def test_the_whole_way_ends_with_a_shop_and_a_test_receipt(
    window: FirstStartWindow, settings: Settings, printer: SimulatedPrinter, qtbot: QtBot
) -> None:
    type_shop(window)
    window.go_on()
    assert window.page.step is Step.VAT
    window.go_on()
    page = window.page
    assert isinstance(page, PrinterPage)
    QTest.keyClicks(page.address.line, printer.uri.removeprefix("tcp://"))
    page.test_button.click()
    page.work.finish()
    assert "printed" in page.message.text
    assert page.model.value() == "TM-m30"
    window.go_on()
    name, pin, again = window.page.form.fields
    for field, text in ((name, "Marie Klein"), (pin, "4711"), (again, "4711")):
        QTest.keyClicks(line_of(field), text)
    window.go_on()
    window.go_on()
    founded(window)
    assert window.done is not None
    window.done.printing.finish()
    assert "printed" in window.done.message.text
    assert not window.done.paper.pixmap().isNull()
    printer.wait_for_receipts(2)
    with qtbot.waitSignal(window.finished):
        window.done.open_button.click()
    assert shop_state(settings) is ShopState.COMPLETE
    stored = load(settings.data_dir)
    assert (stored.printer, stored.printer_profile, stored.language) == (printer.uri, "TM-m30", "en")
    with closing(open_till(stored)) as till:
        assert till.staff.is_locked
        assert till.receipts.recent() == (), "a test receipt is in no books"


def test_every_step_can_be_skipped(window: FirstStartWindow, settings: Settings) -> None:
    said = []
    for step in Step:
        assert window.page.step is step
        said.append(window._skipped.text())
        window.skip_button.click()
    assert all(len(words) > 20 for words in said), "what counts instead is said"
    founded(window)
    assert shop_state(settings) is ShopState.INCOMPLETE
    assert window.done is not None
    assert not window.done.has_printer


def test_enter_goes_on_and_escape_back(window: FirstStartWindow) -> None:
    type_shop(window)
    QTest.keyClick(window, Qt.Key.Key_Return)
    assert window.page.step == Step.VAT.value
    for _ in range(2):
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert isinstance(window.page, ShopPage)


def test_enter_leads_from_field_to_field_and_on(window: FirstStartWindow, qtbot: QtBot) -> None:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    type_shop(window)
    lines = [line_of(field) for field in window.page.form.fields]
    lines[0].setFocus()
    for line, following in pairwise(lines):
        QTest.keyClick(line, Qt.Key.Key_Return)
        assert following.hasFocus()
    QTest.keyClick(lines[-1], Qt.Key.Key_Return)
    assert window.page.step == Step.VAT.value


# What is wrong


def test_what_is_missing_or_mistyped_stands_below_its_field(window: FirstStartWindow) -> None:
    page = window.page
    assert isinstance(page, ShopPage)
    QTest.keyClicks(page.postcode.line, "123")
    window.go_on()
    assert window.page is page
    assert "five digits" in page.postcode.error.text()
    assert page.name.error.text()
    assert not page.tax_number.error.text()
    QTest.keyClicks(page.postcode.line, "45")
    assert not page.postcode.error.text(), "it is right as soon as it is right"


@pytest.mark.parametrize(
    ("pin", "again", "place"), [("1234", "1234", 1), ("12", "12", 1), ("4711", "4712", 2), ("", "4711", 2)]
)
def test_a_pin_is_a_good_one_and_typed_twice(make_window: MakeWindow, pin: str, again: str, place: int) -> None:
    window = make_window()
    window.show_step(3)
    fields = window.page.form.fields
    for field, text in zip(fields, ("Marie", pin, again), strict=True):
        QTest.keyClicks(line_of(field), text)
    window.go_on()
    assert window.page.step is Step.PERSON
    assert fields[place].error.text()


def test_founding_that_fails_is_said_and_can_be_tried_again(window: FirstStartWindow, settings: Settings) -> None:
    settings.data_dir.parent.mkdir(exist_ok=True)
    type_shop(window)
    (settings.data_dir / "till.db").mkdir()
    for _ in Step:
        window.skip()
    window.work.finish()
    assert window.done is None
    assert window.message.text
    assert window.next_button.isEnabled()
    (settings.data_dir / "till.db").rmdir()
    window.show_step(4)
    window.skip()
    founded(window)


def test_a_folder_that_takes_nothing_is_said_while_typing(window: FirstStartWindow, settings: Settings) -> None:
    settings.data_dir.mkdir()
    (settings.data_dir / FILE).mkdir()
    (settings.data_dir / FILE / "x").touch()
    page = window.page
    assert isinstance(page, ShopPage)
    QTest.keyClicks(page.name.line, "B")
    assert "can’t be kept" in window.message.text
    assert window.asking.draft.name == "B"


# Nothing is lost


def test_back_and_forth_and_another_language_lose_nothing(window: FirstStartWindow) -> None:
    type_shop(window)
    window.go_on()
    window.show_step(3)
    for field, text in zip(window.page.form.fields, ("Marie", "4711", "4711"), strict=True):
        QTest.keyClicks(line_of(field), text)
    window.speak("de")
    assert window._look.t.language == "de"
    assert [line_of(field).text() for field in window.page.form.fields] == ["Marie", "4711", "4711"]
    window.show_step(0)
    page = window.page
    assert isinstance(page, ShopPage)
    assert page.name.line.text() == "Blumen Sommer"


def test_after_a_kill_it_goes_on_where_it_was_but_without_the_pin(
    window: FirstStartWindow, make_window: MakeWindow, settings: Settings
) -> None:
    type_shop(window)
    window.go_on()
    window.show_step(3)
    for field, text in zip(window.page.form.fields, ("Marie", "4711", "4711"), strict=True):
        QTest.keyClicks(line_of(field), text)
    again = make_window()
    assert again.page.step is Step.PERSON
    assert [line_of(field).text() for field in again.page.form.fields] == ["Marie", "", ""]
    assert "4711" not in (settings.data_dir / FILE).read_text(encoding="utf-8")


def test_closing_it_at_once_leaves_no_folder(window: FirstStartWindow, settings: Settings, qtbot: QtBot) -> None:
    with qtbot.waitSignal(window.given_up):
        window.close()
    assert not settings.data_dir.exists()


def test_a_skipped_step_that_is_answered_later_counts(window: FirstStartWindow) -> None:
    window.skip()
    window.go_back()
    type_shop(window)
    window.go_on()
    assert not window.asking.draft.has_skipped(Step.SHOP)


def test_once_the_shop_is_there_its_language_stays(window: FirstStartWindow, settings: Settings) -> None:
    window.show_step(4)
    window.skip()
    window.speak("de")
    founded(window)
    done = window.done
    window.speak("de")
    assert window.done is done
    assert load(settings.data_dir).language == "en"
    assert not (settings.data_dir / FILE).exists()


# The printer


def test_the_search_offers_what_it_finds(
    window: FirstStartWindow, printer: SimulatedPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.show_step(2)
    page = window.page
    assert isinstance(page, PrinterPage)
    monkeypatch.setattr(printer_trial, "search", lambda _go_on: [printer.uri, "tcp://127.0.0.9:9100"])
    page.search_button.click()
    assert not page.search_button.isEnabled()
    page.work.finish()
    assert [button.face.text for button in page.found_buttons] == [f"127.0.0.1:{printer.port}", "127.0.0.9"]
    page.found_buttons[0].click()
    assert page.address.value() == f"127.0.0.1:{printer.port}"
    assert load_draft(window.asking.settings).printer == f"127.0.0.1:{printer.port}"


def test_the_search_can_be_cancelled_and_finding_nothing_is_said(
    window: FirstStartWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.show_step(2)
    page = window.page
    assert isinstance(page, PrinterPage)

    def search(go_on: Callable[[int, int], bool]) -> list[str]:
        while go_on(1, 253):
            pass
        return []

    monkeypatch.setattr(printer_trial, "search", search)
    page.search_button.click()
    page.progress.cancel_button.click()
    page.work.finish()
    assert "No printer was found" in page.message.text
    assert page.search_button.isEnabled()


def test_a_printer_that_does_not_answer_is_said_and_one_can_go_on(
    window: FirstStartWindow, printer: SimulatedPrinter
) -> None:
    printer.power_off()
    window.show_step(2)
    page = window.page
    assert isinstance(page, PrinterPage)
    page.test_button.click()
    assert page.address.error.text()
    QTest.keyClicks(page.address.line, f"127.0.0.1:{printer.port}")
    page.test_button.click()
    page.work.finish()
    assert "Nobody answers" in page.message.text
    window.go_on()
    assert window.page.step is Step.PERSON


def test_a_printer_without_paper_does_not_hold_up_the_end(
    window: FirstStartWindow, settings: Settings, printer: SimulatedPrinter
) -> None:
    printer.set_fault("paper_out")
    window.asking.note(printer=f"127.0.0.1:{printer.port}", page=4)
    window.show_step(4)
    window.go_on()
    founded(window)
    assert window.done is not None
    window.done.printing.finish()
    assert "no paper" in window.done.message.text
    printer.set_fault("paper_out", on=False)
    window.done.again_button.click()
    window.done.printing.finish()
    assert "printed" in window.done.message.text
    assert load(settings.data_dir).printer == printer.uri


# A shop without its address


def test_what_was_skipped_is_asked_at_the_next_start(
    settings: Settings, make_window: MakeWindow, clock: FixedClock, qtbot: QtBot
) -> None:
    found_from(settings, Draft(language="en", name="Blumen"), "", clock)
    window = make_window(ShopState.INCOMPLETE)
    assert window.steps == (Step.SHOP,)
    page = window.page
    assert isinstance(page, ShopPage)
    assert page.name.line.text() == "Blumen"
    window.go_on()
    assert page.street.error.text()
    type_shop(window)
    with qtbot.waitSignal(window.finished):
        window.go_on()
        window.work.finish()
    assert shop_state(settings) is ShopState.COMPLETE


def test_later_opens_the_till_as_it_is(
    settings: Settings, make_window: MakeWindow, clock: FixedClock, qtbot: QtBot
) -> None:
    found_from(settings, Draft(language="en"), "", clock)
    window = make_window(ShopState.INCOMPLETE)
    with qtbot.waitSignal(window.finished):
        window.skip_button.click()
    assert shop_state(settings) is ShopState.INCOMPLETE


# In the program's start


def opening(settings: Settings) -> Opening:
    def opened(*, with_address: bool) -> Opened:
        require_shop(settings, with_address=with_address)
        till = open_till(settings)
        return Opened(till, None, till.close)

    return Opening(opened, lambda: settings, Formats(Translator("en")))


def act(deed: Callable[[FirstStartWindow], object]) -> None:
    """Do it as soon as the window is there."""

    def look() -> None:
        shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, FirstStartWindow) and one.isVisible()]
        if not shown:
            QTimer.singleShot(20, look)
            return
        try:
            deed(shown[0])
        except BaseException:
            shown[0].close()  # or the start would wait for ever
            raise

    QTimer.singleShot(0, look)


@pytest.mark.usefixtures("qapp")
def test_a_start_without_a_shop_asks_and_then_opens(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "has_screen", lambda: True)

    def skip_all(window: FirstStartWindow) -> None:
        for _ in Step:
            window.skip()
        founded(window)
        assert window.done is not None
        window.done.open_button.click()

    act(skip_all)
    opened = starting._opened(opening(settings))
    assert opened is not None, "the address is left for later, the till opens all the same"
    opened.close()
    act(lambda window: window.skip_button.click())
    again = starting._opened(opening(settings))
    assert again is not None
    again.close()


@pytest.mark.usefixtures("qapp")
def test_closing_the_window_gives_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "has_screen", lambda: True)
    act(lambda window: window.close())
    assert starting._opened(opening(settings)) is None
    act(lambda window: window.close())
    assert not ask_for_shop(settings, LOOK, ShopState.NONE)


@pytest.mark.usefixtures("qapp")
def test_what_keeps_the_questions_from_being_asked_is_said_in_the_window_of_refusals(
    settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process has the till whose address is missing."""
    found_from(settings, Draft(language="en"), "", clock)
    monkeypatch.setattr(starting, "has_screen", lambda: True)
    said: list[Exception] = []

    def ask(_opening: Opening, error: Exception) -> None:
        said.append(error)

    monkeypatch.setattr(starting, "ask", ask)
    with closing(open_till(settings, Ports(clock=clock))):
        assert starting._opened(opening(settings)) is None
    assert "running already" in str(said[0])
