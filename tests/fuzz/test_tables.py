"""Whatever stands in a table from outside: rows, or a refusal in words that every reader's language can show (X3)."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from till.app.bootstrap import Till
from till.business_case import VatKey
from till.catalog.table_columns import COLUMNS, RowReader, Terms
from till.catalog.table_import import Asked
from till.errors import Refused
from till.formats import Formats, Sentence
from till.i18n import Translator
from till.tables.header import Header
from till.tables.reading import open_table
from till.tables.row import Row
from till.tables.verdict import Verdict
from till.tables.writing import write_table

fuzz = settings.get_profile("fuzz")
FORMATS = [Formats(Translator("de")), Formats(Translator("en"))]
CELLS = st.text(max_size=30) | st.sampled_from(
    (
        "",
        "1",
        "=1+1",
        "-1",
        "4006381333931",
        "4,00638E+12",
        "ja",
        "7",
        "19 %",
        "1.234",
        "\\|",
        "|",
        "'",
        "$VX.1",
        "99999999,99",
    )
)
PARTS = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/sharedStrings.xml",
    "xl/worksheets/sheet1.xml",
)
RATES = {VatKey.GENERAL: 1900, VatKey.REDUCED: 700}


def _read(path: Path) -> None:
    try:
        table = open_table(path, COLUMNS)
        for row in table.rows:
            assert row.number > 0
            assert all(isinstance(cell, str) for cell in row.cells)
    except Refused as refusal:
        _say(refusal)


def _say(said: Sentence) -> None:
    """A sentence that lacks a value raises KeyError."""
    for formats in FORMATS:
        assert formats.sentence(said)


@fuzz
@given(st.binary(max_size=300))
@example(b"PK\x03\x04")
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
@example(b"sep=;")
@example(b'Nr;"')
def test_any_bytes_are_a_table_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "table"
    path.write_bytes(content)
    _read(path)


@fuzz
@given(st.text(max_size=200))
def test_any_text_below_a_header_is_a_table_or_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "table.csv"
    path.write_text("Nr;Bezeichnung\n" + text, encoding="utf-8", errors="surrogatepass")
    _read(path)


@fuzz
@given(st.sampled_from(PARTS), st.integers(0, 3000), st.binary(max_size=12), st.booleans())
def test_a_sheet_with_any_damage_is_a_table_or_refused(
    tmp_path: Path,
    part: str,
    place: int,
    damage: bytes,
    outside: bool,  # noqa: FBT001 - a drawn value
) -> None:
    path = tmp_path / "table.xlsx"
    write_table(path, ["Nr", "Bezeichnung", "Preis"], [["1", "Tee", 5], ["2", "=x", None]])
    if outside:
        content = path.read_bytes()
        at = place % len(content)
        path.write_bytes(content[:at] + damage + content[at + len(damage) :])
    else:
        path.write_bytes(_with_damage(path.read_bytes(), part, place, damage))
    _read(path)


def _with_damage(content: bytes, part: str, place: int, damage: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as whole, zipfile.ZipFile(made, "w") as archive:
        for name in whole.namelist():
            old = whole.read(name)
            at = place % max(1, len(old))
            archive.writestr(name, old[:at] + damage + old[at + len(damage) :] if name == part else old)
    return made.getvalue()


@fuzz
@given(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)))
def test_any_row_is_an_article_or_a_problem_in_words(cells: list[str]) -> None:
    header = Header(1, {c.key: place for place, c in enumerate(COLUMNS)}, {c.key: c.title for c in COLUMNS})
    reader = RowReader(header, Terms(RATES, lambda name: ("c1", name)))
    row = Row(2, cells)
    try:
        article, problem = reader.read(row, reader.number_of(row), None)
    except Refused as refusal:
        _say(refusal)
        return
    if article is None:
        assert problem is not None
        _say(problem)
        return
    price = article.article.price
    assert price is None or 0 <= price.cents <= 9_999_999_999
    assert article.article.name.strip()


@settings(fuzz, max_examples=60)
@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=4))
def test_any_table_is_taken_over_or_refused_whole(any_till: Till, tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "table.csv"
    titles = ["Nr", "Bezeichnung", "Preis", "USt-Schlüssel", "EAN"]
    write_table(path, titles, [[*row[:3], "1", row[4]] for row in rows])
    desk = any_till.article_tables
    try:
        preview = desk.check(path, Asked(category="Neu"))
    except Refused as refusal:
        _say(refusal)
        return
    if not preview.is_acceptable:
        assert desk.rows(Verdict.REFUSED)
        return
    desk.apply()
    again = desk.check(path, Asked(category="Neu"))
    assert again.counts[Verdict.UNCHANGED] == sum(again.counts.values())
