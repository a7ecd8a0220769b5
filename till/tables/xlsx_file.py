"""Reads the first visible sheet of an XLSX, row by row, without ever taking a number for a float or a formula for a value.

Read with the XML parser itself: a library that gives rows of Python values has made floats of the prices by then, and
tells either a formula or its stored value, not both. No document type may stand in a part, so there are no entities.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any
from xml.parsers import expat

from till.errors import Refused, Unavailable
from till.i18n import msg
from till.tables import number
from till.tables.guard import (
    BROKEN,
    MAX_CELL,
    UNREADABLE,
    check_count,
    check_parts,
    check_row,
    named,
)
from till.tables.row import Row
from till.tables.trouble import reason_of

_CHUNK = 1 << 16
_LETTERS = re.compile(r"[A-Z]{1,3}", re.ASCII)
_DATE_FORMATS = frozenset({*range(14, 18), 22, *range(27, 32), *range(34, 37), *range(50, 59)})
_PERCENT_FORMATS = frozenset({9, 10})
_NOT_A_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DATE_LETTERS = re.compile(r"[dDyY]")
_RELATIONS = "xl/_rels/workbook.xml.rels"
_HIDDEN = msg("All sheets of {file} are hidden. Show the one that is meant and save the file again.")
_MERGED = msg(
    "The cells {cells} are merged. Separate them, so that each row stands for itself, and save the file again."
)
_DTD = msg("{file} contains definitions that no table needs and is not opened. Save it again as CSV.")
_NO_VALUE = msg(
    "Cell {cell} has a formula without a stored value. Open the file in the table program, save it, or replace formulas by "
    "their values."
)
_ERROR = msg("Cell {cell} says {value}. Correct it in the table program.")
_NO_NUMBER = msg("Cell {cell} has a number that can’t be read.")

# What unpacking and looking up raise on bytes that are none of the format; a password is a RuntimeError to zipfile.
_BREAKAGES = (zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError, LookupError)
_MOST_PIECES = 64  # of some thousand characters each, as the parser hands them over


class _DocumentTypeError(Exception):
    """A part declares a document type."""


def rows(path: Path) -> Iterator[Row]:
    """The rows that have something in them, by their numbers in the sheet.

    Raises Refused for what is no sheet of a shop: damaged, hidden, merged, too large, formulas without value; for merged
    cells only behind the last row, as they are told there. Unavailable for what the disk does not give.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            check_parts(archive, path)
            yield from _Book(archive, path).rows()
    except _DocumentTypeError as error:
        raise Refused(_DTD, file=named(path)) from error
    except OSError as error:
        raise Unavailable(UNREADABLE, file=named(path), reason=reason_of(error)) from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, expat.ExpatError, *_BREAKAGES) as error:
        raise Refused(BROKEN, file=named(path)) from error


class _Book:
    """The parts of a workbook that are needed to read one sheet."""

    def __init__(self, archive: zipfile.ZipFile, path: Path) -> None:
        self._archive = archive
        self._path = path
        self._names = {part.filename.lower(): part.filename for part in archive.infolist()}
        self._since_1904 = False

    def rows(self) -> Iterator[Row]:
        sheet = self._visible_sheet()
        strings = self._strings()
        reader = _SheetReader(strings, self._styles(), self._since_1904)
        count = 0
        for chunk in self._chunks(sheet):
            reader.parser.Parse(chunk, not chunk)
            reader.check_pieces()
            while reader.done:
                count += 1
                check_count(count)
                yield reader.done.popleft()
        if reader.merged:
            raise Refused(_MERGED, cells=reader.merged)

    def _visible_sheet(self) -> str:
        """The part of the first sheet that a person sees."""
        found: list[str] = []

        def begin(name: str, attributes: Mapping[str, str]) -> None:
            match name.rpartition(" ")[2]:
                case "workbookPr":
                    self._since_1904 = attributes.get("date1904", "") in {"1", "true"}
                case "sheet" if attributes.get("state", "visible") == "visible":
                    found.append(next((v for k, v in attributes.items() if k.endswith(" id")), ""))

        self._walk("xl/workbook.xml", begin)
        if not found:
            raise Refused(_HIDDEN, file=named(self._path))
        return self._target(found[0])

    def _target(self, relation: str) -> str:
        targets: dict[str, str] = {}

        def begin(name: str, attributes: Mapping[str, str]) -> None:
            if name.endswith(" Relationship"):
                targets[attributes.get("Id", "")] = attributes.get("Target", "")

        self._walk(_RELATIONS, begin)
        target = targets[relation]
        return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)

    def _styles(self) -> list[str]:
        """Per style of a cell how it shows numbers: "" as they are, "%" or "d" for a day."""
        if "xl/styles.xml" not in self._names:
            return []
        codes: dict[int, str] = {}
        kinds: list[str] = []
        inside = False

        def begin(name: str, attributes: Mapping[str, str]) -> None:
            nonlocal inside
            match name.rpartition(" ")[2]:
                case "numFmt":
                    codes[int(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")
                case "cellXfs":
                    inside = True
                case "cellStyles":
                    inside = False
                case "xf" if inside:
                    kinds.append(_kind(int(attributes.get("numFmtId", "0")), codes))

        self._walk("xl/styles.xml", begin)
        return kinds

    def _strings(self) -> list[str]:
        """The shared strings; the pronunciation that Japanese Excel writes beside them is left out."""
        if "xl/sharedstrings.xml" not in self._names:
            return []
        reader = _Strings()
        for chunk in self._chunks("xl/sharedStrings.xml"):
            reader.parser.Parse(chunk, not chunk)
        return reader.found

    def _walk(self, part: str, begin: Any) -> None:
        parser = _parser()
        parser.StartElementHandler = begin
        for chunk in self._chunks(part):
            parser.Parse(chunk, not chunk)

    def _chunks(self, part: str) -> Iterator[bytes]:
        """The bytes of a part in portions, an empty one as the last."""
        file: IO[bytes]
        with self._archive.open(self._names[part.lower()]) as file:
            while chunk := file.read(_CHUNK):
                yield chunk
        yield b""


@dataclass(slots=True)
class _Strings:
    """Collects the shared strings."""

    found: list[str] = field(default_factory=list)
    parser: expat.XMLParserType = field(init=False)
    _pieces: list[str] = field(default_factory=list)
    _depth: int = 0

    def __post_init__(self) -> None:
        self.parser = _parser()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end

    def _begin(self, name: str, _attributes: Mapping[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "si":
                self._pieces = []
            case "rPh":
                self._depth += 1
            case "t" if not self._depth:
                self.parser.CharacterDataHandler = self._pieces.append

    def _end(self, name: str) -> None:
        match name.rpartition(" ")[2]:
            case "t":
                self.parser.CharacterDataHandler = None
            case "rPh":
                self._depth -= 1
            case "si":
                self.found.append("".join(self._pieces))


class _SheetReader:
    """Makes rows of the elements of a sheet; `done` has those that are whole, `merged` the first merged range."""

    def __init__(self, strings: list[str], styles: list[str], since_1904: bool) -> None:  # noqa: FBT001 - private
        self.done: deque[Row] = deque()
        self.merged = ""
        self.parser = _parser()
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = self._end
        self._strings = strings
        self._styles = styles
        self._since_1904 = since_1904
        self._row = self._column = 0
        self._cells: list[str] = []
        self._attributes: Mapping[str, str] = {}
        self._pieces: list[str] = []
        self._is_formula = False
        self._in_reading = 0

    def check_pieces(self) -> None:
        """Refuse a text that goes on and on before all of it lies in memory."""
        if len(self._pieces) > _MOST_PIECES:
            check_row(self._row, 0, MAX_CELL + 1)

    def _begin(self, name: str, attributes: Mapping[str, str]) -> None:
        match name.rpartition(" ")[2]:
            case "v":
                self.parser.CharacterDataHandler = self._pieces.append
            case "c":
                self._attributes = attributes
                self._column = _column(attributes.get("r", ""), self._column)
                self._pieces = []
                self._is_formula = False
            case "row":
                self._row = int(attributes.get("r", self._row + 1))
                self._column = 0
                self._cells = []
            case "t" if not self._in_reading:
                self.parser.CharacterDataHandler = self._pieces.append
            case "f":
                self._is_formula = True
            case "rPh":
                self._in_reading += 1
            case "mergeCell":
                self.merged = self.merged or attributes.get("ref", "?")[:20]

    def _end(self, name: str) -> None:
        match name.rpartition(" ")[2]:
            case "v" | "t":
                self.parser.CharacterDataHandler = None
            case "rPh":
                self._in_reading -= 1
            case "c":
                self._end_cell()
            case "row" if any(self._cells):
                check_row(self._row, len(self._cells), max(map(len, self._cells)))
                self.done.append(Row(self._row, self._cells))

    def _end_cell(self) -> None:
        text = self._text("".join(self._pieces))
        if text:
            check_row(self._row, self._column, len(text))
            self._cells.extend([""] * (self._column - len(self._cells)))
            self._cells[self._column - 1] = text

    def _text(self, stored: str) -> str:
        kind = self._attributes.get("t", "n")
        if self._is_formula and not stored and kind != "str":
            raise Refused(_NO_VALUE, cell=self._place())
        match kind:
            case "s":
                return self._strings[int(stored)] if stored else ""
            case "n":
                return self._number(stored) if stored else ""
            case "e":
                raise Refused(_ERROR, cell=self._place(), value=stored[:20])
            case "d":
                return stored[:10]
            case _:
                return stored

    def _number(self, stored: str) -> str:
        style = int(self._attributes.get("s", "0"))
        match self._styles[style] if style < len(self._styles) else "":
            case "d":
                text = number.day(stored, since_1904=self._since_1904)
            case "%":
                text = number.percent(stored)
            case _:
                text = number.plain(stored)
        if text is None:
            raise Refused(_NO_NUMBER, cell=self._place())
        return text

    def _place(self) -> str:
        return self._attributes.get("r", f"{self._column}/{self._row}")[:20]


def _parser() -> expat.XMLParserType:
    """A parser that stops at a document type, and joins the pieces of a text."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    return parser


def _refuse_document_type(*_declared: object) -> None:
    raise _DocumentTypeError


def _kind(style: int, codes: Mapping[int, str]) -> str:
    code = _NOT_A_CODE.sub("", codes.get(style, ""))
    if style in _PERCENT_FORMATS or "%" in code:
        return "%"
    return "d" if style in _DATE_FORMATS or _DATE_LETTERS.search(code) else ""


def _column(place: str, before: int) -> int:
    """The number of the column that a place such as "C7" names, from 1; without a place the next one."""
    letters = _LETTERS.match(place)
    if letters is None:
        return before + 1
    column = 0
    for letter in letters.group():
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
