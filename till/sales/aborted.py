"""Books a basket that was thrown away: an AVBelegabbruch with its lines, no payment and no effect on the sums."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from till.business_case import BonTyp
from till.db.context import Context
from till.documents.find import document
from till.documents.model import Document, DocumentKind, Draft, Reference
from till.documents.post import post
from till.sales.draft import document_lines, vat_totals
from till.sales.order import Order
from till.sales.pricing import PricedBasket
from till.sales.training import practised


def aborted_id(order_id: uuid.UUID, count: int) -> uuid.UUID:
    """The id of an order's next aborted document, after `count` earlier ones: the same before and after a crash."""
    return uuid.uuid5(order_id, f"aborted {count}")


def abort(session: Session, context: Context, priced: PricedBasket, references: tuple[Reference, ...] = ()) -> Document:
    """Post the aborted basket as a document of its own id: the order may go on in a restored basket.

    `references` are the order's earlier aborted documents. One without lines that the recovery has written
    meanwhile is passed over; the same basket aborted again is the same document. In training it is AVTraining.
    """
    rates = {vat.vat_key: vat.rate_bp for vat in priced.vat}
    lines = document_lines(Order(priced, ()), (), {}, rates)
    draft = Draft(
        id=next_id(session, priced.basket.order_id, len(references)),
        kind=DocumentKind.ABORTED,
        bon_typ=BonTyp.ABBRUCH,
        started_at=priced.basket.started_at,
        lines=lines,
        vat=vat_totals(lines),
        references=references,
    )
    return post(session, context, practised(draft) if context.is_training else draft)


def next_id(session: Session, order_id: uuid.UUID, count: int = 0) -> uuid.UUID:
    """The id of the aborted document that an order is to get after `count` earlier ones; the recovery's are passed over."""
    while (earlier := document(session, aborted_id(order_id, count))) is not None and not earlier.draft.lines:
        count += 1
    return aborted_id(order_id, count)
