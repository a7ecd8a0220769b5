"""A voucher type in a few words, for the list and above its form: value, numbering, validity."""

from __future__ import annotations

from till.i18n import Translator
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
        return amount(kind.sale) if kind.sale == face else f"{amount(kind.sale)} → {amount(face)}"
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
        return look.t("automatic {number}").format(number=kind.next_number)
    return numberings(look.t)[kind.numbering]


def validity_words(look: Look, kind: VoucherType, rules: VoucherRules) -> str:
    """How long one that is sold now is valid."""
    t, date = look.t, look.formats.date
    if kind.valid_until is not None:
        return t("until {date}").format(date=date(kind.valid_until))
    words = t.plural("{count} year", "{count} years", rules.years).format(count=rules.years)
    return words


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
