"""The ways to give something for goods that come back, and how an amount is shared among them (S1)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from till.app.workplace import Workplace
from till.i18n import msg
from till.money import ZERO, Money
from till.shop.tenders import VOUCHER
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.types import voucher_types

_RETURNED = (msg("Defective"), msg("Not liked"), msg("Wrong article"))
_CANCELLED = (msg("Keyed in wrongly"), msg("Wrong way to pay"), msg("Not wanted after all"))


@dataclass(frozen=True, slots=True)
class RefundWay:
    """A way to give something for the goods: a tender (`tender_id`), or a voucher of a type; `name` is its name."""

    name: str
    tender_id: str = ""
    voucher_type: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class RefundSplit:
    """How a refund is shared: the ways with a typed amount, and `main`, which takes what they leave; None: as it was paid."""

    main: RefundWay | None = None
    typed: tuple[tuple[RefundWay, Money], ...] = ()

    def wholly(self, way: RefundWay) -> RefundSplit:
        """All of it by this way."""
        return RefundSplit(main=way)

    def with_amount(self, way: RefundWay, amount: Money, instead: RefundWay) -> RefundSplit:
        """This much by `way`; what is left stays with the main one, or with `instead` where there is none or it is the same."""
        typed = (*((known, one) for known, one in self.typed if known != way), (way, amount))
        main = self.main if self.main not in (None, way) else instead
        return RefundSplit(main, tuple((known, one) for known, one in typed if known != main))

    def amounts(self, to_refund: Money) -> dict[RefundWay, Money]:
        """What each way gives of `to_refund`, and nothing for no main way; typed amounts never exceed the whole."""
        if self.main is None:
            return {}
        found: dict[RefundWay, Money] = {}
        left = to_refund
        for way, amount in self.typed:
            given = min(amount, max(left, ZERO))
            if given:
                found[way] = given
            left = left - given
        if left:
            found[self.main] = left
        return found


class RefundWays:
    """What one till offers for goods that come back; looking changes nothing."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    def ways(self) -> tuple[RefundWay, ...]:
        """Money by each tender that is offered, then vouchers: the shop's complaint voucher before other ones (V4)."""
        with self._workplace.database.read() as session:
            types = [kind for kind in voucher_types(session) if _may_be_given(kind)]
        types.sort(key=lambda kind: not kind.is_complaint)
        tenders = [RefundWay(t.name, tender_id=t.id) for t in self._workplace.tenders if t.id != VOUCHER]
        return (*tenders, *(RefundWay(kind.name, voucher_type=kind.id) for kind in types))

    def reasons(self, *, is_cancellation: bool = False) -> tuple[str, ...]:
        """Reasons to choose from, in the language of the books."""
        t = self._workplace.receipt_formats().translator
        return tuple(t(reason) for reason in (_CANCELLED if is_cancellation else _RETURNED))


def _may_be_given(kind: VoucherType) -> bool:
    """A voucher over any amount whose number the till gives itself."""
    return kind.active and kind.numbering is not Numbering.OWN and not kind.sale and not kind.face
