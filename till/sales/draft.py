"""Basket and payments become the lines, payments and VAT of a document; pure (60-fiscal A4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from till.business_case import GvTyp, VatKey, ZahlartTyp
from till.documents.model import Line, Payment, Reference, VatTotal, VoucherNote
from till.errors import Refused
from till.i18n import msg
from till.money import ZERO, Money, split, total
from till.quantity import ONE
from till.sales.order import Order, coverage, is_cash
from till.sales.pricing import PricedLine, Rates, key_today, rate_of
from till.tax import included_tax, spread_tax
from till.vouchers.bookings import sold_as
from till.vouchers.model import VatTreatment, Voucher
from till.vouchers.value import Redemption

NO_PAYMENT = Payment("none", ZahlartTyp.KEINE, "", ZERO)
GOODWILL = "Kulanz abgelaufen"
PAID_OUT = "Auszahlung"


def document_lines(
    order: Order, redemptions: Sequence[Redemption], issued: Mapping[int, Voucher], rates: Rates
) -> tuple[Line, ...]:
    """All lines with their tax: articles, their Rabatt lines, vouchers sold (by basket line id), redemptions.

    Refuses a redemption that would pay for what it may not (see `coverage`).
    """
    _check_coverage(order, redemptions)
    lines: list[Line] = []
    for priced in order.priced.lines:
        lines += _sold(priced, len(lines), issued.get(priced.line.id), rates)
    bonuses = _bonus_shares(redemptions, coverage(order.priced).per_key)
    for redemption, bonus in zip(redemptions, bonuses, strict=True):
        lines += _redeemed(redemption, bonus, rates)
    return _taxed(lines)


def vat_totals(lines: Iterable[Line]) -> tuple[VatTotal, ...]:
    """The VAT per key as it is printed: tax once per key and receipt (architecture 7, VAT)."""
    gross: dict[VatKey, Money] = {}
    rates: dict[VatKey, int] = {}
    for line in lines:
        gross[line.vat_key] = gross.get(line.vat_key, ZERO) + line.gross
        rates[line.vat_key] = line.rate_bp
    return tuple(
        VatTotal(key, rates[key], amount, included_tax(amount, rates[key])) for key, amount in sorted(gross.items())
    )


def document_payments(order: Order) -> tuple[Payment, ...]:
    """The money that moved: cash once with what was given, each other tender as taken; vouchers are lines.

    What vouchers pay out (V35) makes the cash negative.
    """
    payments = [*_cash_payment(order)]
    payments += [
        _payment(order, t.tender_id, t.amount, None) for t in order.tendered if not is_cash(t) and t.voucher_id is None
    ]
    return tuple(payments) or (NO_PAYMENT,)


def goodwill_note(order: Order) -> str:
    """Which expired vouchers are accepted as goodwill, why, and who has allowed it (V37); in the books' words."""
    noted = dict.fromkeys(
        f"{GOODWILL} {one.name}: {one.goodwill.reason} (erlaubt von {one.goodwill.approved_by})"
        for one in order.tendered
        if one.goodwill is not None
    )
    return "; ".join(noted)


def sold_by(redemptions: Sequence[Redemption]) -> tuple[Reference, ...]:
    """The receipts that sold the vouchers whose sale is taken back in part: single-purpose ones that pay out (V35)."""
    return tuple(
        Reference(r.voucher.issued_till, r.voucher.issued_number, r.voucher.document_id)
        for r in redemptions
        if r.paid_out and _is_single(r) and r.voucher.document_id is not None
    )


def cash_moved(order: Order) -> Money:
    """What comes into the drawer; negative where more goes out of it."""
    return total(t.amount for t in order.tendered if is_cash(t)) - order.settlement.back


def given_line(voucher: Voucher) -> Line:
    """The line of a voucher that is given instead of money (V4): taxed at once where it is single-purpose."""
    return Line(
        text=voucher.type_name,
        gv_typ=sold_as(voucher.vat_treatment),
        vat_key=voucher.vat_key,
        rate_bp=voucher.vat_rate_bp,
        gross=voucher.sale,
        tax=included_tax(voucher.sale, voucher.vat_rate_bp),
        unit_price=voucher.sale,
        article_number=voucher.type_plu,
        voucher=voucher_note(voucher, None),
    )


def voucher_note(voucher: Voucher, rest: Money | None) -> VoucherNote:
    """What a line says of its voucher: one that is sold with its text, one that paid or gets value back with its new rest."""
    return VoucherNote(
        voucher_id=voucher.id,
        number=voucher.number,
        type_name=voucher.type_name,
        valid_until=voucher.valid_until,
        face=voucher.face,
        rest=rest,
        text=voucher.text if rest is None else "",
    )


def _cash_payment(order: Order) -> list[Payment]:
    cash = [t for t in order.tendered if is_cash(t)]
    if cash:
        return [_payment(order, cash[0].tender_id, cash_moved(order), total(t.amount for t in cash))]
    if not order.settlement.paid_out:
        return []
    bar = next((face.id for face in order.faces.values() if face.zahlart_typ is ZahlartTyp.BAR), "")
    return [_payment(order, bar, cash_moved(order), None)]


def _payment(order: Order, tender_id: str, amount: Money, given: Money | None) -> Payment:
    face = order.faces.get(tender_id)
    if face is None:
        names = {t.tender_id: t.name for t in order.tendered}
        raise Refused(
            msg("“{name}” is no way to pay any more. Take this payment back and take another."), name=names[tender_id]
        )
    return Payment(tender_id, face.zahlart_typ, face.name, amount, given)


def _sold(priced: PricedLine, position: int, voucher: Voucher | None, rates: Rates) -> list[Line]:
    item, line = priced.line.item, priced.line
    base = Line(
        text=item.name,
        gv_typ=item.gv_typ,
        vat_key=item.vat_key,
        rate_bp=rate_of(rates, item.vat_key),
        gross=priced.gross,
        quantity=line.quantity,
        unit=item.unit,
        unit_price=line.unit_price,
        article_number=item.number,
        gtin=item.gtin,
        category_id=item.category_id,
        category=item.category,
        note=line.note,
    )
    if voucher is not None:
        return [replace(base, gross=priced.amount, unit_price=priced.amount, voucher=voucher_note(voucher, None))]
    off = priced.line_off + priced.basket_off
    return [base, _reduction(base, position, -off)] if off else [base]


def _reduction(base: Line, position: int, amount: Money) -> Line:
    return replace(
        base,
        text="Rabatt",
        gv_typ=GvTyp.RABATT,
        gross=amount,
        quantity=ONE,
        unit="",
        unit_price=amount,
        reduces=position,
        note="",
    )


def _redeemed(redemption: Redemption, bonus: Mapping[VatKey, Money], rates: Rates) -> list[Line]:
    """A multi-purpose voucher pays out in the line that redeems it; a single-purpose one takes back its sale (A4.3)."""
    voucher, single = redemption.voucher, _is_single(redemption)
    share = redemption.share if single else redemption.taken
    lines = []
    if share.paid:
        kind = GvTyp.EINZWECK_EINLOESUNG if single else GvTyp.MEHRZWECK_EINLOESUNG
        key = voucher.vat_key if single else VatKey.NOT_TAXABLE
        lines.append(_redemption_line(redemption, kind, key, -share.paid, rates))
    if single and redemption.paid_out:
        key = key_today(voucher.vat_key, voucher.vat_rate_bp, rates)
        lines.append(_redemption_line(redemption, GvTyp.EINZWECK_KAUF, key, -redemption.paid_out, rates))
    for key, amount in bonus.items():
        lines.append(_redemption_line(redemption, GvTyp.RABATT, key, -amount, rates))
    return lines


def _bonus_shares(redemptions: Sequence[Redemption], goods: Mapping[VatKey, Money]) -> list[dict[VatKey, Money]]:
    """The bonus part of each redemption per VAT key, so that together they never take more of a key than its goods.

    A single-purpose voucher reduces its own key; the others share what is left, in proportion to it (60-fiscal A4.3).
    """
    left = dict(goods)
    for redemption in filter(_is_single, redemptions):
        left[redemption.voucher.vat_key] -= redemption.share.amount
    shares = []
    for redemption in redemptions:
        bonus = redemption.share.bonus
        if _is_single(redemption):
            shares.append({redemption.voucher.vat_key: bonus} if bonus else {})
            continue
        shares.append(_spread(bonus, left))
        for key, share in shares[-1].items():
            left[key] -= share
    return shares


def _spread(amount: Money, goods: Mapping[VatKey, Money]) -> dict[VatKey, Money]:
    if not amount:
        return {}
    keys = sorted(goods)
    shares = split(amount, [goods[key].cents for key in keys])
    return {key: share for key, share in zip(keys, shares, strict=True) if share}


def _is_single(redemption: Redemption) -> bool:
    return redemption.voucher.vat_treatment is VatTreatment.SINGLE_PURPOSE


def _redemption_line(redemption: Redemption, kind: GvTyp, key: VatKey, gross: Money, rates: Rates) -> Line:
    voucher = redemption.voucher
    name = _case_name(redemption, kind)
    return Line(
        text=f"{voucher.type_name} {PAID_OUT}" if kind is GvTyp.EINZWECK_KAUF else name or voucher.type_name,
        gv_typ=kind,
        gv_name=name,
        vat_key=key,
        rate_bp=rate_of(rates, key),
        gross=gross,
        unit_price=gross,
        voucher=voucher_note(voucher, redemption.rest),
    )


def _case_name(redemption: Redemption, kind: GvTyp) -> str:
    if kind is GvTyp.EINZWECK_KAUF:
        return PAID_OUT
    if redemption.is_goodwill:
        return GOODWILL
    if kind is not GvTyp.RABATT:
        return ""
    return "Aktionsgutschein" if redemption.voucher.sale else "Geschenkgutschein"


def _taxed(lines: Sequence[Line]) -> tuple[Line, ...]:
    taxed = list(lines)
    for key in {line.vat_key for line in lines}:
        places = [i for i, line in enumerate(lines) if line.vat_key is key]
        taxes = spread_tax([lines[i].gross for i in places], lines[places[0]].rate_bp)
        for i, tax in zip(places, taxes, strict=True):
            taxed[i] = replace(lines[i], tax=tax)
    return tuple(taxed)


def _check_coverage(order: Order, redemptions: Sequence[Redemption]) -> None:
    may = coverage(order.priced)
    for redemption in filter(_is_single, redemptions):
        _check_single(redemption, redemptions, may.per_key)
    taken = total(r.share.amount for r in redemptions)
    if taken > may.paid:
        raise Refused(msg("Vouchers can’t pay for vouchers: at most {most} here. Take a part back."), most=may.paid)
    # What single-purpose vouchers pay is goods too, and a bonus part can only reduce what they leave.
    only_goods = total(r.share.amount if _is_single(r) else r.share.bonus for r in redemptions)
    if only_goods > may.bonus:
        raise Refused(
            msg("The given part of a voucher pays only for goods and services: {most} here. Take a part back."),
            most=may.bonus,
        )


def _check_single(redemption: Redemption, all_of_them: Sequence[Redemption], goods: Mapping[VatKey, Money]) -> None:
    voucher = redemption.voucher
    same = [r for r in all_of_them if _is_single(r) and r.voucher.vat_key is voucher.vat_key]
    most = goods.get(voucher.vat_key, ZERO)
    if total(r.share.amount for r in same) > most:
        raise Refused(
            msg("{number} pays only for goods with its own VAT rate: {most} here."), number=voucher.number, most=most
        )
