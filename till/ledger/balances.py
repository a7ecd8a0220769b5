"""Balances are sums of postings; nothing is cached."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from till.ledger.account import Account
from till.ledger.models import PostingRow
from till.money import ZERO, Money

_BALANCE = select(func.sum(PostingRow.amount)).where(
    PostingRow.account == bindparam("account"), PostingRow.subject == bindparam("subject")
)


def balance(session: Session, account: Account, subject: str) -> Money:
    """The balance of one subject on an account; debit +, credit -."""
    return session.execute(_BALANCE, {"account": account.value, "subject": subject}).scalar_one() or ZERO


def balances(session: Session, accounts: Iterable[Account]) -> dict[tuple[Account, str], Money]:
    """The balances of all subjects of `accounts`, zero ones left out. Reads every posting of them."""
    rows = session.execute(
        select(PostingRow.account, PostingRow.subject, func.sum(PostingRow.amount).label("sum"))
        .where(PostingRow.account.in_([account.value for account in accounts]))
        .group_by(PostingRow.account, PostingRow.subject)
    )
    return {(Account(row.account), row.subject): row.sum for row in rows if row.sum}
