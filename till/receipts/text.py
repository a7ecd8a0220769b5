"""A receipt as plain text: for the electronic journal, e-mails and tests."""

from __future__ import annotations

from till.receipts.document import QR, Barcode, Cut, Logo, Receipt
from till.receipts.layout import PaperItem, PrintedLine, display_width, lay_out, wrap
from till.receipts.sanitize import printable


def to_text(receipt: Receipt, columns: int = 48) -> str:
    """The receipt line by line as on paper of `columns` characters, wide text at its normal width, codes as their text."""
    lines = [line for item in lay_out(receipt, columns, printable) for line in _lines(item, columns)]
    return "\n".join(lines) + "\n"


def _lines(item: PaperItem, columns: int) -> list[str]:
    match item:
        case PrintedLine():
            return [_spread(item)]
        case Barcode():
            return [line.center(columns).rstrip() for line in wrap(f"|{item.data}|", columns)]
        case QR():
            return wrap(f"QR: {item.data}", columns)
        case Logo():
            return [item.text.center(columns).rstrip()] if item.text else []
        case Cut():
            return []


def _spread(line: PrintedLine) -> str:
    """Wide text in its place at normal width: in the middle of the columns that it would take."""
    words = line.text.lstrip(" ")
    margin = len(line.text) - len(words)
    if margin:
        margin = margin * line.style.width + display_width(words) * (line.style.width - 1) // 2
    return " " * margin + words
