"""What happens at a simulated counter: customers, cashiers and their slips, each a random touch of the desks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

from till.money import Money
from till.quantity import Quantity
from till.simulation.chance import drawn, happens
from till.simulation.counter import Counter, Expected, Snapshot, discount_of, expected
from till.simulation.model import CARD, CASH, VOUCHER, Payment, VoucherKey, rates_changed
from till.simulation.purse import count_the_drawer, look_at_x, move_cash, take_cash_back
from till.simulation.shopping import AMOUNT, PERCENT, Basket, Good, Kind, Line, Off, off_amount, priced

_PRICES = (0, 1, 5, 99, 250, 1000, 1999, 3333, 12_345)
_NOTES = (5, 10, 50, 500, 1000, 2000, 5000, 10_000, 20_000)
_NOISE = ("", "   ", "\x1b@", "4006381333932", "§" * 81, "$V901.", "$X", "$R.1", "½", "🌹" * 9, "$V999.AG-0001", "-1")
_WORDS = ("ro", "gutschein", "ö", "8", "%", "_", "saft im", "")
_NOTE_TEXTS = ("", "Schleife rot", "für Oma ❤", "x" * 80, "x" * 81, "Zeile\nzwei")
_MOST, _MOST_CENTS = 99_999_000, 9_999_999_999
_NAMES = ("", "", "Frau Weber", " Zeile\nzwei ")
_LONGEST_NOTE = 80
_MOST_PARKED = 50
_ARTICLE_DIGITS = 7
_BACK_TOO_FAR = dt.timedelta(days=2)


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


def scan(rng: Random, counter: Counter, goods: Sequence[Good]) -> str:
    """Scan an article or the label of a scale."""
    good = rng.choice([good for good in goods if good.code or good.weighed])
    cents, thousandths, code = good.cents or 0, 1000, good.code
    if good.weighed:
        value = rng.randrange(1, 3000)
        is_price = happens(rng, 0.5)
        code = _label("21" if is_price else "28", good.number, value)
        cents, thousandths = (value, 1000) if is_price else (cents, value)
    went = _add(counter, good, (cents, thousandths), lambda: counter.till.sale.scan(code))
    return f"{code} {went}"


def tap(rng: Random, counter: Counter, goods: Sequence[Good]) -> str:
    """Tap an article's tile, with a quantity or a price where the till asks for it."""
    good = rng.choice([good for good in goods if good.kind is not Kind.VOUCHER])
    thousandths = rng.randrange(1, 2000) if good.weighed else 1000 * rng.choice((1, 1, 1, 2, 3, 12))
    asked = rng.choice(_PRICES) if good.cents is None else None
    tile = next(t for t in counter.till.sale.assortment().tiles if t.number == good.number)
    price = None if asked is None else Money(asked)
    worth = (good.cents if asked is None else asked) or 0
    went = _add(counter, good, (worth, thousandths), lambda: counter.till.sale.add(tile, Quantity(thousandths), price))
    return f"{thousandths} of {good.name} at {worth} {went}"


def sell_voucher(rng: Random, counter: Counter, goods: Sequence[Good]) -> str:
    """Tap a voucher's tile, and say what it costs where the till asks."""
    good = rng.choice([good for good in goods if good.kind is Kind.VOUCHER])
    most = good.face or 9000
    cents = good.cents if good.cents is not None else rng.choice((0, 1, most // 3, most, most + 1))
    tile = next(t for t in counter.till.sale.assortment().tiles if t.number == good.number)
    price = Money(cents) if good.cents is None else None
    basket = counter.now.basket.added(good, cents)
    is_worth_it = (cents > 0 or good.may_be_free) and cents <= (good.face or cents)
    must = expected(_may_begin(counter) and is_worth_it and _may_be(basket))
    went = counter.change(lambda: counter.till.sale.add(tile, price=price), basket, must)
    return f"{good.name} at {cents} {went}"


def noise(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Scan what is no article."""
    code = rng.choice((*_NOISE, "".join(chr(rng.randrange(0x20, 0x250)) for _ in range(rng.randrange(3, 90)))))
    if code.strip().isdigit() and len(code.strip()) <= _ARTICLE_DIGITS:
        code = "noise"
    went = counter.attempt(lambda: counter.till.sale.scan(code), must=Expected.REFUSED)
    return f"{code!r} {went}"


def search(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Type a few letters."""
    word = rng.choice(_WORDS)
    return f"{word!r} {counter.attempt(lambda: counter.till.sale.search(word), must=Expected.DONE)}"


def quantity(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Set the quantity of a line."""
    place, line_id = _any_line(rng, counter)
    thousandths = rng.choice((1000, 2000, 5000, 0, -1000, 500, 99_999_000, 100_000_000))
    line = counter.now.basket.lines[place]
    basket = counter.now.basket.with_quantity(place, thousandths)
    must = expected(_may_be(basket)) if line.off is None and line.good.kind is not Kind.VOUCHER else Expected.EITHER
    if line.tied_to is not None:
        must = Expected.REFUSED
    went = counter.change(lambda: counter.till.sale.set_quantity(line_id, Quantity(thousandths)), basket, must)
    return f"line {place} {thousandths} {went}"


def change_price(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Set the price of a line."""
    place, line_id = _any_line(rng, counter)
    cents = rng.choice((*_PRICES, *_PRICES, -1, _MOST_CENTS))
    line = counter.now.basket.lines[place]
    basket = counter.now.basket.with_line(place, replace(line, cents=cents, is_listed=False))
    must = expected(_may_be(basket)) if line.off is None else Expected.EITHER
    if cents < 0 or line.good.kind is Kind.VOUCHER:
        must = Expected.REFUSED
    went = counter.change(lambda: counter.till.sale.set_price(line_id, Money(cents)), basket, must)
    return f"line {place} {cents} {went}"


def line_discount(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Give a line a discount."""
    place, line_id = _any_line(rng, counter)
    line = counter.now.basket.lines[place]
    off = _any_discount(rng, line.gross)
    takes = line.good.discountable or line.good.kind is Kind.VOUCHER
    basket = counter.now.basket.with_line(place, replace(line, off=off))
    must = expected(takes and _fits(off, line.gross) and not _is_given_away(line, off))
    went = counter.change(lambda: counter.till.sale.set_line_discount(line_id, discount_of(off)), basket, must)
    return f"line {place} {off} {went}"


def basket_discount(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Give the whole basket a discount, or take it away."""
    basket = counter.now.basket
    base = sum(line.gross for line in basket.lines if line.good.discountable)
    off = _any_discount(rng, base) if happens(rng, 0.8) else None
    must = expected(bool(basket.lines) and (off is None or _fits(off, base)))
    discount = discount_of(off) if off else None
    went = counter.change(lambda: counter.till.sale.set_discount(discount), replace(basket, off=off), must)
    return f"{off} {went}"


def note(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Write a note on a line."""
    place, line_id = _any_line(rng, counter)
    text = rng.choice(_NOTE_TEXTS)
    line = replace(counter.now.basket.lines[place], note=text.replace("\n", " "))
    basket = counter.now.basket.with_line(place, line)
    must = expected(len(text) <= _LONGEST_NOTE)
    return f"line {place} {counter.change(lambda: counter.till.sale.set_note(line_id, text), basket, must)}"


def remove(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Take a line out."""
    place, line_id = _any_line(rng, counter)
    basket = counter.now.basket.without(place)
    return f"line {place} {counter.change(lambda: counter.till.sale.remove(line_id), basket, Expected.DONE)}"


def take_change_back(_rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Undo."""
    steps = counter.undo
    becomes = replace(counter.now, basket=steps[-1]) if steps else None
    went = counter.attempt(counter.till.sale.undo, becomes, expected(bool(steps)))
    if went == Expected.DONE:
        counter.undo = steps[:-1]
    return went


def pay_cash(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Take coins and notes: what is open, a round sum, too little, or nonsense."""
    is_open = counter.standing.open
    cents = rng.choice((is_open, is_open, -(-is_open // 500) * 500, *rng.choices(_NOTES, k=3), 0, -5))
    must = expected(0 < cents <= _MOST_CENTS and not counter.standing.is_complete)
    went = counter.attempt(lambda: counter.till.sale.pay_cash(Money(cents)), _paid(counter, CASH, cents), must)
    return f"{cents} {went}"


def pay_card(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Take a card, for all that is open or a part, or too much."""
    is_open = counter.standing.open
    cents = rng.choice((is_open, is_open, rng.randrange(1, is_open + 2), is_open + 1))
    must = expected(0 < cents <= is_open)
    went = counter.attempt(lambda: counter.till.sale.pay_card(CARD, Money(cents)), _paid(counter, CARD, cents), must)
    return f"{cents} {went}"


def redeem(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Redeem a voucher, whole or in part, or more than there is on it."""
    key = _any_voucher(rng, counter)
    if key is None:
        return look_up(rng, counter, _goods)
    model, voucher = counter.model, counter.model.vouchers[key]
    offer = model.offer(key, counter.purchase, _business_date(counter))
    cents = rng.choice((offer, offer, rng.randrange(1, offer + 2), voucher.left + 1, counter.standing.open + 1))
    too_much = cents > min(voucher.left, counter.standing.open) or voucher.expired(_business_date(counter))
    must = Expected.REFUSED if too_much or cents <= 0 else Expected.EITHER
    if 0 < cents <= offer and voucher.sold_on <= _business_date(counter):
        must = Expected.DONE
    voucher_id = _hit(counter, key)
    paid = _paid(counter, VOUCHER, cents, key)
    went = counter.attempt(lambda: counter.till.sale.redeem(voucher_id, Money(cents)), paid, must)
    return f"{cents} of {key} {went}"


def look_up(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Ask what is left on a voucher, by its number or its barcode; wrong numbers too."""
    key = _any_voucher(rng, counter)
    if key is None or happens(rng, 0.2):
        number = rng.choice(("AG-9999", "", " ", "x" * 41, "AG\x00"))
        went = counter.attempt(lambda: counter.till.sale.look_up_voucher(number), must=Expected.REFUSED)
        return f"{number!r} {went}"
    plu, number = key
    typed = rng.choice((number, f" {number.lower()} "))
    _hit(counter, key, typed)
    went = counter.attempt(lambda: counter.till.sale.scan(f"$v{plu}.{number}"), must=Expected.DONE)
    return f"{key} {went}"


def take_payment_back(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Take a payment out again."""
    tendered = counter.till.sale.state.tendered
    if not tendered:
        return f"none {counter.attempt(lambda: counter.till.sale.take_back(1))}"
    place = rng.randrange(len(tendered))
    left = counter.now.payments[:place] + counter.now.payments[place + 1 :]
    becomes = replace(counter.now, payments=left)
    return f"{place} {counter.attempt(lambda: counter.till.sale.take_back(tendered[place].id), becomes, Expected.DONE)}"


def complete(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Complete the sale; sometimes with a double click."""
    purchase, model = counter.purchase, counter.model
    may = bool(purchase.basket.lines) and counter.standing.is_complete
    may = may and model.can_redeem(purchase, _business_date(counter))
    may = may and model.can_issue(purchase, _business_date(counter))
    must = expected(may)
    is_early = model.may_be_too_early(purchase, _business_date(counter))
    if may and (not model.covers(purchase) or _rates_are_new(counter) or is_early):
        must = Expected.EITHER
    if not purchase.basket.lines:
        must = Expected.EITHER
    before = counter.now
    went = counter.attempt(counter.till.sale.complete, must=must)
    counter.refused = before if went == Expected.REFUSED else None
    if went == Expected.DONE and happens(rng, 0.2):
        return f"{went} twice {counter.attempt(counter.till.sale.complete, must=Expected.DONE)}"
    return went


def cancel(_rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Throw the basket away."""
    return counter.cancel(Expected.DONE)


def park(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Put the basket aside; money that was taken for it is never parked."""
    before = counter.order
    must = expected(bool(counter.now.basket.lines) and not _has_money(counter) and len(counter.waiting) < _MOST_PARKED)
    went = counter.attempt(lambda: counter.till.sale.park(rng.choice(_NAMES)), must=must)
    if went == Expected.DONE:
        counter.agree("whether the parked basket waits", before in counter.waiting, must=True)
    return went


def recall(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Go on with a parked basket; what lies on the counter is parked in its place."""
    if not counter.waiting:
        unknown = uuid.UUID(int=rng.getrandbits(128))
        return f"none {counter.attempt(lambda: counter.till.sale.recall(unknown), must=Expected.REFUSED)}"
    order = rng.choice(sorted(counter.waiting))
    place = sorted(counter.waiting).index(order)
    must = expected(not _has_money(counter) and not _rates_are_new(counter))
    went = counter.attempt(lambda: counter.till.sale.recall(uuid.UUID(order)), must=must)
    if went == Expected.DONE:
        counter.agree("the recalled order", counter.order, order)
    return f"{place} {went}"


def discard_parked(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Throw a parked basket away; not while it is unknown whether one of them was recalled."""
    if not counter.waiting or counter.memory.in_doubt_since is not None:
        return "none"
    return counter.discard(rng.choice(sorted(counter.waiting)), Expected.DONE)


def open_drawer(_rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Open the drawer without a sale."""
    went = counter.attempt(counter.till.cash.open_drawer, must=Expected.DONE)
    drawer = counter.model.drawers[counter.id]
    drawer.opened += went == Expected.DONE
    drawer.perhaps_opened += went not in {Expected.DONE, Expected.REFUSED}
    return went


def reprint(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Print an earlier receipt once more."""
    recent = counter.till.receipts.recent(5)
    if not recent:
        return f"none {counter.attempt(lambda: counter.till.receipts.find(2**31), must=Expected.REFUSED)}"
    entry = rng.choice(recent)
    return counter.attempt(lambda: counter.till.receipts.reprint(entry.document_id), must=Expected.DONE)


def clear_screen(_rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """Tap the finished sale away; look at the drawer and at the receipts."""
    counter.attempt(counter.till.sale.dismiss)
    drawer = counter.model.drawers[counter.id]
    counter.agree("the cash in the drawer", counter.till.cash.expected_cash().cents, drawer.cash)
    return counter.attempt(counter.till.receipts.last, must=Expected.DONE)


def clock_goes_wrong(rng: Random, counter: Counter, _goods: Sequence[Good]) -> str:
    """The clock jumps by minutes, which is borne, by hours into the night, or back by two days, which is refused."""
    clock = counter.site.clock
    if happens(rng, 0.3):
        before = clock.now()
        clock.set(before - _BACK_TOO_FAR)
        with counter.disk.sparing():
            went = counter.attempt(counter.till.cash.open_drawer, must=Expected.REFUSED)
        clock.set(before)
        return f"two days back {went}"
    minutes = rng.choice((-30, -5, -1, 30, 60, 300))
    clock.advance(60 * minutes)
    return f"{minutes} minutes"


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
    reprint: 1,
    open_drawer: 1,
    move_cash: 3,
    take_cash_back: 1,
    clock_goes_wrong: 1,
}
_PAYING: dict[Touch, int] = {
    pay_cash: 40,
    pay_card: 16,
    redeem: 24,
    take_payment_back: 4,
    complete: 6,
    look_up: 3,
    scan: 1,
    remove: 2,
    line_discount: 1,
    cancel: 1,
    park: 3,
    recall: 1,
}
_STUCK: dict[Touch, int] = {take_payment_back: 6, cancel: 2, remove: 2, scan: 1, redeem: 1, complete: 1}


def _add(counter: Counter, good: Good, worth: tuple[int, int], call: Callable[[], object]) -> str:
    cents, thousandths = worth
    basket = counter.now.basket.added(good, cents, thousandths)
    must = expected(_may_begin(counter)) if _may_be(basket) else Expected.EITHER
    return counter.change(call, basket, must)


def _has_money(counter: Counter) -> bool:
    return any(payment.kind != VOUCHER for payment in counter.now.payments)


def _may_begin(counter: Counter) -> bool:
    """A basket may be begun as long as no VAT rates began since the shift did (T15)."""
    return counter.has_begun or not _rates_are_new(counter)


def _rates_are_new(counter: Counter) -> bool:
    return rates_changed(_business_date(counter), counter.today)


def _business_date(counter: Counter) -> dt.date:
    return counter.model.shift(counter.id).business_date


def _may_be(basket: Basket) -> bool:
    """Whether no quantity and no sum is beyond what the till holds."""
    whole = all(line.thousandths % 1000 == 0 or line.good.weighed for line in basket.lines)
    fits = all(0 < line.thousandths <= _MOST and line.gross <= _MOST_CENTS for line in basket.lines)
    return whole and fits and priced(basket).total <= _MOST_CENTS


def _any_line(rng: Random, counter: Counter) -> tuple[int, int]:
    lines = counter.till.sale.state.priced.basket.lines
    place = rng.randrange(len(lines))
    return place, lines[place].id


def _any_discount(rng: Random, base: int) -> Off:
    percent = (PERCENT, rng.choice((500, 1000, 3333, 10_000, 0, 10_001)))
    amount = (AMOUNT, rng.choice((1, 50, base // 3, base, base + 1, 0)))
    return percent if happens(rng, 0.6) else amount


def _fits(off: Off, base: int) -> bool:
    kind, size = off
    return 0 < size <= (10_000 if kind == PERCENT else base)


def _is_given_away(line: Line, off: Off) -> bool:
    return line.good.kind is Kind.VOUCHER and not line.good.may_be_free and off_amount(off, line.gross) >= line.gross


def _any_voucher(rng: Random, counter: Counter) -> VoucherKey | None:
    keys = sorted(counter.model.vouchers)
    live = [key for key in keys if counter.model.vouchers[key].left]
    wanted = live if live and happens(rng, 0.8) else keys
    return rng.choice(wanted) if wanted else None


def _hit(counter: Counter, key: VoucherKey, typed: str | None = None) -> uuid.UUID:
    """The id of a voucher by its number; what the till says is left on it must be right (V31)."""
    hits = counter.till.sale.look_up_voucher(typed or key[1])
    hit = next(hit for hit in hits if hit.standing.voucher.type_plu == key[0])
    voucher = counter.model.vouchers[key]
    told = (hit.standing.paid_left.cents, hit.standing.bonus_left.cents)
    counter.agree(f"what is left on {key}", told, (voucher.paid_left, voucher.bonus_left))
    return hit.standing.voucher.id


def _paid(counter: Counter, kind: str, cents: int, key: VoucherKey | None = None) -> Snapshot:
    return replace(counter.now, payments=(*counter.now.payments, Payment(kind, cents, key)))


def _label(prefix: str, number: str, value: int) -> str:
    digits = f"{prefix}{number:0>5}{value:05}"
    odd, even = (sum(map(int, digits[i::2])) for i in (1, 0))
    return f"{digits}{-(3 * odd + even) % 10}"
