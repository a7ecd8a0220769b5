"""Lays a receipt out for paper of so many columns: nothing is wider, and no amount is ever cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, takewhile

from till.receipts.document import (
    BOLD,
    NORMAL,
    QR,
    Align,
    Barcode,
    Block,
    Cut,
    Feed,
    Logo,
    Receipt,
    Row,
    Rule,
    Style,
    Table,
    Text,
)

MIN_COLUMNS = 20
"""The narrowest paper: −99.999.999,99 € still stands on one line."""

_WIDEST = 2
_GAP = 1
_MAX_GAP = 3


@dataclass(frozen=True, slots=True)
class PrintedLine:
    """One line of paper, padded to its place on the left, without blanks at its end."""

    text: str
    style: Style = NORMAL


PaperItem = PrintedLine | Barcode | QR | Logo | Cut
"""What a renderer draws, in order; a Barcode's caption follows it as a line of its own."""


def lay_out(receipt: Receipt, columns: int, clean: Callable[[str], str]) -> tuple[PaperItem, ...]:
    """The receipt on paper of `columns` characters; ValueError below MIN_COLUMNS.

    `clean` leaves only characters that the medium has (till.receipts.sanitize), so that widths don't change
    afterwards.
    """
    if columns < MIN_COLUMNS:
        msg = f"a receipt needs {MIN_COLUMNS} columns at least, not {columns}"
        raise ValueError(msg)
    paper = _Paper(columns, clean)
    return tuple(item for block in receipt.blocks for item in paper.items(block))


def display_width(text: str) -> int:
    """The columns of `text`: two for wide characters (Unicode East Asian Width W and F), else one."""
    return sum(_columns(char) for char in text)


def wrap(text: str, columns: int) -> list[str]:
    """`text` in lines of at most `columns`, broken at blanks, or inside words that are too long.

    Empty lines stay; the list is never empty. ValueError for a single column, as a wide character needs two.
    """
    if columns < _WIDEST:
        msg = f"text needs {_WIDEST} columns at least, not {columns}"
        raise ValueError(msg)
    return [line for paragraph in text.split("\n") for line in _wrapped(paragraph, columns)]


@dataclass(frozen=True, slots=True)
class _Paper:
    columns: int
    clean: Callable[[str], str]

    def items(self, block: Block) -> Iterator[PaperItem]:
        match block:
            case Text():
                yield from self._text(block)
            case Row():
                yield from self._row(block)
            case Table():
                yield from self._table(block)
            case Rule():
                yield PrintedLine("-" * self.columns)
            case Feed():
                yield from [PrintedLine("")] * block.lines
            case Barcode():
                yield block
                if block.caption:
                    yield from self._text(Text(block.caption, Align.CENTRE))
            case QR() | Logo() | Cut():
                yield block

    def _text(self, block: Text) -> Iterator[PrintedLine]:
        text = self.clean(block.text)
        style, room = self._fitting(block.style, max(map(display_width, text.split()), default=0))
        for line in wrap(text, room):
            yield _line(_aligned(line, block.align, room), style)

    def _row(self, row: Row) -> Iterator[PrintedLine]:
        left, right = self.clean(row.left), self.clean(row.right).replace("\n", " ")
        style, room = self._fitting(row.style, row.indent + display_width(left) + _GAP + display_width(right))
        indent = " " * min(row.indent, room // 4)
        words = room - len(indent) - _GAP - display_width(right)
        if words >= max(room // 3, _WIDEST):
            *lines, last = [indent + line for line in wrap(left, words)]
            lines.append(last + " " * (room - display_width(last) - display_width(right)) + right)
        else:
            lines = [indent + line for line in wrap(left, room - len(indent))]
            lines += [_aligned(line, Align.RIGHT, room) for line in wrap(right, room)]
        yield from (_line(line, style) for line in lines)

    def _table(self, table: Table) -> Iterator[PrintedLine]:
        header, *rows = [
            [self.clean(cell).replace("\n", " ") for cell in cells] for cells in (table.header, *table.rows)
        ]
        widths = [max(map(display_width, column)) for column in zip(header, *rows, strict=True)]
        free = self.columns - sum(widths)
        if free >= _GAP * (len(widths) - 1):
            gap = min(_MAX_GAP, free // max(len(widths) - 1, 1))
            yield from (self._cells(cells, widths, gap) for cells in (header, *rows))
        else:
            yield from self._stacked(header, rows)

    def _cells(self, cells: list[str], widths: list[int], gap: int) -> PrintedLine:
        first, *others = cells
        tail = "".join(
            " " * gap + _aligned(cell, Align.RIGHT, width) for cell, width in zip(others, widths[1:], strict=True)
        )
        return _line(first + " " * (self.columns - display_width(first) - display_width(tail)) + tail)

    def _stacked(self, header: list[str], rows: list[list[str]]) -> Iterator[PrintedLine]:
        for first, *others in rows:
            yield from self._text(Text(first, style=BOLD))
            for name, cell in zip(header[1:], others, strict=True):
                yield from self._row(Row(name, cell, indent=2))

    def _fitting(self, style: Style, needed: int) -> tuple[Style, int]:
        """The style and its columns, with narrower characters where `needed` columns would not be there."""
        while style.width > 1 and needed > self.columns // style.width:
            style = replace(style, width=style.width - 1)
        return style, self.columns // style.width


def _wrapped(paragraph: str, columns: int) -> Iterator[str]:
    line = ""
    for word in paragraph.split():
        if line and display_width(line) + 1 + display_width(word) > columns:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
        while display_width(line) > columns:
            head = _head(line, columns)
            yield head
            line = line[len(head) :]
    yield line


def _head(text: str, columns: int) -> str:
    used = accumulate(map(_columns, text))
    return text[: sum(1 for _ in takewhile(lambda width: width <= columns, used))]


def _aligned(line: str, align: Align, room: int) -> str:
    free = room - display_width(line)
    match align:
        case Align.LEFT:
            return line
        case Align.CENTRE:
            return " " * (free // 2) + line
        case Align.RIGHT:
            return " " * free + line


def _line(text: str, style: Style = NORMAL) -> PrintedLine:
    return PrintedLine(text.rstrip(), style)


def _columns(char: str) -> int:
    return _WIDEST if unicodedata.east_asian_width(char) in "WF" else 1
