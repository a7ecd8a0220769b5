"""Balances are sums of postings. At each Z those of its till are written down, so that later sums begin there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, String, Uuid, and_, bindparam, case, func, insert, literal, select, union_all
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import GenericFunction

from till.ledger.account import Account
from till.ledger.models import CheckpointRow, PostingRow
from till.money import ZERO, Money

# Written down per subject: drawers, tenders and VAT keys are few. Vouchers, customers and open items grow without
# end; of them a checkpoint has the sum of the account alone (architecture 4).
_BY_SUBJECT = (
    Account.CASH,
    Account.TRANSIT,
    Account.TENDER,
    Account.REVENUE,
    Account.VAT,
    Account.OVER_SHORT,
    Account.PRIVATE,
    Account.WAGES,
    Account.TIPS,
    Account.SUNDRY,
)
_WHOLE = ""

Entries = Select[uuid.UUID]
"""A query for the ids of entries."""

Sums = dict[tuple[str, str], Money]
"""Balances by account and subject; zero ones are left out."""

_BALANCE = select(func.sum(PostingRow.amount)).where(
    PostingRow.account == bindparam("account"), PostingRow.subject == bindparam("subject")
)


class subject_of(GenericFunction[str]):  # noqa: N801 - an SQL function, in its place among `func`
    """An id's column as postings name it in their subject, in SQL: `PostingRow.subject == subject_of(VoucherRow.id)`."""

    type = String()
    inherit_cache = True


@compiles(subject_of)
def _as_text(element: subject_of, compiler: Any, **how: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **how)} AS TEXT)"


@compiles(subject_of, "sqlite")
def _with_dashes(element: subject_of, compiler: Any, **how: Any) -> str:
    """SQLite keeps ids as 32 digits."""
    digits = compiler.process(element.clauses, **how)
    parts = (f"substr({digits}, {first}, {length})" for first, length in ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12)))
    dashed = " || '-' || ".join(parts)
    return f"({dashed})"


class id_of(GenericFunction[uuid.UUID]):  # noqa: N801 - as above
    """The way back: the id that a subject names, which an index on ids finds; whatever else a subject may be."""

    type = Uuid()
    inherit_cache = True


@compiles(id_of)
def _as_id(element: id_of, compiler: Any, **how: Any) -> str:
    """PostgreSQL would stop at a subject that is no id."""
    subject = compiler.process(element.clauses, **how)
    return (
        f"CASE WHEN {subject} ~ '^[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$' THEN CAST({subject} AS UUID) END"
    )


@compiles(id_of, "sqlite")
def _without_dashes(element: id_of, compiler: Any, **how: Any) -> str:
    return f"replace({compiler.process(element.clauses, **how)}, '-', '')"


def balance(session: Session, account: Account, subject: str) -> Money:
    """The balance of one subject on an account; debit +, credit -. Reads every posting of the subject."""
    return session.execute(_BALANCE, {"account": account.value, "subject": subject}).scalar_one() or ZERO


def balances(session: Session, accounts: Iterable[Account]) -> dict[tuple[Account, str], Money]:
    """The balances of all subjects of `accounts`, zero ones left out. Reads every posting of them."""
    rows = session.execute(
        select(PostingRow.account, PostingRow.subject, func.sum(PostingRow.amount).label("sum"))
        .where(PostingRow.account.in_([account.value for account in accounts]))
        .group_by(PostingRow.account, PostingRow.subject)
    )
    return {(Account(row.account), row.subject): row.sum for row in rows if row.sum}


def balances_of(
    session: Session, accounts: Iterable[Account], subjects: Sequence[str]
) -> dict[tuple[Account, str], Money]:
    """The balances of some thousand subjects on `accounts`, zero ones left out. Reads every posting of them."""
    if not subjects:
        return {}
    rows = session.execute(
        select(PostingRow.account, PostingRow.subject, func.sum(PostingRow.amount).label("sum"))
        .where(PostingRow.account.in_([account.value for account in accounts]), PostingRow.subject.in_(subjects))
        .group_by(PostingRow.account, PostingRow.subject)
    )
    return {(Account(row.account), row.subject): row.sum for row in rows if row.sum}


def balance_among(session: Session, entries: Entries, account: Account, subject: str) -> Money:
    """What `entries` alone book on a subject.

    The account is asked for in the sum and not as a condition: else SQLite would go through all postings of it.
    """
    is_meant = and_(PostingRow.account == account.value, PostingRow.subject == subject)
    amount = func.sum(PostingRow.amount).filter(is_meant)
    return session.execute(select(amount).where(PostingRow.entry_id.in_(entries))).scalar_one() or ZERO


def sums_among(session: Session, entries: Entries) -> Sums:
    """What `entries` alone book, as checkpoints tell it apart."""
    booked = _booked(entries).subquery()
    total = func.sum(booked.c.amount)
    rows = session.execute(
        select(booked.c.account, booked.c.subject, total.label("sum")).group_by(booked.c.account, booked.c.subject)
    )
    return {(row.account, row.subject): row.sum for row in rows if row.sum}


def add_checkpoint(session: Session, closing_id: uuid.UUID, previous: uuid.UUID | None, entries: Entries) -> None:
    """Write down a till's balances at a Z: those of the `previous` one and what `entries` have booked since."""
    carried = select(CheckpointRow.account, CheckpointRow.subject, CheckpointRow.balance.label("amount")).where(
        CheckpointRow.closing_id == previous
    )
    both = union_all(carried, _booked(entries)).subquery()
    total = func.sum(both.c.amount)
    rows = (
        select(literal(closing_id), both.c.account, both.c.subject, total)
        .group_by(both.c.account, both.c.subject)
        .having(total != ZERO)
    )
    session.execute(insert(CheckpointRow).from_select(["closing_id", "account", "subject", "balance"], rows))


def checkpoint(session: Session, closing_id: uuid.UUID) -> Sums:
    """The balances that were written down at a Z."""
    rows = session.execute(select(CheckpointRow.__table__).where(CheckpointRow.closing_id == closing_id))
    return {(row.account, row.subject): row.balance for row in rows}


def balance_at(session: Session, closing_id: uuid.UUID, account: Account, subject: str) -> Money:
    """The balance of a subject that was written down at a Z."""
    found = session.execute(
        select(CheckpointRow.balance).where(
            CheckpointRow.closing_id == closing_id,
            CheckpointRow.account == account.value,
            CheckpointRow.subject == subject,
        )
    )
    return found.scalar_one_or_none() or ZERO


def _booked(entries: Entries) -> Select[str, str, Money]:
    subject = case((PostingRow.account.in_([a.value for a in _BY_SUBJECT]), PostingRow.subject), else_=_WHOLE)
    return select(PostingRow.account, subject.label("subject"), PostingRow.amount.label("amount")).where(
        PostingRow.entry_id.in_(entries)
    )
