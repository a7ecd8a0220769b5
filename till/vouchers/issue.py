"""Issues vouchers within the sale that pays for them: number, terms and row (V12, V16, V20)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from till.db.context import Context
from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money
from till.vouchers.model import Numbering, Voucher, VoucherType
from till.vouchers.models import VoucherRow, VoucherTypeRow
from till.vouchers.number_range import next_free
from till.vouchers.numbers import checked, internal_number, matching, successor
from till.vouchers.terms import WORTH_NOTHING, TermRule, valid_until

NUMBER_TAKEN = msg("Number {number} was sold already on {date}. Choose another one.")

OVER_AT_SALE = msg(
    "“{name}” would be valid until {until} only, and that day is over. Remove the line, and change the voucher type in the office."
)


@dataclass(frozen=True, slots=True)
class NewVoucher:
    """What the sale knows of a voucher to be issued. `id` is derived from the order, so that a retry names the same.

    `rate_bp` is the VAT rate of its key on the day, in basis points; 0 for a multi-purpose one.
    """

    id: uuid.UUID
    sale: Money
    face: Money
    number: str = ""
    text: str = ""
    rate_bp: int = 0


def plan(session: Session, context: Context, kind: VoucherType, new: NewVoucher, rule: TermRule) -> Voucher:
    """Give a new voucher its number and terms; `enter` writes it once its document has a number.

    The caller holds `locks.number_lock`. Refuses a deactivated type and a number that this type used before,
    with the day of its sale (V2, V21).
    """
    planned = sample(context, kind, new, rule)
    return replace(planned, number=_number(session, kind, new))


def check_all_different(planned: Iterable[Voucher]) -> None:
    """Refuse two vouchers with one number of one type: they can't be told apart at the next scan."""
    seen: set[tuple[uuid.UUID, str]] = set()
    for voucher in planned:
        key = (voucher.type_id, matching(voucher.number))
        if key in seen:
            raise Refused(
                msg("Number {number} is in this basket twice. Give one of the vouchers another number."),
                number=voucher.number,
            )
        seen.add(key)


def sample(context: Context, kind: VoucherType, new: NewVoucher, rule: TermRule) -> Voucher:
    """The voucher as it would be sold, for who only practises (T13): numbered as `new` says, and no number is used up."""
    if not kind.active:
        raise Refused(msg("“{name}” is no longer sold. Remove the line."), name=kind.name)
    if new.face <= ZERO:
        raise Refused(WORTH_NOTHING, name=kind.name)
    until = valid_until(kind, context.business_date, rule)
    if until < context.business_date:
        raise Refused(OVER_AT_SALE, name=kind.name, until=until)
    return Voucher(
        id=new.id,
        type_id=kind.id,
        type_name=kind.name,
        type_plu=kind.plu,
        number=new.number,
        sale=new.sale,
        face=new.face,
        vat_treatment=kind.vat_treatment,
        vat_key=kind.vat_key,
        vat_rate_bp=new.rate_bp,
        valid_from=kind.valid_from or context.business_date,
        valid_until=until,
        issued_at=context.now,
        issued_till=context.till_id,
        issued_number=0,
        text=new.text,
    )


def enter(session: Session, voucher: Voucher, document_id: uuid.UUID, document_number: int) -> Voucher:
    """Write the voucher issued by this document, and give it as it is from now on."""
    issued = replace(voucher, document_id=document_id, issued_number=document_number)
    insert_row(session, issued)
    return issued


def insert_row(session: Session, voucher: Voucher) -> None:
    """Write the voucher's row as it is, whatever brought it into being."""
    session.execute(
        insert(VoucherRow),
        {
            "id": voucher.id,
            "type_id": voucher.type_id,
            "type_name": voucher.type_name,
            "type_plu": voucher.type_plu,
            "number": voucher.number,
            "number_key": matching(voucher.number),
            "sale": voucher.sale,
            "face": voucher.face,
            "vat_treatment": voucher.vat_treatment.value,
            "vat_key": voucher.vat_key.value,
            "vat_rate_bp": voucher.vat_rate_bp,
            "valid_from": voucher.valid_from,
            "valid_until": voucher.valid_until,
            "issued_at": voucher.issued_at,
            "issued_till": voucher.issued_till,
            "issued_number": voucher.issued_number,
            "text": voucher.text,
            "origin": voucher.origin.value,
            "document_id": voucher.document_id,
            "entry_id": voucher.entry_id,
            "replaces": voucher.replaces,
            "receivable_id": voucher.receivable_id,
            "receivable_name": voucher.receivable_name,
        },
    )


def new_number(session: Session, kind: VoucherType, voucher_id: uuid.UUID, typed: str) -> str:
    """The number of a voucher that takes another one's place: the typed one, else what its type gives by itself (V44).

    The caller holds `locks.number_lock`. A type with numbers of its own asks for one, as it does at a sale.
    """
    if typed.strip() or kind.numbering is Numbering.OWN:
        return free_number(session, kind.id, typed)
    return _take_next(session, kind) if kind.numbering is Numbering.AUTOMATIC else internal_number(voucher_id)


def free_number(session: Session, type_id: uuid.UUID, typed: str) -> str:
    """The typed or scanned number as it is kept; Refused when it can't be one, or with the day when this type used it (V21)."""
    number = checked(typed)
    sold_at = _sold_at(session, type_id, number)
    if sold_at is not None:
        raise Refused(NUMBER_TAKEN, number=number, date=sold_at)
    return number


def _number(session: Session, kind: VoucherType, new: NewVoucher) -> str:
    match kind.numbering:
        case Numbering.AUTOMATIC:
            return _take_next(session, kind)
        case Numbering.OWN:
            return free_number(session, kind.id, new.number)
        case Numbering.NONE:
            return internal_number(new.id)


def _take_next(session: Session, kind: VoucherType) -> str:
    number = session.execute(select(VoucherTypeRow.next_number).where(VoucherTypeRow.id == kind.id)).scalar_one()
    number = next_free(session, kind.id, number)
    session.execute(update(VoucherTypeRow).where(VoucherTypeRow.id == kind.id).values(next_number=successor(number)))
    return str(number)


def _sold_at(session: Session, type_id: uuid.UUID, number: str) -> dt.datetime | None:
    return session.execute(
        select(VoucherRow.issued_at).where(VoucherRow.type_id == type_id, VoucherRow.number_key == matching(number))
    ).scalar_one_or_none()
