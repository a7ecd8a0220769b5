"""The paper of what came back: what it is, which receipt it goes back to, what was refunded and how."""

from __future__ import annotations

from collections.abc import Iterator

from till.documents.model import DocumentKind, Draft, Line
from till.formats import Formats
from till.receipts import frame
from till.receipts.document import BIG, Block, Feed, Row, Rule, Text
from till.receipts.sold import is_redemption, line_rows, payment_rows, vat_blocks
from till.receipts.source import ReceiptSource

_SIGN_HERE = "_" * 18


def returned(source: ReceiptSource) -> Iterator[Block]:
    """A return, with a receipt or without, or a cancellation; who gets money or sees it go back on a card signs for it."""
    t, draft, formats = source.formats.translator, source.document.draft, source.formats
    yield frame.heading(_heading(draft, formats))
    yield from frame.identity(source)
    if draft.note:
        says_more = draft.kind is DocumentKind.FREE_RETURN  # why no receipt is named stands before the reason
        yield Text(draft.note if says_more else t("Reason: {reason}").format(reason=draft.note))
    yield Rule()
    yield from line_rows(draft, formats)
    yield Rule()
    word = t("Refund") if draft.total.cents <= 0 else t("To pay")
    yield Row(word, formats.money(draft.total), style=BIG)
    yield from payment_rows(draft, formats)
    yield Rule()
    yield from vat_blocks([row for row in draft.vat if not _only_redeemed(draft.lines, row.vat_key)], formats)
    if any(payment.amount.cents < 0 for payment in draft.payments):
        yield Feed()
        yield Row(t("Signature"), _SIGN_HERE)


def _heading(draft: Draft, formats: Formats) -> str:
    number = draft.references[0].number if draft.references else 0
    if draft.kind is DocumentKind.CANCELLATION:
        return formats.translator("Cancellation of receipt {number}").format(number=number)
    if draft.kind is DocumentKind.FREE_RETURN:
        return formats.translator("Return without a receipt")
    return formats.translator("Return for receipt {number}").format(number=number)


def _only_redeemed(lines: tuple[Line, ...], key: int) -> bool:
    """What a multi-purpose voucher gets back is no supply, as what was paid with it was none."""
    same = [line for line in lines if line.vat_key == key]
    return not any(line.rate_bp for line in same) and all(is_redemption(line) for line in same)
