"""Tables of the TSE's side of the books: transactions under way, signatures, the TSEs themselves and their outages."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from till.db.base import Base
from till.db.protect import append_only
from till.db.types import Code, Digest, Prose

_IS_OPEN = text("state = 'open'")


class TseTransactionRow(Base):
    """A transaction started at a TSE; mutable, so that after a crash an open one is found and its order with it."""

    __tablename__ = "tse_transaction"
    __table_args__ = (
        Index("uq_tse_transaction_open_order", "order_id", unique=True, sqlite_where=_IS_OPEN),
        Index("ix_tse_transaction_open_till", "till_id", sqlite_where=_IS_OPEN),
    )

    tse_serial: Mapped[Digest] = mapped_column(primary_key=True)
    transaction_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    till_id: Mapped[Code]
    order_id: Mapped[uuid.UUID]
    started_at: Mapped[dt.datetime]
    start_counter: Mapped[int]
    state: Mapped[Code]


class TseRow(Base):
    """A TSE that has signed for this shop, as it named itself then."""

    __tablename__ = "tse"

    serial: Mapped[Digest] = mapped_column(primary_key=True)
    public_key: Mapped[Prose]
    algorithm: Mapped[Code]
    log_time_format: Mapped[Code]
    certificate: Mapped[Prose | None]
    is_test: Mapped[bool]


class SignatureRow(Base):
    """What the TSE answered for a document: its signature, or the outage in which it gave none."""

    __tablename__ = "signature"
    __table_args__ = (
        UniqueConstraint("tse_serial", "transaction_number"),
        UniqueConstraint("tse_serial", "signature_counter"),
        CheckConstraint("(value IS NULL) <> (failure IS NULL)", name="signed_or_outage"),
    )

    document_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("document.id"), primary_key=True)
    till_id: Mapped[Code]
    tse_serial: Mapped[Digest | None] = mapped_column(ForeignKey("tse.serial"))
    transaction_number: Mapped[int | None]
    signature_counter: Mapped[int | None]
    start_time: Mapped[dt.datetime | None]
    log_time: Mapped[dt.datetime | None]
    client_id: Mapped[Code | None]
    process_type: Mapped[Code | None]
    process_data: Mapped[Prose | None]
    value: Mapped[Prose | None]
    failure: Mapped[Code | None]
    reason: Mapped[Prose | None]
    outage_since: Mapped[dt.datetime | None]


class TseOutageRow(Base):
    """The begin or the end of an outage (AEAO zu § 146a Nr. 1.14), numbered without gaps per till."""

    __tablename__ = "tse_outage"

    till_id: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    event: Mapped[Code]
    at: Mapped[dt.datetime]
    failure: Mapped[Code]
    reason: Mapped[Prose]


for _row in (TseRow, SignatureRow, TseOutageRow):
    append_only(_row)
