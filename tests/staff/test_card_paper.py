"""A staff card on paper: to cut out and laminate."""

from __future__ import annotations

from pathlib import Path

import pytest

from till.errors import Unavailable
from till.staff import card_paper
from till.staff.card_paper import CardPaper
from till.staff.cards import new_card_code


def test_a_card_on_paper_says_nothing_of_its_code_but_the_barcode(tmp_path: Path) -> None:
    card = CardPaper("Blumen & Tee", "Jan Alt", new_card_code())
    assert card.code not in repr(card)
    assert card_paper.to_pdf(card) == card_paper.to_pdf(card)
    raster = card_paper.barcode(card.code)
    assert raster.width < 700
    card_paper.save(card, tmp_path / "card.pdf")
    assert (tmp_path / "card.pdf").read_bytes() == card_paper.to_pdf(card)
    assert (tmp_path / "card.pdf").stat().st_mode & 0o777 == 0o600
    with pytest.raises(Unavailable):
        card_paper.save(card, tmp_path / "no" / "card.pdf")
