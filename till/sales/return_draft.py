"""A return becomes a plan that can be shown, and then the lines, payments and legs of a document; pure (60-fiscal A4.3)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from till.business_case import VatKey
from till.documents.model import Document, Line, Payment, VatTotal, VoucherNote
from till.errors import Refused
from till.money import ZERO, Money, total
from till.quantity import ONE
from till.sales.draft import NO_PAYMENT, given_line, voucher_note
from till.sales.funding import SOLD_PARTS, Part, part_of
from till.sales.order import TenderFace
from till.sales.pricing import Rates, key_today
from till.sales.refund import backs, usual_refunds, voucher_parts
from till.sales.returned import Back, History, PlannedLine, ReturnPlan, ReturnWish, ValueBack
from till.shifts.movement import STORNO
from till.tax import included_tax, returned_tax, spread_whole
from till.vouchers.bookings import sold_as
from till.vouchers.model import Voucher


@dataclass(frozen=True, slots=True)
class Target:
    """The voucher on which value goes back, what can be redeemed of it now, and what else there is to know of it.

    One that is blocked or expired `keeps` what it gets: nothing of it is paid out.
    """

    voucher: Voucher
    remaining: Money
    said: Refused | None = None
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class Books:
    """What the books say about a receipt that something comes back of.

    `targets` by the id of the voucher that had paid, `sold` the vouchers that the receipt sold, by their id.
    """

    original: Document
    history: History
    targets: Mapping[uuid.UUID, Target]
    sold: Mapping[uuid.UUID, Voucher]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines of the receipt."""
        return self.original.draft.lines


def plan_of(books: Books, wish: ReturnWish, offered: Sequence[str]) -> ReturnPlan:
    """What the wish comes to. `offered` are the ways to pay by which money can go out, cash first.

    Raises Refused for what can't come back; how it is refunded is left to the caller to check.
    """
    parts = backs(books.lines, books.history, wish)
    back = _back_on_vouchers(books, parts, wish.paid_out)
    value = total(one.gross for one in parts if part_of(books.lines[one.position]) in {*SOLD_PARTS, Part.REDUCTION})
    to_refund = total(one.gross for one in parts) + total(one.paid_out for one in back)
    in_vouchers = total(one.amount for one in wish.vouchers)
    refunds = wish.refunds
    if refunds is None:
        money, refunded = books.original.draft.payments, books.history.refunded
        refunds = usual_refunds(money, refunded, to_refund - in_vouchers, offered)
    return ReturnPlan(
        lines=_planned(books.lines, parts),
        value=value,
        back=back,
        cancelled=_cancelled(books, parts),
        to_refund=to_refund,
        refunds=refunds,
        vouchers=wish.vouchers,
        parts=parts,
    )


def _planned(lines: Sequence[Line], parts: Sequence[Back]) -> tuple[PlannedLine, ...]:
    off: dict[int, Money] = {}
    for part in parts:
        line = lines[part.position]
        if part_of(line) is Part.REDUCTION and line.reduces is not None:
            off[line.reduces] = off.get(line.reduces, ZERO) + part.gross
    return tuple(
        PlannedLine(
            part.position,
            lines[part.position].text,
            lines[part.position].unit,
            part.quantity,
            part.gross + off.get(part.position, ZERO),
        )
        for part in parts
        if part_of(lines[part.position]) in SOLD_PARTS
    )


def _back_on_vouchers(books: Books, parts: Sequence[Back], paid_out: frozenset[uuid.UUID]) -> tuple[ValueBack, ...]:
    found: list[ValueBack] = []
    rests = {target.voucher.id: target.remaining for target in books.targets.values()}
    notes = {line.voucher.voucher_id: line.voucher for line in books.lines if line.voucher is not None}
    for voucher_id, (paid, bonus) in voucher_parts(books.lines, parts).items():
        target = books.targets[voucher_id]
        may_pay = paid > ZERO and not target.keeps
        out = paid if may_pay and voucher_id in paid_out else ZERO
        rests[target.voucher.id] += paid + bonus - out
        rest = rests[target.voucher.id]
        found.append(ValueBack(target.voucher, notes[voucher_id], paid, bonus, out, rest, may_pay, target.said))
    return tuple(found)


def _cancelled(books: Books, parts: Sequence[Back]) -> tuple[Voucher, ...]:
    lines = (books.lines[part.position] for part in parts)
    notes = (line.voucher for line in lines if part_of(line) is Part.VOUCHER)
    return tuple(books.sold[note.voucher_id] for note in notes if note is not None)


def return_lines(books: Books, found: ReturnPlan, issued: Sequence[Voucher], rates: Rates) -> tuple[Line, ...]:
    """The mirrored lines with their tax, then paid parts that are paid out, then the vouchers given instead of money."""
    mirrored = _mirrored(books, found, rates)
    paid_out = [_paid_out(one, rates) for one in found.back if one.paid_out]
    new = [given_line(voucher) for voucher in issued]
    return (*mirrored, *_taxed_beside(mirrored, [*paid_out, *new]))


def _taxed_beside(mirrored: Sequence[Line], others: Sequence[Line]) -> list[Line]:
    """The other lines, taxed so that each key of the document is a cent off at most, as the mirrored ones alone (A3.4)."""
    taxed = list(others)
    for key in {line.vat_key for line in others}:
        places = [i for i, line in enumerate(others) if line.vat_key is key]
        grosses, rate = [others[i].gross for i in places], others[places[0]].rate_bp
        beside = total(line.gross for line in mirrored if line.vat_key is key)
        taxes = spread_whole(returned_tax(beside, total(grosses), rate), grosses, rate)
        for i, tax in zip(places, taxes, strict=True):
            taxed[i] = replace(others[i], tax=tax)
    return taxed


def return_payments(found: ReturnPlan, faces: Mapping[str, TenderFace]) -> tuple[Payment, ...]:
    """The money that goes out, negative; what comes from the customer is positive."""
    money: dict[str, Money] = {}
    for one in found.refunds:
        money[one.tender_id] = money.get(one.tender_id, ZERO) - one.amount
    payments = [
        Payment(tender_id, faces[tender_id].zahlart_typ, faces[tender_id].name, amount)
        for tender_id, amount in money.items()
        if amount
    ]
    return tuple(payments) or (NO_PAYMENT,)


def vat_of(lines: Sequence[Line]) -> tuple[VatTotal, ...]:
    """The VAT per key: the tax of the lines, which earlier returns of the same receipt have a say in."""
    keys = sorted({line.vat_key for line in lines})
    by_key = {key: [line for line in lines if line.vat_key is key] for key in keys}
    return tuple(
        VatTotal(key, same[0].rate_bp, total(line.gross for line in same), total(line.tax for line in same))
        for key, same in by_key.items()
    )


def _mirrored(books: Books, found: ReturnPlan, rates: Rates) -> list[Line]:
    in_order = _in_order(found)
    places = {part.position: i for i, part in enumerate(in_order)}
    taxes = _taxes(books, found.parts)
    return [_mirror(books, found, part, taxes[part.position], (places, rates)) for part in in_order]


def _in_order(found: ReturnPlan) -> list[Back]:
    return sorted(found.parts, key=lambda part: part.position)


def _mirror(books: Books, found: ReturnPlan, part: Back, tax: Money, where: tuple[Mapping[int, int], Rates]) -> Line:
    line, (places, rates) = books.lines[part.position], where
    is_sold = part_of(line) in SOLD_PARTS
    return replace(
        line,
        gv_name=STORNO,
        vat_key=key_today(line.vat_key, line.rate_bp, rates),
        gross=-part.gross,
        tax=tax,
        quantity=-part.quantity if is_sold else ONE,
        unit_price=line.unit_price if is_sold else -part.gross,
        reduces=None if line.reduces is None else places[line.reduces],
        note="",
        voucher=_note(books, found, line),
        returns=part.position,
    )


def _note(books: Books, found: ReturnPlan, line: Line) -> VoucherNote | None:
    """A voucher that had paid: the one which gets the value back, with its new rest."""
    if line.voucher is None or part_of(line) is Part.VOUCHER:
        return line.voucher
    target = books.targets[line.voucher.voucher_id].voucher
    rest = next(one.rest for one in reversed(found.back) if one.voucher.id == target.id)
    return voucher_note(target, rest)


def _taxes(books: Books, parts: Sequence[Back]) -> dict[int, Money]:
    """The tax of each mirrored line: per key of the original the difference of the running total (architecture 7, VAT)."""
    taxes: dict[int, Money] = {}
    for key in {books.lines[part.position].vat_key for part in parts}:
        same = [part for part in parts if books.lines[part.position].vat_key is key]
        rate = books.lines[same[0].position].rate_bp
        now = total(part.gross for part in same)
        whole = returned_tax(_came(books, key), now, rate)
        spread = spread_whole(-whole, [-part.gross for part in same], rate)
        taxes |= {part.position: tax for part, tax in zip(same, spread, strict=True)}
    return taxes


def _came(books: Books, key: VatKey) -> Money:
    return total(gross for i, gross in books.history.gross.items() if books.lines[i].vat_key is key)


def _paid_out(back: ValueBack, rates: Rates) -> Line:
    """The paid part of a voucher that is refunded: what was sold with it is taken back (60-fiscal A4.3)."""
    voucher = back.voucher
    return Line(
        text=voucher.type_name,
        gv_typ=sold_as(voucher.vat_treatment),
        gv_name=STORNO,
        vat_key=key_today(voucher.vat_key, voucher.vat_rate_bp, rates),
        rate_bp=voucher.vat_rate_bp,
        gross=-back.paid_out,
        tax=included_tax(-back.paid_out, voucher.vat_rate_bp),
        unit_price=-back.paid_out,
        voucher=voucher_note(voucher, back.rest),
    )
