"""One simulated counter: a till on simulated devices beside its model, compared after every touch."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from till.app.bootstrap import Ports, Till, open_till
from till.app.lease import TAKEN
from till.clock import FixedClock, local
from till.devices.simulated.printer import SimulatedPrinter
from till.errors import Refused, Unavailable
from till.fiscal.faulty import Behaviour, Fault, FaultyRecorder
from till.fiscal.recorder import Recorder
from till.fiscal.signing import SigningLimits
from till.money import Money
from till.printing.worker import WorkerPace
from till.sales.basket import AmountOff, Discount, PercentOff
from till.settings import Settings
from till.simulation.books import Books
from till.simulation.comeback import account
from till.simulation.faults import FaultyDisk, Killed, hurry
from till.simulation.known import NOTHING, Broken, Expected, Memory, Snapshot
from till.simulation.model import Model, Payment, Purchase, Sold, Standing, standing
from till.simulation.shopping import AMOUNT, PERCENT, Basket, Off, priced
from till.simulation.taxes import rates_changed
from till.simulation.wishes import Wish

ZONE = "Europe/Berlin"
_TRIES = 50
_UNDO_STEPS = 51
_PATIENCE_S = 20.0
_LOOK_S = 0.02
_SIGNING = SigningLimits(answer_s=2.0, first_probe_s=0.02, longest_probe_s=0.1, stop_s=2.0)


@dataclass(slots=True)
class Site:
    """What all counters of the shop share."""

    clock: FixedClock
    model: Model
    books: Books


def fast_pace() -> WorkerPace:
    """A printer's worker that waits as little as it may: simulated printers answer at once."""
    usual = WorkerPace()
    limits = replace(usual.limits, status_s=0.2, confirm_s=1.0, ask_every_s=0.02, quiet_s=0.002)
    return WorkerPace(0.02, 0.2, 0.05, 0.5, 0.5, 0.3, 0.02, limits)


class Counter:
    """A till of the shop. Every attempt at its desks ends with the desk and the model saying the same."""

    def __init__(self, site: Site, settings: Settings, recorder: Recorder, printer: SimulatedPrinter) -> None:
        self.site = site
        self.printer = printer
        self.now = NOTHING
        self.undo: list[Basket] = []
        self.waiting: dict[str, Snapshot] = {}
        self._discarding = ""
        self.is_cancelling = False
        self.has_begun = False
        self.has_power = True
        self.refused: Snapshot | None = None
        self.wish: Wish | None = None
        self.reason = ""
        self.is_unheard, self.begun = False, ""
        self.settings = replace(settings, printer=self.printer.uri, printer_profile=self.printer.profile.name)
        self._recorder = recorder
        self.behaviour = Behaviour()
        self._history = [NOTHING]
        self._in_doubt_since: dt.date | None = None
        self._open()

    @property
    def id(self) -> str:
        """The till's id."""
        return self.settings.till_id

    @property
    def model(self) -> Model:
        """The model of the shop."""
        return self.site.model

    @property
    def today(self) -> dt.date:
        """The local day."""
        return local(self.site.clock.now(), ZONE).date()

    @property
    def business_date(self) -> dt.date:
        """The business day of the open shift."""
        return self.model.shift(self.id).business_date

    @property
    def rates_are_new(self) -> bool:
        """Whether VAT rates began since the shift did."""
        return rates_changed(self.business_date, self.today)

    @property
    def order(self) -> str:
        """The id of the sale under way."""
        return self.till.sale.state.priced.basket.order_id.hex

    @property
    def purchase(self) -> Purchase:
        """The sale under way, as the model has it."""
        return self.purchase_of(self.now)

    def purchase_of(self, snapshot: Snapshot) -> Purchase:
        """What would be completed now, if this was on the screen."""
        return Purchase(self.order, snapshot.basket, snapshot.payments, self._in_doubt_since or self.today)

    @property
    def memory(self) -> Memory:
        """What is known of the sale under way."""
        return Memory(
            order=self.order,
            now=self.now,
            history=tuple(self._history),
            is_cancelling=self.is_cancelling,
            in_doubt_since=self._in_doubt_since,
            waiting=dict(self.waiting),
            discarding=self._discarding,
            wish=self.wish,
        )

    @property
    def standing(self) -> Standing:
        """Where its payment stands."""
        return standing(priced(self.now.basket).total, self.now.payments)

    def attempt(
        self, call: Callable[[], object], becomes: Snapshot | None = None, must: Expected = Expected.EITHER
    ) -> str:
        """Touch the desk; done, the sale under way `becomes` that. Returns how it went; raises Broken."""
        before, purchase = self.order, self.purchase
        self.disk.has_struck()
        try:
            went = self._went(call)
        except Killed:
            return f"killed: {self.rise_again()}"
        self._judge(went, Expected.EITHER if self._in_doubt_since else must)
        if went == Expected.DONE and becomes is not None:
            self._become(becomes)
        if self._in_doubt_since is not None:
            self._look_into_books(purchase)
        self._follow(before, purchase)
        self._compare()
        if self._in_doubt_since is None:
            self._compare_waiting()
        return went

    def change(self, call: Callable[[], object], basket: Basket, must: Expected = Expected.EITHER) -> str:
        """As `attempt`, for a change of the basket that can be taken back."""
        old = self.now.basket
        went = self.attempt(call, replace(self.now, basket=basket), must)
        if went == Expected.DONE and basket != old:
            self.undo = [*self.undo, old][-_UNDO_STEPS:]
        return went

    def discard(self, order: str, must: Expected) -> str:
        """Throw a parked sale away; whether a failure came before or after it, the books say."""
        self._discarding = order
        went = self.attempt(lambda: self.till.sale.discard_parked(uuid.UUID(order)), must=must)
        self._compare_waiting()
        self._discarding = ""
        if went == Expected.DONE:
            self.agree("whether a basket that was thrown away is parked", order in self.waiting, must=False)
        return went

    def fulfil(self, call: Callable[[], object], wish: Wish, must: Expected) -> str:
        """As `attempt`, for what is booked beside the sale; the books say whether it was, whatever became of the answer."""
        self.wish = wish
        went = self.attempt(call, must=must)
        self._account_for_wish()
        if went == Expected.DONE and not self.site.books.is_done(wish.document):
            raise Broken(f"{self.id}: the till says that it is done, and the books don’t have it: {wish}")
        return went

    def settle(self) -> None:
        """Wait until all that is written behind the counter is written."""
        with self.disk.sparing():
            self.till.sale.parked()
        if not self.till.settle(_PATIENCE_S):
            raise Broken(f"{self.id}: the writes behind the counter don't end")
        self._history = [self.now]

    def leave_and_return(self) -> str:
        """Close the till in good order and open it again: the open sale is there as it was."""
        memory = self.leave()
        self._open()
        self.find_again(memory)
        return "restarted"

    def leave(self) -> Memory:
        """Close the till in good order; returns what is known of the open sale."""
        self.settle()
        self.disk.disarm()
        memory = self.memory
        self.till.close()
        return memory

    def find_again(self, memory: Memory) -> None:
        """The open sale of a till that was left is there as it was, unless it was booked and only the answer was lost."""
        self._recall(memory)
        is_in_doubt = memory.in_doubt_since is not None
        if is_in_doubt and self.site.books.sale_number(memory.order) is not None:
            self._begin_afresh()
            self._compare()
        else:
            self._find_again(memory.order)

    def return_from(self, memory: Memory) -> str:
        """Open the till again whose process was killed elsewhere, with what was known of its sale until then."""
        self._recall(memory)
        day = memory.in_doubt_since or self.today
        told = self._return_from_death(Purchase(memory.order, self.now.basket, self.now.payments, day))
        self._account_for_wish()
        return told

    def leave_returns(self) -> str:
        """Leave what somebody began to bring back; what was booked after all stays so."""
        told = self.attempt(self.till.returns.abandon, must=Expected.EITHER if self.is_unheard else Expected.DONE)
        self.is_unheard &= told not in {Expected.DONE, Expected.REFUSED}
        if not self.till.free_returns.state.is_empty:
            told = f"{told}, {self.attempt(self.till.free_returns.abandon)}"
        return told

    def cancel(self, must: Expected = Expected.EITHER) -> str:
        """Throw the sale under way away."""
        self.is_cancelling = True
        went = self.attempt(self.till.sale.cancel, must=must)
        if went in {Expected.DONE, Expected.REFUSED}:
            self.is_cancelling = False
        return went

    def kill(self) -> str:
        """End the till's process here and now, and open it again."""
        self._die()
        return self._return_from_death(self.purchase)

    def rise_again(self) -> str:
        """After a kill in the middle of something: the present sale is thrown away, as how much of it was saved is chance."""
        told = self.kill()
        if self.now.basket.lines:
            self.cancel(Expected.DONE)
        return told

    def agree(self, what: str, have: object, must: object) -> None:
        """Raises Broken unless what the till says is what the model says."""
        if have != must:
            raise Broken(f"{self.id}: {what} is {have}, must be {must}")

    def heal(self) -> None:
        """Put everything around the till in order."""
        self.disk.disarm()
        self.break_tse(Behaviour())

    def break_tse(self, behaviour: Behaviour) -> None:
        """Let the TSE behave so, until told otherwise."""
        self.behaviour = behaviour
        self.tse.switch(behaviour)

    def end(self) -> None:
        """Stop all threads."""
        self.till.stop()
        self.printer.power_off()

    def _open(self) -> None:
        self.is_unheard, self.begun = False, ""
        self.tse = FaultyRecorder(self._recorder)
        self.tse.switch(self.behaviour)
        ports = Ports(clock=self.site.clock, recorder=self.tse, pace=fast_pace(), signing=_SIGNING)
        self.till: Till = self._opened(ports)
        engine = self.till.workplace.database.engine
        hurry(engine)
        self.disk = FaultyDisk(engine)

    def _opened(self, ports: Ports) -> Till:
        """A server needs a moment to see that a killed till is gone; a cashier starts it once more."""
        until = time.monotonic() + _PATIENCE_S
        while True:
            try:
                return open_till(self.settings, ports)
            except Refused as no:
                if no.msgid != TAKEN or time.monotonic() > until:
                    raise
                time.sleep(_LOOK_S)

    def _die(self) -> None:
        self.disk.die()
        self.tse.switch(Behaviour(Fault.UNREACHABLE))
        self.till.stop()

    def _recall(self, memory: Memory) -> None:
        self.now, self._history = memory.now, list(memory.history)
        self.is_cancelling, self._in_doubt_since = memory.is_cancelling, memory.in_doubt_since
        self.waiting, self._discarding = dict(memory.waiting), memory.discarding
        self.wish = memory.wish

    def _return_from_death(self, purchase: Purchase) -> str:
        """The books say whether the last sale was booked; else it is on the screen again."""
        self._open()
        number = self.site.books.sale_number(purchase.order)
        if number is not None:
            self._booked(number, purchase)
            self._begin_afresh()
            self._compare()
            return "booked"
        self._find_again(purchase.order)
        return "came back"

    def _find_again(self, order: str) -> None:
        """The restored sale must be one that was on the screen since all was last known to be saved (T5).

        The power may have failed while it was parked or swapped: then it is wholly parked, and what it was swapped for
        is here.
        """
        if order in self.site.books.parked(self.id) or self.order in self.waiting:
            self._turn_from(order)
            order = self.order
        self._compare_waiting()
        self._discarding = ""
        shown = self._shown()
        kept = [self._as_of_now(snapshot) if snapshot.basket.lines else NOTHING for snapshot in self._history]
        kept += [NOTHING] * self.is_cancelling
        known = [snapshot for snapshot in kept if self._expected_screen(snapshot) == shown]
        if not known:
            raise Broken(f"{self.id}: the restored basket is none that was there: {shown}, last {self.now}")
        if known[-1].basket.lines and self.order != order:
            raise Broken(f"{self.id}: the restored basket has another order id")
        self._begin_afresh()
        self._become(known[-1])
        self._history = [self.now]

    def _went(self, call: Callable[[], object]) -> str:
        """How a call went; a database that is only busy with others is tried again, as a cashier would."""
        for _ in range(_TRIES):
            try:
                call()
            except Refused as no:
                self.reason = no.msgid
                return Expected.REFUSED
            except Unavailable as error:
                if self.disk.has_struck():
                    self._in_doubt_since = self._in_doubt_since or self.today
                    return f"unavailable: {error.msgid}"
                self._busy = error
            else:
                return Expected.DONE
        raise Broken(f"{self.id}: the database stays away: {self._busy}")

    def _judge(self, went: str, must: Expected) -> None:
        if must is Expected.DONE and went == Expected.REFUSED:
            raise Broken(f"{self.id}: refused what must be allowed: {self.reason} {self.wish or ''}")
        if must is Expected.REFUSED and went == Expected.DONE:
            raise Broken(f"{self.id}: allowed what must be refused {self.wish or ''}")

    def _become(self, snapshot: Snapshot) -> None:
        self.now = snapshot
        self.has_begun |= bool(snapshot.basket.lines)
        self._history.append(snapshot)
        self._in_doubt_since = None
        self.is_cancelling = False

    def _follow(self, before: str, purchase: Purchase) -> None:
        """When the order has ended: it was booked, which the model books too, or thrown away."""
        if self.order == before:
            return
        completed = self.till.sale.state.completed
        if completed is not None and completed.document.id.hex == before:
            sold = self._booked(completed.document.number, purchase)
            told = (completed.document.draft.total.cents, completed.change.cents)
            self.agree(f"total and change of sale {sold.number}", told, (sold.total, sold.change))
        self._turn_from(before)

    def _turn_from(self, before: str) -> None:
        """Another order is on the counter: a new one, or one that waited. The one before waits now, if it was parked."""
        left, back = self.now, self.waiting.pop(self.order, None)
        if before in self.site.books.parked(self.id):
            self.waiting[before] = left
        self._begin_afresh()
        if back is not None:
            self._become(self._as_of_now(back))
            self._history = [self.now]

    def _as_of_now(self, back: Snapshot) -> Snapshot:
        """A sale that comes back has only those vouchers in its payment that can still pay."""
        return replace(back, payments=self._still_good(back)) if back.payments else back

    def _still_good(self, back: Snapshot) -> tuple[Payment, ...]:
        """What of a payment still holds; a voucher from a later business day than this is the till's to judge."""
        shown = [(t.kind.value, t.amount.cents) for t in self.till.sale.state.tendered]
        day, kept = self.model.shift(self.id).business_date, list[Payment]()
        for one in back.payments:
            if one.voucher is None:
                kept.append(one)
                continue
            purchase = Purchase(self.order, back.basket, tuple(kept), self.today)
            is_good = one.cents <= self.model.offer(one.voucher, purchase, day)
            is_good = is_good and one.out <= self.model.surplus(one.voucher, purchase, day)
            is_early = self.model.vouchers[one.voucher].sold_on > day
            if is_good and (not is_early or (one.kind, one.cents) in shown):
                kept.append(one)
        return tuple(kept)

    def _compare_waiting(self) -> None:
        """No basket is lost or doubled: the books have exactly the parked ones."""
        parked = self.site.books.parked(self.id)
        if self._discarding not in parked:
            self.waiting.pop(self._discarding, None)
        self.agree("what is parked", sorted(parked), sorted(self.waiting))

    def _look_into_books(self, purchase: Purchase) -> None:
        """The answer may be lost although the sale is booked, and its vouchers are spent for the other till."""
        number = self.site.books.sale_number(purchase.order)
        if number is not None:
            self._booked(number, purchase)

    def _account_for_wish(self) -> None:
        if self.wish is not None:
            wrong = account(self.site.books, self.model, self.wish, self.today)
            if wrong:
                raise Broken("\n".join([f"{self.id}: {self.wish}", *wrong]))
        self.wish = None

    def _booked(self, number: int, purchase: Purchase) -> Sold:
        known = self.model.sales.get(purchase.order)
        return known or self.model.book(self.id, number, purchase)

    def _begin_afresh(self) -> None:
        self.now, self.undo, self._history = NOTHING, [], [NOTHING]
        self._in_doubt_since = None
        self.is_cancelling = self.has_begun = False

    def _compare(self) -> None:
        self.agree("the screen", self._shown(), self._expected_screen(self.now))

    def _shown(self) -> list[object]:
        state = self.till.sale.state
        basket = state.priced.basket
        lines = [
            (line.item.name, line.quantity.thousandths, line.unit_price.cents, off_of(line.discount), line.note)
            for line in basket.lines
        ]
        paid = [(t.kind.value, t.amount.cents) for t in state.tendered]
        settlement = state.settlement
        sums = [m.cents for m in (state.priced.total, settlement.open, settlement.change, settlement.excess)]
        sums.append(settlement.paid_out.cents)
        return [lines, off_of(basket.discount), paid, sums]

    @staticmethod
    def _expected_screen(snapshot: Snapshot) -> list[object]:
        basket = snapshot.basket
        lines = [(line.good.name, line.thousandths, line.cents, line.off, line.note) for line in basket.lines]
        total = priced(basket).total
        stands = standing(total, snapshot.payments)
        paid = [(p.kind, p.cents) for p in snapshot.payments]
        out = sum(p.out for p in snapshot.payments)
        return [lines, basket.off, paid, [total, stands.open, stands.change, stands.excess, out]]


def may_begin(counter: Counter) -> bool:
    """A basket may be begun as long as no VAT rates began since the shift did (T15)."""
    return counter.has_begun or not counter.rates_are_new


def off_of(discount: Discount | None) -> Off | None:
    """A desk's discount in the model's words."""
    match discount:
        case PercentOff(basis_points):
            return (PERCENT, basis_points)
        case AmountOff(amount):
            return (AMOUNT, amount.cents)
        case _:
            return None


def discount_of(off: Off) -> Discount:
    """The model's discount in the desk's words."""
    kind, size = off
    return PercentOff(size) if kind == PERCENT else AmountOff(Money(size))
