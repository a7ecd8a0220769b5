"""Writes the demo shop's past: every day opened, sold, counted and closed with its Z, through the real code paths."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from random import Random

from sqlalchemy.orm import Session

from till.app.redeeming import one_offer
from till.clock import FixedClock
from till.demo import calendar, drawer
from till.demo.counter import Counter
from till.demo.payment import rest_paid, voucher_payment
from till.demo.shelf import Offered, Shelf, VoucherStand, all_offered
from till.money import Money
from till.sales.basket import AmountOff, Basket, PercentOff
from till.sales.order import Order
from till.sales.pricing import price
from till.sales.tender import Tendered, settle
from till.shifts.shift import target_cash

FLOAT = Money(20000)
_BY_TEN = PercentOff(1000)
_BY_TWENTY = PercentOff(2000)
_ONE_OFF = AmountOff(Money(100))
_WORTH_HAGGLING = Money(800)
_DIFFERENCES = (-500, -200, -100, -50, -20, -10, -5, 5, 10, 20, 50, 100)

_CHANGE_DAY = 0
ABORTED, NO_SALE, DISCOUNT, DIFFERENCE = 0.008, 0.004, 0.07, 0.14
VOUCHER_SOLD, VOUCHER_SOLD_IN_ADVENT, VOUCHER_ALONE, REDEEMED = 0.035, 0.11, 0.5, 0.05


@dataclass(frozen=True, slots=True)
class Plan:
    """How much past is written: `days` of the calendar before today; the same seed and day give the same sales."""

    days: int = 90
    seed: int = 20261


class Past:
    """A shop living through its days, one transaction each. `clock` must be the one of the counter's workplace."""

    def __init__(self, session: Session, counter: Counter, clock: FixedClock, rng: Random) -> None:
        self._counter = counter
        self._clock = clock
        self._rng = rng
        self._zone = counter.workplace.shop.zone
        self._offered: tuple[Offered, ...] = all_offered(session, clock.now())
        self._stand = VoucherStand(session)
        self._shelf = Shelf(self._offered, counter.workplace.today())
        self._in_circulation: list[uuid.UUID] = []
        self._sold_today: list[uuid.UUID] = []

    def live(self, session: Session, day: dt.date) -> None:
        """Open the shop on `day`, serve its customers, count and close."""
        self._clock.set(calendar.instant(day, calendar.OPENED_BY, self._zone))
        self._counter.open(session, FLOAT)
        self._shelf = Shelf(self._offered, day)
        if day.weekday() == _CHANGE_DAY:
            t = self._counter.workplace.receipt_formats().translator
            self._counter.move(session, drawer.change_from_the_bank(Random(f"change {day}"), t))
        for arrival in calendar.arrivals(self._rng, day, self._zone):
            self._clock.set(arrival)
            self._serve(session)
        self._close(session, day)
        self._in_circulation += self._sold_today
        self._sold_today = []

    def _serve(self, session: Session) -> None:
        if self._rng.random() < NO_SALE:
            self._counter.open_drawer(session)
            return
        basket = Basket(uuid.UUID(int=self._rng.getrandbits(128), version=4), self._clock.now())
        started = self._counter.begin()
        basket = self._filled(session, basket)
        self._clock.advance(self._rng.randrange(15, 40) + 8 * len(basket.lines))
        order = self._paid(session, basket)
        if self._rng.random() < ABORTED:
            self._counter.abort(session, order.priced, started)
            return
        sale = self._counter.sell(session, order, started)
        self._sold_today += [issued.id for issued in sale.vouchers]

    def _filled(self, session: Session, basket: Basket) -> Basket:
        is_advent = calendar.is_advent(self._counter.workplace.today())
        if self._rng.random() < (VOUCHER_SOLD_IN_ADVENT if is_advent else VOUCHER_SOLD):
            basket = self._stand.add_one(session, self._rng, basket)
            if self._rng.random() < VOUCHER_ALONE:
                return basket
        basket = self._shelf.fill(self._rng, basket)
        return self._discounted(basket) if self._rng.random() < DISCOUNT else basket

    def _discounted(self, basket: Basket) -> Basket:
        """Ten percent for a regular; or a line of yesterday's flowers for less."""
        line = basket.lines[-1]
        if self._rng.random() < 0.5 or not line.item.takes_discount or line.belongs_to is not None:
            return basket.with_discount(_BY_TEN)
        off = _ONE_OFF if line.gross >= _WORTH_HAGGLING and self._rng.random() < 0.3 else _BY_TWENTY
        return basket.with_line_discount(line.id, off)

    def _paid(self, session: Session, basket: Basket) -> Order:
        faces = self._counter.faces()
        order = Order(price(basket, self._counter.workplace.rates()), (), faces)
        first = self._redeemed(session, order)
        rest = rest_paid(self._rng, faces, settle(order.priced.total, first).open)
        return Order(order.priced, (*first, *rest), faces)

    def _redeemed(self, session: Session, order: Order) -> tuple[Tendered, ...]:
        """Now and then a customer brings a voucher; what it is worth beyond the basket stays on it."""
        if not self._in_circulation or self._rng.random() >= REDEEMED:
            return ()
        brought = self._rng.choice(self._in_circulation)
        today = self._counter.workplace.today()
        offer = one_offer(session, today, order, brought)
        if offer.refusal is not None:
            self._in_circulation.remove(brought)
            return ()
        if not offer.offered:
            return ()
        return (voucher_payment(order.faces, offer.standing.voucher, offer.offered),)

    def _close(self, session: Session, day: dt.date) -> None:
        shut = calendar.instant(day, calendar.closing_time(day), self._zone)
        self._clock.set(max(shut, self._clock.now()) + dt.timedelta(seconds=self._rng.randrange(480, 1500)))
        self._empty_drawer(session, day)
        target = target_cash(session, self._counter.workplace.settings.till_id)
        is_wrong = self._rng.random() < DIFFERENCE
        counted = target + Money(self._rng.choice(_DIFFERENCES)) if is_wrong else target
        self._counter.close(session, drawer.counted(counted))

    def _empty_drawer(self, session: Session, day: dt.date) -> None:
        """Errands of the evening, by chances of their own; now and then an amount is typed wrong and taken back."""
        rng, t = Random(f"drawer {day}"), self._counter.workplace.receipt_formats().translator
        there = target_cash(session, self._counter.workplace.settings.till_id)
        for movement in drawer.errands(rng, there, FLOAT, t):
            if rng.random() < drawer.SLIP:
                slip = replace(
                    movement, amount=Money(movement.amount.cents // 10), id=uuid.UUID(int=rng.getrandbits(128))
                )
                self._counter.take_back(session, self._counter.move(session, slip), t("Typed wrong"))
            self._counter.move(session, movement)
