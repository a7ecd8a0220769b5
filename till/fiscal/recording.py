"""Writes what the TSE answered into the books, and reads it back for receipts, exports and the recovery after a crash."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, insert, select, text, update
from sqlalchemy.orm import Session

from till.db.locks import Lock, LockKind, hold
from till.fiscal import outages
from till.fiscal.model import Outage, Signature, TransactionState, TseTransaction
from till.fiscal.models import SignatureRow, TseRow, TseTransactionRow
from till.fiscal.recorder import Finished, LogTimeFormat, Started, TseFailure, TseIdentity
from till.ledger import chain


def remember_start(session: Session, till_id: str, order_id: uuid.UUID, started: Started) -> None:
    """Note that the order's transaction is open at the TSE; the same start again changes nothing.

    An older transaction of the order that is still noted as open counts as aborted: the till uses the newest.
    """
    if transaction(session, started.serial, started.transaction_number) is not None:
        return
    session.execute(
        update(TseTransactionRow)
        .where(TseTransactionRow.order_id == order_id, TseTransactionRow.state == TransactionState.OPEN.value)
        .values(state=TransactionState.ABORTED.value)
    )
    session.execute(
        insert(TseTransactionRow),
        {
            "tse_serial": started.serial,
            "transaction_number": started.transaction_number,
            "till_id": till_id,
            "order_id": order_id,
            "started_at": started.log_time,
            "start_counter": started.signature_counter,
            "state": TransactionState.OPEN.value,
        },
    )


def remember_end(session: Session, finished: Finished, state: TransactionState) -> None:
    """Note that a transaction is over; unknown ones are passed over."""
    session.execute(
        update(TseTransactionRow)
        .where(
            TseTransactionRow.tse_serial == finished.tse.serial,
            TseTransactionRow.transaction_number == finished.transaction_number,
        )
        .values(state=state.value)
    )


def open_transactions(session: Session, till_id: str) -> tuple[TseTransaction, ...]:
    """What this till believes to be open at the TSE, by number."""
    rows = session.execute(
        _TRANSACTIONS.where(
            TseTransactionRow.till_id == till_id, TseTransactionRow.state == TransactionState.OPEN.value
        ).order_by(TseTransactionRow.transaction_number)
    )
    return tuple(_transaction(row) for row in rows)


def open_transaction_of(session: Session, order_id: uuid.UUID) -> TseTransaction | None:
    """The transaction that is noted as open for an order."""
    row = session.execute(
        _TRANSACTIONS.where(
            TseTransactionRow.order_id == order_id, TseTransactionRow.state == TransactionState.OPEN.value
        )
    ).first()
    return _transaction(row) if row else None


def transaction(session: Session, tse_serial: str, transaction_number: int) -> TseTransaction | None:
    """A transaction by its number at the TSE, whatever its state; says which order it was for."""
    row = session.execute(
        _TRANSACTIONS.where(
            TseTransactionRow.tse_serial == tse_serial, TseTransactionRow.transaction_number == transaction_number
        )
    ).first()
    return _transaction(row) if row else None


def store_signature(session: Session, till_id: str, document_id: uuid.UUID, finished: Finished) -> Signature:
    """Keep the document's signature for good and close its transaction; the second row of the till's chain for a sale."""
    hold(session, [Lock(LockKind.TILL, till_id)])
    _remember_tse(session, till_id, finished.tse)
    remember_end(session, finished, TransactionState.FINISHED)
    outages.signed(session, till_id, finished.log_time)
    return _store(session, Signature(document_id, till_id, finished=finished))


def store_outage(session: Session, document_id: uuid.UUID, outage: Outage) -> Signature:
    """Keep for good that the document was made while the TSE did not sign; it is never signed later (60-fiscal A2.6).

    The log of outages has that outage from then on, whoever noted it first.
    """
    return _store(session, Signature(document_id, outage.till_id, outage=outages.noted(session, outage)))


def signature_of(session: Session, document_id: uuid.UUID) -> Signature | None:
    """The TSE's answer for a document; None if it is still to be signed."""
    return signatures_of(session, (document_id,)).get(document_id)


def signatures_of(session: Session, document_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Signature]:
    """The TSE's answers for some hundred documents at once, by document; those without one are left out."""
    rows = session.execute(_SIGNATURES.where(SignatureRow.document_id.in_(document_ids)))
    return {row.document_id: _signature(row) for row in rows}


def tses(session: Session) -> tuple[TseIdentity, ...]:
    """All TSEs that have signed for this shop, by serial (DSFinV-K Stamm_TSE)."""
    return tuple(_identity(row) for row in session.execute(select(TseRow.__table__).order_by(TseRow.serial)))


def signature_record(signature: Signature) -> chain.Record:
    """A signature or outage as the chain covers it."""
    return {"till": signature.till_id, **_answer_values(signature), "document_id": signature.document_id}


def _store(session: Session, signature: Signature) -> Signature:
    hold(session, [Lock(LockKind.TILL, signature.till_id)])
    row = {"document_id": signature.document_id, "till_id": signature.till_id, **_answer_values(signature)}
    session.execute(insert(SignatureRow), row)
    document_id = str(signature.document_id)
    chain.extend(session, signature.till_id, chain.RecordKind.SIGNATURE, document_id, signature_record(signature))
    return signature


def _answer_values(signature: Signature) -> dict[str, Any]:
    """The columns of the answer: those of the signature, or those of the outage."""
    if signature.outage is not None:
        outage = signature.outage
        return {"failure": outage.failure.value, "reason": outage.reason, "outage_since": outage.since}
    finished = signature.finished
    assert finished is not None  # noqa: S101 - Signature refuses to have neither
    return {
        "tse_serial": finished.tse.serial,
        "transaction_number": finished.transaction_number,
        "signature_counter": finished.signature_counter,
        "start_time": finished.start_time,
        "log_time": finished.log_time,
        "client_id": finished.client_id,
        "process_type": finished.process_type,
        "process_data": finished.process_data,
        "value": finished.signature,
    }


_REMEMBER_TSE = text(
    "INSERT INTO tse (serial, public_key, algorithm, log_time_format, certificate, is_test) "
    "VALUES (:serial, :public_key, :algorithm, :log_time_format, :certificate, :is_test) ON CONFLICT DO NOTHING"
)


def _remember_tse(session: Session, till_id: str, tse: TseIdentity) -> None:
    """The till that it signs for first has it in its chain; another till may be as quick."""
    if session.execute(select(TseRow.serial).where(TseRow.serial == tse.serial)).first() is not None:
        return
    record = tse_record(tse)
    if session.connection().execute(_REMEMBER_TSE, record).rowcount:
        chain.extend(session, till_id, chain.RecordKind.TSE, tse.serial, record)


def tse_record(tse: TseIdentity) -> dict[str, Any]:
    """A TSE as the chain covers it: the values of its row."""
    return {
        "serial": tse.serial,
        "public_key": tse.public_key,
        "algorithm": tse.algorithm,
        "log_time_format": tse.log_time_format.value,
        "certificate": tse.certificate,
        "is_test": tse.is_test,
    }


_TRANSACTIONS = select(TseTransactionRow.__table__)
_SIGNATURES: Select[Any] = select(SignatureRow.__table__, TseRow.__table__).outerjoin(
    TseRow, TseRow.serial == SignatureRow.tse_serial
)


def _transaction(row: Row[Any]) -> TseTransaction:
    return TseTransaction(
        tse_serial=row.tse_serial,
        transaction_number=row.transaction_number,
        till_id=row.till_id,
        order_id=row.order_id,
        started_at=row.started_at,
        start_counter=row.start_counter,
        state=TransactionState(row.state),
    )


def _signature(row: Row[Any]) -> Signature:
    if row.failure is not None:
        outage = Outage(row.till_id, TseFailure(row.failure), row.reason, row.outage_since)
        return Signature(row.document_id, row.till_id, outage=outage)
    finished = Finished(
        transaction_number=row.transaction_number,
        signature_counter=row.signature_counter,
        start_time=row.start_time,
        log_time=row.log_time,
        signature=row.value,
        client_id=row.client_id,
        process_type=row.process_type,
        process_data=row.process_data,
        tse=_identity(row),
    )
    return Signature(row.document_id, row.till_id, finished=finished)


def _identity(row: Row[Any]) -> TseIdentity:
    return TseIdentity(
        serial=row.serial,
        public_key=row.public_key,
        algorithm=row.algorithm,
        log_time_format=LogTimeFormat(row.log_time_format),
        certificate=row.certificate,
        is_test=row.is_test,
    )
