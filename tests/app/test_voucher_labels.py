"""Labels of vouchers through the desk: new numbers, vouchers by their numbers, and whole imports (V54)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pypdf
import pytest

from till.app import voucher_labels
from till.app.bootstrap import Till
from till.app.voucher_labels import LabelWish
from till.app.watch import Watch
from till.errors import Refused
from till.labels.layout import Label
from till.labels.pdf import Printing
from till.labels.sheet import SHEETS
from till.money import Money
from till.vouchers.generator import NumberRun
from till.vouchers.model import VoucherType
from till.vouchers.old import OldVoucher
from till.vouchers.old_table import Defaults

A4_24 = Printing(SHEETS[0])


def kind(till: Till, plu: str) -> VoucherType:
    return next(one for one in till.voucher_labels.kinds() if one.plu == plu)


def test_new_numbers_carry_the_value_of_their_type_and_no_end(shop: Till) -> None:
    wish = LabelWish(kind(shop, "901"), NumberRun("0007", 30), A4_24, with_value=True, with_validity=True)
    labels = shop.voucher_labels.sample(wish, 2)
    assert labels == [
        Label("Blumen & Tee", "Gutschein 25", "0007", "$V901.0007", "25,00\u00a0€"),
        Label("Blumen & Tee", "Gutschein 25", "0008", "$V901.0008", "25,00\u00a0€"),
    ]
    (bare,) = shop.voucher_labels.sample(LabelWish(kind(shop, "902"), NumberRun("1", 1), A4_24, with_value=True), 9)
    assert bare.detail == ""


def test_vouchers_are_found_by_their_numbers_in_the_order_of_typing(shop: Till) -> None:
    own = kind(shop, "906")
    for number in ("ALT-1", "ALT-2"):
        shop.voucher_files.add_old(OldVoucher(own, number, Money(1250), valid_until=dt.date(2027, 12, 31)))
    wish = LabelWish(own, (" alt-2 ", "ALT-1", "Alt-2"), A4_24, with_value=True, with_validity=True)
    labels = shop.voucher_labels.sample(wish, 9)
    assert [label.number for label in labels] == ["ALT-2", "ALT-1"]
    assert labels[0].detail == "12,50\u00a0€ · gültig bis 31.12.2027"
    assert labels[0].barcode == "$V906.ALT-2"


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((), "type or scan numbers first"),
        (("ALT-9",), "There is no voucher ALT-9 of the type"),
        (("x" * 500,), "too long"),
        (("A\x07",), "can’t be printed"),
    ],
)
def test_numbers_that_no_voucher_has_are_refused(till: Till, numbers: tuple[str, ...], words: str) -> None:
    with pytest.raises(Refused, match=words):
        till.voucher_labels.sample(LabelWish(kind(till, "906"), numbers, A4_24), 9)


def test_a_whole_import_is_printed_in_the_order_of_its_table(shop: Till, tmp_path: Path) -> None:
    files, labels = shop.voucher_files, shop.voucher_labels
    assert labels.imports() == []
    rows = "\n".join(f"N-{number:04d};5;{'901' if number % 2 else '906'}" for number in range(600, 0, -1))
    files.check_pasted(f"Nummer;Wert;Gutscheinart\n{rows}", Defaults(kind(shop, "906")))
    files.apply()
    files.add_old(OldVoucher(kind(shop, "906"), "one", Money(1)))
    (choice,) = labels.imports()
    assert choice.count == 600
    wish = LabelWish(kind(shop, "901"), choice.entry_id, A4_24)
    assert [(one.number, one.barcode) for one in labels.sample(wish, 2)] == [
        ("N-0600", "$V906.N-0600"),
        ("N-0599", "$V901.N-0599"),
    ]
    seen: list[int] = []
    assert labels.write(tmp_path / "labels.pdf", wish, Watch(seen.append)) == 600
    assert seen[:2] == [0, 24]
    assert len(pypdf.PdfReader(tmp_path / "labels.pdf").pages) == 25


def test_too_many_labels_are_refused_and_leave_nothing(
    till: Till, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voucher_labels, "MOST_LABELS", 3)
    wish = LabelWish(kind(till, "901"), NumberRun("1", 4), A4_24)
    with pytest.raises(Refused, match="more than 3 labels"):
        till.voucher_labels.write(tmp_path / "labels.pdf", wish)
    assert not (tmp_path / "labels.pdf").exists()
    with pytest.raises(Refused, match="cancelled"):
        till.voucher_labels.write(tmp_path / "labels.pdf", wish, Watch(is_cancelled=lambda: True))
