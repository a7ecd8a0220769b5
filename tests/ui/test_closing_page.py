"""Closing the till on the screen: the count and its words, blind or not, what stays for tomorrow, the Z (T11)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import text

from till.app.bootstrap import Till
from till.audit import trail
from till.money import Money
from till.shifts import closing
from till.ui.main.window import MainWindow
from till.ui.sale.opening import OpeningPanel
from till.ui.shift.closing_page import ClosingPage
from till.ui.shift.x_page import XPage

ROSE = "4400119000179"


@pytest.fixture
def page(window: MainWindow) -> ClosingPage:
    """The page, by its key."""
    return shown(window)


def shown(window: MainWindow) -> ClosingPage:
    QTest.keyClick(window.page, Qt.Key.Key_F8, Qt.KeyboardModifier.ControlModifier)
    page = window.page
    assert isinstance(page, ClosingPage)
    return page


def tap(widget: QWidget) -> None:
    QApplication.processEvents()
    assert widget.isVisible()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def by_sum(page: ClosingPage, typed: str) -> None:
    """Count one sum and compare it."""
    tap(page.count_step.modes.buttons[False])
    QTest.keyClicks(page, typed)
    tap(page.count_step.compare_button)


def newest(till: Till) -> closing.Closing:
    with till.workplace.database.read() as session:
        found = closing.latest(session, till.settings.till_id)
    assert found is not None
    return found


def documents(till: Till, kind: str) -> int:
    with till.workplace.database.read() as session:
        query = text("SELECT COUNT(*) FROM document WHERE kind = :kind")
        return int(session.execute(query, {"kind": kind}).scalar_one())


# Counting


def test_coins_and_notes_are_counted_by_keys_alone(page: ClosingPage) -> None:
    grid = page.count_step.grid
    QTest.keyClicks(page, "1")  # 500 €
    QTest.keyClick(page, Qt.Key.Key_Return)
    QTest.keyClick(grid.lines[grid.place].number, Qt.Key.Key_Down)
    QTest.keyClicks(page, "12")  # 100 €
    QTest.keyClick(grid.lines[2].number, Qt.Key.Key_Right)  # 50 ct
    QTest.keyClicks(grid.lines[9].number, "+++-")
    QTest.keyClick(grid.lines[9].number, Qt.Key.Key_Up)  # 1 €
    QTest.keyClicks(page, "305")
    QTest.keyClick(page, Qt.Key.Key_Backspace)
    assert page.count_step.total.amount == "€1,731.00"
    assert page.count_step.counted() == page.count_step.grid.draft.protocol()


def test_a_number_that_is_gone_back_to_begins_anew(page: ClosingPage) -> None:
    grid = page.count_step.grid
    QTest.keyClicks(page, "3")
    grid.walk(1)
    grid.walk(-1)
    QTest.keyClicks(page, "4")
    assert grid.lines[0].number.shown == "4"


def test_the_steppers_count_one_by_one_and_never_below_nothing(page: ClosingPage) -> None:
    line = page.count_step.grid.lines[3]
    tap(line.more)
    tap(line.more)
    for _ in range(3):
        tap(line.less)
    assert line.number.shown == "0"
    assert page.count_step.total.amount == "€0.00"


def test_the_pad_on_the_screen_types_too(page: ClosingPage) -> None:
    page.count_step.press("5")
    page.count_step.act_on("next")
    page.count_step.press("2")
    assert page.count_step.total.amount == "€2,900.00"
    page.count_step.act_on("clear")
    assert page.count_step.total.amount == "€2,500.00"


@pytest.mark.parametrize("by_pieces", [True, False])
def test_letters_are_refused_with_words_and_lose_nothing(page: ClosingPage, by_pieces: bool) -> None:  # noqa: FBT001
    tap(page.count_step.modes.buttons[by_pieces])
    QTest.keyClicks(page, "15l")
    assert "“l” is no number" in page.message.text
    assert page.count_step.total.amount == ("€7,500.00" if by_pieces else "€15.00")


def test_more_than_any_drawer_holds_is_refused_with_words(page: ClosingPage) -> None:
    QTest.keyClicks(page, "123456")
    assert "123456" in page.message.text
    assert page.count_step.grid.lines[0].number.shown == "12345"


def test_a_sum_that_is_none_is_refused_and_stays(page: ClosingPage) -> None:
    by_sum(page, "1,234")
    assert "1,234" in page.message.text
    assert page.step is page.count_step
    assert page.count_step.sum.shown == "€1.234"


def test_nothing_counted_is_asked_about(page: ClosingPage) -> None:
    tap(page.count_step.compare_button)
    assert "Count the drawer first" in page.message.text
    assert page.step is page.count_step


def test_the_count_is_kept_while_somebody_sells_and_when_the_language_changes(window: MainWindow, till: Till) -> None:
    page = shown(window)
    QTest.keyClicks(page, "3")
    window.on_scan(ROSE)
    till.sale.cancel()
    assert shown(window).count_step.total.amount == "€1,500.00"
    window.retranslate("de")
    again = window.page
    assert isinstance(again, ClosingPage)
    assert again.count_step.total.amount == "1.500,00\xa0€"


def test_pieces_and_sum_are_kept_side_by_side(page: ClosingPage) -> None:
    QTest.keyClicks(page, "1")
    tap(page.count_step.modes.buttons[False])
    QTest.keyClicks(page, "7")
    assert page.count_step.total.amount == "€7.00"
    tap(page.count_step.modes.buttons[True])
    assert page.count_step.total.amount == "€500.00"


def test_an_open_sale_is_spoken_of_before_anybody_counts(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    page = shown(window)
    assert "still open" in page.message.text
    by_sum(page, "150")
    tap(page.review_step.close_button)
    assert "still open" in page.message.text
    assert till.cash.is_open


def test_the_drawer_is_opened_to_be_counted(window: MainWindow, till: Till) -> None:
    page = shown(window)
    tap(page.drawer_button)
    QTest.keyClick(page, Qt.Key.Key_F5)
    assert documents(till, "no-sale") == 2
    assert page.isVisible()


# Comparing


@pytest.mark.parametrize(
    ("typed", "difference", "words"),
    [
        ("143,50", "−€6.50", "€6.50 are missing."),
        ("150,20", "+€0.20", "€0.20 too much."),
        ("150", "€0.00", "The drawer is right."),
    ],
)
def test_the_difference_is_said_with_sign_and_words(page: ClosingPage, typed: str, difference: str, words: str) -> None:
    by_sum(page, typed)
    assert page.review_step.difference.amount.replace("-", "−") == difference
    assert page.review_step.verdict.text().startswith(words)


def test_the_drawer_may_be_counted_again_and_each_count_is_noted(page: ClosingPage, till: Till) -> None:
    by_sum(page, "140")
    tap(page.review_step.again_button)
    assert page.count_step.sum.shown == "€140"
    page.act_on("clear")
    QTest.keyClicks(page, "150")
    tap(page.count_step.compare_button)
    assert page.review_step.verdict.text() == "The drawer is right."
    with till.workplace.database.read() as session:
        noted = trail.entries(session, till.settings.till_id, trail.Action.DRAWER_COUNTED)
    assert [row.after for row in noted] == ["140.00", "150.00"]


@pytest.mark.parametrize("till", [{"blind_count": True}], indirect=True)
def test_who_counts_blind_sees_the_target_only_after_the_count(page: ClosingPage) -> None:
    def seen() -> str:
        return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())

    assert "150" not in seen()
    assert "after the count" in seen()
    by_sum(page, "140")
    assert page.review_step.expected.amount == "€150.00"
    tap(page.review_step.again_button)
    assert "By the books: €150.00" in seen()


def test_where_nobody_counts_blind_the_target_stands_there(page: ClosingPage) -> None:
    assert any("By the books: €150.00" in label.text() for label in page.findChildren(QLabel))


# Closing


def test_the_till_is_closed_with_its_count(page: ClosingPage, till: Till) -> None:
    QTest.keyClick(page.count_step.grid.lines[0].number, Qt.Key.Key_Down)
    page.count_step.grid.activate(2)
    QTest.keyClicks(page, "1")
    page.count_step.grid.activate(3)
    QTest.keyClicks(page, "1")
    tap(page.count_step.compare_button)
    tap(page.review_step.close_button)
    assert not till.cash.is_open
    z = newest(till)
    assert z.pieces is not None
    assert (z.z_number, z.counted_cash, z.difference) == (1, Money(15000), Money(0))
    assert [(one.value.cents, one.count) for one in z.pieces.pieces] == [(10000, 1), (5000, 1)]
    assert "Z 1" in page.closed_step.words.text()
    assert not till.cash.count_draft


def test_two_quick_taps_make_one_z(page: ClosingPage, till: Till) -> None:
    by_sum(page, "150")
    QTest.mouseClick(page.review_step.close_button, Qt.MouseButton.LeftButton)
    QTest.mouseDClick(page.review_step.close_button, Qt.MouseButton.LeftButton)
    assert newest(till).z_number == 1
    assert page.message.text == ""


def test_the_rest_goes_to_the_bank_in_the_same_step(page: ClosingPage, till: Till) -> None:
    by_sum(page, "150")
    QTest.keyClicks(page, "100")
    assert page.review_step.taken_out.text() == "Taken out: €50.00"
    tap(page.review_step.close_button)
    z = newest(till)
    assert (z.counted_cash, z.dropped) == (Money(15000), Money(5000))
    assert till.cash.suggested_float() == Money(10000)
    assert "Taken out: €50.00" in page.closed_step.told.text()
    assert "for tomorrow: €100.00" in page.closed_step.told.text()
    assert documents(till, "cash-movement") == 1


def test_this_mornings_float_is_one_tap(page: ClosingPage, till: Till) -> None:
    by_sum(page, "212,5")
    chips = page.review_step.floats.buttons
    tap(next(chip for words, chip in chips.items() if "150" in words))
    assert page.review_step.taken() == Money(6250)
    tap(chips["All of it"])
    assert page.review_step.taken() == Money(0)
    tap(page.review_step.close_button)
    assert newest(till).counted_cash == Money(21250)


def test_more_than_was_counted_can_not_stay(page: ClosingPage, till: Till) -> None:
    by_sum(page, "150")
    QTest.keyClicks(page, "151")
    assert "only €150.00 were counted" in page.review_step.taken_out.text()
    tap(page.review_step.close_button)
    assert "only €150.00 were counted" in page.message.text
    assert till.cash.is_open
    assert page.review_step.stays.shown == "€151"


def test_the_till_can_be_closed_without_a_count(page: ClosingPage, till: Till) -> None:
    tap(page.count_step.skip_button)
    assert "nobody has counted" in page.review_step.verdict.text()
    QTest.keyClicks(page, "5")
    tap(page.review_step.close_button)
    z = newest(till)
    assert (z.counted_cash, z.dropped) == (None, Money(0))


def test_the_z_is_shown_and_printed_again_only_where_there_is_a_printer(page: ClosingPage, qtbot: QtBot) -> None:
    by_sum(page, "150")
    tap(page.review_step.close_button)
    page.closed_step.paper.painter.finish()
    qtbot.waitUntil(lambda: not page.closed_step.paper.label.pixmap().isNull())
    assert "Z-Nr. 1" in page.closed_step.paper.label.accessibleDescription()
    tap(page.closed_step.copy_button)
    assert "No printer" in page.message.text


def test_done_leads_to_the_morning(window: MainWindow, till: Till) -> None:
    page = shown(window)
    by_sum(page, "150")
    tap(page.review_step.close_button)
    tap(page.closed_step.back_button)
    assert isinstance(window.sale.panel, OpeningPanel)
    assert not till.cash.is_open
    again = shown(window)
    assert again.step is again.count_step
    assert "closed" in again.message.text
    assert not again.count_step.compare_button.isEnabled()


# In the morning


def test_the_float_may_be_counted_coin_by_coin(closed_till: Till, open_window: Callable[[Till], MainWindow]) -> None:
    window = open_window(closed_till)
    panel = window.sale.panel
    assert isinstance(panel, OpeningPanel)
    tap(panel.pieces_button)
    grid = panel.grid
    assert grid is not None
    assert panel.shown == "€0.00"
    tap(grid.lines[2].number)
    QTest.keyClicks(window.sale, "1")
    tap(grid.lines[7].number)
    QTest.keyClicks(window.sale, "12")
    tap(grid.lines[7].more)
    assert panel.shown == "€126.00"
    tap(grid.lines[2].number)
    assert panel.shown == "€126.00", "what is gone back to stays until something is typed"
    QTest.keyClick(window.sale, Qt.Key.Key_Return)
    assert closed_till.cash.opening_float == Money(12600)


def test_a_sum_is_typed_in_the_morning_as_before(closed_till: Till, open_window: Callable[[Till], MainWindow]) -> None:
    window = open_window(closed_till)
    QTest.keyClicks(window.sale, "80")
    QTest.keyClick(window.sale, Qt.Key.Key_Return)
    assert closed_till.cash.opening_float == Money(8000)


# X


def x_page(window: MainWindow) -> XPage:
    QTest.keyClick(window.page, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    page = window.page
    assert isinstance(page, XPage)
    page.work.finish()
    return page


def test_the_x_shows_what_its_paper_says_in_the_words_of_the_screen(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    till.sale.pay_cash(Money(350))
    till.sale.complete()
    till.sale.dismiss()
    page = x_page(window)
    told = page.told
    for wanted in ("€3.50", "7 % VAT", "Cash", "Cancellations", "0 ×", "Opening float", "Cash, target", "€153.50"):
        assert wanted in told
    assert documents(till, "closing") == 0


def test_the_x_is_of_now_each_time_it_is_shown(window: MainWindow, till: Till) -> None:
    assert "€153.50" not in x_page(window).told
    window.go_home()
    window.on_scan(ROSE)
    till.sale.pay_cash(Money(350))
    till.sale.complete()
    till.sale.dismiss()
    assert "€153.50" in x_page(window).told


@pytest.mark.parametrize("till", [{"blind_count": True}], indirect=True)
def test_the_x_of_who_counts_blind_tells_no_target(window: MainWindow) -> None:
    told = x_page(window).told
    assert "after the count" in told
    assert "From before" not in told


def test_an_x_is_printed_only_where_there_is_a_printer(window: MainWindow) -> None:
    page = x_page(window)
    tap(page.print_button)
    assert "No printer" in page.message.text
