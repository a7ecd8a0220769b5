"""What comes back of a receipt, and who gets how much of it: parts that sum to the cent, paid to paid, bonus to bonus; pure."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from till.documents.model import Line, Payment
from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money, half_up, total
from till.quantity import Quantity
from till.sales.funding import SOLD_PARTS, VOUCHER_PARTS, Part, costs, funding, part_of, reductions_of
from till.sales.returned import Back, History, MoneyBack, ReturnWish

NONE = Quantity(0)
_MONEY = -1


def backs(lines: Sequence[Line], history: History, wish: ReturnWish) -> tuple[Back, ...]:
    """All that comes back: the lines wished with their Rabatt lines, then what vouchers paid of them.

    Raises Refused for nothing, for more than is left, and for a part of what is sold whole.
    """
    wanted = _all_left(lines, history) if wish.is_cancellation else _wanted(lines, history, dict(wish.quantities))
    if not wanted:
        raise Refused(msg("Choose first what comes back."))
    sold: list[Back] = []
    for position, quantity in sorted(wanted.items()):
        sold += _of_line(lines, history, position, quantity)
    if wish.is_cancellation:
        return (*sold, *_whole(lines, history))
    return (*sold, *_in_proportion(lines, history, wanted, total(back.gross for back in sold)))


def left_of(line: Line, history: History, position: int) -> Quantity:
    """What of a sold line has not come back yet."""
    return line.quantity + -history.quantity_of(position)


def value_left(lines: Sequence[Line], history: History, position: int) -> Money:
    """What is left of what a line cost."""
    places = (position, *reductions_of(lines, position))
    return costs(lines, position) - total(history.gross_of(i) for i in places)


def deposit_of(lines: Sequence[Line], position: int) -> int | None:
    """The article to which a deposit was put when it was sold: the one before it, of which there were as many."""
    if part_of(lines[position]) is not Part.DEPOSIT:
        return None
    above = [i for i in range(position) if part_of(lines[i]) in SOLD_PARTS]
    if above and part_of(lines[above[-1]]) is Part.GOODS and lines[above[-1]].quantity == lines[position].quantity:
        return above[-1]
    return None


def _all_left(lines: Sequence[Line], history: History) -> dict[int, Quantity]:
    places = (i for i, line in enumerate(lines) if part_of(line) in SOLD_PARTS)
    return {i: left for i in places if (left := left_of(lines[i], history, i)) > NONE}


def _wanted(lines: Sequence[Line], history: History, asked: Mapping[int, Quantity]) -> dict[int, Quantity]:
    """The quantities asked for, with the deposits that go with them, each checked."""
    wanted = dict(asked)
    for i in range(len(lines)):
        article = deposit_of(lines, i)
        if article is not None and i not in asked and article in asked:
            wanted[i] = min(asked[article], left_of(lines[i], history, i))
    wanted = {position: quantity for position, quantity in wanted.items() if quantity != NONE}
    for position, quantity in wanted.items():
        _check(lines, history, position, quantity)
    return wanted


def _check(lines: Sequence[Line], history: History, position: int, quantity: Quantity) -> None:
    if not 0 <= position < len(lines) or part_of(lines[position]) not in SOLD_PARTS:
        raise Refused(msg("This line can’t be brought back. Choose another one."))
    line = lines[position]
    left = left_of(line, history, position)
    if quantity < NONE:
        raise Refused(msg("What comes back can’t be below 0."))
    if quantity > left:
        raise Refused(msg("Only {left} of “{name}” can still come back."), left=left, name=line.text)
    if line.quantity.is_whole and not quantity.is_whole:
        raise Refused(msg("“{name}” was sold by the piece. Type a whole number."), name=line.text)


def _of_line(lines: Sequence[Line], history: History, position: int, quantity: Quantity) -> list[Back]:
    """A part of a line and the same part of its Rabatt lines, rounded so that all parts sum to the whole."""
    sold, before = lines[position].quantity.thousandths, history.quantity_of(position).thousandths
    after = before + quantity.thousandths
    found = []
    for i in (position, *reductions_of(lines, position)):
        cents = lines[i].gross.cents
        part = half_up(Fraction(cents * after, sold)) - half_up(Fraction(cents * before, sold))
        if part or i == position:
            found.append(Back(i, quantity if i == position else NONE, part))
    return found


def _whole(lines: Sequence[Line], history: History) -> list[Back]:
    """All that is left of what vouchers paid, and what goes back only with the whole receipt."""
    wanted = {*VOUCHER_PARTS, Part.OTHER}
    rests = {i: line.gross - history.gross_of(i) for i, line in enumerate(lines) if part_of(line) in wanted}
    return [Back(i, NONE, rest) for i, rest in rests.items() if rest]


def _in_proportion(lines: Sequence[Line], history: History, wanted: Mapping[int, Quantity], owed: Money) -> list[Back]:
    """What vouchers paid of these lines; money paid the rest of `owed` (G9)."""
    paid = funding(lines)
    shares = {
        i: Fraction((history.quantity_of(i) + wanted.get(i, NONE)).thousandths, line.quantity.thousandths)
        for i, line in enumerate(lines)
        if part_of(line) in SOLD_PARTS
    }
    before = {i: -history.gross_of(i).cents for i in paid.vouchers}
    sources = [
        _Source(i, paid.due(i, shares) - before[i], int(sum(parts.values())) - before[i])
        for i, parts in paid.vouchers.items()
    ]
    came = sum(gross.cents for i, gross in history.gross.items() if part_of(lines[i]) not in VOUCHER_PARTS)
    in_money = came - sum(before.values())
    whole = int(sum(paid.money.values()))
    sources.append(_Source(_MONEY, paid.money_due(shares) - in_money, whole - in_money))
    given = _apportioned(owed.cents, sources)
    return [Back(i, NONE, Money(-given[i])) for i in sorted(given) if i != _MONEY and given[i]]


@dataclass(frozen=True, slots=True)
class _Source:
    """Who paid: what is due back to it now in exact cents, and the most that it may ever get from now on."""

    key: int
    due: Fraction
    most: int


def _apportioned(owed: int, sources: Sequence[_Source]) -> dict[int, int]:
    """Share `owed` cents by what is due, none getting more than it gave: so the parts of all returns sum to the cent."""
    given = {source.key: max(0, min(floor(source.due), source.most)) for source in sources}
    while (missing := owed - sum(given.values())) != 0:
        step = 1 if missing > 0 else -1
        able = [s for s in sources if (given[s.key] < s.most if step > 0 else given[s.key] > 0)]
        next_one = max(able, key=lambda s: step * (s.due - given[s.key]))
        given[next_one.key] += step
    return given


def usual_refunds(
    payments: Iterable[Payment], refunded: Mapping[str, Money], amount: Money, offered: Sequence[str]
) -> tuple[MoneyBack, ...]:
    """`amount` by the ways it was paid, as far as they took money and are still offered; the rest in cash.

    `offered` begins with cash. What is left of a receipt altogether goes back exactly as it came, unless another way has
    given some of it back: nobody is asked for money only to get it another way.
    """
    cash = offered[0]
    came: dict[str, Money] = {}
    for payment in payments:
        way = payment.tender_id if payment.tender_id in offered else cash
        came[way] = came.get(way, ZERO) + payment.amount
    took = dict(came)
    for tender_id, money in refunded.items():
        way = tender_id if tender_id in took else cash
        took[way] = took.get(way, ZERO) - money
    is_overdrawn = any(money < min(came.get(way, ZERO), ZERO) for way, money in took.items())
    if is_overdrawn or total(took.values()) != amount:
        took = _cards_first(took, amount, cash)
    return tuple(MoneyBack(way, money) for way, money in took.items() if money)


def _cards_first(took: Mapping[str, Money], amount: Money, cash: str) -> dict[str, Money]:
    given: dict[str, Money] = {}
    rest = amount
    for way, money in took.items():
        if way != cash and rest > ZERO:
            given[way] = min(rest, max(money, ZERO))
            rest -= given[way]
    return given | {cash: rest}


def voucher_parts(lines: Sequence[Line], found: Iterable[Back]) -> dict[uuid.UUID, tuple[Money, Money]]:
    """What goes back on each voucher that had paid: its paid and its bonus part, positive."""
    parts: dict[uuid.UUID, tuple[Money, Money]] = {}
    for back in found:
        line = lines[back.position]
        if part_of(line) not in {*VOUCHER_PARTS, Part.OTHER} or line.voucher is None:
            continue
        paid, bonus = parts.get(line.voucher.voucher_id, (ZERO, ZERO))
        is_bonus = part_of(line) is Part.BONUS
        parts[line.voucher.voucher_id] = (paid, bonus - back.gross) if is_bonus else (paid - back.gross, bonus)
    return parts
