"""A document as it stands in the books, read with plain SQL: what the model judges, and then takes over."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass

from till.simulation.voucher import VoucherKey

Vat = Mapping[int, tuple[int, int]]
"""Gross and tax by VAT key, without those that come to nothing."""


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One line; `returns` is the position of the line of the receipt that it takes back."""

    gv_typ: str
    vat_key: int
    gross: int
    tax: int
    thousandths: int
    returns: int | None
    voucher: VoucherKey | None


@dataclass(frozen=True, slots=True)
class Found:
    """A booked document: its lines, what each tender took (negative: gave), and its VAT as it is printed."""

    number: int
    kind: str
    lines: tuple[FoundLine, ...]
    paid: Mapping[str, int]
    vat: Vat

    @property
    def money(self) -> int:
        """What all tenders took."""
        return sum(self.paid.values())

    @property
    def given(self) -> list[FoundLine]:
        """The vouchers that were given instead of money."""
        return [line for line in self.lines if line.returns is None and line.voucher is not None and line.gross > 0]

    @property
    def paid_out(self) -> list[FoundLine]:
        """Paid parts of vouchers that became money."""
        return [line for line in self.lines if line.returns is None and line.voucher is not None and line.gross < 0]

    @property
    def vat_of_lines(self) -> Vat:
        """The VAT that the lines come to."""
        gross, tax = Tally[int](), Tally[int]()
        for line in self.lines:
            gross[line.vat_key] += line.gross
            tax[line.vat_key] += line.tax
        return {key: (gross[key], tax[key]) for key in gross if gross[key] or tax[key]}
