"""Somebody goes round the database's protection; `verify` finds it and names the check that did."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    CursorResult,
    Date,
    Select,
    String,
    Uuid,
    delete,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from till.app.bootstrap import Ports, open_till
from till.app.verify import CHECKS, UNREADABLE, verify
from till.audit.models import AuditRow
from till.business_case import BonTyp
from till.clock import FixedClock
from till.db.base import Base
from till.db.context import Context
from till.db.counter import CounterRow
from till.db.engine import Database, sqlite_url
from till.db.protect import APPEND_ONLY, expected_triggers
from till.db.types import UtcType
from till.documents.model import Document, DocumentKind, Draft, Reference
from till.documents.models import DocumentRow, LineRow, PaymentRow, ReferenceRow, VatRow
from till.documents.post import post
from till.fiscal import outages, recording
from till.fiscal.model import Outage, Signature
from till.fiscal.models import SignatureRow, TseOutageRow, TseRow
from till.fiscal.recorder import TseFailure
from till.ledger import chain, journal
from till.ledger.account import Account
from till.ledger.entry import Entry, Posting
from till.ledger.models import ChainRow, CheckpointRow, EntryRow, PostingRow
from till.money import Money
from till.schema import METADATA
from till.settings import Settings
from till.shifts.count import counted_pieces
from till.shifts.figures import Sums, to_totals
from till.shifts.models import ClosingRow, ShiftRow
from till.shifts.movement import Movement, MovementKind, TakingBack
from till.vouchers.block import Blocking, block
from till.vouchers.events import NewEvent, note_event
from till.vouchers.model import Voucher, VoucherEventKind
from till.vouchers.models import VoucherEventRow, VoucherRow

Tampering = Callable[[Session], object]


@pytest.fixture
def books(any_shop_settings: Settings, clock: FixedClock) -> Iterator[Database]:
    """The books of a day, on each of both databases."""
    _sell_for_a_day(any_shop_settings, clock)
    database = Database(any_shop_settings.database_url)
    yield database
    database.close()


@pytest.fixture
def file_of_books(shop_settings: Settings, clock: FixedClock) -> Path:
    """The same books in a SQLite file that nobody has open."""
    _sell_for_a_day(shop_settings, clock)
    database = Database(shop_settings.database_url)
    database.checkpoint()
    database.close()
    return Path(str(database.engine.url.database))


def _sell_for_a_day(settings: Settings, clock: FixedClock) -> None:
    """A logo chosen, vouchers sold and redeemed, an aborted basket, the drawer opened, a drop taken back, the till closed with a difference."""
    till = open_till(settings, Ports(clock=clock))
    tiles = {tile.name: tile for tile in till.sale.assortment().tiles}
    vouchers: list[Voucher] = []
    moved: list[Document] = []
    count = counted_pieces({Money(5000): 2, Money(2000): 2, Money(500): 1, Money(100): 1})
    steps: list[Callable[[], object]] = [
        lambda: till.cash.open_shift(Money(10000)),
        lambda: till.shop.change_details(till.shop.details_from(till.shop.today()), b"a picture"),
        lambda: till.sale.add(tiles["Gutschein 25"]),
        lambda: till.sale.add(tiles["Aktion 20/30"]),
        lambda: till.sale.pay_cash(Money(5000)),
        lambda: vouchers.extend(till.sale.complete().vouchers),
        lambda: till.sale.add(tiles["Becher"]),
        lambda: till.sale.redeem(vouchers[0].id, Money(1000)),
        lambda: till.sale.pay_cash(Money(200)),
        till.sale.complete,
        lambda: till.sale.add(tiles["Rose"]),
        till.sale.cancel,
        till.cash.open_drawer,
        lambda: moved.append(till.cash.move(Movement(MovementKind.BANK_DROP, Money(2000), "zur Bank"))),
        lambda: till.cash.take_back(TakingBack(moved[0].id, "vertippt")),
        lambda: till.cash.close_shift(count),
    ]
    for step in steps:
        step()
        assert till.settle(30)  # nothing is left to the threads, however busy the machine is
    till.close()


def _unprotected(session: Session, table: str) -> None:
    on = "" if session.get_bind().dialect.name == "sqlite" else f" ON {table}"
    for trigger in _triggers(session, table):
        session.execute(text(f"DROP TRIGGER {trigger.name}{on}"))


def _protected_again(session: Session, table: str) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for trigger in _triggers(session, table):
        session.connection().exec_driver_sql(trigger.sql)


def _triggers(session: Session, table: str) -> list[Any]:
    return [trigger for trigger in expected_triggers(session.get_bind().dialect.name) if trigger.table == table]


def _behind(row: type[Base], *tampering: Any) -> Tampering:
    """Statements on a table whose triggers are dropped before and put back afterwards."""

    def tamper(session: Session) -> None:
        _unprotected(session, row.__tablename__)
        for statement in tampering:
            session.execute(statement)
        _protected_again(session, row.__tablename__)

    return tamper


def _forged_entry(document_id: Select[Any] | None) -> Tampering:
    """A balanced pair, for which no trigger needs to be touched."""

    def tamper(session: Session) -> None:
        genuine = session.execute(select(EntryRow.__table__)).first()
        assert genuine is not None
        key = uuid.uuid4()
        for position, (account, cents) in enumerate((("cash", -5000), ("over-short", 5000))):
            leg = {"entry_id": key, "position": position, "account": account, "subject": "KASSE-1"}
            session.execute(insert(PostingRow), leg | {"amount": Money(cents)})
        of = None if document_id is None else session.execute(document_id.limit(1)).scalar_one()
        forged = {"id": key, "document_id": of, "reverses": None, "legs": 2}
        session.execute(insert(EntryRow), dict(genuine._mapping) | forged)

    return tamper


def _opening_balance(session: Session) -> uuid.UUID:
    """An honest entry of no document."""
    legs = (Posting(Account.CASH, Money(500), "KASSE-1"), Posting(Account.OPENING, Money(-500)))
    now = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    entry = Entry(uuid.uuid4(), "opening", None, now, now.date(), "KASSE-1", None, "1", legs)
    journal.append(session, entry)
    chain.extend(session, "KASSE-1", chain.RecordKind.ENTRY, str(entry.id), journal.record_of(entry))
    return entry.id


def _changed_opening_balance(session: Session) -> None:
    entry_id = _opening_balance(session)
    _behind(EntryRow, update(EntryRow).where(EntryRow.id == entry_id).values(reason="x"))(session)


def _vanished_opening_balance(session: Session) -> None:
    entry_id = _opening_balance(session)
    _behind(PostingRow, delete(PostingRow).where(PostingRow.entry_id == entry_id))(session)
    _behind(EntryRow, delete(EntryRow).where(EntryRow.id == entry_id))(session)


def _grown_entry(session: Session) -> None:
    """A balanced pair added to a booked entry, triggers dropped and put back."""
    entry = session.execute(select(EntryRow.id, EntryRow.legs)).first()
    assert entry is not None
    for table in ("ledger_entry", "ledger_posting"):
        _unprotected(session, table)
    for position, cents in ((entry.legs, 700), (entry.legs + 1, -700)):
        leg = {"entry_id": entry.id, "position": position, "account": "cash", "subject": "x", "amount": Money(cents)}
        session.execute(insert(PostingRow), leg)
    session.execute(update(EntryRow).where(EntryRow.id == entry.id).values(legs=entry.legs + 2))
    for table in ("ledger_entry", "ledger_posting"):
        _protected_again(session, table)


def _dropped_trigger(session: Session) -> None:
    on = "" if session.get_bind().dialect.name == "sqlite" else " ON document"
    session.execute(text(f"DROP TRIGGER document_no_update{on}"))


def _foreign_trigger(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("CREATE TRIGGER x AFTER INSERT ON document BEGIN SELECT 1; END"))
    else:
        session.execute(
            text("CREATE TRIGGER x AFTER INSERT ON document FOR EACH ROW EXECUTE FUNCTION till_posting_sealed()")
        )


def _hollow_trigger(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER document_no_update"))
        session.execute(text("CREATE TRIGGER document_no_update BEFORE UPDATE ON document WHEN 0 BEGIN SELECT 1; END"))
    else:
        session.execute(text("ALTER TABLE document DISABLE TRIGGER document_no_update"))


LATER = dt.datetime(2026, 11, 20, 20, 0, tzinfo=dt.UTC)
OUTAGE = Outage("KASSE-1", TseFailure.UNREACHABLE, "no answer", LATER)
_WITHOUT_OUTAGES = delete(ChainRow).where(ChainRow.kind == chain.RecordKind.OUTAGE.value)
NO_TOTALS = chain.canonical({**to_totals(Sums()), "pieces": None})
LAST = select(DocumentRow.id).order_by(DocumentRow.number.desc()).limit(1).scalar_subquery()
SALE = select(DocumentRow.id).where(DocumentRow.kind == "sale", DocumentRow.number == 2)
CLOSING = select(DocumentRow.id).where(DocumentRow.kind == "closing")


def _without_last_document(session: Session) -> None:
    """The newest document vanishes with all that names it, and the counter stays."""
    last = session.execute(select(LAST)).scalar_one()
    _without_the_rows_of_the_last(session)
    _behind(ChainRow, delete(ChainRow).where(ChainRow.record_id == str(last)))(session)


def _without_the_rows_of_the_last(session: Session) -> None:
    """The newest document vanishes, and its links stay."""
    last = session.execute(select(LAST)).scalar_one()
    gone: list[tuple[type[Base], Any]] = [
        (SignatureRow, SignatureRow.document_id == last),
        (ClosingRow, ClosingRow.id == last),
        (DocumentRow, DocumentRow.id == last),
    ]
    for row, where in gone:
        _behind(row, delete(row).where(where))(session)


def _after(*tamperings: Tampering) -> Tampering:
    """One after the other."""

    def tamper(session: Session) -> None:
        for tampering in tamperings:
            tampering(session)

    return tamper


def _stray_checkpoint(session: Session) -> None:
    row = {"closing_id": uuid.uuid4(), "account": "cash", "subject": "KASSE-1", "balance": Money(1)}
    session.execute(insert(CheckpointRow), row)


def _unknown_tse(session: Session) -> None:
    genuine = session.execute(select(TseRow.__table__)).first()
    assert genuine is not None
    session.execute(insert(TseRow), dict(genuine._mapping) | {"serial": "x"})


def _outage(session: Session) -> None:
    outages.outage_began(session, OUTAGE)


def _unsigned_document(session: Session) -> uuid.UUID:
    context = Context("KASSE-1", None, "1", "Marie Klein", LATER, LATER.date())
    first = session.execute(select(DocumentRow.id).where(DocumentRow.number == 1)).scalar_one()
    references = (Reference("KASSE-1", 1, first),)
    draft = Draft(uuid.uuid4(), DocumentKind.NO_SALE, BonTyp.SONSTIGE, LATER, references=references)
    return post(session, context, draft).id


def _document_in_an_outage(session: Session) -> None:
    recording.store_outage(session, _unsigned_document(session), OUTAGE)


def _document_without_outage(session: Session) -> None:
    document_id = _unsigned_document(session)
    recording._store(session, Signature(document_id, "KASSE-1", outage=OUTAGE))


def _cash_of_another_till(session: Session) -> None:
    """An honest entry but for the drawer that it names."""
    legs = (Posting(Account.CASH, Money(-500), "KASSE-1"), Posting(Account.OPENING, Money(500)))
    entry = Entry(uuid.uuid4(), "opening", None, LATER, LATER.date(), "KASSE-2", None, "1", legs)
    journal.append(session, entry)
    chain.extend(session, "KASSE-2", chain.RecordKind.ENTRY, str(entry.id), journal.record_of(entry))


def _blocked_voucher(session: Session) -> None:
    context = Context("KASSE-1", None, "1", "Marie Klein", LATER, LATER.date())
    found = VoucherRow.number == "AG-0001"
    block(session, context, Blocking(session.execute(select(VoucherRow.id).where(found)).scalar_one(), "verloren"))


def _cancelled_voucher(session: Session) -> None:
    """As if a return had put value on a voucher whose sale was taken back."""
    voucher_id = session.execute(select(VoucherRow.id).where(VoucherRow.number == "AG-0001")).scalar_one()
    context = Context("KASSE-1", None, "1", "Marie Klein", LATER, LATER.date())
    note_event(session, context, NewEvent(voucher_id, VoucherEventKind.CANCELLED, "x"))


def _counter_turned_back(session: Session) -> None:
    session.execute(update(CounterRow).values(value=1))


CASES: dict[str, tuple[Tampering, set[str]]] = {
    "a trigger is dropped": (_dropped_trigger, {"triggers"}),
    "a trigger is added": (_foreign_trigger, {"triggers"}),
    "a trigger is hollowed out": (_hollow_trigger, {"triggers"}),
    "a balanced entry is forged": (_forged_entry(None), {"entries-alone"}),
    "a second entry is forged for a sale": (_forged_entry(SALE), {"documents", "checkpoints"}),
    "an entry is forged for a document that moved nothing": (
        _forged_entry(CLOSING),
        {"documents", "checkpoints"},
    ),
    "an entry is forged for no document there is": (_forged_entry(select(EntryRow.id)), {"documents"}),
    "an opening balance is booked": (_opening_balance, set()),
    "an opening balance is changed": (_changed_opening_balance, {"entries-alone"}),
    "an opening balance is deleted": (_vanished_opening_balance, {"entries-alone"}),
    "all amounts are doubled": (
        _behind(PostingRow, update(PostingRow).values(amount=PostingRow.amount + PostingRow.amount)),
        {"documents", "checkpoints", "vouchers", "movements"},
    ),
    "a bonus becomes another account's": (
        _behind(PostingRow, update(PostingRow).where(PostingRow.account == "voucher-bonus").values(account="transit")),
        {"entries", "documents", "checkpoints"},
    ),
    "a voucher's value goes to a voucher that is not there": (
        _behind(PostingRow, update(PostingRow).where(PostingRow.account == "voucher-multi").values(subject="x")),
        {"documents", "vouchers"},
    ),
    "a balanced pair is added to an entry": (_grown_entry, {"documents"}),
    "a posting is changed": (
        _behind(
            PostingRow, update(PostingRow).where(PostingRow.position == 0).values(amount=PostingRow.amount + Money(1))
        ),
        {"entries", "documents", "checkpoints", "movements"},
    ),
    "a voucher is loaded": (
        _behind(
            PostingRow,
            update(PostingRow)
            .where(PostingRow.account == "voucher-multi")
            .values(amount=PostingRow.amount - Money(9999)),
        ),
        {"entries", "documents", "checkpoints", "vouchers"},
    ),
    "a line is changed": (_behind(LineRow, update(LineRow).values(text="x")), {"documents"}),
    "a head is changed": (_behind(DocumentRow, update(DocumentRow).values(user_name="x")), {"documents"}),
    "a line's tax is changed": (_behind(LineRow, update(LineRow).values(tax=Money(1))), {"documents", "closings"}),
    "a payment's amount is changed": (
        _behind(PaymentRow, update(PaymentRow).values(amount=Money(1))),
        {"documents", "closings"},
    ),
    "the gross of VAT is changed": (_behind(VatRow, update(VatRow).values(gross=Money(1))), {"documents"}),
    "a payment is changed": (_behind(PaymentRow, update(PaymentRow).values(given=Money(1))), {"documents"}),
    "VAT is changed": (_behind(VatRow, update(VatRow).values(rate_bp=1)), {"documents"}),
    "a signature is deleted": (
        _behind(SignatureRow, delete(SignatureRow).where(SignatureRow.document_id == SALE.scalar_subquery())),
        {"signatures"},
    ),
    "a signature is changed": (_behind(SignatureRow, update(SignatureRow).values(value="AAAA")), {"signatures"}),
    "the newest document, a Z, is gone without a trace": (
        _without_last_document,
        {"numbers", "chain", "closings", "checkpoints"},
    ),
    "the newest document is gone": (
        _without_the_rows_of_the_last,
        {"numbers", "documents", "signatures", "closings", "checkpoints"},
    ),
    "a number is left out": (
        _behind(DocumentRow, update(DocumentRow).where(DocumentRow.id == LAST).values(number=DocumentRow.number + 1)),
        {"numbers", "documents", "closings"},
    ),
    "the counter is turned back": (_counter_turned_back, {"numbers"}),
    "an audit row is changed": (_behind(AuditRow, update(AuditRow).values(user_name="x")), {"audit"}),
    "an audit row is deleted": (_behind(AuditRow, delete(AuditRow)), {"audit"}),
    "a Z is changed": (_behind(ClosingRow, update(ClosingRow).values(counted_cash=Money(1))), {"closings"}),
    "a Z is numbered anew": (_behind(ClosingRow, update(ClosingRow).values(z_number=2)), {"closings"}),
    "a Z has other sums": (_behind(ClosingRow, update(ClosingRow).values(totals=NO_TOTALS)), {"closings"}),
    "a count by coin and note is changed": (
        _behind(ClosingRow, update(ClosingRow).values(totals=func.replace(ClosingRow.totals, "[5000,2]", "[5000,3]"))),
        {"closings"},
    ),
    "a bank drop has no reason": (
        _behind(DocumentRow, update(DocumentRow).where(DocumentRow.kind == "cash-movement").values(note="")),
        {"documents", "movements"},
    ),
    "a bank drop becomes private": (
        _behind(PostingRow, update(PostingRow).where(PostingRow.account == "transit").values(account="private")),
        {"documents", "movements", "checkpoints"},
    ),
    "what was taken back is not": (
        _behind(EntryRow, update(EntryRow).values(reverses=None)),
        {"documents", "movements"},
    ),
    "what takes back names nothing": (_behind(ReferenceRow, delete(ReferenceRow)), {"documents", "movements"}),
    "a Z is deleted": (_behind(ClosingRow, delete(ClosingRow)), {"closings", "checkpoints"}),
    "a link is changed": (_behind(ChainRow, update(ChainRow).values(format_version=2)), {"chain"}),
    "a link is deleted": (_behind(ChainRow, delete(ChainRow).where(ChainRow.position == 1)), {"chain", "shifts"}),
    "an opening is changed": (_behind(ShiftRow, update(ShiftRow).values(opening_float=Money(1))), {"shifts"}),
    "an opening gets another cashier": (_behind(ShiftRow, update(ShiftRow).values(user_id="x")), {"shifts"}),
    "an opening is deleted with its Z": (
        _after(_behind(ClosingRow, delete(ClosingRow)), _behind(ShiftRow, delete(ShiftRow))),
        {"shifts", "closings", "checkpoints"},
    ),
    "a balance at a Z is changed": (
        _behind(CheckpointRow, update(CheckpointRow).where(CheckpointRow.account == "cash").values(balance=Money(1))),
        {"checkpoints", "closings"},
    ),
    "a balance at a Z is another account's": (
        _behind(CheckpointRow, update(CheckpointRow).where(CheckpointRow.account == "vat").values(subject="9")),
        {"checkpoints"},
    ),
    "a balance at a Z is deleted": (
        _behind(CheckpointRow, delete(CheckpointRow).where(CheckpointRow.account == "over-short")),
        {"checkpoints"},
    ),
    "balances of no Z are added": (_stray_checkpoint, {"checkpoints"}),
    "a TSE becomes a genuine one": (_behind(TseRow, update(TseRow).values(is_test=False)), {"tses"}),
    "a TSE has another certificate": (_behind(TseRow, update(TseRow).values(certificate="x")), {"tses"}),
    "a TSE has another key": (_behind(TseRow, update(TseRow).values(public_key="AAAA")), {"tses", "signatures"}),
    "a TSE that signed nothing is added": (_unknown_tse, {"tses"}),
    "an outage is noted": (_outage, set()),
    "an outage is told otherwise": (
        _after(_outage, _behind(TseOutageRow, update(TseOutageRow).values(reason="x"))),
        {"outages"},
    ),
    "an outage is deleted": (_after(_outage, _behind(TseOutageRow, delete(TseOutageRow))), {"outages"}),
    "an outage is deleted with its link": (
        _after(_outage, _behind(TseOutageRow, delete(TseOutageRow)), _behind(ChainRow, _WITHOUT_OUTAGES)),
        {"outages"},
    ),
    "a document without signature is in the log of outages": (_document_in_an_outage, set()),
    "a document without signature and without outage": (_document_without_outage, {"outages"}),
    "another till takes cash from the drawer": (_cash_of_another_till, {"drawers"}),
    "a voucher is worth more": (
        _behind(VoucherRow, update(VoucherRow).where(VoucherRow.number == "AG-0001").values(face=Money(99999))),
        {"voucher-terms"},
    ),
    "a voucher is called an old one": (
        _behind(VoucherRow, update(VoucherRow).where(VoucherRow.number == "AG-0001").values(origin="old")),
        {"voucher-origins", "vouchers-old"},
    ),
    "a voucher is unblocked": (
        _after(_blocked_voucher, _behind(VoucherEventRow, update(VoucherEventRow).values(kind="unblocked"))),
        {"voucher-blocks", "voucher-events"},
    ),
    "a block is deleted": (
        _after(_blocked_voucher, _behind(VoucherEventRow, delete(VoucherEventRow))),
        {"voucher-blocks", "voucher-events"},
    ),
    "a voucher is cancelled, and its value stays on it": (_cancelled_voucher, {"voucher-closed"}),
    "a voucher lives longer": (
        _behind(VoucherRow, update(VoucherRow).values(valid_until=VoucherRow.issued_at)),
        {"voucher-terms"},
    ),
}


def _found(session: Session) -> set[str]:
    return {check.name for check in CHECKS if list(check.find(session, lambda _done, _whole: None))}


def test_each_way_round_the_protection_is_found_by_its_check(books: Database) -> None:
    assert verify(books) == []
    found: dict[str, set[str]] = {}
    for name, (tamper, _) in CASES.items():
        with pytest.raises(_TakenBack), books.write() as session:  # noqa: PT012 - the unit of work is what fails
            tamper(session)
            found[name] = _found(session)
            raise _TakenBack
    assert verify(books) == []
    wrong = {name: found[name] for name, (_, expected) in CASES.items() if found[name] != expected}
    assert wrong == {}


# What may change without a finding: the order of one row alone, the empty half of an answer, the digest that only tells
# a repetition, and what a voucher copies from its type for the counter's convenience.
NOT_IN_THE_BOOKS = {
    "document": {"content"},
    "document_line": {"position"},
    "document_payment": {"position"},
    "document_reference": {"position"},
    "signature": {"reason", "outage_since"},
    "voucher": {"type_plu", "valid_from"},
}


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
def test_no_column_of_an_append_only_table_can_be_changed_unnoticed(file_of_books: Path, table: str) -> None:
    """Each column of a row by itself gets another value behind the triggers, and some check must find that."""
    database = Database(sqlite_url(file_of_books))
    columns = METADATA.tables[table].columns
    unnoticed = {column.name for column in columns if not _is_change_noticed(database, column)}
    database.close()
    assert unnoticed == NOT_IN_THE_BOOKS.get(table, set())


def _is_change_noticed(database: Database, column: Column[Any]) -> bool:
    noticed = False
    with pytest.raises(_TakenBack), database.write() as session:  # noqa: PT012 - the unit of work is what fails
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        _document_in_an_outage(session)
        _blocked_voucher(session)
        _unprotected(session, column.table.name)
        try:
            changed = session.execute(text(_change(column)))
        except IntegrityError:
            noticed = True  # the table itself refuses it
        else:
            assert cast("CursorResult[Any]", changed).rowcount == 1
            _protected_again(session, column.table.name)
            noticed = _is_noticed(session)
        raise _TakenBack
    return noticed


def _change(column: Column[Any]) -> str:
    """Give one row of the column's table another value: the newest, or one in which all columns mean something."""
    table = column.table.name
    full = {"document_line": "voucher_id IS NOT NULL", "signature": "value IS NOT NULL"}.get(table, "TRUE")
    newest = f"SELECT MAX(rowid) FROM {table} WHERE {full}"  # noqa: S608 - our own names
    return f"UPDATE {table} SET {column.name} = {_other(column)} WHERE rowid = ({newest})"  # noqa: S608 - our own names


def _other(column: Column[Any]) -> str:
    """In SQL, a value that a column doesn't have but could."""
    match column.type:
        case Uuid():
            return f"'{uuid.uuid4().hex}'"
        case UtcType():
            return "'2001-01-01 00:00:00.000000'"
        case Boolean():
            return f"1 - {column.name}"
        case Date():
            return "'2001-01-01'"
        case String():
            return f"coalesce({column.name}, '') || 'x'"
        case _:
            return f"coalesce({column.name}, 0) + 1"


def _is_noticed(session: Session) -> bool:
    """Whether a check finds something, or can't read it."""
    try:
        return bool(_found(session))
    except UNREADABLE:
        return True


class _TakenBack(Exception):  # noqa: N818 - it ends a unit of work
    """Rolls the tampering back."""


def test_bytes_changed_in_the_file_are_found(file_of_books: Path) -> None:
    file_of_books.write_bytes(file_of_books.read_bytes().replace(b"Becher", b"Bocher"))
    database = Database(sqlite_url(file_of_books))
    assert "documents" in {problem.check for problem in verify(database)}
    database.close()


def test_a_database_beyond_reading_is_damage_too(books: Database) -> None:
    with books.engine.begin() as connection:
        cascade = "" if books.is_sqlite else " CASCADE"
        connection.exec_driver_sql(f"DROP TABLE audit{cascade}")
    problems = verify(books)
    assert {problem.check for problem in problems} == {
        *("audit", "closings", "triggers", "voucher-blocks", "vouchers-old")
    }, "a Z counts what the trail says, and it tells who blocked a voucher and who brought old ones in"
    assert "can’t be read" in str([str(problem.finding) for problem in problems])
