"""Tables that are written: exact, whole or not at all, and without a formula in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from till.errors import Unavailable
from till.money import Money
from till.tables import csv_file, writing, xlsx_file
from till.tables.formula import DANGEROUS, guarded, is_dangerous, unguarded
from till.tables.guard import Format, format_of
from till.tables.verdict import Problem
from till.tables.writing import Value, write_table

ROW: list[Value] = ["007", "Müsli; süß", Money(129_999), True, False, None, 5, Decimal("0.125"), dt.date(2026, 11, 20)]
TITLES = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
NASTY = st.text(st.sampled_from("=+-@'\t ab;\"|,＝"), min_size=1, max_size=6)


def test_csv_is_what_german_excel_opens(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert write_table(path, TITLES, [ROW]) == 1
    assert path.read_bytes() == (
        "\ufeffa;b;c;d;e;f;g;h;i\r\n".encode() + '007;"Müsli; süß";1299,99;ja;nein;;5;0,125;20.11.2026\r\n'.encode()
    )


def test_xlsx_has_typed_cells(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    assert write_table(path, TITLES, [ROW]) == 1
    (found,) = openpyxl.load_workbook(path).active.iter_rows(min_row=2, values_only=True)  # type: ignore[union-attr]
    assert found == ("007", "Müsli; süß", 1299.99, "ja", "nein", None, 5, 0.125, dt.datetime(2026, 11, 20))  # noqa: DTZ001 - openpyxl's
    assert [row.cells for row in xlsx_file.rows(path)][1] == [
        "007", "Müsli; süß", "1299.99", "ja", "nein", "", "5", "0.125", "2026-11-20",
    ]  # fmt: skip


def test_the_name_or_the_caller_decides_the_format(tmp_path: Path) -> None:
    for name, form, made in (
        ("a.XLSX", None, Format.XLSX),
        ("a.txt", None, Format.CSV),
        ("a", None, Format.CSV),
        ("b.csv", Format.XLSX, Format.XLSX),
    ):
        write_table(tmp_path / name, ["a"], [["x"]], form)
        assert format_of(tmp_path / name) is made


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-5", "@SUM(A1)", "\t=1", "\r=1", "'=1", "＝1"])
def test_no_text_becomes_a_formula(text: str, tmp_path: Path) -> None:
    write_table(tmp_path / "out.csv", ["a"], [[text]])
    line = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").split("\n", 1)[1]
    assert line.lstrip('"').startswith("'")
    write_table(tmp_path / "out.xlsx", ["a"], [[text]])
    cell = openpyxl.load_workbook(tmp_path / "out.xlsx").active["A2"]  # type: ignore[index]
    assert cell.data_type == "s"
    assert cell.quotePrefix


@given(NASTY)
def test_the_guard_takes_nothing_away(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[0] not in DANGEROUS
    assert is_dangerous(text) == is_dangerous(guarded(text))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(NASTY, min_size=2, max_size=3), min_size=1, max_size=4))
@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_what_is_written_is_read_back(tmp_path: Path, name: str, rows: Sequence[Sequence[str]]) -> None:
    path = tmp_path / name
    write_table(path, ["a", "b", "c"], rows)
    read = csv_file.rows(path) if name.endswith("csv") else xlsx_file.rows(path)
    found = [row.cells for row in list(read)[1:]]
    assert found == [list(row) for row in rows]


def test_control_characters_stay_out(tmp_path: Path) -> None:
    for name in ("out.csv", "out.xlsx"):
        write_table(tmp_path / name, ["a"], [["a\x00b\x1b\x85c\nd"]])
    assert [row.cells for row in csv_file.rows(tmp_path / "out.csv")][1] == ["abc\nd"]
    assert [row.cells for row in xlsx_file.rows(tmp_path / "out.xlsx")][1] == ["abc\nd"]


def test_a_table_that_breaks_off_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")

    def rows() -> Iterator[list[Value]]:
        yield ["x"]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_table(path, ["a"], rows())
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"can’t be written to “out\.csv”"):
        write_table(tmp_path / "none" / "out.csv", ["a"], [])


def test_an_xlsx_that_breaks_off_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither half a file nor the one in which the rows are collected."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def broken() -> Iterator[list[Value]]:
        yield ["1"]
        complaint = "the rows end here"
        raise LookupError(complaint)

    with pytest.raises(LookupError):
        write_table(tmp_path / "out.xlsx", ["a"], broken())
    with pytest.raises(Unavailable):
        write_table(tmp_path / "gone" / "out.xlsx", ["a"], [["1"]])
    assert list(tmp_path.iterdir()) == []


def test_a_problem_is_kept_with_its_amounts_and_days() -> None:
    values: dict[str, object] = {"cell": Money(5), "day": dt.date(2026, 11, 20), "row": 7}
    problem = Problem("Preis", "“{cell}” is too much", values)
    assert Problem.from_json(problem.as_json()) == Problem("Preis", "“{cell}” is too much", values | {"row": "7"})


def test_more_rows_than_a_sheet_holds_go_on_on_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SHEET_ROWS", 4)
    assert write_table(tmp_path / "out.xlsx", ["a"], ([str(n)] for n in range(7))) == 7
    sheets = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets
    assert [[row[0] for row in sheet.iter_rows(values_only=True)] for sheet in sheets] == [
        ["a", "0", "1", "2"],
        ["a", "3", "4", "5"],
        ["a", "6"],
    ]


def test_what_just_fits_takes_one_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SHEET_ROWS", 4)
    write_table(tmp_path / "out.xlsx", ["a"], ([str(n)] for n in range(3)))
    assert len(openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets) == 1
