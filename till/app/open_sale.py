"""What a sale under way writes into the books: its autosave, its booking, and its end as AVBelegabbruch."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from till.app.afterwork import Write
from till.app.views import CompletedSale
from till.app.workplace import Workplace
from till.db.locks import Lock, LockKind, hold
from till.documents import find
from till.documents.model import Document, Reference
from till.money import total
from till.sales import parked, saved
from till.sales.aborted import abort, aborted_id
from till.sales.checkout import Rules, Sale, complete
from till.sales.order import Order
from till.sales.pricing import PricedBasket
from till.sales.saved import SavedSale
from till.sales.tender import Tendered

_log = logging.getLogger(__name__)


def book(workplace: Workplace, order: Order, rules: Rules, references: tuple[Reference, ...]) -> CompletedSale:
    """Book the order in one transaction and forget its autosave. The same order again returns what was booked."""
    context = workplace.context(may_train=True)
    sample = workplace.receipt_formats().translator("SAMPLE")

    def work(session: Session) -> CompletedSale:
        sale = complete(session, context, order, replace(rules, sample=sample), references)
        saved.forget(session, context.till_id)
        return _completed(order, sale)

    return workplace.run(work)


def _completed(order: Order, sale: Sale) -> CompletedSale:
    settled, by_vouchers = order.settlement, [one for one in order.tendered if one.voucher_id is not None]
    given = settled.given - total(one.amount for one in by_vouchers)
    taken = total(one.amount + one.paid_out for one in by_vouchers)
    return CompletedSale(sale.document, settled.due, taken, given, settled.back, sale.vouchers)


def opens_drawer(workplace: Workplace, tendered: tuple[Tendered, ...]) -> bool:
    """Whether a sale paid like this opens the drawer (T6); training moves no cash (T13)."""
    opening = {tender.id for tender in workplace.tenders if tender.opens_drawer}
    pays_out = any(one.paid_out for one in tendered)
    return not workplace.is_training and (pays_out or bool(opening & {one.tender_id for one in tendered}))


def ended(workplace: Workplace, sale: SavedSale) -> Document | None:
    """The document that ended this sale, if the books hold one: the answer after a failure that left it open (Q2)."""
    order_id = sale.basket.order_id
    with workplace.database.read() as session:
        booked = find.document(session, order_id)
        return booked or find.document(session, aborted_id(order_id, len(sale.references)))


def end_aborted(workplace: Workplace, priced: PricedBasket, references: tuple[Reference, ...]) -> Document:
    """Book the basket as thrown away and forget its autosave."""
    return _end(workplace, priced, SavedSale(priced.basket, (), references), keeps=False)


def leave_aborted(workplace: Workplace, priced: PricedBasket, sale: SavedSale) -> Document:
    """Book the end of the TSE's transaction and keep the sale, with its reference to that, for the next start (T5)."""
    return _end(workplace, priced, sale, keeps=True)


def autosave(workplace: Workplace, sale: SavedSale, may_replace: Callable[[uuid.UUID | None], bool]) -> None:
    """After the paint, on the thread behind the counter; a later change replaces one that still waits.

    A sale that was booked, parked or thrown away meanwhile stays so. `may_replace` is asked on that thread, with the
    order that the books have as the open one (None: there is none), whether this one may take its place.
    """
    till_id, now = workplace.settings.till_id, workplace.clock.now()

    def work(session: Session) -> None:
        hold(session, [Lock(LockKind.TILL, till_id)])
        if parked.holds(session, sale.basket.order_id) or not may_replace(saved.saved_order(session, till_id)):
            return
        thrown_away = find.document(session, aborted_id(sale.basket.order_id, len(sale.references)))
        if thrown_away is None or not thrown_away.draft.lines:  # the recovery's have none: the order goes on
            saved.save_unless_booked(session, till_id, sale, now)

    workplace.afterwork.do(Write(work, key="basket"))


def kept(workplace: Workplace) -> SavedSale | None:
    """The sale that was open when the program ended; None without one, or when it was booked after all."""
    with workplace.database.read() as session:
        sale = readable(session, workplace.settings.till_id)
        is_over = sale is None or find.document(session, sale.basket.order_id) is not None
        return None if is_over else sale


def readable(session: Session, till_id: str) -> SavedSale | None:
    """The till's kept sale; one that this version can't read is left alone, as it must not keep the till shut."""
    try:
        return saved.saved(session, till_id)
    except (ValueError, LookupError, TypeError):
        _log.exception("the open basket can't be read and is not brought back")
        return None


def _end(workplace: Workplace, priced: PricedBasket, sale: SavedSale, *, keeps: bool) -> Document:
    context = workplace.context(may_train=True)

    def work(session: Session) -> Document:
        document = abort(session, context, priced, sale.references)
        saved.forget(session, context.till_id)
        if keeps:
            reference = Reference(document.till_id, document.number, document.id)
            again = SavedSale(sale.basket, sale.tendered, (*sale.references, reference))
            saved.save(session, context.till_id, again, context.now)
        return document

    return workplace.run(work)
