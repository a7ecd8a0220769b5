"""A receipt as plain text: for the electronic journal, e-mails and tests."""

from __future__ import annotations

from dataclasses import replace

from till.receipts.document import NORMAL, QR, Barcode, Block, Cut, Logo, Receipt, Row, Text
from till.receipts.layout import PaperItem, PrintedLine, lay_out, wrap
from till.receipts.sanitize import printable


def to_text(receipt: Receipt, columns: int = 48) -> str:
    """The receipt line by line for `columns` characters: all text in one size, codes as what they say."""
    plain = replace(receipt, blocks=tuple(map(_plain, receipt.blocks)))
    lines = [line for item in lay_out(plain, columns, printable) for line in _lines(item, columns)]
    return "\n".join(lines) + "\n"


def _lines(item: PaperItem, columns: int) -> list[str]:
    match item:
        case PrintedLine():
            return [item.text]
        case Barcode():
            return [line.center(columns).rstrip() for line in wrap(f"|{item.data}|", columns)]
        case QR():
            return wrap(f"QR: {item.data}", columns)
        case Logo():
            return [item.text.center(columns).rstrip()] if item.text else []
        case Cut():
            return []


def _plain(block: Block) -> Block:
    return replace(block, style=NORMAL) if isinstance(block, Text | Row) else block
