"""What may be entered as the shop's own details: each rule answers with the sentence that stands under its field."""

from __future__ import annotations

import re
from dataclasses import replace

from till.errors import Refused
from till.i18n import msg
from till.shop.details import ShopDetails

MOST_LETTERS = 60
NOT_ENTERED = "–"
SMALL_BUSINESS = msg("No VAT is shown: small business, § 19 UStG.")

TOO_LONG = msg("At most {most} letters fit on a receipt.")
NO_CONTROLS = msg("Only letters that can be printed.")
NOT_A_POSTCODE = msg("A German postcode has five digits.")
NOT_A_TAX_NUMBER = msg("A Steuernummer has 10, 11 or 13 digits, such as 12/345/67890.")
NOT_A_VAT_ID = msg("A German VAT id is DE and nine digits.")
WRONG_DIGIT = msg("This VAT id has a wrong digit: compare it with the letter of the Bundeszentralamt.")

_POSTCODE = re.compile(r"\d{5}", re.ASCII)
_TAX_NUMBER = re.compile(r"\d{10,11}|\d{13}", re.ASCII)
_TAX_SEPARATORS = re.compile(r"[\s/.-]")
_VAT_ID = re.compile(r"DE(\d{8})(\d)", re.ASCII)


def check_text(text: str, most: int = MOST_LETTERS) -> None:
    """Refuse a line that is too long for paper, or has what no printer should get."""
    if not text.isprintable():
        raise Refused(NO_CONTROLS)
    if len(text) > most:
        raise Refused(TOO_LONG, most=most)


def check_postcode(text: str) -> None:
    """Refuse what is no German postcode; empty is none."""
    if text and not _POSTCODE.fullmatch(text):
        raise Refused(NOT_A_POSTCODE)


def check_tax_number(text: str) -> None:
    """Refuse what has not the digits of a Steuernummer (§ 139 AO), however they are grouped; empty is none."""
    if text and not _TAX_NUMBER.fullmatch(_TAX_SEPARATORS.sub("", text)):
        raise Refused(NOT_A_TAX_NUMBER)


def check_vat_id(text: str) -> None:
    """Refuse what is no German USt-IdNr., or one that was mistyped; empty is none.

    The last digit proves the others (ISO 7064, MOD 11,10).
    """
    if not text:
        return
    found = _VAT_ID.fullmatch(tidy_vat_id(text))
    if found is None:
        raise Refused(NOT_A_VAT_ID)
    product = 10
    for digit in found[1]:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    if (11 - product) % 10 != int(found[2]):
        raise Refused(WRONG_DIGIT)


def tidy_vat_id(text: str) -> str:
    """Without spaces, in capitals."""
    return "".join(text.split()).upper()


def is_complete(details: ShopDetails) -> bool:
    """Whether there is all that § 6 KassenSichV wants to see of the shop: without it nothing may be sold."""
    parts = (details.name, details.street, details.postcode, details.town)
    return all(any(char.isalnum() for char in part) for part in parts)


def with_gaps_marked(details: ShopDetails) -> ShopDetails:
    """The details with a mark wherever nothing was entered, so that the shop can be founded; it sells nothing yet."""
    names = ("name", "street", "postcode", "town")
    gaps = {name: NOT_ENTERED for name in names if not getattr(details, name).strip()}
    return replace(details, **gaps)  # type: ignore[arg-type]
