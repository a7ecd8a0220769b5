"""The sale desk: scan, change, pay, complete. The window, scripts, demo and benchmarks all sell through it."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from till.app import goods, open_sale, parking, repricing, scanning
from till.app.basket_lines import BasketLines
from till.app.changing import changing
from till.app.doubt import doubted_if_it_fails
from till.app.needs import needs, of_price
from till.app.parked_baskets import ParkedBaskets
from till.app.paying import Paying
from till.app.recording import Recording
from till.app.views import Choice, CompletedSale, SaleState, ScanKind, ScanResult, Tile, VoucherAsk
from till.app.workplace import Workplace
from till.catalog import barcodes
from till.catalog.barcodes import CodeKind, ScannedCode
from till.documents.model import SOLD, Document, Reference
from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money
from till.quantity import ONE, Quantity
from till.sales.basket import Basket
from till.sales.checkout import Rules
from till.sales.order import bonus_limit, check_complete
from till.sales.parked import Parked
from till.sales.pricing import PricedBasket, Rates, price
from till.sales.saved import SavedSale
from till.sales.tender import Tendered, quick_cash
from till.staff.cards import STAFF_CARD, is_card
from till.staff.permission import Need, Permission

UNDO_STEPS = 50


class SaleDesk(BasketLines, Paying):
    """One counter's current sale. Its methods raise Refused or Unavailable and then change nothing."""

    def __init__(self, workplace: Workplace, recording: Recording, kick_drawer: Callable[[], None]) -> None:
        super().__init__(workplace)
        self._recording = recording
        self._kick_drawer = kick_drawer
        self._completed: CompletedSale | None = None
        self._restored = False
        self._lost: tuple[Refused, ...] = ()
        self._waiting = ParkedBaskets(workplace, recording)
        self._wanted: uuid.UUID | None = None
        self._is_parking = False
        self._undo: list[Basket] = []
        self._tendered: tuple[Tendered, ...] = ()
        self._touched: int | None = None
        self._references: tuple[Reference, ...] = ()
        self._rates: Rates = {}
        self._has_begun = False
        self._is_in_doubt = False
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
            lost=self._lost,
            parked=self._waiting.count,
            bonus_covers=bonus_limit(self._priced),
        )

    # Filling the basket

    @needs(Permission.SELL)
    def scan(self, code: str, quantity: Quantity = ONE) -> ScanResult:
        """Take a scanned or typed code: an article into the basket, a voucher or receipt to be shown (T2)."""
        if is_card(code):
            raise Refused(STAFF_CARD)
        scanned = barcodes.parse(code)
        self.dismiss()
        match scanned.kind:
            case CodeKind.VOUCHER:
                return ScanResult(ScanKind.VOUCHER, vouchers=self.look_up_voucher(scanned.number, scanned.type_plu))
            case CodeKind.RECEIPT:
                with self._workplace.database.read() as session:
                    return scanning.receipt_of(session, scanned)
            case CodeKind.CUSTOMER:
                raise Refused(msg("{code} is a customer card. Customers are not kept at this till."), code=scanned.text)
            case _:
                return self._scanned_goods(scanned, quantity)

    @needs(Permission.SELL)
    def add(self, tile: Tile, quantity: Quantity = ONE, price: Money | None = None) -> ScanResult:
        """Put a tile's article or voucher into the basket; `price` where the tile has none."""
        self.dismiss()
        with self._workplace.database.read() as session:
            good = goods.good_of_tile(session, tile, goods.Asked(self._workplace.clock.now(), price))
        return self._put(good, quantity, of_price(tile, price))

    @needs(Permission.SELL)
    def undo(self) -> None:
        """Take the last change of the basket back."""
        self._clear_doubt()
        if not self._undo:
            raise Refused(msg("There is nothing to take back."))
        with changing(self._workplace, self._basket, self._undo[-1], is_undo=True):
            self._basket = self._undo.pop()
            self._touched = None
            self._changed()

    @needs(Permission.REMOVE)
    def cancel(self) -> None:
        """Throw the basket away; what the TSE began is ended as AVBelegabbruch and booked as such."""
        self._throw_away()

    def clear_for_closing(self) -> None:
        """End a sale that was emptied line by line, and the transactions of the parked ones, which wait on (T5).

        Refused while there are lines, and in training.
        """
        self._workplace.check_real()
        self._clear_counter(msg("A sale is still open. Complete, park or cancel it, then close the till."))
        self._waiting.end_all()

    def clear_for_training(self) -> None:
        """End a sale that was emptied line by line before training begins or ends. Refused while there are lines."""
        self._clear_counter(msg("A sale is still open. Complete, park or cancel it first."))

    def note_training(self) -> None:
        """Training began or ended: what was sold before is not shown any more, and other baskets are parked."""
        self._completed, self._restored, self._lost = None, False, ()
        self._waiting.listed()
        self._tell()

    # Parking

    def parked(self) -> tuple[Parked, ...]:
        """The sales that can be recalled here, the oldest first; for the list on the screen, and at the closing."""
        before, found = self._waiting.count, self._waiting.listed()
        if before != len(found):
            self._tell()
        return found

    @needs(Permission.SELL)
    def park(self, name: str = "") -> None:
        """Put the open sale aside and begin a new one; without a name it is called by its time and total.

        Refused when it is empty or money was taken for it.
        """
        is_tried_again = self._is_in_doubt and self._is_parking
        if not (is_tried_again and parking.is_parked(self._workplace, self._basket.order_id)):
            self._clear_doubt()
            parking.check_may_wait(self._kept)
            self._is_parking = True
            with self._doubt_if_it_fails():
                parking.park(self._workplace, self._priced, self._kept, name)
        self._put_aside()

    @needs(Permission.SELL)
    def recall(self, order_id: uuid.UUID) -> tuple[Refused, ...]:
        """Go on with a parked sale; the open one is parked in its place. Returns in words what has changed meanwhile."""
        try:
            self._clear_doubt()
        except Refused:
            if self._basket.order_id != order_id:
                raise
        if self._basket.order_id == order_id:
            return ()
        parking.check_no_money(self._kept)
        self._workplace.check_ready()
        instead = None if self._basket.is_empty else (self._priced, self._kept)
        if instead is None:
            self._throw_away()
        self._waiting.sign_ends()
        self._wanted = order_id
        with self._doubt_if_it_fails():
            recalled = parking.recall(self._workplace, order_id, instead)
        self._bring_back(recalled.sale, -1 if instead is None else 0)
        return recalled.changes

    @needs(Permission.SELL)
    def rename_parked(self, order_id: uuid.UUID, name: str) -> None:
        """Call a parked sale something else; an empty name brings time and total back."""
        self._waiting.rename(order_id, name)

    @needs(Permission.REMOVE)
    def discard_parked(self, order_id: uuid.UUID) -> None:
        """Throw a parked sale away; unless that was done at a Z before, it is booked as AVBelegabbruch."""
        self._waiting.discard(order_id)
        self._tell()

    # Its end

    @needs(Permission.SELL)
    def complete(self) -> CompletedSale:
        """Book the sale, kick the drawer for cash, and hand signing and printing to their threads.

        The same sale completed twice (a double click, an answer that was lost) gives the same document. Refused
        while something is open; Unavailable when the database can't: the basket stays.
        """
        if self._completed is not None and self._basket.is_empty:
            return self._completed
        if self._is_parking or self._wanted is not None:
            self._clear_doubt()
        check_complete(self._order)
        if not self._is_in_doubt:
            self._price_again()
        return self._finish(self._book())

    def dismiss(self) -> None:
        """Clear what is left on the screen of the last sale."""
        if self._completed is not None or self._restored:
            self._completed, self._restored, self._lost = None, False, ()
            self._tell()

    # Start and end

    def restore(self) -> None:
        """Bring back the basket that was open when the program ended (T5); one that was booked is forgotten."""
        self._waiting.begin()
        sale = open_sale.kept(self._workplace)
        if sale is not None:
            self._restored = True
            self._go_on_with(sale)
            self._look_at_vouchers_again()

    def leave(self) -> None:
        """Keep open and parked baskets for the next start; their TSE transactions end as AVBelegabbruch (T5)."""
        with contextlib.suppress(Refused):
            self._clear_doubt()
        if self._workplace.shift is None:
            return
        if self._has_begun:
            self._leave_open_one()
        self._waiting.end_all()

    # Inside

    def _look_at_vouchers_again(self) -> None:
        """While the program was closed another till may have taken what was on them."""
        with self._workplace.database.read() as session:
            good, self._lost = parking.still_good(session, self._workplace, self._priced, self._tendered)
        if self._lost:
            self._tendered = good
            self._changed()

    def _clear_counter(self, refusal: str) -> None:
        if not self._basket.is_empty:
            raise Refused(refusal)
        self._throw_away()

    def _leave_open_one(self) -> None:
        if self._basket.is_empty:
            self._throw_away()
            return
        document = open_sale.leave_aborted(self._workplace, self._priced, self._kept)
        self._recording.abort(document, self._basket.order_id)
        self._has_begun = False

    def _put_aside(self) -> None:
        self._completed, self._restored, self._lost = None, False, ()
        self._start_afresh()
        self._waiting.note(1)
        self._tell()

    def _bring_back(self, sale: SavedSale, more: int) -> None:
        self._completed, self._restored, self._lost = None, False, ()
        self._start_afresh()
        self._waiting.note(more)
        self._go_on_with(sale)

    def _go_on_with(self, sale: SavedSale) -> None:
        self._basket, self._tendered, self._references = sale.basket, sale.tendered, sale.references
        self._begin()
        self._changed()

    def _may_save(self, order_id: uuid.UUID) -> Callable[[uuid.UUID | None], bool]:
        """Whether an autosave still counts: not one of a sale that was left, nor over one whose recall is not heard of."""
        return lambda stored: order_id == self._basket.order_id and (stored is None or stored != self._wanted)

    @property
    def _kept(self) -> SavedSale:
        return SavedSale(self._basket, self._tendered, self._references)

    def _start_afresh(self) -> None:
        self._basket = Basket(uuid.uuid4(), self._workplace.clock.now())
        self._rates = self._workplace.rates()
        self._priced: PricedBasket = price(self._basket, self._rates)
        self._tendered, self._undo, self._touched, self._references = (), [], None, ()
        self._has_begun = self._is_in_doubt = self._is_parking = False
        self._wanted = None

    def _begin(self) -> None:
        self._has_begun = True
        self._recording.begin(self._basket.order_id)

    def _price_again(self) -> None:
        """VAT rates and planned prices follow the time of completion; a basket open over a change is re-priced in sight (T15)."""
        again = repricing.as_of_now(self._workplace, self._priced)
        self._rates = again.rates
        if again.said is not None:
            self._basket = again.basket
            self._changed()
            raise again.said

    def _book(self) -> CompletedSale:
        with self._doubt_if_it_fails():
            return open_sale.book(self._workplace, self._order, Rules(self._rates), self._references)

    def _finish(self, sale: CompletedSale) -> CompletedSale:
        self._completed = sale
        if open_sale.opens_drawer(self._workplace, self._tendered):
            self._kick_drawer()
        self._recording.sign(sale.document)
        self._start_afresh()
        self._tell()
        return sale

    def _throw_away(self) -> None:
        self._clear_doubt()
        if not self._has_begun:
            return
        with self._doubt_if_it_fails():
            document = open_sale.end_aborted(self._workplace, self._priced, self._references)
        self._forget_aborted(document)

    def _forget_aborted(self, document: Document) -> None:
        self._recording.abort(document, self._basket.order_id)
        self._start_afresh()
        self._changed()

    def _doubt_if_it_fails(self) -> AbstractContextManager[None]:
        """The environment may fail after the books have taken it: then they are asked before anything changes."""
        return doubted_if_it_fails(self._doubt)

    def _doubt(self) -> None:
        self._is_in_doubt = True
        self._recording.catch_up()

    def _clear_doubt(self) -> None:
        """Ask the books whether the sale was ended, parked or swapped after all; if so it stays so, and that is said."""
        if not self._is_in_doubt:
            return
        recalled = parking.recalled_after_all(self._workplace, self._wanted) if self._wanted else None
        is_parked = parking.is_parked(self._workplace, self._basket.order_id)
        ended = open_sale.ended(self._workplace, self._kept)
        self._is_in_doubt = self._is_parking = False
        self._wanted = None
        if recalled is not None:
            self._bring_back(recalled, 0 if is_parked else -1)
            raise Refused(msg("The parked basket was recalled after all. Please check it, then go on."))
        if is_parked:
            self._put_aside()
            raise Refused(msg("The basket was parked after all. Go on with a new one."))
        if ended is not None:
            self._stay_ended(ended)

    def _stay_ended(self, ended: Document) -> None:
        if ended.draft.kind in SOLD:
            self._finish(self._book())
        else:
            self._forget_aborted(ended)
        raise Refused(
            msg("The last sale was booked after all: no. {number}. Go on with a new one."), number=ended.number
        )

    def _scanned_goods(self, scanned: ScannedCode, quantity: Quantity) -> ScanResult:
        """An article or voucher type; else, as a pre-printed card carries no prefix, a voucher's own number (V25)."""
        try:
            with self._workplace.database.read() as session:
                choices = scanning.choices_of(session, scanned, quantity)
        except Refused:
            with contextlib.suppress(Refused):
                return ScanResult(ScanKind.VOUCHER, vouchers=self.look_up_voucher(scanned.text))
            raise
        choices += self._sold_vouchers(scanned.text)
        return self.pick(choices[0]) if len(choices) == 1 else ScanResult(ScanKind.PICK, choices=choices)

    def _sold_vouchers(self, number: str) -> tuple[Choice, ...]:
        """The vouchers that goods with the same code must not hide; used-up ones are no use to anybody."""
        with contextlib.suppress(Refused):
            return tuple(Choice(voucher=hit) for hit in self.look_up_voucher(number) if hit.standing.remaining > ZERO)
        return ()

    def _asked(self, ask: VoucherAsk) -> VoucherAsk:
        if not self._has_begun:
            self._workplace.check_ready()
        return ask

    def _put(self, good: goods.Good, quantity: Quantity, needed: tuple[Need, ...] = ()) -> ScanResult:
        basket, before = self._basket, {line.id: line for line in self._basket.lines}
        if not self._has_begun:
            self._workplace.check_ready()
            self._rates = self._workplace.rates()
            basket = replace(basket, started_at=self._workplace.clock.now())
        for count in goods.portions(good, quantity):
            basket = basket.with_line(good.item, good.unit_price, count, deposit=good.deposit)
        touched = next(line.id for line in basket.lines if before.get(line.id) != line and line.belongs_to is None)
        with self._workplace.attendance.allowing(*needed):
            self._change(basket, touched)
        return ScanResult(ScanKind.LINE, line_id=touched)

    def _change(self, basket: Basket, touched: int | None) -> None:
        self._clear_doubt()
        priced = price(basket, self._rates)
        with changing(self._workplace, self._basket, basket):
            self._replace(basket, priced, touched)

    def _replace(self, basket: Basket, priced: PricedBasket, touched: int | None) -> None:
        if basket != self._basket:
            self._undo = [*self._undo[-UNDO_STEPS:], self._basket]
        self._basket, self._priced, self._touched = basket, priced, touched
        self._tell()
        if not self._has_begun:
            self._begin()
        self._autosave()

    def _changed(self) -> None:
        self._priced = price(self._basket, self._rates)
        self._tell()
        self._autosave()

    def _autosave(self) -> None:
        open_sale.autosave(self._workplace, self._kept, self._may_save(self._basket.order_id))

    def _tell(self) -> None:
        state = self.state
        for callback in self._listeners:
            callback(state)
