"""Sorts the one stream in which an ESC/POS printer sends all its answers, by the fixed bits of each byte.

Never assume that the next byte is the answer to the last question: pushed status and late answers of an
earlier query share the line (Epson, "ESC/POS status transmission"; 70-devices 6.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class AnswerKind(Enum):
    """Which command a byte answers."""

    REALTIME = auto()
    """DLE EOT n: 0xx1xx10."""
    EXECUTED = auto()
    """GS r n: 0xx0xxxx; sent when everything before it was executed."""
    PUSHED = auto()
    """The first byte of an automatic status of four (GS a): 0xx1xx00; the other three are dropped."""
    OTHER = auto()
    """Flow control, blocks of GS I, and noise."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the printer, as its first byte."""

    kind: AnswerKind
    byte: int


_FIXED_BITS = 0x93
_REALTIME = 0x12
_PUSHED = 0x10
_EXECUTED_BITS = 0x90
_BLOCK_HEADERS = frozenset({0x37, 0x3B, 0x5F})
_LONGEST_BLOCK = 82


def answer_kind(byte: int) -> AnswerKind:
    """What a byte is that starts an answer."""
    if byte & _FIXED_BITS == _REALTIME:
        return AnswerKind.REALTIME
    if byte & _FIXED_BITS == _PUSHED:
        return AnswerKind.PUSHED
    if byte & _EXECUTED_BITS == 0:
        return AnswerKind.EXECUTED
    return AnswerKind.OTHER


class AnswerSorter:
    """Takes the received bytes in pieces of any size; remembers an unfinished automatic status or block."""

    def __init__(self) -> None:
        self._pushed_left = 0
        self._block_left = 0

    def feed(self, received: bytes) -> list[Answer]:
        """The answers that start in `received`, in order."""
        return [answer for byte in received if (answer := self._sort(byte)) is not None]

    def _sort(self, byte: int) -> Answer | None:
        if self._block_left:
            self._block_left = self._block_left - 1 if byte else 0
            return None
        if self._pushed_left and byte & _EXECUTED_BITS == 0:
            self._pushed_left -= 1
            return None
        kind = answer_kind(byte)
        self._pushed_left = 3 if kind is AnswerKind.PUSHED else 0
        self._block_left = _LONGEST_BLOCK if byte in _BLOCK_HEADERS else 0
        return Answer(kind, byte)
