"""The shop as plain integers: what every basket, voucher, drawer and Z must come to, computed without the till.

Nothing of the till is imported here, so that a slip in its arithmetic can't be repeated by its judge.
Amounts are cents, quantities thousandths, rates and percentages basis points.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from till.simulation.shopping import Basket, Good, Kind, half_up, largest_remainder, priced

NOT_TAXABLE = 5
CASH, CARD, VOUCHER = "cash", "card", "voucher"
_RATES = (
    (dt.date(2007, 1, 1), {1: 1900, 2: 700}),
    (dt.date(2020, 7, 1), {1: 1600, 2: 500}),
    (dt.date(2021, 1, 1), {1: 1900, 2: 700}),
)
VoucherKey = tuple[str, str]


def rate(key: int, day: dt.date) -> int:
    """The rate of a VAT key on a local day (§ 12 UStG, § 28 UStG)."""
    return next(rates for since, rates in reversed(_RATES) if since <= day).get(key, 0)


def rates_changed(since: dt.date, until: dt.date) -> bool:
    """Whether rates began after `since`, and not later than `until`."""
    return any(since < first <= until for first, _ in _RATES)


def tax_in(gross: int, rate_bp: int) -> int:
    """The VAT inside a gross amount."""
    return half_up(gross * rate_bp, 10_000 + rate_bp)


@dataclass(frozen=True, slots=True)
class Payment:
    """One tender as it was taken; cash is what was handed over."""

    kind: str
    cents: int
    voucher: VoucherKey | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a payment stands."""

    open: int
    change: int
    excess: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is open and nothing beyond what cash can return."""
        return not self.open and not self.excess


def standing(due: int, payments: Iterable[Payment]) -> Standing:
    """What is open, goes back, or was paid too much."""
    paid = list(payments)
    given = sum(p.cents for p in paid)
    over = max(0, given - due)
    change = min(over, sum(p.cents for p in paid if p.kind == CASH))
    return Standing(max(0, due - given), change, over - change)


@dataclass(slots=True)
class SoldVoucher:
    """A voucher in customers' hands: what was paid for it, what it is worth, what was spent of it."""

    good: Good
    paid: int
    face: int
    sold_on: dt.date
    spent: int = 0

    @property
    def left(self) -> int:
        """What can still be redeemed."""
        return self.face - self.spent

    @property
    def paid_left(self) -> int:
        """The paid part of what is left (V39)."""
        return self.paid - self._paid_in(self.spent)

    @property
    def bonus_left(self) -> int:
        """The given part of what is left."""
        return self.left - self.paid_left

    def split(self, cents: int) -> tuple[int, int]:
        """The paid and the given part of redeeming `cents` now (V39)."""
        paid = self._paid_in(self.spent + cents) - self._paid_in(self.spent)
        return paid, cents - paid

    def expired(self, day: dt.date) -> bool:
        """Whether its last day lies before `day`."""
        return self.good.expires is not None and day > self.good.expires

    def _paid_in(self, spent: int) -> int:
        return half_up(self.paid * spent, self.face)


@dataclass(frozen=True, slots=True)
class Purchase:
    """A basket with its payments, and the local day on which it was completed."""

    order: str
    basket: Basket
    payments: tuple[Payment, ...]
    day: dt.date

    def redeemed(self) -> dict[VoucherKey, int]:
        """What is taken from each voucher."""
        taken: Tally[VoucherKey] = Tally()
        for payment in self.payments:
            if payment.voucher is not None:
                taken[payment.voucher] += payment.cents
        return dict(taken)


@dataclass(frozen=True, slots=True)
class Sold:
    """A sale as the books must show it. `vat` is gross and tax by key, without those that come to nothing."""

    till: str
    number: int
    cash: int
    card: int
    change: int
    vat: Mapping[int, tuple[int, int]]
    issued: tuple[VoucherKey, ...]

    @property
    def total(self) -> int:
        """What was paid in money."""
        return sum(gross for gross, _ in self.vat.values())


@dataclass(frozen=True, slots=True)
class Moving:
    """Cash that is to come into a drawer without a sale (negative: to go out), by its document's id.

    `account` is the ledger's for the money's other place; `takes_back` the document that this is the opposite of.
    """

    document: str
    till: str
    account: str
    cents: int
    takes_back: str = ""


@dataclass(slots=True)
class Shift:
    """The sums of one shift, as its Z must show them; `moves` and `moved` are count and sum of cash in and out."""

    business_date: dt.date
    sales: int = 0
    cash: int = 0
    card: int = 0
    moves: int = 0
    moved: int = 0
    gross: Tally[int] = field(default_factory=Tally)
    tax: Tally[int] = field(default_factory=Tally)


@dataclass(frozen=True, slots=True)
class Closed:
    """A finished shift: its sums, what should have been in the drawer and what was counted."""

    shift: Shift
    target: int
    counted: int | None


@dataclass(slots=True)
class Drawer:
    """One till: the money in it, its shifts, and how often it was opened without a sale (surely, and perhaps)."""

    cash: int = 0
    shift: Shift | None = None
    closed: list[Closed] = field(default_factory=list)
    opened: int = 0
    perhaps_opened: int = 0


class Model:
    """The whole shop: drawers by till, vouchers by type and number, sales by order, cash in and out by document."""

    def __init__(self, tills: Sequence[str]) -> None:
        self.drawers = {till: Drawer() for till in tills}
        self.vouchers: dict[VoucherKey, SoldVoucher] = {}
        self.sales: dict[str, Sold] = {}
        self.moves: dict[str, Moving] = {}
        self.card = 0
        self.gross: Tally[int] = Tally()
        self.tax: Tally[int] = Tally()
        self._issued: Tally[str] = Tally()

    def open(self, till: str, float_cents: int, day: dt.date) -> None:
        """A shift begins with this float; what differs from the drawer is brought in or taken out."""
        drawer = self.drawers[till]
        drawer.shift = Shift(day)
        self._move_cash(drawer, drawer.shift, float_cents - drawer.cash)

    def close(self, till: str, counted: int | None) -> None:
        """The shift ends with a Z; what the count differs is booked before."""
        drawer = self.drawers[till]
        shift, target = self.shift(till), drawer.cash
        if counted is not None:
            self._move_cash(drawer, shift, counted - target)
        drawer.closed.append(Closed(shift, target, counted))
        drawer.shift = None

    def may_move(self, moving: Moving) -> bool:
        """Whether the drawer holds as much, and nothing is taken back that is not there or was taken back before."""
        drawer = self.drawers[moving.till]
        if moving.takes_back:
            before = self.moves.get(moving.takes_back)
            if before is None or before.takes_back or self._is_taken_back(moving.takes_back):
                return False
        return moving.cents > 0 or drawer.cash + moving.cents >= 0

    def move(self, moving: Moving) -> None:
        """Cash in or out is in the books."""
        if moving.document in self.moves:
            return
        self.moves[moving.document] = moving
        shift = self.shift(moving.till)
        self._move_cash(self.drawers[moving.till], shift, moving.cents)
        shift.moves += 1
        shift.moved += moving.cents

    def _is_taken_back(self, document: str) -> bool:
        return any(moving.takes_back == document for moving in self.moves.values())

    def shift(self, till: str) -> Shift:
        """The open shift of a till."""
        found = self.drawers[till].shift
        if found is None:
            raise ValueError(f"{till} is closed")
        return found

    def can_redeem(self, purchase: Purchase, business_date: dt.date) -> bool:
        """Whether every voucher in the payment still holds what is to be taken from it, and is valid."""
        vouchers = [(self.vouchers[key], cents) for key, cents in purchase.redeemed().items()]
        return all(cents <= v.left and not v.expired(business_date) for v, cents in vouchers)

    def can_issue(self, purchase: Purchase, business_date: dt.date) -> bool:
        """Whether none of the vouchers in the basket would have expired when it is sold."""
        lasts = (line.good.expires for line in purchase.basket.lines)
        return all(last is None or business_date <= last for last in lasts)

    def may_be_too_early(self, purchase: Purchase, business_date: dt.date) -> bool:
        """Whether a voucher was sold on a later business day than this till's, which was left open overnight."""
        return any(self.vouchers[key].sold_on > business_date for key in purchase.redeemed())

    def covers(self, purchase: Purchase) -> bool:
        """Whether the vouchers pay only for what they may: never vouchers, given parts never deposits (G6a)."""
        goods, deposits = _coverable(purchase.basket)
        taken = [(self.vouchers[key], cents) for key, cents in purchase.redeemed().items()]
        single: Tally[int] = Tally()
        for voucher, cents in taken:
            if voucher.good.single:
                single[voucher.good.vat_key] += cents
        only_goods = sum(c if v.good.single else v.split(c)[1] for v, c in taken)
        return (
            all(cents <= goods[key] for key, cents in single.items())
            and sum(cents for _, cents in taken) <= goods.total() + deposits
            and only_goods <= goods.total()
        )

    def offer(self, key: VoucherKey, purchase: Purchase, business_date: dt.date) -> int:
        """What one more redemption of this voucher may surely take (V32)."""
        voucher, taken = self.vouchers[key], purchase.redeemed()
        goods, deposits = _coverable(purchase.basket)
        here, others = taken.get(key, 0), sum(taken.values()) - taken.get(key, 0)
        most = min(voucher.left - here, goods.total() + deposits - here - others)
        if voucher.good.single:
            most = min(most, goods[voucher.good.vat_key] - here - others)
        while most > 0 and not voucher.good.single and voucher.split(here + most)[1] > goods.total() - others:
            most -= 1
        is_open = standing(priced(purchase.basket).total, purchase.payments).open
        found = min(is_open, most)
        return 0 if voucher.expired(business_date) else max(0, found)

    def book(self, till: str, number: int, purchase: Purchase) -> Sold:
        """A sale is in the books; returns what they must show of it."""
        taken = [(self.vouchers[key], cents) for key, cents in purchase.redeemed().items()]
        gross = self._gross(purchase, taken)
        for voucher, cents in taken:
            voucher.spent += cents
        vat = {key: (amount, tax_in(amount, rate(key, purchase.day))) for key, amount in gross.items() if amount}
        change = standing(priced(purchase.basket).total, purchase.payments).change
        sold = Sold(
            till=till,
            number=number,
            cash=sum(p.cents for p in purchase.payments if p.kind == CASH) - change,
            card=sum(p.cents for p in purchase.payments if p.kind == CARD),
            change=change,
            vat=vat,
            issued=tuple(self._issue(purchase.basket, self.shift(till).business_date)),
        )
        self.sales[purchase.order] = sold
        self._enter(sold)
        return sold

    def _enter(self, sold: Sold) -> None:
        drawer, shift = self.drawers[sold.till], self.shift(sold.till)
        drawer.cash += sold.cash
        self.card += sold.card
        shift.sales += 1
        shift.cash += sold.cash
        shift.card += sold.card
        for key, (gross, tax) in sold.vat.items():
            for gross_sums, tax_sums in ((shift.gross, shift.tax), (self.gross, self.tax)):
                gross_sums[key] += gross
                tax_sums[key] += tax

    def _issue(self, basket: Basket, day: dt.date) -> Iterable[VoucherKey]:
        amounts = priced(basket).amounts
        for line, amount in zip(basket.lines, amounts, strict=True):
            if line.good.kind is Kind.VOUCHER:
                good = line.good
                key = (good.number, _counted_up(good.first_number, self._issued[good.number]))
                self._issued[good.number] += 1
                self.vouchers[key] = SoldVoucher(good, amount, line.face, day)
                yield key

    @staticmethod
    def _gross(purchase: Purchase, taken: Sequence[tuple[SoldVoucher, int]]) -> Tally[int]:
        """Gross by VAT key: goods, less what vouchers pay on their own key and give on the goods' keys (A4.3)."""
        gross: Tally[int] = Tally()
        for line, amount in zip(purchase.basket.lines, priced(purchase.basket).amounts, strict=True):
            gross[line.good.vat_key] += amount
        goods, _ = _coverable(purchase.basket)
        for voucher, cents in taken:
            if voucher.good.single:
                goods[voucher.good.vat_key] -= cents
                gross[voucher.good.vat_key] -= cents
        for voucher, cents in taken:
            if not voucher.good.single:
                paid, bonus = voucher.split(cents)
                gross[NOT_TAXABLE] -= paid
                keys = sorted(goods)
                for key, part in zip(keys, largest_remainder(bonus, [goods[k] for k in keys]), strict=True):
                    gross[key] -= part
                    goods[key] -= part
        return gross

    @staticmethod
    def _move_cash(drawer: Drawer, shift: Shift, cents: int) -> None:
        drawer.cash += cents
        shift.cash += cents
        shift.gross[NOT_TAXABLE] += cents


def _coverable(basket: Basket) -> tuple[Tally[int], int]:
    """What vouchers may pay for: goods by VAT key, and deposits."""
    goods: Tally[int] = Tally()
    deposits = 0
    for line, amount in zip(basket.lines, priced(basket).amounts, strict=True):
        if line.good.kind is Kind.ARTICLE:
            goods[line.good.vat_key] += amount
        elif line.good.kind is Kind.DEPOSIT:
            deposits += amount
    return goods, deposits


def _counted_up(first: str, steps: int) -> str:
    stem, digits = first.rsplit("-", 1)
    return f"{stem}-{int(digits) + steps:0{len(digits)}d}"
