"""What stands in the cell of a table, as values of the shop; each function refuses in words what it can't read."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.money import MAX_CENTS, Money
from till.tables.number import typed

_MOST_SHOWN = 30
_USUAL_PRICE = re.compile(r"(\d{1,8})(?:[.,](\d{1,2}))?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
_EXCEL_SHORTENED = re.compile(r"\d[.,]\d+E\+?\d+", re.ASCII | re.IGNORECASE)
_DAYS = (
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})", re.ASCII),
)
_THOUSANDS = 3
_YES = frozenset({"1", "ja", "j", "yes", "y", "true", "wahr", "x"})
_NO = frozenset({"0", "nein", "n", "no", "false", "falsch", "-"})

_TOO_LONG = msg("“{cell}” has more than {most} characters.")
_UNPRINTABLE = msg("“{cell}” has line breaks or other characters that can’t be printed.")
_NO_AMOUNT = msg("“{cell}” is no amount. Write it like 12,50.")
_DECIMALS = msg("“{cell}” has more than two decimals. Write 1234,00 or 1,23.")
_TOO_MUCH = msg("“{cell}” is too large. The most is {most}.")
_NO_WHOLE = msg("“{cell}” is no whole number from {least} to {most}.")
_NEITHER = msg("“{cell}” is neither yes nor no. Write ja or nein.")
_NO_DAY = msg("“{cell}” is no day. Write it like 31.12.2026.")
_NO_PERCENT = msg("“{cell}” is no percentage. Write it like 19 or 10,7.")
_SHORTENED = msg("“{cell}” was shortened by the table program. Format the column as text and enter the numbers again.")


def text(cell: str, most: int) -> str:
    """The text without blanks around it, at most `most` characters, all of which can be printed."""
    bare = cell.strip()
    if len(bare) > most:
        raise Refused(_TOO_LONG, cell=_shown(bare), most=most)
    if not bare.isprintable() and not bare.replace("\u00a0", " ").isprintable():
        raise Refused(_UNPRINTABLE, cell=_shown(bare))
    return bare


def code(cell: str, most: int) -> str:
    """A text of digits or letters that names something; refuses what a table program made of a long number (4,0E+12)."""
    bare = text(cell, most)
    if _EXCEL_SHORTENED.fullmatch(bare):
        raise Refused(_SHORTENED, cell=bare)
    return bare


def money(cell: str) -> Money:
    """An amount in the shop's currency, negative too: 12,5, 12.50, 1.234,50, 5 €. Never rounded.

    “1.234” is refused: it may mean either. So are more decimals than cents.
    """
    usual = _USUAL_PRICE.fullmatch(cell)
    if usual is not None:
        return Money(int(usual[1]) * 100 + int((usual[2] or "").ljust(2, "0")))
    number = typed(cell[:_MOST_SHOWN])
    if number is None or len(cell) > _MOST_SHOWN:
        raise Refused(_NO_AMOUNT, cell=_shown(cell))
    return Money(_hundredths(number, cell))


def whole(cell: str, least: int, most: int) -> int:
    """A whole number between both, included; “5,0” is one."""
    number = typed(cell[:_MOST_SHOWN]) if not _WHOLE.fullmatch(cell) else Decimal(cell)
    if number is None or number != int(number) or not least <= number <= most:
        raise Refused(_NO_WHOLE, cell=_shown(cell), least=least, most=most)
    return int(number)


def truth(cell: str) -> bool:
    """Yes or no, in German, English, as 1 and 0 or as a cross."""
    word = cell.strip().casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise Refused(_NEITHER, cell=_shown(cell))


def day(cell: str) -> dt.date:
    """A day with its year in full: 31.12.2026, 2026-12-31 or 31/12/2026; a time of day behind it is midnight."""
    bare = cell.strip().removesuffix(" 00:00:00").removesuffix("T00:00:00").removesuffix(" 00:00")
    for pattern in _DAYS:
        found = pattern.fullmatch(bare)
        if found is not None:
            try:
                return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                break
    raise Refused(_NO_DAY, cell=_shown(cell))


def percent(cell: str) -> int:
    """A percentage in basis points, with or without its sign: 19, 10,7 %; at most 100."""
    number = typed(cell.strip().removesuffix("%")[:_MOST_SHOWN])
    points = None if number is None else number * 100
    if points is None or points != int(points) or not 0 <= points <= 10_000:  # noqa: PLR2004 - 100 %
        raise Refused(_NO_PERCENT, cell=_shown(cell))
    return int(points)


def _hundredths(number: Decimal, cell: str) -> int:
    cents = number * 100
    is_thousands = number.as_tuple().exponent == -_THOUSANDS
    if cents != int(cents) or is_thousands:
        raise Refused(_DECIMALS, cell=_shown(cell))
    if abs(cents) > MAX_CENTS:
        raise Refused(_TOO_MUCH, cell=_shown(cell), most=Money(MAX_CENTS))
    return int(cents)


def _shown(cell: str) -> str:
    return shortened(cell.strip(), _MOST_SHOWN)
