"""Tables of the ledger and of the hash chain, with the triggers that seal an entry."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from till.db.base import Base
from till.db.protect import PostgresFunction, Trigger, append_only, own_function, own_trigger
from till.db.types import Code, Digest
from till.money import Money


class EntryRow(Base):
    """The seal of an entry: inserted after its postings, and only when they are whole and balanced."""

    __tablename__ = "ledger_entry"
    __table_args__ = (UniqueConstraint("reverses"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    till_id: Mapped[Code]
    reason: Mapped[Code]
    document_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    booked_at: Mapped[dt.datetime]
    business_date: Mapped[dt.date]
    shift_id: Mapped[uuid.UUID | None]
    user_id: Mapped[Code]
    reverses: Mapped[uuid.UUID | None]
    legs: Mapped[int]


class PostingRow(Base):
    """One leg of an entry."""

    __tablename__ = "ledger_posting"
    __table_args__ = (CheckConstraint("amount <> 0", name="not_zero"), Index(None, "account", "subject"))

    entry_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("ledger_entry.id", deferrable=True, initially="DEFERRED"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[Code]
    subject: Mapped[Code]
    amount: Mapped[Money]


class ChainRow(Base):
    """One link of a till's chain: the digest of a record and the hash that ties it to the link before."""

    __tablename__ = "chain_link"
    __table_args__ = (UniqueConstraint("kind", "record_id"),)

    till_id: Mapped[Code] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[Code]
    record_id: Mapped[Digest]
    format_version: Mapped[int]
    content: Mapped[Digest]
    previous: Mapped[Digest]
    hash: Mapped[Digest]


class CheckpointRow(Base):
    """A till's balance of one account and subject at a Z, so that later sums start there (never per voucher)."""

    __tablename__ = "ledger_checkpoint"

    closing_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    account: Mapped[Code] = mapped_column(primary_key=True)
    subject: Mapped[Code] = mapped_column(primary_key=True)
    balance: Mapped[Money]


for _row in (EntryRow, PostingRow, ChainRow, CheckpointRow):
    append_only(_row)

_UNBALANCED = (
    "SELECT COUNT(*) <> NEW.legs OR COUNT(*) < 2 OR MAX(position) <> NEW.legs - 1 OR SUM(amount) <> 0 "
    "FROM {posting} WHERE entry_id = NEW.id"
)
_SEAL = own_function(
    PostgresFunction(
        "till_entry_seal",
        f" BEGIN IF ({_UNBALANCED.format(posting='public.ledger_posting')}) "
        "THEN RAISE EXCEPTION 'entry is not balanced'; END IF; RETURN NEW; END ",
    )
)
_SEALED = own_function(
    PostgresFunction(
        "till_posting_sealed",
        " BEGIN IF EXISTS (SELECT 1 FROM public.ledger_entry WHERE id = NEW.entry_id) "
        "THEN RAISE EXCEPTION 'entry is sealed'; END IF; RETURN NEW; END ",
    )
)
_OWNED = own_function(
    PostgresFunction(
        "till_posting_owned",
        " BEGIN IF NOT EXISTS (SELECT 1 FROM public.ledger_entry WHERE id = NEW.entry_id AND NEW.position < legs) "
        "THEN RAISE EXCEPTION 'entry is sealed'; END IF; RETURN NULL; END ",
    )
)
own_trigger(
    "sqlite",
    Trigger(
        "ledger_entry_seal",
        "ledger_entry",
        "CREATE TRIGGER ledger_entry_seal BEFORE INSERT ON ledger_entry "
        f"WHEN ({_UNBALANCED.format(posting='ledger_posting')}) "
        "BEGIN SELECT RAISE(ABORT, 'entry is not balanced'); END",
    ),
)
own_trigger(
    "sqlite",
    Trigger(
        "ledger_posting_sealed",
        "ledger_posting",
        "CREATE TRIGGER ledger_posting_sealed BEFORE INSERT ON ledger_posting "
        "WHEN EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.entry_id) "
        "BEGIN SELECT RAISE(ABORT, 'entry is sealed'); END",
    ),
)
own_trigger(
    "postgresql",
    Trigger(
        "ledger_entry_seal",
        "ledger_entry",
        f"CREATE TRIGGER ledger_entry_seal BEFORE INSERT ON public.ledger_entry FOR EACH ROW {_SEAL.call}",
    ),
)
own_trigger(
    "postgresql",
    Trigger(
        "ledger_posting_sealed",
        "ledger_posting",
        f"CREATE TRIGGER ledger_posting_sealed BEFORE INSERT ON public.ledger_posting FOR EACH ROW {_SEALED.call}",
    ),
)
own_trigger(
    "postgresql",
    Trigger(
        "ledger_posting_owned",
        "ledger_posting",
        "CREATE CONSTRAINT TRIGGER ledger_posting_owned AFTER INSERT ON public.ledger_posting "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW {_OWNED.call}",
    ),
)
