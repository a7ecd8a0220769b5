"""What is on a receipt: a list of blocks that any printer, page or screen can show, kept as a JSON snapshot.

There is no block for a cash drawer: paper never opens one (70-devices 6.4).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

SNAPSHOT_VERSION = 1
_MOST_TIMES = 8


class ReceiptKind(StrEnum):
    """What the paper is."""

    SALE = "sale"
    FREE_RETURN = "free-return"
    ABORTED = "aborted"
    OPENING_FLOAT = "opening-float"
    COUNT_DIFFERENCE = "count-difference"
    CASH_MOVEMENT = "cash-movement"
    CASH_REVERSAL = "cash-reversal"
    NO_SALE = "no-sale"
    RETURN = "return"
    CANCELLATION = "cancellation"
    VOUCHER_CORRECTION = "voucher-correction"
    VOUCHER_REPLACEMENT = "voucher-replacement"
    VOUCHER_CONVERSION = "voucher-conversion"
    CLOSING = "closing"
    TRAINING_BEGAN = "training-began"
    TRAINING_ENDED = "training-ended"
    TRAINING_SALE = "training-sale"
    TRAINING_ABORTED = "training-aborted"
    X_REPORT = "x-report"
    VOUCHER_SLIP = "voucher-slip"
    VOUCHER_BALANCE = "voucher-balance"
    TEST = "test"


class Align(StrEnum):
    """Where a text stands in its line."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Style:
    """How characters look; `width` and `height` are whole multiples of the normal size, 1 to 8 (`GS !`).

    ValueError for other multiples.
    """

    bold: bool = False
    width: int = 1
    height: int = 1

    def __post_init__(self) -> None:
        if not (1 <= self.width <= _MOST_TIMES and 1 <= self.height <= _MOST_TIMES):
            msg = f"characters are 1 to {_MOST_TIMES} times as large, not {self.width} x {self.height}"
            raise ValueError(msg)


NORMAL = Style()
BOLD = Style(bold=True)
BIG = Style(bold=True, width=2, height=2)


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; it wraps, and its line breaks are kept."""

    text: str
    align: Align = Align.LEFT
    style: Style = NORMAL


@dataclass(frozen=True, slots=True)
class Row:
    """Words on the left that may wrap, an amount on the right that never breaks; `indent` in columns."""

    left: str
    right: str
    indent: int = 0
    style: Style = NORMAL


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells under a header, the first column left, the others right; stacked where they are too wide."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the paper."""


@dataclass(frozen=True, slots=True)
class Barcode:
    """A Code128 of `data` (ASCII) with `caption` in letters below; printed as a QR code where it is too wide."""

    data: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class QR:
    """A QR code of `data`, at least 30 mm wide where the paper allows it (60-fiscal A1)."""

    data: str


@dataclass(frozen=True, slots=True)
class Logo:
    """The picture known as `name` to the renderer's caller; `text` stands in where there is none."""

    name: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """Empty lines."""

    lines: int = 1


@dataclass(frozen=True, slots=True)
class Cut:
    """The end of the paper; a printer without cutter feeds it to where it is torn off."""

    partial: bool = True


Block = Text | Row | Table | Rule | Barcode | QR | Logo | Feed | Cut


@dataclass(frozen=True, slots=True)
class Receipt:
    """A whole paper.

    `title` names it in lists and files, `copy_mark` is the word printed on top of a reprint, both in the
    receipt's own `language`.
    """

    kind: ReceiptKind
    title: str
    language: str
    copy_mark: str
    blocks: tuple[Block, ...]

    def as_copy(self) -> Receipt:
        """The same paper, marked as a copy at the top (T9)."""
        mark = Text(self.copy_mark, Align.CENTRE, BIG)
        return replace(self, blocks=(mark, *self.blocks))


def to_json(receipt: Receipt) -> str:
    """The snapshot that the print queue stores, on one line."""
    fields = asdict(replace(receipt, blocks=()))
    blocks = [{"block": type(block).__name__.lower(), **asdict(block)} for block in receipt.blocks]
    return json.dumps({"version": SNAPSHOT_VERSION, **fields, "blocks": blocks}, ensure_ascii=False)


def from_json(snapshot: str) -> Receipt:
    """The receipt of a snapshot; ValueError when another version of the till wrote it differently."""
    fields: dict[str, Any] = json.loads(snapshot)
    version = fields.pop("version")
    if version != SNAPSHOT_VERSION:
        msg = f"snapshot version {version!r} is unknown, this till reads {SNAPSHOT_VERSION}"
        raise ValueError(msg)
    kind = ReceiptKind(fields.pop("kind"))
    blocks = tuple(_block(block) for block in fields.pop("blocks"))
    return Receipt(kind=kind, blocks=blocks, **fields)


def _block(fields: dict[str, Any]) -> Block:
    cls = _BLOCKS[fields.pop("block")]
    return cls(**{name: _value(name, value) for name, value in fields.items()})


def _value(name: str, value: Any) -> Any:
    match name:
        case "style":
            return Style(**value)
        case "align":
            return Align(value)
        case "header":
            return tuple(value)
        case "rows":
            return tuple(tuple(row) for row in value)
        case _:
            return value


_BLOCKS: dict[str, type[Block]] = {
    cls.__name__.lower(): cls for cls in (Text, Row, Table, Rule, Barcode, QR, Logo, Feed, Cut)
}
