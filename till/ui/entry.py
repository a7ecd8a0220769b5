"""What is being typed on the number pad: keys in, an amount, a quantity or a percentage out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from till.errors import Refused
from till.formats import Formats, parse_money, parse_percent, parse_quantity
from till.money import ZERO, Money
from till.quantity import Quantity

MOST_KEYS = 14  # a GTIN-14 is the longest number that is typed by hand
COMMA = ","


@dataclass(frozen=True, slots=True)
class Entry:
    """The typed keys; without a decimal key an amount is typed in cents: 1234 is 12,34 (U7)."""

    typed: str = ""
    has_decimal_key: bool = True

    def __bool__(self) -> bool:
        return bool(self.typed)

    def pressed(self, key: str) -> Entry:
        """With one more key: a digit, "00" or the comma; what makes no sense is not taken."""
        if key == COMMA and COMMA in self.typed:
            return self
        typed = ("0" if key == COMMA and not self.typed else self.typed) + key
        return self if len(typed) > MOST_KEYS else replace(self, typed=typed)

    def shortened(self) -> Entry:
        """Without the last key."""
        return replace(self, typed=self.typed[:-1])

    def cleared(self) -> Entry:
        """With nothing typed."""
        return replace(self, typed="")

    def money(self) -> Money:
        """The typed amount; refused in words where it is none."""
        if self.typed and not self.has_decimal_key and COMMA not in self.typed:
            return parse_money(f"{self.typed.zfill(3)[:-2]}{COMMA}{self.typed.zfill(3)[-2:]}")
        return parse_money(self.typed)

    def quantity(self) -> Quantity:
        """The typed quantity; refused in words where it is none."""
        return parse_quantity(self.typed)

    def percent(self) -> int:
        """The typed percentage in basis points; refused in words where it is none."""
        return parse_percent(self.typed)

    def shown(self, formats: Formats) -> str:
        """The typed keys with the language's decimal mark."""
        return self.typed if formats.translator.language == "de" else self.typed.replace(COMMA, ".")

    def shown_money(self, formats: Formats) -> str:
        """How the amount looks while it is being typed."""
        if not self.typed:
            return formats.money(ZERO)
        if self.has_decimal_key or COMMA in self.typed:
            shown = self.shown(formats)
            return f"{shown} €" if formats.translator.language == "de" else f"€{shown}"
        try:
            return formats.money(self.money())
        except Refused:
            return self.typed
