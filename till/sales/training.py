"""What is sold or thrown away in training: AVTraining, which names no voucher that there is (T13); pure."""

from __future__ import annotations

import uuid
from dataclasses import replace

from till.business_case import BonTyp
from till.documents.model import DocumentKind, Draft, Line

_KINDS = {
    DocumentKind.SALE: DocumentKind.TRAINING_SALE,
    DocumentKind.ABORTED: DocumentKind.TRAINING_ABORTED,
}


def practised(draft: Draft) -> Draft:
    """The document of a sale, or of one that was thrown away, as training."""
    lines = tuple(_without_voucher(draft.id, line) for line in draft.lines)
    return replace(draft, kind=_KINDS[draft.kind], bon_typ=BonTyp.TRAINING, lines=lines)


def _without_voucher(document_id: uuid.UUID, line: Line) -> Line:
    """Print the number, but give it an id of its own: no way leads from a real voucher to what was only practised."""
    if line.voucher is None:
        return line
    own_id = uuid.uuid5(document_id, f"training {line.voucher.voucher_id}")
    return replace(line, voucher=replace(line.voucher, voucher_id=own_id))
