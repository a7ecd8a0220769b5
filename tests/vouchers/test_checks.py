"""What `verify` says about vouchers whose balance or terms no longer fit their sale, and nothing about the others."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update

from till.business_case import BonTyp, GvTyp, VatKey
from till.db.engine import Database
from till.db.finding import Finding
from till.documents.models import LineRow
from till.ledger.account import Account
from till.ledger.entry import Posting
from till.money import ZERO, Money
from till.vouchers import checks
from till.vouchers.bookings import issued, redeemed
from till.vouchers.model import Numbering, VatTreatment, VoucherType
from till.vouchers.models import VoucherRow
from till.vouchers.value import Share

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
FIRST, SECOND = uuid.UUID(int=11), uuid.UUID(int=12)
VALUE = VoucherType(uuid.UUID(int=1), "901", "Gutschein", Numbering.OWN)
COURSE = replace(
    VALUE,
    id=uuid.UUID(int=2),
    plu="902",
    name="Kurs",
    vat_treatment=VatTreatment.SINGLE_PURPOSE,
    vat_key=VatKey.GENERAL,
)
OUT_OF_RANGE = "Voucher {number} has {paid} paid and {bonus} bonus left, which it was not sold with."
NOT_THERE = "Account {account} names a voucher that is not there."
NOT_AS_SOLD = "Voucher {number} is not what its receipt says."


def _found(desk: Any) -> list[Finding]:
    return list(checks.values(desk.session, lambda _done, _whole: None))


@pytest.fixture
def stocked(desk: Any) -> Any:
    """A desk that offers both types."""
    desk.offer(VALUE)
    desk.offer(COURSE)
    return desk


@pytest.mark.parametrize("kind", [VALUE, COURSE])
@pytest.mark.parametrize(("sale", "face"), [(2500, 2500), (2000, 3000), (0, 1500)])
def test_a_voucher_fits_its_sale_from_the_first_to_the_last_cent(
    stocked: Any, kind: VoucherType, sale: int, face: int
) -> None:
    voucher = stocked.issue(kind, sale, face, "A1")
    assert _found(stocked) == []
    stocked.redeem(voucher, 1200)
    assert _found(stocked) == []
    stocked.redeem(voucher, face - 1200)
    assert _found(stocked) == []


@pytest.mark.parametrize("kind", [VALUE, COURSE])
@pytest.mark.parametrize(
    ("paid", "bonus"),
    [
        pytest.param(-1, 500, id="more paid was taken than there was"),
        pytest.param(2001, 500, id="more paid is left than was sold"),
        pytest.param(700, -1, id="more bonus was taken than there was"),
        pytest.param(700, 1001, id="more bonus is left than was given"),
        pytest.param(-2, 1002, id="both"),
    ],
)
def test_a_balance_that_the_sale_does_not_explain_is_told_with_both_parts(
    stocked: Any, kind: VoucherType, paid: int, bonus: int
) -> None:
    stocked.issue(kind, 2000, 3000, "SOUND")
    voucher = stocked.issue(kind, 2000, 3000, "A1")
    taken = Share(Money(2000 - paid), Money(1000 - bonus))
    stocked.book(uuid.uuid4(), redeemed(voucher, taken))
    assert _found(stocked) == [Finding(OUT_OF_RANGE, {"number": "A1", "paid": Money(paid), "bonus": Money(bonus)})]


def test_a_cent_taken_from_a_used_up_voucher_is_told(stocked: Any) -> None:
    voucher = stocked.issue(VALUE, 2500, number="A1")
    stocked.redeem(voucher, 2500)
    stocked.book(uuid.uuid4(), redeemed(voucher, Share(Money(1), ZERO)))
    assert _found(stocked) == [Finding(OUT_OF_RANGE, {"number": "A1", "paid": Money(-1), "bonus": ZERO})]


@pytest.mark.parametrize(
    ("kind", "sale", "account"),
    [
        (VALUE, 2500, Account.VOUCHER_MULTI),
        (COURSE, 2500, Account.VOUCHER_SINGLE),
        (VALUE, 0, Account.VOUCHER_BONUS),
    ],
)
def test_value_without_a_voucher_is_told_by_its_account(
    stocked: Any, kind: VoucherType, sale: int, account: Account
) -> None:
    voucher = stocked.issue(kind, sale, 2500, "A1")
    ghost = replace(voucher, id=uuid.uuid4())
    stocked.book(uuid.uuid4(), issued(ghost))
    assert _found(stocked) == [Finding(NOT_THERE, {"account": account.value})]


def test_other_accounts_are_not_asked_for_vouchers(stocked: Any) -> None:
    stocked.book(uuid.uuid4(), (Posting(Account.TENDER, Money(100), "card"),))
    assert _found(stocked) == []


def test_checking_values_tells_how_far_it_is(stocked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "PORTION", 2)
    for number in ("A1", "A2", "A3"):
        stocked.issue(VALUE, number=number)
    told: list[tuple[int, int]] = []
    assert not list(checks.values(stocked.session, lambda done, whole: told.append((done, whole))))
    assert told[:2] == [(0, 3), (2, 3)]
    assert set(told[2:]) == {(3, 3)}, "then the accounts are gone through for postings of nobody"


@pytest.fixture
def sold(database: Database, open_desk: Any) -> Database:
    """Two receipts of the same moment: A1 and K1 on the first, A2 on the second."""
    with database.write() as session:
        desk = open_desk(session)
        desk.offer(VALUE)
        desk.offer(COURSE)
        desk.receipt(FIRST, {"A1": VALUE, "K1": COURSE})
        desk.receipt(SECOND, {"A2": VALUE})
    return database


def _told(sold: Database) -> list[Finding]:
    with sold.read() as session:
        return list(checks.terms(session, lambda _done, _whole: None))


def test_a_voucher_that_was_sold_in_training_is_found(sold: Database, open_desk: Any) -> None:
    with sold.write() as session:
        open_desk(session).receipt(uuid.uuid4(), {"T1": VALUE}, BonTyp.TRAINING)
    assert _told(sold) == [Finding("Voucher {number} is not what its receipt says.", {"number": "T1"})]


def test_vouchers_as_their_receipts_sold_them_say_nothing(sold: Database) -> None:
    assert _told(sold) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"type_name": "Anders"},
        {"valid_until": dt.date(2099, 12, 31)},
        {"face": Money(9900)},
        {"sale": Money(1)},
        {"issued_till": "KASSE-2"},
        {"issued_number": 3},
        {"issued_at": NOON + dt.timedelta(minutes=1)},
        {"vat_treatment": VatTreatment.SINGLE_PURPOSE.value},
        {"vat_key": VatKey.GENERAL.value},
        {"vat_rate_bp": 1900},
        {"text": "Für mich"},
        {"number_key": "a7"},
        {"document_id": uuid.UUID(int=13)},
        {"id": uuid.UUID(int=99)},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_voucher_that_differs_from_its_receipt_is_told_by_its_number(
    sold: Database, behind_the_back: Any, changes: dict[str, Any]
) -> None:
    with behind_the_back() as session:
        session.execute(update(VoucherRow).where(VoucherRow.number == "A1").values(**changes))
    assert _told(sold) == [Finding(NOT_AS_SOLD, {"number": "A1"})]


@pytest.mark.parametrize("key", ["a1", "a7"])
def test_a_voucher_under_another_number_is_told_once_by_the_one_it_has(
    sold: Database, behind_the_back: Any, key: str
) -> None:
    with behind_the_back() as session:
        session.execute(update(VoucherRow).where(VoucherRow.number == "A1").values(number="A7", number_key=key))
    assert _told(sold) == [Finding(NOT_AS_SOLD, {"number": "A7"})]


@pytest.mark.parametrize(
    "moved",
    [
        pytest.param({"document_id": SECOND, "issued_number": 2}, id="to another receipt altogether"),
        pytest.param({"issued_number": 2}, id="to the number of another receipt"),
    ],
)
def test_a_voucher_moved_to_another_receipt_is_told(
    sold: Database, behind_the_back: Any, moved: dict[str, Any]
) -> None:
    with behind_the_back() as session:
        session.execute(update(VoucherRow).where(VoucherRow.number == "A1").values(**moved))
    assert _told(sold) == [Finding(NOT_AS_SOLD, {"number": "A1"})]


@pytest.mark.parametrize(
    "changes",
    [
        {"gv_typ": GvTyp.UMSATZ.value},
        {"gv_typ": GvTyp.MEHRZWECK_KAUF.value},
        {"gv_typ": GvTyp.MEHRZWECK_EINLOESUNG.value},
        {"gv_typ": GvTyp.EINZWECK_EINLOESUNG.value},
        {"voucher_id": uuid.UUID(int=99)},
        {"voucher_face": Money(1)},
        {"gross": Money(1)},
    ],
    ids=str,
)
def test_a_line_that_no_longer_sells_the_voucher_is_told(
    sold: Database, behind_the_back: Any, changes: dict[str, Any]
) -> None:
    with behind_the_back() as session:
        session.execute(update(LineRow).where(LineRow.voucher_number == "K1").values(**changes))
    assert _told(sold) == [Finding(NOT_AS_SOLD, {"number": "K1"})]
