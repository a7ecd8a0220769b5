"""The field in which the pages for files ask for a voucher type."""

from __future__ import annotations

from collections.abc import Sequence

from till.ui.look import Look
from till.ui.widgets.form import ChoiceField
from till.vouchers.model import VoucherType


class KindField(ChoiceField[VoucherType]):
    """Offers the shop's types by name and number; one that is sold no more says so."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, look.t("Voucher type"), [])
        self._kinds: tuple[VoucherType, ...] = ()

    def offer_kinds(self, kinds: Sequence[VoucherType]) -> None:
        """Offer these types; the one that was chosen stays."""
        if tuple(kinds) == self._kinds:
            return
        chosen = self.read().id if self._kinds else None
        self._kinds = tuple(kinds)
        self.offer(kind_choices(self._look, kinds))
        self.choose_kind(chosen)

    def choose_kind(self, type_id: object) -> None:
        """Choose the type with this id; where it is not offered, the first one."""
        self.combo.setCurrentIndex(next((n for n, kind in enumerate(self._kinds) if kind.id == type_id), 0))


def kind_choices(look: Look, kinds: Sequence[VoucherType]) -> list[tuple[str, VoucherType]]:
    """Each type by its name and number; one that is sold no more says so."""
    words = look.t("{name} ({plu}), no longer sold")
    return [
        (f"{kind.name} ({kind.plu})" if kind.active else words.format(name=kind.name, plu=kind.plu), kind)
        for kind in kinds
    ]
