"""Every paper in both languages and all widths, compared with what was looked at and found right.

TILL_UPDATE_GOLDEN=1 writes the files anew; look at the difference before it is committed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from till.receipts.document import Receipt
from till.receipts.layout import display_width
from till.receipts.text import to_text

GOLDEN = Path(__file__).parent / "golden"
PAPERS = (
    "aborted",
    "cancellation",
    "cash-movement",
    "cash-reversal",
    "closing",
    "count-difference",
    "no-sale",
    "opening-float",
    "return",
    "sale",
    "sale-copy",
    "sale-exempt",
    "sale-nothing-to-pay",
    "sale-outage",
    "sale-split-payment",
    "sale-test-tse",
    "sale-unsigned",
    "sale-voucher-redeemed",
    "sale-voucher-sold",
    "sale-without-qr",
    "training",
    "training-aborted",
    "training-began",
    "training-copy",
    "voucher-conversion",
    "voucher-slip",
    "voucher-slip-copy",
    "voucher-slip-long",
    "voucher-slip-plain",
    "x-report",
)
Samples = Callable[[str], dict[str, Receipt]]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("columns", [32, 42, 48])
@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_looks_as_it_was_approved(samples: Samples, paper: str, columns: int, language: str) -> None:
    text = to_text(samples(language)[paper], columns)
    golden = GOLDEN / f"{language}-{columns}" / f"{paper}.txt"
    if os.environ.get("TILL_UPDATE_GOLDEN") == "1":
        golden.parent.mkdir(exist_ok=True, parents=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert max(map(display_width, text.splitlines())) <= columns


def test_every_paper_has_its_golden_files_and_no_file_is_left_over(samples: Samples) -> None:
    assert sorted(samples("en")) == sorted(PAPERS)
    assert {path.stem for path in GOLDEN.glob("*/*.txt")} == set(PAPERS)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_german_paper_has_no_english_word_left(samples: Samples, paper: str) -> None:
    english = {"Receipt", "Total", "voucher", "Voucher", "Given", "Change", "VAT", "net", "gross", "valid", "Check"}
    words = set(to_text(samples("de")[paper]).replace(":", " ").split())
    assert not words & english
