"""Rows of a table of articles: what each cell means, what an empty one means, and the way back."""

from __future__ import annotations

import uuid
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.business_case import VatKey
from till.catalog.article import Article, ArticleKind
from till.catalog.models import ArticleRow
from till.catalog.staging import ARTICLE_COLUMNS
from till.catalog.table_columns import (
    COLUMNS,
    WRITTEN,
    Listed,
    RowReader,
    Terms,
    changes,
    joined_codes,
    split_codes,
    written,
)
from till.errors import Refused
from till.money import Money
from till.tables.header import recognise
from till.tables.row import Row

RATES = {VatKey.GENERAL: 1900, VatKey.REDUCED: 700, VatKey.AVERAGE_10_7: 1070, VatKey.NOT_TAXABLE: 0, VatKey.EXEMPT: 0}
TEA = Listed(
    Article(
        id=uuid.UUID(int=7),
        number="007",
        name="Assam",
        category_id="c1",
        price=Money(890),
        vat_key=VatKey.REDUCED,
        kind=ArticleKind.SERVICE,
        unit="kg",
        receipt_name="Tee",
        codes=("4006381333931", "TEE-1"),
        plu="77",
        deposit_id=uuid.UUID(int=9),
        is_active=False,
        takes_discount=False,
        is_weighed=True,
        position=3,
        age_limit=16,
    ),
    "Tee",
    "900",
)
TITLES = [column.title for column in WRITTEN]


def reader(*titles: str) -> RowReader:
    header, _ = recognise([Row(1, list(titles))], COLUMNS)
    return RowReader(header, Terms(RATES, lambda name: ("c1", name)))


def read(titles: list[str], cells: list[str], known: Listed | None = None) -> Listed:
    listed, problem = reader(*titles).read(Row(2, cells), cells[0], known)
    assert problem is None
    assert listed is not None
    return listed


def refusal(title: str, cell: str) -> str:
    _, problem = reader("Nr", "Bezeichnung", "USt-Schlüssel" if title != "USt-Schlüssel" else "PLU", title).read(
        Row(2, ["1", "Tee", "1", cell]), "1", None
    )
    assert problem is not None
    assert problem.column == title
    return problem.msgid.format(**problem.values)


def text_of(listed: Listed) -> list[str]:
    """The cells as a CSV has them."""
    shown = []
    for value in written(listed):
        match value:
            case None:
                shown.append("")
            case bool():
                shown.append("ja" if value else "nein")
            case _:
                shown.append(str(value))
    return shown


def test_every_field_of_an_article_has_a_column_and_every_column_of_the_books_is_staged() -> None:
    keys = {column.key for column in WRITTEN}
    renamed = {"category_id": "category", "deposit_id": "deposit"}
    assert {renamed.get(f.name, f.name) for f in fields(Article)} - {"id"} == keys
    assert tuple(column.name for column in ArticleRow.__table__.columns if column.name in ARTICLE_COLUMNS)
    assert {column.name for column in ArticleRow.__table__.columns} == {
        *ARTICLE_COLUMNS,
        "search_row",
    }  # the index numbers them


def test_a_whole_row_becomes_the_article_that_was_written() -> None:
    made = read(TITLES, text_of(TEA))
    article = replace(made.article, id=TEA.article.id, category_id="c1", deposit_id=TEA.article.deposit_id)
    assert Listed(article, made.category, made.deposit) == TEA


def test_a_row_of_an_article_that_is_there_changes_nothing() -> None:
    assert read(TITLES, text_of(TEA), TEA) == TEA
    assert changes(TEA, read(TITLES, text_of(TEA), TEA)) == []


def test_columns_that_are_not_there_stay_as_they_are() -> None:
    changed = read(["Nr", "VK"], ["007", "9,90"], TEA)
    assert changed == replace(TEA, article=replace(TEA.article, price=Money(990)))
    assert [(c.column, c.before, c.after) for c in changes(TEA, changed)] == [("Preis", "8,90", "9,90")]


def test_an_empty_cell_empties_what_may_be_empty_and_leaves_the_rest() -> None:
    emptied = read(TITLES, ["007", *[""] * (len(TITLES) - 1)], TEA)
    assert emptied.article == replace(
        TEA.article, receipt_name="", price=None, codes=(), plu="", deposit_id=None, position=None, age_limit=None
    )
    assert (emptied.category, emptied.deposit) == ("Tee", "")
    assert [c.column for c in changes(TEA, emptied)] == [
        "Bontext", "Preis", "EAN", "PLU", "Pfandartikel", "Platz", "Mindestalter",
    ]  # fmt: skip


def test_a_short_row_is_one_with_empty_cells() -> None:
    assert read(["Nr", "Bezeichnung", "USt-Schlüssel", "Preis"], ["1", "Tee", "1"]).article.price is None


def test_a_new_article_needs_a_name_and_a_vat_key() -> None:
    for titles, cells, column in (
        (["Nr", "PLU"], ["1", "5"], "Bezeichnung"),
        (["Nr", "Name"], ["1", "Tee"], "Steuerschlüssel"),
    ):
        _, problem = reader(*titles).read(Row(2, cells), "1", None)
        assert problem is not None
        assert problem.column == column


@pytest.mark.parametrize(
    ("title", "cell", "key"),
    [
        ("MwSt", "19", VatKey.GENERAL),
        ("MwSt", "7", VatKey.REDUCED),
        ("MwSt", "7,0 %", VatKey.REDUCED),
        ("MwSt", "0.07", VatKey.REDUCED),
        ("MwSt", "10,7", VatKey.AVERAGE_10_7),
        ("Steuerschlüssel", "1", VatKey.GENERAL),
        ("Steuerschlüssel", "2.0", VatKey.REDUCED),
        ("Steuerschlüssel", "19 %", VatKey.GENERAL),
        ("Steuerschlüssel", "6", VatKey.EXEMPT),
    ],
)
def test_vat_by_key_or_rate(title: str, cell: str, key: VatKey) -> None:
    assert read(["Nr", "Name", title], ["1", "Tee", cell]).article.vat_key is key


def test_the_key_counts_where_a_table_has_key_and_rate() -> None:
    assert read(["Nr", "Name", "MwSt", "Steuerschlüssel"], ["1", "Tee", "19", "2"]).article.vat_key is VatKey.REDUCED


@pytest.mark.parametrize(
    ("title", "cell", "words"),
    [
        ("Preis", "-1", "can’t be negative"),
        ("Preis", "1,234", "more than two decimals"),
        ("Preis", "100000000", "too large"),
        ("USt-Schlüssel", "19", "is no VAT key with a rate that is valid today. Those are: 1, 2, 3, 5, 6"),
        ("USt-Schlüssel", "21", "is no VAT key"),
        ("USt-Schlüssel", "x", "is no VAT key"),
        ("MwSt", "16", "no VAT key with the rate 16"),
        ("MwSt", "0", "0 % may mean"),
        ("MwSt", "voll", "no percentage"),
        ("Art", "Sonstiges", "is no kind of article"),
        ("Aktiv", "vielleicht", "neither yes nor no"),
        ("Mindestalter", "100", "no whole number from 0 to 99"),
        ("PLU", "5 5", "can't be a PLU number"),
        ("EAN", "4,00638E+12", "was shortened"),
        ("EAN", "4006381333931|4006381333931", "stands twice in this row"),
        ("EAN", "x" * 61, "more than 60"),
        ("Bontext", "a\nb", "can’t be printed"),
        ("Einheit", "x" * 61, "more than 60"),
        ("Pfand", "x" * 41, "more than 40"),
    ],
)
def test_a_wrong_cell_is_told_with_its_column(title: str, cell: str, words: str) -> None:
    assert words in refusal(title, cell)


def test_a_row_without_number_is_refused() -> None:
    for cells in ([""], [" "], []):
        with pytest.raises(Refused, match="no article number"):
            reader("Nr").number_of(Row(2, cells))
    assert reader("Name", "Nr").number_of(Row(2, ["Tee", " 007 "])) == "007"


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("4006381333931", ("4006381333931",)),
        ("036000291452", ("0036000291452",)),
        ("4006381333931, 4012345000016", ("4006381333931", "4012345000016")),
        ("4006381333931\n4012345000016", ("4006381333931", "4012345000016")),
        ("A 1|B,2", ("A 1", "B,2")),
        ("12 34|", ("12 34",)),
        (" | ", ()),
    ],
)
def test_codes_in_one_cell(cell: str, codes: tuple[str, ...]) -> None:
    assert split_codes(cell) == codes


CODES = st.text(st.sampled_from("01 aB|\\,;/'=-"), min_size=1, max_size=8).filter(lambda code: code == code.strip())


@given(st.lists(CODES, unique=True, max_size=4))
def test_codes_are_read_back_as_they_were_written(codes: list[str]) -> None:
    assert split_codes(joined_codes(codes)) == tuple(codes)
