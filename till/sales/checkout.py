"""Books a sale: the one transaction in which vouchers are taken and issued and the document is posted (T7)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from till.business_case import BonTyp, GvTyp
from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.documents.model import Document, DocumentKind, Draft, Reference
from till.documents.post import Booking, already_posted, post_new
from till.errors import Refused
from till.i18n import msg
from till.sales.bookings import postings
from till.sales.draft import cash_moved, document_lines, document_payments, goodwill_note, sold_by, vat_totals
from till.sales.order import Order, check_complete, order_record
from till.sales.pricing import PricedLine, Rates, rate_of
from till.sales.training import practised
from till.shifts.movement import check_drawer
from till.shifts.shift import target_cash
from till.vouchers import issue, redeem
from till.vouchers.locks import number_lock, voucher_lock
from till.vouchers.model import Numbering, VatTreatment, Voucher, VoucherType
from till.vouchers.rules import voucher_rules
from till.vouchers.standing import issued_by
from till.vouchers.terms import TermRule
from till.vouchers.types import voucher_type


@dataclass(frozen=True, slots=True)
class Rules:
    """What a sale is booked under: the rates of the day, how long vouchers are valid (None: as the shop has it now).

    `sample` stands for the number of a practised voucher.
    """

    rates: Rates
    voucher_terms: TermRule | None = None
    sample: str = "MUSTER"


@dataclass(frozen=True, slots=True)
class Sale:
    """A booked sale: its document and the vouchers that it issued."""

    document: Document
    vouchers: tuple[Voucher, ...]


def complete(
    session: Session, context: Context, order: Order, rules: Rules, references: tuple[Reference, ...] = ()
) -> Sale:
    """Book `order` in the caller's transaction. The same order again returns the sale that was booked.

    In training (T13) it is recorded with its lines and payments, and nothing moves: no entry, no voucher.

    Raises Refused, with nothing booked, when the basket is empty, something is open, a voucher no longer
    holds its amount (V36), or a number is taken.
    """
    hold(session, _locks(context, order))
    record = order_record(order)
    known = already_posted(session, order.id, record)
    if known is not None:
        return Sale(known, tuple(issued_by(session, known.id)))
    check_complete(order)
    redemptions = [redeem.take(session, context, wish) for wish in order.voucher_wishes().values()]
    issued = {line.line.id: _planned(session, context, order, line, rules) for line in _voucher_lines(order)}
    if not context.is_training:
        issue.check_all_different(issued.values())
    lines = document_lines(order, redemptions, issued, rules.rates)
    payments = document_payments(order)
    draft = Draft(
        id=order.id,
        kind=DocumentKind.SALE,
        bon_typ=BonTyp.BELEG,
        started_at=order.priced.basket.started_at,
        lines=lines,
        payments=payments,
        vat=vat_totals(lines),
        references=(*references, *sold_by(redemptions)),
        note=goodwill_note(order),
    )
    if context.is_training:
        return Sale(post_new(session, context, practised(draft), Booking(content=record)), ())
    if order.settlement.paid_out:
        check_drawer(target_cash(session, context.till_id), cash_moved(order))
    legs = postings(context.till_id, (lines, payments), (issued.values(), redemptions))
    document = post_new(session, context, draft, Booking(legs, content=record))
    return Sale(document, _entered(session, document, tuple(issued.values())))


def _locks(context: Context, order: Order) -> list[Lock]:
    vouchers = [voucher_lock(voucher_id) for voucher_id in order.voucher_amounts()]
    ranges = [number_lock(type_id) for type_id in _types(order)]
    return [Lock(LockKind.TILL, context.till_id), *vouchers, *ranges]


def _types(order: Order) -> set[uuid.UUID]:
    items = (line.item for line in order.priced.basket.lines)
    return {item.voucher.type_id for item in items if item.voucher is not None}


def _voucher_lines(order: Order) -> list[PricedLine]:
    return [line for line in order.priced.lines if line.line.item.voucher is not None]


def _planned(session: Session, context: Context, order: Order, line: PricedLine, rules: Rules) -> Voucher:
    wanted = line.line.item.voucher
    if wanted is None or (kind := voucher_type(session, wanted.type_id)) is None:
        raise Refused(msg("“{name}” is no longer sold. Remove the line."), name=line.line.item.name)
    new = issue.NewVoucher(
        id=uuid.uuid5(order.id, f"voucher {line.line.id}"),
        sale=line.amount,
        face=wanted.face,
        rate_bp=rate_of(rules.rates, line.line.item.vat_key),
        number=wanted.number,
        text=wanted.text,
    )
    sold = _as_sold(kind, line)
    terms = rules.voucher_terms or voucher_rules(session).terms
    if context.is_training:
        return issue.sample(context, sold, replace(new, number=rules.sample), terms)
    return issue.plan(session, context, sold, new, terms)


def _as_sold(kind: VoucherType, line: PricedLine) -> VoucherType:
    """The type as it was when it came into the basket: taxed as the line was priced, numbered as it was asked (V3)."""
    item = line.line.item
    is_single = item.gv_typ is GvTyp.EINZWECK_KAUF
    treatment = VatTreatment.SINGLE_PURPOSE if is_single else VatTreatment.MULTI_PURPOSE
    has_number = item.voucher is not None and bool(item.voucher.number)
    numbering = Numbering.OWN if has_number else kind.numbering
    return replace(kind, vat_key=item.vat_key, vat_treatment=treatment, numbering=numbering)


def _entered(session: Session, document: Document, planned: tuple[Voucher, ...]) -> tuple[Voucher, ...]:
    return tuple(issue.enter(session, voucher, document.id, document.number) for voucher in planned)
