"""How a simulated customer pays: cash, cards, vouchers in whole or in part, with their surplus in cash; and how a sale ends."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from random import Random

from till.money import Money
from till.simulation.chance import happens
from till.simulation.counter import Counter
from till.simulation.known import Expected, Snapshot, expected
from till.simulation.model import CARD, CASH, VOUCHER, Payment
from till.simulation.shopping import Good
from till.simulation.voucher import VoucherKey

_NOTES = (5, 10, 50, 500, 1000, 2000, 5000, 10_000, 20_000)
_MOST_CENTS = 9_999_999_999


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
    offer = model.offer(key, counter.purchase, counter.business_date)
    cents = rng.choice((offer, offer, rng.randrange(1, offer + 2), voucher.left + 1, counter.standing.open + 1))
    out = model.surplus(key, counter.purchase, counter.business_date)
    pays_out = happens(rng, 0.6 if out and cents == offer else 0.05)
    becomes = _paid(counter, VOUCHER, cents, (key, out if pays_out else 0))
    too_much = cents > min(voucher.left, counter.standing.open) or not voucher.can_pay(counter.business_date)
    must = Expected.REFUSED if too_much or cents <= 0 else Expected.EITHER
    if 0 < cents <= offer and voucher.sold_on <= counter.business_date:
        may_pay_out = out > 0 and cents == offer and model.may_pay_out(counter.id, counter.purchase_of(becomes))
        must = expected(not pays_out or may_pay_out)
    voucher_id = _hit(counter, key)
    call = partial(counter.till.sale.redeem, voucher_id, Money(cents), pay_out=pays_out)
    went = counter.attempt(call, becomes, must)
    return f"{cents} of {key}{f' and {out} in cash' * pays_out} {went}"


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
    may = may and model.can_redeem(purchase, counter.business_date)
    may = may and model.may_pay_out(counter.id, purchase)
    may = may and model.can_issue(purchase, counter.business_date)
    must = expected(may)
    is_early = model.may_be_too_early(purchase, counter.business_date)
    if may and (not model.covers(purchase) or counter.rates_are_new or is_early):
        must = Expected.EITHER
    if not purchase.basket.lines:
        must = Expected.EITHER
    before = counter.now
    went = counter.attempt(counter.till.sale.complete, must=must)
    counter.refused = before if went == Expected.REFUSED else None
    if went == Expected.DONE and happens(rng, 0.2):
        return f"{went} twice {counter.attempt(counter.till.sale.complete, must=Expected.DONE)}"
    return went


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


def _paid(counter: Counter, kind: str, cents: int, voucher: tuple[VoucherKey, int] | None = None) -> Snapshot:
    key, out = voucher or (None, 0)
    return replace(counter.now, payments=(*counter.now.payments, Payment(kind, cents, key, out)))
