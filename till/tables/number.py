"""Numbers of sheets and texts as exact decimals, by their digits; no float stands in between."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Context, Decimal, InvalidOperation

_SHOWN_DIGITS = 15
"""What Excel shows of a number; the two digits behind them are dust of its binary fractions."""
_AS_SHOWN = Context(prec=_SHOWN_DIGITS)
_MAX_EXPONENT = 30
_PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_DAY_ZERO, _DAY_ZERO_1904 = dt.date(1899, 12, 30), dt.date(1904, 1, 1)
_FEBRUARY_1900 = 60
_MONEY_SIGNS = ("€", "EUR", "Eur", "eur")
_GROUPS = {mark: re.compile(rf"\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+", re.ASCII) for mark in (".", ",", "'", "’", " ")}
_DIGITS = re.compile(r"\d+", re.ASCII)


def plain(stored: str) -> str | None:
    """The number in a cell of a sheet as a person sees it: "12.990000000000002" is 12.99, "4.0E12" all its digits.

    None for what is no number, or one that no shop needs.
    """
    if len(stored) <= _SHOWN_DIGITS and _PLAIN.fullmatch(stored):
        return stored
    try:
        number = _AS_SHOWN.create_decimal(stored)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number.adjusted()) > _MAX_EXPONENT:
        return None
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def percent(stored: str) -> str | None:
    """The number of a cell that is shown as a percentage: 0.19 is "19 %"."""
    number = plain(stored)
    if number is None:
        return None
    shown = f"{Decimal(number) * 100:f}"
    return (shown.rstrip("0").rstrip(".") if "." in shown else shown) + " %"


def day(stored: str, *, since_1904: bool) -> str | None:
    """The day that a number of a sheet means, YYYY-MM-DD; its time of day is left out. None where there is no such day."""
    number = plain(stored)
    if number is None:
        return None
    days = int(Decimal(number))
    if not since_1904 and days < _FEBRUARY_1900:
        days += 1  # Excel believes that 1900 had a 29 February
    try:
        return ((_DAY_ZERO_1904 if since_1904 else _DAY_ZERO) + dt.timedelta(days)).isoformat()
    except OverflowError:
        return None


def typed(text: str) -> Decimal | None:
    """What a person wrote as a number: 1.234,50 and 1,234.50, with € or without. None for anything else.

    One mark alone is a decimal mark, whatever stands behind it: whether "1.234" may be meant is for the caller to say.
    """
    bare = text.strip()
    for sign in _MONEY_SIGNS:
        bare = bare.removesuffix(sign).removeprefix(sign)
    bare = bare.strip().replace("−", "-").replace("\u00a0", " ").replace("\u202f", " ")
    sign, digits = ("-", bare[1:].lstrip()) if bare[:1] == "-" else ("", bare.removeprefix("+"))
    number = _joined(digits)
    return None if number is None else Decimal(sign + number)


def _joined(digits: str) -> str | None:
    """The digits with a point as the only mark, None where the marks stand wrong."""
    at = max(digits.rfind("."), digits.rfind(","))
    if at < 0:
        return _whole(digits)
    mark, rest = digits[at], digits[at + 1 :]
    if digits.count(mark) > 1:
        return _whole(digits)
    before = _whole(digits[:at]) if at else "0"
    is_number = before is not None and (_DIGITS.fullmatch(rest) is not None or (not rest and at > 0))
    return f"{before}.{rest or 0}" if is_number else None


def _whole(digits: str) -> str | None:
    if _DIGITS.fullmatch(digits):
        return digits
    for mark, groups in _GROUPS.items():
        if groups.fullmatch(digits):
            return digits.replace(mark, "")
    return None
