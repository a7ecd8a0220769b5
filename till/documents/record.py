"""Documents as plain records: for the chain, for the idempotency digest and for the tables."""

from __future__ import annotations

from collections.abc import Sequence

from till.documents.model import Document, Draft, Line, Payment, Reference, VatTotal
from till.ledger.chain import Record
from till.ledger.entry import Entry, Posting
from till.ledger.journal import posting_record, record_of


def content_record(draft: Draft, postings: Sequence[Posting], reason: str) -> Record:
    """What makes two postings the same: never time, number, shift or user (architecture 4, Idempotency)."""
    return {
        "kind": draft.kind.value,
        "bon_typ": draft.bon_typ.value,
        "bon_name": draft.bon_name,
        "note": draft.note,
        "reason": reason,
        "lines": [_line_record(line) for line in draft.lines],
        "payments": [payment_values(payment) for payment in draft.payments],
        "vat": [vat_values(vat) for vat in draft.vat],
        "references": [reference_values(reference) for reference in draft.references],
        "postings": posting_record(postings),
    }


def document_record(document: Document, entry: Entry | None) -> Record:
    """A posted document with its entry, as the chain covers it."""
    draft = document.draft
    return {
        "id": document.id,
        "till": document.till_id,
        "number": document.number,
        "started_at": draft.started_at,
        "ended_at": document.ended_at,
        "business_date": document.business_date,
        "shift": document.shift_id,
        "user": [document.user_id, document.user_name],
        "kind": draft.kind.value,
        "bon_typ": draft.bon_typ.value,
        "bon_name": draft.bon_name,
        "note": draft.note,
        "lines": [_line_record(line) for line in draft.lines],
        "payments": [payment_values(payment) for payment in draft.payments],
        "vat": [vat_values(vat) for vat in draft.vat],
        "references": [reference_values(reference) for reference in draft.references],
        "entry": None if entry is None else record_of(entry),
    }


def _line_record(line: Line) -> list[object]:
    """A line's values as they have always been covered; what it takes back stands there only where it does."""
    values = line_values(line)
    return values if line.returns is not None else values[:-1]


def line_values(line: Line) -> list[object]:
    """A line's values in the order of the table's columns after document and position."""
    voucher = line.voucher
    return [
        line.text,
        line.gv_typ.value,
        line.gv_name,
        line.vat_key.value,
        line.rate_bp,
        line.gross,
        line.tax,
        line.quantity,
        line.unit,
        line.unit_price,
        line.article_number,
        line.gtin,
        line.category_id,
        line.category,
        line.reduces,
        line.note,
        voucher.voucher_id if voucher else None,
        voucher.number if voucher else "",
        voucher.type_name if voucher else "",
        voucher.valid_until if voucher else None,
        voucher.face if voucher else None,
        voucher.rest if voucher else None,
        voucher.text if voucher else "",
        line.returns,
    ]


def payment_values(payment: Payment) -> list[object]:
    """A payment's values in the order of the table's columns."""
    return [payment.tender_id, payment.zahlart_typ.value, payment.name, payment.amount, payment.given]


def vat_values(vat: VatTotal) -> list[object]:
    """A VAT total's values in the order of the table's columns."""
    return [vat.vat_key.value, vat.rate_bp, vat.gross, vat.tax]


def reference_values(reference: Reference) -> list[object]:
    """A reference's values in the order of the table's columns."""
    return [reference.till_id, reference.number, reference.document_id]
