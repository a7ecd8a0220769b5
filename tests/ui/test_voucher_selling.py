"""Selling vouchers on the screen: the questions in the place of the articles, and what is shown after the sale (V20 to V27)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QStandardPaths, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.views import ButtonKind, VoucherWish
from till.catalog.plu import Plu, PluKind, claim
from till.money import ZERO, Money
from till.quantity import pieces
from till.receipts.certificate import CertificateSize
from till.sales.basket import PercentOff
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.sale.finished import FinishedPanel
from till.ui.sale.pick_panel import PickPanel
from till.ui.sale.voucher_check import VoucherCheck
from till.ui.sale.voucher_panel import VoucherPanel
from till.ui.sale.vouchers_card import VouchersCard
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.types import add_type

ROSE = "4400119000179"
DONATION, GIFT, MASSAGE = (uuid.UUID(int=number) for number in (906, 904, 907))


@pytest.fixture
def window(till: Till, open_window: Callable[[Till], MainWindow]) -> MainWindow:
    """The window over an open till that sells vouchers of every sort."""
    types = (
        VoucherType(DONATION, "906", "Spende", Numbering.OWN, category_id="vouchers"),
        VoucherType(MASSAGE, "907", "Massage", Numbering.OWN, sale=Money(4000), category_id="vouchers"),
        VoucherType(
            GIFT,
            "904",
            "Geburtstag",
            Numbering.AUTOMATIC,
            sale=ZERO,
            face=Money(1500),
            zero_price_allowed=True,
            next_number="GB-1",
            category_id="vouchers",
        ),
    )
    with till.workplace.database.write() as session:
        for kind in types:
            add_type(session, kind)
            claim(session, Plu(kind.plu, PluKind.VOUCHER_TYPE, str(kind.id)))
    till.sale.reload_assortment()
    return open_window(till)


def press(window: MainWindow, keys: str) -> None:
    """Press keys as a person does, wherever the focus is."""
    for key in keys:
        if key == "\r":
            QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Return)
        else:
            QTest.keyClicks(window.focusWidget() or window, key)


def escape(window: MainWindow) -> None:
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Escape)


def tap(widget: QWidget, at: QPoint | None = None) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at or widget.rect().center())


def asking(window: MainWindow, plu: str) -> VoucherPanel:
    """The question that scanning a type's number opens."""
    window.on_scan(plu)
    panel = window.sale.panel
    assert isinstance(panel, VoucherPanel)
    return panel


def sold(till: Till) -> list[tuple[str, str, int]]:
    """Number, words and price of each voucher in the basket."""
    return [
        (line.line.item.voucher.number, line.line.item.voucher.text, line.amount.cents)
        for line in till.sale.state.priced.lines
        if line.line.item.voucher is not None
    ]


def sell(till: Till, *numbers: str) -> None:
    for number in numbers:
        till.sale.sell_voucher(VoucherWish(MASSAGE, number))
    till.sale.pay_cash(till.sale.state.settlement.open)
    till.sale.complete()
    till.sale.dismiss()


def show_last(window: MainWindow) -> None:
    """The last receipt, with its picture and the list beside it."""
    window.act(Action.LAST_RECEIPT)
    window.receipts.work.finish()
    window.receipts.painter.finish()


# The number (V21)


def test_a_tile_opens_the_question_and_a_scan_answers_it(window: MainWindow, till: Till) -> None:
    tile = next(tile for tile in till.sale.assortment().tiles if tile.name == "Massage")
    assert tile.kind is ButtonKind.VOUCHER
    window.sale.articles.taken.emit(tile)
    panel = window.sale.panel
    assert isinstance(panel, VoucherPanel)
    assert panel.number.line.hasFocus()
    assert panel.price.isHidden()
    window.on_scan("Karte-1003")
    assert sold(till) == [("Karte-1003", "", 4000)]
    assert window.sale.panel is None
    assert window.sale.column.basket.lines.note_of(till.sale.state.priced.lines[0]) == "No. Karte-1003"


def test_keys_alone_sell_a_voucher_with_number_price_and_words(window: MainWindow, till: Till) -> None:
    asking(window, "906")
    press(window, "Spende1003\r35,45")
    QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
    press(window, "Alles Gute\r")
    assert sold(till) == [("Spende1003", "Alles Gute", 3545)]
    assert window.sale.panel is None
    press(window, "2")
    window.on_scan(ROSE)
    assert till.sale.state.priced.lines[-1].line.quantity == pieces(2)


@pytest.mark.parametrize("till", [{"language": "de"}, {"language": "en"}], indirect=True)
def test_a_number_in_use_is_refused_beside_its_field_and_stays_there(window: MainWindow, till: Till) -> None:
    sell(till, "S-1")
    panel = asking(window, "907")
    window.on_scan("s-1")
    said = panel.number.message
    assert said.isVisible()
    assert "21.11.2026" in said.text or "21/11/2026" in said.text
    assert panel.number.text == "s-1"
    assert panel.number.line.hasFocus()
    assert sold(till) == []
    assert QApplication.activeModalWidget() is None
    press(window, "S-2\r")
    assert sold(till) == [("S-2", "", 4000)]


@pytest.mark.parametrize("wrong", ["", "   ", "x" * 500, "A\x07B"])
def test_what_can_be_no_number_is_said_with_all_of_it_still_there(window: MainWindow, till: Till, wrong: str) -> None:
    panel = asking(window, "907")
    panel.number.set_text(wrong)
    panel.confirm_button.click()
    assert panel.number.message.isVisible()
    assert panel.number.text == wrong
    assert sold(till) == []


def test_a_scan_of_goods_is_not_taken_without_a_word(window: MainWindow, till: Till) -> None:
    panel = asking(window, "907")
    window.on_scan(ROSE)
    assert "Rose" in panel.number.message.text
    assert sold(till) == []
    press(window, "\r")
    assert sold(till) == [(ROSE, "", 4000)]


def test_each_of_several_is_asked_for_its_number(window: MainWindow, till: Till) -> None:
    press(window, "3")
    panel = asking(window, "906")
    assert panel.progress == "1 of 3"
    panel.price.press("20")
    panel.text.set_text("Danke")
    window.on_scan("S-1")
    assert panel.progress == "2 of 3"
    assert (panel.number.text, panel.price.text, panel.text.text) == ("", "20", "Danke")
    window.on_scan("S-1")
    assert panel.number.message.isVisible()
    window.on_scan("S-2")
    window.on_scan("S-3")
    assert window.sale.panel is None
    assert sold(till) == [("S-1", "Danke", 2000), ("S-2", "Danke", 2000), ("S-3", "Danke", 2000)]


def test_a_scan_goes_on_to_the_price_that_is_still_missing(window: MainWindow, till: Till) -> None:
    panel = asking(window, "906")
    window.on_scan("S-1")
    assert panel.price.line.hasFocus()
    assert not panel.price.message.isVisible()
    press(window, "20\r")
    assert sold(till) == [("S-1", "", 2000)]


def test_the_screens_pad_and_letters_type_into_the_field(window: MainWindow, till: Till) -> None:
    panel = asking(window, "906")
    panel.letters_button.click()
    assert panel.price.isHidden()
    for letter in "SP-":
        next(key for key in panel.letter_keys if key.face.text == letter).click()
    for digit in "12":
        window.sale.column.pad.typed.emit(digit)
    window.sale.column.pad.acted.emit("back")
    assert panel.number.text == "SP-1"
    panel.letters_button.click()
    assert panel.price.isVisible()
    panel.price.begin()
    for key in ("2", "5", ",", "0"):
        window.sale.column.pad.typed.emit(key)
    window.sale.column.pay.click()
    assert sold(till) == [("SP-1", "", 2500)]


# The price (V8, V9, V10)


def test_no_price_and_a_price_of_0_are_refused_until_there_is_one(window: MainWindow, till: Till) -> None:
    panel = asking(window, "906")
    panel.number.set_text("S-1")
    panel.confirm_button.click()
    assert "what the customer pays" in panel.price.message.text
    press(window, "0\r")
    assert "above 0" in panel.price.message.text
    assert panel.price.text == "0"
    press(window, "12,345\r")
    assert panel.price.message.isVisible()
    press(window, "12,34\r")
    assert sold(till) == [("S-1", "", 1234)]


def test_a_gift_takes_a_typed_0_and_not_an_empty_field(window: MainWindow, till: Till) -> None:
    panel = asking(window, "904")
    press(window, "\r")
    assert "0 if it is given away" in panel.price.message.text
    press(window, "0")
    assert panel.price.beside.text() == "worth €15.00"
    press(window, "\r")
    assert sold(till) == [("", "", 0)]


@pytest.mark.parametrize("till", [{"decimal_key": False}], indirect=True)
def test_an_amount_without_decimal_key_is_typed_in_cents(window: MainWindow, till: Till) -> None:
    asking(window, "904")
    press(window, "1234\r")
    assert sold(till) == [("", "", 1234)]


# Selling goes on beside it


def test_selling_goes_on_beside_the_question(window: MainWindow, till: Till) -> None:
    panel = asking(window, "904")
    press(window, "5")
    window.on_scan(ROSE)
    assert window.sale.panel is panel
    assert [line.line.item.name for line in till.sale.state.priced.lines] == ["Rose"]
    window.act(Action.UNDO)
    assert till.sale.state.priced.lines == ()
    assert panel.price.text == "5"


@pytest.mark.parametrize("code", ["906", "S-1"])
def test_no_other_question_takes_the_place_of_one_with_something_typed(
    window: MainWindow, till: Till, code: str
) -> None:
    sell(till, "S-1")
    panel = asking(window, "904")
    press(window, "5")
    window.on_scan(code)
    assert window.sale.panel is panel
    assert "Finish the voucher" in window.sale.column.message.text
    press(window, "\r")
    assert sold(till) == [("", "", 500)]


def test_a_search_keeps_what_was_typed(window: MainWindow, till: Till) -> None:
    panel = asking(window, "906")
    press(window, "SP-7")
    window.sale.search("tulpe")
    assert not panel.isVisible()
    window.sale.take_hit()
    window.sale.search("")
    assert panel.isVisible()
    assert panel.number.text == "SP-7"
    assert [line.line.item.name for line in till.sale.state.priced.lines] == ["Tulpe 10er"]


def test_escape_and_cancel_leave_the_basket_as_it_is(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    asking(window, "906")
    press(window, "SP-7")
    escape(window)
    assert window.sale.panel is None
    panel = asking(window, "906")
    panel.cancel_button.click()
    assert window.sale.panel is None
    assert len(till.sale.state.priced.lines) == 1
    press(window, "3")
    assert window.sale.column.sums.typed == "3"


def test_nothing_is_asked_at_a_closed_till(closed_till: Till, open_window: Callable[[Till], MainWindow]) -> None:
    with closed_till.workplace.database.write() as session:
        add_type(session, VoucherType(MASSAGE, "907", "Massage", Numbering.OWN, sale=Money(4000)))
        claim(session, Plu("907", PluKind.VOUCHER_TYPE, str(MASSAGE)))
    window = open_window(closed_till)
    opening = window.sale.panel
    window.on_scan("907")
    assert window.sale.panel is opening
    assert "closed" in window.sale.column.message.text


# The words (V22)


def test_the_words_of_a_voucher_in_the_basket_can_be_changed(window: MainWindow, till: Till) -> None:
    asking(window, "907").text.set_text("Für Oma")
    window.on_scan("S-1")
    window.sale.column.note_asked.emit()
    panel = window.sale.panel
    assert isinstance(panel, VoucherPanel)
    assert (panel.number.text, panel.text.text) == ("S-1", "Für Oma")
    panel.text.set_text("x" * 121)
    panel.confirm()
    assert "121" in panel.text.message.text
    panel.text.set_text("Für Opa")
    panel.confirm()
    assert sold(till) == [("S-1", "Für Opa", 4000)]
    assert window.sale.panel is None


def test_goods_keep_their_note(window: MainWindow, till: Till) -> None:
    window.on_scan(ROSE)
    window.sale.column.note_asked.emit()
    assert window.sale.panel is None
    press(window, "mit Schleife\r")
    assert till.sale.state.priced.lines[0].line.note == "mit Schleife"


# Several things with one code (V25)


def test_one_of_several_things_is_picked(window: MainWindow, till: Till) -> None:
    sell(till, ROSE)
    window.on_scan(ROSE)
    panel = window.sale.panel
    assert isinstance(panel, PickPanel)
    assert [button.face.text for button in panel.buttons] == ["Article: Rose", "Sold voucher: Massage"]
    assert panel.buttons[0].hasFocus()
    press(window, "\r")
    assert [line.line.item.name for line in till.sale.state.priced.lines] == ["Rose"]
    till.sale.cancel()
    window.on_scan(ROSE)
    panel = window.sale.panel
    assert isinstance(panel, PickPanel)
    panel.buttons[1].click()
    assert isinstance(window.sale.panel, VoucherCheck)
    window.on_scan(ROSE)
    escape(window)
    assert window.sale.panel is None


# After the sale (V24, V27)


def finished(window: MainWindow) -> VouchersCard:
    panel = window.sale.panel
    assert isinstance(panel, FinishedPanel)
    assert panel.vouchers is not None
    return panel.vouchers


@pytest.mark.parametrize("till", [{"language": "de"}, {"language": "en"}], indirect=True)
def test_every_voucher_of_the_receipt_can_be_read_out(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    for place in range(20):
        till.sale.sell_voucher(VoucherWish(MASSAGE, f"S-{place:02}"))
    till.sale.pay_cash(Money(100_000))
    till.sale.complete()
    card = finished(window)
    until = "gültig bis 31.12.2036" if till.settings.language == "de" else "valid until 31/12/2036"
    for place in range(20):
        assert f"S-{place:02}" in card.spoken
    assert card.spoken.count(until) == 20
    (area,) = card.findChildren(QScrollArea)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    assert area.horizontalScrollBar().maximum() == 0
    panel = window.sale.panel
    assert isinstance(panel, FinishedPanel)
    assert not panel.change_card.geometry().intersects(card.geometry())


def test_the_keyboard_scrolls_the_vouchers(window: MainWindow, till: Till, qtbot: QtBot) -> None:
    for place in range(20):
        till.sale.sell_voucher(VoucherWish(MASSAGE, f"S-{place:02}"))
    till.sale.pay_cash(Money(80_000))
    till.sale.complete()
    (area,) = finished(window).findChildren(QScrollArea)
    bar = area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    area.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(area, Qt.Key.Key_Down)
    assert bar.value() > 0


def test_a_line_says_what_a_voucher_is_worth_where_that_is_not_its_price(window: MainWindow, till: Till) -> None:
    till.sale.sell_voucher(VoucherWish(MASSAGE, "S-1"))
    rows = window.sale.column.basket.lines
    assert rows.note_of(till.sale.state.priced.lines[0]) == "No. S-1"
    till.sale.set_line_discount(till.sale.state.priced.lines[0].line.id, PercentOff(2500))
    assert rows.note_of(till.sale.state.priced.lines[0]) == "−25 % · No. S-1 · worth €40.00"


def test_reading_the_vouchers_is_no_tap_but_the_next_scan_ends_it(window: MainWindow, till: Till) -> None:
    till.sale.sell_voucher(VoucherWish(MASSAGE, "S-1"))
    till.sale.pay_cash(Money(4000))
    till.sale.complete()
    tap(finished(window), QPoint(4, 4))
    assert isinstance(window.sale.panel, FinishedPanel)
    window.on_scan(ROSE)
    assert window.sale.panel is None


def test_the_longest_number_is_read_to_its_end(window: MainWindow, till: Till) -> None:
    till.sale.sell_voucher(VoucherWish(MASSAGE, "SPENDE-2026-" + "X" * 28))
    till.sale.pay_cash(Money(4000))
    till.sale.complete()
    card = finished(window)
    assert "SPENDE-2026-" + "X" * 28 in card.spoken
    (area,) = card.findChildren(QScrollArea)
    inside = area.widget()
    assert inside is not None
    assert inside.width() <= area.viewport().width()


def test_the_vouchers_are_there_again_with_the_receipt(window: MainWindow, till: Till) -> None:
    sell(till, "S-1", "S-2")
    show_last(window)
    assert "S-1" in window.receipts.vouchers_spoken
    assert "S-2" in window.receipts.vouchers_spoken


@pytest.mark.parametrize("size", list(CertificateSize))
def test_a_gift_certificate_is_saved_and_opened_by_the_systems_viewer(
    window: MainWindow, till: Till, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: CertificateSize
) -> None:
    till.sale.sell_voucher(VoucherWish(MASSAGE, "S/1"))
    till.sale.pay_cash(Money(4000))
    till.sale.complete()
    card = finished(window)
    card.save_to(tmp_path, size)
    card.work.finish()
    path = tmp_path / f"Gift certificate S_1 {size}.pdf"
    assert path.read_bytes().startswith(b"%PDF")
    assert str(path) in card.message.text
    opened: list[str] = []

    def refuse_to_open(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return False

    monkeypatch.setattr(QDesktopServices, "openUrl", refuse_to_open)
    card.message.offer_button.click()
    assert "No program for PDF" in card.message.text
    assert opened == [str(path)]


def test_the_buttons_save_among_the_documents(
    window: MainWindow, till: Till, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(tmp_path))
    till.sale.sell_voucher(VoucherWish(MASSAGE, "S-1"))
    till.sale.pay_cash(Money(4000))
    till.sale.complete()
    card = finished(window)
    for button in card.size_buttons:
        button.click()
        card.work.finish()
    assert sorted(path.name for path in tmp_path.glob("*.pdf")) == [
        "Gift certificate S-1 A4.pdf",
        "Gift certificate S-1 A6.pdf",
    ]


def test_a_certificate_that_can_not_be_written_is_said_beside_it(
    window: MainWindow, till: Till, tmp_path: Path
) -> None:
    sell(till, "S-1", "S-2")
    show_last(window)
    (card,) = window.receipts.findChildren(VouchersCard)
    card.save_to(tmp_path / "not there", CertificateSize.A4)
    card.work.finish()
    assert "can't be saved there" in card.message.text


def test_slips_without_a_printer_are_refused_in_sight(window: MainWindow, till: Till) -> None:
    till.sale.sell_voucher(VoucherWish(MASSAGE, "S-1"))
    till.sale.pay_cash(Money(4000))
    till.sale.complete()
    card = finished(window)
    card.slip_button.click()
    assert "No printer" in card.message.text


def test_every_control_of_the_question_has_a_name_and_is_reached_by_tab(window: MainWindow) -> None:
    panel = asking(window, "906")
    reached = []
    for _ in range(7):
        focused = window.focusWidget()
        assert focused is not None
        reached.append(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    lines, buttons = (panel.number.line, panel.price.line, panel.text.line), (panel.letters_button, panel.words_button)
    for control in (*lines, *buttons, panel.confirm_button):
        assert control in reached
        assert control.accessibleName()
