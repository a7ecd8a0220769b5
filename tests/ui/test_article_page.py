"""The office's page for articles: find, change, keep what is typed, refuse at the field, plan prices, scan."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit

from till.app.bootstrap import Till
from till.catalog.listing import Wanted
from till.catalog.price_list import LaterPrices, PriceList, Tier
from till.money import Money
from till.quantity import pieces
from till.ui.office.articles.card_form import BASE, CODES, HISTORY, PICTURE, PRICES
from till.ui.office.articles.page import ArticlesPage
from till.ui.office.window import OfficeWindow

ROSE_GTIN = "4400119000179"
FREE_CODE = "4006381333931"


@pytest.fixture
def page(office: OfficeWindow) -> ArticlesPage:
    """The article page with its list."""
    office.open_page("articles")
    assert isinstance(office.page, ArticlesPage)
    office.page.work.finish()
    return office.page


def names(page: ArticlesPage) -> list[str]:
    """What the list shows."""
    page.work.finish()
    return [row.name for row in page.table.model.shown]


def choose(page: ArticlesPage, name: str) -> None:
    """Tap the row with this name."""
    assert page.table.select(lambda row: row.name == name)


def type_into(line: QLineEdit, text: str) -> None:
    """Type as a person does."""
    line.clear()
    if text.isascii():
        QTest.keyClicks(line, text)
    else:  # QTest knows no other keys
        line.insert(text)
        line.textEdited.emit(text)


def test_the_list_shows_what_is_for_sale_and_finds_it_as_one_types(page: ArticlesPage) -> None:
    assert names(page)[:2] == ["Assam TGFOP 100 g", "Grußkarte A6"]
    QTest.keyClicks(page.table.search.line, "strauss")
    page._pause.timeout.emit()
    assert names(page) == ["Strauß „Herbstlicht“"]
    assert page.count.text() == "1 article"
    type_into(page.table.search.line, "xyz")
    page._pause.timeout.emit()
    assert names(page) == []


def test_categories_and_states_narrow_the_list(page: ArticlesPage, till: Till) -> None:
    page.category.set_value("tea")
    page.category.changed.emit()
    assert names(page) == ["Assam TGFOP 100 g"]
    tea = till.articles.listing(Wanted("assam")).articles[0]
    till.articles.set_active(tea.id, is_active=False)
    page.begin()
    assert names(page) == []
    page.state.set_value(False)
    page.state.changed.emit()
    assert names(page) == ["Assam TGFOP 100 g"]


def test_a_category_that_another_page_made_can_be_chosen_at_once(page: ArticlesPage, till: Till) -> None:
    choose(page, "Rose")
    till.layout.add_category("Kerzen", "#F7D6DC")
    page.begin()
    offered = [page.category.combo.itemText(place) for place in range(page.category.combo.count())]
    assert "Kerzen" in offered
    fields = page.form.fields
    assert "Kerzen" in [fields.category.combo.itemText(place) for place in range(fields.category.combo.count())]
    assert (fields.category.combo.currentText(), page.form.is_changed) == ("Schnittblumen", False)


def test_an_article_is_changed_and_sold_so_at_once(page: ArticlesPage, till: Till) -> None:
    choose(page, "Rose")
    form = page.form
    assert (form.title.text(), form.fields.price.line.text()) == ("Rose", "3.50")
    assert not form.save_button.isEnabled()
    type_into(form.fields.name.line, "Rose rot")
    type_into(form.fields.price.line, "3,90")
    QTest.keyClick(page, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert form.message.text.startswith("Saved.")
    assert "Rose rot" in names(page)
    till.sale.scan(ROSE_GTIN)
    assert till.sale.state.priced.total == Money(390)


def test_what_is_wrong_is_said_at_its_field_and_stays_typed(page: ArticlesPage) -> None:
    choose(page, "Rose")
    fields = page.form.fields
    fields.name.line.clear()
    type_into(fields.number.line, "3001")
    type_into(fields.price.line, "1,234")
    assert not page.form.save()
    assert "is not an amount" in fields.price.error.text()
    type_into(fields.price.line, "0")
    assert "given away" in page.form.warning.text()
    assert not page.form.save()
    assert "needs a name" in fields.name.error.text()
    assert "belongs to “Assam TGFOP 100 g”" in fields.number.error.text()
    assert fields.number.line.text() == "3001"
    assert page.form.tabs.tabText(BASE) == "Basics (!)"


def test_a_field_says_as_soon_as_typing_pauses_what_the_desk_would(page: ArticlesPage) -> None:
    choose(page, "Rose")
    type_into(page.form.fields.plu.line, "äöü")
    page.form.fields.plu._settled.timeout.emit()
    assert "can't be a PLU number" in page.form.fields.plu.error.text()


def test_another_article_is_not_opened_over_what_is_typed(page: ArticlesPage) -> None:
    choose(page, "Rose")
    type_into(page.form.fields.name.line, "Röschen")
    choose(page, "Tulpe 10er")
    assert page.form.unsaved.isVisible()
    assert page.form.fields.name.line.text() == "Röschen"
    assert page.table.row is not None
    assert page.table.row.name == "Rose", "the row of the card stays the selected one"
    page.form.unsaved.keep_button.click()
    assert not page.form.unsaved.isVisible()
    choose(page, "Tulpe 10er")
    page.form.unsaved.discard_button.click()
    assert page.form.fields.name.line.text() == "Tulpe 10er"


def test_the_question_can_be_answered_by_saving(page: ArticlesPage, till: Till) -> None:
    choose(page, "Rose")
    type_into(page.form.fields.name.line, "Röschen")
    choose(page, "Tulpe 10er")
    page.form.unsaved.save_button.click()
    assert page.form.fields.name.line.text() == "Tulpe 10er"
    assert till.articles.listing(Wanted("roschen")).total == 1


def test_the_office_does_not_close_over_what_is_typed(office: OfficeWindow, page: ArticlesPage) -> None:
    choose(page, "Rose")
    type_into(page.form.fields.name.line, "Röschen")
    assert not office.close()
    assert page.form.unsaved.isVisible()
    page.form.discard()
    assert office.close()


def test_a_new_article_is_typed_with_keys_alone(page: ArticlesPage, till: Till) -> None:
    QTest.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert page.form.is_new
    assert page.form.fields.number.line.text() == "5002"
    type_into(page.form.fields.name.line, "Vase")
    type_into(page.form.fields.price.line, "19.9")
    QTest.keyClick(page.form.fields.price.line, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert not page.form.is_new
    assert "Vase" in names(page)
    assert [tile.name for tile in till.sale.search("vase")] == ["Vase"]


def test_a_copy_begins_as_a_new_article(page: ArticlesPage) -> None:
    choose(page, "Rose")
    page.form.copy_button.click()
    assert page.form.is_new
    assert page.form.fields.codes.codes == ()
    type_into(page.form.fields.name.line, "Rose gelb")
    assert page.form.save()
    assert {"Rose", "Rose gelb"} <= set(names(page))


def test_tiers_are_typed_row_by_row(page: ArticlesPage, till: Till) -> None:
    choose(page, "Rose")
    page.form.tabs.setCurrentIndex(PRICES)
    tiers = page.form.fields.tiers
    tiers.add.click()
    type_into(tiers.rows[0].quantity.line, "10")
    assert not page.form.save()
    assert "needs both" in tiers.error.text()
    type_into(tiers.rows[0].price.line, "4")
    assert not page.form.save()
    assert "must be below €3.50" in tiers.error.text()
    assert page.form.tabs.tabText(PRICES) == "Prices (!)"
    type_into(tiers.rows[0].price.line, "2.99")
    assert page.form.save()
    till.sale.scan(ROSE_GTIN, pieces(10))
    assert till.sale.state.priced.total == Money(2990)
    tiers.rows[0].remove.click()
    assert page.form.save()
    assert till.articles.card(page.form.card.article.id).tiers == ()  # type: ignore[union-attr]


def test_a_price_is_planned_and_dropped_again(page: ArticlesPage, till: Till) -> None:
    choose(page, "Rose")
    page.form.tabs.setCurrentIndex(PRICES)
    later = page.form.fields.later
    later.add.click()
    assert later.form.day.value() == till.articles.today() + dt.timedelta(days=1)
    later._take()
    assert later.form.price.error.text() == "Something has to stand here."
    type_into(later.form.price.line, "4.20")
    type_into(later.form.time.line, "25:00")
    later._take()
    assert "is no time" in later.form.time.error.text()
    type_into(later.form.time.line, "8:30")
    assert not page.form.save(), "a price that somebody is about to plan must not be lost"
    later._take()
    assert page.form.save()
    article = page.form.card.article  # type: ignore[union-attr]
    moment = dt.datetime(2026, 11, 22, 7, 30, tzinfo=dt.UTC)
    assert till.articles.card(article.id).later == (LaterPrices(moment, PriceList(Money(420))),)
    later._remove(later.plans[0])
    assert page.form.save()
    assert till.articles.card(article.id).later == ()


def test_a_planned_price_in_the_past_is_refused_where_it_is_typed(page: ArticlesPage, till: Till) -> None:
    choose(page, "Rose")
    later = page.form.fields.later
    later.begin()
    later.form.day.set_value(till.articles.today())
    type_into(later.form.price.line, "4")
    later._take()
    assert "is over" in later.form.price.error.text()
    assert later.is_open


def test_a_scan_finds_the_article_or_begins_a_new_one(office: OfficeWindow, page: ArticlesPage) -> None:
    assert office.on_scan(ROSE_GTIN)
    assert page.form.fields.name.line.text() == "Rose"
    assert office.on_scan(FREE_CODE)
    assert page.form.is_new
    assert page.form.fields.codes.codes == (FREE_CODE,)
    assert FREE_CODE in page.form.message.text


def test_a_scan_over_unsaved_words_asks_first(office: OfficeWindow, page: ArticlesPage) -> None:
    office.on_scan(ROSE_GTIN)
    type_into(page.form.fields.name.line, "Röschen")
    office.on_scan(FREE_CODE)
    assert page.form.fields.name.line.text() == "Röschen"
    page.form.unsaved.save_button.click()
    assert page.form.fields.codes.codes == (FREE_CODE,)


def test_while_the_codes_are_in_sight_a_scan_is_one_of_them(office: OfficeWindow, page: ArticlesPage) -> None:
    choose(page, "Tulpe 10er")
    page.form.tabs.setCurrentIndex(CODES)
    codes = page.form.fields.codes
    office.on_scan(FREE_CODE)
    assert codes.codes[-1] == FREE_CODE
    office.on_scan(ROSE_GTIN)
    assert "belongs to “Rose” (1001)" in codes.entry.error.text()
    type_into(codes.entry.line, "4006381333932")
    QTest.keyClick(codes.entry.line, Qt.Key.Key_Return)
    assert "should end in 1" in codes.entry.error.text()
    codes.entry.line.clear()
    assert page.form.save()


def test_a_picture_is_kept_from_a_file_and_what_is_none_is_refused(
    page: ArticlesPage, till: Till, tmp_path: Path
) -> None:
    from PIL import Image

    choose(page, "Rose")
    page.form.tabs.setCurrentIndex(PICTURE)
    view = page.form.picture
    good, bad = tmp_path / "rose.png", tmp_path / "<b>x<b>.png"
    Image.new("RGB", (600, 300), "#c0392b").save(good)
    bad.write_bytes(b"no picture")
    view.take_file(str(good))
    view.work.finish()
    article = page.form.card.article  # type: ignore[union-attr]
    assert till.articles.picture(article.id) is not None
    assert view.remove.isVisible()
    view.take_file(str(bad))
    view.work.finish()
    assert "no picture" in page.form.message.text
    view.take_file(str(tmp_path / "gone.png"))
    view.work.finish()
    assert "gone.png can’t be read" in page.form.message.text
    view.remove.click()
    view.work.finish()
    assert till.articles.picture(article.id) is None
    page.begin_article()
    assert not view.choose.isEnabled()


def test_the_history_names_who_changed_what(page: ArticlesPage) -> None:
    choose(page, "Rose")
    type_into(page.form.fields.price.line, "3.90")
    page.form.save()
    page.form.tabs.setCurrentIndex(HISTORY)
    words = [label.text() for label in page.form.history.findChildren(type(page.form.warning))]
    assert "Price (with VAT): 3,50 → 3,90" in words
    assert any("Marie Klein" in word for word in words)


def test_who_was_quicker_is_told_and_what_is_typed_stays(page: ArticlesPage, till: Till) -> None:
    choose(page, "Rose")
    type_into(page.form.fields.name.line, "Röschen")
    article = page.form.card.article  # type: ignore[union-attr]
    till.articles.set_active(article.id, is_active=False)
    assert not page.form.save()
    assert "Somebody else has changed" in page.form.message.text
    assert page.form.fields.name.line.text() == "Röschen"
    assert not page.form.fields.is_active.read(), "what the other one changed is shown beside it"
    assert page.form.save()
    stored = till.articles.card(article.id).article
    assert (stored.name, stored.is_active) == ("Röschen", False)


def test_everything_can_be_named_and_reached(page: ArticlesPage) -> None:
    choose(page, "Rose")
    tiers = page.form.fields.tiers
    tiers.set_value((Tier(pieces(2), Money(100)),))
    for kind in (QAbstractButton, QComboBox, QLineEdit):
        for widget in page.findChildren(kind):
            if widget.objectName().startswith("qt_"):
                continue
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                assert widget.accessibleName(), widget
