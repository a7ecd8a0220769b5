"""The shop as plain integers: what every basket, voucher, drawer and Z must come to, computed without the till.

Nothing of the till is imported here, so that a slip in its arithmetic can't be repeated by its judge.
Amounts are cents, quantities thousandths, rates and percentages basis points.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter as Tally
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from till.simulation.receipt import Part, Receipt, SoldLine, Source
from till.simulation.shopping import Basket, Good, Kind, largest_remainder, priced
from till.simulation.taxes import NOT_TAXABLE, key_then, rate, tax_in
from till.simulation.voucher import SoldVoucher, VoucherKey
from till.simulation.wishes import Moving

CASH, CARD, VOUCHER = "cash", "card", "voucher"


@dataclass(frozen=True, slots=True)
class Payment:
    """One tender as it was taken; cash is what was handed over. `out` is what a voucher gives back in cash besides (V35)."""

    kind: str
    cents: int
    voucher: VoucherKey | None = None
    out: int = 0


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

    def paid_out(self) -> dict[VoucherKey, int]:
        """What of each voucher's paid part goes out in cash (V35)."""
        out: Tally[VoucherKey] = Tally()
        for payment in self.payments:
            if payment.voucher is not None and payment.out:
                out[payment.voucher] += payment.out
        return dict(out)

    @property
    def cash(self) -> int:
        """What comes into the drawer; below zero it goes out."""
        given = sum(p.cents for p in self.payments if p.kind == CASH)
        change = standing(priced(self.basket).total, self.payments).change
        return given - change - sum(p.out for p in self.payments)


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


@dataclass(slots=True)
class Shift:
    """The sums of one shift, as its Z must show them; `moves` and `moved` are count and sum of cash in and out.

    `back` are count and sum of what came back, by the name that the Z has for it.
    """

    business_date: dt.date
    sales: int = 0
    cash: int = 0
    card: int = 0
    moves: int = 0
    moved: int = 0
    back: dict[str, tuple[int, int]] = field(default_factory=dict)
    gross: Tally[int] = field(default_factory=Tally)
    tax: Tally[int] = field(default_factory=Tally)

    def note_back(self, name: str, cents: int) -> None:
        """One more document took something back, and what goods, vouchers or cash in it were worth, negative."""
        count, before = self.back.get(name, (0, 0))
        self.back[name] = (count + 1, before + cents)


@dataclass(frozen=True, slots=True)
class Beside:
    """What the books must show of a document beside the sales: its till, kind, and what it moved in money and VAT."""

    till: str
    kind: str
    money: Mapping[str, int] = field(default_factory=dict)
    vat: Mapping[int, tuple[int, int]] = field(default_factory=dict)


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
    """The whole shop: drawers by till, vouchers by type and number, sales by order, all that is beside them by document.

    `given` are the types of vouchers that are given for what comes back, by number.
    """

    def __init__(self, tills: Sequence[str], given: Sequence[Good] = ()) -> None:
        self.drawers = {till: Drawer() for till in tills}
        self.vouchers: dict[VoucherKey, SoldVoucher] = {}
        self.sales: dict[str, Sold] = {}
        self.receipts: dict[str, Receipt] = {}
        self.moves: dict[str, Moving] = {}
        self.besides: dict[str, Beside] = {}
        self.given = {good.number: good for good in given}
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
        if moving.takes_back:
            shift.note_back("cancellations", moving.cents)

    def _is_taken_back(self, document: str) -> bool:
        return any(moving.takes_back == document for moving in self.moves.values())

    def shift(self, till: str) -> Shift:
        """The open shift of a till."""
        found = self.drawers[till].shift
        if found is None:
            raise ValueError(f"{till} is closed")
        return found

    def can_redeem(self, purchase: Purchase, business_date: dt.date) -> bool:
        """Whether every voucher in the payment still holds what is to be taken from it, in cash too, and is valid."""
        out = purchase.paid_out()
        for key, cents in purchase.redeemed().items():
            voucher = self.vouchers[key]
            if cents + out.get(key, 0) > voucher.left or not voucher.can_pay(business_date):
                return False
            if out.get(key, 0) > voucher.paid_left - voucher.split(cents)[0]:
                return False
        return True

    def can_issue(self, purchase: Purchase, business_date: dt.date) -> bool:
        """Whether none of the vouchers in the basket would have expired when it is sold."""
        lasts = (line.good.expires for line in purchase.basket.lines)
        return all(last is None or business_date <= last for last in lasts)

    def may_be_too_early(self, purchase: Purchase, business_date: dt.date) -> bool:
        """Whether a voucher was sold on a later business day than this till's, which was left open overnight."""
        return any(self.vouchers[key].sold_on > business_date for key in purchase.redeemed())

    def covers(self, purchase: Purchase) -> bool:
        """Whether the vouchers pay only for what they may: never vouchers, given parts never deposits (G6a)."""
        goods, deposits = coverable(purchase.basket)
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
        goods, deposits = coverable(purchase.basket)
        here, others = taken.get(key, 0), sum(taken.values()) - taken.get(key, 0)
        most = min(voucher.left - here, goods.total() + deposits - here - others)
        if voucher.good.single:
            most = min(most, goods[voucher.good.vat_key] - here - others)
        room = goods.total() - others
        while most > 0 and not voucher.good.single and voucher.split(here + most)[1] > room:
            most = most - 1 if room > 0 else 0  # where no bonus can pay at all, the till leaves single cents alone
        is_open = standing(priced(purchase.basket).total, purchase.payments).open
        is_used = key in purchase.paid_out()
        return 0 if is_used or not voucher.can_pay(business_date) else max(0, min(is_open, most))

    def surplus(self, key: VoucherKey, purchase: Purchase, business_date: dt.date) -> int:
        """What of a voucher could go out in cash once it has paid all that is due: the rest of its paid part (V35)."""
        offered, due = (
            self.offer(key, purchase, business_date),
            standing(priced(purchase.basket).total, purchase.payments).open,
        )
        if not due or offered < due:
            return 0
        voucher, here = self.vouchers[key], purchase.redeemed().get(key, 0)
        return voucher.paid_left - voucher.split(here + offered)[0]

    def may_pay_out(self, till: str, purchase: Purchase) -> bool:
        """Whether the drawer holds what vouchers pay out."""
        return not purchase.paid_out() or purchase.cash >= 0 or self.drawers[till].cash + purchase.cash >= 0

    def book(self, till: str, number: int, purchase: Purchase) -> Sold:
        """A sale is in the books; returns what they must show of it."""
        sources = tuple(_sources(self.vouchers, purchase))
        gross: Tally[int] = Tally()
        for line, amount in zip(purchase.basket.lines, priced(purchase.basket).amounts, strict=True):
            gross[line.good.vat_key] += amount
        for source in sources:
            gross[source.vat_key] -= source.cents
        out = purchase.paid_out()
        for key, cents in purchase.redeemed().items():
            self.vouchers[key].take(cents, out.get(key, 0))
        sold = Sold(
            till=till,
            number=number,
            cash=purchase.cash,
            card=sum(p.cents for p in purchase.payments if p.kind == CARD),
            change=standing(priced(purchase.basket).total, purchase.payments).change + sum(out.values()),
            vat={key: (amount, tax_in(amount, rate(key, purchase.day))) for key, amount in gross.items() if amount},
            issued=tuple(self._issue_of(purchase, self.shift(till).business_date)),
        )
        self.sales[purchase.order] = sold
        self.receipts[purchase.order] = _receipt(sold, purchase, sources)
        self.enter(sold.till, {CASH: sold.cash, CARD: sold.card}, sold.vat)
        self.shift(till).sales += 1
        return sold

    def enter(self, till: str, money: Mapping[str, int], vat: Mapping[int, tuple[int, int]]) -> None:
        """Money and turnover of a document of this till (negative: they go back)."""
        drawer, shift = self.drawers[till], self.shift(till)
        cash, card = money.get(CASH, 0), money.get(CARD, 0)
        drawer.cash += cash
        self.card += card
        shift.cash += cash
        shift.card += card
        for key, (gross, tax) in vat.items():
            for gross_sums, tax_sums in ((shift.gross, shift.tax), (self.gross, self.tax)):
                gross_sums[key] += gross
                tax_sums[key] += tax

    def issue(self, voucher: SoldVoucher, number: str = "") -> VoucherKey:
        """A new voucher is in a customer's hands, with the next number of its type unless it brings its own."""
        good = voucher.good
        key = (good.number, number or _counted_up(good.first_number, self._issued[good.number]))
        self._issued[good.number] += not number
        self.vouchers[key] = voucher
        return key

    def heir(self, key: VoucherKey) -> SoldVoucher:
        """The voucher itself, or the one that took its place in the end (V44)."""
        voucher = self.vouchers[key]
        return self.heir(voucher.replaced_by) if voucher.replaced_by is not None else voucher

    def _issue_of(self, purchase: Purchase, day: dt.date) -> Iterable[VoucherKey]:
        for line, amount in zip(purchase.basket.lines, priced(purchase.basket).amounts, strict=True):
            if line.good.kind is Kind.VOUCHER:
                rate_bp = rate(line.good.vat_key, purchase.day) if line.good.single else 0
                yield self.issue(SoldVoucher(line.good, amount, line.face, day, rate_bp))

    @staticmethod
    def _move_cash(drawer: Drawer, shift: Shift, cents: int) -> None:
        drawer.cash += cents
        shift.cash += cents
        shift.gross[NOT_TAXABLE] += cents


def coverable(basket: Basket) -> tuple[Tally[int], int]:
    """What vouchers may pay for: goods by VAT key, and deposits."""
    goods: Tally[int] = Tally()
    deposits = 0
    for line, amount in zip(basket.lines, priced(basket).amounts, strict=True):
        if line.good.kind is Kind.ARTICLE:
            goods[line.good.vat_key] += amount
        elif line.good.kind is Kind.DEPOSIT:
            deposits += amount
    return goods, deposits


def _receipt(sold: Sold, purchase: Purchase, sources: Sequence[Source]) -> Receipt:
    """The sale as something of it can come back later."""
    lines, issued, position = list[SoldLine](), iter(sold.issued), 0
    for line, amount in zip(purchase.basket.lines, priced(purchase.basket).amounts, strict=True):
        if line.good.kind is Kind.VOUCHER:
            one = SoldLine(position, line.good, line.thousandths, amount, voucher=next(issued))
        else:
            one = SoldLine(position, line.good, line.thousandths, line.gross, line.gross - amount)
        lines.append(one)
        position += 2 if one.off else 1
    paid = tuple(replace(source, position=position + place) for place, source in enumerate(sources))
    money = {CASH: sold.cash, CARD: sold.card}
    return Receipt(sold.till, sold.number, purchase.day, tuple(lines), paid, money, bool(purchase.paid_out()))


def _sources(vouchers: Mapping[VoucherKey, SoldVoucher], purchase: Purchase) -> Iterable[Source]:
    """What vouchers give by VAT key: paid parts on their own, a bonus on the goods' keys, each after the ones before (A4.3)."""
    goods, _ = coverable(purchase.basket)
    taken, out = purchase.redeemed(), purchase.paid_out()
    for key, cents in taken.items():
        if vouchers[key].good.single:
            goods[vouchers[key].good.vat_key] -= cents
    for key, cents in taken.items():
        voucher, in_cash = vouchers[key], out.get(key, 0)
        paid, bonus = voucher.split(cents)
        if voucher.good.single:
            own = voucher.good.vat_key
            then = key_then(own, voucher.rate, purchase.day)
            parts = [(Part.PAID, own, paid), (Part.SURPLUS, then, in_cash), (Part.BONUS, own, bonus)]
        else:
            keys = sorted(goods)
            shares = largest_remainder(bonus, [goods[k] for k in keys])
            goods.subtract(dict(zip(keys, shares, strict=True)))
            bonuses = [(Part.BONUS, k, share) for k, share in zip(keys, shares, strict=True)]
            parts = [(Part.PAID, NOT_TAXABLE, paid + in_cash), *bonuses]
        yield from (Source(0, key, part, k, given, 0, voucher.good.single) for part, k, given in parts if given)


def _counted_up(first: str, steps: int) -> str:
    stem, digits = first.rsplit("-", 1)
    return f"{stem}-{int(digits) + steps:0{len(digits)}d}"
