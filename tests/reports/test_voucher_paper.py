"""The liability report leaves the till: as a table that computes, as CSV, and on paper with its chart (10-vouchers V46)."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pypdf
import pytest
from openpyxl import load_workbook

from till.errors import Unavailable
from till.formats import Formats
from till.i18n import Translator
from till.money import ZERO, Money
from till.pages.saving import save_pdf
from till.reports.chart import MOST_MONTHS, chart_of, is_named, top_of
from till.reports.voucher_liability import LedgerSums, Left, LiabilityRow, Month, VoucherLiability, month_by_month
from till.reports.voucher_pdf import Paper, drawing, to_pdf
from till.reports.voucher_words import proof, table, titles
from till.tables.writing import write_table
from till.vouchers.model import VatTreatment

ENGLISH = Formats(Translator("en"))
TODAY = dt.date(2026, 11, 20)
PAPER = Paper("Blumen & Tee <Sommer>", dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC), ENGLISH)
ONE, TWO, COURSE = (uuid.UUID(int=n) for n in (1, 2, 3))
MULTI, SINGLE = VatTreatment.MULTI_PURPOSE, VatTreatment.SINGLE_PURPOSE
NOTHING_LEFT = VoucherLiability(TODAY, 3, (), (), LedgerSums())


@pytest.fixture
def report() -> VoucherLiability:
    """Three types, an old voucher, a name that would be a formula, two months."""
    rows = (
        LiabilityRow(MULTI, ONE, "=1+1", 2025, False, Left(2, Money(4000), Money(500)), Left(1, Money(1000), ZERO)),
        LiabilityRow(MULTI, ONE, "=1+1", 2019, True, Left(1, Money(1100), ZERO), expiring=Left(1, Money(1100), ZERO)),
        LiabilityRow(MULTI, TWO, "Aktion 20 → 30", 2026, False, Left(1, Money(2000), Money(1000))),
        LiabilityRow(SINGLE, COURSE, "Kurs", 2026, False, Left(1, Money(5000), ZERO)),
    )
    months = month_by_month({dt.date(2026, 10, 1): (Money(8000), Money(900))}, TODAY)
    return VoucherLiability(TODAY, 3, rows, months, LedgerSums(Money(7100), Money(5000), Money(1500)))


def texts_of(pdf: bytes) -> str:
    """What a PDF says, page by page, as a reader's program finds it."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def test_a_table_has_a_row_for_each_type_and_year_and_the_sums(report: VoucherLiability, tmp_path: Path) -> None:
    path = tmp_path / "liability.xlsx"
    assert write_table(path, titles(ENGLISH.translator), table(report, ENGLISH)) == 8
    sheet = load_workbook(path).active
    assert sheet is not None
    rows: list[tuple[Any, ...]] = list(sheet.iter_rows(values_only=True))
    assert rows[0][:7] == ("VAT", "Voucher type", "Year of sale", "Old voucher", "Count", "Paid, left", "Bonus, left")
    assert rows[1] == ("multi-purpose", "=1+1", 2025, None, 2, 40, 5, 10, 0, 0, 0)
    assert rows[2][:6] == ("multi-purpose", "=1+1", 2019, "old voucher", 1, 11)
    assert rows[2][9] == 11
    assert rows[4][:6] == ("single-purpose", "Kurs", 2026, None, 1, 50)
    assert rows[5][:8] == ("multi-purpose", "Total", None, None, 4, 71, 15, 10)
    assert rows[6][:6] == ("single-purpose", "Total", None, None, 1, 50)
    assert [row[1::4][:2] for row in rows[7:]] == [("The accounts say", 71), ("The accounts say", 50)]
    assert sheet["B2"].data_type == "s", "a name is never a formula"
    assert sheet["F2"].number_format == "#,##0.00"


def test_the_table_is_there_as_csv_too(report: VoucherLiability, tmp_path: Path) -> None:
    path = tmp_path / "liability.csv"
    write_table(path, titles(ENGLISH.translator), table(report, ENGLISH))
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[3] == "multi-purpose;Aktion 20 → 30;2026;;1;20,00;10,00;0,00;0,00;0,00;0,00"


def test_the_paper_tells_figures_proof_and_every_row(report: VoucherLiability) -> None:
    said = texts_of(to_pdf(report, PAPER))
    for words in (
        "Blumen & Tee <Sommer>",
        "At the end of 20/11/2026",
        "Liability: €71.00",
        "Single-purpose vouchers, taxed already: €50.00",
        "Bonus parts, a price reduction to come: €15.00",
        "Expires within 3 months: €11.00 paid, €0.00 bonus",
        "Proved: voucher by voucher",
        "=1+1 (old voucher)",
        "Aktion 20",
        "Kurs",
        "11/26",
        "Made on 20/11/2026, 16:00",
        "Page 1",
    ):
        assert words in said, words
    assert "4 71.00 15.00 10.00 11.00" in " ".join(said.split()), "the sum of what is owed"


def test_the_same_report_is_the_same_file(report: VoucherLiability) -> None:
    assert to_pdf(report, PAPER) == to_pdf(report, PAPER)


def test_a_shop_without_vouchers_says_so_on_paper() -> None:
    said = texts_of(to_pdf(NOTHING_LEFT, PAPER))
    assert "Nothing is left on any voucher." in said
    assert "Liability: €0.00" in said
    assert "Outstanding" not in said


def test_a_long_table_goes_on_with_its_titles_on_the_next_page(report: VoucherLiability) -> None:
    many = tuple(replace(report.rows[0], year=1900 + n) for n in range(120))
    pages = texts_of(to_pdf(replace(report, rows=many), PAPER)).split("Page ")
    assert len(pages) > 4
    assert all("Year of sale" in page for page in pages[1:-1])


def test_a_wrong_sum_is_shouted_with_both_amounts(report: VoucherLiability) -> None:
    wrong = replace(report, ledger=replace(report.ledger, multi=Money(7200)))
    assert ENGLISH.sentence(proof(wrong)).startswith("The vouchers come to €71.00, the accounts to €72.00.")
    assert "the accounts to €72.00" in texts_of(to_pdf(wrong, PAPER))
    elsewhere = replace(report, ledger=replace(report.ledger, bonus=ZERO))
    assert "bonus parts" in ENGLISH.sentence(proof(elsewhere))


def test_a_folder_that_is_not_there_is_told_in_words(report: VoucherLiability, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="can't be saved there"):
        save_pdf(tmp_path / "gone" / "liability.pdf", to_pdf(report, PAPER))
    with pytest.raises(Unavailable, match="can’t be written"):
        write_table(tmp_path / "gone" / "liability.xlsx", titles(ENGLISH.translator), table(report, ENGLISH))


def test_a_pdf_that_can_not_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "liability.pdf"
    save_pdf(path, b"old")
    (tmp_path / ".liability.pdf.unfinished").mkdir()
    with pytest.raises((Unavailable, IsADirectoryError, PermissionError)):
        save_pdf(path, b"new")
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize(
    ("cents", "top"), [(0, 1_000), (1_000, 1_000), (1_001, 2_000), (4_999, 5_000), (5_001, 10_000), (123_456, 200_000)]
)
def test_a_scale_reaches_to_a_round_amount(cents: int, top: int) -> None:
    assert top_of([Money(cents), Money(5)]) == Money(top)


def test_bars_and_line_stay_within_the_chart() -> None:
    months = [
        Month(dt.date(2026, 1, 1), Money(400), Money(-100), Money(500)),
        Month(dt.date(2026, 2, 1), Money(0), Money(500), ZERO),
    ]
    chart = chart_of(months)
    assert (chart.sold(months[0]), chart.redeemed(months[0])) == (Fraction(2, 5), Fraction(0)), (
        "more came back than was redeemed"
    )
    assert (chart.owed(months[0]), chart.owed(months[1])) == (Fraction(1, 2), Fraction(0))
    assert chart_of([]).months == ()


def test_a_chart_shows_the_newest_months_and_names_some() -> None:
    months = month_by_month({dt.date(2020, 1, 1): (Money(100), ZERO)}, TODAY)
    chart = chart_of(months)
    assert len(chart.months) == MOST_MONTHS
    assert chart.months[-1].first == dt.date(2026, 11, 1)
    named = [m.first for place, m in enumerate(chart.months) if is_named(m.first, place, len(chart.months))]
    assert [f"{first:%m/%y}" for first in named] == ["01/25", "07/25", "01/26", "07/26", "11/26"]
    assert [is_named(dt.date(2026, n + 1, 1), n, 4) for n in range(4)] == [False, True, False, True]


def test_the_drawing_has_two_bars_and_a_point_for_each_month(report: VoucherLiability) -> None:
    from reportlab.graphics.shapes import PolyLine, Rect

    parts = drawing(chart_of(report.months), ENGLISH).contents
    assert sum(isinstance(part, Rect) for part in parts) == 4
    (line,) = (part for part in parts if isinstance(part, PolyLine))
    assert len(line.points) == 4
    assert Decimal(str(line.points[1])) == Decimal(str(line.points[3])), "nothing happened in November"
