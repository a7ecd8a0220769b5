"""Builds the receipt of a document: pure, in the shop's language, one function per kind of paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from till.documents.model import FOR_CUSTOMERS, PRACTISED, DocumentKind
from till.receipts import frame, training
from till.receipts.closing import figure_blocks
from till.receipts.document import BOLD, Block, Feed, Receipt, ReceiptKind, Row, Rule, Text
from till.receipts.returned import returned
from till.receipts.sold import line_rows, payment_rows, total_row, vat_blocks
from till.receipts.source import ReceiptSource

_SIGN_HERE = "_" * 18


def build(source: ReceiptSource) -> Receipt:
    """The receipt of `source.document`, with all that § 6 KassenSichV demands and a clear word where it can't have it."""
    t, document = source.formats.translator, source.document
    title = t("Receipt {number}").format(number=document.number)
    blocks = tuple(_blocks(source))
    if document.draft.kind in PRACTISED:
        blocks = tuple(training.marked(blocks, t))
    return Receipt(ReceiptKind(document.draft.kind.value), title, t.language, t("COPY"), blocks)


def _blocks(source: ReceiptSource) -> Iterator[Block]:
    has_full_head = source.document.draft.kind in FOR_CUSTOMERS
    yield from frame.full_head(source) if has_full_head else frame.short_head(source.shop)
    yield Rule()
    yield from frame.warnings(source)
    yield from _body(source)
    yield Rule()
    yield from frame.tse_block(source)
    yield from frame.end(source)


def _body(source: ReceiptSource) -> Iterator[Block]:
    yield from _BODIES[source.document.draft.kind](source)


def _sale(source: ReceiptSource) -> Iterator[Block]:
    draft, formats = source.document.draft, source.formats
    yield from frame.identity(source)
    yield Rule()
    yield from line_rows(draft, formats)
    yield Rule()
    yield total_row(draft, formats)
    yield from payment_rows(draft, formats)
    yield Rule()
    yield from vat_blocks(draft.vat, formats)


def _converted(source: ReceiptSource) -> Iterator[Block]:
    yield frame.heading(source.formats.translator("Voucher made into credit"))
    yield from _sale(source)


def _aborted(source: ReceiptSource) -> Iterator[Block]:
    yield frame.heading(source.formats.translator("Aborted – no sale"))
    yield from frame.identity(source)
    yield from line_rows(source.document.draft, source.formats)
    yield from _note(source)


def _cash_movement(source: ReceiptSource) -> Iterator[Block]:
    """Cash in or out, or one of them taken back; whoever got money signs for it."""
    t, draft, formats = source.formats.translator, source.document.draft, source.formats
    is_in = draft.total.cents > 0
    heading = t("Cash in") if is_in else t("Cash out")
    if draft.kind is DocumentKind.CASH_REVERSAL:
        heading = t("Cash out taken back") if is_in else t("Cash in taken back")
    yield frame.heading(heading)
    yield from frame.identity(source)
    for line in draft.lines:
        yield Row(line.text, formats.money(line.gross), style=BOLD)
    yield from _note(source)
    yield Feed()
    yield Row(t("Signature"), _SIGN_HERE)


def _cash_alone(source: ReceiptSource) -> Iterator[Block]:
    t, draft = source.formats.translator, source.document.draft
    is_float = draft.kind is DocumentKind.OPENING_FLOAT
    yield frame.heading(t("Opening float") if is_float else t("Cash difference"))
    yield from frame.identity(source)
    for line in draft.lines:
        yield Row(line.text, source.formats.money(line.gross))
    yield from _note(source)


def _no_sale(source: ReceiptSource) -> Iterator[Block]:
    yield frame.heading(source.formats.translator("Drawer opened without a sale"))
    yield from frame.identity(source)
    yield from _note(source)


def _voucher_changed(source: ReceiptSource) -> Iterator[Block]:
    """No money moved; the note says which voucher, what became of it, and why."""
    t, draft = source.formats.translator, source.document.draft
    is_correction = draft.kind is DocumentKind.VOUCHER_CORRECTION
    yield frame.heading(t("Voucher corrected") if is_correction else t("Voucher replaced"))
    yield from frame.identity(source)
    yield Text(draft.note)


def _training(source: ReceiptSource) -> Iterator[Block]:
    yield frame.heading(source.document.draft.bon_name)
    yield from frame.identity(source)


def _closing(source: ReceiptSource) -> Iterator[Block]:
    t, figures = source.formats.translator, source.closing
    if figures is None:
        msg = "the receipt of a closing needs its figures"
        raise ValueError(msg)
    yield frame.heading(t("Z closing no. {number}").format(number=figures.z_number))
    yield from frame.identity(source)
    yield from figure_blocks(figures, source.formats)


def _note(source: ReceiptSource) -> Iterator[Block]:
    note = source.document.draft.note
    if note:
        yield Text(source.formats.translator("Reason: {reason}").format(reason=note))


_BODIES: dict[DocumentKind, Callable[[ReceiptSource], Iterator[Block]]] = {
    DocumentKind.SALE: _sale,
    DocumentKind.TRAINING_SALE: _sale,
    DocumentKind.FREE_RETURN: returned,
    DocumentKind.RETURN: returned,
    DocumentKind.CANCELLATION: returned,
    DocumentKind.ABORTED: _aborted,
    DocumentKind.TRAINING_ABORTED: _aborted,
    DocumentKind.TRAINING_BEGAN: _training,
    DocumentKind.TRAINING_ENDED: _training,
    DocumentKind.OPENING_FLOAT: _cash_alone,
    DocumentKind.COUNT_DIFFERENCE: _cash_alone,
    DocumentKind.CASH_MOVEMENT: _cash_movement,
    DocumentKind.CASH_REVERSAL: _cash_movement,
    DocumentKind.NO_SALE: _no_sale,
    DocumentKind.VOUCHER_CORRECTION: _voucher_changed,
    DocumentKind.VOUCHER_REPLACEMENT: _voucher_changed,
    DocumentKind.VOUCHER_CONVERSION: _converted,
    DocumentKind.CLOSING: _closing,
}
