"""A voucher that never was, on its paper: what the office shows while a type's label is chosen (V17)."""

from __future__ import annotations

import datetime as dt
import uuid

from till.app.voucher_paper import paper_of
from till.app.workplace import Workplace
from till.money import Money
from till.vouchers.model import Voucher, VoucherType
from till.vouchers.terms import TermRule, valid_until
from till.vouchers.type_rules import face_of

_VALUE = Money(2500)
_NUMBER = "0001"


def sample_of(kind: VoucherType, now: dt.datetime, today: dt.date, rule: TermRule) -> Voucher:
    """A voucher of a type as if it were sold now, for looking at; where the till asks for a price it is 25,00."""
    face = face_of(kind) or _VALUE
    return Voucher(
        id=uuid.UUID(int=0),
        type_id=kind.id,
        type_name=kind.name or "…",
        type_plu=kind.plu or "0",
        number=kind.next_number or _NUMBER,
        sale=min(kind.sale or face, face),
        face=face,
        vat_treatment=kind.vat_treatment,
        vat_key=kind.vat_key,
        vat_rate_bp=0,
        valid_from=kind.valid_from or today,
        valid_until=valid_until(kind, today, rule),
        issued_at=now,
        issued_till="",
        issued_number=0,
    )


def sample_png(workplace: Workplace, kind: VoucherType, rule: TermRule) -> bytes:
    """The paper of such a sample as a picture; empty where nothing is printed. It takes a tenth of a second."""
    from till.receipts.image import to_png

    paper = paper_of(workplace, sample_of(kind, workplace.clock.now(), workplace.today(), rule), kind.label_template)
    return b"" if paper is None else to_png(paper)
