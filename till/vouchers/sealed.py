"""What an import's note in the audit trail covers of each voucher that it brought in."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from till.ledger import chain
from till.money import Money


@dataclass(frozen=True, slots=True)
class Covered:
    """What the note of an import says of it: `digest` is over the rows of its vouchers in their order."""

    source: str
    count: int
    paid: Money
    gift: Money
    digest: str

    def as_text(self) -> str:
        """As it stands in the audit trail."""
        told = {"source": self.source, "count": self.count, "paid": self.paid, "gift": self.gift}
        return chain.canonical({**told, "sha256": self.digest})

    @classmethod
    def from_text(cls, noted: str) -> Covered:
        """What a note says; raises ValueError or LookupError for what is none."""
        told = json.loads(noted)
        return cls(told["source"], told["count"], Money(told["paid"]), Money(told["gift"]), told["sha256"])


def sealed(voucher: Any) -> bytes:
    """All that a voucher is, as one line: of a Voucher, or of its row in the books. No text in it has a tab or line end."""
    values = (
        voucher.id,
        voucher.type_id,
        voucher.type_name,
        voucher.type_plu,
        voucher.number,
        voucher.sale.cents,
        voucher.face.cents,
        voucher.vat_treatment,
        int(voucher.vat_key),
        voucher.vat_rate_bp,
        voucher.valid_from,
        voucher.valid_until,
        voucher.issued_at.isoformat(timespec="microseconds"),
        voucher.issued_till,
        voucher.issued_number,
        voucher.text,
        voucher.origin,
        voucher.entry_id,
        voucher.receivable_id,
        voucher.receivable_name,
    )
    return ("\t".join(map(str, values)) + "\n").encode()


def covering(source: str, vouchers: Iterable[Any]) -> Covered:
    """What a note says of these vouchers, or of their rows in the books."""
    found = hashlib.sha256()
    count, paid, gift = 0, Money(), Money()
    for voucher in vouchers:
        found.update(sealed(voucher))
        count, paid, gift = count + 1, paid + voucher.sale, gift + voucher.face - voucher.sale
    return Covered(source, count, paid, gift, found.hexdigest())
