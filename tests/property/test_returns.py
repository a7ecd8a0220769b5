"""Any sequence of sales, redemptions, returns, cancellations, corrections and replacements, of vouchers of any type.

Beside the books a few sums are kept: no voucher ever holds less than nothing, or more than it was sold with and was given;
bonus never becomes money or a paid part; and the money that is there is what was kept of the goods, and what is owed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import select

from till.app.bootstrap import Ports, Till, open_till
from till.app.verify import verify
from till.business_case import GvTyp
from till.clock import FixedClock
from till.db.engine import sqlite_url
from till.documents import find
from till.documents.model import Document, DocumentKind, Line
from till.documents.models import DocumentRow
from till.errors import Refused
from till.ledger.account import Account
from till.ledger.models import EntryRow, PostingRow
from till.money import ZERO, Money, total
from till.quantity import Quantity, pieces
from till.sales.basket import AmountOff, Discount, PercentOff
from till.sales.returned import MoneyBack, NewVoucherBack, ReturnWish
from till.settings import Settings
from till.shifts.movement import Movement, MovementKind
from till.vouchers.block import Blocking
from till.vouchers.correct import Correction
from till.vouchers.model import VoucherStanding
from till.vouchers.models import VoucherRow
from till.vouchers.reissue import Reissue
from till.vouchers.standing import standing_of, voucher_by_id
from till.vouchers.value import bonus_of

desks = settings.get_profile("desks")
NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
CODES = ("4006381333931", "4012345000016", "4012345000023", "4012345000047")
KINDS = ("Gutschein 25", "Aktion 20/30", "Geschenk", "Floristik-Kurs", "Gutschein frei")
VALUE_FREE, SINGLE = uuid.UUID(int=102), uuid.UUID(int=105)
GOODS = {GvTyp.UMSATZ, GvTyp.PFAND}
SALES = {GvTyp.EINZWECK_KAUF, GvTyp.MEHRZWECK_KAUF}


class Shop:
    """A counter where nobody minds what is done; each deed may be refused, and then nothing has happened."""

    def __init__(self, till: Till, rng: Random) -> None:
        self.till, self.sale, self.rng = till, till.sale, rng
        till.cash.open_shift(Money(100_000))

    def sell(self) -> None:
        """Goods and vouchers, with discounts, paid with vouchers as far as they may and with money."""
        for _ in range(self.rng.randint(1, 3)):
            self.sale.scan(self.rng.choice(CODES), pieces(self.rng.randint(1, 4)))
        if self.rng.random() < 0.4:
            self._voucher_into_basket()
        with contextlib.suppress(Refused):
            if self.rng.random() < 0.4:
                self.sale.set_discount(_discount(self.rng))
        for standing in self.rng.sample(self.standings(), min(2, len(self.standings()))):
            self._redeem(standing)
        self._pay_the_rest()

    def sell_voucher(self) -> None:
        """One voucher alone, for which nobody pays with another."""
        self._voucher_into_basket()
        self._pay_the_rest()

    def give_back(self) -> None:
        """Part of a receipt or all of it, for money, new vouchers, or back on the vouchers."""
        sold = self._receipt()
        if sold is None:
            return
        desk = self.till.returns
        order, seen = desk.begin(sold.id), desk.look(sold.id)
        lines = seen.lines if self.rng.random() < 0.2 else [line for line in seen.lines if line.refusal is None]
        some = self.rng.sample(lines, self.rng.randint(min(1, len(lines)), len(lines)))
        whole = self.rng.random() < (0.1 if seen.cancel_refusal is not None else 0.3)
        wish = ReturnWish(
            order,
            sold.id,
            () if whole else tuple((line.position, self._part(line.left)) for line in some),
            is_cancellation=whole,
            reason="Probe",
            paid_out=frozenset(v.voucher.id for v in self.standings() if self.rng.random() < 0.5),
        )
        desk.complete(self._refunded_somehow(wish))

    def _refunded_somehow(self, wish: ReturnWish) -> ReturnWish:
        """As it was paid, or with a new voucher, or greedily: all that came back in money, whoever had paid it."""
        plan = self.till.returns.preview(wish)
        match self.rng.randint(0, 3):
            case 0 if plan.to_refund > ZERO:
                given = Money(self.rng.randint(1, plan.to_refund.cents))
                return replace(wish, vouchers=(NewVoucherBack(self.rng.choice([VALUE_FREE, SINGLE]), given),))
            case 1:
                return replace(wish, refunds=(MoneyBack("cash", plan.value),))
            case _:
                return wish

    def correct(self) -> None:
        """Some value taken off a voucher, or some bonus put on it."""
        for standing in self.rng.sample(self.standings(), min(1, len(self.standings()))):
            cents = self.rng.choice([-1, 1]) * self.rng.randint(1, 500)
            desk = self.till.vouchers
            (desk.reduce if cents < 0 else desk.add_bonus)(Correction(standing.voucher.id, Money(cents), "Probe"))

    def block(self) -> None:
        """A voucher is blocked."""
        for standing in self.rng.sample(self.standings(), min(1, len(self.standings()))):
            self.till.vouchers.block(Blocking(standing.voucher.id, "Probe"))

    def replace(self) -> None:
        """A voucher gets another number."""
        for standing in self.rng.sample(self.standings(), min(1, len(self.standings()))):
            self.till.vouchers.reissue(Reissue(standing.voucher.id, "Probe"))

    def empty_drawer(self) -> None:
        """Much of the cash goes to the bank, so that not all can be refunded from it."""
        there = self.till.cash.expected_cash()
        self.till.cash.move(Movement(MovementKind.BANK_DROP, Money(max(1, there.cents * 4 // 5)), "Probe"))

    def do(self, name: str) -> str:
        """One deed, and what came of it; a refusal leaves an empty counter."""
        try:
            getattr(self, name)()
        except Refused as refused:
            if not self.sale.state.priced.basket.is_empty:
                for tendered in self.sale.state.tendered:
                    self.sale.take_back(tendered.id)
                self.sale.cancel()
            return str(refused)
        return "done"

    def standings(self) -> list[VoucherStanding]:
        """All vouchers as they stand."""
        today = self.till.workplace.business_date
        with self.till.workplace.database.read() as session:
            ids = session.scalars(select(VoucherRow.id).order_by(VoucherRow.issued_at, VoucherRow.number)).all()
            found = (voucher_by_id(session, one) for one in ids)
            return [standing_of(session, voucher, today) for voucher in found if voucher is not None]

    def documents(self) -> list[Document]:
        """All that was booked."""
        with self.till.workplace.database.read() as session:
            last = find.highest_number(session, self.till.settings.till_id)
            return find.documents(session, self.till.settings.till_id, 1, last)

    def _voucher_into_basket(self) -> None:
        name = self.rng.choice(KINDS)
        tile = next(tile for tile in self.sale.assortment().tiles if tile.name == name)
        self.sale.add(tile, price=None if tile.price is not None else Money(self.rng.randint(100, 4000)))

    def _redeem(self, standing: VoucherStanding) -> None:
        with contextlib.suppress(Refused):
            hits = self.sale.look_up_voucher(standing.voucher.number)
            hit = next(hit for hit in hits if hit.standing.voucher.id == standing.voucher.id)
            if hit.offered > ZERO:
                amount = Money(self.rng.randint(1, hit.offered.cents))
                self.sale.redeem(standing.voucher.id, amount, pay_out=self.rng.random() < 0.2)

    def _pay_the_rest(self) -> None:
        open_amount = self.sale.state.settlement.open
        if open_amount:
            by_card = self.rng.randint(0, open_amount.cents)
            if by_card:
                self.sale.pay_card("card", Money(by_card))
            if open_amount.cents > by_card:
                self.sale.pay_cash(Money(open_amount.cents - by_card))
        self.sale.complete()

    def _receipt(self) -> Document | None:
        with self.till.workplace.database.read() as session:
            ids = session.scalars(
                select(DocumentRow.id).where(DocumentRow.kind == DocumentKind.SALE.value).order_by(DocumentRow.number)
            ).all()
            return find.document(session, self.rng.choice(ids)) if ids else None

    def _part(self, left: Quantity) -> Quantity:
        whole = left.thousandths // 1000
        return pieces(self.rng.randint(min(1, whole), whole))


def _discount(rng: Random) -> Discount:
    return rng.choice((PercentOff(1000), AmountOff(Money(rng.randint(1, 300)))))


DEEDS = ("sell", "sell", "sell_voucher", "give_back", "give_back", "give_back", "correct", "block", "replace")


@pytest.fixture
def template(shop_settings: Settings) -> Settings:
    """A founded shop that was never opened."""
    return shop_settings


@contextlib.contextmanager
def _opened(template: Settings, folder: Path) -> Iterator[Till]:
    place = folder / uuid.uuid4().hex
    shutil.copytree(template.data_dir, place)
    here = _settings(template, place)
    till = open_till(here, Ports(clock=FixedClock(NOON)))
    try:
        yield till
    finally:
        till.close()
        shutil.rmtree(place)


def _settings(template: Settings, place: Path) -> Settings:
    return replace(template, data_dir=place, database_url=sqlite_url(place / "till.db"))


def test_whatever_is_done_the_sums_hold(template: Settings, tmp_path: Path) -> None:
    @settings(desks, phases=[Phase.explicit, Phase.reuse, Phase.generate])
    @given(st.lists(st.sampled_from((*DEEDS, "empty_drawer")), min_size=12, max_size=30), st.integers(0, 2**32))
    def run(deeds: list[str], seed: int) -> None:
        with _opened(template, tmp_path) as till:
            shop = Shop(till, Random(seed))
            for deed in deeds:
                note(f"{deed}: {shop.do(deed)}")
                _check(shop)
            assert till.settle()
            assert [str(problem.finding) for problem in verify(till.workplace.database)] == []

    run()


def _check(shop: Shop) -> None:
    standings, lines = shop.standings(), [line for one in shop.documents() for line in one.draft.lines]
    for standing in standings:
        assert standing.paid_left >= ZERO
        assert standing.bonus_left >= ZERO
    booked = [one for one in shop.documents() if one.draft.kind in MOVES]
    money = total(payment.amount for one in booked for payment in one.draft.payments)
    goods = total(line.gross for one in booked for line in one.draft.lines if _is_goods(line))
    bonus = total(-line.gross for line in lines if line.gv_typ is GvTyp.RABATT and line.voucher is not None)
    owed = total(standing.paid_left for standing in standings)
    assert money == goods - bonus + owed + _written_off(shop)
    given_away = total(
        bonus_of(one.voucher.sale, one.voucher.face) for one in standings if one.voucher.replaces is None
    )
    assert ZERO <= bonus <= given_away + total(one.added for one in standings)


MOVES = {DocumentKind.SALE, DocumentKind.RETURN, DocumentKind.CANCELLATION}


def _is_goods(line: Line) -> bool:
    return line.gv_typ in GOODS or (line.gv_typ is GvTyp.RABATT and line.voucher is None)


def _written_off(shop: Shop) -> Money:
    """The paid parts that corrections took off: what they took in all, less what of it was bonus."""
    accounts = (Account.VOUCHER_MULTI.value, Account.VOUCHER_SINGLE.value)
    with shop.till.workplace.database.read() as session:
        corrections = select(DocumentRow.id).where(DocumentRow.kind == DocumentKind.VOUCHER_CORRECTION.value)
        amounts = session.scalars(
            select(PostingRow.amount)
            .join(EntryRow, EntryRow.id == PostingRow.entry_id)
            .where(EntryRow.document_id.in_(corrections), PostingRow.account.in_(accounts))
        ).all()
    return total(amounts)
