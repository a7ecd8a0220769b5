"""What a receipt says: the particulars of § 6 KassenSichV, and the odd sales that a counter sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from till.business_case import GvTyp, VatKey
from till.documents.model import DocumentKind, Line
from till.money import MAX_CENTS, Money
from till.quantity import pieces
from till.receipts.build import build
from till.receipts.document import QR, Receipt
from till.receipts.layout import display_width
from till.receipts.source import ReceiptSource, ShopHeader, TseStamp
from till.receipts.text import to_text

MakeSale = Callable[..., ReceiptSource]
MakeLine = Callable[..., Line]
Samples = Callable[[str], dict[str, Receipt]]


def test_a_signed_receipt_has_all_that_the_law_demands(
    sale: MakeSale, line: MakeLine, shop: ShopHeader, stamp: TseStamp
) -> None:
    text = to_text(build(sale("en", line("Massage 30 min", 5900), tse=replace(stamp, qr=""))), 64)
    demanded = (
        shop.name,
        *shop.address,
        "20/11/2026",
        "1 x Massage 30 min",
        "A 19 %",
        "59.00",
        "9.42",
        "Bar",
        "KASSE-2026-0001",
        stamp.serial,
        "Transaction",
        "Signature counter",
        "2026-11-20T09:40:00.123Z",
        "2026-11-20T09:40:42.123Z",
    )
    assert [words for words in demanded if words not in text] == []
    assert stamp.signature in "".join(text.split())


def test_the_qr_code_replaces_serial_number_and_check_value(sale: MakeSale, line: MakeLine, stamp: TseStamp) -> None:
    receipt = build(sale("en", line("Massage", 5900)))
    assert QR(stamp.qr) in receipt.blocks
    printed = [block for block in receipt.blocks if not isinstance(block, QR)]
    assert stamp.signature not in str(printed)


def test_an_outage_receipt_has_no_transaction(samples: Samples) -> None:
    text = to_text(samples("en")["sale-outage"])
    assert "TSE out of order since 20/11/2026 09:20 – receipt without signature" in text.replace("\n", " ")
    assert "Transaction" not in text


def test_a_test_tse_is_marked(samples: Samples) -> None:
    assert "TEST – not a valid receipt" in to_text(samples("en")["sale-test-tse"])
    assert "TEST" not in to_text(samples("en")["sale"])


@pytest.mark.parametrize(("language", "words"), [("en", "no invoice no receipt"), ("de", "keine Rechnung kein Beleg")])
def test_training_is_said_on_top_at_the_end_and_across(samples: Samples, language: str, words: str) -> None:
    for paper in ("training", "training-aborted", "training-copy"):
        printed = " ".join(to_text(samples(language)[paper], 48).split())
        assert printed.count(words) == 2
        assert printed.removeprefix("KOPIE ").removeprefix("COPY ").startswith("TRAINING")
        assert printed.count("TRAINING TRAINING TRAINING") >= 2
    assert "TRAINING" not in to_text(samples(language)["sale"])


def test_discounts_stand_below_their_line_wherever_they_were_booked(sale: MakeSale, line: MakeLine) -> None:
    first, second = line("Erstes", 1000), line("Zweites", 2000)
    off_first = line("Rabatt eins", -100, gv_typ=GvTyp.RABATT, reduces=0)
    off_second = line("Rabatt zwei", -200, gv_typ=GvTyp.RABATT, reduces=1)
    text = to_text(build(sale("en", first, second, off_second, off_first)))
    order = [text.index(words) for words in ("1 x Erstes", "  Rabatt eins", "1 x Zweites", "  Rabatt zwei")]
    assert order == sorted(order)


def test_a_tax_number_stands_where_the_shop_has_no_vat_id(sale: MakeSale, line: MakeLine, shop: ShopHeader) -> None:
    small = replace(shop, vat_id="", tax_number="12/345/67890", logo="shop")
    text = to_text(build(sale("en", line("Kurs", 3000), shop=small)))
    assert "Tax number 12/345/67890" in text
    assert "VAT ID" not in text


def test_a_voucher_that_is_reduced_below_its_value_shows_what_it_is_worth(samples: Samples) -> None:
    text = to_text(samples("en")["sale-voucher-sold"])
    assert "No. MZG-0002, value €30.00, valid until" in text
    assert "Alles Gute zum 30. Geburtstag" in text


def test_a_closing_without_figures_is_a_defect(sale: MakeSale) -> None:
    source = sale("en")
    draft = replace(source.document.draft, kind=DocumentKind.CLOSING)
    with pytest.raises(ValueError, match="figures"):
        build(replace(source, document=replace(source.document, draft=draft)))


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_the_largest_amounts_are_whole_on_any_paper(sale: MakeSale, line: MakeLine, columns: int) -> None:
    text = to_text(
        build(sale("en", line("Yacht", MAX_CENTS), line("Storno", -MAX_CENTS), line("Yacht", MAX_CENTS))), columns
    )
    assert text.count("99,999,999.99 A") == 3
    assert "−99,999,999.99 A" in text
    assert all(display_width(row) <= columns for row in text.splitlines())


@pytest.mark.parametrize("columns", [32, 42, 48])
def test_names_of_200_characters_are_printed_whole(sale: MakeSale, line: MakeLine, columns: int) -> None:
    name = "Überlänge " * 20
    text = to_text(build(sale("en", line(name, 100), line("x" * 200, 100))), columns)
    assert text.count("Überlänge") == 20
    assert "x" * 200 in "".join(text.split())
    assert all(display_width(row) <= columns for row in text.splitlines())


def test_500_lines_are_all_there_in_order(sale: MakeSale, line: MakeLine) -> None:
    lines = [line(f"Artikel {number:03d}", 100 + number) for number in range(500)]
    text = to_text(build(sale("en", *lines)))
    positions = [text.index(f"1 x Artikel {number:03d}") for number in range(500)]
    assert positions == sorted(positions)


def test_many_pieces_show_the_price_of_one(sale: MakeSale, line: MakeLine) -> None:
    text = to_text(build(sale("en", line("Seife", 9_999_900, quantity=pieces(99_999), unit_price=Money(100)))))
    assert "99,999 x Seife" in text
    assert "€1.00 each" in text


def test_braces_in_names_are_only_characters(sale: MakeSale, line: MakeLine) -> None:
    source = sale("en", line("{price} {0}", 100, VatKey.REDUCED, quantity=pieces(2)))
    named = replace(source, document=replace(source.document, user_name="{name}"))
    text = to_text(build(named))
    assert "2 x {price} {0}" in text
    assert "You were served by {name}" in text
