"""How a simulated basket is filled and changed: scans, taps, quantities, prices, discounts, notes, and slips of the finger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from till.money import Money
from till.quantity import Quantity
from till.simulation.chance import happens
from till.simulation.counter import Counter, discount_of, may_begin
from till.simulation.known import Expected, expected
from till.simulation.shopping import AMOUNT, PERCENT, Basket, Good, Kind, Line, Off, off_amount, priced

_PRICES = (0, 1, 5, 99, 250, 1000, 1999, 3333, 12_345)
_NOISE = ("", "   ", "\x1b@", "4006381333932", "§" * 81, "$V901.", "$X", "$R.1", "½", "🌹" * 9, "$V999.AG-0001", "-1")
_WORDS = ("ro", "gutschein", "ö", "8", "%", "_", "saft im", "")
_NOTE_TEXTS = ("", "Schleife rot", "für Oma ❤", "x" * 80, "x" * 81, "Zeile\nzwei")
_MOST, _MOST_CENTS = 99_999_000, 9_999_999_999
_LONGEST_NOTE = 80
_ARTICLE_DIGITS = 7


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
    must = expected(may_begin(counter) and is_worth_it and _may_be(basket))
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


def _add(counter: Counter, good: Good, worth: tuple[int, int], call: Callable[[], object]) -> str:
    cents, thousandths = worth
    basket = counter.now.basket.added(good, cents, thousandths)
    must = expected(may_begin(counter)) if _may_be(basket) else Expected.EITHER
    return counter.change(call, basket, must)


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


def _label(prefix: str, number: str, value: int) -> str:
    digits = f"{prefix}{number:0>5}{value:05}"
    odd, even = (sum(map(int, digits[i::2])) for i in (1, 0))
    return f"{digits}{-(3 * odd + even) % 10}"
