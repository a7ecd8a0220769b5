"""The back office's frame: pages, who sees them, long work beside the window, tables and forms."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.watch import Watch
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.staff.permission import Permission
from till.staff.users import User
from till.ui.keys import Action
from till.ui.look import Look
from till.ui.main.window import MainWindow
from till.ui.office.page import OfficePage
from till.ui.office.pages import Group, PageEntry
from till.ui.office.window import OfficeWindow
from till.ui.theme import ThemeName, palette
from till.ui.widgets.form import (
    CheckField,
    ChoiceField,
    DateField,
    Form,
    LinesField,
    MoneyField,
    NumberField,
    TextField,
)
from till.ui.widgets.progress import ProgressStrip
from till.ui.widgets.table import Column, Table

_NO = msg("“{typed}” is not a whole number.")


class NotePage(OfficePage):
    """A page with one field, that takes the scans that begin with N."""

    def __init__(self, look: Look, till: Till) -> None:
        super().__init__(look, till, "Notes")
        self.field = TextField(look, "Note")
        self.field.set_value("")
        self.begun = 0
        self.scanned = ""
        self.body.addWidget(self.field)
        self.body.addStretch(1)

    def begin(self) -> None:
        """Count how often it was shown."""
        self.begun += 1

    def may_leave(self) -> bool:
        """Not while something typed is unsaved."""
        return not self.field.is_changed

    def on_scan(self, code: str) -> bool:
        """Notes are its own."""
        self.scanned = code if code.startswith("N") else self.scanned
        return code.startswith("N")


ENTRIES = (
    PageEntry("notes", Group.MASTER, "note", "Notes", NotePage, Permission.CATALOGUE),
    PageEntry("people", Group.SYSTEM, "users", "People", NotePage, Permission.STAFF),
)


@pytest.fixture
def office(till: Till, window: MainWindow, qtbot: QtBot) -> OfficeWindow:
    """An office with two pages."""
    made = OfficeWindow(window.look, till, ENTRIES)
    qtbot.addWidget(made)
    made.show()
    made.open_page()
    return made


def note_page(office: OfficeWindow) -> NotePage:
    """The page that is shown."""
    assert isinstance(office.page, NotePage)
    return office.page


def test_each_page_is_built_once_and_keeps_what_was_typed(office: OfficeWindow) -> None:
    notes = note_page(office)
    notes.field.line.setText("half a sentence")
    office.open_page("people")
    assert note_page(office) is not notes
    office.open_page("notes")
    assert note_page(office) is notes
    assert notes.begun == 2
    assert notes.field.line.text() == "half a sentence"


def test_the_office_does_not_close_over_what_is_not_saved_but_shows_it(office: OfficeWindow) -> None:
    note_page(office).field.line.setText("half a sentence")
    office.open_page("people")
    assert not office.close()
    assert note_page(office).field.line.text() == "half a sentence"
    note_page(office).field.line.setText("")
    assert office.close()


def test_another_theme_and_language_lose_nothing_typed(office: OfficeWindow, window: MainWindow) -> None:
    notes = note_page(office)
    notes.field.line.setText("half a sentence")
    office.open_page("people")
    people = note_page(office)
    office.change_look(Look(palette(ThemeName.DARK), window.look.formats))
    assert note_page(office) is not people, "what holds nothing is built anew in the new look"
    office.open_page("notes")
    assert note_page(office) is notes
    assert notes.field.line.text() == "half a sentence"


def test_who_may_not_see_a_page_does_not_find_it(office: OfficeWindow, till: Till) -> None:
    till.staff.set_pin(till.workplace.user.id, "4711").result(20)
    seller = User("", "Tim", "TI")
    hired = till.staff.hire(seller).result(20)
    till.staff.switch_to(hired.id)
    office.show_staff()
    assert office.keys == ()
    assert office.page is None or not office.page.isVisible()


def test_the_office_opens_beside_the_counter_and_leads_back(window: MainWindow) -> None:
    window.act(Action.OFFICE)
    assert window.office is not None
    assert window.office.isVisible()
    assert window.page is window.sale
    window.office.close()
    assert window.office is None


def test_long_work_tells_how_far_it_is_and_its_answer_on_the_windows_thread(office: OfficeWindow, qtbot: QtBot) -> None:
    page = note_page(office)
    told: list[int] = []
    answers: list[tuple[int, str]] = []
    page.work.progressed.connect(told.append)
    here = threading.get_ident()

    def count(watch: Watch) -> str:
        for rows in (10, 20, 30):
            watch.told(rows)
        return f"worked elsewhere: {threading.get_ident() != here}"

    page.work.begin(count, lambda words: answers.append((threading.get_ident(), words)))
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [(here, "worked elsewhere: True")]
    assert told[-1] == 30
    assert not page.work.is_busy


def test_a_refused_work_says_so_on_its_page(office: OfficeWindow, qtbot: QtBot) -> None:
    page = note_page(office)

    def refuse(_watch: Watch) -> None:
        raise Refused(_NO, typed="x")

    page.work.begin(refuse)
    qtbot.waitUntil(lambda: bool(page.message.text))
    assert page.message.text == "“x” is not a whole number."


def test_a_cancelled_work_ends_and_says_that_nothing_was_changed(
    office: OfficeWindow, window: MainWindow, qtbot: QtBot
) -> None:
    page = note_page(office)
    strip = ProgressStrip(window.look, page.work, "{} rows".format)
    page.body.addWidget(strip)

    def endless(watch: Watch) -> None:
        rows = 0
        while True:
            rows += 1
            watch.told(rows)

    page.work.begin(endless)
    qtbot.waitUntil(strip.isVisible)
    strip.cancel_button.click()
    qtbot.waitUntil(lambda: not page.work.is_busy)
    assert page.message.text == "It was cancelled. Nothing was changed."
    assert not strip.isVisible()


def test_only_the_last_of_two_works_is_answered(office: OfficeWindow, qtbot: QtBot) -> None:
    page = note_page(office)
    first_may_end = threading.Event()
    answers: list[str] = []

    def slow(_watch: Watch) -> str:
        first_may_end.wait(20)
        return "first"

    page.work.begin(slow, answers.append)
    page.work.begin(lambda _watch: "second", answers.append)
    first_may_end.set()
    qtbot.waitUntil(lambda: bool(answers))
    page.work.finish()
    assert answers == ["second"]


def test_a_mistake_in_a_work_reaches_the_one_handler(office: OfficeWindow, qtbot: QtBot) -> None:
    page = note_page(office)
    with qtbot.captureExceptions() as seen:
        page.work.begin(lambda _watch: 1 // 0)
        qtbot.waitUntil(lambda: bool(seen))
    assert seen[0][0] is ZeroDivisionError


PEOPLE = (("Weber", 3), ("adam", None), ("Özil", 11), ("Weber-Adam", 2))
COLUMNS: tuple[Column[tuple[str, int | None]], ...] = (
    Column("Name", lambda row: row[0], takes_rest=True, is_strong=True),
    Column("Visits", lambda row: str(row[1] or ""), order=lambda row: row[1], is_figure=True),
    Column("State", lambda row: "often" if (row[1] or 0) > 9 else "seldom", tone=lambda _row: "calm"),
)


@pytest.fixture
def table(window: MainWindow, qtbot: QtBot) -> Table[tuple[str, int | None]]:
    """Four people."""
    made = Table(window.look, COLUMNS, empty="Nobody")
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    made.set_rows(PEOPLE)
    return made


def names(table: Table[tuple[str, int | None]]) -> list[str]:
    """Who is shown, from the top."""
    return [row[0] for row in table.model.shown]


def test_a_table_sorts_by_value_and_back_to_the_order_in_which_the_rows_came(
    table: Table[tuple[str, int | None]],
) -> None:
    table.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert names(table) == ["Özil", "Weber", "Weber-Adam", "adam"]
    table.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert names(table)[0] == "adam"
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert names(table) == [row[0] for row in PEOPLE]


def test_every_word_that_is_typed_narrows_the_table(table: Table[tuple[str, int | None]]) -> None:
    table.search.line.setText("WEBER")
    assert names(table) == ["Weber", "Weber-Adam"]
    table.search.line.setText("weber adam")
    assert names(table) == ["Weber-Adam"]
    table.search.line.setText("nobody of this name")
    assert names(table) == []
    assert not table.view.isVisible()
    table.search.line.clear()
    assert table.view.isVisible()


def test_a_row_is_chosen_by_key_and_opened_by_enter(table: Table[tuple[str, int | None]]) -> None:
    chosen: list[object] = []
    opened: list[object] = []
    table.chosen.connect(chosen.append)
    table.opened.connect(opened.append)
    assert table.select(lambda row: row[0] == "adam")
    QTest.keyClick(table.view, Qt.Key.Key_Down)
    QTest.keyClick(table.view, Qt.Key.Key_Return)
    assert chosen == [PEOPLE[1], PEOPLE[2]]
    assert opened == [PEOPLE[2]]
    assert table.row == PEOPLE[2]


def test_columns_are_shown_as_chosen(table: Table[tuple[str, int | None]]) -> None:
    table.columns_button.click()
    action = next(one for one in table._menu.actions() if one.text() == "Visits")
    action.trigger()
    assert table.view.isColumnHidden(1)


def test_a_field_says_below_itself_what_is_wrong_and_keeps_what_was_typed(window: MainWindow, qtbot: QtBot) -> None:
    field = MoneyField(window.look, "Price", is_needed=True)
    qtbot.addWidget(field)
    field.set_value(Money(123456))
    assert field.line.text() == "1234.56"
    assert field.value() == Money(123456)
    field.line.setText("12,345")
    assert not field.is_right()
    assert "“12,345” is not an amount" in field.error.text()
    assert field.line.text() == "12,345"
    field.line.setText("12,30")
    assert field.is_right()
    assert field.error.text() == ""
    field.line.clear()
    assert not field.is_right()


def test_what_is_wrong_is_said_when_typing_pauses(window: MainWindow, qtbot: QtBot) -> None:
    field = NumberField(window.look, "Minutes")
    qtbot.addWidget(field)
    field.set_value(5)
    QTest.keyClicks(field.line, "x")
    assert field.error.text() == ""
    qtbot.waitUntil(lambda: field.error.text() == "“5x” is not a whole number.")
    QTest.keyClick(field.line, Qt.Key.Key_Backspace)
    assert field.error.text() == ""
    assert field.value() == 5


@pytest.mark.parametrize("language", ["de", "en"])
def test_each_kind_of_field_gives_back_what_was_put_there(language: str, window: MainWindow, qtbot: QtBot) -> None:
    window.retranslate(language)
    look = window.look
    choice = ChoiceField(look, "Role", (("Cashier", "cashier"), ("Manager", "manager")))
    check = CheckField(look, "Active")
    day = DateField(look, "Valid from")
    lines = LinesField(look, "Receipt text")
    money = MoneyField(look, "Price")
    for field, value in (
        (choice, "manager"),
        (check, True),
        (day, dt.date(2027, 1, 1)),
        (lines, ("Vielen Dank!", "", "Bis bald")),
        (money, Money(-123456)),
        (money, None),
    ):
        qtbot.addWidget(field)
        field.set_value(value)  # type: ignore[arg-type]
        assert field.value() == value
        assert not field.is_changed


def test_a_form_names_all_that_is_wrong(window: MainWindow, qtbot: QtBot) -> None:
    name, price = TextField(window.look, "Name", is_needed=True), MoneyField(window.look, "Price", _not_negative)
    for field in (name, price):
        qtbot.addWidget(field)
    form = Form(name, price)
    name.set_value("")
    price.set_value(Money(100))
    price.line.setText("-1")
    assert form.is_changed
    assert not form.is_right()
    assert name.error.text() == "Something has to stand here."
    assert price.error.text()


def _not_negative(amount: Money | None) -> None:
    if amount is not None and amount.cents < 0:
        raise Refused(_NO, typed="-1")


def test_a_scan_goes_to_the_page_that_wants_it(office: OfficeWindow) -> None:
    assert office.on_scan("N1")
    assert note_page(office).scanned == "N1"
    assert not office.on_scan("4400119000179")
