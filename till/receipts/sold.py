"""The middle of a receipt: what was sold, what it cost, how it was paid, and the VAT in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from till.business_case import GvTyp, VatKey, ZahlartTyp
from till.documents.model import CREDIT, Draft, Line, Payment, VatTotal, VoucherNote
from till.formats import Formats
from till.quantity import ONE
from till.receipts.document import BIG, BOLD, Block, Row, Table, Text

VAT_LETTERS = {
    VatKey.GENERAL: "A",
    VatKey.REDUCED: "B",
    VatKey.AVERAGE_10_7: "C",
    VatKey.AVERAGE_5_5: "D",
    VatKey.NOT_TAXABLE: "E",
    VatKey.EXEMPT: "F",
    VatKey.UNDETERMINED: "G",
    VatKey.GENERAL_19_HISTORIC: "H",
    VatKey.REDUCED_7_HISTORIC: "I",
    VatKey.GENERAL_16_HISTORIC: "J",
    VatKey.REDUCED_5_HISTORIC: "K",
}

_GOODS = {GvTyp.UMSATZ, GvTyp.PFAND, GvTyp.PFAND_RUECKZAHLUNG}
_REDEMPTIONS = {GvTyp.EINZWECK_EINLOESUNG, GvTyp.MEHRZWECK_EINLOESUNG}
_VOUCHERS_SOLD = {GvTyp.EINZWECK_KAUF, GvTyp.MEHRZWECK_KAUF}
_NO_LETTER = "  "  # keeps amounts without a VAT letter under those with one


def line_rows(draft: Draft, formats: Formats) -> Iterator[Block]:
    """Every line with its amount; a discount and all that explains a line stand indented below it."""
    for line in _in_print_order(draft.lines):
        yield from _line(line, formats)


def total_row(draft: Draft, formats: Formats) -> Row:
    """The sum, or what remains to be paid after vouchers (60-fiscal A1), or what a voucher's surplus brings back (V35)."""
    t = formats.translator
    if draft.total.cents < 0:
        return Row(t("Goes back"), formats.money(draft.total), style=BIG)
    word = t("To pay") if any(line.gv_typ in _REDEMPTIONS for line in draft.lines) else t("Total")
    return Row(word, formats.money(draft.total), style=BIG)


def payment_rows(draft: Draft, formats: Formats) -> Iterator[Block]:
    """The amount of each tender (AEAO zu § 146a Nr. 2.4.4), what was given and the change."""
    paid = [payment for payment in draft.payments if payment.zahlart_typ is not ZahlartTyp.KEINE]
    for payment in paid:
        yield from _payment(payment, formats)
    if not paid:
        by_voucher = any(line.gv_typ in _REDEMPTIONS for line in draft.lines)
        t = formats.translator
        yield Text(t("Payment: none (voucher)") if by_voucher else t("Payment: none"))


def vat_blocks(vat: Sequence[VatTotal], formats: Formats) -> Iterator[Block]:
    """Net, VAT and gross of each rate, and a note for each key without VAT (§ 6 KassenSichV Nr. 5).

    Redeemed multi-purpose vouchers are no supply: their negative sum is not shown as one.
    """
    t = formats.translator
    taxed = [row for row in vat if row.rate_bp]
    if taxed:
        header = (t("VAT"), t("net"), t("VAT amount"), t("gross"))
        yield Table(header, tuple(_vat_row(row, formats) for row in taxed))
    for row in vat:
        if not row.rate_bp and not (taxed and row.gross.cents < 0):
            yield Row(f"{VAT_LETTERS[row.vat_key]} {without_vat(row.vat_key, formats)}", formats.amount(row.gross))


def _in_print_order(lines: Sequence[Line]) -> Iterator[Line]:
    below: dict[int, list[Line]] = {}
    for line in lines:
        if line.reduces is not None:
            below.setdefault(line.reduces, []).append(line)
    for position, line in enumerate(lines):
        if line.reduces is None:
            yield line
            yield from below.get(position, [])


def is_redemption(line: Line) -> bool:
    """Whether a voucher paid with this line, or got it back."""
    return line.gv_typ in _REDEMPTIONS


def _line(line: Line, formats: Formats) -> Iterator[Block]:
    indent = 0 if line.reduces is None else 2
    letter = _NO_LETTER if line.gv_typ in _REDEMPTIONS else f" {VAT_LETTERS[line.vat_key]}"
    yield Row(_name(line, formats), formats.amount(line.gross) + letter, indent)
    for detail in _details(line, formats):
        yield Row(detail, "", indent + 2)


def _name(line: Line, formats: Formats) -> str:
    if line.voucher is not None and (told := _told_of_voucher(line, formats)):
        return told.format(number=line.voucher.number)
    if line.gv_typ not in _GOODS:
        return line.text
    unit = f" {line.unit}" if line.unit and not line.quantity.is_whole else ""
    return f"{formats.quantity(line.quantity)}{unit} x {line.text}"


def _told_of_voucher(line: Line, formats: Formats) -> str:
    """What happens to a voucher that is not sold by this line; empty where it is, and for a bonus that is redeemed."""
    t, is_mirrored = formats.translator, line.returns is not None
    if line.gv_name == CREDIT:
        return t("Voucher {number} into credit")
    if line.gv_typ in _VOUCHERS_SOLD and line.gross.cents <= 0:
        return _told_of_end(line, formats)
    if is_mirrored:
        return t("Back on voucher {number}")
    return t("Voucher {number} redeemed") if line.gv_typ in _REDEMPTIONS else ""


def _told_of_end(line: Line, formats: Formats) -> str:
    t = formats.translator
    if line.returns is not None:
        return t("Voucher {number} cancelled")
    return t("Paid out of voucher {number}") if line.gross.cents < 0 else ""


def _details(line: Line, formats: Formats) -> Iterator[str]:
    if line.gv_typ in _GOODS and line.quantity != ONE:
        yield _unit_price(line, formats)
    if line.voucher is not None:
        yield from _voucher(line, line.voucher, formats)
    if line.note:
        yield line.note


def _unit_price(line: Line, formats: Formats) -> str:
    price = formats.money(line.unit_price)
    if line.unit and not line.quantity.is_whole:
        return formats.translator("{price} per {unit}").format(price=price, unit=line.unit)
    return formats.translator("{price} each").format(price=price)


def _voucher(line: Line, voucher: VoucherNote, formats: Formats) -> Iterator[str]:
    t, parts = formats.translator, []
    if voucher.number and not _told_of_voucher(line, formats):
        parts.append(t("No. {number}").format(number=voucher.number))
    if voucher.face is not None and voucher.face != line.gross and voucher.rest is None:
        parts.append(t("value {amount}").format(amount=formats.money(voucher.face)))
    if voucher.rest is not None:
        parts.append(t("rest {amount}").format(amount=formats.money(voucher.rest)))
    if voucher.valid_until is not None:
        parts.append(t("valid until {date}").format(date=formats.date(voucher.valid_until)))
    if parts:
        yield f"({', '.join(parts)})"
    if voucher.text:
        yield voucher.text


def _payment(payment: Payment, formats: Formats) -> Iterator[Block]:
    t = formats.translator
    paid_out = payment.amount.cents < 0
    name = t("Paid out: {tender}").format(tender=payment.name) if paid_out else payment.name
    yield Row(name, formats.money(payment.amount), style=BOLD)
    if payment.given is not None and payment.change:
        yield Row(t("Given"), formats.money(payment.given), 2)
        yield Row(t("Change"), formats.money(payment.change), 2)


def _vat_row(row: VatTotal, formats: Formats) -> tuple[str, ...]:
    rate = f"{VAT_LETTERS[row.vat_key]} {formats.percent(row.rate_bp)}"
    return (rate, formats.amount(row.net), formats.amount(row.tax), formats.amount(row.gross))


def without_vat(key: VatKey, formats: Formats) -> str:
    """Why a key has no VAT, in words."""
    t = formats.translator
    match key:
        case VatKey.EXEMPT:
            return t("exempt from VAT")
        case VatKey.UNDETERMINED:
            return t("VAT not determined")
        case _:
            return t("not subject to VAT")
