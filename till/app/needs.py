"""Which permissions an action of a desk needs; what changes a basket is judged by the two baskets, so no way leads round."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from till.app.views import ButtonKind, Tile
from till.app.workplace import Workplace
from till.money import Money
from till.sales.basket import FULL_BP, Basket, BasketLine, Discount, PercentOff
from till.staff.permission import Need, Permission


class Desk(Protocol):
    """What has a workplace, and so somebody who is at work there."""

    _workplace: Workplace


_D = TypeVar("_D", bound=Desk)
_P = ParamSpec("_P")
_T = TypeVar("_T")


def needs(permission: Permission) -> Callable[[Callable[Concatenate[_D, _P], _T]], Callable[Concatenate[_D, _P], _T]]:
    """Let a desk's action be done only by who has `permission`; else it raises Locked or NotAllowed and does nothing."""

    def guarded(action: Callable[Concatenate[_D, _P], _T]) -> Callable[Concatenate[_D, _P], _T]:
        @functools.wraps(action)
        def checked(desk: _D, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
            with desk._workplace.attendance.allowing(Need(permission)):  # noqa: SLF001 - the desk's own, as in a method
                return action(desk, *args, **kwargs)

        return checked

    return guarded


def of_change(before: Basket, after: Basket, *, is_undo: bool = False) -> tuple[Need, ...]:
    """What it takes to turn one basket into the other, besides selling (T3).

    Less of something is taking out. A discount counts by its share, so that a fixed amount off a smaller line counts as the
    steeper discount that it is. Undoing may bring a price back up.
    """
    old = {line.id: line for line in before.lines}
    found: list[Need] = []
    if _takes_out(old, after):
        found.append(Need(Permission.REMOVE))
    for line in after.lines:
        found.extend(_of_line(old.get(line.id), line, is_undo=is_undo))
    steepness = _basket_bp(after)
    if steepness > _basket_bp(before):
        found.append(Need(Permission.BASKET_DISCOUNT, steepness))
    return _steepest(found)


def _takes_out(old: dict[int, BasketLine], after: Basket) -> bool:
    left = {line.id: line.quantity for line in after.lines}
    return any(line_id not in left or left[line_id] < line.quantity for line_id, line in old.items())


def _of_line(was: BasketLine | None, line: BasketLine, *, is_undo: bool) -> Iterator[Need]:
    if was is None and line.item.voucher is not None:
        yield Need(Permission.SELL_VOUCHER)
    if was is not None and _is_typed_price(was, line) and not (is_undo and line.unit_price > was.unit_price):
        yield Need(Permission.CHANGE_PRICE)
    steepness = _share_bp(line.discount, line.gross)
    if steepness > (_share_bp(was.discount, was.gross) if was is not None else 0):
        yield Need(Permission.LINE_DISCOUNT, steepness)


def _is_typed_price(was: BasketLine, line: BasketLine) -> bool:
    """The price differs, and not because another quantity has another price in the list that it goes by."""
    goes_by_list = line.item.list_price is not None and line.item.list_price == was.item.list_price
    return line.unit_price != was.unit_price and not goes_by_list


def of_price(tile: Tile, typed: Money | None) -> tuple[Need, ...]:
    """A typed price of goods is free where they have none, else a change; a voucher's worth is its buyer's to say."""
    if typed is None or tile.kind is ButtonKind.VOUCHER or typed == tile.price:
        return ()
    return (Need(Permission.FREE_PRICE if tile.price is None else Permission.CHANGE_PRICE),)


def _basket_bp(basket: Basket) -> int:
    base = sum(line.gross.cents for line in basket.lines if line.item.takes_discount)
    return _share_bp(basket.discount, Money(base))


def _share_bp(discount: Discount | None, base: Money) -> int:
    """The discount as a share of what it is taken from, in basis points, rounded up; all of it where that is nothing."""
    if discount is None:
        return 0
    if isinstance(discount, PercentOff):
        return discount.basis_points
    if base.cents <= 0:
        return FULL_BP
    return min(FULL_BP, -(-discount.amount.cents * FULL_BP // base.cents))


def _steepest(found: list[Need]) -> tuple[Need, ...]:
    """Each permission once, for its steepest discount."""
    most: dict[Permission, Need] = {}
    for need in found:
        known = most.get(need.permission)
        if known is None or need.discount_bp > known.discount_bp:
            most[need.permission] = need
    return tuple(most.values())
