"""Takes into the model what the books say of a wish beside the sale: once, and only if it is right and fair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from till.simulation.books import Books
from till.simulation.fairness import complaints, given_back, wanted_of, worth
from till.simulation.found import Found
from till.simulation.model import CARD, CASH, Beside, Model
from till.simulation.receipt import Part
from till.simulation.shopping import priced
from till.simulation.taxes import rate, tax_in
from till.simulation.voucher import SoldVoucher
from till.simulation.wishes import BringingFreely, Caring, ComingBack, Deed, Moving, Wish

_TENDERS = (CASH, CARD)


def account(books: Books, model: Model, wish: Wish, day: dt.date) -> list[str]:
    """If the books have it, the model has it too; returns all that is wrong with it. `day` is the local one."""
    match wish:
        case Moving():
            if books.is_booked(wish.document):
                model.move(wish)
        case Caring():
            if wish.document not in model.besides and books.is_done(wish.document):
                _care(model, wish)
        case ComingBack() | BringingFreely():
            found = None if wish.document in model.besides else books.found(wish.document)
            if found is not None:
                return list(_take_back(model, wish, found, day))
    return []


def _take_back(model: Model, wish: ComingBack | BringingFreely, found: Found, day: dt.date) -> Iterator[str]:
    if isinstance(wish, ComingBack):
        yield from complaints(model.receipts[wish.order], wish, found, day)
        _come_back(model, wish, found)
    else:
        yield from _wrong_freely(wish, found, day)
        _bring_freely(model, wish)
    money = {tender: cents for tender, cents in found.paid.items() if cents}
    model.besides[wish.document] = Beside(wish.till, found.kind, money, found.vat)
    model.enter(wish.till, found.paid, found.vat)
    if money.keys() - set(_TENDERS):
        yield f"money went back by {money}"


def _come_back(model: Model, wish: ComingBack, found: Found) -> None:
    receipt = model.receipts[wish.order]
    wanted, back = wanted_of(receipt, wish), given_back(receipt, found)
    value = worth(receipt, wanted)
    for one in found.given:
        assert one.voucher is not None  # noqa: S101 - `given` are those with a voucher
        good = model.given[one.voucher[0]]
        model.issue(SoldVoucher(good, one.gross, one.gross, model.shift(wish.till).business_date))
    for source in receipt.sources:
        cents = back.get(source.position, 0)
        source.came += cents
        receipt.came[source.vat_key] -= cents
        is_bonus = source.part is Part.BONUS
        model.heir(source.voucher).put_back(0 if is_bonus else cents, cents if is_bonus else 0)
    for line in found.paid_out:
        assert line.voucher is not None  # noqa: S101 - `paid_out` are those with a voucher
        model.vouchers[line.voucher].put_back(line.gross, 0)
    for line_back in receipt.lines:
        thousandths = wanted.get(line_back.position, 0)
        gross, off = line_back.parts(thousandths)
        receipt.came[line_back.good.vat_key] += gross - off
        line_back.came += thousandths
        if thousandths and line_back.voucher is not None:
            sold = model.vouchers[line_back.voucher]
            sold.is_cancelled = True
            sold.empty()
    receipt.money_came += value - sum(back.values())
    receipt.times += 1
    model.shift(wish.till).note_back("cancellations" if wish.is_cancellation else "returns", -value)


def _wrong_freely(wish: BringingFreely, found: Found, day: dt.date) -> Iterator[str]:
    """Goods at what was typed for them, today's VAT, and as much money or as large a voucher."""
    total = priced(wish.basket).total
    have = [(line.thousandths, line.gross) for line in found.lines if line.voucher is None]
    must = [(-line.thousandths, -line.gross) for line in wish.basket.lines]
    if have != must:
        yield f"brought back are {have}, must be {must}"
    given = [(line.voucher[0] if line.voucher else "", line.gross) for line in found.lines if line.voucher is not None]
    is_money = wish.way in _TENDERS
    if (given, found.money) != ([] if is_money else [(wish.way, total)], -total if is_money else 0):
        yield f"given are {given} and {found.money}, must be {total} by {wish.way}"
    gross: dict[int, int] = {}
    for line in found.lines:
        gross[line.vat_key] = gross.get(line.vat_key, 0) + line.gross
    vat = {key: (cents, tax_in(cents, rate(key, day))) for key, cents in gross.items() if cents}
    if found.vat != vat:
        yield f"its VAT is {dict(found.vat)}, must be {vat}"
    if any(line.returns is not None for line in found.lines):
        yield "it names a receipt"


def _bring_freely(model: Model, wish: BringingFreely) -> None:
    total, shift = priced(wish.basket).total, model.shift(wish.till)
    if wish.way not in _TENDERS:
        model.issue(SoldVoucher(model.given[wish.way], total, total, shift.business_date))
    shift.note_back("free_returns", -total)


def _care(model: Model, wish: Caring) -> None:
    voucher = model.vouchers[wish.voucher]
    kind = {Deed.CORRECT: "voucher-correction", Deed.REISSUE: "voucher-replacement"}.get(wish.deed, "")
    model.besides[wish.document] = Beside(wish.till, kind)
    match wish.deed:
        case Deed.BLOCK | Deed.UNBLOCK:
            voucher.is_blocked = wish.deed is Deed.BLOCK
        case Deed.CORRECT if wish.cents < 0:
            voucher.take(-wish.cents)
        case Deed.CORRECT:
            voucher.bonus_left += wish.cents
            voucher.added += wish.cents
        case Deed.REISSUE:
            carried = voucher.carried
            made = SoldVoucher(
                voucher.good, voucher.paid_left, voucher.left - carried, voucher.sold_on, voucher.rate, carried
            )
            voucher.replaced_by = model.issue(made, wish.number)
            voucher.empty()
