"""Training can't be overlooked (U10): a red frame with the word around everything that any window of the till shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget

from till.app.bootstrap import Till
from till.documents.model import DocumentKind
from till.money import Money
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.theme import ThemeName, contrast, palette, text_on
from till.ui.training import BAND, EDGE, RED
from till.ui.widgets.button import Button
from till.ui.widgets.strip import Strip
from till.ui.widgets.text import ShorteningText

ROSE = "4400119000179"
COUNTER_WORDS = "TRAINING – nothing counts, no receipt is valid"


def settle() -> None:
    for _ in range(3):
        QApplication.processEvents()


def is_framed(window: QMainWindow) -> bool:
    """Whether all four edges of the window are red, whatever lies over its pages."""
    settle()
    picture = window.grab().toImage()
    right, bottom = window.width() - 1, window.height() - 1
    middle = window.height() // 2
    points = ((2, 2), (right - 2, 2), (2, middle), (right - 2, middle), (2, bottom - 2), (right - 2, bottom - 2))
    return all(picture.pixelColor(*point) == QColor(RED) for point in points)


def sale(window: MainWindow) -> None:
    window.on_scan(ROSE)


def payment(window: MainWindow) -> None:
    window.on_scan(ROSE)
    window.act(Action.PAY)


def voucher(window: MainWindow) -> None:
    window.on_scan(ROSE)
    window.act(Action.VOUCHER)


def finished(window: MainWindow) -> None:
    payment(window)
    window.payment.taking.confirm()
    window.payment.complete()


def receipts(window: MainWindow) -> None:
    finished(window)
    window.act(Action.LAST_RECEIPT)
    window.receipts.painter.finish()


def menu(window: MainWindow) -> None:
    window.act(Action.MENU)


def help_sheet(window: MainWindow) -> None:
    window.act(Action.HELP)


VISITS = (sale, payment, voucher, finished, receipts, menu, help_sheet)


@pytest.mark.parametrize("visit", VISITS, ids=lambda visit: str(visit.__name__))
@pytest.mark.parametrize(("theme", "language"), [(ThemeName.LIGHT, "de"), (ThemeName.DARK, "en")])
def test_every_page_has_the_frame_and_the_word_and_nothing_is_cut_off(
    window: MainWindow, visit: Callable[[MainWindow], None], theme: ThemeName, language: str
) -> None:
    window.retranslate(language)
    window.set_theme(theme)
    window.act(Action.TRAINING)
    visit(window)
    assert is_framed(window)
    assert "TRAINING" in window.training.words
    chip = window.top_bar.chips["training"]
    assert chip.isVisible()
    assert chip.text == "TRAINING"
    labels = [label for label in window.findChildren(QLabel) if label.isVisible() and is_cut(label)]
    assert [label.text() for label in labels] == []
    buttons = [button for button in window.findChildren(Button) if button.isVisible()]
    assert [b.accessibleName() for b in buttons if b.content_width > b.width()] == []


def is_cut(label: QLabel) -> bool:
    if isinstance(label, ShorteningText) or not label.text():
        return False
    if label.wordWrap():
        return label.heightForWidth(label.width()) > label.height()
    return label.fontMetrics().horizontalAdvance(label.text()) > label.width()


def test_the_red_is_told_from_both_grounds_and_its_words_can_be_read() -> None:
    assert contrast(RED, text_on(RED)) >= 4.5
    assert all(contrast(RED, palette(theme).ground) >= 3 for theme in ThemeName)


def test_the_frame_is_gone_when_training_has_ended(window: MainWindow, till: Till) -> None:
    window.act(Action.TRAINING)
    assert till.training.is_on
    window.act(Action.TRAINING)
    settle()
    assert not till.training.is_on
    assert not window.training.isVisible()
    assert window.training.words == ""
    assert not window.top_bar.chips["training"].isVisible()
    assert window.contentsMargins().top() == 0
    assert window.sale.message.text == "The training has ended. From now on everything counts."


def test_training_is_not_begun_over_an_open_sale_and_the_reason_stands_beside_it(
    window: MainWindow, till: Till
) -> None:
    window.on_scan(ROSE)
    window.act(Action.TRAINING)
    assert not till.training.is_on
    assert window.sale.message.text == "A sale is still open. Complete, park or cancel it first."
    assert not window.training.isVisible()


def test_a_strip_says_so_and_ends_it(window: MainWindow, till: Till) -> None:
    window.act(Action.TRAINING)
    settle()
    strip = window.sale.strips.findChild(Strip)
    assert strip is not None
    assert strip.label.text().startswith("Training: sell, pay and print as always.")
    (end,) = strip.findChildren(Button)
    QTest.mouseClick(end, Qt.MouseButton.LeftButton)
    assert not till.training.is_on


def test_what_is_laid_over_the_pages_later_stays_inside_the_frame(window: MainWindow) -> None:
    window.act(Action.TRAINING)
    cover = QWidget(window)
    cover.setStyleSheet("background: #00ff00")
    cover.setGeometry(window.rect())
    cover.show()
    cover.raise_()
    assert is_framed(window)
    window.resize(1100, 800)
    cover.setGeometry(window.rect())
    assert is_framed(window)
    inside = window.grab().toImage().pixelColor(EDGE + 20, BAND + 20)
    assert inside == QColor("#00ff00")


def test_taps_go_through_the_frame_and_pages_keep_their_place(window: MainWindow) -> None:
    window.act(Action.TRAINING)
    settle()
    central = window.centralWidget()
    assert central.mapTo(window, QPoint(0, 0)) == QPoint(EDGE, BAND)
    assert central.width() == window.width() - 2 * EDGE
    assert window.training.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


def test_a_till_that_wakes_in_training_shows_it_at_once(till: Till, open_window: Callable[[Till], MainWindow]) -> None:
    till.training.begin()
    window = open_window(till)
    assert is_framed(window)
    assert window.training.words == COUNTER_WORDS


def test_the_back_office_is_framed_too_and_says_that_it_is_real(window: MainWindow) -> None:
    window.open_office()
    window.act(Action.TRAINING)
    office = window.office
    assert office is not None
    settle()
    assert is_framed(office)
    assert "what is changed here counts" in office.training.words
    window.retranslate("de")
    assert "was hier geändert wird, zählt" in office.training.words
    office.close()
    window.open_office()
    assert window.office is not None
    assert is_framed(window.office)


def test_the_list_of_receipts_says_which_were_training(window: MainWindow, till: Till) -> None:
    finished(window)
    window.act(Action.TRAINING)
    finished(window)
    window.act(Action.RECEIPTS)
    rows = [button for button in window.receipts.findChildren(Button) if "21/11/2026" in button.accessibleName()]
    assert [("TRAINING" in row.face.trailing, "TRAINING" in row.accessibleName()) for row in rows] == [
        (True, True),
        (False, False),
    ]
    window.receipts.painter.finish()
    last = till.receipts.last()
    assert last is not None
    assert last.draft.kind is DocumentKind.TRAINING_SALE
    assert last.draft.total == Money(350)


@pytest.mark.parametrize("action", [Action.DRAWER, Action.CASH_IN_OUT, Action.CLOSE_TILL])
def test_what_touches_the_drawer_says_that_training_must_end_first(window: MainWindow, action: Action) -> None:
    window.act(Action.TRAINING)
    window.act(action)
    assert window.page is window.sale
    assert "The till is in training mode" in window.sale.message.text


def test_the_figures_can_be_looked_at_in_training(window: MainWindow) -> None:
    window.act(Action.TRAINING)
    window.act(Action.X_REPORT)
    assert window.page is not window.sale
    assert is_framed(window)


def test_the_menu_begins_and_ends_training_and_offers_nothing_that_is_refused(window: MainWindow, till: Till) -> None:
    window.act(Action.MENU)
    QTest.mouseClick(window.menu.tiles[Action.TRAINING], Qt.MouseButton.LeftButton)
    assert till.training.is_on
    window.act(Action.MENU)
    tiles = window.menu.tiles
    assert [tiles[action].isEnabled() for action in (Action.CASH_IN_OUT, Action.CLOSE_TILL, Action.X_REPORT)] == [
        False,
        False,
        True,
    ]
    assert tiles[Action.CLOSE_TILL].says == "Not while you practise."
    assert tiles[Action.TRAINING].accessibleName().startswith("End the training")
    QTest.mouseClick(tiles[Action.TRAINING], Qt.MouseButton.LeftButton)
    assert not till.training.is_on
    window.act(Action.MENU)
    assert tiles[Action.CLOSE_TILL].isEnabled()


def test_a_till_that_is_closed_offers_no_training(closed_till: Till, open_window: Callable[[Till], MainWindow]) -> None:
    window = open_window(closed_till)
    window.act(Action.MENU)
    assert not window.menu.tiles[Action.TRAINING].isEnabled()
    assert window.menu.tiles[Action.TRAINING].says == "The till is closed."


def test_the_frame_stays_around_the_sign_in(window: MainWindow, till: Till) -> None:
    till.staff.set_pin("1", "4711").result()
    window.act(Action.TRAINING)
    till.staff.lock()
    settle()
    assert window.gate.content is not None
    assert is_framed(window)
