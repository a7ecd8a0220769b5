"""How the screens of vouchers and returns are laid out: nothing is cut, nothing drifts apart, every state has its words."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.views import Choice, VoucherAsk, VoucherHit
from till.clock import FixedClock
from till.errors import Refused
from till.money import ZERO, Money
from till.quantity import pieces
from till.sales.tender import TenderKind
from till.ui.entry import Entry
from till.ui.keys import Action
from till.ui.main.window import MainWindow
from till.ui.message import Message
from till.ui.office.opened import opened
from till.ui.office.reports.page import VoucherLiabilityPage
from till.ui.office.vouchers.labels_page import LabelsPage, Source
from till.ui.office.vouchers.page import VouchersPage
from till.ui.office.vouchers.run_page import NumberRunPage
from till.ui.office.window import OfficeWindow
from till.ui.returning.free_page import FreeReturnPage
from till.ui.returning.page import ReturnPage
from till.ui.sale.pick_panel import PickPanel
from till.ui.sale.prompt import Ask, shown_answer
from till.ui.sale.voucher_check import VoucherCheck
from till.ui.sale.voucher_panel import VoucherPanel
from till.ui.screens import render
from till.ui.stage import LANGUAGES, Plan, Stage, Variant
from till.ui.theme import ThemeName
from till.ui.widgets.button import Button, Face
from till.ui.widgets.keypad import DIGITS, heights
from till.ui.widgets.voucher_card import VoucherCard, state_face
from till.vouchers.block import Blocking
from till.vouchers.model import VoucherState
from till.vouchers.reissue import Reissue

ROSE = "4400119000179"
SellVoucher = Callable[[int], str]


def settle() -> None:
    """A layout inside a layout settles in rounds of events."""
    for _ in range(4):
        QApplication.processEvents()


def tap(widget: QWidget) -> None:
    settle()
    assert widget.isVisible()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def is_whole(widget: QWidget) -> bool:
    """Whether all of it is inside what is seen of its window."""
    window = widget.window()
    corner = widget.mapTo(window, QPoint(0, 0))
    return widget.isVisible() and widget.visibleRegion().boundingRect().size() == widget.size() and corner.y() >= 0


@pytest.fixture
def stage(till: Till, window: MainWindow, sell_voucher: SellVoucher) -> Stage:
    """What the scenes play on."""
    return Stage(till, window, sell_voucher(5000))


@pytest.fixture
def office(till: Till, window: MainWindow, qtbot: QtBot) -> OfficeWindow:
    """The back office in the smallest window."""
    made = OfficeWindow(window.look, till)
    qtbot.addWidget(made)
    made.resize(1024, 768)
    made.show()
    return made


def hit_of(stage: Stage) -> VoucherHit:
    return stage.till.sale.look_up_voucher(stage.voucher)[0]


# The scenes themselves


def test_no_scene_spends_or_changes_what_the_next_one_needs(
    till: Till, clock: FixedClock, tmp_path: Path, qtbot: QtBot
) -> None:
    del qtbot
    seen: list[tuple[str, str, str]] = []

    def spends(stage: Stage) -> None:
        stage.window.retranslate("en" if stage.window.look.t.language == "de" else "de")
        stage.window.set_theme(ThemeName.DARK)

    def looks(stage: Stage) -> None:
        seen.append((stage.voucher, stage.window.look.t.language, stage.window.look.palette.name))

    variants = tuple(Variant(ThemeName.LIGHT, language, (1024, 768)) for language in LANGUAGES)
    render(till, clock, tmp_path, Plan((spends, looks), variants))
    assert [one[1:] for one in seen] == [("de", "light"), ("en", "light")]
    assert seen[0][0] != seen[1][0]


# Every state of a voucher at the counter (V31)


def test_every_state_of_a_voucher_has_a_word_of_its_own(stage: Stage) -> None:
    standing = hit_of(stage).standing
    words = {state_face(stage.window.look, replace(standing, state=state)).text for state in VoucherState}
    assert len(words) == len(VoucherState)


def test_a_replaced_voucher_says_by_which_number_while_paying_and_without_a_sale(stage: Stage) -> None:
    voucher = hit_of(stage).standing.voucher
    new = stage.till.vouchers.reissue(Reissue(voucher.id, "torn")).voucher.number
    stage.window.on_scan(ROSE)
    stage.window.act(Action.VOUCHER)
    stage.window.payment.taking.look_up(voucher.number)
    assert f"replaced by {new}" in stage.window.payment.taking.message.text
    assert stage.window.payment.taking.hit is None
    stage.window.payment.left.emit()
    stage.till.sale.cancel()
    stage.window.on_scan(voucher.number)
    panel = stage.window.sale.panel
    assert isinstance(panel, VoucherCheck)
    assert f"replaced by {new}" in panel.message.text


def test_the_day_of_sale_is_read_whole_on_the_narrowest_payment_screen(stage: Stage) -> None:
    stage.window.retranslate("de")
    stage.window.on_scan(ROSE)
    stage.window.act(Action.VOUCHER)
    stage.window.payment.taking.look_up(stage.voucher)
    settle()
    card = stage.window.payment.taking.vouchers.findChild(VoucherCard)
    assert isinstance(card, VoucherCard)
    words = next(
        one for one in card.findChildren(QWidget) if one.property("full") or _shown(one).startswith("verkauft")
    )
    assert _shown(words) == "verkauft am 21.11.2026"


def _shown(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return str(text()) if callable(text) else ""


def test_what_is_paid_out_stands_in_the_row_of_its_voucher(stage: Stage) -> None:
    hit = hit_of(stage)
    stage.window.on_scan(ROSE)
    stage.window.act(Action.VOUCHER)
    stage.till.sale.redeem(hit.standing.voucher.id, Money(350), pay_out=True)
    settle()
    (back,) = stage.window.payment.settled.take_back_keys
    row = back.parentWidget()
    assert row is not None
    assert any("€46.50 back in cash" in _shown(one) for one in row.findChildren(QWidget))


def test_a_payment_goes_on_in_another_language_as_it_was(stage: Stage) -> None:
    stage.window.on_scan(ROSE)
    stage.window.act(Action.VOUCHER)
    stage.window.retranslate("de")
    settle()
    page = stage.window.payment
    assert page.chosen is not None
    assert page.taking.kind is TenderKind.VOUCHER
    assert page.taking.number.isVisible()
    assert page.taking.pad.isVisible()
    assert not any(key.isVisible() for key in page.taking.letter_keys)
    assert not page.taking.amount.isVisible()
    stage.window.act(Action.CASH)
    stage.window.retranslate("en")
    settle()
    assert stage.window.payment.taking.amount.shown == "€3.50"
    QTest.keyClick(stage.window.payment, Qt.Key.Key_Return)
    assert [one.kind for one in stage.till.sale.state.tendered] == [TenderKind.CASH]


# Messages


def test_the_cross_of_a_message_is_the_last_in_its_line(window: MainWindow, qtbot: QtBot) -> None:
    message = Message(window.look)
    qtbot.addWidget(message)
    message.tell("Nobody has this number.")
    message.offer(Face("Did you mean AG-1?"), lambda: None)
    message.show()
    close = next(button for button in message.findChildren(Button) if button.accessibleName() == "Hide this message")
    for width, is_beside in ((1200, True), (500, False), (1200, True)):
        message.resize(width, 120)
        settle()
        assert (close.x() > message.offer_button.x()) is is_beside or close.y() < message.offer_button.y()
        assert close.geometry().right() >= message.offer_button.geometry().right() or not is_beside


# Pads and typed figures


def test_the_right_column_of_a_pad_leaves_no_hole() -> None:
    assert [heights(count) for count in (1, 2, 3, 4)] == [(4,), (2, 2), (1, 1, 2), (1, 1, 1, 1)]
    assert {sum(heights(count)) for count in (1, 2, 3, 4)} == {len(DIGITS)}


def test_an_english_screen_shows_a_point_while_an_amount_is_typed(window: MainWindow) -> None:
    formats, entry = window.look.formats, Entry("2,5")
    assert entry.shown_money(formats) == "€2.5"
    assert shown_answer(Ask.PERCENT, entry, formats) == "2.5 %"
    assert shown_answer(Ask.QUANTITY, entry, formats) == "2.5"
    window.retranslate("de")
    assert entry.shown_money(window.look.formats) == "2,5 €"
    assert shown_answer(Ask.PERCENT, entry, window.look.formats) == "2,5 %"


# The biggest keys on the smallest screen (U3)


def test_big_letters_for_a_number_are_whole_and_so_are_the_words_below(stage: Stage) -> None:
    stage.window.retranslate("de")
    stage.window.set_density(64)
    settle()
    assert stage.window.sale.functions.first.face.text == "Gutschein prüfen"
    for button in stage.window.sale.functions.findChildren(Button):
        assert button.content_width <= button.width()
    own = VoucherAsk(uuid.uuid4(), "906", "Spende", asks_number=True, asks_price=True)
    stage.window.sale.prompts.ask(own)
    panel = stage.window.sale.panel
    assert isinstance(panel, VoucherPanel)
    panel.letters_button.click()
    settle()
    assert all(is_whole(key) for key in (*panel.letter_keys, panel.confirm_button))


def test_the_first_way_to_refund_is_whole_where_keys_are_big(stage: Stage) -> None:
    (hit,) = stage.till.sale.look_up_voucher(stage.voucher)
    stage.till.sale.scan(ROSE, pieces(20))
    stage.till.sale.redeem(hit.standing.voucher.id, Money(1000))
    stage.till.sale.pay_cash(Money(6000))
    sold = stage.till.sale.complete().document
    stage.till.sale.dismiss()
    stage.window.set_density(64)
    page = return_page(stage, sold.id, is_cancellation=True)
    assert is_whole(next(iter(page.card.ways.buttons.values())))
    assert not page.card.figure.isVisible()
    assert "€70.00" in page.card.complete.face.trailing


# Wide screens


def test_words_and_amounts_do_not_drift_apart_on_a_wide_screen(stage: Stage) -> None:
    stage.window.resize(1920, 1080)
    stage.window.on_scan(stage.voucher)
    settle()
    check = stage.window.sale.panel
    assert isinstance(check, VoucherCheck)
    assert 600 < check.width() <= 900
    choices = (Choice(stage.tiles(1)[0]), Choice(voucher=hit_of(stage)))
    stage.window.sale.prompts.pick(choices)
    settle()
    pick = stage.window.sale.panel
    assert isinstance(pick, PickPanel)
    assert 600 < pick.width() <= 900


def test_goods_without_a_receipt_are_paid_back_on_a_card_of_moderate_width(stage: Stage) -> None:
    stage.window.resize(1920, 1080)
    stage.window.act(Action.FREE_RETURN)
    page = stage.window.page
    assert isinstance(page, FreeReturnPage)
    settle()
    assert "Scan or tap what is brought." in [_shown(one) for one in page.lines.findChildren(QWidget)]
    page.on_scan(ROSE)
    page.complete()
    settle()
    assert 600 < page.card.width() <= 800
    page.card.reason.set_text("faded")
    next(iter(page.card.ways.buttons.values())).click()
    page.complete()
    settle()
    assert page.finished is not None
    assert page.finished.go_on.width() <= 1000


# Returns: every refusal in whole words


@pytest.fixture
def sold_two(stage: Stage) -> uuid.UUID:
    """A receipt over two vouchers; one of them has paid for something since."""
    desk = stage.till.sale
    tile = next(tile for tile in desk.assortment().tiles if tile.name == "Gutschein frei")
    for cents in (2500, 4000):
        desk.add(tile, price=Money(cents))
    desk.pay_cash(Money(6500))
    done = desk.complete()
    desk.dismiss()
    desk.scan(ROSE)
    desk.redeem(done.vouchers[1].id, Money(350))
    desk.complete()
    desk.dismiss()
    return done.document.id


def return_page(stage: Stage, document_id: uuid.UUID, *, is_cancellation: bool = False) -> ReturnPage:
    stage.window.receipts.return_asked.emit(document_id, is_cancellation)
    page = stage.window.page
    assert isinstance(page, ReturnPage)
    settle()
    return page


def test_why_a_voucher_cannot_come_back_is_read_in_whole_words_on_its_line(stage: Stage, sold_two: uuid.UUID) -> None:
    page = return_page(stage, sold_two)
    row = page.lines.rows[1]
    assert "Take back what was paid with it first." in row.why_not.text()
    assert row.why_not.text() in row.accessibleName()
    assert row.why_not.height() >= row.why_not.heightForWidth(row.why_not.width())
    assert not page.lines.rows[0].why_not.isVisible()


def test_nothing_is_asked_where_a_receipt_cannot_be_cancelled(stage: Stage, sold_two: uuid.UUID) -> None:
    page = return_page(stage, sold_two, is_cancellation=True)
    assert "Take back what was paid with it first." in page.message.text
    assert not page.card.reason.isVisible()
    assert not page.card.ways.isVisible()
    assert page.lines.rows[0].count.text() == ""
    stage.till.sale.scan(ROSE)
    stage.till.sale.pay_cash(Money(350))
    other = stage.till.sale.complete().document
    stage.till.sale.dismiss()
    page = return_page(stage, other.id, is_cancellation=True)
    assert page.card.reason.isVisible()
    assert page.card.ways.isVisible()


def test_more_than_there_is_to_refund_is_refused_in_words(stage: Stage) -> None:
    stage.till.sale.scan(ROSE, pieces(2))
    stage.till.sale.pay_cash(Money(700))
    sold = stage.till.sale.complete().document
    stage.till.sale.dismiss()
    page = return_page(stage, sold.id)
    page.take_all()
    before = page.choice
    for key in "701":
        page.press(key)
    next(iter(page.card.ways.buttons.values())).click()
    assert page.message.text == "Only €7.00 are to be refunded. Type that or less."
    assert page.choice == before
    for key in "7":
        page.press(key)
    next(iter(page.card.ways.buttons.values())).click()
    assert page.message.text == ""


def test_an_amount_typed_for_one_receipt_is_forgotten_at_the_next(stage: Stage, sold_two: uuid.UUID) -> None:
    page = return_page(stage, sold_two)
    page.step(0, 1)
    page.card.split_button.click()
    page.press("5")
    assert page.message.attempt(page.abandon)
    page.left.emit()
    page = return_page(stage, sold_two)
    assert not page.card.entry
    assert not page.card.pad.isVisible()
    assert page.card.reason.isVisible()


# By keys alone


def walked(window: MainWindow, steps: int) -> list[str]:
    """The names of what Tab leads to, one after the other."""
    names = []
    for _ in range(steps):
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        focused = window.focusWidget()
        assert focused is not None
        names.append(focused.accessibleName())
    return names


def test_tab_goes_through_a_return_as_it_is_read(stage: Stage, sold_two: uuid.UUID) -> None:
    page = return_page(stage, sold_two)
    page.step(0, 1)
    settle()
    names = walked(stage.window, 12)
    assert names[:2] == ["Everything", "One less: Gutschein frei"]
    in_order = ["Back to the sale", "Share it out", "Cash €25.00", "Why it comes back (if you like)"]
    assert [name for name in names if name in in_order] == in_order
    page.card.reason.line.setFocus()
    assert walked(stage.window, 1) == ["Keyboard on the screen"]
    assert walked(stage.window, 4)[-1] == "Take back €25.00"


def test_tab_goes_through_a_payment_as_it_is_read(stage: Stage) -> None:
    stage.window.on_scan(ROSE)
    hit = hit_of(stage)
    standing = replace(hit.standing, state=VoucherState.EXPIRED)
    stage.window.act(Action.VOUCHER)
    taking = stage.window.payment.taking
    refused = Refused("expired")
    taking.show_hits((replace(hit, standing=standing, goodwill=hit.offered, surplus=None, refusal=refused),))
    taking.message.offer_button.click()
    settle()
    focused = stage.window.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == "Why is it accepted?"
    names = walked(stage.window, 5)
    assert names == ["Keyboard on the screen", "Only just expired", "Regular customer", "Illness or travel", "Accept"]


def test_the_arrows_choose_what_is_meant_by_a_code(stage: Stage, qtbot: QtBot) -> None:
    stage.till.sale.scan(ROSE)
    choices = (Choice(stage.tiles(1)[0]), Choice(stage.asking_tile()), Choice(voucher=hit_of(stage)))
    picked: list[Choice] = []
    stage.window.sale.prompts.picked.connect(picked.append)
    stage.window.activateWindow()
    qtbot.waitUntil(stage.window.isActiveWindow)
    stage.window.sale.prompts.pick(choices)
    panel = stage.window.sale.panel
    assert isinstance(panel, PickPanel)
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(stage.window.focusWidget() or panel, key)
    assert stage.window.focusWidget() is panel.buttons[2]
    QTest.keyClick(panel.buttons[2], Qt.Key.Key_Up)
    focused = stage.window.focusWidget()
    assert focused is panel.buttons[1]
    QTest.keyClick(panel.buttons[1], Qt.Key.Key_Return)
    assert picked == [choices[1]]


def test_what_was_given_instead_of_money_is_spoken_with_its_count(stage: Stage) -> None:
    stage.till.sale.scan(ROSE)
    stage.till.sale.pay_cash(Money(350))
    sold = stage.till.sale.complete().document
    stage.till.sale.dismiss()
    page = return_page(stage, sold.id)
    page.take_all()
    way = next(one for one in page.card.ways.buttons if one.voucher_type is not None)
    page.card.ways.buttons[way].click()
    page.complete()
    settle()
    assert page.finished is not None
    assert "1 voucher instead of money" in [one.accessibleName() for one in page.finished.findChildren(QWidget)]


# The back office at its smallest


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_tabs_of_a_voucher_type_are_seen_at_once(stage: Stage, language: str) -> None:
    stage.window.retranslate(language)
    window, page = opened(stage, "vouchers", VouchersPage)
    settle()
    bar = page.tabs.bar
    for place in range(bar.count()):
        bar.setCurrentIndex(place)
        page.tabs.tab.tear_down()
        settle()
        assert bar.tabRect(0).left() >= 0
        assert bar.tabRect(bar.count() - 1).right() <= bar.width()
    window.close()
    window.deleteLater()


def test_a_wrong_number_run_is_shown_with_its_whole_card(office: OfficeWindow) -> None:
    office.open_page("voucher-run")
    page = office.page
    assert isinstance(page, NumberRunPage)
    page.count.type_in(20_000_000)
    page.form.is_right()
    settle()
    card = page.save_button.parentWidget()
    assert card is not None
    assert is_whole(card)


def test_labels_can_be_saved_without_scrolling(office: OfficeWindow) -> None:
    office.open_page("voucher-labels")
    page = office.page
    assert isinstance(page, LabelsPage)
    page.choose(Source.VOUCHERS)
    page.numbers.type_in(("AG-9999",))
    page.show_preview()
    page.drawing.finish()
    settle()
    assert page.message.text
    assert is_whole(page.save_button)


def test_a_span_of_years_is_read_whole_in_the_liability_report(office: OfficeWindow) -> None:
    office.open_page("voucher-liability")
    page = office.page
    assert isinstance(page, VoucherLiabilityPage)
    page.work.finish()
    view = page.table.view
    assert view.columnWidth(1) >= view.fontMetrics().horizontalAdvance("2019–2026") + 24
    tops = {figure.y() for figure in (page.owed, page.single, page.bonus, page.soon)}
    assert len(tops) == 1


def test_a_blocked_voucher_says_since_when_and_why_without_a_sale(stage: Stage) -> None:
    voucher = hit_of(stage).standing.voucher
    stage.till.vouchers.block(Blocking(voucher.id, "lost by Mrs Weber"))
    stage.window.on_scan(stage.voucher)
    panel = stage.window.sale.panel
    assert isinstance(panel, VoucherCheck)
    settle()
    assert "lost by Mrs Weber" in panel.message.text
    assert dt.date(2026, 11, 21).strftime("%d/%m/%Y") in panel.message.text
    assert hit_of(stage).offered == ZERO
