"""After a crash: what was booked gets its signature and receipt, what was not is ended at the TSE as aborted.

Architecture 4, "After a crash". All of it is a query over the books and the TSE, never a list in memory.
"""

from __future__ import annotations

import itertools
import uuid

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from till.app.paper import enqueue_receipt
from till.app.recording import keep_answer, process_of
from till.app.workplace import Workplace
from till.business_case import BonTyp
from till.db.context import Context
from till.documents import find
from till.documents.model import Document, DocumentKind, Draft, Reference
from till.documents.models import DocumentRow
from till.documents.post import post
from till.fiscal import recording
from till.fiscal.model import Outage, TransactionState
from till.fiscal.models import SignatureRow, TseTransactionRow
from till.fiscal.process_data import ProcessType, abort_process_data
from till.fiscal.recorder import Finished, Recorder, TseError
from till.sales import saved
from till.sales.aborted import aborted_id
from till.shifts.models import ClosingRow


def recover(workplace: Workplace, recorder: Recorder) -> None:
    """Bring books and TSE together again; runs on the TSE's thread before the till sells.

    Raises TseError when the TSE can't be asked; unsigned documents then get outage receipts from the caller.
    """
    _end_open_transactions(workplace, recorder)
    for document in unsigned(workplace):
        _sign_again(workplace, recorder, document)


def unsigned(workplace: Workplace) -> list[Document]:
    """The documents of this till since the last Z but one that have no signature and no outage, by number."""
    till_id = workplace.settings.till_id
    signed = exists().where(SignatureRow.document_id == DocumentRow.id)
    with workplace.database.read() as session:
        first = session.execute(
            select(func.max(ClosingRow.first_number)).where(ClosingRow.till_id == till_id)
        ).scalar_one()
        numbers = session.scalars(
            select(DocumentRow.id)
            .where(DocumentRow.till_id == till_id, DocumentRow.number >= (first or 0), ~signed)
            .order_by(DocumentRow.number)
        ).all()
        found = (find.document(session, document_id) for document_id in numbers)
        return [document for document in found if document is not None]


def mark_outage(workplace: Workplace, error: TseError) -> None:
    """The TSE can't be asked at the start: what is unsigned gets an outage receipt (60-fiscal A2.6)."""
    outage = Outage(workplace.settings.till_id, error.failure, str(error), workplace.clock.now())
    for document in unsigned(workplace):
        _keep(workplace, document, None, outage)


def _end_open_transactions(workplace: Workplace, recorder: Recorder) -> None:
    client_id = workplace.settings.till_id
    serial = recorder.details().identity.serial
    for number in recorder.open_transactions(client_id):
        with workplace.database.read() as session:
            known = recording.transaction(session, serial, number)
            document = find.document(session, known.order_id) if known else None
            answered = document is not None and recording.signature_of(session, document.id) is not None
        if document is not None and not answered:
            process, content = process_of(document)
            _keep(workplace, document, recorder.finish(client_id, number, process.value, content), None)
            continue
        ended = recorder.finish(client_id, number, ProcessType.KASSENBELEG.value, abort_process_data())
        _note_aborted(workplace, ended, known.order_id if known and document is None else None)


def _note_aborted(workplace: Workplace, ended: Finished, order_id: uuid.UUID | None) -> None:
    """Write the AVBelegabbruch; the restored basket of that order names it as its reference."""

    def work(session: Session) -> None:
        context = workplace.context(needs_shift=False)
        document = _aborted_document(session, context, order_id)
        recording.remember_end(session, ended, TransactionState.ABORTED)
        keep_answer(session, document, ended, None)
        _refer(session, workplace, document, order_id)

    workplace.database.run(work)


def _aborted_document(session: Session, context: Context, order_id: uuid.UUID | None) -> Document:
    """The aborted document of this order that still waits for its signature, else a new one without lines."""
    if order_id is None:
        return post(session, context, _aborted_draft(context, uuid.uuid4()))
    for count in itertools.count():
        found = find.document(session, aborted_id(order_id, count))
        if found is None:
            return post(session, context, _aborted_draft(context, aborted_id(order_id, count)))
        if recording.signature_of(session, found.id) is None:
            return found
    raise AssertionError("unreachable")  # pragma: no cover


def _refer(session: Session, workplace: Workplace, aborted: Document, order_id: uuid.UUID | None) -> None:
    sale = saved.saved(session, workplace.settings.till_id)
    if sale is None or sale.basket.order_id != order_id or aborted.id in {r.document_id for r in sale.references}:
        return
    reference = Reference(aborted.till_id, aborted.number, aborted.id)
    again = saved.SavedSale(sale.basket, sale.tendered, (*sale.references, reference))
    saved.save(session, workplace.settings.till_id, again, workplace.clock.now())


def _aborted_draft(context: Context, draft_id: uuid.UUID) -> Draft:
    return Draft(draft_id, DocumentKind.ABORTED, BonTyp.ABBRUCH, context.now)


def _sign_again(workplace: Workplace, recorder: Recorder, document: Document) -> None:
    """Finished but not stored: the TSE still knows the answer. Never reached the TSE: sign it now."""
    client_id = workplace.settings.till_id
    process, content = process_of(document)
    number = _number_at_tse(workplace, document.id)
    finished = recorder.lookup(number) if number is not None else None
    if finished is None or finished.process_data != content:
        started = recorder.start(client_id)
        finished = recorder.finish(client_id, started.transaction_number, process.value, content)
    _keep(workplace, document, finished, None)


def _number_at_tse(workplace: Workplace, order_id: uuid.UUID) -> int | None:
    with workplace.database.read() as session:
        return session.execute(
            select(func.max(TseTransactionRow.transaction_number)).where(TseTransactionRow.order_id == order_id)
        ).scalar_one()


def _keep(workplace: Workplace, document: Document, finished: Finished | None, outage: Outage | None) -> None:
    def work(session: Session) -> None:
        keep_answer(session, document, finished, outage)
        enqueue_receipt(session, workplace, document)

    workplace.database.run(work)
