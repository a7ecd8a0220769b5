"""What a scanned text is: an article's GTIN, a weighed label, a voucher, a customer, a receipt, or bare text.

The till's own barcodes begin with `$` and a letter for their kind (10-vouchers V25). `$`, `.`, digits and
capitals lie on the same keys of an American and a German keyboard (70-devices 4.2), fit Code128, and no
GTIN contains `$`, so that kinds never collide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.quantity import Quantity

MAX_LENGTH = 512
"""Holds the barcode of every voucher number and till id that the till takes, escaped letter by letter."""

VOUCHER_PREFIX = "$V"
RECEIPT_PREFIX = "$R"
CUSTOMER_PREFIX = "$C"

_SHOWN = 20
_GTIN_LENGTHS = (8, 12, 13)
_EAN13_LENGTH = 13
_NOT_PLAIN = re.compile(rb"[^A-Za-z0-9.-]")
_ESCAPED = re.compile(rb"\$([0-9A-Fa-f]{2})")
_TYPE_PLU = re.compile(r"[A-Za-z0-9-]+", re.ASCII)
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class CodeKind(StrEnum):
    """What a scanned text is."""

    GTIN = "gtin"
    PRICE = "price"
    WEIGHT = "weight"
    VOUCHER = "voucher"
    CUSTOMER = "customer"
    RECEIPT = "receipt"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    TEXT = "text"


class LabelValue(StrEnum):
    """What the value digits of an in-store EAN-13 count: cents or grams."""

    PRICE = "price"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class InStoreRule:
    """How a label scale fills an EAN-13: prefix, article number, value, check digit.

    Digits left over between article number and value (some scales put a check digit there) are skipped.
    Raises ValueError when the parts do not fit into twelve digits.
    """

    prefix: str
    value: LabelValue
    article_digits: int = 5
    value_digits: int = 5

    def __post_init__(self) -> None:
        used = len(self.prefix) + self.article_digits + self.value_digits
        if not (self.prefix.isascii() and self.prefix.isdigit() and self.prefix[0] == "2"):
            complaint = f"an in-store prefix is digits and begins with 2, got {self.prefix!r}"
            raise ValueError(complaint)
        if min(self.article_digits, self.value_digits) < 1 or used >= _EAN13_LENGTH:
            complaint = f"prefix, article and value have twelve digits at most, got {used}"
            raise ValueError(complaint)


IN_STORE_RULES = (
    InStoreRule("21", LabelValue.PRICE),
    InStoreRule("22", LabelValue.PRICE),
    InStoreRule("23", LabelValue.PRICE),
    InStoreRule("28", LabelValue.WEIGHT),
    InStoreRule("29", LabelValue.WEIGHT),
)
"""Usual settings of German label scales; 20 and 24 to 27 stay free for the shop's own article codes."""


@dataclass(frozen=True, slots=True)
class ScannedCode:
    """A scanned text and what it says.

    `text` is what was scanned without surrounding blanks: for looking up bare. `number` is the number to
    look up: the GTIN (UPC-A as EAN-13), the article number on a label, the voucher's, customer's or
    receipt's number, else `text`. `type_plu` is the voucher type's PLU, `till_id` the till of a receipt;
    `price` and `weight` (kg) stand on labels of a scale.
    """

    kind: CodeKind
    text: str
    number: str
    type_plu: str = ""
    till_id: str = ""
    price: Money | None = None
    weight: Quantity | None = None


def parse(code: str, rules: Sequence[InStoreRule] = IN_STORE_RULES) -> ScannedCode:
    """What `code` is; capitals and small letters of the till's own prefixes are the same.

    Raises Refused for an empty text, more than MAX_LENGTH characters, or control characters.
    """
    text = _checked(code)
    if text.startswith("$"):
        return _own(text) or _bare(text)
    if text.isascii() and text.isdigit() and len(text) in _GTIN_LENGTHS:
        return _numeric(text, rules)
    return _bare(text)


def check_digit(digits: str) -> str:
    """The check digit that belongs behind `digits` in a GTIN of any length (GS1 General Specifications 7.9)."""
    weighted = sum(int(digit) * (1 if i % 2 else 3) for i, digit in enumerate(reversed(digits)))
    return str(-weighted % 10)


def is_gtin(code: str) -> bool:
    """Whether `code` is an EAN-8, UPC-A or EAN-13 with the right check digit."""
    fits = code.isascii() and code.isdigit() and len(code) in _GTIN_LENGTHS
    return fits and check_digit(code[:-1]) == code[-1]


def normalised_gtin(code: str) -> str:
    """A GTIN as it is stored: UPC-A with a leading zero as EAN-13; any other text unchanged."""
    return f"0{code}" if len(code) == _EAN13_LENGTH - 1 and is_gtin(code) else code


def voucher_barcode(type_plu: str, number: str) -> str:
    """The text of a voucher's barcode; look-ups ignore case, so small letters become capitals.

    Raises Refused when it would be longer than MAX_LENGTH, and ValueError for a type's PLU with other
    characters than letters, digits and "-".
    """
    if _TYPE_PLU.fullmatch(type_plu) is None:
        complaint = f"a voucher type's PLU has letters, digits and '-', got {type_plu!r}"
        raise ValueError(complaint)
    return _fitting(f"{VOUCHER_PREFIX}{type_plu.translate(_UPPER)}.{_escape(number.translate(_UPPER))}", number)


def receipt_barcode(till_id: str, number: int) -> str:
    """The text of a receipt's barcode: the till that gave it and its number there."""
    return _fitting(f"{RECEIPT_PREFIX}{_escape(till_id)}.{number}", str(number))


def customer_barcode(number: str) -> str:
    """The text of a customer card's barcode, in capitals; Refused when it would be longer than MAX_LENGTH."""
    return _fitting(f"{CUSTOMER_PREFIX}{_escape(number.translate(_UPPER))}", number)


def _checked(code: str) -> str:
    text = code.strip(" \t\r\n")
    if not text:
        raise Refused(msg("The scanner sent an empty code. Scan again."))
    if len(text) > MAX_LENGTH:
        raise Refused(
            msg("“{code}” is too long for a barcode: {most} characters at most. Scan again."),
            code=_beginning(text),
            most=MAX_LENGTH,
        )
    if not text.isprintable():
        raise Refused(
            msg("“{code}” has characters that no barcode of the shop has. Check the scanner's settings."),
            code=_beginning(text),
        )
    return text


def _beginning(text: str) -> str:
    """The first characters, fit for a sentence; `till.formats` has more but knows the clock, and this module is pure."""
    printable = "".join(c if c.isprintable() else "·" for c in text[:_SHOWN])
    return printable if len(text) <= _SHOWN else f"{printable}…"


def _numeric(text: str, rules: Sequence[InStoreRule]) -> ScannedCode:
    if not is_gtin(text):
        return ScannedCode(CodeKind.WRONG_CHECK_DIGIT, text, text)
    gtin = normalised_gtin(text)
    for rule in rules:
        if len(gtin) == _EAN13_LENGTH and gtin.startswith(rule.prefix):
            return _labelled(text, gtin, rule)
    return ScannedCode(CodeKind.GTIN, text, gtin)


def _labelled(text: str, gtin: str, rule: InStoreRule) -> ScannedCode:
    start = len(rule.prefix)
    number = gtin[start : start + rule.article_digits]
    value = int(gtin[-1 - rule.value_digits : -1])
    if rule.value is LabelValue.PRICE:
        return ScannedCode(CodeKind.PRICE, text, number, price=Money(value))
    return ScannedCode(CodeKind.WEIGHT, text, number, weight=Quantity(value))


def _own(text: str) -> ScannedCode | None:
    body = text[2:]
    match text[:2].upper():
        case "$V":
            return _voucher(text, body.translate(_UPPER))
        case "$R":
            return _receipt(text, body)
        case "$C":
            number = _unescape(body.translate(_UPPER))
            return ScannedCode(CodeKind.CUSTOMER, text, number) if number else None
        case _:
            return None


def _voucher(text: str, body: str) -> ScannedCode | None:
    type_plu, _, escaped = body.partition(".")
    number = _unescape(escaped)
    if _TYPE_PLU.fullmatch(type_plu) is None or not number:
        return None
    return ScannedCode(CodeKind.VOUCHER, text, number, type_plu=type_plu)


def _receipt(text: str, body: str) -> ScannedCode | None:
    escaped, _, number = body.rpartition(".")
    till_id = _unescape(escaped)
    if not till_id or not (number.isascii() and number.isdigit()):
        return None
    return ScannedCode(CodeKind.RECEIPT, text, number, till_id=till_id)


def _bare(text: str) -> ScannedCode:
    return ScannedCode(CodeKind.TEXT, text, text)


def _fitting(barcode: str, number: str) -> str:
    if len(barcode) > MAX_LENGTH:
        raise Refused(msg("The number “{number}” is too long for a barcode."), number=_beginning(number))
    return barcode


def _escape(text: str) -> str:
    """`text` with every byte that is not a letter, digit, "." or "-" as "$" and two hexadecimal digits."""
    return _NOT_PLAIN.sub(lambda found: b"$%02X" % found[0][0], text.strip().encode()).decode("ascii")


def _unescape(escaped: str) -> str:
    """The text again, or "" where `escaped` is none that `_escape` writes."""
    plain, escapes = escaped.encode(), _ESCAPED
    if b"$" in escapes.sub(b"", plain):
        return ""
    try:
        text = escapes.sub(lambda found: bytes.fromhex(found[1].decode()), plain).decode().strip()
    except UnicodeDecodeError:
        return ""
    return text if text.isprintable() else ""
