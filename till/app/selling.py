"""The sale desk: scan, change, pay, complete. The window, scripts, demo and benchmarks all sell through it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from till.app import goods
from till.app.afterwork import Write
from till.app.recording import Recording
from till.app.redeeming import offers_by_number, one_offer
from till.app.views import Assortment, CompletedSale, SaleState, ScanKind, ScanResult, TenderKey, Tile, VoucherHit
from till.app.workplace import CLOSED, GUI_WAIT_S, Workplace
from till.catalog import barcodes, lookup
from till.catalog.barcodes import CodeKind, ScannedCode
from till.documents import find
from till.documents.model import Document, Reference
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.quantity import ONE, Quantity
from till.sales import saved
from till.sales.aborted import abort
from till.sales.basket import Basket, Discount
from till.sales.checkout import Rules, complete
from till.sales.order import Order, TenderFace, check_complete
from till.sales.pricing import PricedBasket, price
from till.sales.saved import SavedSale
from till.sales.tender import Settlement, Tendered, TenderKind, check_tender, quick_cash, settle
from till.shop.tenders import CASH, VOUCHER

_log = logging.getLogger(__name__)
MAX_VOUCHERS_AT_ONCE = 50
UNDO_STEPS = 50


class SaleDesk:
    """One counter's current sale. Its methods raise Refused or Unavailable and then change nothing."""

    def __init__(self, workplace: Workplace, recording: Recording, kick_drawer: Callable[[], None]) -> None:
        self._workplace = workplace
        self._recording = recording
        self._kick_drawer = kick_drawer
        self._listeners: list[Callable[[SaleState], None]] = []
        self._assortment: Assortment | None = None
        self._completed: CompletedSale | None = None
        self._restored = False
        self._undo: list[Basket] = []
        self._tendered: tuple[Tendered, ...] = ()
        self._touched: int | None = None
        self._references: tuple[Reference, ...] = ()
        self._start_afresh()

    # What the screen shows

    @property
    def state(self) -> SaleState:
        """Everything that the sale and payment screens show."""
        return SaleState(
            priced=self._priced,
            tendered=self._tendered,
            settlement=self._settlement,
            quick_cash=quick_cash(self._settlement.open),
            touched=self._touched,
            can_undo=bool(self._undo),
            completed=self._completed,
            restored=self._restored,
        )

    def listen(self, callback: Callable[[SaleState], None]) -> None:
        """Call `callback` with the new state after every change."""
        self._listeners.append(callback)

    def assortment(self) -> Assortment:
        """The article grid; read once, `reload_assortment` reads it again."""
        if self._assortment is None:
            with self._workplace.database.read() as session:
                self._assortment = goods.assortment(session)
        return self._assortment

    def reload_assortment(self) -> None:
        """Forget the grid that was read, so that the next look shows the master data of now."""
        self._assortment = None

    def search(self, text: str, limit: int = 60) -> tuple[Tile, ...]:
        """Articles and voucher types whose name or number has the typed words."""
        shown = self.assortment()
        colours = {tab.id: tab.colour for tab in shown.categories}
        with self._workplace.database.read() as session:
            articles = lookup.search(session, text, limit)
        typed = text.casefold().split()
        types = [t for t in shown.tiles if t.kind == "voucher" and all(word in t.name.casefold() for word in typed)]
        return tuple([*types, *(goods.article_tile(article, colours) for article in articles)][:limit])

    def tenders(self) -> tuple[TenderKey, ...]:
        """The ways to pay, in their order on the payment screen."""
        kinds = {CASH: TenderKind.CASH, VOUCHER: TenderKind.VOUCHER}
        return tuple(TenderKey(t.id, kinds.get(t.id, TenderKind.CARD), t.name) for t in self._workplace.tenders)

    # Filling the basket

    def scan(self, code: str, quantity: Quantity = ONE) -> ScanResult:
        """Take a scanned or typed code: an article into the basket, a voucher or receipt to be shown (T2)."""
        scanned = barcodes.parse(code)
        self.dismiss()
        match scanned.kind:
            case CodeKind.VOUCHER:
                return ScanResult(ScanKind.VOUCHER, vouchers=self.look_up_voucher(scanned.number, scanned.type_plu))
            case CodeKind.RECEIPT:
                return self._scanned_receipt(scanned)
            case CodeKind.CUSTOMER:
                raise Refused(msg("{code} is a customer card. Customers are not kept at this till."), code=scanned.text)
            case _:
                return self._scanned_article(scanned, quantity)

    def add(self, tile: Tile, quantity: Quantity = ONE, price: Money | None = None) -> ScanResult:
        """Put a tile's article or voucher into the basket; `price` where the tile has none."""
        self.dismiss()
        with self._workplace.database.read() as session:
            good = goods.good_of_tile(session, tile, price)
        return self._put(good, quantity)

    def set_quantity(self, line_id: int, quantity: Quantity) -> None:
        """Set the quantity of a line."""
        self._change(self._basket.with_quantity(line_id, quantity), line_id)

    def set_price(self, line_id: int, unit_price: Money) -> None:
        """Set the unit price of a line, gross."""
        self._change(self._basket.with_price(line_id, unit_price), line_id)

    def set_line_discount(self, line_id: int, discount: Discount | None) -> None:
        """Set or take away the discount of a line."""
        self._change(self._basket.with_line_discount(line_id, discount), line_id)

    def set_discount(self, discount: Discount | None) -> None:
        """Set or take away the discount on the whole basket."""
        self._change(self._basket.with_discount(discount), None)

    def set_note(self, line_id: int, note: str) -> None:
        """Set the note of a line."""
        self._change(self._basket.with_note(line_id, note), line_id)

    def remove(self, line_id: int) -> None:
        """Take a line out."""
        self._change(self._basket.without_line(line_id), None)

    def undo(self) -> None:
        """Take the last change of the basket back."""
        if not self._undo:
            raise Refused(msg("There is nothing to take back."))
        self._basket = self._undo.pop()
        self._touched = None
        self._changed()

    def cancel(self) -> None:
        """Throw the basket away; what the TSE began is ended as AVBelegabbruch and booked as such."""
        if self._basket.is_empty:
            return
        self._abort()
        self._start_afresh()
        self._changed()

    # Paying

    def look_up_voucher(self, number: str, type_plu: str | None = None) -> tuple[VoucherHit, ...]:
        """The vouchers with this number and how they stand (V31); none is refused in words."""
        with self._workplace.database.read() as session:
            return offers_by_number(session, self._workplace.today(), self._order, (number, type_plu))

    def pay_cash(self, given: Money) -> None:
        """Take cash; more than is open becomes change."""
        check_tender(TenderKind.CASH, given, self._settlement)
        self._take(TenderKind.CASH, CASH, given)

    def pay_card(self, tender_id: str, amount: Money) -> None:
        """Take a card or another own tender, at most what is open."""
        check_tender(TenderKind.CARD, amount, self._settlement)
        self._take(TenderKind.CARD, tender_id, amount)

    def redeem(self, voucher_id: uuid.UUID, amount: Money) -> None:
        """Take a voucher into the payment; only completing the sale redeems it (V32, V33)."""
        check_tender(TenderKind.VOUCHER, amount, self._settlement)
        with self._workplace.database.read() as session:
            hit = one_offer(session, self._workplace.today(), self._order, voucher_id)
        if hit.refusal is not None:
            raise hit.refusal
        if amount > hit.offered:
            raise Refused(
                msg("{number}: at most {most} can be redeemed here."),
                number=hit.standing.voucher.number,
                most=hit.offered,
            )
        self._take(TenderKind.VOUCHER, VOUCHER, amount, hit)

    def take_back(self, tendered_id: int) -> None:
        """Take a payment out again, before the sale is completed (V33)."""
        self._tendered = tuple(t for t in self._tendered if t.id != tendered_id)
        self._changed()

    def complete(self) -> CompletedSale:
        """Book the sale, kick the drawer for cash, and hand signing and printing to their threads.

        The same sale completed twice (a double click) gives the same document. Refused while something is
        open; Unavailable when the database can't: the basket stays.
        """
        if self._completed is not None and self._basket.is_empty:
            return self._completed
        check_complete(self._order)
        self._price_again()
        order = self._order
        self._completed = self._book(order)
        if any(self._workplace.tender(t.tender_id).opens_drawer for t in order.tendered):
            self._kick_drawer()
        self._recording.sign(self._completed.document)
        self._start_afresh()
        self._tell()
        return self._completed

    def dismiss(self) -> None:
        """Clear what is left on the screen of the last sale."""
        if self._completed is not None or self._restored:
            self._completed = None
            self._restored = False
            self._tell()

    # Start and end

    def restore(self) -> None:
        """Bring back the basket that was open when the program ended (T5); one that was booked is forgotten."""
        till_id = self._workplace.settings.till_id
        with self._workplace.database.read() as session:
            sale = saved.saved(session, till_id)
            booked = sale is not None and find.document(session, sale.basket.order_id) is not None
        if sale is None or booked:
            return
        self._basket, self._tendered, self._references = sale.basket, sale.tendered, sale.references
        self._restored = True
        self._recording.begin(self._basket.order_id)
        self._changed()

    def leave(self) -> None:
        """Keep the open basket for the next start; its TSE transaction ends as AVBelegabbruch (T5)."""
        if self._basket.is_empty or self._workplace.shift is None:
            return
        reference = self._abort()
        self._references = (*self._references, reference)
        self._save()

    # Inside

    @property
    def _order(self) -> Order:
        faces = {t.id: TenderFace(t.id, t.name, t.zahlart_typ) for t in self._workplace.tenders}
        return Order(self._priced, self._tendered, faces)

    @property
    def _settlement(self) -> Settlement:
        return settle(self._priced.total, self._tendered)

    def _start_afresh(self) -> None:
        self._basket = Basket(uuid.uuid4(), self._workplace.clock.now())
        self._priced: PricedBasket = price(self._basket, self._workplace.rates())
        self._tendered, self._undo, self._touched, self._references = (), [], None, ()

    def _price_again(self) -> None:
        """The VAT rate follows the time of completion; a basket open over a change is re-priced in sight (T15)."""
        priced = price(self._basket, self._workplace.rates())
        if priced.vat != self._priced.vat:
            self._changed()
            raise Refused(msg("The VAT rates have changed meanwhile. The basket was priced again: please check it."))

    def _book(self, order: Order) -> CompletedSale:
        context, references = self._workplace.context(), self._references
        rules = Rules(self._workplace.rates())

        def work(session: Session) -> CompletedSale:
            sale = complete(session, context, order, rules, references)
            saved.forget(session, context.till_id)
            return CompletedSale(sale.document, order.settlement.given, order.settlement.change, sale.vouchers)

        return self._workplace.database.run(work, GUI_WAIT_S)

    def _scanned_article(self, scanned: ScannedCode, quantity: Quantity) -> ScanResult:
        with self._workplace.database.read() as session:
            try:
                hit = lookup.find(session, scanned)[0]
            except Refused as unknown:
                return self._scanned_bare_voucher(scanned, unknown)
            if isinstance(hit, lookup.VoucherTypeHit):
                return self._put(goods.voucher_good(session, uuid.UUID(hit.ref), None), quantity)
            good = goods.article_good(session, hit.article, hit.price)
        is_label = scanned.kind in {CodeKind.PRICE, CodeKind.WEIGHT}
        return self._put(good, hit.quantity if is_label else quantity)

    def _scanned_bare_voucher(self, scanned: ScannedCode, unknown: Refused) -> ScanResult:
        """A pre-printed card carries no prefix: the code may be a voucher's own number (V25)."""
        try:
            return ScanResult(ScanKind.VOUCHER, vouchers=self.look_up_voucher(scanned.text))
        except Refused:
            raise unknown from None

    def _scanned_receipt(self, scanned: ScannedCode) -> ScanResult:
        with self._workplace.database.read() as session:
            found = find.by_number(session, scanned.till_id, int(scanned.number))
        if found is None:
            raise Refused(msg("There is no receipt number {number} at this till."), number=scanned.number)
        return ScanResult(ScanKind.RECEIPT, receipt=found)

    def _put(self, good: goods.Good, quantity: Quantity) -> ScanResult:
        if self._workplace.shift is None:
            raise Refused(CLOSED)
        basket, before = self._basket, {line.id: line for line in self._basket.lines}
        if basket.is_empty:
            basket = replace(basket, started_at=self._workplace.clock.now())
        for count in self._portions(good, quantity):
            basket = basket.with_line(good.item, good.unit_price, count, deposit=good.deposit)
        touched = next(line.id for line in basket.lines if before.get(line.id) != line and line.belongs_to is None)
        self._change(basket, touched)
        return ScanResult(ScanKind.LINE, line_id=touched)

    def _portions(self, good: goods.Good, quantity: Quantity) -> list[Quantity]:
        """Vouchers get a line each, as each has its own number."""
        if good.item.voucher is None:
            return [quantity]
        count = quantity.thousandths // 1000
        if not quantity.is_whole or not 1 <= count <= MAX_VOUCHERS_AT_ONCE:
            raise Refused(msg("Add between 1 and {most} vouchers at once."), most=MAX_VOUCHERS_AT_ONCE)
        return [ONE] * count

    def _change(self, basket: Basket, touched: int | None) -> None:
        priced = price(basket, self._workplace.rates())
        first = self._basket.is_empty
        self._undo = [*self._undo[-UNDO_STEPS:], self._basket]
        self._basket, self._priced, self._touched = basket, priced, touched
        self._tell()
        if first and not basket.is_empty:
            self._recording.begin(basket.order_id)
        self._save()

    def _changed(self) -> None:
        self._priced = price(self._basket, self._workplace.rates())
        self._tell()
        self._save()

    def _tell(self) -> None:
        state = self.state
        for callback in self._listeners:
            callback(state)

    def _save(self) -> None:
        """After the paint, on the thread behind the counter; a later change replaces one that still waits."""
        sale = SavedSale(self._basket, self._tendered, self._references)
        till_id, now = self._workplace.settings.till_id, self._workplace.clock.now()
        self._workplace.afterwork.do(
            Write(lambda session: saved.save_unless_booked(session, till_id, sale, now), key="basket")
        )

    def _abort(self) -> Reference:
        context, priced, order_id = self._workplace.context(), self._priced, self._basket.order_id
        references = self._references

        def work(session: Session) -> Document:
            document = abort(session, context, priced, references)
            saved.forget(session, context.till_id)
            return document

        document = self._workplace.database.run(work, GUI_WAIT_S)
        self._recording.abort(document, order_id)
        return Reference(document.till_id, document.number, document.id)

    def _take(self, kind: TenderKind, tender_id: str, amount: Money, hit: VoucherHit | None = None) -> None:
        voucher = hit.standing.voucher if hit else None
        name = voucher.number if voucher else self._workplace.tender(tender_id).name
        next_id = max((t.id for t in self._tendered), default=0) + 1
        new = Tendered(next_id, kind, tender_id, name, amount, voucher.id if voucher else None)
        self._tendered = (*self._tendered, new)
        self._changed()
