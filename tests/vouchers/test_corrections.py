"""Any sequence of redemptions, corrections, blocks and replacements keeps a voucher's parts whole, to the cent."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from till.db.engine import Database
from till.errors import Refused
from till.ledger.account import Account
from till.ledger.balances import balance
from till.money import ZERO, Money
from till.vouchers.block import Blocking, block, unblock
from till.vouchers.bookings import paid_account
from till.vouchers.correct import Correction, correct
from till.vouchers.history import history
from till.vouchers.model import Numbering, VatTreatment, Voucher, VoucherStanding, VoucherType
from till.vouchers.reissue import Reissue, reissue
from till.vouchers.standing import standing_of, voucher_by_id

PLUS = itertools.count(1000)
TODAY = dt.date(2026, 11, 20)
OWN = VoucherType(uuid.UUID(int=1), "902", "Spende", Numbering.OWN)
UNNUMBERED = VoucherType(uuid.UUID(int=2), "903", "Ohne Nummer", Numbering.NONE)
DEEDS = ("redeem", "reduce", "raise", "block", "unblock", "reissue")


def test_a_type_with_own_numbers_asks_for_the_new_one(small_desk: Any) -> None:
    old = small_desk.issue(small_desk.offer(OWN), number="Spende7")
    with pytest.raises(Refused, match="Type or scan the voucher’s number"):
        reissue(small_desk.session, small_desk.context, Reissue(old.id, "x"))
    made = reissue(small_desk.session, small_desk.context, Reissue(old.id, "x", "Spende8"))
    assert made.voucher.number == "Spende8"


def test_an_unnumbered_voucher_gets_another_inner_number(small_desk: Any) -> None:
    old = small_desk.issue(small_desk.offer(UNNUMBERED))
    made = reissue(small_desk.session, small_desk.context, Reissue(old.id, "x"))
    assert made.voucher.number == made.voucher.id.hex[:12].upper() != old.number


@dataclass
class Life:
    """One voucher through whatever happens to it, under its numbers."""

    desk: Any
    voucher: Voucher
    paid: list[Money] = field(default_factory=list)

    @property
    def now(self) -> VoucherStanding:
        """How it stands."""
        found = voucher_by_id(self.desk.session, self.voucher.id)
        assert found is not None
        return standing_of(self.desk.session, found, TODAY)

    def do(self, deed: str, cents: int) -> None:
        """One thing happens to it; what is refused changes nothing."""
        before = self.now
        try:
            self._do(deed, cents)
        except Refused:
            assert self.now == before

    def _do(self, deed: str, cents: int) -> None:
        session, context, mine = self.desk.session, self.desk.context, self.voucher.id
        match deed:
            case "redeem":
                self.paid.append(self.desk.redeem(self.voucher, cents).share.paid)
            case "reduce":
                before = self.now.paid_left
                correct(session, context, Correction(mine, Money(-cents), "x"))
                self.paid.append(before - self.now.paid_left)
            case "raise":
                correct(session, context, Correction(mine, Money(cents), "x"))
            case "block":
                block(session, context, Blocking(mine, "x"))
            case "unblock":
                unblock(session, context, Blocking(mine, "x"))
            case "reissue":
                self.voucher = reissue(session, context, Reissue(mine, "x")).voucher


TIMES = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


@TIMES
@given(
    worth=st.tuples(st.integers(0, 3000), st.integers(1, 3000)),
    treatment=st.sampled_from(VatTreatment),
    steps=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(1, 1500)), max_size=12),
)
def test_no_part_falls_below_nothing_and_the_paid_parts_sum_to_the_price(
    sqlite_database_url: str,
    open_desk: Callable[[Session], Any],
    worth: tuple[int, int],
    treatment: VatTreatment,
    steps: list[tuple[str, int]],
) -> None:
    sale, bonus = worth
    kind = VoucherType(uuid.uuid4(), str(next(PLUS)), "Aktion", Numbering.AUTOMATIC, treatment, next_number="A-1")
    database = Database(sqlite_database_url)
    with database.write() as session:
        desk = open_desk(session)
        life = Life(desk, desk.issue(desk.offer(kind), sale, sale + bonus))
        first = life.voucher
        for deed, cents in steps:
            life.do(deed, cents)
            assert life.now.paid_left >= ZERO
            assert life.now.bonus_left >= ZERO
        _empty(life)
        assert sum(life.paid, ZERO) == Money(sale)
        _check_told(session, first, life.voucher)
    database.close()


def _empty(life: Life) -> None:
    """Take all that is left, cent by cent at the end, as nobody may keep one."""
    life.do("unblock", 1)
    while life.now.remaining:
        life.do("reduce", max(1, life.now.remaining.cents // 2))


def _check_told(session: Session, first: Voucher, last: Voucher) -> None:
    """The history of each number ends with what is on it."""
    for voucher in (first, last):
        left = -balance(session, paid_account(voucher.vat_treatment), str(voucher.id))
        left -= balance(session, Account.VOUCHER_BONUS, str(voucher.id))
        assert history(session, voucher)[-1].rest == left
