"""Whatever stands in a table of old vouchers: vouchers in the books, or refusals in words; never half of it (V53)."""

from __future__ import annotations

import datetime as dt
import uuid

from hypothesis import example, given, settings
from hypothesis import strategies as st

from till.app.bootstrap import Till
from till.app.verify import verify
from till.errors import Refused
from till.formats import Formats, Sentence
from till.i18n import Translator
from till.tables.header import Header
from till.tables.row import Row
from till.tables.verdict import Verdict
from till.vouchers.generator import NumberRun, kept_digits
from till.vouchers.model import Numbering, VatTreatment, VoucherType
from till.vouchers.old import OldVoucher
from till.vouchers.old_table import COLUMNS, Defaults, OldTerms, RowReader, RowRefused

fuzz = settings.get_profile("fuzz")
FORMATS = [Formats(Translator("de")), Formats(Translator("en"))]
TODAY = dt.date(2026, 11, 20)
KIND = VoucherType(uuid.UUID(int=101), "901", "Gutschein", Numbering.OWN)
SINGLE = VoucherType(uuid.UUID(int=102), "902", "Kurs", Numbering.OWN, VatTreatment.SINGLE_PURPOSE)
CELLS = st.text(max_size=30) | st.sampled_from(
    (
        *("", "1", "-1", "0", "12,50", "12.50", "1.234", "1,234.5", "99999999,99", "4,00638E+12", "=1+1", "'"),
        *("31.12.2027", "2027-12-31", "31.02.2027", "0001-01-01", "9999-12-31", "2026-11-20 00:00:00"),
        *("901", "902", "Gutschein", "bezahlt", "geschenkt", "ja", "used", "active", "EUR", "CHF", "1200", "year"),
        *("A1", "a1", "ａ1", "А1", "ß" * 40, "\x00", "$V901.1"),
    )
)


def _say(said: Sentence) -> None:
    """A sentence that lacks a value raises KeyError."""
    for formats in FORMATS:
        assert formats.sentence(said)


@fuzz
@given(st.lists(CELLS, min_size=len(COLUMNS), max_size=len(COLUMNS)))
@example([*("A1", "5", "", "", "", "", ""), *("",) * 7, "1200", "years"])
def test_any_row_is_a_voucher_or_a_problem_in_words(cells: list[str]) -> None:
    header = Header(1, {c.key: place for place, c in enumerate(COLUMNS)}, {c.key: c.title for c in COLUMNS})
    reader = RowReader(header, OldTerms([KIND, SINGLE], {}, TODAY, Defaults(KIND)))
    try:
        old = reader.read(Row(2, cells))
    except RowRefused as refused:
        _say(refused.problem)
        return
    assert isinstance(old, OldVoucher)
    assert 0 < old.value.cents <= 9_999_999_999
    assert 0 < len(old.number) <= 40
    assert old.number.isprintable()


@settings(fuzz, max_examples=40)
@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=5), st.sampled_from(";,\t"))
def test_any_pasted_table_goes_in_once_and_leaves_the_books_whole(
    any_till: Till, rows: list[list[str]], delimiter: str
) -> None:
    desk = any_till.voucher_files
    defaults = Defaults(desk.kinds()[0])
    pasted = "\n".join(
        delimiter.join(row) for row in (["Nummer", "Wert", "Bezahlt", "Verkauft am", "Gültig bis"], *rows)
    )
    try:
        preview = desk.check_pasted(pasted, defaults)
        if preview.sums.count:
            desk.apply()
            again = desk.check_pasted(pasted, defaults)
            assert again.counts[Verdict.NEW] == 0
    except Refused as refusal:
        _say(refusal)
    found = [problem for problem in verify(any_till.workplace.database) if problem.check.startswith("voucher")]
    assert found == []


@fuzz
@given(st.text(max_size=60), st.integers(-5, 20_000_000))
def test_any_start_and_count_is_a_run_or_refused(typed: str, count: int) -> None:
    try:
        run = NumberRun(kept_digits(typed), count)
    except Refused as refusal:
        _say(refusal)
        return
    assert next(iter(run)) == kept_digits(typed)
    assert len(run.last) <= 40
