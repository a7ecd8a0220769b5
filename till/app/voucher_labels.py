"""The desk for labels: numbers and barcodes of vouchers as a PDF, for gift cards and for old vouchers (V54)."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from till.app.needs import needs
from till.app.watch import Watch
from till.app.workplace import Workplace
from till.catalog.barcodes import voucher_barcode
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.labels.layout import Label
from till.labels.pdf import Printing, write_labels
from till.money import Money
from till.staff.permission import Permission
from till.tables.reading import PORTION
from till.vouchers.generator import NumberRun
from till.vouchers.imported import noted_imports, vouchers_of
from till.vouchers.model import Voucher, VoucherType
from till.vouchers.numbers import checked, matching
from till.vouchers.standing import vouchers_numbered
from till.vouchers.types import types_still_sold_first

MOST_LABELS = 10_000
_TOO_MANY = msg("That would be more than {most} labels. Print them in several parts.")
_NOTHING = msg("There is nothing to print: type or scan numbers first.")
_NO_SUCH = msg("There is no voucher {number} of the type “{name}”.")
_VALID_UNTIL = msg("valid until {date}")


@dataclass(frozen=True, slots=True)
class ImportChoice:
    """An import whose vouchers can be printed: when, from which file, and how many."""

    entry_id: uuid.UUID
    at: dt.datetime
    source: str
    count: int


@dataclass(frozen=True, slots=True)
class LabelWish:
    """What is to be printed: a run of new numbers, vouchers of a type by their numbers, or a whole import by its entry.

    With a run the value is that of the type, where it has one; how long they will be valid nobody knows before the sale.
    """

    kind: VoucherType
    source: NumberRun | tuple[str, ...] | uuid.UUID
    printing: Printing
    with_value: bool = False
    with_validity: bool = False


@dataclass(slots=True)
class VoucherLabels:
    """Its calls may be long ones, for a worker's thread; one at a time."""

    _workplace: Workplace
    _noted: tuple[uuid.UUID, tuple[str, ...]] | None = field(default=None, init=False)

    def note(self, voucher: Voucher) -> int:
        """Note a voucher whose label is wanted; says how many are. Those of one type at a time: another one begins anew."""
        type_id, numbers = self._noted or (voucher.type_id, ())
        before = numbers if type_id == voucher.type_id else ()
        noted = tuple(dict.fromkeys((*before, voucher.number)))
        self._noted = (voucher.type_id, noted)
        return len(noted)

    def take_noted(self) -> tuple[uuid.UUID, tuple[str, ...]] | None:
        """The type and the numbers that were noted, and forget them."""
        noted, self._noted = self._noted, None
        return noted

    def kinds(self) -> list[VoucherType]:
        """All voucher types, those that are sold no more at the end."""
        with self._workplace.database.read() as session:
            return types_still_sold_first(session)

    def imports(self) -> list[ImportChoice]:
        """The imports of more than one voucher, the latest first."""
        with self._workplace.database.read() as session:
            found = noted_imports(session)
        return [
            ImportChoice(one.entry_id, one.at, one.covered.source, one.covered.count)
            for one in found
            if one.covered.count > 1
        ]

    @needs(Permission.VOUCHER_FILES)
    def sample(self, wish: LabelWish, most: int) -> list[Label]:
        """The first labels, as many as a preview shows; raises Refused as `write` does, where these show a reason."""
        if isinstance(wish.source, tuple):
            wish = replace(wish, source=wish.source[:most])
        return list(itertools.islice(self._labels(wish), most))

    @needs(Permission.VOUCHER_FILES)
    def write(self, path: Path, wish: LabelWish, watch: Watch | None = None) -> int:
        """Write the labels as a PDF and say how many there are.

        Raises Refused for unknown numbers, bars that could not be read in print, more than MOST_LABELS, or when cancelled;
        Unavailable when it can't be written: a file that was there is as it was then.
        """
        told = (watch or Watch()).told
        told(0)
        labels = _not_too_many(self._labels(wish))
        return write_labels(path, labels, wish.printing, told)

    def _labels(self, wish: LabelWish) -> Iterator[Label]:
        match wish.source:
            case NumberRun():
                return self._of_run(wish, wish.source)
            case uuid.UUID():
                return self._of_import(wish, wish.source)
            case _:
                return iter(self._of_numbers(wish, wish.source))

    def _of_run(self, wish: LabelWish, run: NumberRun) -> Iterator[Label]:
        kind = wish.kind
        value = (kind.face or kind.sale) if wish.with_value else None
        details = self._details(value, None)
        shop = self._workplace.shop.name
        for number in run:
            yield Label(shop, kind.name, number, voucher_barcode(kind.plu, number), details)

    def _of_numbers(self, wish: LabelWish, numbers: tuple[str, ...]) -> list[Label]:
        """In the order in which they were typed; each once."""
        keys = list(dict.fromkeys(matching(checked(number)) for number in numbers))
        if not keys:
            raise Refused(_NOTHING)
        found: dict[str, Voucher] = {}
        with self._workplace.database.read() as session:
            for begin in range(0, len(keys), PORTION):
                some = vouchers_numbered(session, wish.kind.id, keys[begin : begin + PORTION])
                found |= {matching(voucher.number): voucher for voucher in some}
        for number in numbers:
            if matching(number) not in found:
                raise Refused(_NO_SUCH, number=shortened(number.strip()), name=wish.kind.name)
        return [self._of_voucher(wish, found[key]) for key in keys]

    def _of_import(self, wish: LabelWish, entry_id: uuid.UUID) -> Iterator[Label]:
        last: uuid.UUID | None = None
        while True:
            with self._workplace.database.read() as session:
                some = vouchers_of(session, entry_id, last, PORTION)
            if not some:
                return
            yield from (self._of_voucher(wish, voucher) for voucher in some)
            last = some[-1].id

    def _of_voucher(self, wish: LabelWish, voucher: Voucher) -> Label:
        until = voucher.valid_until if wish.with_validity else None
        details = self._details(voucher.face if wish.with_value else None, until)
        barcode = voucher_barcode(voucher.type_plu, voucher.number)
        return Label(self._workplace.shop.name, voucher.type_name, voucher.number, barcode, details)

    def _details(self, value: Money | None, until: dt.date | None) -> str:
        formats = self._workplace.receipt_formats()
        parts = [] if value is None else [formats.money(value)]
        if until is not None:
            parts.append(formats.translator(_VALID_UNTIL).format(date=formats.date(until)))
        return " · ".join(parts)


def _not_too_many(labels: Iterator[Label]) -> Iterator[Label]:
    for place, label in enumerate(labels):
        if place == MOST_LABELS:
            raise Refused(_TOO_MANY, most=MOST_LABELS)
        yield label
