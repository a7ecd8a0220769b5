"""Voucher types to choose from, as the pages for files offer them."""

from __future__ import annotations

from collections.abc import Sequence

from till.ui.look import Look
from till.vouchers.model import VoucherType


def kind_choices(look: Look, kinds: Sequence[VoucherType]) -> list[tuple[str, VoucherType]]:
    """Each type by its name and number; one that is sold no more says so."""
    words = look.t("{name} ({plu}), no longer sold")
    return [
        (f"{kind.name} ({kind.plu})" if kind.active else words.format(name=kind.name, plu=kind.plu), kind)
        for kind in kinds
    ]
