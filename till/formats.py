"""How money, dates and numbers look and are typed in a language; sentences with such values filled in."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Protocol

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_currency, format_decimal

from till.clock import local
from till.errors import Refused
from till.i18n import Translator, Word, msg
from till.money import MAX_CENTS, Money
from till.quantity import MAX_THOUSANDTHS, Quantity

_LOCALES = {"de": "de_DE", "en": "en_GB"}
_LONGEST = 24
_TYPED = re.compile(r"^([+-]?)(\d*)(?:[.,](\d*))?$")


class Sentence(Protocol):
    """Anything that carries a msgid and values: Refused, Unavailable, states."""

    @property
    def msgid(self) -> str:
        """The English text with {placeholders}."""
        ...

    @property
    def values(self) -> dict[str, object]:
        """What fills the placeholders."""
        ...


@dataclass(frozen=True, slots=True)
class Formats:
    """Formats values for one reader: `translator` gives the language, `zone` the wall clock, ISO 4217 `currency`."""

    translator: Translator
    zone: str = "Europe/Berlin"
    currency: str = "EUR"

    @property
    def locale(self) -> str:
        """The Babel locale of the language."""
        return _LOCALES[self.translator.language]

    def amount(self, amount: Money) -> str:
        """Two decimals and thousands marks, no currency sign: 1.234,50."""
        return self._number(_decimal(amount), "#,##0.00")

    def money(self, amount: Money) -> str:
        """With the currency sign: 1.234,50 €; a real minus sign."""
        return format_currency(_decimal(amount), self.currency, locale=self.locale).replace("-", "−")

    def quantity(self, quantity: Quantity) -> str:
        """As many decimals as needed: 2, 0,345."""
        return self._number(_thousandths(quantity.thousandths), "#,##0.###")

    def percent(self, basis_points: int) -> str:
        """A rate in basis points: 1900 is 19 %, 1070 is 10,7 %."""
        return f"{self._number(_hundredths(basis_points), '#,##0.##')} %"

    def date(self, instant: dt.datetime | dt.date) -> str:
        """The day on the shop's wall clock: 21.11.2026."""
        day = local(instant, self.zone).date() if isinstance(instant, dt.datetime) else instant
        pattern = "dd.MM.yyyy" if self.translator.language == "de" else "dd/MM/yyyy"
        return format_date(day, pattern, locale=self.locale)

    def month(self, day: dt.date, *, is_short: bool = False) -> str:
        """The name of the day's month: November, or Nov."""
        return format_date(day, "LLL" if is_short else "LLLL", locale=self.locale)

    def time(self, instant: dt.datetime) -> str:
        """The time on the shop's wall clock, to the minute: 14:03."""
        return format_time(local(instant, self.zone), "HH:mm", locale=self.locale)

    def date_time(self, instant: dt.datetime) -> str:
        """Day and time to the second, as receipts show them."""
        return f"{self.date(instant)} {format_time(local(instant, self.zone), 'HH:mm:ss', locale=self.locale)}"

    def weekday_time(self, instant: dt.datetime) -> str:
        """Short form for the top bar: Sa 21.11. 14:32."""
        pattern = "ccc dd.MM. HH:mm" if self.translator.language == "de" else "ccc d MMM HH:mm"
        return format_datetime(local(instant, self.zone), pattern, locale=self.locale)

    def sentence(self, said: Sentence) -> str:
        """The translated sentence of a Refused or Unavailable with its values formatted for this reader."""
        values = {key: self.value(value) for key, value in said.values.items()}
        return self.translator(said.msgid).format_map(values)

    def value(self, value: object) -> str:
        """One value of a sentence as this reader expects it; a str is shown as it is."""
        match value:
            case Money():
                return self.money(value)
            case Quantity():
                return self.quantity(value)
            case Word():
                return self.translator(value.msgid)
            case dt.datetime():
                return f"{self.date(value)}, {self.time(value)}"
            case dt.date():
                return self.date(value)
            case _:
                return str(value)

    def _number(self, plain: str, pattern: str) -> str:
        """A number with a real minus sign."""
        return format_decimal(plain, format=pattern, locale=self.locale).replace("-", "−")


def parse_money(typed: str) -> Money:
    """What a person typed as money, comma or point: "12,50", "12.5", "12". Raises Refused with the way on."""
    cents = _parse_fixed(typed, decimals=2)
    if cents is None:
        raise Refused(msg("“{typed}” is not an amount. Type it like 12,50."), typed=shortened(typed))
    if abs(cents) > MAX_CENTS:
        raise Refused(msg("“{typed}” is too large. The most is {most}."), typed=shortened(typed), most=Money(MAX_CENTS))
    return Money(cents)


def parse_quantity(typed: str) -> Quantity:
    """What a person typed as a quantity, up to three decimals. Raises Refused with the way on."""
    thousandths = _parse_fixed(typed, decimals=3)
    if thousandths is None:
        raise Refused(msg("“{typed}” is not a quantity. Type it like 3 or 0,250."), typed=shortened(typed))
    if abs(thousandths) > MAX_THOUSANDTHS:
        raise Refused(
            msg("A quantity of {typed} is too large. The most is {most}."),
            typed=shortened(typed),
            most=Quantity(MAX_THOUSANDTHS),
        )
    return Quantity(thousandths)


def parse_percent(typed: str) -> int:
    """A percentage as basis points: "12,5" is 1250. Raises Refused with the way on."""
    basis_points = _parse_fixed(typed.strip().removesuffix("%"), decimals=2)
    if basis_points is None:
        raise Refused(msg("“{typed}” is not a percentage. Type it like 10 or 12,5."), typed=shortened(typed))
    return basis_points


def shortened(text: str, most: int = 40) -> str:
    """Foreign text made fit for a sentence: printable, at most `most` characters."""
    printable = "".join(c if c.isprintable() else "·" for c in text[: most + 1])
    return printable if len(printable) <= most else printable[: most - 1] + "…"


def _parse_fixed(typed: str, *, decimals: int) -> int | None:
    found = _TYPED.match(typed.strip()) if len(typed) <= _LONGEST and typed.isascii() else None
    if found is None:
        return None
    sign, whole, fraction = found.group(1), found.group(2), found.group(3) or ""
    if not (whole or fraction) or len(fraction) > decimals:
        return None
    number = int((whole or "0") + fraction.ljust(decimals, "0"))
    return -number if sign == "-" else number


def _decimal(amount: Money) -> str:
    return str(amount)


def _thousandths(value: int) -> str:
    return f"{value // 1000}.{value % 1000:03d}" if value >= 0 else f"-{-value // 1000}.{-value % 1000:03d}"


def _hundredths(value: int) -> str:
    return f"{value // 100}.{value % 100:02d}" if value >= 0 else f"-{-value // 100}.{-value % 100:02d}"
