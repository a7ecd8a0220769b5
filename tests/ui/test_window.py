"""The window as a whole: language, theme, size, strips, touch targets, cut-off text, receipts, keys."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.views import PrinterState, Tile, UncertainJob
from till.documents.model import Document
from till.fiscal.recorder import FAILURE_SENTENCES, TseFailure
from till.money import Money
from till.settings import load
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.sale.opening import OpeningPanel
from till.ui.shift.closing_page import ClosingPage
from till.ui.shift.x_page import XPage
from till.ui.theme import DARK, LIGHT, ThemeName
from till.ui.widgets.button import Button
from till.ui.widgets.strip import Strip
from till.ui.widgets.text import ShorteningText

ROSE = "4400119000179"
Tiles = Callable[[str], Tile]
SellVoucher = Callable[[int], str]
Visit = Callable[[MainWindow], None]


def last(till: Till) -> Document:
    found = till.receipts.last()
    assert found is not None
    return found


def shown(window: MainWindow) -> QWidget:
    return window.page


def tap(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def sale(window: MainWindow) -> None:
    window.on_scan(ROSE)


def asking(window: MainWindow) -> None:
    window.on_scan(ROSE)
    window.sale.input.ask_basket_discount()


def payment(window: MainWindow) -> None:
    window.on_scan(ROSE)
    window.act(Action.PAY)


def voucher(window: MainWindow) -> None:
    window.on_scan(ROSE)
    window.act(Action.VOUCHER)


def card(window: MainWindow) -> None:
    window.on_scan(ROSE)
    window.act(Action.CARD)


def finished(window: MainWindow) -> None:
    payment(window)
    window.payment.taking.confirm()
    window.payment.complete()


def receipts(window: MainWindow) -> None:
    finished(window)
    window.act(Action.LAST_RECEIPT)


def menu(window: MainWindow) -> None:
    window.act(Action.MENU)


def help_sheet(window: MainWindow) -> None:
    window.act(Action.HELP)


def cash_in_out(window: MainWindow) -> None:
    window.act(Action.CASH_IN_OUT)


def x_report(window: MainWindow) -> None:
    window.act(Action.X_REPORT)
    page = window.page
    assert isinstance(page, XPage)
    page.work.finish()


def counting(window: MainWindow) -> None:
    window.act(Action.CLOSE_TILL)


def comparing(window: MainWindow) -> None:
    counting(window)
    page = window.page
    assert isinstance(page, ClosingPage)
    page.press("3")
    page.count_step.compare_button.click()


def counting_coins_in_the_morning(window: MainWindow) -> None:
    window.sale.show_opening()
    panel = window.sale.panel
    assert isinstance(panel, OpeningPanel)
    panel.count_by_pieces()


COUNTER = (sale, asking, payment, voucher, card, finished, receipts, menu, help_sheet)
SHIFT = (cash_in_out, x_report, counting, comparing, counting_coins_in_the_morning)
VISITS = (*COUNTER, *SHIFT)


def settle_layout(window: MainWindow) -> None:
    window.receipts.painter.finish()
    for _ in range(3):
        QApplication.processEvents()


def each_screen(window: MainWindow, till: Till) -> Iterator[str]:
    """Goes to every screen; gives its name while it is shown."""
    for visit in VISITS:
        visit(window)
        settle_layout(window)
        yield visit.__name__
        till.sale.dismiss()
        till.sale.cancel()
        window.sale.input.clear()
        window.go_home()


@pytest.mark.parametrize("density", [48, 56])
def test_everything_to_tap_is_big_enough(window: MainWindow, till: Till, density: int) -> None:
    window.set_density(density)
    small = [
        (screen, button.accessibleName(), button.width(), button.height())
        for screen in each_screen(window, till)
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and (button.width() < 48 or button.height() < density)
    ]
    assert small == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_text_is_cut_off(window: MainWindow, till: Till, language: str) -> None:
    window.retranslate(language)
    cut: list[tuple[str, str]] = []
    for screen in each_screen(window, till):
        cut += [(screen, label.text()) for label in window.findChildren(QLabel) if label.isVisible() and is_cut(label)]
        buttons = [button for button in window.findChildren(Button) if button.isVisible()]
        cut += [(screen, b.accessibleName()) for b in buttons if b.content_width > b.width()]
    assert cut == []


def test_what_the_first_look_does_not_need_is_built_when_somebody_goes_there(window: MainWindow) -> None:
    at_first = {type(window.pages.widget(place)).__name__ for place in range(window.pages.count())}
    assert at_first == {"SalePage", "ReceiptPage"}
    for action, name in ((Action.MENU, "menu"), (Action.HELP, "help")):
        window.act(action)
        assert window.shown == name
    window.go_home()
    sale(window)
    window.act(Action.CASH)
    assert window.shown == "payment"
    window.set_theme(ThemeName.DARK)
    assert window.shown == "payment"
    assert window.payment is window.page
    assert window.pages.count() == len(at_first) + 1, "menu and help are not built anew before somebody asks"


def test_every_control_has_a_name_for_a_screen_reader(window: MainWindow, till: Till) -> None:
    nameless = [
        (screen, button.objectName())
        for screen in each_screen(window, till)
        for button in window.findChildren(QAbstractButton)
        if button.isVisible() and not button.accessibleName()
    ]
    assert nameless == []


def is_cut(label: QLabel) -> bool:
    if isinstance(label, ShorteningText) or not label.text():
        return False
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height()
    return label.fontMetrics().horizontalAdvance(label.text()) > label.width()


def test_the_language_changes_while_the_till_runs(window: MainWindow) -> None:
    window.on_scan(ROSE)
    assert window.sale.column.pay.face.text == "Pay"
    window.retranslate("de")
    assert window.sale.column.pay.face.text == "Zahlen"
    assert window.sale.column.pay.face.trailing == "3,50\xa0€"
    assert window.sale.column.basket.lines.rowCount() == 1
    window.retranslate("en")
    assert window.sale.column.pay.face.text == "Pay"


def test_qt_speaks_german_too(window: MainWindow) -> None:
    window.retranslate("de")
    assert QApplication.translate("QLineEdit", "&Copy") == "&Kopieren"
    window.retranslate("en")
    assert QApplication.translate("QLineEdit", "&Copy") == "&Copy"


def test_the_theme_changes_from_the_menu(window: MainWindow) -> None:
    window.act(Action.MENU)
    window.menu.theme_chosen.emit(ThemeName.DARK)
    settle_layout(window)
    assert shown(window) is window.menu
    assert window.look.palette is DARK
    assert window.grab().toImage().pixelColor(8, 740).name().upper() == DARK.ground
    window.set_theme(ThemeName.LIGHT)
    settle_layout(window)
    assert window.grab().toImage().pixelColor(8, 740).name().upper() == LIGHT.ground


def test_what_the_menu_chose_counts_at_the_next_start(window: MainWindow, till: Till) -> None:
    window.act(Action.MENU)
    window.menu.theme_chosen.emit(ThemeName.DARK)
    window.menu.density_chosen.emit(56)
    stored = load(till.settings.data_dir)
    assert (stored.theme, stored.density) == ("dark", 56)


def test_the_printer_out_of_paper_is_a_strip_with_words(window: MainWindow, till: Till) -> None:
    window.show_status(replace(till.status.current, printer=PrinterState.PAPER_OUT, unprinted=3))
    assert window.sale.strips.isVisible()
    assert window.sale.strips.texts[0].startswith("3 receipts not printed.")
    assert "out of paper" in window.sale.strips.texts[0]
    assert window.top_bar.chips["printer"].text == "Out of paper"
    window.show_status(till.status.current)
    assert not window.sale.strips.isVisible()


def test_an_uncertain_receipt_is_asked_about(window: MainWindow, till: Till) -> None:
    window.show_status(replace(till.status.current, uncertain=(UncertainJob(7, 123),)))
    strip = window.sale.strips.findChild(Strip)
    assert strip is not None
    assert strip.label.text() == "Was receipt 123 printed?"
    answers: list[tuple[int, bool]] = []
    window.sale.strips.answered.connect(lambda job, printed: answers.append((job, printed)))
    window.sale.strips.answered.disconnect(window.sale._answer_uncertain)
    yes, no = strip.findChildren(Button)
    tap(yes)
    tap(no)
    assert answers == [(7, True), (7, False)]


def test_a_tse_outage_says_since_when_and_why(window: MainWindow, till: Till) -> None:
    since = dt.datetime(2026, 11, 21, 10, 15, tzinfo=dt.UTC)
    status = replace(till.status.current, tse_ready=False, tse_outage_since=since, tse_reason="pulled out")
    window.show_status(status)
    assert "11:15" in window.sale.strips.texts[0]
    assert "pulled out" in window.sale.strips.texts[0]
    assert window.top_bar.chips["tse"].text == "TSE failed"


def test_a_known_failure_of_the_tse_is_said_in_the_tills_words(window: MainWindow, till: Till) -> None:
    failure = FAILURE_SENTENCES[TseFailure.STORAGE_FULL]
    since = dt.datetime(2026, 11, 21, 10, 15, tzinfo=dt.UTC)
    window.show_status(
        replace(till.status.current, tse_ready=False, tse_outage_since=since, tse_reason="E42", tse_failure=failure)
    )
    assert failure.rstrip(".") in window.sale.strips.texts[0]


def test_a_drawer_that_stayed_shut_says_how_to_open_it(window: MainWindow, till: Till) -> None:
    window.show_status(replace(till.status.current, drawer_needs_key=True))
    assert any("key" in text for text in window.sale.strips.texts)


def test_a_test_tse_can_not_be_overlooked(window: MainWindow) -> None:
    chip = window.top_bar.chips["tse"]
    assert chip.text == "TEST-TSE"
    assert chip.face.tone == "warn"
    assert chip.width() > 80


def test_a_notification_from_another_thread_is_shown_in_the_windows_thread(
    window: MainWindow, till: Till, qtbot: QtBot
) -> None:
    status = replace(till.status.current, disk_low=True)
    threading.Thread(target=window.bridge.status_changed.emit, args=(status,)).start()
    qtbot.waitUntil(lambda: any("disk" in text for text in window.sale.strips.texts))


def test_the_last_receipt_is_shown_as_it_was_printed(window: MainWindow, till: Till) -> None:
    finished(window)
    QTest.keyClick(window.sale, Qt.Key.Key_F6)
    assert shown(window) is window.receipts
    number = last(till).number
    assert window.receipts.title == f"Receipt {number}"
    settle_layout(window)
    assert window.receipts.paper_width > 200


def test_the_receipt_can_be_heard(window: MainWindow, till: Till) -> None:
    finished(window)
    receipts(window)
    heard = [label.accessibleDescription() for label in window.receipts.findChildren(QLabel)]
    assert any("Blumen & Tee Sommer" in text and "Summe" in text for text in heard)
    assert str(last(till).number) in "".join(heard)


def test_a_receipt_is_found_by_its_number(window: MainWindow, till: Till) -> None:
    finished(window)
    number = last(till).number
    window.act(Action.RECEIPTS)
    QTest.keyClicks(window.receipts, str(number))
    QTest.keyClick(window.receipts, Qt.Key.Key_Return)
    window.receipts.work.finish()
    assert window.receipts.title == f"Receipt {number}"


def test_an_unknown_receipt_number_is_refused_in_sight(window: MainWindow) -> None:
    finished(window)
    window.act(Action.RECEIPTS)
    QTest.keyClicks(window.receipts, "99999")
    QTest.keyClick(window.receipts, Qt.Key.Key_Return)
    window.receipts.work.finish()
    assert window.receipts.message.isVisible()
    assert "99999" in window.receipts.message.text


def test_the_vouchers_of_a_receipt_can_be_seen_again(window: MainWindow, sell_voucher: SellVoucher) -> None:
    sell_voucher(3000)
    window.act(Action.LAST_RECEIPT)
    assert "AG2026-0001" in window.receipts.vouchers_spoken


def test_a_receipt_is_saved_as_pdf(window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DOCUMENTS_DIR", str(tmp_path))
    finished(window)
    window.act(Action.LAST_RECEIPT)
    window.receipts.save_pdf_to(tmp_path)
    saved = list(tmp_path.glob("Receipt-*.pdf"))
    assert len(saved) == 1
    assert saved[0].read_bytes().startswith(b"%PDF")
    assert str(saved[0].name) in window.receipts.message.text


@pytest.mark.parametrize(
    ("action", "kind"),
    [(Action.CASH_IN_OUT, "CashPage"), (Action.X_REPORT, "XPage"), (Action.CLOSE_TILL, "ClosingPage")],
)
def test_the_menu_leads_to_the_pages_of_the_shift(window: MainWindow, action: Action, kind: str) -> None:
    window.act(Action.MENU)
    tap(window.menu.tiles[action])
    assert type(shown(window)).__name__ == kind
    QTest.keyClick(shown(window), Qt.Key.Key_Escape)
    assert shown(window) is window.sale


def test_the_menu_leads_to_receipts_and_keys(window: MainWindow) -> None:
    finished(window)
    for action, page in ((Action.RECEIPTS, window.receipts), (Action.HELP, window.help)):
        window.go_home()
        window.act(Action.MENU)
        tap(window.menu.tiles[action])
        assert shown(window) is page


def test_what_a_closed_till_can_not_do_says_so_on_its_tile(window: MainWindow, till: Till) -> None:
    till.cash.close_shift(None)
    window.act(Action.MENU)
    tile = window.menu.tiles[Action.CASH_IN_OUT]
    assert not tile.isEnabled()
    assert tile.says == "The till is closed."
    assert window.menu.tiles[Action.X_REPORT].isEnabled()


def test_training_begins_and_ends_from_the_menu(window: MainWindow, till: Till) -> None:
    window.act(Action.MENU)
    tap(window.menu.tiles[Action.TRAINING])
    assert till.training.is_on
    window.act(Action.MENU)
    assert window.menu.tiles[Action.TRAINING].accessibleName() == "End the training"
    assert window.menu.tiles[Action.CLOSE_TILL].says == "Not while you practise."
    tap(window.menu.tiles[Action.TRAINING])
    assert not till.training.is_on


def test_who_works_alone_has_nothing_to_lock(window: MainWindow) -> None:
    window.act(Action.MENU)
    assert not window.menu.tiles[Action.LOCK].isEnabled()


def test_a_page_of_the_shift_stays_when_the_language_changes(window: MainWindow) -> None:
    window.act(Action.CASH_IN_OUT)
    before = shown(window)
    window.retranslate("de")
    assert type(shown(window)).__name__ == "CashPage"
    assert shown(window) is not before


def test_f1_shows_the_keys_and_goes_back(window: MainWindow) -> None:
    QTest.keyClick(window.sale, Qt.Key.Key_F1)
    assert shown(window) is window.help
    QTest.keyClick(window.help, Qt.Key.Key_Escape)
    assert shown(window) is window.sale


def test_a_scan_on_the_menu_is_sold(window: MainWindow) -> None:
    window.act(Action.MENU)
    window.on_scan(ROSE)
    assert shown(window) is window.sale
    assert window.sale.column.basket.lines.rowCount() == 1


def test_the_drawer_key_opens_the_drawer_once(window: MainWindow, till: Till) -> None:
    QTest.keyClick(window.sale, Qt.Key.Key_F5)
    assert window.sale.message.text == ""
    assert till.cash.expected_cash() == Money(15000)


def test_a_restored_basket_says_so(window: MainWindow, till: Till, open_window: Callable[..., MainWindow]) -> None:
    window.on_scan(ROSE)
    till.settle()
    till.sale.restore()
    again = open_window(till)
    assert again.sale.column.basket.lines.rowCount() == 1
    assert "here again" in again.sale.column.message.text
