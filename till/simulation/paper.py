"""Reads what came out of the simulated printers, as a person at the counter would."""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections.abc import Iterable
from dataclasses import dataclass, field

from till.devices.simulated.marks import CutKind
from till.devices.simulated.paper import Receipt

PaperKey = tuple[str, str]
"""Till and document number of a receipt, or type and number of a voucher's slip."""

_RECEIPT = re.compile(r"^(?:Beleg-Nr\.|Receipt no\.) (\d+)\b", re.MULTILINE)
_TILL = re.compile(r"^(?:Kasse|Till)\s+(\S+)\s*$", re.MULTILINE)
_SLIP = re.compile(r"^-{8,}\n *(\S.*?) *\n(?:.*\n)*? *([A-Z]{2}-\d+) *$", re.MULTILINE)
_COPY = re.compile(r"^\s*(KOPIE|COPY)\s*$", re.MULTILINE)


@dataclass(slots=True)
class Paper:
    """All paper of the shop: how often each receipt came out as an original, which came out whole, and which elsewhere."""

    originals: Tally[PaperKey] = field(default_factory=Tally)
    whole: set[PaperKey] = field(default_factory=set)
    strays: list[PaperKey] = field(default_factory=list)

    def collect(self, till: str, receipts: Iterable[Receipt]) -> None:
        """Take what hangs out of a till's printer; half a receipt counts as an original, as it may be in a customer's hand."""
        for receipt in receipts:
            key = key_of(receipt.text)
            if key is None:
                continue
            if _RECEIPT.search(receipt.text) and key[0] != till:
                self.strays.append(key)
            if not _COPY.search(receipt.text):
                self.originals[key] += 1
            if receipt.cut is not CutKind.NONE:
                self.whole.add(key)

    def doubled(self) -> list[PaperKey]:
        """What came out as an original more than once."""
        return sorted(key for key, count in self.originals.items() if count > 1)


def key_of(text: str) -> PaperKey | None:
    """Whose paper this is; None for a scrap that doesn't say so."""
    number, till = _RECEIPT.search(text), _TILL.search(text)
    if number:
        return (till[1], number[1]) if till else None
    slip = _SLIP.search(text)
    return (slip[1], slip[2]) if slip else None
