"""Parking a sale and bringing it back: one transaction moves it, prices and vouchers are looked at again (T5)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from till.app import open_sale, repricing
from till.app.redeeming import still_covers
from till.app.workplace import Workplace
from till.clock import local
from till.db.locks import Lock, LockKind, hold
from till.documents import find
from till.documents.model import Document, Reference
from till.errors import Refused
from till.fiscal import recording
from till.i18n import msg
from till.sales import parked, saved
from till.sales.aborted import abort, aborted_id
from till.sales.basket import Basket, ItemKind
from till.sales.order import Order
from till.sales.parked import Parked, Waiting
from till.sales.pricing import PricedBasket, price
from till.sales.saved import SavedSale
from till.sales.tender import Tendered, TenderKind

_PRICES_CHANGED = msg(
    "Since this basket was parked, prices have changed: {names}. It was priced again: please check it."
)
_VOUCHER_OUT = msg("Voucher {number} can no longer pay {amount} here and was taken out of the payment.")
_MONEY_TAKEN = msg(
    "{amount} ({tender}) is taken already, so this basket can’t be parked. "
    "Complete the sale, or give the money back and take the payment out."
)


@dataclass(frozen=True, slots=True)
class Recalled:
    """A sale that goes on, and in words what is no longer as it was when it was parked."""

    sale: SavedSale
    changes: tuple[Refused, ...]


def check_may_wait(sale: SavedSale) -> None:
    """Refuse to park an empty basket, and one for which money was taken."""
    if sale.basket.is_empty:
        raise Refused(msg("The basket is empty. Scan or tap an article first."))
    check_no_money(sale)


def check_no_money(sale: SavedSale) -> None:
    """Refuse to put aside a sale for which money was taken: that belongs to the Z of today.

    Vouchers are only meant for it and may wait; nothing is taken from them before the sale is booked.
    """
    for payment in sale.tendered:
        if payment.kind is not TenderKind.VOUCHER:
            raise Refused(_MONEY_TAKEN, amount=payment.amount, tender=payment.name)


def park(workplace: Workplace, priced: PricedBasket, sale: SavedSale, name: str) -> None:
    """Move the open sale to the parked ones; its transaction at the TSE goes on (T5)."""
    till_id = workplace.settings.till_id

    def work(session: Session) -> None:
        hold(session, [Lock(LockKind.TILL, till_id)])
        if not parked.holds(session, sale.basket.order_id):
            parked.park(session, as_waiting(session, workplace, priced, sale, name))
            saved.forget(session, till_id)

    workplace.run(work)


def recall(workplace: Workplace, order_id: uuid.UUID, instead: tuple[PricedBasket, SavedSale] | None) -> Recalled:
    """Make a parked sale the open one; what is open `instead` is parked in the same transaction.

    Refused when it is gone: another till may have been quicker.
    """
    till_id = workplace.settings.till_id

    def work(session: Session) -> Recalled:
        hold(session, [Lock(LockKind.TILL, till_id)])
        waiting = parked.take(session, till_id, order_id, is_training=workplace.is_training)
        if instead is not None:
            parked.park(session, as_waiting(session, workplace, *instead, ""))
        recalled = _as_of_now(session, workplace, waiting)
        saved.save(session, till_id, recalled.sale, workplace.clock.now())
        return recalled

    return workplace.run(work)


def recalled_after_all(workplace: Workplace, order_id: uuid.UUID) -> SavedSale | None:
    """The sale of this order, if the books have it as the open one: the answer to a recall was lost."""
    sale = open_sale.kept(workplace)
    return sale if sale is not None and sale.basket.order_id == order_id else None


def is_parked(workplace: Workplace, order_id: uuid.UUID) -> bool:
    """Whether the books have this order as a parked one."""
    with workplace.database.read() as session:
        return parked.holds(session, order_id)


def listed(workplace: Workplace) -> tuple[Parked, ...]:
    """What can be recalled at this till, the oldest first."""
    with workplace.database.read() as session:
        return parked.listed(session, workplace.settings.till_id, is_training=workplace.is_training)


def rename(workplace: Workplace, order_id: uuid.UUID, name: str) -> None:
    """Call a parked basket something else."""
    till_id, is_training = workplace.settings.till_id, workplace.is_training

    def work(session: Session) -> None:
        parked.rename(session, till_id, order_id, name, is_training=is_training)

    workplace.run(work)


def discard(workplace: Workplace, order_id: uuid.UUID) -> Document | None:
    """Throw a parked basket away: an AVBelegabbruch, to be signed; None when an earlier one has ended it already.

    Refused when the basket is gone.
    """
    context = workplace.context(may_train=True)

    def work(session: Session) -> Document | None:
        hold(session, [Lock(LockKind.TILL, context.till_id)])
        one, sale = parked.throw_out(session, context.till_id, order_id, is_training=context.is_training)
        left = sale or SavedSale(Basket(order_id, one.parked_at))
        if left.references and not one.is_running:
            return None
        return abort(session, context, _priced(workplace, left.basket), left.references)

    return workplace.run(work)


def running(workplace: Workplace) -> tuple[tuple[Parked, SavedSale | None], ...]:
    """This till's parked sales whose transactions are open at the TSE."""
    with workplace.database.read() as session:
        return parked.running(session, workplace.settings.till_id)


def end_running(workplace: Workplace, one: Parked, sale: SavedSale | None) -> Document:
    """Z or the program's end: the parked sale waits on, but its transaction is ended as AVBelegabbruch (T5).

    What was parked in training is ended as AVTraining, whatever the till does now.
    """
    context = replace(workplace.context(may_train=True), is_training=one.is_training)
    left = sale or SavedSale(Basket(one.order_id, one.parked_at))

    def work(session: Session) -> Document:
        hold(session, [Lock(LockKind.TILL, context.till_id)])
        document = abort(session, context, _priced(workplace, left.basket), left.references)
        parked.note_ended(session, one.order_id, Reference(document.till_id, document.number, document.id))
        return document

    return workplace.run(work)


def unsigned_end(workplace: Workplace, order_id: uuid.UUID) -> Document | None:
    """The newest AVBelegabbruch of an order, as long as it waits for its signature."""
    with workplace.database.read() as session:
        found, count = None, 0
        while (document := find.document(session, aborted_id(order_id, count))) is not None:
            found, count = document, count + 1
        is_open = found is not None and recording.signature_of(session, found.id) is None
        return found if is_open else None


def count_at_start(workplace: Workplace) -> int:
    """How many can be recalled; no transaction of theirs goes on from an earlier run of the program."""
    till_id = workplace.settings.till_id
    if running(workplace):
        workplace.database.run(lambda session: parked.forget_running(session, till_id))
    return len(listed(workplace))


def as_waiting(session: Session, workplace: Workplace, priced: PricedBasket, sale: SavedSale, name: str) -> Waiting:
    """The sale as it waits from now on, its transaction at the TSE still open."""
    one = Parked(
        order_id=sale.basket.order_id,
        till_id=workplace.settings.till_id,
        name=name,
        cashier=workplace.user.name,
        parked_at=workplace.clock.now(),
        total=priced.total,
        line_count=len(priced.lines),
        is_running=True,
        is_training=workplace.is_training,
    )
    return Waiting(one, sale, repricing.listed_units(session, sale.basket, workplace.clock.now()))


def _as_of_now(session: Session, workplace: Workplace, waiting: Waiting) -> Recalled:
    """The sale at the prices, VAT rates and vouchers of now."""
    before, rates = waiting.sale, workplace.rates()
    basket, names = _repriced(session, waiting, workplace.clock.now())
    changes = []
    if names:
        changes.append(Refused(_PRICES_CHANGED, names=", ".join(names)))
    then = workplace.rates_on(local(waiting.parked.parked_at, workplace.shop.zone).date())
    keys = {line.item.vat_key for line in basket.lines}
    if any(then.get(key) != rates.get(key) for key in keys):
        changes.append(Refused(repricing.RATES_CHANGED))
    priced = price(basket, rates)
    tendered, out = still_good(session, workplace, priced, before.tendered)
    changes += out
    return Recalled(replace(before, basket=basket, tendered=tendered), tuple(changes))


def _repriced(session: Session, waiting: Waiting, now: dt.datetime) -> tuple[Basket, list[str]]:
    """The basket at the master data's prices and VAT keys of now, and the names of what has changed."""
    before, prices = waiting.sale.basket, waiting.list_prices
    basket, names = repricing.at_list_prices(session, before, now, lambda line: prices.get(line.id) == line.unit_price)
    articles = repricing.articles_of(session, before)
    for line in basket.lines:
        article = articles.get(line.item.number) if line.item.kind is not ItemKind.VOUCHER else None
        if article is not None and line.item.vat_key is not article.vat_key:
            basket = basket.with_vat_key(line.id, article.vat_key)
            names.append(line.item.name)
    return basket, list(dict.fromkeys(names))


def still_good(
    session: Session, workplace: Workplace, priced: PricedBasket, tendered: tuple[Tendered, ...]
) -> tuple[tuple[Tendered, ...], tuple[Refused, ...]]:
    """The payments without the vouchers that can no longer pay what they were meant to pay, and words about each of those."""
    good: tuple[Tendered, ...] = ()
    out = []
    for one in tendered:
        if one.voucher_id is None or still_covers(session, workplace.business_date, Order(priced, good), one):
            good = (*good, one)
        else:
            out.append(Refused(_VOUCHER_OUT, number=one.name, amount=one.amount))
    return good, tuple(out)


def _priced(workplace: Workplace, basket: Basket) -> PricedBasket:
    """The figures for its AVBelegabbruch; a basket that can't be priced today is written down without its lines."""
    try:
        return price(basket, workplace.rates())
    except Refused:
        return price(replace(basket, lines=(), discount=None), workplace.rates())
