"""The buyer's words on a voucher: what is printed on receipt, slip and certificate (V22)."""

from __future__ import annotations

from till.documents.reason import on_one_line
from till.errors import Refused
from till.i18n import msg

MAX_TEXT = 120
TOO_LONG = msg("The text has {count} characters; at most {most} are printed. Shorten it.")


def checked_text(text: str) -> str:
    """The words on one line without blanks around them; what can't be printed becomes a blank (X3).

    Refused when they are longer than MAX_TEXT.
    """
    plain = on_one_line(text)
    if len(plain) > MAX_TEXT:
        raise Refused(TOO_LONG, count=len(plain), most=MAX_TEXT)
    return plain
