"""Cuts the byte stream that a printer receives into ESC/POS commands and runs of text.

Lengths follow Epson's command reference; bytes from anywhere are cut too, so that noise never stops the reader.
"""

from __future__ import annotations

from collections.abc import Callable

ESC, FS, GS, DLE = 0x1B, 0x1C, 0x1D, 0x10
_FIRST_PRINTABLE = 0x20

_ONE_BYTE = 1
_NAMES_ONLY = frozenset({
    b"\x1b\x0c", b"\x1b2", b"\x1b<", b"\x1b@", b"\x1bL", b"\x1bS", b"\x1bi", b"\x1bm", b"\x1bv",
    b"\x1c&", b"\x1c.", b"\x1d\x0c", b"\x1d:",
})  # fmt: skip
_FIXED_LENGTHS = {
    b"\x10\x04": 3,
    b"\x10\x05": 3,
    b"\x10\x14": 5,
    b"\x1b$": 4,
    b"\x1bB": 4,
    b"\x1bW": 10,
    b"\x1b\\": 4,
    b"\x1bc": 4,
    b"\x1bp": 5,
    b"\x1d$": 4,
    b"\x1d*": 4,
    b"\x1dL": 4,
    b"\x1dP": 4,
    b"\x1dW": 4,
    b"\x1d\\": 4,
    b"\x1d^": 5,
    b"\x1cS": 4,
    b"\x1cp": 4,
} | dict.fromkeys(_NAMES_ONLY, 2)


class EscposReader:
    """Collects bytes and hands out whole commands; what is unfinished waits for more."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, received: bytes) -> list[bytes]:
        """The commands and runs of text that are complete now, in order, each as its own bytes."""
        self._pending += received
        start, commands = 0, []
        while length := _length_at(self._pending, start):
            commands.append(bytes(self._pending[start : start + length]))
            start += length
        del self._pending[:start]
        return commands

    @property
    def unfinished(self) -> bytes:
        """The beginning of a command whose rest has not come."""
        return bytes(self._pending)


def _length_at(stream: bytearray, start: int) -> int:
    """Length of the command or run of text at `start`; 0 when more bytes are needed."""
    if start >= len(stream):
        return 0
    first = stream[start]
    if first >= _FIRST_PRINTABLE:
        return _text_length(stream, start)
    if first not in {ESC, FS, GS, DLE}:
        return _ONE_BYTE
    if len(stream) - start < 2:  # noqa: PLR2004 - the name of a command has two bytes
        return 0
    length = _command_length(stream, start)
    return length if length <= len(stream) - start else 0


def _text_length(stream: bytearray, start: int) -> int:
    end = start
    while end < len(stream) and stream[end] >= _FIRST_PRINTABLE:
        end += 1
    return end - start


_MORE = 1 << 62
"""Longer than any stream: the length can't be told before more bytes have come."""


def _command_length(stream: bytearray, start: int) -> int:
    name = bytes(stream[start : start + 2])
    if name in _FIXED_LENGTHS:
        return _FIXED_LENGTHS[name]
    if name in _MEASURED:
        least, measure = _MEASURED[name]
        return measure(stream, start) if len(stream) - start >= least else _MORE
    return _ONE_BYTE if name[0] == DLE else 3


def _u16(stream: bytearray, at: int) -> int:
    return stream[at] | stream[at + 1] << 8


def _to_nul(stream: bytearray, start: int, *, skip: int) -> int:
    end = stream.find(0, start + skip)
    return end - start + 1 if end >= 0 else _MORE


def _bit_image(stream: bytearray, start: int) -> int:
    bytes_per_column = 3 if stream[start + 2] in {32, 33} else 1
    return 5 + _u16(stream, start + 3) * bytes_per_column


def _raster(stream: bytearray, start: int) -> int:
    return 8 + _u16(stream, start + 4) * _u16(stream, start + 6)


def _barcode(stream: bytearray, start: int) -> int:
    symbology = stream[start + 2]
    return _to_nul(stream, start, skip=3) if symbology <= 6 else 4 + stream[start + 3]  # noqa: PLR2004 - function A


def _sized(stream: bytearray, start: int) -> int:
    return 5 + _u16(stream, start + 3)


def _sized_long(stream: bytearray, start: int) -> int:
    return 7 + int.from_bytes(stream[start + 3 : start + 7], "little")


def _cut(stream: bytearray, start: int) -> int:
    return 4 if stream[start + 2] in {65, 66, 97, 98, 103, 104} else 3


_MEASURED: dict[bytes, tuple[int, Callable[[bytearray, int], int]]] = {
    b"\x1b*": (5, _bit_image),
    b"\x1bD": (2, lambda stream, start: _to_nul(stream, start, skip=2)),
    b"\x1b(": (5, _sized),
    b"\x1c(": (5, _sized),
    b"\x1d(": (5, _sized),
    b"\x1d8": (7, _sized_long),
    b"\x1dV": (3, _cut),
    b"\x1dk": (4, _barcode),
    b"\x1dv": (8, _raster),
}
