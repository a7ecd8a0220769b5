"""Signs what is booked: commit, then the TSE on its own thread, then signature and print job in one transaction."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import Future

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from till.app.afterwork import Write, nothing
from till.app.paper import owe, owed_paper
from till.app.workplace import Workplace
from till.business_case import BonTyp, ZahlartTyp
from till.db.locks import Lock, LockKind, hold
from till.documents import find
from till.documents.model import Document, DocumentKind
from till.documents.models import DocumentRow
from till.fiscal import outages, recording
from till.fiscal.model import Outage, Signature, TransactionState
from till.fiscal.models import SignatureRow
from till.fiscal.process_data import PaymentSum, ProcessType, abort_process_data, receipt_process_data
from till.fiscal.recorder import Finished, Started, TseError, TseFailure
from till.fiscal.signing import EndedLate, OutageBegan, Ready, SigningEvent, SigningThread, StartedLate
from till.printing.job import NewJob
from till.receipts.sanitize import printable
from till.shifts.models import ClosingRow

_log = logging.getLogger(__name__)
_OF_THEIR_DESK = frozenset({DocumentKind.ABORTED, DocumentKind.TRAINING_ABORTED})


class Recording:
    """The till's way to its TSE. Nothing here ever makes the counter wait (60-fiscal A0.3)."""

    def __init__(self, workplace: Workplace, thread: SigningThread, printed: Callable[[], None]) -> None:
        """`printed` is called once a receipt is owed to the printer."""
        self._workplace = workplace
        self._thread = thread
        self._printed = printed
        self._under_way: set[uuid.UUID] = set()
        self._caught_up: set[uuid.UUID] = set()
        self._claiming = threading.Lock()
        thread.listen(self._note_event)

    def begin(self, order_id: uuid.UUID) -> None:
        """Start the order's TSE transaction: at its first line (60-fiscal A2.1)."""
        self._thread.begin(order_id).add_done_callback(lambda future: self._note_start(order_id, future))

    def sign(self, document: Document, then: Callable[[], None] = nothing) -> None:
        """Have a booked document signed and its receipt printed; an outage receipt when the TSE fails."""
        if not self._claims(document.id):
            return
        process, content = process_of(document)
        future = self._thread.finish(document.id, process, content)
        future.add_done_callback(lambda done: self._keep(document, done, then))

    def catch_up(self) -> None:
        """Sign what a desk booked but was never told of, as the answer was lost: the books are asked.

        Aborted sales are left to their desk, which alone knows their TSE transaction.
        """
        found: list[Document] = []

        def look() -> None:
            found[:] = [one for one in unsigned(self._workplace) if one.draft.kind not in _OF_THEIR_DESK]

        def sign() -> None:
            for document in found:
                self.sign(document)
                self._caught_up.add(document.id)

        self._workplace.afterwork.do(Write(lambda _session: None, sign, "catch up", look))

    def abort(self, document: Document, order_id: uuid.UUID) -> None:
        """End the order's transaction as AVBelegabbruch and keep the signature with the aborted document.

        What was practised ends as the AVTraining that it is.
        """
        if document.draft.bon_typ is BonTyp.TRAINING:
            ended = self._thread.finish(order_id, ProcessType.KASSENBELEG, abort_process_data(BonTyp.TRAINING))
            ended.add_done_callback(lambda done: self._keep(document, done, nothing))
            return
        future = self._thread.abort(order_id)
        future.add_done_callback(lambda done: self._keep(document, done, nothing))

    def _claims(self, document_id: uuid.UUID) -> bool:
        """Whether nobody has had this document signed yet: its desk and `catch_up` may both come to it."""
        with self._claiming:
            if document_id in self._under_way | self._caught_up:
                return False
            self._under_way.add(document_id)
            return True

    def _note_start(self, order_id: uuid.UUID, future: Future[Started]) -> None:
        if future.exception() is None:
            started = future.result()
            till_id = self._workplace.settings.till_id
            self._write(lambda session: recording.remember_start(session, till_id, order_id, started))

    def _keep(
        self, document: Document, future: Future[Finished] | Future[Finished | None], then: Callable[[], None]
    ) -> None:
        error = future.exception()
        finished = None if error is not None else future.result()
        outage = None if finished is not None else self._outage(error)

        owed: list[NewJob] = []

        def prepare() -> None:
            owed[:] = owed_paper(self._workplace, Signature(document.id, document.till_id, finished, outage))

        def work(session: Session) -> None:
            keep_answer(session, document, finished, outage)
            owe(session, owed, self._workplace.clock.now())

        def done() -> None:
            self._under_way.discard(document.id)
            self._printed()
            then()

        self._workplace.afterwork.do(Write(work, done, prepare=prepare))

    def _outage(self, error: BaseException | None) -> Outage:
        known = self._thread.outage
        failure = error.failure if isinstance(error, TseError) else TseFailure.UNREACHABLE
        if error is not None and not isinstance(error, TseError):
            _log.error("signing failed unexpectedly", exc_info=error)
        since = known.since if known else self._workplace.clock.now()
        return Outage(self._workplace.settings.till_id, failure, str(error or "no transaction"), since)

    def _note_event(self, event: SigningEvent) -> None:
        till_id, now = self._workplace.settings.till_id, self._workplace.clock.now()
        match event:
            case OutageBegan(failure, reason, since):
                began = Outage(till_id, failure, reason, since)
                self._write(lambda session: outages.outage_began(session, began))
            case Ready():
                self._write(lambda session: outages.outage_ended(session, till_id, now))
            case StartedLate(order_id, started):
                self._write(lambda session: recording.remember_start(session, till_id, order_id, started))
            case EndedLate(_, finished):
                aborted = finished.process_data == abort_process_data()
                state = TransactionState.ABORTED if aborted else TransactionState.FINISHED
                self._write(lambda session: recording.remember_end(session, finished, state))

    def _write(self, work: Callable[[Session], object]) -> None:
        self._workplace.afterwork.do(Write(work))


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


def keep_answer(session: Session, document: Document, finished: Finished | None, outage: Outage | None) -> None:
    """Store the TSE's answer for a document; one that is stored already stays as it is."""
    hold(session, [Lock(LockKind.TILL, document.till_id)])
    if recording.signature_of(session, document.id) is not None:
        return
    if finished is not None:
        recording.store_signature(session, document.till_id, document.id, finished)
    elif outage is not None:
        recording.store_outage(session, document.id, outage)


def process_of(document: Document) -> tuple[ProcessType, str]:
    """Give processType and processData of a document (60-fiscal A2.2); the Z carries the chain's head as anchor outside.

    Words that somebody typed become one line without the ";" that parts the fields of the QR code.
    """
    draft = document.draft
    if draft.bon_typ is BonTyp.SONSTIGE:
        told = " ".join(part for part in (draft.bon_name, draft.note) if part)
        return ProcessType.SONSTIGER_VORGANG, printable(told).replace("\n", " ").replace(";", ",")
    gross = {vat.vat_key: vat.gross for vat in draft.vat}
    payments = [PaymentSum(p.zahlart_typ is ZahlartTyp.BAR, p.amount) for p in draft.payments]
    return ProcessType.KASSENBELEG, receipt_process_data(draft.bon_typ, gross, payments)
