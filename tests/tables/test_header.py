"""Columns are found by their titles; tables without good ones are refused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from till.errors import Refused
from till.tables.header import Column, recognise
from till.tables.row import Row


@pytest.mark.parametrize(
    "titles",
    [
        ["Artikelnummer", "Bezeichnung", "Preis"],
        ["artikel-nummer ", "BEZEICHNUNG", "Groesse des Preises"],
        ["Article Number", "Description", "Größe des Preises"],
        ["NR.", "name", "price"],
    ],
)
def test_titles_are_known_in_any_spelling(titles: list[str], columns: Sequence[Column]) -> None:
    header, used = recognise([Row(1, titles)], columns)
    assert header.places == {"number": 0, "name": 1, "price": 2}
    assert used == 1


def test_the_title_of_the_whole_table_above_the_columns_is_passed_over(columns: Sequence[Column]) -> None:
    rows = [Row(1, ["Preisliste 2026"]), Row(3, ["", "Preis"]), Row(4, ["", "Nr", "Preis", "Lager"]), Row(5, ["", "1"])]
    header, used = recognise(rows, columns)
    assert (header.row, used) == (4, 3)
    assert header.places == {"number": 1, "price": 2}
    assert header.unknown == ("Lager",)


def test_no_header_is_refused_with_what_is_wanted(columns: Sequence[Column]) -> None:
    with pytest.raises(Refused, match=r"no titles that are known\. At least “Artikelnummer”"):
        recognise([Row(1, ["1", "Tee", "4,50"])], columns)


def test_a_required_column_must_be_there(columns: Sequence[Column]) -> None:
    with pytest.raises(Refused, match="no column “Artikelnummer”"):
        recognise([Row(1, ["Bezeichnung", "Preis"])], columns)


def test_two_columns_of_one_meaning_are_refused(columns: Sequence[Column]) -> None:
    with pytest.raises(Refused, match="“Nr” and “Article number”"):
        recognise([Row(1, ["Nr", "Preis", "Article number"])], columns)
