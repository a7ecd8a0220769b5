"""What the office of the simulated shop does to vouchers: corrects, blocks, lets go, replaces; sometimes twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from functools import partial
from random import Random

from till.money import Money
from till.simulation.chance import happens
from till.simulation.counter import Counter
from till.simulation.known import Expected, expected
from till.simulation.purse import any_id
from till.simulation.shopping import Good
from till.simulation.voucher import SoldVoucher, VoucherKey
from till.simulation.wishes import Caring, Deed
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction
from till.vouchers.reissue import Reissue

_REASONS = (*("verloren", "Kulanz ❤", "Zeile\nzwei", "x" * 200) * 3, "x" * 201, " ")
_LONGEST_REASON = 200


def correct_voucher(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Take value off a voucher, all and a cent too much too, or add bonus."""
    key = _any_voucher(rng, counter)
    if key is None:
        return "none"
    voucher, reason = counter.model.vouchers[key], rng.choice(_REASONS)
    part = -rng.randint(1, max(voucher.left, 1))
    cents = rng.choice((part, part, part, -1, -voucher.left, -voucher.left - 1, 0, 1, rng.randint(1, 2000)))
    wish = Caring(any_id(rng).hex, counter.id, Deed.CORRECT, key, cents)
    may = voucher.is_open and cents != 0 and -cents <= voucher.left
    return f"{key} by {cents} {_insist(rng, counter, wish, reason, may)}"


def block_voucher(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Block a voucher, blocked or not."""
    return _touch(rng, counter, Deed.BLOCK)


def unblock_voucher(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Let a voucher go again, mostly one that is blocked."""
    return _touch(rng, counter, Deed.UNBLOCK)


def reissue_voucher(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Replace a voucher by one with the next number, or with one that is typed, used or not."""
    key = _any_voucher(rng, counter)
    if key is None:
        return "none"
    number = rng.choice(("", "", f"ER-{rng.randrange(10_000):05}", key[1]))
    reason, voucher = rng.choice(_REASONS), counter.model.vouchers[key]
    wish = Caring(any_id(rng).hex, counter.id, Deed.REISSUE, key, number=number)
    may = voucher.is_open and (key[0], number) not in counter.model.vouchers
    return f"{key} by {number!r} {_insist(rng, counter, wish, reason, may)}"


def look_at_voucher(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Look at all about a voucher; the model knows what must be left, and what it is."""
    key = _any_voucher(rng, counter)
    if key is None:
        return "none"
    told = counter.till.vouchers.sheet(counter.site.books.voucher_id(key))
    voucher, standing = counter.model.vouchers[key], told.standing
    have = (standing.paid_left.cents, standing.bonus_left.cents, standing.state.value, told.closed is None)
    must = (voucher.paid_left, voucher.bonus_left, _state(counter, voucher), voucher.is_open)
    if have[2] == "not-yet-valid":  # the other till's day may be a later one
        must = (*must[:2], have[2], must[3])
    counter.agree(f"the voucher {key}", have, must)
    return f"{key} {_state(counter, voucher)}"


def _touch(rng: Random, counter: Counter, deed: Deed) -> str:
    is_unblocking = deed is Deed.UNBLOCK
    key = _any_voucher(rng, counter, is_blocked=is_unblocking and happens(rng, 0.8))
    if key is None:
        return "none"
    voucher, reason = counter.model.vouchers[key], rng.choice(_REASONS)
    wish = Caring(any_id(rng).hex, counter.id, deed, key)
    may = voucher.is_open and voucher.is_blocked is is_unblocking
    return f"{key} {_insist(rng, counter, wish, reason, may)}"


def _insist(rng: Random, counter: Counter, wish: Caring, reason: str, may: bool) -> str:  # noqa: FBT001 - as `expected`
    """Do it; the same wish again, after a double click, a fault or a kill, does nothing twice."""
    may = may and bool(reason.strip()) and len(reason) <= _LONGEST_REASON
    voucher_id = counter.site.books.voucher_id(wish.voucher)
    went = counter.fulfil(_asked(counter, wish, voucher_id, reason), wish, expected(may))
    if went == Expected.REFUSED or not happens(rng, 0.2 if went == Expected.DONE else 0.7):
        return went
    again = Expected.DONE if wish.document in counter.model.besides else Expected.EITHER
    return f"{went} twice {counter.fulfil(_asked(counter, wish, voucher_id, reason), wish, again)}"


def _asked(counter: Counter, wish: Caring, voucher_id: uuid.UUID, reason: str) -> Callable[[], object]:
    """The wish at the desk of the till that there is now."""
    desk, wish_id = counter.till.vouchers, uuid.UUID(wish.document)
    match wish.deed:
        case Deed.CORRECT:
            correction = Correction(voucher_id, Money(wish.cents), reason, wish_id)
            return partial(desk.add_bonus if wish.cents > 0 else desk.reduce, correction)
        case Deed.BLOCK:
            return partial(desk.block, Blocking(voucher_id, reason, wish_id))
        case Deed.UNBLOCK:
            return partial(desk.unblock, Blocking(voucher_id, reason, wish_id))
        case Deed.REISSUE:
            return partial(desk.reissue, Reissue(voucher_id, reason, wish.number, wish_id))


def _state(counter: Counter, voucher: SoldVoucher) -> str:
    """What the till must call it."""
    if voucher.is_cancelled:
        return "cancelled"
    if voucher.replaced_by is not None:
        return "replaced"
    if not voucher.left:
        return "used"
    if voucher.is_blocked:
        return "blocked"
    return "expired" if voucher.expired(counter.today) else "active"


def _any_voucher(rng: Random, counter: Counter, *, is_blocked: bool = False) -> VoucherKey | None:
    vouchers = counter.model.vouchers
    live = [key for key in sorted(vouchers) if vouchers[key].left and (vouchers[key].is_blocked or not is_blocked)]
    wanted = live if live and happens(rng, 0.8) else sorted(vouchers)
    return rng.choice(wanted) if wanted else None
