"""The office's page for vouchers: types and figures, the form and what it refuses, numbers, labels, the rules for all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Till
from till.app.views import Tile
from till.money import Money
from till.staff.permission import Permission
from till.ui.main.window import MainWindow
from till.ui.office.vouchers.label_tab import LabelTab
from till.ui.office.vouchers.page import VouchersPage
from till.ui.office.vouchers.preload_tab import PreloadTab
from till.ui.office.vouchers.settings_tab import SettingsTab
from till.ui.office.vouchers.type_list import TypeRow
from till.ui.office.window import OfficeWindow
from till.vouchers.label_templates import NOTHING
from till.vouchers.model import Numbering, VatTreatment
from till.vouchers.rules import VoucherRules
from till.vouchers.type_rules import TypeField


@pytest.fixture
def page(office: OfficeWindow) -> VouchersPage:
    """The page with its figures."""
    office.open_page("vouchers")
    assert isinstance(office.page, VouchersPage)
    office.page.work.finish()
    return office.page


@pytest.fixture
def settings(page: VouchersPage) -> SettingsTab:
    """The form of “Gutschein 25 €”."""
    choose(page, "Gutschein 25 €")
    tab = page.tabs.open_tab("settings")
    assert isinstance(tab, SettingsTab)
    return tab


@pytest.fixture
def preload(page: VouchersPage) -> PreloadTab:
    """The next number of “Gutschein 25 €”."""
    choose(page, "Gutschein 25 €")
    tab = page.tabs.open_tab("preload")
    assert isinstance(tab, PreloadTab)
    tab.work.finish()
    return tab


@pytest.fixture
def label(page: VouchersPage) -> LabelTab:
    """What is printed for “Gutschein 25 €”."""
    choose(page, "Gutschein 25 €")
    tab = page.tabs.open_tab("label")
    assert isinstance(tab, LabelTab)
    tab.work.finish()
    return tab


def row(page: VouchersPage, name: str) -> TypeRow:
    """The row of the type with this name."""
    return next(row for row in page.list.model.rows if row.kind.name == name)


def choose(page: VouchersPage, name: str) -> None:
    """Tap the row with this name."""
    place = page.list.model.rows.index(row(page, name))
    page.list.view.setCurrentIndex(page.list.model.index(place, 0))


def type_into(line: QLineEdit, text: str) -> None:
    """Type as a person does."""
    line.clear()
    if text.isascii():
        QTest.keyClicks(line, text)
    else:  # QTest knows no other keys
        line.insert(text)
        line.textEdited.emit(text)


def pick(combo: QComboBox, words: str) -> None:
    """Choose the entry with these words."""
    combo.setCurrentIndex(combo.findText(words))
    combo.activated.emit(combo.currentIndex())


# The list and the figures


def test_the_types_are_listed_with_value_numbering_validity_count_and_liability(
    page: VouchersPage, sell_voucher: Callable[[int], str]
) -> None:
    sell_voucher(4000)
    page.begin()
    page.work.finish()
    free = row(page, "Gutschein frei")
    assert (free.plu, free.open_words, free.amount) == ("903", "1 open", "€40.00")
    assert (free.what, free.validity) == ("value is asked · AG2026-0002 …", "10 years")
    assert row(page, "Gutschein 25 €").what == "25.00 → 25.00 · AG25-0001 …"
    assert [card.amount for card in page.cards.cards] == ["1", "€40.00", "€40.00", "€0.00"]
    assert page.cards.cards[2].accessibleName() == "sold in November €40.00"
    assert page.list.model.rows[-1].kind.is_complaint


def test_what_is_a_bonus_or_single_purpose_stands_beside_the_liability(
    page: VouchersPage, till: Till, settings: SettingsTab
) -> None:
    type_into(settings.fields.face.line, "30")
    assert settings.save()
    tile = next(tile for tile in till.sale.assortment().tiles if tile.name == "Gutschein 25 €")
    till.sale.add(tile)
    till.sale.pay_cash(Money(2500))
    till.sale.complete()
    page.begin()
    page.work.finish()
    assert (page.cards.cards[1].amount, page.cards.cards[1].besides) == ("€25.00", "bonus €5.00")
    assert row(page, "Gutschein 25 €").open_words == "1 open · bonus 5.00"


def test_a_type_can_be_reached_with_the_keys(page: VouchersPage) -> None:
    page.list.view.setFocus()
    QTest.keyClick(page.list.view, Qt.Key.Key_Home)
    QTest.keyClick(page.list.view, Qt.Key.Key_Down)
    assert page.kind is not None
    assert page.kind.name == "Gutschein frei"


def test_who_may_not_change_vouchers_does_not_see_the_page(
    till: Till, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = OfficeWindow(window.look, till)
    qtbot.addWidget(office)
    monkeypatch.setattr(till.staff, "may", lambda permission: permission is Permission.STAFF)
    assert office.keys == ("staff",)
    monkeypatch.setattr(till.staff, "may", lambda permission: permission is Permission.BLOCK_VOUCHER)
    office.open_page("vouchers")
    assert isinstance(office.page, VouchersPage)
    assert not office.page.new_button.isVisibleTo(office.page), "who only blocks vouchers makes no types"


# The form


def test_a_type_is_changed_and_sold_so_at_once(
    page: VouchersPage, settings: SettingsTab, till: Till, tile: Callable[[str], Tile]
) -> None:
    f = settings.fields
    assert (f.name.line.text(), f.sale.line.text(), f.plu.line.text()) == ("Gutschein 25 €", "25.00", "901")
    assert not settings.save_button.isEnabled()
    type_into(f.name.line, "Gutschein 30")
    type_into(f.sale.line, "35,45")
    assert settings.words.text() == "The customer pays €35.45 and can redeem as much."
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert page.message.text.startswith("Saved.")
    assert row(page, "Gutschein 30").what == "35.45 → 35.45 · AG25-0001 …"
    till.sale.add(tile("Gutschein 30"))
    assert till.sale.state.priced.total == Money(3545)


@pytest.mark.parametrize("typed", ["1,234", "zwölf", "1.2.3", "--5"])
def test_what_is_no_amount_is_said_at_the_field_and_nothing_is_saved(
    page: VouchersPage, settings: SettingsTab, till: Till, typed: str
) -> None:
    before = till.voucher_types.types()
    type_into(settings.fields.sale.line, typed)
    assert not settings.save()
    assert "is not an amount" in settings.fields.sale.error.text()
    assert settings.fields.sale.line.text() == typed
    assert page.message.text == "Not saved yet: please correct what is marked in red."
    assert till.voucher_types.types() == before


def test_all_that_is_wrong_is_said_at_its_field_and_stays_typed(settings: SettingsTab) -> None:
    f = settings.fields
    type_into(f.name.line, "x" * 31)
    type_into(f.note.line, "y" * 31)
    type_into(f.plu.line, "903")
    type_into(f.sale.line, "-5")
    type_into(f.valid_from.line, "02.01.2027")
    type_into(f.valid_until.line, "01.01.2027")
    assert not settings.save()
    said = {name: getattr(f, name).error.text() for name in ("name", "note", "plu", "sale", "valid_until")}
    assert said == {
        "name": f"“{'x' * 29}…” has more than 30 characters.",
        "note": f"“{'y' * 29}…” has more than 30 characters.",
        "plu": "The PLU number 903 belongs to “Gutschein frei”. Choose another one.",
        "sale": "−€5.00 is below 0. A voucher can’t be worth or cost less than nothing.",
        "valid_until": "The voucher would end on 01/01/2027, before it begins on 02/01/2027.",
    }
    assert f.plu.line.text() == "903"
    assert f.name.line.hasFocus() or not settings.isActiveWindow()


def test_a_field_says_as_soon_as_typing_pauses_what_saving_would(settings: SettingsTab) -> None:
    type_into(settings.fields.face.line, "20")
    settings.fields.face._settled.timeout.emit()
    assert settings.fields.face.error.text().startswith("It costs €25.00 and would be worth €20.00.")
    assert settings.words.text() == ""
    type_into(settings.fields.face.line, "0")
    assert "worth nothing" in settings.fields.face.error.text()
    type_into(settings.fields.face.line, "25")
    assert settings.fields.face.error.text() == ""


def test_a_short_term_is_warned_of_and_saved_all_the_same(settings: SettingsTab, till: Till) -> None:
    hint = settings.hints[TypeField.VALID_UNTIL]
    assert hint.isHidden()
    type_into(settings.fields.valid_until.line, "31.12.2027")
    settings._pause.timeout.emit()
    assert "courts have struck" in hint.text()
    assert hint.isVisibleTo(settings)
    assert settings.save()
    kept = next(kind for kind in till.voucher_types.types() if kind.name == "Gutschein 25 €")
    assert kept.valid_until == dt.date(2027, 12, 31)


def test_only_the_fields_that_count_are_shown(settings: SettingsTab) -> None:
    f = settings.fields
    shown: list[QWidget] = [f.face, f.percent, f.first_number, f.vat_key]
    assert [field.isVisibleTo(settings) for field in shown] == [True, False, False, False]
    pick(f.is_by_percent.combo, "sale value plus N %")
    pick(f.vat.combo, "Single-purpose: VAT when it is sold")
    assert [field.isVisibleTo(settings) for field in shown] == [False, True, False, True]
    type_into(f.percent.line, "12,5")
    assert settings.words.text() == "The customer pays €25.00 and can redeem €28.13: €3.13 of it are a bonus."


def test_a_percentage_on_top_and_a_vat_rate_are_stored(settings: SettingsTab, till: Till) -> None:
    f = settings.fields
    pick(f.is_by_percent.combo, "sale value plus N %")
    assert not settings.save()
    assert f.percent.error.text() == "Something has to stand here."
    type_into(f.percent.line, "12,5")
    pick(f.vat.combo, "Single-purpose: VAT when it is sold")
    pick(f.vat_key.combo, "2 · 7 %")
    f.takes_vouchers.check.click()
    assert settings.save()
    kept = next(kind for kind in till.voucher_types.types() if kind.name == "Gutschein 25 €")
    assert (kept.face_bonus_bp, kept.face, kept.vat_treatment, kept.vat_key) == (
        1250,
        None,
        VatTreatment.SINGLE_PURPOSE,
        2,
    )
    assert kept.may_be_bought_with_vouchers


def test_numbering_that_begins_to_count_asks_for_the_first_number(settings: SettingsTab, till: Till) -> None:
    f = settings.fields
    pick(f.numbering.combo, "asked at the till")
    assert settings.save()
    pick(f.numbering.combo, "counts up by itself")
    assert f.first_number.isVisibleTo(settings)
    assert not settings.save()
    assert "Type the first number" in f.first_number.error.text()
    type_into(f.first_number.line, "NEU-")
    assert not settings.save()
    assert "has no digits at its end" in f.first_number.error.text()
    type_into(f.first_number.line, "NEU-01")
    assert settings.save()
    kept = next(kind for kind in till.voucher_types.types() if kind.name == "Gutschein 25 €")
    assert (kept.numbering, kept.next_number) == (Numbering.AUTOMATIC, "NEU-01")


def test_a_new_type_is_made_with_its_own_tab_only(page: VouchersPage, till: Till) -> None:
    QTest.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    tab = page.tabs.tab
    assert isinstance(tab, SettingsTab)
    assert [page.tabs.bar.isTabEnabled(n) for n in range(page.tabs.bar.count())].count(True) == 1
    assert (tab.fields.plu.line.text(), tab.active_button.isVisibleTo(tab)) == ("904", False)
    assert not tab.save()
    assert "needs a name" in tab.fields.name.error.text()
    type_into(tab.fields.name.line, "Treue")
    type_into(tab.fields.first_number.line, "TR-01")
    assert tab.save()
    assert all(page.tabs.bar.isTabEnabled(n) for n in range(page.tabs.bar.count()))
    assert page.kind is not None
    assert (page.kind.name, page.list.view.currentIndex().data()) == ("Treue", "Treue")
    assert "Treue" in [tile.name for tile in till.sale.assortment().tiles]


def test_a_type_is_deactivated_and_sold_again(page: VouchersPage, settings: SettingsTab, till: Till) -> None:
    settings.active_button.click()
    assert page.message.text.startswith("“Gutschein 25 €” is not sold any more.")
    assert not row(page, "Gutschein 25 €").kind.active
    assert row(page, "Gutschein 25 €").spoken.endswith("inactive")
    assert settings.active_button.face.text == "Sell again"
    settings.active_button.click()
    assert row(page, "Gutschein 25 €").kind.active
    assert "Gutschein 25 €" in [tile.name for tile in till.sale.assortment().tiles]


def test_the_complaint_voucher_can_not_be_switched_off_and_the_screen_says_why(page: VouchersPage) -> None:
    choose(page, page.list.model.rows[-1].kind.name)
    tab = page.tabs.open_tab("settings")
    assert isinstance(tab, SettingsTab)
    assert not tab.active_button.isEnabled()
    assert "can’t be switched off: returns and cancellations need it" in tab.why_fixed.text()
    assert tab.why_fixed.isVisibleTo(tab)
    f = tab.fields
    assert not any(field.isVisibleTo(tab) for field in (f.sale, f.face, f.percent, f.numbering, f.vat, f.zero_price))
    type_into(f.name.line, "Gutschrift")
    assert tab.save()


# Nothing typed is lost


def test_another_type_is_not_shown_over_what_is_typed(page: VouchersPage, settings: SettingsTab) -> None:
    type_into(settings.fields.name.line, "Anders")
    choose(page, "Gutschein frei")
    assert page.unsaved.isVisible()
    assert settings.fields.name.line.text() == "Anders"
    assert page.list.view.currentIndex().data() == "Gutschein 25 €", "the row of what is shown stays the chosen one"
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert not page.unsaved.isVisible()
    choose(page, "Gutschein frei")
    page.unsaved.discard_button.click()
    assert settings.fields.name.line.text() == "Gutschein frei"
    type_into(settings.fields.name.line, "Frei")
    page.show_rules()
    page.unsaved.save_button.click()
    assert row(page, "Frei").kind.name == "Frei"
    assert page.rules.isVisible()


def test_closing_the_office_asks_about_what_is_typed(office: OfficeWindow, settings: SettingsTab) -> None:
    page = office.page
    assert isinstance(page, VouchersPage)
    assert page.may_leave()
    type_into(settings.fields.name.line, "Anders")
    assert not page.may_leave()
    assert page.unsaved.isVisible()
    settings.discard()
    assert page.may_leave()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(settings: SettingsTab, till: Till) -> None:
    kind = next(kind for kind in till.voucher_types.types() if kind.name == "Gutschein 25 €")
    till.voucher_types.deactivate(kind.id)
    type_into(settings.fields.name.line, "Anders")
    assert not settings.save()
    assert "Somebody else has changed this voucher type" in settings.message.text
    assert settings.fields.name.line.text() == "Anders"


# The next number


def test_the_next_number_is_set_and_the_next_sale_takes_it(
    page: VouchersPage, preload: PreloadTab, till: Till, tile: Callable[[str], Tile]
) -> None:
    assert (preload.field.line.text(), preload.next.text()) == ("AG25-0001", "AG25-0001")
    type_into(preload.field.line, "AG2027-99")
    preload._pause.timeout.emit()
    preload.work.finish()
    assert preload.next.text() == "AG2027-99"
    assert preload.ahead.text() == "then AG2027-100, AG2027-101, AG2027-102 …"
    assert preload.free.text() == "The next 10,000 numbers are free."
    QTest.keyClick(preload.field.line, Qt.Key.Key_Return)
    assert page.message.text == "Saved. The next sale takes AG2027-99."
    till.sale.add(tile("Gutschein 25 €"))
    till.sale.pay_cash(Money(2500))
    assert till.sale.complete().vouchers[0].number == "AG2027-99"


def test_taken_numbers_are_told_before_they_are_skipped(
    preload: PreloadTab, till: Till, tile: Callable[[str], Tile]
) -> None:
    for _ in range(2):
        till.sale.add(tile("Gutschein 25 €"))
    till.sale.pay_cash(Money(5000))
    till.sale.complete()
    type_into(preload.field.line, "AG25-0001")
    preload._pause.timeout.emit()
    preload.work.finish()
    assert preload.next.text() == "AG25-0003"
    assert preload.skipped.text() == "2 numbers from AG25-0001 on are taken already and are skipped."
    type_into(preload.field.line, "AG25-0000")
    preload._pause.timeout.emit()
    preload.work.finish()
    assert preload.free.text() == "1 number is free; AG25-0001 behind it is taken and will be skipped."


def test_a_start_without_digits_is_refused_in_words(preload: PreloadTab, till: Till) -> None:
    before = till.voucher_types.types()
    type_into(preload.field.line, "AG-")
    preload.field._settled.timeout.emit()
    preload._pause.timeout.emit()
    assert preload.field.error.text() == "“AG-” has no digits at its end to count up. Try AG--0001."
    assert preload.next.text() == ""
    preload.save_button.click()
    assert till.voucher_types.types() == before
    preload.discard_button.click()
    assert preload.field.line.text() == "AG25-0001"


def test_a_type_whose_numbers_are_asked_has_none_to_set(
    page: VouchersPage, settings: SettingsTab, preload: PreloadTab
) -> None:
    page.tabs.open_tab("settings")
    pick(settings.fields.numbering.combo, "asked at the till")
    assert settings.save()
    page.tabs.open_tab("preload")
    assert not preload.field.isVisibleTo(preload)
    assert "don’t count up by themselves" in preload.not_automatic.text()


# The label


def test_what_is_printed_is_chosen_and_shown(page: VouchersPage, label: LabelTab, till: Till) -> None:
    assert not label.paper.pixmap().isNull()
    pick(label.template.combo, "Nothing more")
    label.work.finish()
    assert label.nothing.isVisibleTo(label)
    assert not label.paper.isVisibleTo(label)
    label.save_button.click()
    assert page.message.text == "Saved. It counts for the next voucher that is sold."
    kept = next(kind for kind in till.voucher_types.types() if kind.name == "Gutschein 25 €")
    assert kept.label_template == NOTHING
    pick(label.template.combo, "Label with value and validity")
    label.discard_button.click()
    assert label.template.read() == NOTHING


# The rules for all


def test_the_rules_for_all_are_read_and_changed(page: VouchersPage, till: Till) -> None:
    page.rules_button.click()
    rules = page.rules
    assert rules.isVisible()
    assert (rules.years.line.text(), rules.letters.check.isChecked(), rules.surplus.check.isChecked()) == (
        "10",
        True,
        True,
    )
    type_into(rules.years.line, "4")
    pick(rules.to_year_end.combo, "to the day")
    for field in (rules.without_number, rules.surplus, rules.bonus_lives):
        field.check.click()
    assert rules.save()
    assert till.voucher_types.rules() == VoucherRules(
        years=4, to_year_end=False, without_number=True, surplus_in_cash=False, expired_bonus_lives=True
    )
    assert row(page, "Gutschein 25 €").validity == "4 years"


def test_switching_letters_off_warns_while_there_are_some(
    page: VouchersPage, sell_voucher: Callable[[int], str]
) -> None:
    sell_voucher(1000)
    page.show_rules()
    page.rules.letters.check.click()
    page.rules.work.finish()
    assert page.rules.letters_hint.text().startswith("1 voucher that can still be redeemed has letters in its number")
    assert page.rules.letters_hint.isVisibleTo(page.rules)
    page.rules.letters.check.click()
    assert not page.rules.letters_hint.isVisibleTo(page.rules)


def test_rules_that_make_no_sense_are_refused_at_their_field(page: VouchersPage, till: Till) -> None:
    page.show_rules()
    type_into(page.rules.years.line, "0")
    assert not page.rules.save()
    assert page.rules.years.error.text() == "Vouchers are valid for 1 to 100 years."
    type_into(page.rules.years.line, "2")
    page.rules._pause.timeout.emit()
    assert "courts have struck" in page.rules.term_hint.text()
    assert till.voucher_types.rules() == VoucherRules()
    page.rules.discard_button.click()
    assert page.rules.years.line.text() == "10"
    choose(page, "Gutschein frei")
    assert page.tabs.isVisible()


def test_everything_to_tap_has_a_name_and_is_as_big_as_a_finger(page: VouchersPage, settings: SettingsTab) -> None:
    page.show_rules()
    for owner in (page.rules, settings):
        for button in owner.findChildren(QAbstractButton):
            if button.isVisibleTo(owner):
                assert button.accessibleName(), button
                assert button.sizeHint().height() >= 44, button.accessibleName()
        for line in owner.findChildren(QLineEdit):
            assert line.accessibleName(), line
