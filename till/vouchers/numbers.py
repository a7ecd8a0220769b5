"""Voucher numbers: how they count up and how two spellings are known to be the same."""

from __future__ import annotations

import re
import uuid

from till.errors import Refused
from till.formats import shortened
from till.i18n import msg

MAX_LENGTH = 40
_TRAILING_DIGITS = re.compile(r"^(.*?)([0-9]+)$", re.DOTALL)


def successor(number: str) -> str:
    """The next number: trailing digits count up and keep their width, …-99 becomes …-100 (V50).

    Refused in words without trailing digits.
    """
    found = _TRAILING_DIGITS.match(number)
    if found is None:
        raise Refused(msg("“{number}” has no digits at its end to count up. Try {number}-0001."), number=number)
    stem, digits = found.groups()
    return f"{stem}{int(digits) + 1:0{len(digits)}d}"


def internal_number(voucher_id: uuid.UUID) -> str:
    """What stands for the number of a voucher without one (V14); no customer knows it."""
    return voucher_id.hex[:12].upper()


def matching(number: str) -> str:
    """The form in which numbers are compared: no surrounding blanks, no case (V15)."""
    return number.strip().casefold()


def checked(number: str) -> str:
    """A typed or scanned number fit to be kept: refused in words when empty, too long or not printable."""
    plain = number.strip()
    if not plain:
        raise Refused(msg("Type or scan the voucher’s number."))
    if max(len(plain), len(matching(plain))) > MAX_LENGTH:
        raise Refused(
            msg("“{number}” is too long. A voucher number has at most {most} characters."),
            number=shortened(plain),
            most=MAX_LENGTH,
        )
    if not plain.isprintable():
        raise Refused(msg("“{number}” holds characters that can’t be printed."), number=shortened(plain))
    return plain
