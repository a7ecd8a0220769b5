"""A voucher type in a few words, for the list and above its form: value, numbering, validity."""

from __future__ import annotations

from till.i18n import Translator
from till.money import Money
from till.ui.look import Look
from till.vouchers.model import Numbering, VatTreatment, VoucherType
from till.vouchers.rules import VoucherRules
from till.vouchers.terms import needs_price
from till.vouchers.type_rules import face_of


def value_words(look: Look, kind: VoucherType) -> str:
    """What it costs and what it is worth: “20,00 → 30,00”, “value is asked”."""
    t, amount = look.t, look.formats.amount
    if kind.is_complaint:
        return t("for returns · always active")
    face = face_of(kind)
    if not needs_price(kind) and kind.sale is not None and face is not None:
        return f"{amount(kind.sale)} → {amount(face)}"
    if kind.face_bonus_bp is not None:
        return t("price is asked · {percent} on top").format(percent=look.formats.percent(kind.face_bonus_bp))
    if face is None:
        return t("value is asked")
    if kind.zero_price_allowed:
        return t("gift · worth {amount}").format(amount=amount(face))
    return t("price is asked · worth {amount}").format(amount=amount(face))


def numbering_words(look: Look, kind: VoucherType) -> str:
    """Where its numbers come from, with the next one where they count up."""
    if kind.numbering is Numbering.AUTOMATIC:
        return f"{kind.next_number} …"
    return numberings(look.t)[kind.numbering]


def validity_words(look: Look, kind: VoucherType, rules: VoucherRules) -> str:
    """How long one that is sold now is valid."""
    t, date = look.t, look.formats.date
    if kind.valid_until is not None:
        return t("until {date}").format(date=date(kind.valid_until))
    return t.plural("{count} year", "{count} years", rules.years).format(count=rules.years)


def numberings(t: Translator) -> dict[Numbering, str]:
    """The kinds of numbering by their words."""
    return {
        Numbering.AUTOMATIC: t("counts up by itself"),
        Numbering.OWN: t("asked at the till"),
        Numbering.NONE: t("without number"),
    }


def treatments(t: Translator) -> dict[VatTreatment, str]:
    """The VAT treatments by their words."""
    return {
        VatTreatment.MULTI_PURPOSE: t("Multi-purpose: VAT when it is redeemed"),
        VatTreatment.SINGLE_PURPOSE: t("Single-purpose: VAT when it is sold"),
    }


def explained(look: Look, kind: VoucherType) -> str:
    """In a sentence what happens at the till when one is sold, so that nobody has to guess from the fields; "" for what can't be."""
    t, money = look.t, look.formats.money
    if kind.is_complaint:
        return t("Returns and cancellations make it, over what is owed to the customer. It is not sold.")
    face = face_of(kind)
    if not needs_price(kind) and kind.sale is not None and face is not None:
        return _explained_fixed(look, kind.sale, face)
    if kind.face_bonus_bp is not None:
        percent = look.formats.percent(kind.face_bonus_bp)
        return t("The till asks for the price and puts {percent} on top as a bonus.").format(percent=percent)
    if face is None:
        return t("The till asks for the value; the customer pays as much.")
    if kind.zero_price_allowed:
        return t("The till asks for the price, which may be 0; the voucher is worth {face}.").format(face=money(face))
    return t("The till asks for the price, up to {face}; the voucher is worth {face}.").format(face=money(face))


def _explained_fixed(look: Look, sale: Money, face: Money) -> str:
    t, money = look.t, look.formats.money
    if face < sale:
        return ""
    if face == sale:
        return t("The customer pays {sale} and can redeem as much.").format(sale=money(sale))
    words = t("The customer pays {sale} and can redeem {face}: {bonus} of it are a bonus.")
    return words.format(sale=money(sale), face=money(face), bonus=money(face - sale))
