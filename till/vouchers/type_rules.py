"""What a voucher type may be: each field's rule, what should be known besides, and how it is tidied (V5 to V12, V16)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from dataclasses import field as made_by
from enum import StrEnum

from till.business_case import VatKey
from till.catalog.plu import checked as checked_plu
from till.errors import Refused
from till.i18n import msg
from till.money import MAX_CENTS, ZERO, Money
from till.tables import cells
from till.vouchers.label_templates import is_known
from till.vouchers.model import Numbering, VatTreatment, VoucherType
from till.vouchers.numbers import checked as checked_number
from till.vouchers.numbers import successor
from till.vouchers.terms import TOO_MUCH_WORTH, TermRule, needs_price, valid_until, with_bonus

MAX_NAME = 30
MAX_NOTE = 30
MAX_BONUS_BP = 100_000
PAID_TERM_YEARS = 3
"""German courts have struck terms for paid vouchers below the regular limitation period (§§ 195, 199 BGB)."""

TAXED = (VatKey.GENERAL, VatKey.REDUCED, VatKey.AVERAGE_10_7, VatKey.AVERAGE_5_5, VatKey.EXEMPT)
NO_NAME = msg("A voucher type needs a name. It stands on the till and on the receipt.")
NO_PLU = msg("A voucher type needs a PLU number: the number that is typed at the till.")
NEGATIVE = msg("{amount} is below 0. A voucher can’t be worth or cost less than nothing.")
FACE_ZERO = msg("A voucher that is worth nothing can’t be sold. Leave it empty, and it is worth what it costs.")
ABOVE_FACE = msg("It costs {sale} and would be worth {face}. A voucher can’t cost more than it is worth.")
BONUS_RANGE = msg("Type a percentage from 0 to {most}, such as 10 or 12,5.")
NO_FIRST_NUMBER = msg("Type the first number, such as AG2026-0001. It counts up from there.")
NO_RATE_CHOSEN = msg("A single-purpose voucher is taxed when it is sold. Choose its VAT rate.")
NO_RATE_TODAY = msg("This VAT key has no rate today. Choose another one.")
ENDS_BEFORE_BEGIN = msg("The voucher would end on {until}, before it begins on {begin}.")
IS_OVER = msg("{until} is over: vouchers sold now would have expired. Choose a later day, or leave it empty.")
NO_TEMPLATE = msg("This label is not there any more. Choose another one.")
COMPLAINT_VALUE = msg("The complaint voucher is worth what is owed to the customer. It has no value of its own.")
COMPLAINT_NUMBER = msg("The complaint voucher gets its numbers by itself, so that a return never has to wait for one.")
COMPLAINT_VAT = msg("The complaint voucher pays for anything, so it is a multi-purpose voucher.")
COMPLAINT_STAYS = msg(
    "The complaint voucher can’t be switched off: returns and cancellations need it to give back money."
)

SHORT_TERM = msg(
    "Valid for less than three years to the end of the year: courts have struck such terms for vouchers that were paid for. "
    "The customer may still ask for the money’s worth."
)
INSISTS = msg("The sale value is 0, but a price of 0 is not allowed: the till will insist on a price.")
ZERO_WORTH = msg("A price of 0 is allowed, but then this voucher would be worth nothing. Give it a face value.")
SAME_NAME = msg("“{name}” is called the same. At the till only their numbers tell them apart.")


class TypeField(StrEnum):
    """A field of a type's form, so that a refusal stands where it belongs."""

    NAME = "name"
    NOTE = "note"
    PLU = "plu"
    SALE = "sale"
    FACE = "face"
    BONUS = "bonus"
    ZERO_PRICE = "zero-price"
    NUMBERING = "numbering"
    NEXT_NUMBER = "next-number"
    VAT = "vat"
    VAT_KEY = "vat-key"
    LABEL = "label"
    VALID_FROM = "valid-from"
    VALID_UNTIL = "valid-until"
    CATEGORY = "category"
    ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class TypeProblem:
    """What is wrong with a field."""

    field: TypeField
    refused: Refused


@dataclass(frozen=True, slots=True)
class TypeHint:
    """What should be known about a field that is allowed as it is: a msgid and what fills it."""

    field: TypeField
    msgid: str
    values: dict[str, object] = made_by(default_factory=dict)


class TypeNotSaved(Refused):
    """Nothing was stored: `problems` says field by field why."""

    def __init__(self, problems: tuple[TypeProblem, ...]) -> None:
        super().__init__(msg("Not saved yet: please correct what is marked in red."))
        self.problems = problems


class TypeChangedMeanwhile(Refused):
    """Somebody else has changed the type since it was looked at; nothing was stored."""

    def __init__(self) -> None:
        super().__init__(
            msg("Somebody else has changed this voucher type meanwhile. Look at what they changed, then save again.")
        )


@dataclass(frozen=True, slots=True)
class Today:
    """What a type is judged by: the local day, the keys that have a rate today, and the shop's rule for validity."""

    day: dt.date
    rates: frozenset[VatKey]
    rule: TermRule


def tidied(kind: VoucherType) -> VoucherType:
    """The type as it is stored: no blanks around words, capitals in its PLU number, nothing beside its face-value rule."""
    is_single = kind.vat_treatment is VatTreatment.SINGLE_PURPOSE
    return replace(
        kind,
        plu=kind.plu.strip().upper(),
        name=kind.name.strip(),
        note=kind.note.strip(),
        face=kind.face if kind.face_bonus_bp is None else None,
        next_number=kind.next_number.strip() if kind.numbering is Numbering.AUTOMATIC else "",
        vat_key=kind.vat_key if is_single else VatKey.NOT_TAXABLE,
    )


def face_of(kind: VoucherType) -> Money | None:
    """What a voucher of this type is worth, None where that depends on the price that is asked for."""
    if kind.face_bonus_bp is not None:
        return with_bonus(kind.sale, kind.face_bonus_bp) if kind.sale else None
    return kind.face or kind.sale or None


def may_be_paid(kind: VoucherType) -> bool:
    """Whether customers pay for it; one that is given away has a bonus part only (V8)."""
    return bool(kind.sale) or not (kind.face and kind.zero_price_allowed)


def is_short_term(until: dt.date, today: dt.date) -> bool:
    """Whether a paid voucher sold today would end before three years to the end of the calendar year (V16)."""
    return until < dt.date(today.year + PAID_TERM_YEARS, 12, 31)


def checks(kind: VoucherType, today: Today) -> Iterator[tuple[TypeField, Callable[[], None]]]:
    """The rules that need no database, by the field at which a refusal is said; `kind` is tidied."""
    yield TypeField.NAME, lambda: _check_name(kind.name)
    yield TypeField.NOTE, lambda: _check_note(kind.note)
    yield TypeField.PLU, lambda: _check_plu(kind.plu)
    yield TypeField.SALE, lambda: _check_sale(kind)
    yield TypeField.FACE, lambda: _check_face(kind)
    yield TypeField.BONUS, lambda: _check_bonus(kind)
    yield TypeField.NUMBERING, lambda: _check_numbering(kind)
    yield TypeField.NEXT_NUMBER, lambda: _check_next_number(kind)
    yield TypeField.VAT, lambda: _check_vat(kind)
    yield TypeField.VAT_KEY, lambda: _check_vat_key(kind, today)
    yield TypeField.LABEL, lambda: _check_label(kind)
    yield TypeField.VALID_UNTIL, lambda: _check_term(kind, today)
    yield TypeField.ACTIVE, lambda: check_may_be_off(kind)


def hints(kind: VoucherType, today: Today) -> Iterator[TypeHint]:
    """What the shop should know, though it may do so; `kind` is tidied and has no problems."""
    if may_be_paid(kind) and is_short_term(valid_until(kind, today.day, today.rule), today.day):
        yield TypeHint(TypeField.VALID_UNTIL, SHORT_TERM)
    if kind.sale == ZERO and kind.face and not kind.zero_price_allowed:
        yield TypeHint(TypeField.ZERO_PRICE, INSISTS)
    if kind.zero_price_allowed and needs_price(kind) and not kind.face:
        yield TypeHint(TypeField.ZERO_PRICE, ZERO_WORTH)


def hint_of_rule(rule: TermRule, today: dt.date) -> TypeHint | None:
    """What the shop should know about its usual validity."""
    usual = VoucherType(uuid.UUID(int=0), "", "", Numbering.NONE)
    is_short = is_short_term(valid_until(usual, today, rule), today)
    return TypeHint(TypeField.VALID_UNTIL, SHORT_TERM) if is_short else None


def check_may_be_off(kind: VoucherType) -> None:
    """Refused for the complaint voucher that shall not be sold any more (V4)."""
    if kind.is_complaint and not kind.active:
        raise Refused(COMPLAINT_STAYS)


def check_start(typed: str) -> str:
    """A first number as it is kept; Refused in words for one that is empty, too long, or has no digits at its end (V50)."""
    if not typed.strip():
        raise Refused(NO_FIRST_NUMBER)
    number = checked_number(typed)
    successor(number)
    return number


def _check_name(name: str) -> None:
    if not name:
        raise Refused(NO_NAME)
    cells.text(name, MAX_NAME)


def _check_note(note: str) -> None:
    cells.text(note, MAX_NOTE)


def _check_plu(plu: str) -> None:
    if not plu:
        raise Refused(NO_PLU)
    checked_plu(plu)


def _check_sale(kind: VoucherType) -> None:
    _check_amount(kind.sale)
    if kind.is_complaint and kind.sale is not None:
        raise Refused(COMPLAINT_VALUE)


def _check_face(kind: VoucherType) -> None:
    _check_amount(kind.face)
    if kind.is_complaint and kind.face is not None:
        raise Refused(COMPLAINT_VALUE)
    if kind.face is None:
        return
    if not kind.face and kind.sale:
        raise Refused(FACE_ZERO)
    if kind.face and kind.sale is not None and kind.sale > kind.face:
        raise Refused(ABOVE_FACE, sale=kind.sale, face=kind.face)


def _check_bonus(kind: VoucherType) -> None:
    if kind.face_bonus_bp is None:
        return
    if kind.is_complaint:
        raise Refused(COMPLAINT_VALUE)
    if not 0 <= kind.face_bonus_bp <= MAX_BONUS_BP:
        raise Refused(BONUS_RANGE, most=MAX_BONUS_BP // 100)
    if kind.sale and with_bonus(kind.sale, kind.face_bonus_bp).cents > MAX_CENTS:
        raise Refused(TOO_MUCH_WORTH, most=Money(MAX_CENTS))


def _check_amount(amount: Money | None) -> None:
    if amount is not None and amount < ZERO:
        raise Refused(NEGATIVE, amount=amount)
    if amount is not None and amount.cents > MAX_CENTS:
        raise Refused(msg("A voucher can’t cost {amount}."), amount=amount)


def _check_numbering(kind: VoucherType) -> None:
    if kind.is_complaint and kind.numbering is not Numbering.AUTOMATIC:
        raise Refused(COMPLAINT_NUMBER)


def _check_next_number(kind: VoucherType) -> None:
    if kind.numbering is Numbering.AUTOMATIC:
        check_start(kind.next_number)


def _check_vat(kind: VoucherType) -> None:
    if kind.is_complaint and kind.vat_treatment is not VatTreatment.MULTI_PURPOSE:
        raise Refused(COMPLAINT_VAT)


def _check_vat_key(kind: VoucherType, today: Today) -> None:
    if kind.vat_treatment is not VatTreatment.SINGLE_PURPOSE:
        return
    if kind.vat_key not in TAXED:
        raise Refused(NO_RATE_CHOSEN)
    if kind.vat_key not in today.rates:
        raise Refused(NO_RATE_TODAY)


def _check_label(kind: VoucherType) -> None:
    if not is_known(kind.label_template):
        raise Refused(NO_TEMPLATE)


def _check_term(kind: VoucherType, today: Today) -> None:
    begin = kind.valid_from or today.day
    until = valid_until(kind, today.day, today.rule)
    if kind.valid_from is not None and until < begin:
        raise Refused(ENDS_BEFORE_BEGIN, until=until, begin=begin)
    if kind.active and until < today.day:
        raise Refused(IS_OVER, until=until)
