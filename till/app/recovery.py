"""After a crash: what was booked gets its signature and receipt, what was not is ended at the TSE as aborted.

Architecture 4, "After a crash". All of it is a query over the books and the TSE, never a list in memory.
"""

from __future__ import annotations

import datetime as dt
import itertools
import threading
import uuid
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from till.app import open_sale
from till.app.afterwork import Write
from till.app.paper import owe, owed_paper
from till.app.recording import keep_answer, process_of, unsigned
from till.app.workplace import Workplace
from till.business_case import BonTyp
from till.db.context import Context
from till.documents import find
from till.documents.model import FOR_CUSTOMERS, PRACTISED, Document, DocumentKind, Draft, Reference
from till.documents.post import post
from till.fiscal import recording
from till.fiscal.model import Outage, Signature, TransactionState
from till.fiscal.models import TseTransactionRow
from till.fiscal.process_data import ProcessType, abort_process_data
from till.fiscal.recorder import Finished, Recorder, TseError, TseFailure
from till.fiscal.signing import EndedLate, OutageBegan, Ready, SigningEvent, SigningThread
from till.sales import parked, saved
from till.sales.aborted import aborted_id
from till.sales.training import practised


class Recovery:
    """Brings books and TSE together as soon as the TSE speaks: before the till sells, or after an outage at the start."""

    def __init__(self, workplace: Workplace, thread: SigningThread, recorder: Recorder) -> None:
        """Listens to `thread`, which must not yet be launched."""
        self._workplace = workplace
        self._thread = thread
        self._recorder = recorder
        self._inherited: tuple[int, ...] | None = None
        self._is_done = False
        self._is_late = False
        self._error: BaseException | None = None
        self._has_spoken = threading.Event()
        thread.listen(self._note)

    def wait(self, limit_s: float) -> None:
        """Wait until the TSE has answered; what a dead one leaves unsigned gets its outage (60-fiscal A2.6)."""
        self._has_spoken.wait(limit_s)
        self._is_late = True
        if self._error is not None and not isinstance(self._error, TseError):
            raise self._error
        if not self._is_done:
            mark_outage(self._workplace, self._outage())

    def _note(self, event: SigningEvent) -> None:
        """On the TSE's thread: what is open at its first word was left by an earlier run."""
        match event:
            case Ready() if not self._is_done:
                if self._inherited is None:
                    self._inherited = self._recorder.open_transactions(self._workplace.settings.till_id)
                self._thread.submit(self._recover).add_done_callback(self._note_end)
            case OutageBegan():
                self._has_spoken.set()
            case EndedLate(order_id, finished) if finished.process_data == abort_process_data():
                self._workplace.afterwork.do(
                    Write(lambda session: _post_aborted(session, self._workplace, finished, order_id))
                )

    def _recover(self, recorder: Recorder) -> None:
        left = set(self._inherited or ()) & set(recorder.open_transactions(self._workplace.settings.till_id))
        if self._is_late:
            _abort_all(self._workplace, recorder, left)
        else:
            recover(self._workplace, recorder, left)
        self._is_done = True

    def _note_end(self, future: Future[None]) -> None:
        self._error = future.exception()
        self._has_spoken.set()

    def _outage(self) -> Outage:
        known, till_id = self._thread.outage, self._workplace.settings.till_id
        if known is not None:
            return Outage(till_id, known.failure, known.reason, known.since)
        return Outage(till_id, TseFailure.UNREACHABLE, "no answer at the start", self._workplace.clock.now())


def recover(workplace: Workplace, recorder: Recorder, left_open: Iterable[int]) -> None:
    """End the transactions that an earlier run left open, then sign what it booked and did not sign.

    Runs on the TSE's thread before the till sells. Raises TseError when the TSE can't be asked.
    """
    for number in sorted(left_open):
        _end_open(workplace, recorder, number)
    for document in unsigned(workplace):
        _sign_again(workplace, recorder, document)


def mark_outage(workplace: Workplace, outage: Outage) -> None:
    """The TSE can't be asked at the start: what is unsigned gets an outage receipt (60-fiscal A2.6)."""
    for document in unsigned(workplace):
        _keep(workplace, document, None, outage)


def _end_open(workplace: Workplace, recorder: Recorder, number: int) -> None:
    client_id = workplace.settings.till_id
    order_id = _noted_order(workplace, recorder, number) or _unnoted_order(workplace)
    with workplace.database.read() as session:
        document = find.document(session, order_id) if order_id else None
        answered = document is not None and recording.signature_of(session, document.id) is not None
    if document is not None and not answered:
        process, content = process_of(document)
        _keep(workplace, document, recorder.finish(client_id, number, process.value, content), None)
        return
    ended = recorder.finish(client_id, number, ProcessType.KASSENBELEG.value, _ending(workplace, order_id))
    _note_aborted(workplace, ended, order_id if document is None else None)


def _noted_order(workplace: Workplace, recorder: Recorder, number: int) -> uuid.UUID | None:
    with workplace.database.read() as session:
        known = recording.transaction(session, recorder.details().identity.serial, number)
        return known.order_id if known else None


def _is_practised(session: Session, workplace: Workplace, order_id: uuid.UUID | None) -> bool:
    """Whether an order is training: it was booked or parked so; else the open one is what the till did when it stopped."""
    booked = find.document(session, order_id) if order_id else None
    if booked is not None:
        return booked.draft.kind in PRACTISED
    waiting = parked.is_practised(session, order_id) if order_id else None
    return workplace.is_training if waiting is None else waiting


def _ending(workplace: Workplace, order_id: uuid.UUID | None) -> str:
    with workplace.database.read() as session:
        is_training = _is_practised(session, workplace, order_id)
    return abort_process_data(BonTyp.TRAINING if is_training else BonTyp.ABBRUCH)


def _unnoted_order(workplace: Workplace) -> uuid.UUID | None:
    """A start that was not written down: of a sale that waits for its signature, else of the open or a parked basket."""
    for document in unsigned(workplace):
        if document.draft.kind in FOR_CUSTOMERS and _number_at_tse(workplace, document.id) is None:
            return document.id
    sale = open_sale.kept(workplace)
    baskets = [sale.basket.order_id] if sale is not None else []
    with workplace.database.read() as session:
        baskets += [one.order_id for one, _ in parked.running(session, workplace.settings.till_id)]
    unnoted = (order_id for order_id in baskets if _number_at_tse(workplace, order_id) is None)
    return next(unnoted, baskets[0] if baskets else None)


def _abort_all(workplace: Workplace, recorder: Recorder, numbers: Iterable[int]) -> None:
    """The till sells already: all that is left is to end them; what they were for has its outage or a basket."""
    client_id = workplace.settings.till_id
    for number in sorted(numbers):
        ending = _ending(workplace, _noted_order(workplace, recorder, number))
        ended = recorder.finish(client_id, number, ProcessType.KASSENBELEG.value, ending)
        _note_aborted(workplace, ended, None)


def _post_aborted(session: Session, workplace: Workplace, ended: Finished, order_id: uuid.UUID | None) -> None:
    """A transaction that was aborted after an outage is a Vorgang of its own; the outage receipt stays as it is."""
    at_tse = uuid.uuid5(uuid.NAMESPACE_OID, f"{ended.tse.serial} {ended.transaction_number}")
    draft = _aborted_draft(at_tse, ended.start_time, ended)
    if _is_practised(session, workplace, order_id):
        draft = replace(draft, kind=DocumentKind.TRAINING_ABORTED)
    document = post(session, _context(workplace), draft)
    keep_answer(session, document, ended, None)


def _note_aborted(workplace: Workplace, ended: Finished, order_id: uuid.UUID | None) -> None:
    """Write the AVBelegabbruch; the restored basket of that order names it as its reference."""

    def work(session: Session) -> None:
        context = _context(workplace)
        document = _aborted_document(session, context, order_id, ended)
        recording.remember_end(session, ended, TransactionState.ABORTED)
        keep_answer(session, document, ended, None)
        _refer(session, workplace, document, order_id)

    workplace.database.run(work)


def _aborted_document(session: Session, context: Context, order_id: uuid.UUID | None, ended: Finished) -> Document:
    """The aborted document of this order that still waits for its signature, else a new one without lines."""
    if order_id is None:
        return post(session, context, _aborted_draft(uuid.uuid4(), context.now, ended))
    for count in itertools.count():
        found = find.document(session, aborted_id(order_id, count))
        if found is None:
            return post(session, context, _aborted_draft(aborted_id(order_id, count), context.now, ended))
        if recording.signature_of(session, found.id) is None:
            return found
    raise AssertionError("unreachable")  # pragma: no cover


def _refer(session: Session, workplace: Workplace, aborted: Document, order_id: uuid.UUID | None) -> None:
    reference = Reference(aborted.till_id, aborted.number, aborted.id)
    if order_id is not None:
        parked.note_ended(session, order_id, reference)
    sale = open_sale.readable(session, workplace.settings.till_id)
    if sale is None or sale.basket.order_id != order_id or aborted.id in {r.document_id for r in sale.references}:
        return
    again = saved.SavedSale(sale.basket, sale.tendered, (*sale.references, reference))
    saved.save(session, workplace.settings.till_id, again, workplace.clock.now())


def _aborted_draft(draft_id: uuid.UUID, started_at: dt.datetime, ended: Finished) -> Draft:
    """What the TSE has signed is what it was."""
    draft = Draft(draft_id, DocumentKind.ABORTED, BonTyp.ABBRUCH, started_at)
    is_training = ended.process_data == abort_process_data(BonTyp.TRAINING)
    return practised(draft) if is_training else draft


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
    owed = owed_paper(workplace, Signature(document.id, document.till_id, finished, outage))

    def work(session: Session) -> None:
        keep_answer(session, document, finished, outage)
        owe(session, owed, workplace.clock.now())

    workplace.database.run(work)


def _context(workplace: Workplace) -> Context:
    """What a crash left open must be ended whatever the clock says, or the till could never be opened to set it right."""
    return replace(workplace.context(needs_shift=False), clock_confirmed=True)
