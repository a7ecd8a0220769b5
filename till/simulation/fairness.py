"""Whether what came back of a receipt is right and fair: reckoned from what was sold and who had paid, in plain integers.

The till says who gets how much; here stands what must be true of that, whatever way it found it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter as Tally
from collections.abc import Iterator, Mapping
from fractions import Fraction

from till.simulation.found import Found
from till.simulation.receipt import Part, Receipt, Source
from till.simulation.shopping import Kind
from till.simulation.taxes import key_then, tax_in
from till.simulation.wishes import ComingBack


def wanted_of(receipt: Receipt, wish: ComingBack) -> dict[int, int]:
    """The thousandths that come back, by position."""
    if wish.is_cancellation:
        return {line.position: line.left for line in receipt.lines if line.left}
    return receipt.with_deposits(dict(wish.quantities))


def complaints(receipt: Receipt, wish: ComingBack, found: Found, day: dt.date) -> Iterator[str]:
    """All that is wrong with a booked return; the receipt is as it was before."""
    wanted = wanted_of(receipt, wish)
    back = given_back(receipt, found)
    yield from _wrong_lines(receipt, wanted, found)
    yield from _wrong_shares(receipt, wish, wanted, back)
    yield from _wrong_money(receipt, wish, wanted, found)
    yield from _wrong_tax(receipt, found, day)


def given_back(receipt: Receipt, found: Found) -> dict[int, int]:
    """What each voucher line of the receipt gets back, by its position."""
    places = {source.position for source in receipt.sources}
    return {line.returns: line.gross for line in found.lines if line.returns is not None and line.returns in places}


def worth(receipt: Receipt, wanted: Mapping[int, int]) -> int:
    """What was paid for what comes back."""
    parts = [line.parts(wanted[line.position]) for line in receipt.lines if line.position in wanted]
    return sum(gross - off for gross, off in parts)


def _wrong_lines(receipt: Receipt, wanted: Mapping[int, int], found: Found) -> Iterator[str]:
    """Goods come back with exactly the part of price and discount that belongs to them."""
    must: dict[int | None, tuple[int, int]] = {}
    for line in receipt.lines:
        if line.position in wanted:
            gross, off = line.parts(wanted[line.position])
            must[line.position] = (-wanted[line.position], -gross)
            if off:
                must[line.position + 1] = (1000, off)
    voucher_lines = {source.position for source in receipt.sources}
    mirrored = [line for line in found.lines if line.returns is not None and line.returns not in voucher_lines]
    have = {line.returns: (line.thousandths, line.gross) for line in mirrored}
    if have != must or len(have) != len(mirrored):
        yield f"the lines that come back are {have}, must be {must}"


def _wrong_shares(
    receipt: Receipt, wish: ComingBack, wanted: Mapping[int, int], back: Mapping[int, int]
) -> Iterator[str]:
    """Nobody gets more than they gave; all of it at the end, and about their share before."""
    rest = {source.position: source.left for source in receipt.sources if source.left}
    if wish.is_cancellation and back != rest:
        yield f"vouchers get back {back} of a cancelled receipt, must be {rest}"
    for source in receipt.sources:
        cents = back.get(source.position, 0)
        if not 0 <= cents <= source.left:
            yield f"{source} gets back {cents}"
    if receipt.has_surplus or wish.is_cancellation:
        return
    loose = 2 + len(receipt.lines)
    for source, fair in _fair(receipt, wanted):
        have = source.came + back.get(source.position, 0)
        if abs(have - fair) > loose:
            yield f"{source} has {have} back, fair were {float(fair):.2f}"


def _fair(receipt: Receipt, wanted: Mapping[int, int]) -> Iterator[tuple[Source, Fraction]]:
    """What each voucher line should have back by then: every way to pay bears its share of what it may pay for (G9)."""
    whole, came = _goods(receipt, {}), _goods(receipt, wanted)
    narrow: Tally[int] = Tally()
    for source in receipt.sources:
        narrow[source.vat_key] += source.cents * (not _is_wide(source))
    unpaid = {key: (cents - narrow[key]) / cents if cents else Fraction(0) for key, cents in whole.items()}
    unpaid[0] = Fraction(1)
    room = sum((cents * unpaid[key] for key, cents in whole.items()), Fraction(0))
    back = sum((cents * unpaid[key] for key, cents in came.items()), Fraction(0))
    for source in receipt.sources:
        base, part = (room, back) if _is_wide(source) else (whole[source.vat_key], came[source.vat_key])
        yield source, source.cents * part / base if base else Fraction(0)


def _is_wide(source: Source) -> bool:
    """A multi-purpose voucher's paid part pays for goods of all keys and for deposits; all else for goods of its own key."""
    return source.part is Part.PAID and not source.is_single


def _goods(receipt: Receipt, wanted: Mapping[int, int]) -> dict[int, Fraction]:
    """Exact cents by VAT key, deposits under 0: with `wanted` what is back by then, without it all that was sold."""
    found: dict[int, Fraction] = {}
    for line in receipt.lines:
        if line.good.kind is not Kind.VOUCHER:
            key = line.good.vat_key if line.good.kind is Kind.ARTICLE else 0
            until = line.came + wanted.get(line.position, 0) if wanted else line.thousandths
            found[key] = found.get(key, Fraction(0)) + Fraction(line.cost * until, line.thousandths)
    return found


def _wrong_money(receipt: Receipt, wish: ComingBack, wanted: Mapping[int, int], found: Found) -> Iterator[str]:
    """What vouchers don't get is money or new vouchers; a bonus never is."""
    back = given_back(receipt, found)
    owed = worth(receipt, wanted) - sum(back.values())
    out, given = -sum(line.gross for line in found.paid_out), sum(line.gross for line in found.given)
    paid_parts = sum(back.get(s.position, 0) for s in receipt.sources if s.part is not Part.BONUS)
    if owed + out != given - found.money:
        yield f"{given} in vouchers and {-found.money} in money come back, must be {owed + out}"
    if not 0 <= out <= paid_parts or (out and not wish.paid_out):
        yield f"{out} of vouchers become money, of {paid_parts} that were paid"
    if not receipt.has_surplus and not 0 <= receipt.money_came + owed <= receipt.money_whole:
        yield f"{receipt.money_came + owed} of {receipt.money_whole} in money are back"
    if [(line.voucher[0], line.gross) for line in found.given if line.voucher] != list(wish.vouchers):
        yield f"new vouchers are {found.given}, must be {wish.vouchers}"
    is_first = wish.is_cancellation and wish.refunds is None and not (receipt.times or wish.vouchers or out)
    must = {tender: -cents for tender, cents in receipt.money.items() if cents}
    if is_first and {tender: cents for tender, cents in found.paid.items() if cents} != must:
        yield f"the tenders give back {dict(found.paid)}, must be {must}"


def _wrong_tax(receipt: Receipt, found: Found, day: dt.date) -> Iterator[str]:
    """The tax of all returns of a receipt never differs from the tax of their sum."""
    keys = {source.position: source.vat_key for source in receipt.sources}
    for line in receipt.lines:
        keys |= dict.fromkeys((line.position, line.position + bool(line.off)), line.good.vat_key)
    gross, tax = Tally[int](), Tally[int]()
    for one in found.lines:
        if one.returns is None:
            continue
        key = keys[one.returns]
        gross[key] -= one.gross
        tax[key] -= one.tax
        if one.vat_key != key_then(key, receipt.rate_of(key), day):
            yield f"what was sold under VAT key {key} comes back under {one.vat_key}"
    for key, cents in gross.items():
        rate_bp, before = receipt.rate_of(key), receipt.came[key]
        must = tax_in(before + cents, rate_bp) - tax_in(before, rate_bp)
        if tax[key] != must:
            yield f"the tax that comes back under key {key} is {tax[key]}, must be {must}"
    if found.vat != found.vat_of_lines:
        yield f"its VAT is {dict(found.vat)}, its lines come to {dict(found.vat_of_lines)}"
