"""Receipts: built from a booked document and its signature, owed to the printer, shown, reprinted, saved as PDF."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.app.day_paper import x_figures, z_figures
from till.app.needs import needs
from till.app.scanning import receipt_with
from till.app.shop_header import header_of, logos_of
from till.app.views import ClosingEntry, ReceiptEntry
from till.app.voucher_paper import SLIP_ROLE, label_of, paper_of, role_of
from till.app.workplace import Workplace
from till.audit import trail
from till.catalog.barcodes import receipt_barcode
from till.documents import find
from till.documents.model import FOR_CUSTOMERS, PRACTISED, SOLD, Document, DocumentKind
from till.documents.models import DocumentRow
from till.errors import Refused
from till.fiscal.model import Signature
from till.fiscal.qr import qr_text
from till.fiscal.recording import signature_of
from till.i18n import Translator, msg
from till.pages.saving import save_pdf
from till.printing.job import NewJob
from till.printing.jobs import enqueue, enqueue_copy
from till.receipts import source
from till.receipts.build import build
from till.receipts.closing import x_report
from till.receipts.document import Receipt, to_json
from till.shifts import closing
from till.shifts.interim import interim
from till.shifts.shop_then import shop_then
from till.staff.permission import Permission
from till.vouchers.model import Voucher
from till.vouchers.standing import issued_by

ROLE = SLIP_ROLE
_WITH_RECEIPT = (
    *FOR_CUSTOMERS,
    DocumentKind.OPENING_FLOAT,
    DocumentKind.COUNT_DIFFERENCE,
    DocumentKind.CASH_MOVEMENT,
    DocumentKind.CASH_REVERSAL,
    DocumentKind.CLOSING,
    DocumentKind.NO_SALE,
    DocumentKind.VOUCHER_REPLACEMENT,
)


class ReceiptDesk:
    """The receipts of this till: the last ones, one by its number, as picture, PDF and once more on paper."""

    def __init__(self, workplace: Workplace, look_at_printer: Callable[[], None]) -> None:
        """`look_at_printer` is called once something new is owed to the printer."""
        self._workplace = workplace
        self._look_at_printer = look_at_printer

    def recent(self, limit: int = 50) -> tuple[ReceiptEntry, ...]:
        """The newest sales, newest first; those of training among them, and marked."""
        till_id = self._workplace.settings.till_id
        with self._workplace.database.read() as session:
            rows = session.execute(
                select(DocumentRow.id, DocumentRow.number, DocumentRow.ended_at, DocumentRow.total, DocumentRow.kind)
                .where(DocumentRow.till_id == till_id, DocumentRow.kind.in_([kind.value for kind in FOR_CUSTOMERS]))
                .order_by(DocumentRow.number.desc())
                .limit(limit)
            )
            return tuple(
                ReceiptEntry(row.id, row.number, row.ended_at, row.total, DocumentKind(row.kind) in PRACTISED)
                for row in rows
            )

    def last(self) -> Document | None:
        """The newest sale, in training the newest that was practised, or None."""
        # Where nothing was practised yet the beginning of the training ends the search, not the first document ever.
        practised = (DocumentKind.TRAINING_SALE, DocumentKind.TRAINING_BEGAN)
        kinds = practised if self._workplace.is_training else (DocumentKind.SALE,)
        with self._workplace.database.read() as session:
            newest = find.latest(session, self._workplace.settings.till_id, kinds)
        return newest[0] if newest and newest[0].draft.kind in SOLD else None

    def find(self, number: int) -> Document:
        """The receipt with this number; Refused when there is none (T9)."""
        with self._workplace.database.read() as session:
            return receipt_with(session, self._workplace.settings.till_id, number)

    def vouchers_of(self, document_id: uuid.UUID) -> tuple[Voucher, ...]:
        """The vouchers that a receipt sold (V24)."""
        with self._workplace.database.read() as session:
            return tuple(issued_by(session, document_id))

    def closings(self, limit: int = 50) -> tuple[ClosingEntry, ...]:
        """The newest Z of this till, newest first; each is shown and printed again by its document as a receipt is."""
        with self._workplace.database.read() as session:
            return tuple(map(_entry, closing.recent(session, self._workplace.settings.till_id, limit)))

    @needs(Permission.REPORTS)
    def every_closing(self) -> tuple[ClosingEntry, ...]:
        """All Z of all tills of the shop, newest first; long to read after some years, so not on the window's thread."""
        with self._workplace.database.read() as session:
            return tuple(map(_entry, closing.every(session)))

    def find_closing(self, z_number: int) -> uuid.UUID:
        """The document of the Z with this number; Refused when there is none (T11)."""
        with self._workplace.database.read() as session:
            found = closing.numbered(session, self._workplace.settings.till_id, z_number)
        if found is None:
            raise Refused(msg("There is no Z with the number {number}."), number=z_number)
        return found.id

    @needs(Permission.X_REPORT)
    def x_report(self) -> Receipt:
        """The figures since the last Z, as paper; nothing is booked and no number used (T11)."""
        formats = self._workplace.receipt_formats()
        return self.x_shown(formats.translator)[1]

    @needs(Permission.X_REPORT)
    def x_shown(self, t: Translator) -> tuple[source.ClosingFigures, Receipt]:
        """The figures since the last Z in the screen's words, and the same as paper in the receipt's.

        Without the target in the drawer while nobody may be told.
        """
        workplace, formats = self._workplace, self._workplace.receipt_formats()
        with workplace.database.read() as session:
            day = interim(session, workplace.settings.till_id, workplace.clock.now())
        figures = x_figures(workplace, day, formats.translator)
        header = header_of(workplace.shop)
        report = source.XReport(figures, header, formats, workplace.settings.till_id, workplace.user.name)
        return x_figures(workplace, day, t), x_report(report)

    @needs(Permission.X_REPORT)
    def print_x_report(self, report: Receipt, order_id: uuid.UUID) -> None:
        """Print an X report as it was shown; the same order again prints nothing more."""
        self._check_printer()
        job = NewJob(
            receipt_endpoint(self._workplace.settings.till_id), ROLE, order_id, report.kind.value, to_json(report)
        )
        now = self._workplace.clock.now()
        self._workplace.run(lambda session: owe(session, (job,), now))
        self._look_at_printer()

    def receipt(self, document_id: uuid.UUID) -> Receipt:
        """The receipt of a document as it is printed."""
        with self._workplace.database.read() as session:
            return receipt_of(session, self._workplace, document_id)

    def preview(self, document_id: uuid.UUID) -> bytes:
        """The receipt as a PNG."""
        from till.receipts.image import to_png
        from till.receipts.media import DOTS

        receipt = self.receipt(document_id)
        return to_png(receipt, logos=logos_of(self._workplace.database, receipt, DOTS))

    def text(self, document_id: uuid.UUID) -> str:
        """The receipt as plain text, for those who hear the screen."""
        from till.receipts.text import to_text

        return to_text(self.receipt(document_id))

    @needs(Permission.REPRINT)
    def save_pdf(self, document_id: uuid.UUID, path: Path) -> None:
        """Write the receipt as PDF; Unavailable in words when the place can't be written."""
        from till.receipts.media import DOTS
        from till.receipts.pdf import to_pdf

        receipt = self.receipt(document_id)
        rendered = to_pdf(receipt, logos=logos_of(self._workplace.database, receipt, DOTS))
        save_pdf(path, rendered)

    @needs(Permission.REPRINT)
    def reprint(self, document_id: uuid.UUID) -> None:
        """Print a receipt once more, marked as a copy, and note it in the audit trail (T9)."""
        self._check_printer()
        receipt = self.receipt(document_id)
        job = NewJob(
            receipt_endpoint(self._workplace.settings.till_id), ROLE, document_id, receipt.kind.value, to_json(receipt)
        )
        context = self._workplace.context(needs_shift=False)

        def work(session: Session) -> None:
            enqueue_copy(session, job, context.now)
            trail.note(session, context, trail.Action.REPRINTED, f"document {document_id}")

        self._workplace.run(work)
        self._look_at_printer()

    def _check_printer(self) -> None:
        if not self._workplace.has_printer:
            raise Refused(msg("No printer is set up. Save the receipt as PDF instead."))


def _entry(z: closing.ClosingLine) -> ClosingEntry:
    return ClosingEntry(
        document_id=z.id,
        till_id=z.till_id,
        z_number=z.z_number,
        closed_at=z.closed_at,
        business_date=z.business_date,
        receipts=z.receipts,
        turnover=z.turnover,
        counted=z.counted_cash,
        difference=z.difference,
        dropped=z.dropped,
    )


def receipt_endpoint(till_id: str) -> str:
    """The id of a till's receipt printer in the print queue, which several tills share on PostgreSQL."""
    return f"{till_id}/receipt"


def owed_paper(workplace: Workplace, answer: Signature) -> list[NewJob]:
    """The receipt of the document that the TSE has answered for, and what is printed for its vouchers, as print jobs (V17).

    Nothing where there is no printer. Building them takes its time, so it comes before the transaction that owes them.
    """
    if not workplace.has_printer:
        return []
    with workplace.database.read() as session:
        document = find.document(session, answer.document_id)
        if document is None or document.draft.kind not in _WITH_RECEIPT:
            return []
        receipt = _built(session, workplace, document, answer)
        vouchers = [(one, label_of(session, one)) for one in issued_by(session, document.id)]
    papers: list[tuple[uuid.UUID, str, Receipt | None]] = [(document.id, ROLE, receipt)]
    papers += [(one.id, role_of(label), paper_of(workplace, one, label)) for one, label in vouchers]
    endpoint = receipt_endpoint(workplace.settings.till_id)  # labels too, as long as there is no printer for them
    return [
        NewJob(endpoint, role, owner, paper.kind.value, to_json(paper))
        for owner, role, paper in papers
        if paper is not None
    ]


def owe(session: Session, jobs: Iterable[NewJob], now: dt.datetime) -> None:
    """Owe jobs to the printer; the same one again changes nothing."""
    for job in jobs:
        enqueue(session, job, now)


def receipt_of(session: Session, workplace: Workplace, document_id: uuid.UUID) -> Receipt:
    """Build the receipt of a document from what is booked."""
    document = find.document(session, document_id)
    if document is None:
        raise Refused(msg("This receipt is not there any more."))
    return _built(session, workplace, document, signature_of(session, document_id))


def _built(session: Session, workplace: Workplace, document: Document, signature: Signature | None) -> Receipt:
    return build(
        source.ReceiptSource(
            document=document,
            shop=header_of(shop_then(session, document, workplace.shop.zone)),
            formats=workplace.receipt_formats(),
            tse=_stamp(signature),
            tse_is_test=_is_test(signature, workplace),
            barcode=_barcode(document),
            closing=z_figures(session, document, workplace.receipt_formats().translator),
        )
    )


def _barcode(document: Document) -> str:
    """Training sells nothing that could be brought back."""
    return "" if document.draft.kind in PRACTISED else receipt_barcode(document.till_id, document.number)


def _stamp(signature: Signature | None) -> source.TseStamp | source.TseOutage | None:
    if signature is None:
        return None
    if signature.outage is not None:
        return source.TseOutage(signature.outage.since)
    finished = signature.finished
    assert finished is not None  # noqa: S101 - Signature refuses to have neither
    return source.TseStamp(
        serial=finished.tse.serial,
        transaction_number=finished.transaction_number,
        signature_counter=finished.signature_counter,
        started_at=finished.start_time,
        finished_at=finished.log_time,
        signature=finished.signature,
        qr=qr_text(finished),
    )


def _is_test(signature: Signature | None, workplace: Workplace) -> bool:
    """A receipt that was not signed is as little worth as the TSE that should have signed it."""
    signed = signature.finished if signature is not None else None
    return signed.tse.is_test if signed is not None else workplace.tse_is_test
