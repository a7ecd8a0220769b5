"""The snapshot of a receipt: it comes back as it was, also when it is printed as a copy years later."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.receipts.document import BIG, Align, Block, Logo, Receipt, ReceiptKind, Style, Text, from_json, to_json

Samples = Callable[[str], dict[str, Receipt]]


def test_every_paper_comes_back_from_its_snapshot(samples: Samples) -> None:
    for receipt in samples("en").values():
        assert from_json(to_json(receipt)) == receipt


_sizes = st.integers(1, 8)
st.register_type_strategy(Style, st.builds(Style, st.booleans(), _sizes, _sizes))


@given(st.lists(st.one_of(*map(st.from_type, get_args(Block))), max_size=8).map(tuple))
def test_any_blocks_come_back_from_a_snapshot(blocks: tuple[Block, ...]) -> None:
    receipt = Receipt(ReceiptKind.SALE, "Beleg 1", "de", "KOPIE", (*blocks, Logo("shop", "Studio")))
    assert from_json(to_json(receipt)) == receipt


def test_a_snapshot_is_one_line_of_readable_text(samples: Samples) -> None:
    snapshot = to_json(samples("en")["sale"])
    assert "\n" not in snapshot
    assert "Äpfel Boskoop" in snapshot


def test_a_copy_says_so_first_and_is_otherwise_the_same(samples: Samples) -> None:
    receipt = from_json(to_json(samples("en")["sale"]))
    copy = receipt.as_copy()
    assert copy.blocks[0] == Text("COPY", Align.CENTRE, BIG)
    assert copy.blocks[1:] == receipt.blocks


@pytest.mark.parametrize(("width", "height"), [(0, 1), (9, 1), (1, 0), (1, 9)])
def test_sizes_that_no_printer_has_are_refused(width: int, height: int) -> None:
    with pytest.raises(ValueError, match="1 to 8 times"):
        Style(width=width, height=height)


def test_a_snapshot_of_a_newer_till_is_refused(samples: Samples) -> None:
    newer = json.dumps(json.loads(to_json(samples("en")["sale"])) | {"version": 2})
    with pytest.raises(ValueError, match="version 2 is unknown"):
        from_json(newer)
