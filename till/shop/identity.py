"""What the shop's name, address and tax numbers must look like; checked while they are typed and before they are stored.

The lengths are those of the DSFinV-K's Stamm_Abschluss, so that no export has to cut a name (60-fiscal A3.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from till.errors import Refused
from till.i18n import msg
from till.shop.details import ShopDetails

GERMANY = "DEU"
MOST = {"name": 60, "street": 60, "postcode": 10, "town": 62, "tax_number": 20, "vat_id": 15, "phone": 40}
"""The longest text per field, in characters."""

_GERMAN_VAT_ID = re.compile(r"DE\d{9}")
_EU_VAT_ID = re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,13}")
_TAX_NUMBER = re.compile(r"[0-9][0-9 /.-]*")
_TAX_DIGITS = (10, 11, 13)
_POSTCODE = re.compile(r"\d{5}")
_PHONE = re.compile(r"\+?[0-9 ()/.-]*")


def checked_text(field: str, typed: str) -> str:
    """A required line without blanks around it; refused when it is empty, too long, or holds what can't be printed."""
    text = checked_short(field, typed)
    if not text:
        raise Refused(msg("This is needed: it stands on every receipt."))
    return text


def checked_short(field: str, typed: str) -> str:
    """A line that may be empty; refused as in `checked_text`."""
    text = typed.strip()
    if not text.isprintable():
        raise Refused(msg("There is a character in it that can’t be printed. Type it again."))
    if len(text) > MOST[field]:
        raise Refused(msg("At most {most} characters."), most=MOST[field])
    return text


def checked_postcode(typed: str, country: str = GERMANY) -> str:
    """A postcode; five digits in Germany."""
    text = checked_text("postcode", typed)
    if country == GERMANY and not _POSTCODE.fullmatch(text):
        raise Refused(msg("A German postcode has five digits."))
    return text


def checked_tax_number(typed: str, country: str = GERMANY) -> str:
    """A tax number (Steuernummer), as it stands on the tax office's letters: 10 or 11 digits, or 13 as ELSTER writes it.

    It has no check digit that is the same in all states, so only its form is looked at.
    """
    text = checked_short("tax_number", typed)
    digits = sum(char.isdigit() for char in text)
    if text and country == GERMANY and not (_TAX_NUMBER.fullmatch(text) and digits in _TAX_DIGITS):
        raise Refused(msg("A tax number has 10, 11 or 13 digits, for example 12/345/67890."))
    return text


def checked_vat_id(typed: str) -> str:
    """A VAT id (USt-IdNr.) in capitals without blanks; a German one by its check digit (ISO 7064, MOD 11,10)."""
    text = checked_short("vat_id", re.sub(r"[\s.-]", "", typed).upper())
    if not text:
        return ""
    if text.startswith("DE"):
        if not _GERMAN_VAT_ID.fullmatch(text):
            raise Refused(msg("A German VAT id is DE and nine digits, for example DE123456788."))
        if _check_digit(text[2:10]) != int(text[10]):
            raise Refused(msg("The last digit of this VAT id doesn’t fit the others. Look at it again."))
    elif not _EU_VAT_ID.fullmatch(text):
        raise Refused(msg("A VAT id begins with the two letters of its country, for example DE123456788."))
    return text


def checked_phone(typed: str) -> str:
    """A telephone number."""
    text = checked_short("phone", typed)
    if not _PHONE.fullmatch(text):
        raise Refused(msg("A telephone number has digits, blanks and + ( ) / - only."))
    return text


FIELDS: Mapping[str, Callable[[str], str]] = {
    "name": lambda typed: checked_text("name", typed),
    "street": lambda typed: checked_text("street", typed),
    "postcode": checked_postcode,
    "town": lambda typed: checked_text("town", typed),
    "tax_number": checked_tax_number,
    "vat_id": checked_vat_id,
    "phone": checked_phone,
}
"""What checks each field of a German shop as it is typed, and gives it back as it is stored."""


def check_tax_identity(tax_number: str, vat_id: str) -> None:
    """Refuse a shop without tax number and VAT id: each Z and each invoice names one of them (60-fiscal A3.4 rule 9)."""
    if not (tax_number or vat_id):
        raise Refused(msg("Enter the tax number or the VAT id: one of them stands on receipts and in every Z."))


def checked(details: ShopDetails) -> ShopDetails:
    """Details as they are stored; refused with the first field that is wrong."""
    values = {name: check(getattr(details, name)) for name, check in FIELDS.items()}
    check_tax_identity(values["tax_number"], values["vat_id"])
    return replace(details, **values)  # type: ignore[arg-type]


def _check_digit(digits: str) -> int:
    product = 10
    for digit in digits:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10
