"""What somebody has chosen on the page of a return, as a value: a change of language or theme takes it along."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from till.app.refund_ways import RefundSplit, RefundWay
from till.money import Money
from till.quantity import ONE, Quantity
from till.sales.returned import MoneyBack, NewVoucherBack, ReturnableLine, ReturnPlan, ReturnWish


@dataclass(frozen=True, slots=True)
class Choice:
    """A receipt and what comes back of it: quantities by position (not needed for a cancellation), how it is refunded, why.

    Nothing of a deposit is something else than no word about it: then it follows its article.
    """

    document_id: uuid.UUID
    is_cancellation: bool = False
    quantities: Mapping[int, Quantity] = field(default_factory=dict)
    split: RefundSplit = field(default_factory=RefundSplit)
    paid_out: frozenset[uuid.UUID] = frozenset()
    reason: str = ""

    @property
    def takes_any(self) -> bool:
        """Whether something comes back."""
        return self.is_cancellation or any(count.thousandths for count in self.quantities.values())

    @property
    def is_touched(self) -> bool:
        """Whether somebody has chosen anything."""
        has_some = any(count.thousandths for count in self.quantities.values())
        return has_some or bool(self.reason.strip()) or bool(self.paid_out) or self.split != RefundSplit()

    def stepped(self, line: ReturnableLine, there: Quantity, by: int) -> Choice:
        """One more or less of a line of which `there` comes back; what is weighed comes back as it is, or not at all."""
        if line.is_by_piece:
            wanted = there + (ONE if by > 0 else -ONE)
            wanted = min(max(wanted, Quantity(0)), line.left)
        else:
            wanted = line.left if by > 0 else Quantity(0)
        return replace(self, quantities={**self.quantities, line.position: wanted})

    def with_all(self, lines: tuple[ReturnableLine, ...]) -> Choice:
        """All that is left of every line that can come back; a deposit follows its article where it has as much left."""
        left = {line.position: line.left for line in lines if line.refusal is None}
        named = [line for line in lines if line.deposit_of is None or left.get(line.deposit_of) != line.left]
        return replace(self, quantities={line.position: line.left for line in named if line.position in left})

    def with_way(self, way: RefundWay) -> Choice:
        """All of the refund by this way."""
        return replace(self, split=self.split.wholly(way))

    def with_amount(self, way: RefundWay, amount: Money, instead: RefundWay) -> Choice:
        """So much by this way."""
        return replace(self, split=self.split.with_amount(way, amount, instead))

    def with_paid_out(self, voucher_id: uuid.UUID, *, is_on: bool) -> Choice:
        """Refund the paid part of a voucher instead of putting it back there, or not."""
        others = self.paid_out - {voucher_id}
        return replace(self, paid_out=others | {voucher_id} if is_on else others)

    def wish(self, wish_id: uuid.UUID, before: ReturnPlan | None) -> ReturnWish:
        """What the desk is asked for; `before` is what the same goods came to, for sharing the refund out."""
        amounts = self.split.amounts(before.to_refund) if before is not None else {}
        money = tuple(MoneyBack(way.tender_id, one) for way, one in amounts.items() if way.voucher_type is None)
        new = [(way.voucher_type, one) for way, one in amounts.items()]
        return ReturnWish(
            id=wish_id,
            original_id=self.document_id,
            quantities=() if self.is_cancellation else tuple(sorted(self.quantities.items())),
            is_cancellation=self.is_cancellation,
            reason=self.reason,
            refunds=money if amounts else None,
            vouchers=tuple(NewVoucherBack(type_id, one) for type_id, one in new if type_id is not None),
            paid_out=self.paid_out,
        )


def shares_of(plan: ReturnPlan, ways: tuple[RefundWay, ...]) -> dict[RefundWay, Money]:
    """How much of a plan goes by which way."""
    tenders = {way.tender_id: way for way in ways if way.voucher_type is None}
    types = {way.voucher_type: way for way in ways if way.voucher_type is not None}
    found = {tenders[one.tender_id]: one.amount for one in plan.refunds if one.tender_id in tenders and one.amount}
    return found | {types[one.type_id]: one.amount for one in plan.vouchers if one.type_id in types}
