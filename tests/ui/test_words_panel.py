"""Words written with a finger: the keyboard over the window, and every line of the counter that it writes into (V22)."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from till.app.bootstrap import Till
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.returning.free_page import FreeReturnPage
from till.ui.sale.parked_panel import ParkedPanel
from till.ui.sale.voucher_panel import VoucherPanel
from till.ui.shift.cash_page import CashPage
from till.ui.widgets.button import Button
from till.ui.words_panel import WordsPanel
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.types import add_type

ROSE = "4400119000179"
WISH = "Alles Gute zum 30. Geburtstag"
OWN = uuid.UUID(int=906)


def tap(widget: QWidget) -> None:
    QApplication.processEvents()
    assert widget.isVisible()
    assert widget.isEnabled()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def keyboard(window: MainWindow) -> WordsPanel:
    """What lies over the window."""
    panel = window.gate.content
    assert isinstance(panel, WordsPanel)
    return panel


def write(panel: WordsPanel, words: str) -> None:
    """Tap a key for each letter, and the key for capital letters where one begins."""
    for letter in words:
        if letter == " ":
            tap(panel.keys.blank)
            continue
        is_capital = letter.isalpha() and letter != letter.lower()
        if is_capital != panel.keys.shift.isChecked() and letter.isalpha():
            tap(panel.keys.shift)
        tap(panel.keys.letters[letter.lower()])


def own_words(window: MainWindow, button: Button, words: str) -> None:
    """From the key beside a line to its words and back."""
    tap(button)
    write(keyboard(window), words)
    tap(keyboard(window).take_button)


@pytest.fixture
def asked(window: MainWindow) -> VoucherPanel:
    """The question for a voucher of free value."""
    window.on_scan("903")
    panel = window.sale.panel
    assert isinstance(panel, VoucherPanel)
    return panel


def test_a_birthday_wish_is_written_without_any_keyboard(window: MainWindow, till: Till, asked: VoucherPanel) -> None:
    for key in "20":
        asked.press(key)
    own_words(window, asked.words_button, WISH)
    assert window.gate.content is None
    assert asked.text.text == WISH
    tap(asked.confirm_button)
    (line,) = till.sale.state.priced.lines
    assert line.line.item.voucher is not None
    assert line.line.item.voucher.text == WISH


def test_words_begin_with_a_capital_letter_and_go_on_with_small_ones(window: MainWindow, asked: VoucherPanel) -> None:
    tap(asked.words_button)
    panel = keyboard(window)
    for letter in "ädß":
        tap(panel.keys.letters[letter])
    assert panel.line.text() == "Ädß"
    tap(panel.keys.shift)
    tap(panel.keys.letters["ß"])
    tap(panel.keys.letters["ö"])
    assert panel.line.text() == "Ädßßö"
    tap(panel.keys.back)
    assert panel.line.text() == "Ädßß"


def test_digits_do_not_use_up_the_capital_letter(window: MainWindow, asked: VoucherPanel) -> None:
    tap(asked.words_button)
    for key in "30":
        tap(keyboard(window).keys.letters[key])
    assert keyboard(window).keys.letters["a"].face.text == "A"


def test_escape_and_the_cross_leave_the_old_words(window: MainWindow, asked: VoucherPanel) -> None:
    asked.text.set_text("von Oma")
    tap(asked.words_button)
    tap(keyboard(window).keys.letters["x"])
    QTest.keyClick(keyboard(window).line, Qt.Key.Key_Escape)
    assert window.gate.content is None
    tap(asked.words_button)
    tap(keyboard(window).close_button)
    assert asked.text.text == "von Oma"
    assert window.sale.panel is asked


def test_a_real_keyboard_writes_there_too_and_its_enter_sells_nothing(
    window: MainWindow, till: Till, asked: VoucherPanel
) -> None:
    asked.price.set_text("20")
    tap(asked.words_button)
    line = keyboard(window).line
    assert window.focusWidget() is line
    QTest.keyClicks(line, "From us all")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert asked.text.text == "From us all"
    assert not till.sale.state.priced.lines
    assert window.focusWidget() is asked.text.line


def test_a_scan_is_not_mixed_into_the_words(window: MainWindow, till: Till, asked: VoucherPanel) -> None:
    tap(asked.words_button)
    window.on_scan(ROSE)
    assert keyboard(window).line.text() == ""
    assert not till.sale.state.priced.lines


def test_no_more_is_written_than_the_line_takes(window: MainWindow) -> None:
    page = cash_page(window)
    page.reason.line.setMaxLength(5)
    own_words(window, page.reason.keyboard, "Brötchen")
    assert page.reason.text == "Brötc"


def test_a_reason_of_ones_own_is_written_at_the_drawer(window: MainWindow) -> None:
    page = cash_page(window)
    own_words(window, page.reason.keyboard, "Für Müller")
    assert page.reason.text == "Für Müller"


def test_a_reason_of_ones_own_is_written_for_goods_without_a_receipt(window: MainWindow) -> None:
    window.act(Action.FREE_RETURN)
    page = window.page
    assert isinstance(page, FreeReturnPage)
    page.on_scan(ROSE)
    page.complete()
    own_words(window, page.card.reason.keyboard, "Welk")
    assert page.card.reason.text == "Welk"


def test_a_note_is_written_on_a_line(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    window.sale.column.note_asked.emit()
    own_words(window, window.sale.column.prompt_box.keyboard, "Geschenk")
    window.sale.input.confirm()
    assert till.sale.state.priced.lines[0].line.note == "Geschenk"


def test_a_parked_basket_is_named_with_a_finger(window: MainWindow, till: Till) -> None:
    till.sale.scan(ROSE)
    till.sale.park("")
    window.act(Action.PARKED)
    panel = window.sale.panel
    assert isinstance(panel, ParkedPanel)
    row = panel.rows[0]
    assert not row.keyboard.isVisible()
    tap(row.pencil)
    own_words(window, row.keyboard, "Weber")
    tap(row.pencil)
    assert [one.name for one in till.sale.parked()] == ["Weber"]


@pytest.mark.parametrize(("language", "upper", "lower"), [("de", "qwertz", "yx"), ("en", "qwerty", "zx")])
def test_letters_lie_as_on_the_keyboards_of_the_language(
    window: MainWindow, language: str, upper: str, lower: str
) -> None:
    window.retranslate(language)
    page = cash_page(window)
    tap(page.reason.keyboard)
    letters = keyboard(window).keys.letters
    by_place = sorted(letters, key=lambda letter: (letters[letter].y(), letters[letter].x()))
    assert "".join(by_place[11:17]) == upper
    shifted_row = next(n for n, letter in enumerate(by_place) if letter == lower[0])
    assert by_place[shifted_row + 1] == lower[1]


@pytest.mark.parametrize("target_px", [48, 64])
def test_every_key_fits_a_finger_and_the_smallest_window(window: MainWindow, target_px: int) -> None:
    window.set_density(target_px)
    tap(cash_page(window).reason.keyboard)
    QApplication.processEvents()
    panel = keyboard(window)
    assert window.rect().contains(QRect(panel.mapTo(window, QPoint(0, 0)), panel.size()))
    for key in panel.findChildren(Button):
        assert key.width() >= 48
        assert key.height() >= target_px
        assert key.accessibleName()


def test_the_keyboard_is_gone_when_the_look_changes_and_writes_nothing_any_more(window: MainWindow) -> None:
    tap(cash_page(window).reason.keyboard)
    panel = keyboard(window)
    window.retranslate("de")
    panel.written.emit("too late")
    assert window.gate.content is None


def test_a_type_with_its_own_number_has_letters_for_number_and_words(
    till: Till, open_window: Callable[[Till], MainWindow]
) -> None:
    with till.workplace.database.write() as session:
        add_type(session, VoucherType(OWN, "906", "Spende", Numbering.OWN, category_id="vouchers"))
    till.sale.reload_assortment()
    window = open_window(till)
    tile = next(tile for tile in till.sale.assortment().tiles if tile.name == "Spende")
    window.sale.articles.taken.emit(tile)
    panel = window.sale.panel
    assert isinstance(panel, VoucherPanel)
    tap(panel.letters_button)
    for key in panel.letter_keys[:2]:
        tap(key)
    assert panel.number.text == "AB"
    tap(panel.letters_button)
    own_words(window, panel.words_button, "Danke")
    assert (panel.number.text, panel.text.text) == ("AB", "Danke")


def cash_page(window: MainWindow) -> CashPage:
    """Cash in and out."""
    window.act(Action.CASH_IN_OUT)
    page = window.page
    assert isinstance(page, CashPage)
    return page
