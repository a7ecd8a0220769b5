"""Single bits of the append-only tables flip on the disk: chain, integrity_check and verify find them (80-quality Q4)."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from till.app.verify import CHECKS, _run
from till.db.engine import Database, sqlite_module, sqlite_url
from till.db.protect import APPEND_ONLY
from till.settings import DATABASE, TSE

if TYPE_CHECKING:
    from tests.torture.conftest import SellingShop

LEAF, INTERIOR = 0x0D, 0x05
PAGE_NUMBER_BYTES = 4
SMALL = ("ledger_checkpoint", "shift", "tse", "tse_outage", "closing")


def test_nine_of_ten_of_three_hundred_flipped_bits_are_found(selling_shop: SellingShop) -> None:
    assert share_found(selling_shop("--sales", "40").folder, 300) >= 0.9


@pytest.mark.soak
@pytest.mark.timeout(600)
def test_nine_of_ten_of_many_flipped_bits_are_found_in_larger_books(selling_shop: SellingShop) -> None:
    assert share_found(selling_shop("--sales", "300").folder, 1000, seed=2) >= 0.9


def test_nine_of_ten_flipped_bits_of_the_small_tables_are_found(selling_shop: SellingShop) -> None:
    """Among all bytes of the books theirs are few, and chance would hardly come to them."""
    selling_shop("--sales", "4")
    shop = selling_shop("--sales", "8", hinder="pwrite64:error=EIO:when=1+", file=f"{TSE}-wal").folder
    assert share_found(shop, 80, groups=[(table,) for table in SMALL]) >= 0.9


def share_found(shop: Path, count: int, seed: int = 1, groups: Sequence[Sequence[str]] = (APPEND_ONLY,)) -> float:
    """The share of `count` flipped bits that a check finds; only bits that mean something are flipped, no free space.

    Each group of tables is as likely to be hit as another, whatever its size.
    """
    path = shop / DATABASE
    places = [bytes_of(path, tables) for tables in groups]
    chance = random.Random(seed)
    books = Database(sqlite_url(path))
    with contextlib.closing(problems(books)) as found:
        assert not any(found), "the books are whole before"
    flips = [(chance.choice(chance.choice(places)), chance.randrange(8)) for _ in range(count)]
    return sum(is_found(path, books, *flip) for flip in flips) / count


class Pages:
    """The pages of a SQLite file's tables, by the file format (sqlite.org/fileformat2.html, 1.5 and 1.6)."""

    def __init__(self, path: Path) -> None:
        self._file = path.read_bytes()
        self._size = int.from_bytes(self._file[16:18], "big")
        self._usable = self._size - self._file[20]

    def used_bytes(self, root: int) -> Iterator[int]:
        """The positions in the file of all bytes of a table that mean something: headers, pointers, cells, overflow."""
        start = (root - 1) * self._size
        page = self._file[start : start + self._size]
        is_leaf = page[0] == LEAF
        assert is_leaf or page[0] == INTERIOR
        pointers_at = 8 if is_leaf else 12
        count = _number(page, 3, 2)
        yield from range(start, start + pointers_at + 2 * count)
        for i in range(count):
            at = _number(page, pointers_at + 2 * i, 2)
            yield from self._leaf_cell(start + at) if is_leaf else self._interior_cell(start + at)
        if not is_leaf:
            yield from self.used_bytes(_number(page, 8, 4))

    def _interior_cell(self, at: int) -> Iterator[int]:
        _key, end = self._varint(at + PAGE_NUMBER_BYTES)
        yield from range(at, end)
        yield from self.used_bytes(_number(self._file, at, PAGE_NUMBER_BYTES))

    def _leaf_cell(self, at: int) -> Iterator[int]:
        payload, rowid_at = self._varint(at)
        _rowid, body = self._varint(rowid_at)
        local = self._local(payload)
        yield from range(at, body + local)
        if local < payload:
            yield from range(body + local, body + local + PAGE_NUMBER_BYTES)
            yield from self._overflow(_number(self._file, body + local, PAGE_NUMBER_BYTES), payload - local)

    def _local(self, payload: int) -> int:
        """How much of a payload stands in the leaf itself."""
        if payload <= self._usable - 35:
            return payload
        least = (self._usable - 12) * 32 // 255 - 23
        wanted = least + (payload - least) % (self._usable - 4)
        return wanted if wanted <= self._usable - 35 else least

    def _overflow(self, page: int, left: int) -> Iterator[int]:
        start = (page - 1) * self._size
        here = min(left, self._usable - PAGE_NUMBER_BYTES)
        yield from range(start, start + PAGE_NUMBER_BYTES + here)
        if left > here:
            yield from self._overflow(_number(self._file, start, PAGE_NUMBER_BYTES), left - here)

    def _varint(self, at: int) -> tuple[int, int]:
        """A variable-length integer and the position after it."""
        value = 0
        for i in range(8):
            byte = self._file[at + i]
            value = value << 7 | byte & 0x7F
            if byte < 0x80:
                return value, at + i + 1
        return value << 8 | self._file[at + 8], at + 9


def _number(content: bytes, at: int, length: int) -> int:
    return int.from_bytes(content[at : at + length], "big")


def bytes_of(path: Path, tables: Sequence[str]) -> list[int]:
    """The positions of all bytes that belong to rows of these tables, their b-trees included."""
    connection = sqlite_module().connect(path)
    try:
        roots = dict(connection.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'table'"))
    finally:
        connection.close()
    pages = Pages(path)
    return [position for table in tables for position in pages.used_bytes(roots[table])]


def is_found(path: Path, books: Database, position: int, bit: int) -> bool:
    """Whether any check finds the flipped bit; it is flipped back afterwards."""
    _flip(path, position, bit)
    try:
        with contextlib.closing(problems(books)) as found:
            return any(found)
    finally:
        _flip(path, position, bit)


def problems(books: Database) -> Generator[bool]:
    """True for each problem that verify would tell, as soon as it is found: the first one is enough here."""
    try:
        for check in CHECKS:
            yield from (True for _problem in _run(books, check, lambda _check, _done, _all: None))
    finally:
        books.close()


def _flip(path: Path, position: int, bit: int) -> None:
    with path.open("r+b") as file:
        file.seek(position)
        byte = file.read(1)[0]
        file.seek(position)
        file.write(bytes([byte ^ 1 << bit]))
