"""Vouchers on paper once they are sold: gift certificates as PDF, and their slips once more (V25, V27)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from till.app.needs import needs
from till.app.paper import receipt_endpoint
from till.app.voucher_paper import label_of, paper_of, role_of, slip_of
from till.app.workplace import Workplace
from till.audit import trail
from till.errors import Refused
from till.i18n import msg
from till.pages.saving import save_pdf
from till.printing.job import NewJob
from till.printing.jobs import enqueue_copy
from till.receipts.certificate import Certificate, CertificateSize, to_pdf
from till.receipts.document import to_json
from till.receipts.voucher_slip import voucher_slip
from till.shop.logo import stored_logo
from till.staff.permission import Permission
from till.vouchers.model import Voucher, VoucherState
from till.vouchers.standing import issued_by, refusal_of, standing_of, voucher_by_id

_LIVES = frozenset({VoucherState.ACTIVE, VoucherState.NOT_YET_VALID, VoucherState.PENDING})
NO_VOUCHER = msg("This voucher is not there any more.")
NONE_LEFT = msg("None of the vouchers of this receipt can be redeemed any more.")
NO_PRINTER = msg("No printer is set up. Save the gift certificate as PDF instead.")


class CertificateDesk:
    """What is printed of vouchers after their sale. A certificate says what is left, and is refused where nothing counts."""

    def __init__(self, workplace: Workplace, look_at_printer: Callable[[], None]) -> None:
        """`look_at_printer` is called once something new is owed to the printer."""
        self._workplace = workplace
        self._look_at_printer = look_at_printer

    @needs(Permission.REPRINT)
    def certificate_pdf(self, voucher_id: uuid.UUID, size: CertificateSize) -> bytes:
        """The gift certificate of a voucher; Refused in words when it can't be redeemed any more. On any thread."""
        return self._of_voucher(voucher_id, size)

    @needs(Permission.REPRINT)
    def receipt_pdf(self, document_id: uuid.UUID, size: CertificateSize) -> bytes:
        """A page for each voucher that a receipt sold and that can still be redeemed. On any thread."""
        return self._of_receipt(document_id, size)

    @needs(Permission.REPRINT)
    def save(self, document_id: uuid.UUID, size: CertificateSize, path: Path) -> Path:
        """Write the certificates of a receipt as one PDF; Unavailable in words when the place can't be written."""
        save_pdf(path, self._of_receipt(document_id, size))
        return path

    @needs(Permission.REPRINT)
    def save_one(self, voucher_id: uuid.UUID, size: CertificateSize, path: Path) -> None:
        """As `save`, for one voucher."""
        save_pdf(path, self._of_voucher(voucher_id, size))

    @needs(Permission.REPRINT)
    def reprint_slips(self, document_id: uuid.UUID) -> int:
        """Print the slips of a receipt's vouchers once more, marked as copies, and note it; how many there are."""
        with self._workplace.database.read() as session:
            vouchers = issued_by(session, document_id)
        return self._reprint(vouchers)

    @needs(Permission.REPRINT)
    def reprint_slip(self, voucher_id: uuid.UUID) -> None:
        """Print the slip of one voucher once more, marked as a copy, and note it."""
        with self._workplace.database.read() as session:
            voucher = voucher_by_id(session, voucher_id)
        if voucher is None:
            raise Refused(NO_VOUCHER)
        self._reprint([voucher])

    def _of_voucher(self, voucher_id: uuid.UUID, size: CertificateSize) -> bytes:
        with self._workplace.database.read() as session:
            voucher = voucher_by_id(session, voucher_id)
            if voucher is None:
                raise Refused(NO_VOUCHER)
            refusal = refusal_of(standing_of(session, voucher, self._workplace.business_date))
            certificates = self._certificates(session, [voucher])
        if not certificates and refusal is not None:
            raise refusal
        return to_pdf(certificates, size)

    def _of_receipt(self, document_id: uuid.UUID, size: CertificateSize) -> bytes:
        with self._workplace.database.read() as session:
            certificates = self._certificates(session, issued_by(session, document_id))
        if not certificates:
            raise Refused(NONE_LEFT)
        return to_pdf(certificates, size)

    def _certificates(self, session: Session, vouchers: list[Voucher]) -> list[Certificate]:
        today, logo = self._workplace.business_date, self._workplace.shop.logo
        png = (stored_logo(session, logo) or b"") if logo else b""
        standings = [standing_of(session, voucher, today) for voucher in vouchers]
        return [
            Certificate(slip_of(self._workplace, one.voucher, one), png) for one in standings if one.state in _LIVES
        ]

    def _reprint(self, vouchers: list[Voucher]) -> int:
        if not self._workplace.has_printer:
            raise Refused(NO_PRINTER)
        context = self._workplace.context(needs_shift=False)
        endpoint = receipt_endpoint(self._workplace.settings.till_id)

        def work(session: Session) -> None:
            for voucher in vouchers:
                label = label_of(session, voucher)
                paper = paper_of(self._workplace, voucher, label) or voucher_slip(slip_of(self._workplace, voucher))
                job = NewJob(endpoint, role_of(label), voucher.id, paper.kind.value, to_json(paper))
                enqueue_copy(session, job, context.now)
                trail.note(session, context, trail.Action.REPRINTED, f"voucher {voucher.number}")

        self._workplace.run(work)
        self._look_at_printer()
        return len(vouchers)
