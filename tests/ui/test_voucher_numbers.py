"""The office's numbers of a voucher type: found, sorted, opened, corrected, blocked and replaced, with words at the field."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from till.app.attendance import Present
from till.app.bootstrap import Till
from till.db.engine import NO_CONNECTION
from till.errors import Unavailable
from till.money import Money
from till.receipts.certificate import CertificateSize
from till.staff.permission import EVERYTHING, Permission, Rights
from till.ui.office.vouchers.deed_form import Deed
from till.ui.office.vouchers.numbers import LEFT, MENU, NUMBER, REDEEMED, SOLD, STATE, NumbersTab
from till.ui.office.vouchers.page import VouchersPage
from till.ui.office.vouchers.sheet import file_name
from till.ui.office.window import OfficeWindow
from till.vouchers import listing
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction
from till.vouchers.model import VoucherState

Sell = Callable[[int], str]


@pytest.fixture
def sold(sell_voucher: Sell) -> list[str]:
    """Three vouchers, the newest last."""
    return [sell_voucher(cents) for cents in (2500, 5000, 10000)]


@pytest.fixture
def tab(sold: list[str], office: OfficeWindow, till: Till) -> NumbersTab:
    """The numbers of the type that the vouchers are of."""
    assert sold
    office.open_page("vouchers")
    page = office.page
    assert isinstance(page, VouchersPage)
    page.work.finish()
    page.list.chosen.emit(next(kind for kind in till.voucher_types.types() if kind.name == "Gutschein frei"))
    shown = page.tabs.open_tab("numbers")
    assert isinstance(shown, NumbersTab)
    shown.work.finish()
    return shown


def id_of(till: Till, number: str) -> uuid.UUID:
    """The voucher's id."""
    return till.vouchers.scanned(number)[0].id


def cell(tab: NumbersTab, row: int, column: int) -> str:
    """What stands in a cell."""
    index = tab.table.model.index(row, column)
    return str(tab.table.model.data(index, Qt.ItemDataRole.AccessibleTextRole))


def column(tab: NumbersTab, which: int) -> list[str]:
    """What stands in a column."""
    tab.work.finish()
    return [cell(tab, row, which) for row in range(tab.table.model.rowCount())]


def tap(tab: NumbersTab, row: int, which: int) -> None:
    """Tap a cell."""
    view = tab.table.view
    where = view.visualRect(tab.table.model.index(row, which)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)


def menu_words(tab: NumbersTab) -> list[str]:
    """What the open menu offers; it is closed again."""
    menu = tab._menu
    assert menu is not None
    words = [action.text() for action in menu.actions()]
    menu.close()
    return words


def fill(tab: NumbersTab, reason: str, amount: str = "") -> None:
    """Type into the open form and press its button."""
    form = tab.sheet.form
    if amount:
        form.amount.line.setFocus()
        QTest.keyClicks(form.amount.line, amount)
    QTest.keyClicks(form.reason.line, reason)
    form.do_button.click()


def history(tab: NumbersTab) -> list[str]:
    """The headings of the history, newest first."""
    shown = tab.sheet.shown
    assert shown is not None
    return [line.happening.value for line in reversed(shown.history)]


def test_the_list_shows_the_newest_first_with_what_became_of_each(tab: NumbersTab, till: Till, sold: list[str]) -> None:
    assert column(tab, NUMBER) == sold[::-1]
    till.vouchers.reduce(Correction(id_of(till, sold[2]), Money(-1500), "x"))
    till.vouchers.block(Blocking(id_of(till, sold[0]), "verloren"))
    tab._look_up()
    assert column(tab, REDEEMED) == ["15.00", "0.00", "0.00"]
    assert column(tab, LEFT) == ["85.00", "50.00", "25.00"]
    assert column(tab, STATE) == ["active", "active", "blocked"]
    assert tab.count.text() == "3 vouchers"


def test_numbers_are_found_as_one_types_and_by_state(tab: NumbersTab, till: Till, sold: list[str]) -> None:
    QTest.keyClicks(tab.table.search.line, sold[1].lower())
    tab._pause.timeout.emit()
    assert column(tab, NUMBER) == [sold[1]]
    tab.table.search.line.clear()
    till.vouchers.block(Blocking(id_of(till, sold[0]), "verloren"))
    tab.state.set_value(VoucherState.BLOCKED)
    tab.state.changed.emit()
    assert column(tab, NUMBER) == [sold[0]]
    tab.state.set_value(True)
    tab.state.changed.emit()
    assert column(tab, NUMBER) == []
    assert tab.table._empty.text() == "No voucher of this type fits. Type less, or choose another state."
    assert tab.count.isHidden()


def test_a_type_that_sold_nothing_says_so(tab: NumbersTab, till: Till) -> None:
    tab.show_type(next(kind for kind in till.voucher_types.types() if kind.name == "Gutschein 25 €"))
    assert column(tab, NUMBER) == []
    assert tab.table._empty.text() == "No voucher of this type was sold yet."


def test_a_title_sorts_all_numbers_and_not_only_those_on_the_screen(
    tab: NumbersTab, sold: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE", 2)
    monkeypatch.setattr("till.app.vouchers.PAGE", 2)
    titles = tab.table.view.horizontalHeader()
    titles.sectionClicked.emit(NUMBER)
    assert column(tab, NUMBER) == sold[:2]
    assert tab.count.text() == "The first 2 vouchers; more come as you scroll."
    tab.table.more_wanted.emit()
    assert column(tab, NUMBER) == sold
    titles.sectionClicked.emit(NUMBER)
    assert column(tab, NUMBER) == sold[:0:-1]
    titles.sectionClicked.emit(SOLD)
    assert titles.sortIndicatorSection() == SOLD
    titles.sectionClicked.emit(LEFT)
    assert titles.sortIndicatorSection() == SOLD


def test_a_tap_opens_a_voucher_and_escape_leads_back_to_its_row(tab: NumbersTab, sold: list[str]) -> None:
    tap(tab, 1, NUMBER)
    assert (tab.shows_sheet, tab.sheet.title.text(), history(tab)) == (True, sold[1], ["sold"])
    QTest.keyClick(tab.sheet.back_button, Qt.Key.Key_Escape)
    row = tab.table.row
    assert row is not None
    assert (tab.shows_sheet, row.voucher.number) == (False, sold[1])
    QTest.keyClick(tab.table.view, Qt.Key.Key_Return)
    assert (tab.shows_sheet, tab.sheet.title.text()) == (True, sold[1])
    tab.sheet.back_button.click()
    assert (tab.shows_sheet, tab.table.isVisible()) == (False, True)


def test_each_row_has_a_menu_of_what_can_be_done(tab: NumbersTab, till: Till, sold: list[str]) -> None:
    till.vouchers.block(Blocking(id_of(till, sold[2]), "verloren"))
    till.vouchers.reduce(Correction(id_of(till, sold[1]), Money(-5000), "x"))
    tab._look_up()
    tab.work.finish()
    tap(tab, 0, MENU)
    assert menu_words(tab) == ["Show", "Take value off", "Add bonus", "Unblock", "New number", "Add to the labels"]
    tap(tab, 1, MENU)
    assert menu_words(tab) == ["Show"]
    view = tab.table.view
    where = view.visualRect(tab.table.model.index(2, NUMBER)).center()
    QApplication.sendEvent(
        view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, view.viewport().mapToGlobal(where))
    )
    assert "Block" in menu_words(tab)
    view.setCurrentIndex(tab.table.model.index(2, NUMBER))
    QApplication.sendEvent(view, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint()))
    assert tab._menu is not None
    tab._menu.actions()[1].trigger()
    assert tab.sheet.form.isVisible()
    assert tab.sheet.form.deed is Deed.REDUCE
    assert cell(tab, 0, MENU) == "What can be done with it"


def test_value_is_taken_off_with_a_reason_and_the_list_follows(tab: NumbersTab, sold: list[str]) -> None:
    tap(tab, 0, NUMBER)
    tab.sheet.buttons[Deed.REDUCE].click()
    fill(tab, "Ecke fehlt", "12,50")
    assert tab.sheet.told.text == "€12.50 were taken off."
    assert history(tab) == ["reduced", "sold"]
    assert tab.sheet.form.isHidden()
    tab.show_list()
    assert cell(tab, 0, REDEEMED) == "12.50"
    assert column(tab, NUMBER) == sold[::-1]


def test_a_double_click_on_the_button_does_it_once(tab: NumbersTab, till: Till, sold: list[str]) -> None:
    tap(tab, 0, NUMBER)
    tab.sheet.buttons[Deed.RAISE].click()
    form = tab.sheet.form
    QTest.keyClicks(form.amount.line, "5")
    QTest.keyClicks(form.reason.line, "Trost")
    form.do_button.click()
    form.submit()
    assert history(tab) == ["raised", "sold"]
    assert till.vouchers.sheet(id_of(till, sold[2])).standing.bonus_left == Money(500)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("0", "Type an amount above 0."),
        ("-5", "Type an amount above 0."),
        ("100,01", "AG2026-0003: only €100.00 is left."),
        ("1,234", "“1,234” is not an amount. Type it like 12,50."),
        ("abc", "“abc” is not an amount. Type it like 12,50."),
        ("", "Something has to stand here."),
    ],
)
def test_a_wrong_amount_is_refused_at_its_field(tab: NumbersTab, typed: str, why: str) -> None:
    tap(tab, 0, NUMBER)
    tab.sheet.buttons[Deed.REDUCE].click()
    fill(tab, "x", typed)
    assert tab.sheet.form.amount.error.text() == why
    assert tab.sheet.form.reason.line.text() == "x"
    assert history(tab) == ["sold"]


@pytest.mark.parametrize(
    ("reason", "why"),
    [("", "Something has to stand here."), ("x" * 500, "The reason can have 200 characters at most.")],
)
def test_a_wrong_reason_is_refused_at_its_field(tab: NumbersTab, reason: str, why: str) -> None:
    tap(tab, 0, NUMBER)
    tab.sheet.buttons[Deed.BLOCK].click()
    tab.sheet.form.reason.line.setText(reason)
    tab.sheet.form.do_button.click()
    assert tab.sheet.form.reason.error.text() == why
    assert history(tab) == ["sold"]


def test_a_voucher_is_blocked_and_let_go_again(tab: NumbersTab) -> None:
    tap(tab, 0, NUMBER)
    tab.sheet.buttons[Deed.BLOCK].click()
    fill(tab, "verloren")
    assert tab.sheet.why.text() == "AG2026-0003: blocked since 21/11/2026, 14:32: verloren."
    assert (tab.sheet.buttons[Deed.BLOCK].isHidden(), tab.sheet.buttons[Deed.UNBLOCK].isHidden()) == (True, False)
    tab.sheet.buttons[Deed.UNBLOCK].click()
    fill(tab, "wieder da")
    assert tab.sheet.why.isHidden()
    assert history(tab)[:2] == ["unblocked", "blocked"]


def test_a_new_number_is_scanned_and_the_old_one_leads_to_it(tab: NumbersTab, sold: list[str]) -> None:
    tap(tab, 0, NUMBER)
    tab.sheet.buttons[Deed.REISSUE].click()
    assert tab.on_scan(sold[0])
    fill(tab, "Karte brach")
    assert "was sold already" in tab.sheet.form.number.error.text()
    assert tab.on_scan("4006381333931")
    tab.sheet.form.do_button.click()
    assert tab.sheet.told.text == "It has the number 4006381333931 now."
    assert tab.sheet.chip.text == "replaced"
    assert not any(button.isVisible() for button in tab.sheet.buttons.values())
    shown = tab.sheet.shown
    assert shown is not None
    tab.sheet._link(shown.history[-1]).click()
    assert tab.sheet.title.text() == "4006381333931"
    tab.show_list()
    assert sorted(column(tab, NUMBER)) == ["4006381333931", *sold]


def test_nothing_is_offered_where_nothing_is_left(tab: NumbersTab, till: Till, sold: list[str]) -> None:
    till.vouchers.reduce(Correction(id_of(till, sold[2]), Money(-10000), "x"))
    tab.show_voucher(id_of(till, sold[2]), Deed.REDUCE)
    assert not any(button.isVisible() for button in tab.sheet.buttons.values())
    assert tab.sheet.form.isHidden()
    assert tab.sheet.why.text().startswith("AG2026-0003: fully redeemed on")


def test_a_scan_opens_the_voucher_and_an_unknown_one_is_refused(tab: NumbersTab, sold: list[str]) -> None:
    assert tab.on_scan("$V903.AG2026-0002")
    assert (tab.shows_sheet, tab.sheet.title.text()) == (True, sold[1])
    assert tab.on_scan("nobody")
    assert tab.message.text.startswith("There is no voucher with the number nobody.")


def test_what_is_typed_is_not_lost_by_going_elsewhere(tab: NumbersTab, office: OfficeWindow) -> None:
    tap(tab, 0, NUMBER)
    tab.sheet.buttons[Deed.BLOCK].click()
    QTest.keyClicks(tab.sheet.form.reason.line, "verl")
    assert office.page is not None
    assert not office.page.may_leave()
    tab.discard()
    assert office.page.may_leave()
    assert tab.sheet.buttons[Deed.BLOCK].isVisible()
    tab.sheet.buttons[Deed.BLOCK].click()
    QTest.keyClicks(tab.sheet.form.reason.line, "verloren")
    assert tab.save()
    assert history(tab)[0] == "blocked"


def test_escape_gives_up_the_form_and_only_then_leaves_the_voucher(tab: NumbersTab) -> None:
    tap(tab, 0, NUMBER)
    tab.sheet.buttons[Deed.BLOCK].click()
    QTest.keyClick(tab.sheet.form.reason.line, Qt.Key.Key_Escape)
    assert (tab.sheet.form.isHidden(), tab.shows_sheet) == (True, True)


def test_the_keys_alone_do_it(tab: NumbersTab) -> None:
    tap(tab, 0, NUMBER)
    QTest.keyClick(tab.sheet.buttons[Deed.REDUCE], Qt.Key.Key_Return)
    form = tab.sheet.form
    QTest.keyClicks(form.amount.line, "1")
    QTest.keyClick(form.amount.line, Qt.Key.Key_Return)
    assert tab.window().focusWidget() is form.reason.line
    QTest.keyClicks(form.reason.line, "x")
    QTest.keyClick(form.reason.line, Qt.Key.Key_Return)
    assert history(tab)[0] == "reduced"


def test_who_may_not_can_have_it_approved(tab: NumbersTab, till: Till) -> None:
    rights = Rights(EVERYTHING.permissions - {Permission.RAISE_VOUCHER}, 100)
    till.workplace.attendance.enter(Present(till.workplace.user, rights, is_alone=False))
    tap(tab, 0, NUMBER)
    tab.sheet.buttons[Deed.RAISE].click()
    fill(tab, "Trost", "5")
    assert "may not do this" in tab.sheet.message.text
    assert tab.sheet.message.approve_button.isVisible()
    assert tab.sheet.form.amount.line.text() == "5"


def test_a_closed_till_says_what_to_do(tab: NumbersTab, till: Till) -> None:
    till.cash.close_shift(None)
    tap(tab, 0, NUMBER)
    tab.sheet.buttons[Deed.REDUCE].click()
    fill(tab, "x", "5")
    assert tab.sheet.message.text.startswith("The till is closed. Open it first")


def test_a_lost_answer_is_asked_for_again_by_itself(
    tab: NumbersTab, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = till.vouchers.reduce
    lost: list[str] = []

    def lose_once(wish: Correction) -> object:
        document = done(wish)
        if not lost:
            lost.append("answer")
            raise Unavailable(NO_CONNECTION)
        return document

    monkeypatch.setattr(till.vouchers, "reduce", lose_once)
    tap(tab, 0, NUMBER)
    tab.sheet.buttons[Deed.REDUCE].click()
    fill(tab, "x", "5")
    assert tab.sheet.message.is_waiting
    tab.sheet.message._again.timeout.emit()
    assert history(tab) == ["reduced", "sold"]


def test_every_control_has_a_name(tab: NumbersTab) -> None:
    tap(tab, 0, NUMBER)
    controls = [tab.sheet.back_button, *tab.sheet.buttons.values(), tab.sheet.form.amount.line, tab.state.combo]
    assert all(control.accessibleName() for control in controls)


def test_who_may_only_block_vouchers_comes_to_them(office: OfficeWindow, till: Till, sold: list[str]) -> None:
    rights = Rights(frozenset({Permission.BLOCK_VOUCHER, Permission.SELL}))
    till.workplace.attendance.enter(Present(till.workplace.user, rights, is_alone=False))
    office.show_staff()
    assert office.keys == ("vouchers",)
    page = office.page
    assert isinstance(page, VouchersPage)
    page.work.finish()
    assert page.message.text == ""
    tab = page.tabs.open_tab("numbers")
    assert isinstance(tab, NumbersTab)
    tab.show_voucher(id_of(till, sold[0]), Deed.BLOCK)
    fill(tab, "verloren")
    assert tab.sheet.chip.text == "blocked"


def test_a_gift_certificate_is_saved_as_a_pdf(tab: NumbersTab, tmp_path: Path) -> None:
    tap(tab, 0, NUMBER)
    tab.sheet.pdf_button.click()
    assert tab.sheet._menu is not None
    assert [action.text() for action in tab.sheet._menu.actions()] == ["PDF A4", "PDF A6"]
    tab.sheet._menu.close()
    path = tmp_path / "Gutschein.pdf"
    tab.sheet.save_certificate(CertificateSize.A6, path)
    tab.work.finish()
    assert tab.sheet.told.text == f"Saved as {path}"
    assert path.read_bytes().startswith(b"%PDF")
    tab.sheet.save_certificate(CertificateSize.A4, tmp_path / "nowhere" / "x.pdf")
    tab.work.finish()
    assert tab.message.text.startswith("The PDF can't be saved there")


def test_where_a_certificate_goes_is_asked_with_a_fitting_name(
    tab: NumbersTab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []

    def answer(_parent: object, _look: object, name: str, then: Callable[[Path], object]) -> None:
        asked.append(name)
        then(tmp_path / name)

    monkeypatch.setattr("till.ui.office.vouchers.sheet.ask_where_to_save", answer)
    tap(tab, 0, NUMBER)
    tab.sheet.pdf_button.click()
    assert tab.sheet._menu is not None
    tab.sheet._menu.actions()[0].trigger()
    tab.sheet._menu.close()
    tab.work.finish()
    assert asked == ["Voucher AG2026-0003.pdf"]
    assert (tmp_path / asked[0]).exists()
    assert file_name("A/1:2\\3") == "A_1_2_3"


def test_a_slip_without_a_printer_says_what_to_do(tab: NumbersTab, till: Till, sold: list[str]) -> None:
    tap(tab, 0, NUMBER)
    tab.sheet.slip_button.click()
    assert tab.sheet.told.text.startswith("No printer is set up.")
    till.vouchers.block(Blocking(id_of(till, sold[2]), "x"))
    tab.show_voucher(id_of(till, sold[2]))
    assert tab.sheet.slip_button.isHidden()
    assert tab.sheet.pdf_button.isHidden()
