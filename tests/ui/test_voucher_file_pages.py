"""Old vouchers, runs of numbers and labels on the office's screens (V51 to V54)."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import openpyxl
import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.voucher_files import OldPreview, VoucherFiles
from till.app.watch import Watch
from till.money import Money
from till.staff.permission import Permission
from till.tables.verdict import Verdict
from till.ui.main.window import MainWindow
from till.ui.office.page import OfficePage
from till.ui.office.vouchers.labels_page import LabelsPage, Source
from till.ui.office.vouchers.old_page import OldVouchersPage
from till.ui.office.vouchers.page import VouchersPage
from till.ui.office.vouchers.run_page import NumberRunPage
from till.ui.office.window import OfficeWindow
from till.ui.widgets.text import Text
from till.ui.widgets.voucher_card import VoucherCard
from till.ui.widgets.voucher_picks import VoucherPick
from till.vouchers.old import OldVoucher
from till.vouchers.old_table import Defaults

HEADER = "Nummer;Restwert;Bezahlt;Gültig bis;Lagerplatz"
GOOD = ("AG-1;25,00;bezahlt;31.12.2027;", "AG-2;12,50;geschenkt;;", "AG-3;5;;31.12.2025;")
BAD = (*GOOD, "AG-1;5;;;", "AG-5;0;;;")
Table = Callable[..., Path]
Page = TypeVar("Page", bound=OfficePage)


@pytest.fixture
def office(till: Till, window: MainWindow, qtbot: QtBot) -> OfficeWindow:
    """The back office."""
    made = OfficeWindow(window.look, till)
    qtbot.addWidget(made)
    made.resize(1024, 768)
    made.show()
    return made


@pytest.fixture
def old(office: OfficeWindow) -> OldVouchersPage:
    return opened(office, "old-vouchers", OldVouchersPage)


@pytest.fixture
def run(office: OfficeWindow) -> NumberRunPage:
    return opened(office, "voucher-run", NumberRunPage)


@pytest.fixture
def labels(office: OfficeWindow) -> LabelsPage:
    return opened(office, "voucher-labels", LabelsPage)


def opened(office: OfficeWindow, key: str, kind: type[Page]) -> Page:
    office.open_page(key)
    page = office.page
    assert isinstance(page, kind)
    return page


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Writes a table."""

    def make(*rows: str) -> Path:
        path = tmp_path / "old.csv"
        path.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
        return path

    return make


def check(page: OldVouchersPage, path: Path) -> None:
    page.check(path)
    page.work.finish()


def chips(page: OldVouchersPage) -> list[str]:
    return [chip.face.text for chip in page.checked.chips.values()]


def left(till: Till, number: str) -> Money:
    (hit,) = till.sale.look_up_voucher(number)
    return hit.standing.remaining


# The ways to the pages


def test_the_page_of_the_vouchers_leads_to_files_and_back(office: OfficeWindow) -> None:
    page = opened(office, "vouchers", VouchersPage)
    page.work.finish()
    for title, kind in (
        ("Import old vouchers", OldVouchersPage),
        ("Numbers as Excel", NumberRunPage),
        ("Labels", LabelsPage),
    ):
        page.head_actions[title].click()
        assert isinstance(office.page, kind)
        assert [key for key, button in office._buttons.items() if button.isChecked()] == ["vouchers"]
        office.page.asked_page.emit("vouchers")
        assert office.page is page


def test_who_brings_in_old_vouchers_comes_to_them_and_nobody_else(
    till: Till, office: OfficeWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(till.staff, "may", lambda permission: permission is Permission.VOUCHER_FILES)
    assert office.keys == ("vouchers", "old-vouchers", "voucher-run", "voucher-labels")
    opened(office, "vouchers", VouchersPage).work.finish()
    monkeypatch.setattr(till.staff, "may", lambda permission: permission is Permission.VOUCHERS)
    assert office.keys == ("vouchers",)
    office.open_page("old-vouchers")
    assert isinstance(office.page, VouchersPage)


def test_the_head_of_a_narrow_page_has_icons_that_say_their_words(office: OfficeWindow) -> None:
    page = opened(office, "vouchers", VouchersPage)
    page.work.finish()
    button = page.head_actions["Labels"]
    assert (button.face.text, button.accessibleName(), button.toolTip()) == ("", "Labels", "Labels")
    office.resize(1920, 1080)
    assert button.face.text == "Labels"


# One by hand


def test_one_old_voucher_is_typed_and_brought_in(old: OldVouchersPage, till: Till) -> None:
    form = old.by_hand
    form.number.line.setText("AG-0815")
    form.value.line.setText("12,50")
    form.sold_on.line.setText("01.03.2024")
    form.add_button.click()
    assert old.message.text == "Voucher AG-0815 over €12.50 is in the books, valid until 31/12/2034."
    assert left(till, "ag-0815") == Money(1250)
    assert (form.number.line.text(), form.value.line.text(), form.sold_on.line.text()) == ("", "", "01.03.2024")
    assert old.may_leave()


def test_the_counter_sees_that_it_is_an_old_one(old: OldVouchersPage, till: Till, qtbot: QtBot) -> None:
    kind = till.voucher_files.kinds()[0]
    till.voucher_files.add_old(OldVoucher(kind, "AG-1", Money(100), sold_on=dt.date(2024, 3, 1)))
    (hit,) = till.sale.look_up_voucher("AG-1")
    card = VoucherCard(old._look, hit)
    pick = VoucherPick(old._look, hit)
    for widget in (card, pick):
        qtbot.addWidget(widget)
    assert "old voucher, sold on 01/03/2024" in [text.text() for text in card.findChildren(Text)]
    assert "old voucher, sold on 01/03/2024" in pick.accessibleName()


def test_what_is_wrong_is_said_beside_its_field_and_stays_typed(old: OldVouchersPage) -> None:
    form = old.by_hand
    form.number.line.setText("x" * 200)
    form.value.line.setText("0")
    form.valid_until.line.setText("31.12.27")
    form.add_button.click()
    assert "too long" in form.number.error.text()
    assert "a value above 0" in form.value.error.text()
    assert "is no day" in form.valid_until.error.text()
    assert form.value.line.text() == "0"


def test_a_number_that_is_taken_is_told_and_nothing_typed_is_lost(old: OldVouchersPage, till: Till) -> None:
    kind = till.voucher_files.kinds()[0]
    till.voucher_files.add_old(OldVoucher(kind, "AG-1", Money(100)))
    old.by_hand.number.line.setText("ag-1")
    old.by_hand.value.line.setText("7")
    old.by_hand.add_button.click()
    assert "There is a voucher ag-1 of this type already" in old.message.text
    assert old.by_hand.number.line.text() == "ag-1"
    assert not old.may_leave()
    assert "typed here and not brought in" in old.message.text


def test_a_scan_is_the_number_of_one_by_hand(old: OldVouchersPage, office: OfficeWindow) -> None:
    assert office.on_scan("$V901.AG-77")
    assert old.by_hand.number.line.text() == "AG-77"
    assert office.focusWidget() is old.by_hand.value.line


# Many from a table


def test_good_rows_go_in_and_the_refused_ones_are_saved(
    old: OldVouchersPage, till: Till, table: Table, tmp_path: Path
) -> None:
    check(old, table(*BAD))
    assert chips(old) == ["2 refused", "3 ready", "0 left out"]
    assert "3 vouchers come in: €30.00 paid, €12.50 as gifts. 1 of them has expired already." in old.checked.remarks
    assert "Refused rows stay out" in old.checked.remarks
    assert "Lagerplatz" in old.checked.remarks
    assert [old.checked._words(row) for row in old.checked.table.model.shown] == [
        "Nummer: The number stands in row 2 already.",
        "Restwert: An old voucher needs a value above 0. One that is used up is not brought in.",
    ]
    old.save_left_out_to(tmp_path / "refused.csv")
    old.work.finish()
    assert "2 rows were written" in old.message.text
    old.checked.chips[Verdict.NEW].click()
    assert old.checked._words(old.checked.table.model.shown[1]).endswith("gift, valid until 31/12/2036")
    old.take_button.click()
    old.work.finish()
    assert old.message.text == ("3 old vouchers over €42.50 are in the books and can be redeemed. 2 rows were refused.")
    assert left(till, "AG-2") == Money(1250)
    assert old.start.isVisible()
    assert old.take_button.isHidden()


def test_the_same_table_again_says_that_there_is_nothing_to_do(old: OldVouchersPage, table: Table) -> None:
    for _ in range(2):
        check(old, table(*GOOD))
        old.take_button.click()
        old.work.finish()
    assert chips(old) == ["0 refused", "0 ready", "3 left out"]
    assert old.message.text == "There is nothing to bring in: all rows are left out."
    assert not old.take_button.isEnabled()
    assert not old.checked.refused_button.isHidden()


def test_a_table_is_pasted_with_its_key(old: OldVouchersPage, qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText("Nummer\tWert\nP-1\t5\n")
    old.setFocus()
    qtbot.keyClick(old, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    old.work.finish()
    assert chips(old) == ["0 refused", "1 ready", "0 left out"]
    old.other_button.click()
    QGuiApplication.clipboard().setText("")
    old.start.paste_button.click()
    old.work.finish()
    assert "Nothing is pasted" in old.message.text
    assert old.start.isVisible()


def test_what_counts_for_all_rows_counts(old: OldVouchersPage, table: Table) -> None:
    old.start.is_gift.combo.setCurrentIndex(1)
    old.start.valid_until.line.setText("30.06.2028")
    check(old, table("A;5;;;"))
    assert next(old.checked._words(row) for row in old.checked.table.model.shown).endswith(
        "gift, valid until 30/06/2028"
    )
    old.other_button.click()
    old.start.valid_until.line.setText("morgen")
    check(old, table("A;5;;;"))
    assert "is no day" in old.start.valid_until.error.text()
    assert old.start.isVisible()


def test_a_file_that_is_no_table_is_told(old: OldVouchersPage, tmp_path: Path) -> None:
    check(old, tmp_path / "gone.xlsx")
    assert "“gone.xlsx” can’t be read" in old.message.text
    assert old.start.isVisible()


def test_a_long_check_can_be_cancelled(
    old: OldVouchersPage, table: Table, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    begun = threading.Event()

    def slow(self: VoucherFiles, _path: Path, _defaults: Defaults, watch: Watch) -> OldPreview:
        del self
        begun.set()
        while True:
            watch.told(1)

    monkeypatch.setattr(VoucherFiles, "check", slow)
    old.check(table(*GOOD))
    assert begun.wait(5)
    qtbot.waitUntil(old.progress.isVisible)
    assert not old.start.isEnabled()
    old.check(table(*GOOD))
    assert "Wait until that is done" in old.message.text
    old.progress.cancel_button.click()
    qtbot.waitUntil(lambda: not old.work.is_busy)
    assert old.message.text == "It was cancelled. Nothing was changed."
    assert old.start.isEnabled()


def test_an_example_is_saved(old: OldVouchersPage, tmp_path: Path) -> None:
    old.save_example_to(tmp_path / "example.xlsx")
    assert "The example was saved" in old.message.text
    check(old, tmp_path / "example.xlsx")
    assert chips(old)[0] == "0 refused"


# Numbers as Excel


def test_only_digits_of_the_first_number_count_and_it_says_so(run: NumberRunPage) -> None:
    run.start.line.setText("AG-0098")
    run.start.changed.emit()
    assert run.kept.text() == "Only digits count: 0098 is left of what is typed."
    assert run.told.text() == "100 numbers: 0098 to 0197"
    run.start.line.setText("0098")
    run.start.changed.emit()
    assert run.kept.isHidden()


@pytest.mark.parametrize("count", ["0", "10000001", "", "x"])
def test_a_count_that_is_none_is_refused_beside_its_field(run: NumberRunPage, count: str) -> None:
    run.start.line.setText("1")
    run.count.line.setText(count)
    run.save_button.click()
    assert run.count.error.text()
    assert run.told.text() == "Type where the numbers begin. Zeros in front are kept." or count == "x"


def test_numbers_are_written_where_one_wants_them(run: NumberRunPage, tmp_path: Path) -> None:
    run.start.line.setText("0098")
    run.count.line.setText("3")
    run.write_to(tmp_path / "numbers.xlsx")
    run.work.finish()
    assert "3 numbers were written to" in run.message.text
    rows = list(openpyxl.load_workbook(tmp_path / "numbers.xlsx").active.iter_rows(values_only=True))  # type: ignore[union-attr]
    plu = run.kind.read()
    assert plu is not None
    assert rows[1:] == [(n, f"$V{plu.plu}.{n}") for n in ("0098", "0099", "0100")]


def test_a_place_that_can_not_be_written_is_told_and_all_stays_typed(run: NumberRunPage, tmp_path: Path) -> None:
    run.start.line.setText("5")
    run.write_to(tmp_path / "gone" / "numbers.xlsx")
    run.work.finish()
    assert "can’t be written to “numbers.xlsx”" in run.message.text
    assert run.start.line.text() == "5"
    assert run.save_button.isEnabled()


def test_a_scan_is_where_numbers_begin(run: NumberRunPage, office: OfficeWindow) -> None:
    assert office.on_scan("000451")
    assert run.told.text() == "100 numbers: 000451 to 000550"


# Labels


def draw(page: LabelsPage) -> None:
    page.show_preview()
    page.drawing.finish()


def test_labels_are_shown_before_they_are_written(labels: LabelsPage, tmp_path: Path) -> None:
    assert not labels.save_button.isEnabled()
    labels.start.type_in("0007")
    labels.count.type_in(30)
    labels.first.type_in(5)
    draw(labels)
    assert len(labels.preview.inks) == 20
    assert labels.preview.inks[0].words[-1].text == "0007"
    labels.write_to(tmp_path / "labels.pdf")
    labels.work.finish()
    assert "30 labels were written" in labels.message.text
    assert "at 100 %" in labels.message.text
    assert len(pypdf.PdfReader(tmp_path / "labels.pdf").pages) == 2


def test_labels_of_vouchers_are_typed_or_scanned(labels: LabelsPage, till: Till, office: OfficeWindow) -> None:
    kind = till.voucher_labels.kinds()[0]
    for number in ("ALT-1", "ALT-2"):
        till.voucher_files.add_old(OldVoucher(kind, number, Money(500), valid_until=dt.date(2027, 12, 31)))
    labels.show_vouchers(kind.id, ("ALT-1",))
    office.on_scan(f"$V{kind.plu}.ALT-2")
    labels.with_value.type_in(True)
    draw(labels)
    assert [ink.words[-1].text for ink in labels.preview.inks] == ["ALT-1", "ALT-2"]
    office.on_scan("ALT-3")
    draw(labels)
    assert "There is no voucher ALT-3 of the type" in labels.message.text
    assert not labels.save_button.isEnabled()
    assert labels.numbers.read() == ("ALT-1", "ALT-2", "ALT-3")


def test_vouchers_that_were_noted_in_the_list_are_there(labels: LabelsPage, till: Till, office: OfficeWindow) -> None:
    desk = till.voucher_labels
    first, other = till.voucher_labels.kinds()[:2]
    old = [
        till.voucher_files.add_old(OldVoucher(kind, n, Money(500)))
        for kind, n in ((other, "X"), (first, "A"), (first, "B"))
    ]
    assert [desk.note(one) for one in (*old, old[2])] == [1, 1, 2, 2]
    office.open_page("voucher-labels")
    labels.drawing.finish()
    assert (labels.source, labels.kind.read(), labels.numbers.read()) == (Source.VOUCHERS, first, ("A", "B"))
    assert len(labels.preview.inks) == 2
    assert desk.take_noted() is None


def test_labels_of_an_import_say_when_there_is_none(labels: LabelsPage, till: Till, table: Table) -> None:
    labels.choose(Source.IMPORT)
    assert "No old vouchers were brought in" in labels.message.text
    desk = till.voucher_files
    desk.check(table(*GOOD), Defaults(desk.kinds()[0]))
    desk.apply()
    labels.begin()
    labels.with_validity.type_in(True)
    draw(labels)
    assert "old.csv" in labels.imported.combo.currentText()
    assert len(labels.preview.inks) == 3
    assert labels.save_button.isEnabled()


def test_a_sheet_that_is_too_small_for_the_bars_is_told(labels: LabelsPage) -> None:
    labels.start.type_in("9" * 38)
    labels.sheet.combo.setCurrentIndex(2)
    draw(labels)
    assert "too long for these labels" in labels.message.text
    labels.sheet.combo.setCurrentIndex(3)
    draw(labels)
    assert labels.message.text == ""
    assert labels.preview.inks


def test_a_label_that_the_sheet_has_not_is_refused_beside_its_field(labels: LabelsPage) -> None:
    labels.start.type_in("1")
    labels.first.type_in(25)
    draw(labels)
    assert "The sheet has 24 labels" in labels.first.error.text()
    assert not labels.save_button.isEnabled()
