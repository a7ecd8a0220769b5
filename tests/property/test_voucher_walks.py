"""What can happen to a voucher, one thing after the other: all ways of two or three steps, for each kind of voucher.

Each walk has a voucher of its own in one shop; walks with the same change of day at the same step take it together. When all
are through, each voucher's two parts are counted again from the lines of all receipts, and the reports from the documents.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import shutil
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from till.app.bootstrap import Ports, Till, open_till
from till.app.verify import verify
from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.clock import FixedClock
from till.db.engine import sqlite_url
from till.documents import find
from till.documents.model import CREDIT, Document, DocumentKind
from till.documents.models import DocumentRow
from till.errors import Refused
from till.fiscal.recording import signature_of
from till.ledger.account import Account
from till.ledger.models import EntryRow, PostingRow
from till.money import ZERO, Money, total
from till.quantity import ONE, pieces
from till.sales.converting import Conversion, convert
from till.sales.returned import NewVoucherBack, ReturnWish
from till.settings import Settings
from till.tax import included_tax
from till.vouchers.block import Blocking
from till.vouchers.complaint import complaint_type
from till.vouchers.correct import Correction
from till.vouchers.model import VatTreatment, Voucher, VoucherOrigin, VoucherStanding, VoucherState
from till.vouchers.models import VoucherRow
from till.vouchers.old import OldVoucher
from till.vouchers.reissue import Reissue
from till.vouchers.standing import standing_of, voucher_by_id
from till.vouchers.value import bonus_of

CUP, ROSE = "4012345000023", "4006381333931"
TYPES = {"multi": "Gutschein 25", "single": "Floristik-Kurs", "gift": "Geschenk", "promotion": "Aktion 20/30"}
KINDS = (*TYPES, "complaint")
BEGIN = dt.datetime(2020, 12, 29, 11, 0, tzinfo=dt.UTC)
NOBODY, SOMEBODY = uuid.UUID(int=0), uuid.UUID(int=4711)
NEW_RATES = dt.datetime(2021, 1, 2, 11, 0, tzinfo=dt.UTC)
PAID = (Account.VOUCHER_MULTI.value, Account.VOUCHER_SINGLE.value)
REDEEMED = (GvTyp.EINZWECK_EINLOESUNG, GvTyp.MEHRZWECK_EINLOESUNG)
KAUF = (GvTyp.EINZWECK_KAUF, GvTyp.MEHRZWECK_KAUF)
MOVES = {DocumentKind.SALE, DocumentKind.RETURN, DocumentKind.CANCELLATION, DocumentKind.FREE_RETURN}


@dataclass
class Walk:
    """A voucher on its way: what it is now, the receipt that sold it, and those that were paid with it."""

    kind: str
    steps: tuple[str, ...]
    voucher: uuid.UUID = NOBODY
    sold: uuid.UUID | None = None
    used: list[uuid.UUID] = field(default_factory=list)
    told: list[str] = field(default_factory=list)


class Life:
    """A counter and an office where whatever can be done to a voucher is done; each deed may be refused."""

    def __init__(self, till: Till, clock: FixedClock) -> None:
        self.till, self.sale, self.clock = till, till.sale, clock
        till.cash.open_shift(Money(10_000_000))
        with till.workplace.database.read() as session:
            self.complaint = complaint_type(session).id

    def begin(self, walk: Walk) -> None:
        """The voucher comes into being."""
        if walk.kind == "complaint":
            self.sale.scan(CUP, pieces(3))
            sold = self._paid_in_cash()
            desk = self.till.returns
            given = NewVoucherBack(self.complaint, Money(3600))
            done = desk.complete(ReturnWish(desk.begin(sold.id), sold.id, ((0, pieces(3)),), vouchers=(given,)))
            walk.voucher = done.vouchers[0].id
            return
        self.sale.add(next(tile for tile in self.sale.assortment().tiles if tile.name == TYPES[walk.kind]))
        self.sale.scan(ROSE)
        document = self._paid_in_cash()
        walk.sold = document.id
        walk.voucher = next(line.voucher.voucher_id for line in document.draft.lines if line.voucher is not None)

    def do(self, walk: Walk, step: str) -> None:
        """One step; after a refusal the counter is empty, and so is the return desk."""
        try:
            STEPS[step](self, walk)
            walk.told.append(step)
        except Refused as refused:
            walk.told.append(f"{step}: {refused}")
            for tendered in self.sale.state.tendered:
                self.sale.take_back(tendered.id)
            if not self.sale.state.priced.basket.is_empty:
                self.sale.cancel()
            self.till.returns.abandon()
        self._never_below_nothing(walk)

    def night(self, step: str) -> None:
        """A Z, and the next day: that of the new rates, or one on which whatever was sold has expired."""
        self.till.cash.close_shift(None)
        now = self.clock.now()
        self.clock.set(max(NEW_RATES, now + dt.timedelta(days=1)) if step == "new rates" else _years_later(now))
        self.till.cash.open_shift(self.till.cash.suggested_float())

    # Steps

    def part(self, walk: Walk) -> None:
        self._redeem(walk, lambda offered: Money(max(1, offered.cents // 3)))

    def used_up(self, walk: Walk) -> None:
        self._redeem(walk, lambda offered: offered)

    def down(self, walk: Walk) -> None:
        self.till.vouchers.reduce(Correction(walk.voucher, Money(-301), "Probe"))

    def up(self, walk: Walk) -> None:
        self.till.vouchers.add_bonus(Correction(walk.voucher, Money(301), "Probe"))

    def block(self, walk: Walk) -> None:
        self.till.vouchers.block(Blocking(walk.voucher, "Probe"))

    def unblock(self, walk: Walk) -> None:
        self.till.vouchers.unblock(Blocking(walk.voucher, "Probe"))

    def reissue(self, walk: Walk) -> None:
        walk.voucher = self.till.vouchers.reissue(Reissue(walk.voucher, "Probe")).voucher.id

    def line_back(self, walk: Walk) -> None:
        self._back(walk, frozenset())

    def line_paid_out(self, walk: Walk) -> None:
        self._back(walk, frozenset({walk.voucher}))

    def cancel_sale(self, walk: Walk) -> None:
        self._cancel(walk.sold)

    def voucher_back(self, walk: Walk) -> None:
        """Only the line of the voucher."""
        if walk.sold is not None:
            desk = self.till.returns
            desk.complete(ReturnWish(desk.begin(walk.sold), walk.sold, ((0, ONE),)))

    def cancel_use(self, walk: Walk) -> None:
        self._cancel(walk.used[-1] if walk.used else None)

    def surplus(self, walk: Walk) -> None:
        self.sale.scan(ROSE)
        hit = self._hit(walk)
        self.sale.redeem(walk.voucher, hit[0], pay_out=True)
        self._completed(walk)

    def goodwill(self, walk: Walk) -> None:
        self.sale.scan(CUP, pieces(2))
        _offered, goodwill = self._hit(walk)
        self.sale.redeem_expired(walk.voucher, Money(max(1, goodwill.cents // 2)), "Kulanz")
        self._completed(walk)

    def free_return(self, walk: Walk) -> None:
        """Goods without a receipt become the voucher that the walk goes on with."""
        desk = self.till.free_returns
        desk.scan(CUP, pieces(2))
        way = next(way for way in desk.ways() if way.voucher_type == self.complaint)
        self._goes_on_with(walk, desk.complete("Probe", way).vouchers[0])

    def part_converted(self, walk: Walk) -> None:
        self._convert(walk, lambda left: Money(max(1, left.cents // 3)))

    def all_converted(self, walk: Walk) -> None:
        self._convert(walk, lambda left: left)

    def old(self, walk: Walk) -> None:
        """One of its type that was sold before this till was there; of some a gift."""
        with self.till.workplace.database.read() as session:
            type_id = _found(voucher_by_id(session, walk.voucher)).type_id
        kind = next(one for one in self.till.voucher_files.kinds() if one.id == type_id)
        old = OldVoucher(kind, f"ALT{uuid.uuid4().hex[:9]}", Money(3333), is_gift=walk.kind == "gift")
        self._goes_on_with(walk, self.till.voucher_files.add_old(old))

    def _convert(self, walk: Walk, amount: Callable[[Money], Money]) -> None:
        """Into credit of somebody, straight in the books: its screens come with the customers (V45)."""
        workplace = self.till.workplace
        with workplace.database.read() as session:
            now = standing_of(session, _found(voucher_by_id(session, walk.voucher)), workplace.business_date)
        wish = Conversion(walk.voucher, SOMEBODY, max(amount(now.remaining), Money(1)))
        context, rates = workplace.context(), workplace.rates()
        booked = workplace.database.run(lambda session: convert(session, context, wish, rates))
        if booked.document is not None:
            self.till._recording.sign(booked.document)

    def _goes_on_with(self, walk: Walk, voucher: Voucher) -> None:
        walk.voucher, walk.sold, walk.used = voucher.id, None, []

    def _redeem(self, walk: Walk, amount: Callable[[Money], Money]) -> None:
        self.sale.scan(CUP, pieces(3))
        self.sale.scan(ROSE, pieces(3))
        self.sale.redeem(walk.voucher, amount(self._hit(walk)[0]))
        self._completed(walk)

    def _hit(self, walk: Walk) -> tuple[Money, Money]:
        """What it could pay, and what as goodwill."""
        with self.till.workplace.database.read() as session:
            number = _found(voucher_by_id(session, walk.voucher)).number
        hits = self.sale.look_up_voucher(number)
        (hit,) = (hit for hit in hits if hit.standing.voucher.id == walk.voucher)
        return max(hit.offered, Money(1)), hit.goodwill

    def _completed(self, walk: Walk) -> None:
        walk.used.append(self._paid_in_cash().id)

    def _paid_in_cash(self) -> Document:
        if self.sale.state.settlement.open:
            self.sale.pay_cash(self.sale.state.settlement.open)
        document = self.sale.complete().document
        self.sale.dismiss()
        return document

    def _back(self, walk: Walk, paid_out: frozenset[uuid.UUID]) -> None:
        if walk.used:
            desk, used = self.till.returns, walk.used[-1]
            desk.complete(ReturnWish(desk.begin(used), used, ((0, ONE),), paid_out=paid_out))

    def _cancel(self, document_id: uuid.UUID | None) -> None:
        if document_id is not None:
            desk = self.till.returns
            desk.complete(ReturnWish(desk.begin(document_id), document_id, is_cancellation=True, reason="Probe"))

    def _never_below_nothing(self, walk: Walk) -> None:
        with self.till.workplace.database.read() as session:
            found = _found(voucher_by_id(session, walk.voucher))
            now = standing_of(session, found, self.till.workplace.business_date)
        assert now.paid_left >= ZERO, walk
        assert now.bonus_left >= ZERO, walk
        assert not now.remaining or now.state not in {VoucherState.CANCELLED, VoucherState.REPLACED}, walk


STEPS: dict[str, Callable[[Life, Walk], None]] = {
    "part": Life.part,
    "used up": Life.used_up,
    "down": Life.down,
    "up": Life.up,
    "block": Life.block,
    "unblock": Life.unblock,
    "reissue": Life.reissue,
    "line back": Life.line_back,
    "line paid out": Life.line_paid_out,
    "cancel sale": Life.cancel_sale,
    "voucher back": Life.voucher_back,
    "cancel use": Life.cancel_use,
    "surplus": Life.surplus,
    "goodwill": Life.goodwill,
    "free return": Life.free_return,
    "old": Life.old,
    "part converted": Life.part_converted,
    "all converted": Life.all_converted,
}
NIGHTS = ("expire", "new rates")


def _years_later(now: dt.datetime) -> dt.datetime:
    return now.replace(year=now.year + 11, day=28)


def _found(voucher: Voucher | None) -> Voucher:
    assert voucher is not None
    return voucher


def test_some_walks_of_three_steps(shop_settings: Settings, tmp_path: Path) -> None:
    """Always the same ones, so that a run says the same twice."""
    chosen = [walk for walk in _walks(3) if not {*NIGHTS} & {*walk[1]}]
    some_nights = [walk for walk in _walks(3) if walk[1][1] in NIGHTS and not {*NIGHTS} & {walk[1][0], walk[1][2]}]
    rng = Random(3)
    _all_through(shop_settings, tmp_path, [*rng.sample(chosen, 24), *rng.sample(some_nights, 24)])


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("length", [2, 3])
def test_all_walks(shop_settings: Settings, tmp_path: Path, length: int) -> None:
    _all_through(shop_settings, tmp_path, list(_walks(length)))


def _walks(length: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    return itertools.product(KINDS, itertools.product((*STEPS, *NIGHTS), repeat=length))


def _all_through(settings: Settings, folder: Path, chosen: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    """Those whose nights fall on the same steps share a shop."""
    groups = defaultdict(list)
    for kind, steps in chosen:
        groups[tuple(step if step in NIGHTS else "" for step in steps)].append(Walk(kind, steps))
    for nights, walks in groups.items():
        with _opened(settings, folder) as life:
            _walk_together(life, walks, nights)
            _prove(life)


def _walk_together(life: Life, walks: Sequence[Walk], nights: Iterable[str]) -> None:
    for walk in walks:
        life.begin(walk)
    for place, night in enumerate(nights):
        if night:
            life.night(night)
        for walk in walks:
            if not night:
                life.do(walk, walk.steps[place])


@contextlib.contextmanager
def _opened(template: Settings, folder: Path) -> Iterator[Life]:
    place = folder / uuid.uuid4().hex
    shutil.copytree(template.data_dir, place)
    here = replace(template, data_dir=place, database_url=sqlite_url(place / "till.db"))
    clock = FixedClock(BEGIN)
    till = open_till(here, Ports(clock=clock))
    try:
        yield Life(till, clock)
    finally:
        till.close()
        shutil.rmtree(place)


# What is proved in the end


def _prove(life: Life) -> None:
    till = life.till
    documents = _documents(till)
    for document in documents:
        _is_consistent(document)
    standings = _standings(till)
    _parts_are_those_of_the_lines(till, documents, standings)
    _money_is_what_was_kept_and_what_is_owed(till, documents, standings)
    report = till.reports.voucher_liability()
    assert report.is_proved
    for treatment, left in ((VatTreatment.MULTI_PURPOSE, report.multi), (VatTreatment.SINGLE_PURPOSE, report.single)):
        own = [one for one in standings if one.voucher.vat_treatment is treatment]
        assert (left.paid, left.bonus) == (total(o.paid_left for o in own), total(o.bonus_left for o in own))
    before = _documents(till)[-1].number
    z = till.cash.close_shift(None)
    _z_is_what_was_booked(z, [one for one in documents if z.first_number <= one.number <= before])
    assert till.settle()
    _signed_as_booked(till, documents)
    assert [str(problem.finding) for problem in verify(till.workplace.database)] == []


def _is_consistent(document: Document) -> None:
    """60-fiscal A3.4, rules 1, 2, 7, 8 and 9."""
    draft = document.draft
    if draft.bon_typ is not BonTyp.BELEG:
        return
    assert draft.total == total(payment.amount for payment in draft.payments) == total(vat.gross for vat in draft.vat)
    for vat in draft.vat:
        own = [line for line in draft.lines if line.vat_key is vat.vat_key]
        assert {line.rate_bp for line in own} == {vat.rate_bp}
        assert vat.gross == total(line.gross for line in own) == vat.net + vat.tax
        assert vat.tax == total(line.tax for line in own)
        assert abs(vat.tax - included_tax(vat.gross, vat.rate_bp)) <= Money(1)
    for line in draft.lines:
        if line.gv_typ in {GvTyp.MEHRZWECK_KAUF, GvTyp.MEHRZWECK_EINLOESUNG}:
            assert line.vat_key is VatKey.NOT_TAXABLE
        if line.gv_typ in {GvTyp.EINZWECK_KAUF, GvTyp.EINZWECK_EINLOESUNG, GvTyp.UMSATZ}:
            assert line.vat_key is not VatKey.NOT_TAXABLE
        if line.gv_typ in {*REDEEMED, *KAUF} and line.text != CREDIT:
            assert line.voucher is not None
            assert line.voucher.number
    if any(line.gv_typ is GvTyp.UMSATZ and line.gross < ZERO for line in draft.lines):
        assert draft.references or (draft.kind is DocumentKind.FREE_RETURN and draft.note)


def _parts_are_those_of_the_lines(
    till: Till, documents: Sequence[Document], standings: Sequence[VoucherStanding]
) -> None:
    """Paid: what lines sold, took and gave back. Bonus likewise. Corrections, replacements and old ones have no lines."""
    paid, bonus = _without_lines(till)
    for document in documents:
        if document.draft.bon_typ is not BonTyp.BELEG:
            continue
        for line in document.draft.lines:
            if line.voucher is None:
                continue
            voucher_id = str(line.voucher.voucher_id)
            if line.gv_typ is GvTyp.RABATT:
                bonus[voucher_id] += line.gross.cents
            else:
                paid[voucher_id] += line.gross.cents
    for subject, amount in _postings(till, Account.VOUCHER_BONUS, DocumentKind.VOUCHER_CONVERSION):
        bonus[subject] -= amount.cents  # bonus that becomes goodwill has no line
    for one in standings:
        voucher, voucher_id = one.voucher, str(one.voucher.id)
        if voucher.origin in {VoucherOrigin.SOLD, VoucherOrigin.REFUND} and one.state is not VoucherState.CANCELLED:
            bonus[voucher_id] += bonus_of(voucher.sale, voucher.face).cents
        assert one.paid_left.cents == paid[voucher_id], voucher
        assert one.bonus_left.cents == bonus[voucher_id], voucher


def _without_lines(till: Till) -> tuple[Counter[str], Counter[str]]:
    """What entries without a receipt did to the paid and the bonus part of each voucher."""
    paid: Counter[str] = Counter()
    bonus: Counter[str] = Counter()
    query = (
        select(PostingRow.account, PostingRow.subject, PostingRow.amount)
        .join(EntryRow, EntryRow.id == PostingRow.entry_id)
        .outerjoin(DocumentRow, DocumentRow.id == EntryRow.document_id)
        .where(DocumentRow.id.is_(None) | (DocumentRow.bon_typ == BonTyp.SONSTIGE.value))
    )
    with till.workplace.database.read() as session:
        for account, subject, amount in session.execute(query):
            if account in PAID:
                paid[subject] -= amount.cents
            elif account == Account.VOUCHER_BONUS.value:
                bonus[subject] -= amount.cents
    return paid, bonus


def _money_is_what_was_kept_and_what_is_owed(
    till: Till, documents: Sequence[Document], standings: Sequence[VoucherStanding]
) -> None:
    booked = [one for one in documents if one.draft.kind in MOVES]
    money = total(payment.amount for one in booked for payment in one.draft.payments)
    lines = [line for one in booked for line in one.draft.lines]
    goods = total(line.gross for line in lines if line.gv_typ is GvTyp.UMSATZ)
    bonus = total(-line.gross for line in lines if line.gv_typ is GvTyp.RABATT)
    paid, _bonus = _without_lines(till)
    owed = total(one.paid_left for one in standings) - total(
        cents for _, cents in _postings(till, Account.CUSTOMER_CREDIT)
    )
    assert money == goods - bonus + owed - Money(sum(paid.values()))
    assert bonus >= ZERO


def _postings(till: Till, account: Account, kind: DocumentKind | None = None) -> list[tuple[str, Money]]:
    """The postings of an account, where asked of one kind of document alone: subject and amount, debit +."""
    query = select(PostingRow.subject, PostingRow.amount).where(PostingRow.account == account.value)
    if kind is not None:
        query = query.join(EntryRow, EntryRow.id == PostingRow.entry_id)
        query = query.join(DocumentRow, DocumentRow.id == EntryRow.document_id).where(DocumentRow.kind == kind.value)
    with till.workplace.database.read() as session:
        return [(subject, amount) for subject, amount in session.execute(query)]


def _z_is_what_was_booked(z: object, documents: Sequence[Document]) -> None:
    cases: Counter[tuple[str, str, int]] = Counter()
    for line in (line for one in documents if one.draft.bon_typ is BonTyp.BELEG for line in one.draft.lines):
        cases[line.gv_typ.value, line.gv_name, line.vat_key.value] += line.gross.cents
    told: Counter[tuple[str, str, int]] = Counter()
    for case in z.cases:  # type: ignore[attr-defined]
        told[case.gv_typ, case.gv_name, int(case.vat_key)] += case.gross.cents
    assert {key: cents for key, cents in told.items() if cents} == {key: cents for key, cents in cases.items() if cents}


def _signed_as_booked(till: Till, documents: Sequence[Document]) -> None:
    """The process data of each receipt, put together anew from its VAT and its payments (60-fiscal A2.2)."""
    slots = ((1, 11, 21), (2, 12, 22), (3,), (4,), (5, 6, 7))
    with till.workplace.database.read() as session:
        for document in documents:
            if document.draft.bon_typ is not BonTyp.BELEG:
                continue
            draft, signed = document.draft, signature_of(session, document.id)
            assert signed is not None
            assert signed.finished is not None
            gross = [total(v.gross for v in draft.vat if v.vat_key.value in slot) for slot in slots]
            bar = total(p.amount for p in draft.payments if p.zahlart_typ is ZahlartTyp.BAR)
            other = total(p.amount for p in draft.payments) - bar
            paid = [f"{amount}:{name}" for name, amount in (("Bar", bar), ("Unbar", other)) if amount]
            assert signed.finished.process_data == f"Beleg^{'_'.join(map(str, gross))}^{'_'.join(paid)}"


def _documents(till: Till) -> list[Document]:
    with till.workplace.database.read() as session:
        last = find.highest_number(session, till.settings.till_id)
        return find.documents(session, till.settings.till_id, 1, last)


def _standings(till: Till) -> list[VoucherStanding]:
    today = till.workplace.business_date
    with till.workplace.database.read() as session:
        ids = session.scalars(select(VoucherRow.id)).all()
        return [standing_of(session, _found(voucher_by_id(session, one)), today) for one in ids]
