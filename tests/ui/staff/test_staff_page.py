"""The office's page of the staff: people and roles are changed, refusals are said, nothing typed is lost."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.errors import Refused
from till.staff.permission import Permission
from till.staff.roles import CASHIER, MANAGER, SHIFT_LEAD
from till.staff.users import OwnRights
from till.ui.main.window import MainWindow
from till.ui.office.staff.card_panel import CardPanel
from till.ui.office.staff.page import StaffPage
from till.ui.office.staff.rights import Own
from till.ui.office.window import OfficeWindow
from till.ui.staff.new_pin import NewPinPanel
from till.ui.staff.sign_in import SignInPage
from till.ui.widgets.button import Button

MARIE, JAN, IDA = "1", "2", "3"
PINS = {MARIE: "4711", JAN: "1508", IDA: "2580"}


def tap(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.fixture
def office(shop: Till, counter: MainWindow, qtbot: QtBot) -> Iterator[OfficeWindow]:
    """The office of who manages, at the page of the staff."""
    shop.staff.sign_in(MARIE, PINS[MARIE]).result()
    qtbot.waitUntil(lambda: counter.top_bar.cashier_button.face.text == "MK")
    counter.open_office("staff")
    window = counter.office
    assert window is not None
    qtbot.waitExposed(window)
    yield window
    if counter.office is not None:
        page = page_of(counter.office)
        page.people.discard()
        page.roles.discard()
        counter.office.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def page_of(office: OfficeWindow) -> StaffPage:
    page = office.page
    assert isinstance(page, StaffPage)
    return page


@pytest.fixture
def page(office: OfficeWindow) -> StaffPage:
    """The page of the staff."""
    return page_of(office)


def choose(page: StaffPage, user_id: str) -> None:
    assert page.people.table.select(lambda one: one.person.user.id == user_id)
    assert page.people.form.user_id == user_id


def settled(qtbot: QtBot, page: StaffPage) -> None:
    qtbot.waitUntil(lambda: not page.work.is_busy)


def type_new_pin(office: OfficeWindow, *pins: str) -> None:
    panel = office.gate.content
    assert isinstance(panel, NewPinPanel)
    for pin in pins:
        QTest.keyClicks(panel, pin)
        QTest.keyClick(panel, Qt.Key.Key_Return)


def typed(page: StaffPage, **fields: str) -> None:
    for name, text in fields.items():
        line = getattr(page.people.form, name).line
        line.clear()
        QTest.keyClicks(line, text)


# People


def test_a_person_is_renamed_and_gets_another_role_and_rights_in_one_step(page: StaffPage, shop: Till) -> None:
    choose(page, JAN)
    form = page.people.form
    typed(page, name="Jan  Neu", short="JN", percent="25")
    form.role.set_value(SHIFT_LEAD)
    form.rights.rows[Permission.REPORTS].choice.setCurrentIndex(Own.GRANTED.value)
    form.rights.rows[Permission.REFUND].choice.setCurrentIndex(Own.WITHDRAWN.value)
    tap(form.save_button)
    assert page.message.text == "Jan Neu is saved."
    own, rights = shop.staff.rights_of(JAN)
    assert own == OwnRights(frozenset({Permission.REPORTS}), frozenset({Permission.REFUND}), 25)
    assert Permission.REPORTS in rights.permissions
    assert Permission.REFUND not in rights.permissions
    assert not form.is_changed
    assert [one.person.user.name for one in page.people.table.model.shown][1] == "Jan Neu"


def test_somebody_new_begins_with_a_pin(page: StaffPage, office: OfficeWindow, shop: Till, qtbot: QtBot) -> None:
    tap(page.new_button)
    typed(page, name="Eva Maria Frei")
    QTest.keyClick(page.people.form.name.line, Qt.Key.Key_Return)
    assert page.people.form.short.value() == "EM"
    page.people.form.role.set_value(MANAGER)
    tap(page.people.form.save_button)
    settled(qtbot, page)
    assert "Set a PIN or card first" in page.message.text
    assert page.people.form.name.value() == "Eva Maria Frei", "nothing typed is lost"
    tap(page.people.form.pin_button)
    type_new_pin(office, "8362", "8362")
    tap(page.people.form.save_button)
    settled(qtbot, page)
    assert page.message.text == "Eva Maria Frei is saved."
    assert shop.staff.sign_in("4", "8362").result().role_id == MANAGER


def test_scrolling_the_form_changes_no_right(page: StaffPage) -> None:
    choose(page, JAN)
    row = page.people.form.rights.rows[Permission.SELL]
    place = QPointF(row.choice.rect().center())
    turn = QWheelEvent(
        place,
        row.choice.mapToGlobal(place),
        QPoint(0, -120),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(row.choice, turn)
    assert row.own is Own.AS_ROLE
    assert not page.people.form.is_changed


def test_what_is_typed_wrong_is_said_below_its_field(page: StaffPage, shop: Till) -> None:
    choose(page, JAN)
    form = page.people.form
    typed(page, name="x" * 51, short="ABCDE", percent="101")
    assert not form.is_right()
    assert "at most 50" in form.name.error.text()
    assert "initials at most 4" in form.short.error.text()
    assert "between 0 and 100" in form.percent.error.text()
    tap(form.save_button)
    assert [user.person.user.name for user in shop.staff.standings()] == ["Ida Neu", "Jan Alt", "Marie Klein"]
    typed(page, name="", short="")
    assert not form.is_right()
    assert form.name.error.text()


def test_the_last_manager_can_not_lock_everybody_out(page: StaffPage, shop: Till) -> None:
    choose(page, MARIE)
    form = page.people.form
    changes: tuple[Callable[[], object], ...] = (
        lambda: form.role.set_value(CASHIER),
        lambda: form.active.check.setChecked(False),
        lambda: form.rights.rows[Permission.STAFF].choice.setCurrentIndex(Own.WITHDRAWN.value),
    )
    for change in changes:
        change()
        tap(form.save_button)
        assert "Nobody would be left" in page.message.text
        tap(form.discard_button)
        assert page.message.text == ""
        assert not form.is_changed
    assert shop.staff.may(Permission.STAFF)


def test_taking_the_managers_pin_away_is_refused_beside_the_form(page: StaffPage, shop: Till, qtbot: QtBot) -> None:
    choose(page, MARIE)
    tap(page.people.form.no_pin_button)
    settled(qtbot, page)
    assert "Set a PIN or card first" in page.message.text
    assert shop.staff.sign_in(MARIE, PINS[MARIE]).result().id == MARIE


def test_who_left_is_shown_on_demand_and_can_come_back(page: StaffPage, shop: Till) -> None:
    choose(page, IDA)
    page.people.form.active.check.setChecked(False)
    tap(page.people.form.save_button)
    assert [one.person.user.id for one in page.people.table.model.shown] == [JAN, MARIE]
    tap(page.people.former)
    assert [one.person.user.id for one in page.people.table.model.shown] == [IDA, JAN, MARIE]
    choose(page, IDA)
    page.people.form.active.check.setChecked(True)
    tap(page.people.form.save_button)
    assert shop.staff.sign_in(IDA, PINS[IDA]).result().id == IDA


def test_an_unsaved_person_is_not_left_without_a_word(page: StaffPage, office: OfficeWindow) -> None:
    choose(page, JAN)
    typed(page, name="Jan Halb")
    page.people.table.select(lambda one: one.person.user.id == IDA)
    assert page.people.form.user_id == JAN
    assert "not saved yet" in page.message.text
    row = page.people.table.row
    assert row is not None
    assert row.person.user.id == JAN
    tap(page.tabs[1])
    assert not office.close()
    assert page.view is page.people
    tap(page.new_button)
    assert page.people.form.name.value() == "Jan Halb"
    tap(page.people.form.discard_button)
    assert page.people.form.name.value() == "Jan Alt"


def test_a_name_is_unlocked_and_gets_a_new_pin(page: StaffPage, office: OfficeWindow, shop: Till, qtbot: QtBot) -> None:
    for _ in range(3):
        with pytest.raises(Refused):
            shop.staff.sign_in(JAN, "9999").result()
    page.begin()
    choose(page, JAN)
    row = page.people.table.row
    assert row is not None
    assert row.must_wait
    assert page.people.form.unlock_button.isVisible()
    tap(page.people.form.unlock_button)
    assert not page.people.form.unlock_button.isVisible()
    tap(page.people.form.pin_button)
    type_new_pin(office, "1234", "8362", "8362")
    settled(qtbot, page)
    assert page.message.text == "The PIN is set."
    assert shop.staff.sign_in(JAN, "8362").result().id == JAN


def test_a_founder_without_pin_is_told_to_set_one_first(window: MainWindow, qtbot: QtBot) -> None:
    window.open_office("staff")
    office = window.office
    assert office is not None
    page = page_of(office)
    tap(page.new_button)
    assert "Give yourself a PIN or card first" in page.message.text
    assert page.people.form.user_id == MARIE
    tap(page.people.form.pin_button)
    type_new_pin(office, "8362", "8362")
    settled(qtbot, page)
    tap(page.new_button)
    assert page.people.form.is_new
    page.people.discard()
    office.close()


# Cards


def test_a_new_card_is_shown_once_printed_and_signs_in(
    page: StaffPage, office: OfficeWindow, shop: Till, tmp_path: Path
) -> None:
    choose(page, JAN)
    tap(page.people.form.card_button)
    panel = office.gate.content
    assert isinstance(panel, CardPanel)
    tap(panel.copy_button)
    code = QGuiApplication.clipboard().text()
    panel.grab().save(str(tmp_path / "panel.png"))
    (scanned,) = zxingcpp.read_barcodes(Image.open(tmp_path / "panel.png"))
    assert scanned.text == code, "it can be scanned from the screen"
    panel.save_to(tmp_path)
    path = tmp_path / "Staff card Jan Alt.pdf"
    assert path.read_bytes().startswith(b"%PDF")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    panel.save_to(tmp_path / "missing")
    assert "can’t be written" in panel.message.text
    words = [widget.accessibleName() for widget in panel.findChildren(QWidget)]
    assert not any(code in name for name in words)
    QTest.keyClick(panel, Qt.Key.Key_Escape)
    assert office.gate.content is None
    assert shop.staff.sign_in_by_card(code).result().id == JAN
    shop.staff.sign_in(MARIE, PINS[MARIE]).result()
    tap(page.people.form.no_card_button)
    assert "worth nothing" in page.message.text
    with pytest.raises(Refused, match="not known here"):
        shop.staff.sign_in_by_card(code).result()


# Roles


def test_a_role_is_changed_and_another_one_made(page: StaffPage, shop: Till) -> None:
    tap(page.tabs[1])
    roles = page.roles
    assert roles.table.select(lambda role: role.id == CASHIER)
    roles.checks[Permission.OPEN_DRAWER].check.setChecked(True)
    roles.percent.line.setText("15")
    tap(roles.save_button)
    assert "is saved" in page.message.text
    stored = {role.id: role.rights for role in shop.staff.roles()}
    assert Permission.OPEN_DRAWER in stored[CASHIER].permissions
    assert stored[CASHIER].discount_percent == 15
    tap(page.new_button)
    tap(roles.save_button)
    assert roles.name.error.text()
    QTest.keyClicks(roles.name.line, "Aushilfe")
    roles.percent.line.setText("5")
    roles.checks[Permission.SELL].check.setChecked(True)
    tap(roles.save_button)
    (made,) = (role for role in shop.staff.roles() if role.name == "Aushilfe")
    assert (made.rights.permissions, made.rights.discount_percent) == (frozenset({Permission.SELL}), 5)
    tap(page.tabs[0])
    page.people.form.role.set_value(made.id)
    assert page.people.form.role.value() == made.id


def test_the_managers_role_keeps_the_staff(page: StaffPage, shop: Till) -> None:
    tap(page.tabs[1])
    assert page.roles.table.select(lambda role: role.id == MANAGER)
    page.roles.checks[Permission.STAFF].check.setChecked(False)
    assert page.roles.table.select(lambda role: role.id == CASHIER)
    assert "not saved yet" in page.message.text
    tap(page.roles.save_button)
    assert "Nobody would be left" in page.message.text
    tap(page.roles.discard_button)
    assert page.roles.checks[Permission.STAFF].value()
    assert shop.staff.may(Permission.STAFF)


# Who sees it


def test_the_office_is_covered_while_the_till_is_locked(
    page: StaffPage, office: OfficeWindow, counter: MainWindow, qtbot: QtBot
) -> None:
    choose(page, JAN)
    typed(page, name="Jan Halb")
    QTest.keyClick(office, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    for window in (office, counter):
        assert isinstance(window.gate.content, SignInPage)
    office.on_scan("4400119000179")
    QTest.keyClick(office, Qt.Key.Key_Escape)
    assert isinstance(office.gate.content, SignInPage)
    sign_in = office.gate.content
    tap(next(tile for tile in sign_in.proof.names.tiles if tile.choice.user.id == MARIE))
    QTest.keyClicks(sign_in, PINS[MARIE])
    QTest.keyClick(sign_in, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: office.gate.content is None and counter.gate.content is None)
    assert page_of(office) is page
    assert page.people.form.name.value() == "Jan Halb"


def test_an_open_list_is_closed_by_the_lock(page: StaffPage, office: OfficeWindow, shop: Till) -> None:
    choose(page, JAN)
    page.people.form.role.combo.showPopup()
    assert QApplication.activePopupWidget() is not None
    shop.staff.lock()
    assert isinstance(office.gate.content, SignInPage)
    assert QApplication.activePopupWidget() is None


def test_another_cashier_sees_words_and_the_manager_the_page_again(
    page: StaffPage, office: OfficeWindow, shop: Till, qtbot: QtBot
) -> None:
    shop.staff.sign_in(JAN, PINS[JAN]).result()
    qtbot.waitUntil(lambda: not page.isVisible())
    assert office.keys == ()
    shop.staff.sign_in(MARIE, PINS[MARIE]).result()
    qtbot.waitUntil(page.isVisible)


def test_a_staff_card_in_the_office_signs_in(
    page: StaffPage, office: OfficeWindow, counter: MainWindow, shop: Till, qtbot: QtBot
) -> None:
    code = shop.staff.new_card(JAN)
    office.activateWindow()
    qtbot.waitActive(office)
    counter.on_scan(code)
    qtbot.waitUntil(lambda: shop.cashier_name == "Jan Alt")
    qtbot.waitUntil(lambda: not page.isVisible())


@pytest.mark.parametrize("view", ["people", "new", "roles"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_everything_is_named_big_enough_and_not_cut_off(
    office: OfficeWindow, counter: MainWindow, view: str, language: str
) -> None:
    counter.retranslate(language)
    page = page_of(office)
    if view == "roles":
        tap(page.tabs[1])
    elif view == "new":
        tap(page.new_button)
    for _ in range(3):
        QApplication.processEvents()
    buttons = [one for one in page.findChildren(QAbstractButton) if one.isVisible()]
    assert [one.accessibleName() for one in buttons if one.height() < 44 or one.width() < 44] == []
    assert [one for one in buttons if not one.accessibleName()] == []
    cut = [one.accessibleName() for one in buttons if isinstance(one, Button) and one.content_width > one.width()]
    assert cut == []
