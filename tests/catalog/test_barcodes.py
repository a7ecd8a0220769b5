"""Reading scanned texts: GTINs, labels of scales, the till's own barcodes, and whatever else comes."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.catalog.barcodes import (
    MAX_LENGTH,
    CodeKind,
    InStoreRule,
    LabelValue,
    ScannedCode,
    check_digit,
    customer_barcode,
    is_gtin,
    normalised_gtin,
    parse,
    receipt_barcode,
    voucher_barcode,
)
from till.errors import Refused
from till.money import Money
from till.quantity import Quantity

SAFE = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-$")

digits = st.text("0123456789", min_size=7, max_size=12).filter(lambda text: len(text) in {7, 11, 12})
gtins = digits.map(lambda body: body + check_digit(body))
numbers = (
    st.text(min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda text: text and text.isprintable() and len(text.encode()) <= 20)
)


@pytest.mark.parametrize("code", ["4006381333931", "96385074", "036000291452", "9783161484100"])
def test_published_gtins_have_the_right_check_digit(code: str) -> None:
    assert is_gtin(code)
    assert parse(code).kind is CodeKind.GTIN


def test_a_upc_is_the_same_article_as_its_ean_13() -> None:
    assert parse("036000291452").number == parse("0036000291452").number == "0036000291452"
    assert normalised_gtin("036000291452") == "0036000291452"


def test_an_ean_with_a_wrong_check_digit_is_told_apart_and_keeps_its_digits() -> None:
    code = parse("4006381333930")

    assert code.kind is CodeKind.WRONG_CHECK_DIGIT
    assert code.number == "4006381333930"


@given(gtins, st.data())
def test_one_misread_digit_is_always_noticed(gtin: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(gtin) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != gtin[place]]))

    assert parse(gtin[:place] + other + gtin[place + 1 :]).kind is CodeKind.WRONG_CHECK_DIGIT


@given(gtins)
def test_the_right_check_digit_makes_it_an_article(gtin: str) -> None:
    assert parse(gtin).kind in {CodeKind.GTIN, CodeKind.PRICE, CodeKind.WEIGHT}


def test_a_price_label_gives_article_number_and_price() -> None:
    body = "210012301250"

    code = parse(body + check_digit(body))

    assert (code.kind, code.number, code.price, code.weight) == (CodeKind.PRICE, "00123", Money(1250), None)


def test_a_weight_label_gives_article_number_and_grams() -> None:
    body = "280012300345"

    code = parse(body + check_digit(body))

    assert (code.kind, code.number, code.price, code.weight) == (CodeKind.WEIGHT, "00123", None, Quantity(345))


def test_the_rule_of_a_label_may_skip_a_digit_between_number_and_value() -> None:
    rule = InStoreRule("27", LabelValue.PRICE, article_digits=4, value_digits=5)
    body = "274711" + "9" + "00399"

    code = parse(body + check_digit(body), [rule])

    assert (code.number, code.price) == ("4711", Money(399))


def test_in_store_codes_without_a_rule_are_plain_article_codes() -> None:
    body = "200000000001"

    assert parse(body + check_digit(body)).kind is CodeKind.GTIN


@pytest.mark.parametrize(("prefix", "article_digits"), [("40", 5), ("2x", 5), ("", 5), ("²1", 5), ("21", 6), ("21", 0)])
def test_a_rule_that_fits_no_ean_13_is_a_defect(prefix: str, article_digits: int) -> None:
    with pytest.raises(ValueError, match="prefix"):
        InStoreRule(prefix, LabelValue.PRICE, article_digits)


@given(st.from_regex(r"[0-9]{1,6}", fullmatch=True), numbers)
def test_a_voucher_barcode_gives_back_type_and_number(type_plu: str, number: str) -> None:
    barcode = voucher_barcode(type_plu, number)
    code = parse(barcode)

    assert set(barcode) <= SAFE
    assert (code.kind, code.type_plu) == (CodeKind.VOUCHER, type_plu)
    assert code.number.lower() == number.lower()


@given(numbers)
def test_a_customer_barcode_gives_back_the_number(number: str) -> None:
    barcode = customer_barcode(number)

    assert set(barcode) <= SAFE
    assert parse(barcode).kind is CodeKind.CUSTOMER
    assert parse(barcode).number.lower() == number.lower()


@given(st.from_regex(r"[A-Za-z0-9.-]{1,30}", fullmatch=True), st.integers(0, 10**12))
def test_a_receipt_barcode_gives_back_till_and_number(till_id: str, number: int) -> None:
    code = parse(receipt_barcode(till_id, number))

    assert (code.kind, code.till_id, code.number) == (CodeKind.RECEIPT, till_id, str(number))


def test_the_same_number_as_voucher_customer_and_receipt_never_collides() -> None:
    barcodes = {voucher_barcode("1", "1000"), customer_barcode("1000"), receipt_barcode("1", 1000)}

    assert {parse(barcode).kind for barcode in barcodes} == {CodeKind.VOUCHER, CodeKind.CUSTOMER, CodeKind.RECEIPT}


def test_a_voucher_number_that_looks_like_a_gtin_stays_a_voucher() -> None:
    code = parse(voucher_barcode("901", "4006381333931"))

    assert (code.kind, code.number) == (CodeKind.VOUCHER, "4006381333931")


def test_a_scanner_with_caps_lock_inverted_reads_vouchers_all_the_same() -> None:
    assert parse("$v901.ag2026-0147").number == "AG2026-0147"


def test_a_common_voucher_number_stays_short_enough_for_narrow_paper() -> None:
    assert voucher_barcode("903", "AG2026-0147") == "$V903.AG2026-0147"


@pytest.mark.parametrize("text", ["$", "$V", "$V9", "$V9.", "$V.1", "$V9.A$", "$V9.A$2", "$V9.$FF", "$V9.$0A", "$R1.x", "$R.5", "$C", "$X1"])  # fmt: skip
def test_a_damaged_own_barcode_is_bare_text(text: str) -> None:
    assert parse(text) == ScannedCode(CodeKind.TEXT, text, text)


def test_foreign_card_numbers_are_bare_text() -> None:
    assert parse(" Spende1003 \r") == ScannedCode(CodeKind.TEXT, "Spende1003", "Spende1003")


def test_a_code_that_is_too_long_is_refused_with_its_beginning() -> None:
    with pytest.raises(Refused) as refusal:
        parse("9" * (MAX_LENGTH + 1))

    assert str(refusal.value).startswith("“99999999999999999999…” is too long")


def test_the_longest_code_is_read() -> None:
    assert parse("A" * MAX_LENGTH).number == "A" * MAX_LENGTH


@pytest.mark.parametrize("code", ["", " \r\n", "12\x1d34", "AB\x00", "\ud800"])
def test_empty_codes_and_control_characters_are_refused(code: str) -> None:
    with pytest.raises(Refused, match=r"empty|characters that no barcode"):
        parse(code)


@given(st.text() | st.text("$VRC.0123456789ABab²٣", max_size=20))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    with contextlib.suppress(Refused):
        code = parse(text)
        assert code.number
        assert code.text == text.strip(" \t\r\n")


def test_a_number_too_long_for_a_barcode_is_refused() -> None:
    with pytest.raises(Refused, match="too long for a barcode"):
        voucher_barcode("901", "X" * MAX_LENGTH)


@pytest.mark.parametrize("type_plu", ["", "9.1", "9 1", "9$"])
def test_the_plu_of_a_voucher_type_has_no_separator(type_plu: str) -> None:
    with pytest.raises(ValueError, match="PLU"):
        voucher_barcode(type_plu, "1")
