"""The office's page about the shop: nothing typed is lost, refusals beside their cause, the way on where a Z is missing."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.views import Tile
from till.business_case import ZahlartTyp
from till.clock import FixedClock
from till.money import Money
from till.shop.vat_change import RateChange
from till.ui.look import Look
from till.ui.main.window import MainWindow
from till.ui.office.shop.page import ShopPage
from till.ui.office.window import OfficeWindow
from till.ui.shift.closing_page import ClosingPage
from till.ui.theme import ThemeName, palette

TEAPOT = "Teekanne 1,2 l"


@pytest.fixture
def office(window: MainWindow) -> OfficeWindow:
    """The office over the counter's window."""
    window.open_office("shop")
    assert window.office is not None
    return window.office


@pytest.fixture
def page(office: OfficeWindow, till: Till) -> ShopPage:
    """The page, over a till with a valid tax number."""
    del till
    assert isinstance(office.page, ShopPage)
    return office.page


def type_into(page: ShopPage, name: str, text: str) -> None:
    """Type something else into a field of the details."""
    line = page.details.fields[name].line
    line.selectAll()
    QTest.keyClicks(line, text)


def settle(page: ShopPage) -> None:
    """Let the office's worker end and its answer arrive."""
    deadline = time.monotonic() + 20
    while page.work.is_busy:
        page.work.finish()
        assert time.monotonic() < deadline
    QApplication.processEvents()


# Details


def test_the_details_of_today_stand_there_and_save_sleeps(page: ShopPage) -> None:
    assert page.details.fields["name"].value() == "Blumen & Tee Sommer"
    assert not page.details.save_button.isEnabled()
    assert page.may_leave()


def test_a_wrong_number_is_said_below_it_while_typing(page: ShopPage, qtbot: QtBot) -> None:
    type_into(page, "vat_id", "DE123456789")
    vat_id = page.details.fields["vat_id"]
    qtbot.waitUntil(lambda: "last digit" in vat_id.error.text(), timeout=5000)
    page.details.save()
    assert page.details.is_changed
    assert vat_id.line.text() == "DE123456789"


def test_a_new_name_in_the_middle_of_a_shift_offers_the_closing_or_tomorrow(
    page: ShopPage, till: Till, window: MainWindow
) -> None:
    type_into(page, "tax_number", "12/345/67890")
    type_into(page, "name", "Sommer GmbH")
    page.details.save()
    assert "close the till with a Z first" in page.message.text
    assert page.details.z_first.isVisible()
    assert page.details.fields["name"].line.text() == "Sommer GmbH"

    page.details.z_first.closing_button.click()
    assert isinstance(window.page, ClosingPage)
    page.details.z_first.later_button.click()
    (plan,) = till.shop.details().planned
    assert plan.name == "Sommer GmbH"
    assert plan.valid_from == till.shop.today() + dt.timedelta(days=1)
    assert not page.details.z_first.isVisible()
    assert "counts from" in page.message.text
    page.details._withdraw(plan.valid_from)
    assert till.shop.details().planned == ()


def test_after_the_z_a_new_name_counts_at_once(page: ShopPage, till: Till, window: MainWindow) -> None:
    till.cash.close_shift(None)
    type_into(page, "tax_number", "12/345/67890")
    type_into(page, "name", "Sommer GmbH")
    page.details.save()
    assert till.shop_name == "Sommer GmbH"
    assert not page.details.is_changed
    QApplication.processEvents()
    assert window.windowTitle() == "Sommer GmbH – Till"


def test_what_is_typed_survives_other_parts_another_theme_and_closing(
    page: ShopPage, office: OfficeWindow, window: MainWindow
) -> None:
    type_into(page, "phone", "030 99")
    page.show_part(3)
    page.show_part(0)
    assert page.details.fields["phone"].line.text() == "030 99"
    assert not office.close()
    assert "not saved" in page.message.text
    office.change_look(Look(palette(ThemeName.DARK), window.look.formats))
    assert office.page is page
    page.details.discard()
    assert not page.details.is_changed
    assert page.may_leave()


# Texts and logo


def test_texts_are_stored_and_seen_on_the_receipt_beside_them(page: ShopPage, till: Till, qtbot: QtBot) -> None:
    page.details.fields["tax_number"].set_value("12/345/67890")
    page.show_part(1)
    settle(page)
    qtbot.waitUntil(lambda: not page.texts.paper.pixmap().isNull(), timeout=10_000)
    before = page.texts.paper.pixmap().height()
    page.texts.footer.text.setPlainText("Danke\nBis bald\nIhr Team")
    qtbot.waitUntil(lambda: page.texts.paper.pixmap().height() > before, timeout=10_000)
    till.cash.close_shift(None)
    page.show_part(0)
    type_into(page, "tax_number", "12/345/67890")
    page.details.save()
    page.show_part(1)
    assert page.texts.footer.value() == ("Danke", "Bis bald", "Ihr Team")
    page.texts.save()
    assert till.workplace.shop.receipt_footer == ("Danke", "Bis bald", "Ihr Team")
    settle(page)


def test_a_line_that_is_too_long_says_so_and_one_that_wraps_too(page: ShopPage) -> None:
    page.show_part(1)
    page.texts.footer.text.setPlainText("x" * 45)
    assert "42, 32" in page.texts._wraps.text()
    page.texts.footer.text.setPlainText("x" * 49)
    assert not page.texts.footer.is_right()
    assert "at most 48" in page.texts.footer.error.text()
    settle(page)


def test_a_logo_is_read_beside_the_window_and_no_picture_is_refused(
    page: ShopPage, tmp_path: Path, qtbot: QtBot
) -> None:
    page.show_part(1)
    settle(page)
    picture = Image.new("L", (300, 100), 255)
    ImageDraw.Draw(picture).rectangle((20, 20, 280, 80), fill=0)
    picture.save(tmp_path / "logo.png")
    page.texts.take_logo(tmp_path / "logo.png")
    qtbot.waitUntil(lambda: page.texts.is_changed, timeout=10_000)
    settle(page)
    page.texts.remove_logo()
    settle(page)
    (tmp_path / "logo.txt").write_text("no picture")
    page.texts.take_logo(tmp_path / "logo.txt")
    qtbot.waitUntil(lambda: "no picture" in page.message.text, timeout=10_000)


# VAT rates


def test_a_rate_is_planned_and_withdrawn(page: ShopPage, till: Till) -> None:
    page.show_part(2)
    rates = page.rates
    rates.rate.line.setText("20")
    rates.plan()
    assert "asks for a Z" in page.message.text
    assert rates.table.select(lambda rate: rate.rate_bp == 2000)
    assert rates.withdraw_button.isEnabled()
    rates.withdraw()
    assert all(rate.rate_bp != 2000 for rate in till.shop.vat_rates())
    assert rates.table.select(lambda rate: rate.rate_bp == 1600)
    assert not rates.withdraw_button.isEnabled()


def test_a_rate_from_today_or_with_its_end_before_its_begin_is_refused_at_its_field(page: ShopPage, till: Till) -> None:
    page.show_part(2)
    today = till.shop.today()
    page.rates.rate.line.setText("20")
    page.rates.valid_from.day.setDate(QDate(today.year, today.month, today.day))
    page.rates.plan()
    assert "whole days" in page.rates.valid_from.error.text()
    page.rates.valid_from.set_value(today + dt.timedelta(days=5))
    page.rates.has_end.check.setChecked(True)
    page.rates.valid_to.set_value(today + dt.timedelta(days=4))
    page.rates.plan()
    assert "before the first" in page.rates.valid_to.error.text()
    assert page.rates.is_changed


# Ways to pay


def test_an_own_way_to_pay_is_added_moved_and_stands_on_the_payment_page(
    page: ShopPage, till: Till, window: MainWindow, tile: Callable[[str], Tile]
) -> None:
    page.show_part(3)
    tenders = page.tenders
    tenders.begin_new()
    tenders.name.line.setText("Stadtgutschein")
    tenders.opens_drawer.check.setChecked(True)
    tenders.save()
    assert [one.name for one in till.shop.tenders()][-1] == "Stadtgutschein"
    tenders.shift(-1)
    assert [one.name for one in till.shop.tenders()][2] == "Stadtgutschein"

    till.sale.add(tile(TEAPOT))
    window.go_home()
    QTest.keyClick(window, Qt.Key.Key_F12)
    assert window.page is window.payment
    own = next(key for key in window.payment.tenders.tenders if key.name == "Stadtgutschein")
    window.payment.choose(own)
    assert "Stadtgutschein" in window.payment.taking._title.text()
    window.payment.taking.confirm()
    window.payment.complete()
    last = till.receipts.last()
    assert last is not None
    assert last.draft.payments[0].name == "Stadtgutschein"
    tenders.remove()
    assert "stands in the books" in page.message.text


def test_what_is_typed_for_one_way_to_pay_is_not_lost_by_tapping_another(page: ShopPage) -> None:
    page.show_part(3)
    page.tenders.name.line.setText("Bargeld")
    page.tenders.table.select(lambda one: one.id == "card")
    assert page.tenders.name.line.text() == "Bargeld"
    assert "not saved" in page.message.text
    page.tenders.discard()
    page.tenders.table.select(lambda one: one.id == "voucher")
    assert page.tenders.name.line.text() != "Bargeld"


def test_another_type_in_the_middle_of_a_shift_offers_the_closing(page: ShopPage, till: Till) -> None:
    page.show_part(3)
    page.tenders.table.select(lambda one: one.id == "card")
    page.tenders.kind.combo.setCurrentIndex(1)
    page.tenders.save()
    assert "close the till with a Z first" in page.message.text
    assert page.tenders.z_first.isVisible()
    till.cash.close_shift(None)
    page.tenders.save()
    assert till.shop.tenders()[1].zahlart_typ is ZahlartTyp.EC_KARTE
    assert not page.tenders.z_first.isVisible()


# T15


def test_a_basket_open_at_midnight_is_priced_again_in_sight(
    till: Till, window: MainWindow, tile: Callable[[str], Tile]
) -> None:
    clock = till.workplace.clock
    assert isinstance(clock, FixedClock)
    teapot = tile(TEAPOT)
    key = next(rate.key for rate in till.shop.vat_rates())
    till.shop.plan_rate(RateChange(key, 2000, till.shop.today() + dt.timedelta(days=1)))
    till.sale.add(teapot)
    QTest.keyClick(window, Qt.Key.Key_F12)
    till.sale.pay_cash(Money(4900))
    clock.advance(86_400)

    QTest.keyClick(window, Qt.Key.Key_F12)
    assert window.page is window.payment, "it is not booked yet"
    assert window.payment.settled.message.isVisible()
    assert "VAT rates have changed" in window.payment.settled.message.text
    assert till.receipts.last() is None

    QTest.keyClick(window, Qt.Key.Key_F12)
    last = till.receipts.last()
    assert last is not None
    assert [row.rate_bp for row in last.draft.vat] == [2000]
