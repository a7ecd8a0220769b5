"""The desk for goods that come back without a receipt: what, at most at today's price, why, and what is given for it (S1)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from till.app.doubt import doubted_if_it_fails
from till.app.goods import Asked, article_good
from till.app.needs import needs
from till.app.recording import Recording
from till.app.refund_ways import RefundWay, RefundWays
from till.app.views import ButtonKind, Tile
from till.app.workplace import NOT_OFFERED, Workplace
from till.catalog import barcodes, lookup
from till.catalog.article import Article
from till.catalog.barcodes import CodeKind, ScannedCode
from till.catalog.price_list import ListPrice
from till.catalog.prices import list_price
from till.documents import find
from till.documents.model import Document
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.quantity import ONE, Quantity
from till.sales import free_return
from till.sales.checkout import Rules
from till.sales.free_checkout import FreelyReturned, take_back_freely, throw_away
from till.sales.free_return import FreeReturn, FreeReturnOrder, Returned
from till.sales.order import TenderFace
from till.sales.pricing import PricedBasket, price
from till.staff.permission import Need, Permission
from till.vouchers.model import Voucher

STILL_OPEN = msg("A return is still open. Complete or leave it first.")
NO_VOUCHERS = msg("A voucher is taken back only with the receipt that sold it. Find that receipt.")
NO_PRICE = msg(
    "“{name}” has no price of its own, so nobody can say what it costs today. It comes back with its receipt only."
)
AFTER_ALL = msg("The return was booked after all: no. {number}. Go on with a new one.")


@dataclass(frozen=True, slots=True)
class FreeReturnState:
    """What the page shows: `today` is what a unit of each line costs today, by the line's id."""

    priced: PricedBasket
    today: dict[int, Money] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing comes back yet."""
        return not self.priced.lines


@dataclass(frozen=True, slots=True)
class FreeReturned:
    """A booked return without a receipt: `amount` goes to the customer by `way`, or as `vouchers`."""

    document: Document
    amount: Money
    way: RefundWay
    vouchers: tuple[Voucher, ...] = ()


class FreeReturnDesk:
    """One till's return without a receipt. Its methods raise Refused or Unavailable and then change nothing.

    Whoever sells may put together what comes back; only booking it takes the permission, up to the limit of the role, so
    that somebody who may more approves what is seen (S1).
    """

    def __init__(self, workplace: Workplace, recording: Recording, kick_drawer: Callable[[], None]) -> None:
        self._workplace = workplace
        self._recording = recording
        self._kick_drawer = kick_drawer
        self._ways = RefundWays(workplace)
        self._has_begun = self._is_in_doubt = False
        self._completed: FreeReturned | None = None
        self._tried: tuple[FreeReturnOrder, RefundWay] | None = None
        self._back: FreeReturn
        self._start_afresh()

    @property
    def state(self) -> FreeReturnState:
        """What comes back so far."""
        priced = price(self._back.basket, self._workplace.rates())
        return FreeReturnState(priced, {line.line.id: self._back.most(line.line.id) for line in priced.lines})

    @property
    def completed(self) -> FreeReturned | None:
        """The return that was booked last, until another one is begun or it is dismissed."""
        return self._completed

    def check_may_begin(self) -> None:
        """Refuse where nothing can be taken back at all: the till is closed, only practises, or needs its Z first (T15)."""
        self._workplace.context()
        if not self._has_begun:
            self._workplace.check_ready()

    def ways(self) -> tuple[RefundWay, ...]:
        """What can be given for the goods: money, or a voucher."""
        return self._ways.ways()

    @needs(Permission.SELL)
    def scan(self, code: str, quantity: Quantity = ONE) -> int:
        """Put a scanned or typed article in; the id of its line. Refused for anything else than an article."""
        scanned = barcodes.parse(code)
        if scanned.kind is CodeKind.VOUCHER:
            raise Refused(NO_VOUCHERS)
        with self._workplace.database.read() as session:
            good, count = self._scanned(session, scanned, quantity)
        return self._put(good, count)

    @needs(Permission.SELL)
    def add(self, tile: Tile, quantity: Quantity = ONE) -> int:
        """Put a tile's article in; the id of its line."""
        if tile.kind is ButtonKind.VOUCHER:
            raise Refused(NO_VOUCHERS)
        with self._workplace.database.read() as session:
            article = lookup.article_by_id(session, uuid.UUID(tile.id))
            good = self._returned(session, article)
        return self._put(good, quantity)

    @needs(Permission.SELL)
    def set_quantity(self, line_id: int, quantity: Quantity) -> None:
        """Set how much of a line comes back."""
        self._change(self._back.with_quantity(line_id, quantity))

    @needs(Permission.SELL)
    def set_price(self, line_id: int, unit_price: Money) -> None:
        """Give less than today's price for a line."""
        self._change(self._back.with_price(line_id, unit_price))

    @needs(Permission.SELL)
    def remove(self, line_id: int) -> None:
        """Take a line out."""
        self._change(self._back.without_line(line_id))

    @needs(Permission.SELL)
    def complete(self, reason: str, way: RefundWay) -> FreeReturned:
        """Book the return, kick the drawer for cash, and hand signing and printing to their threads.

        The same return completed twice gives the same document. It takes the permission for as much as is given.
        """
        if self._completed is not None and self._back.is_empty:
            return self._completed
        order = free_return.ordered(self._back, self._workplace.rates(), reason, self._face(way))
        if self._tried is not None and self._tried[0] != order:
            self._clear_doubt()
        with self._workplace.attendance.allowing(Need(Permission.RETURN_WITHOUT_RECEIPT, amount=order.amount)):
            return self._finish(self._book(order, way), way)

    @needs(Permission.SELL)
    def abandon(self) -> None:
        """Leave the return: nothing comes back. What the TSE began is ended as AVBelegabbruch and booked as such."""
        self._clear_doubt()
        self._throw_away()

    def dismiss(self) -> None:
        """Forget the return that was booked last."""
        self._completed = None

    def clear(self) -> None:
        """End one that was emptied line by line, before the till is closed. Refused while there are lines."""
        if not self._back.is_empty:
            raise Refused(STILL_OPEN)
        self._throw_away()

    def leave(self) -> None:
        """The program ends: what was not booked is thrown away, and what is in doubt is for the recovery."""
        if not self._is_in_doubt and self._workplace.shift is not None:
            self._throw_away()

    def _scanned(self, session: Session, scanned: ScannedCode, quantity: Quantity) -> tuple[Returned, Quantity]:
        hit = lookup.find(session, scanned)[0]
        if isinstance(hit, lookup.VoucherTypeHit):
            raise Refused(NO_VOUCHERS)
        is_label = scanned.kind in {CodeKind.PRICE, CodeKind.WEIGHT}
        return self._returned(session, hit.article, hit.price), hit.quantity if is_label else quantity

    def _returned(self, session: Session, article: Article, labelled: Money | None = None) -> Returned:
        """What stands on a scale's label is what it costs; else the price of today."""
        now = self._workplace.clock.now()
        prices = list_price(session, article, now) if labelled is None else ListPrice(labelled)
        if prices is None:
            raise Refused(NO_PRICE, name=article.name)
        good = article_good(session, article, Asked(now, prices.price))
        return Returned(good.item, prices, good.deposit)

    def _put(self, good: Returned, quantity: Quantity) -> int:
        self.dismiss()
        self.check_may_begin()
        before = {line.id: line for line in self._back.basket.lines}
        after = self._back.with_item(good, quantity)
        self._change(after)
        lines = self._back.basket.lines
        return next(line.id for line in lines if line != before.get(line.id) and line.belongs_to is None)

    def _change(self, after: FreeReturn) -> None:
        self._clear_doubt()
        price(after.basket, self._workplace.rates())
        self._back = after
        if not self._has_begun:
            self._has_begun = True
            self._recording.begin(after.basket.order_id)

    def _face(self, way: RefundWay) -> TenderFace | uuid.UUID:
        """The way as it is offered now: the shop may have changed its tenders and types meanwhile."""
        if way not in self.ways():
            raise Refused(NOT_OFFERED)
        if way.voucher_type is not None:
            return way.voucher_type
        tender = next(tender for tender in self._workplace.tenders if tender.id == way.tender_id)
        return TenderFace(tender.id, tender.name, tender.zahlart_typ)

    def _book(self, order: FreeReturnOrder, way: RefundWay) -> FreelyReturned:
        context = self._workplace.context()
        rules = Rules(self._workplace.rates())
        self._tried = (order, way)
        with self._doubt_if_it_fails():
            return self._workplace.run(lambda session: take_back_freely(session, context, order, rules))

    def _finish(self, booked: FreelyReturned, way: RefundWay) -> FreeReturned:
        amount = self.state.priced.total
        if any(tender.opens_drawer and tender.id == way.tender_id for tender in self._workplace.tenders):
            self._kick_drawer()
        self._recording.sign(booked.document)
        self._start_afresh()
        self._completed = FreeReturned(booked.document, amount, way, booked.vouchers)
        return self._completed

    def _throw_away(self) -> None:
        if self._has_begun:
            context, rates = self._workplace.context(), self._workplace.rates()
            priced = price(self._back.basket, rates)
            with self._doubt_if_it_fails():
                document = self._workplace.run(lambda session: throw_away(session, context, priced, rates))
            self._recording.abort(document, self._back.basket.order_id)
        self._start_afresh()

    def _doubt_if_it_fails(self) -> AbstractContextManager[None]:
        """The environment may fail after the books have taken it: then they are asked before anything changes."""
        return doubted_if_it_fails(self._doubt)

    def _doubt(self) -> None:
        self._is_in_doubt = True
        self._recording.catch_up()

    def _clear_doubt(self) -> None:
        """Ask the books whether it was booked after all; if so it stays so, and that is said."""
        if not self._is_in_doubt:
            return
        with self._workplace.database.read() as session:
            booked = find.document(session, self._back.basket.order_id)
        self._is_in_doubt = False
        if booked is not None and self._tried is not None:
            order, way = self._tried
            self._finish(self._book(order, way), way)
            raise Refused(AFTER_ALL, number=booked.number)

    def _start_afresh(self) -> None:
        self._back = free_return.begun(uuid.uuid4(), self._workplace.clock.now())
        self._has_begun = self._is_in_doubt = False
        self._completed, self._tried = None, None
