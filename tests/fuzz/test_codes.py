"""Whatever a scanner, a keyboard or a stranger's label sends: it is read, or refused in words, and nothing is changed."""

from __future__ import annotations

import dataclasses
import uuid

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from till import schema
from till.app.bootstrap import Till
from till.app.views import ScanKind
from till.catalog.barcodes import (
    MAX_LENGTH,
    CodeKind,
    ScannedCode,
    check_digit,
    customer_barcode,
    parse,
    receipt_barcode,
    voucher_barcode,
)
from till.errors import Refused
from till.formats import Formats
from till.i18n import Translator
from till.vouchers import numbers

fuzz = settings.get_profile("fuzz")
GERMAN = Formats(Translator("de"))
LONGEST_SENTENCE = 300

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
LONG_TEXT = st.builds(lambda text, times: (text * times)[:10_000], ANY_TEXT, st.sampled_from((1, 7, 300, 5000)))
BYTES = st.binary(max_size=200).map(lambda some: some.decode("latin-1"))
DIGITS = st.text("0123456789", max_size=40)
GS1 = st.builds(
    lambda head, gtin, rest, lot: f"{head}01{gtin}{rest}\x1d10{lot}",
    st.sampled_from(("]C1", "]d2", "]Q3", "]e0", "\x1d", "(01)", "")),
    DIGITS,
    st.sampled_from(("", "15991231", "3103000000", "392299999999")),
    ANY_TEXT,
)
LABELS = st.builds(
    lambda prefix, number, value, last: f"{prefix}{number:05}{value:05}{last}",
    st.integers(20, 29),
    st.sampled_from((0, 1, 8, 99_999)) | st.integers(0, 99_999),
    st.sampled_from((0, 1, 99_999)) | st.integers(0, 99_999),
    st.sampled_from("0123456789"),
)
OWN = st.builds(
    lambda kind, body: f"${kind}{body}",
    st.sampled_from("VRCXvrc$."),
    st.text("$.-0123456789ABCDEFabcdef٣²\x00ÄZ", max_size=600),
)
HOSTILE = LONG_TEXT | BYTES | DIGITS | GS1 | LABELS | OWN
PRINTABLE = st.text(st.characters().filter(str.isprintable), min_size=1, max_size=numbers.MAX_LENGTH)
PLUS = st.from_regex(r"[A-Z0-9-]{1,20}", fullmatch=True)
TILL_IDS = st.from_regex(r"(?! )[A-Za-z0-9 '()+,.:=?-]{1,30}(?<! )", fullmatch=True)


@fuzz
@given(HOSTILE)
@example("\ud800")
@example("4006381333931\x1d")
@example("9" * 10_000)
@example("$R" + "9" * 500)
def test_any_code_is_read_or_refused_in_one_short_sentence(code: str) -> None:
    try:
        read = parse(code)
    except Refused as refused:
        said = GERMAN.sentence(refused)
        assert said.isprintable()
        assert len(said) < LONGEST_SENTENCE
    else:
        _is_bounded(read)


@fuzz
@given(HOSTILE)
def test_a_code_that_was_read_is_read_alike_again(code: str) -> None:
    try:
        read = parse(code)
    except Refused:
        return
    assert parse(read.text) == read


@fuzz
@given(st.integers(20, 29), st.integers(0, 99_999), st.integers(0, 99_999))
def test_the_extremes_of_a_label_are_whole_cents_or_grams(prefix: int, number: int, value: int) -> None:
    digits = f"{prefix}{number:05}{value:05}"
    read = parse(digits + check_digit(digits))

    assert read.price is None or (read.price.cents, read.number) == (value, f"{number:05}")
    assert read.weight is None or (read.weight.thousandths, read.number) == (value, f"{number:05}")
    assert (read.kind is CodeKind.GTIN) is (read.price is None and read.weight is None)


@fuzz
@given(PLUS, PRINTABLE)
@example("ABCDEFGHIJ0123456789", "😀" * numbers.MAX_LENGTH)
def test_every_number_that_a_voucher_may_have_fits_its_barcode_and_comes_back(type_plu: str, typed: str) -> None:
    try:
        number = numbers.checked(typed)
    except Refused:
        return
    read = parse(voucher_barcode(type_plu, number))

    assert (read.kind, read.type_plu) == (CodeKind.VOUCHER, type_plu)
    assert numbers.matching(read.number) == numbers.matching(number)


@fuzz
@given(TILL_IDS, st.integers(1, 2**63))
@example("(1) + (2) : (3) = ?, (4) + (5)", 2**63)
def test_every_till_id_fits_the_barcode_of_its_receipts_and_comes_back(till_id: str, number: int) -> None:
    read = parse(receipt_barcode(till_id, number))

    assert (read.kind, read.till_id, read.number) == (CodeKind.RECEIPT, till_id, str(number))


@fuzz
@given(PRINTABLE.filter(str.strip))
def test_every_customer_number_comes_back(number: str) -> None:
    assert parse(customer_barcode(number)).number.casefold() == number.strip().casefold()


@fuzz
@given(HOSTILE)
def test_a_refused_scan_changes_nothing_at_the_counter(any_till: Till, code: str) -> None:
    before = any_till.sale.state
    try:
        result = any_till.sale.scan(code)
    except Refused:
        assert any_till.sale.state == before
        return
    if result.kind is ScanKind.LINE and result.line_id is not None:
        any_till.sale.remove(result.line_id)


def test_hostile_scans_leave_no_row_in_the_database(till: Till) -> None:
    assert till.settle()
    before = _rows(till)

    @fuzz
    @given(HOSTILE)
    def scan(code: str) -> None:
        with pytest.raises(Refused):
            till.sale.scan(f"?{code}")

    scan()
    assert till.settle()
    assert _rows(till) == before


@fuzz
@given(HOSTILE)
def test_any_number_may_be_looked_up_and_any_words_searched(any_till: Till, typed: str) -> None:
    before = any_till.sale.state
    any_till.sale.search(typed)
    with pytest.raises(Refused):
        any_till.sale.look_up_voucher(f"?{typed}")
    with pytest.raises(Refused):
        any_till.sale.redeem(uuid.uuid4(), before.settlement.due)
    assert any_till.sale.state == before


def _is_bounded(read: ScannedCode) -> None:
    for field in dataclasses.fields(read):
        value = getattr(read, field.name)
        assert not isinstance(value, str) or len(value) <= MAX_LENGTH
        assert not isinstance(value, str) or value.isprintable()


def _rows(till: Till) -> dict[str, int]:
    with till.workplace.database.read() as session:
        return {
            name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for name, table in schema.METADATA.tables.items()
        }
