"""Who stands at a simulated counter: draws what is done there next, likelier what makes sense now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from till.simulation.aside import (
    cancel,
    clear_screen,
    clock_goes_wrong,
    discard_parked,
    open_drawer,
    park,
    recall,
    reprint,
)
from till.simulation.bringing import bring_freely, cancel_receipt, give_back, leave_return
from till.simulation.care import (
    block_voucher,
    correct_voucher,
    look_at_voucher,
    reissue_voucher,
    unblock_voucher,
)
from till.simulation.chance import drawn, happens
from till.simulation.counter import Counter
from till.simulation.filling import (
    basket_discount,
    change_price,
    line_discount,
    noise,
    note,
    quantity,
    remove,
    scan,
    search,
    sell_voucher,
    take_change_back,
    tap,
)
from till.simulation.paying import complete, look_up, pay_card, pay_cash, redeem, take_payment_back
from till.simulation.purse import count_the_drawer, look_at_x, move_cash, take_cash_back
from till.simulation.shopping import Good


@dataclass(frozen=True, slots=True)
class Act:
    """Something to be done, by its name; doing it tells with what and how it went."""

    name: str
    do: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Cashier:
    """Draws what is done at a counter. `goods` are all that is on sale."""

    goods: Sequence[Good]

    def draw(self, rng: Random, counter: Counter) -> Act:
        """What is done next at this counter, likelier what makes sense now."""
        touches = _USUAL
        if counter.now.basket.lines:
            touches = _PAYING if happens(rng, 0.25 * len(counter.now.basket.lines)) else _FILLING
            if counter.refused == counter.now:
                touches = _STUCK
            elif counter.standing.is_complete and happens(rng, 0.85):
                touches = {complete: 1}
        touch = drawn(rng, touches)
        return Act(name_of(touch), lambda: touch(rng, counter, self.goods))


def name_of(touch: Callable[..., str]) -> str:
    """What a touch is called in the trail."""
    return touch.__name__.replace("_", " ")


Touch = Callable[[Random, Counter, Sequence[Good]], str]

_USUAL: dict[Touch, int] = {
    scan: 40,
    tap: 30,
    sell_voucher: 10,
    noise: 3,
    search: 2,
    look_up: 4,
    complete: 2,
    cancel: 1,
    park: 1,
    recall: 8,
    discard_parked: 1,
    open_drawer: 1,
    move_cash: 14,
    take_cash_back: 3,
    count_the_drawer: 1,
    look_at_x: 1,
    give_back: 24,
    cancel_receipt: 10,
    leave_return: 1,
    bring_freely: 7,
    correct_voucher: 9,
    block_voucher: 2,
    unblock_voucher: 4,
    reissue_voucher: 3,
    look_at_voucher: 3,
    reprint: 2,
    clear_screen: 3,
    take_change_back: 1,
    pay_cash: 1,
    pay_card: 1,
    take_payment_back: 1,
    basket_discount: 1,
    clock_goes_wrong: 1,
}
_FILLING: dict[Touch, int] = {
    scan: 20,
    tap: 20,
    sell_voucher: 6,
    quantity: 8,
    change_price: 5,
    line_discount: 7,
    basket_discount: 5,
    note: 3,
    remove: 5,
    take_change_back: 6,
    noise: 3,
    look_up: 2,
    search: 1,
    complete: 2,
    cancel: 1,
    park: 4,
    recall: 2,
    discard_parked: 1,
    give_back: 2,
    cancel_receipt: 1,
    bring_freely: 1,
    correct_voucher: 1,
    block_voucher: 1,
    reissue_voucher: 1,
    reprint: 1,
    open_drawer: 1,
    move_cash: 3,
    take_cash_back: 1,
    clock_goes_wrong: 1,
}
_PAYING: dict[Touch, int] = {
    pay_cash: 40,
    pay_card: 16,
    redeem: 30,
    take_payment_back: 4,
    complete: 6,
    look_up: 3,
    scan: 1,
    remove: 2,
    line_discount: 1,
    cancel: 1,
    park: 3,
    recall: 1,
    give_back: 1,
    correct_voucher: 1,
    block_voucher: 1,
    reissue_voucher: 1,
}
_STUCK: dict[Touch, int] = {take_payment_back: 6, cancel: 2, remove: 2, scan: 1, redeem: 1, complete: 1}
