"""What simulated customers bring back: parts of receipts, whole ones, goods without a receipt; some wish it twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from random import Random

from till.app.refund_ways import RefundWay
from till.errors import Refused
from till.money import Money
from till.quantity import Quantity
from till.sales.returned import MoneyBack, NewVoucherBack, ReturnPlan, ReturnWish
from till.simulation.chance import happens
from till.simulation.counter import Counter
from till.simulation.fairness import wanted_of, worth
from till.simulation.known import Expected, expected
from till.simulation.model import CARD, CASH
from till.simulation.purse import LONGEST_REASON, any_id
from till.simulation.receipt import Receipt
from till.simulation.shopping import Basket, Good, Kind, priced
from till.simulation.voucher import VoucherKey
from till.simulation.wishes import BringingFreely, ComingBack

_REASONS = ("defekt", "gefällt nicht ❤", "Zeile\nzwei", "x" * 80, "defekt", "x" * 81, " ")


def give_back(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Bring back some lines of a receipt, or a part of them; more than there is, too, and half a cup."""
    return _bring(rng, counter, is_cancellation=False)


def cancel_receipt(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Take back a whole receipt, or what is left of it."""
    return _bring(rng, counter, is_cancellation=True)


def leave_return(_rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Leave whatever somebody began to bring back."""
    return counter.leave_returns()


def _bring(rng: Random, counter: Counter, *, is_cancellation: bool) -> str:
    order = _any_receipt(rng, counter)
    if order is None:
        return "nothing was sold"
    receipt = counter.model.receipts[order]
    began = _began(rng, counter, order)
    if isinstance(began, str):
        return f"{receipt.till} {receipt.number} is not begun: {began}"
    _look(counter, order)
    if happens(rng, 0.05):
        return f"{receipt.till} {receipt.number} is left lying"
    reason = rng.choice(_REASONS)
    first = ComingBack(began.hex, counter.id, order, is_cancellation=is_cancellation)
    wish = first if is_cancellation else replace(first, quantities=_quantities(rng, receipt))
    wish, plan = _refunded_somehow(rng, counter, wish, reason)
    must = _must(counter, wish, reason, plan)
    told = f"{receipt.till} {receipt.number} {wish.quantities} {_told(wish)}"
    return f"{told} {_insist(rng, counter, wish, reason, must)}"


def _began(rng: Random, counter: Counter, order: str) -> uuid.UUID | str:
    """The id for the wish; or how it went, if there is none."""
    if happens(rng, 0.2):
        return any_id(rng)
    got: list[uuid.UUID] = []
    receipt = counter.model.receipts[order]
    must = expected(receipt.is_anything_left and not counter.rates_are_new)
    if counter.is_unheard or counter.begun == order:
        must = Expected.EITHER
    went = counter.attempt(lambda: got.append(counter.till.returns.begin(uuid.UUID(order))), must=must)
    if went == Expected.REFUSED:
        counter.is_unheard = False
    if not got or went != Expected.DONE:
        return went
    counter.begun = order
    return got[0]


def _look(counter: Counter, order: str) -> None:
    """What the screen says of a receipt."""
    receipt, seen = counter.model.receipts[order], counter.till.returns.look(uuid.UUID(order))
    have = [
        (line.position, line.sold.thousandths, line.left.thousandths, line.amount.cents, line.refusal is None)
        for line in seen.lines
    ]
    must = [
        (line.position, line.thousandths, line.left, line.cost, not line.left or _may_end(counter, line.voucher))
        for line in receipt.lines
    ]
    counter.agree("what can come back", have, must)
    counter.agree("whether anything can", seen.refusal is None, receipt.is_anything_left)


def _may_end(counter: Counter, sold: VoucherKey | None) -> bool:
    return sold is None or counter.model.vouchers[sold].is_whole


def _quantities(rng: Random, receipt: Receipt) -> tuple[tuple[int, int], ...]:
    """Mostly what may come back, whole lines and parts; sometimes too much, half a piece, nothing or less."""
    lines = rng.sample(receipt.lines, rng.randint(1, len(receipt.lines)))
    wild = happens(rng, 0.15)
    found = []
    for line in sorted(lines, key=lambda line: line.position):
        usual = (line.left, rng.randrange(line.left // 1000 + 1) * 1000)
        thousandths = rng.choice((line.left + 1000, 500, -1000, 0) if wild else usual)
        found.append((line.position, thousandths))
    return tuple(found)


def _refunded_somehow(
    rng: Random, counter: Counter, wish: ComingBack, reason: str
) -> tuple[ComingBack, ReturnPlan | None]:
    """As it was paid, all in cash or by card, as a voucher, greedily, or with what vouchers had paid."""
    receipt = counter.model.receipts[wish.order]
    if happens(rng, 0.2):
        keys = sorted({source.voucher for source in receipt.sources})
        wish = replace(wish, paid_out=frozenset(key for key in keys if happens(rng, 0.7)))
    plan = _preview(counter, wish, reason)
    if plan is None or happens(rng, 0.55):
        return wish, plan
    due, value = plan.to_refund.cents, plan.value.cents
    type_plu = rng.choice(sorted(counter.model.given))
    part = rng.randrange(1, max(due, 1) + 1)
    wish = rng.choice(
        (
            replace(wish, refunds=((CASH, due),)),
            replace(wish, refunds=((CASH, value),)),
            replace(wish, refunds=((CARD, due - part), (CASH, part))),
            replace(wish, vouchers=((type_plu, due),), refunds=()),
            replace(wish, vouchers=((type_plu, part),)),
        )
    )
    return wish, _preview(counter, wish, reason)


def _preview(counter: Counter, wish: ComingBack, reason: str) -> ReturnPlan | None:
    """What the screen says that it comes to; None where it says that it can't be."""
    try:
        plan = counter.till.returns.preview(_as_asked(counter, wish, reason))
    except Refused:
        return None
    receipt = counter.model.receipts[wish.order]
    counter.agree("what it was worth", plan.value.cents, worth(receipt, wanted_of(receipt, wish)))
    return plan


def _must(counter: Counter, wish: ComingBack, reason: str, plan: ReturnPlan | None) -> Expected:
    """Whether it may come back so: right in itself, explained, wholly refunded, and paid from what the drawer holds."""
    receipt, wanted = counter.model.receipts[wish.order], dict(wish.quantities)
    if wish.is_cancellation:
        wanted = wanted_of(receipt, wish)
    lines = {line.position: line for line in receipt.lines}
    may = any(wanted.values()) and all(lines[at].may_come(thousandths) for at, thousandths in wanted.items())
    may = may and all(_may_end(counter, lines[at].voucher) for at, thousandths in wanted.items() if thousandths)
    may = may and len(reason) <= LONGEST_REASON and (bool(reason.strip()) or not wish.is_cancellation)
    if plan is None or not may:
        return expected(may)
    given = sum(cents for _, cents in wish.vouchers)
    refunded = {one.tender_id: one.amount.cents for one in plan.refunds}
    if wish.refunds is not None:
        may = all(cents >= 0 for cents in refunded.values())
        may = may and sum(refunded.values()) + given == plan.to_refund.cents
    may = may and all(cents > 0 for _, cents in wish.vouchers) and given <= max(plan.to_refund.cents, 0)
    cash = refunded.get(CASH, 0)
    return expected(may and (cash <= 0 or cash <= counter.model.drawers[counter.id].cash))


def _insist(rng: Random, counter: Counter, wish: ComingBack, reason: str, must: Expected) -> str:
    """Book it; the same wish again, after a double click, a fault or a kill, books nothing twice."""
    asked = _as_asked(counter, wish, reason)
    went = counter.fulfil(lambda: counter.till.returns.complete(asked), wish, must)
    counter.is_unheard = went not in {Expected.DONE, Expected.REFUSED} and not went.startswith("killed")
    if went == Expected.REFUSED or not happens(rng, 0.2 if went == Expected.DONE else 0.7):
        return went
    again = Expected.DONE if wish.document in counter.model.besides else Expected.EITHER
    twice = counter.fulfil(lambda: counter.till.returns.complete(asked), wish, again)
    counter.is_unheard &= twice != Expected.DONE
    return f"{went} twice {twice}"


def _as_asked(counter: Counter, wish: ComingBack, reason: str) -> ReturnWish:
    """The wish in the desk's words."""
    types = {good: uuid.UUID(int=0) for good, _ in wish.vouchers}
    for type_plu in types:
        types[type_plu] = counter.site.books.type_id(type_plu)
    refunds = wish.refunds
    return ReturnWish(
        id=uuid.UUID(wish.document),
        original_id=uuid.UUID(wish.order),
        quantities=tuple((position, Quantity(thousandths)) for position, thousandths in wish.quantities),
        is_cancellation=wish.is_cancellation,
        reason=reason,
        refunds=None if refunds is None else tuple(MoneyBack(tender, Money(cents)) for tender, cents in refunds),
        vouchers=tuple(NewVoucherBack(types[type_plu], Money(cents)) for type_plu, cents in wish.vouchers),
        paid_out=frozenset(counter.site.books.voucher_id(key) for key in wish.paid_out),
    )


def _told(wish: ComingBack) -> str:
    refunded = "as it was paid" if wish.refunds is None else str(wish.refunds)
    return f"for {refunded} {wish.vouchers} {sorted(wish.paid_out)}"


def _any_receipt(rng: Random, counter: Counter) -> str | None:
    orders = list(counter.model.receipts)
    live = [order for order in orders if counter.model.receipts[order].is_anything_left]
    wanted = live if live and happens(rng, 0.9) else orders
    return rng.choice(wanted) if wanted else None


def bring_freely(rng: Random, counter: Counter, goods: Sequence[Good]) -> str:
    """Bring goods without a receipt, for at most what they cost today."""
    desk = counter.till.free_returns
    if not desk.state.is_empty:
        return f"first {counter.leave_returns()}"
    basket, told = Basket(), list[str]()
    for _ in range(rng.randint(1, 3)):
        basket, went = _brought(rng, counter, basket, goods)
        told.append(went)
    if not basket.lines or desk is not counter.till.free_returns:
        return f"{'; '.join(told)}"
    if happens(rng, 0.3):
        basket, went = _cheaper(rng, counter, basket)
        told.append(went)
    if happens(rng, 0.1):
        return f"{'; '.join(told)} is left lying"
    way, by = rng.choice(_ways(counter))
    wish = BringingFreely(desk.state.priced.basket.order_id.hex, counter.id, basket, by)
    return f"{'; '.join(told)} for {by} {_given_for(rng, counter, wish, way)}"


def _brought(rng: Random, counter: Counter, basket: Basket, goods: Sequence[Good]) -> tuple[Basket, str]:
    """One more article; what has no price comes back with its receipt only."""
    good = rng.choice([good for good in goods if good.kind is not Kind.VOUCHER])
    thousandths = rng.randrange(1, 2000) if good.weighed else 1000 * rng.choice((1, 1, 1, 2, 3, 12))
    tile = next(t for t in counter.till.sale.assortment().tiles if t.number == good.number)
    becomes = basket.added(good, good.cents or 0, thousandths)
    must = expected(good.cents is not None and (bool(basket.lines) or not counter.rates_are_new))
    went = counter.attempt(lambda: counter.till.free_returns.add(tile, Quantity(thousandths)), must=must)
    after = becomes if went == Expected.DONE else basket
    if not went.startswith("killed"):
        _compare(counter, after)
    return after, f"{thousandths} of {good.name} {went}"


def _cheaper(rng: Random, counter: Counter, basket: Basket) -> tuple[Basket, str]:
    """Give another price for a line: less than today's, never more, never nothing."""
    desk, place = counter.till.free_returns, rng.randrange(len(basket.lines))
    line = basket.lines[place]
    today = line.good.cents_for(line.thousandths)
    cents = rng.choice((today, today - 1, 1, today + 1, 0))
    line_id = desk.state.priced.lines[place].line.id
    went = counter.attempt(lambda: desk.set_price(line_id, Money(cents)), must=expected(0 < cents <= today))
    after = basket.with_line(place, replace(line, cents=cents, is_listed=False)) if went == Expected.DONE else basket
    if not went.startswith("killed"):
        _compare(counter, after)
    return after, f"line {place} at {cents} {went}"


def _compare(counter: Counter, basket: Basket) -> None:
    state = counter.till.free_returns.state
    lines = [
        (one.line.item.name, one.line.quantity.thousandths, one.line.unit_price.cents) for one in state.priced.lines
    ]
    must = [(line.good.name, line.thousandths, line.cents) for line in basket.lines]
    counter.agree("what is brought", (lines, state.priced.total.cents), (must, priced(basket).total))


def _ways(counter: Counter) -> list[tuple[RefundWay, str]]:
    """What can be given, and how the model calls it."""
    names: dict[uuid.UUID | None, str] = {counter.site.books.type_id(plu): plu for plu in counter.model.given}
    ways = counter.till.free_returns.ways()
    return [
        (way, way.tender_id or names[way.voucher_type]) for way in ways if way.tender_id or way.voucher_type in names
    ]


def _given_for(rng: Random, counter: Counter, wish: BringingFreely, way: RefundWay) -> str:
    """Book it; the same again books nothing twice, and leaving it says so."""
    desk, reason = counter.till.free_returns, rng.choice(_REASONS)
    total = priced(wish.basket).total
    may = bool(reason.strip()) and len(reason) <= LONGEST_REASON
    may = may and (wish.way != CASH or total <= counter.model.drawers[counter.id].cash)
    complete: Callable[[], object] = partial(desk.complete, reason, way)
    went = counter.fulfil(complete, wish, expected(may) if total else Expected.EITHER)
    if went.startswith("killed"):
        return went
    if went == Expected.DONE:
        return f"{went} twice {counter.fulfil(complete, wish, Expected.DONE)}" if happens(rng, 0.2) else went
    if went == Expected.REFUSED or happens(rng, 0.3):
        return (
            f"{went}, left: {counter.attempt(desk.abandon, must=expected(wish.document not in counter.model.besides))}"
        )
    again = Expected.DONE if wish.document in counter.model.besides else Expected.EITHER
    return f"{went} twice {counter.fulfil(complete, wish, again)}"
