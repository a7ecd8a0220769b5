"""What is printed for a voucher besides its receipt: a slip, a named label, or nothing, as its type says (V17)."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from till.app.voucher_sample import sample_of
from till.clock import FixedClock
from till.money import Money
from till.vouchers.label_templates import TEMPLATES, template
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.terms import TermRule

if TYPE_CHECKING:
    from tests.app.conftest import Counter
    from till.app.bootstrap import Till

VALUE_25, GIFT = uuid.UUID(int=101), uuid.UUID(int=104)


def papers(counter: Counter, label: str) -> list[str]:
    """Sell a voucher whose type prints `label`, then a rose; what the printer has printed until the rose's receipt."""
    counter.till.voucher_types.choose_label(VALUE_25, label)
    number = counter.sell_voucher("Gutschein 25")
    rose = counter.sell("4006381333931")
    counter.paper(rose.document)
    return [
        receipt.text
        for receipt in counter.printer.receipts
        if number in receipt.text and "Beleg-Nr." not in receipt.text
    ]


def test_the_usual_paper_is_a_slip_with_the_shop_and_the_validity(counter: Counter) -> None:
    (slip,) = papers(counter, "default")
    assert "Weg 1" in slip
    assert "AG-0001" in slip
    assert "25,00" in slip
    assert "31.12.2036" in slip


def test_a_named_label_shows_what_it_is_made_for(counter: Counter) -> None:
    (label,) = papers(counter, "value")
    assert "Weg 1" not in label
    assert "AG-0001" in label
    assert "25,00" in label
    assert "31.12.2036" in label


def test_a_label_with_the_number_only_hides_the_value(counter: Counter) -> None:
    (label,) = papers(counter, "number")
    assert "AG-0001" in label
    assert "25,00" not in label
    assert "31.12.2036" not in label


def test_nothing_more_is_printed_where_the_type_says_so(counter: Counter) -> None:
    assert papers(counter, "none") == []


@pytest.mark.parametrize("label", ["default", *(one.name for one in TEMPLATES)])
def test_the_office_shows_a_sample_of_each(till: Till, label: str) -> None:
    kind = till.voucher_types.one(VALUE_25)
    png = till.voucher_types.preview(replace(kind, label_template=label))
    with Image.open(io.BytesIO(png)) as picture:
        assert picture.width == 640
        assert picture.height > 150
    assert till.voucher_types.preview(replace(kind, label_template="none")) == b""


def test_the_sample_is_worth_what_the_type_says(clock: FixedClock) -> None:
    today = clock.now().date()
    free = VoucherType(uuid.uuid4(), "", "", Numbering.OWN)
    sample = sample_of(free, clock.now(), today, TermRule())
    assert (sample.face, sample.sale, sample.number, sample.type_plu) == (Money(2500), Money(2500), "0001", "0")
    promotion = replace(free, sale=Money(2000), face=Money(3000), next_number="AK-7")
    sample = sample_of(promotion, clock.now(), today, TermRule())
    assert (sample.face, sample.sale, sample.number) == (Money(3000), Money(2000), "AK-7")


def test_a_name_that_is_no_label_is_known_as_none() -> None:
    assert template("gone") is None
    assert template("default") is None
