"""Executes ESC/POS commands in their order: keeps the style and leaves marks on the paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from till.devices.model import PrinterProfile
from till.devices.simulated.marks import Align, FeedMark, Font, LineEnd, Mark, PictureMark, Style, TextMark

EPSON_CODEPAGES = MappingProxyType(
    {
        0: "cp437",
        2: "cp850",
        3: "cp860",
        5: "cp865",
        13: "cp857",
        14: "cp737",
        15: "iso8859-7",
        16: "cp1252",
        17: "cp866",
        18: "cp852",
        19: "cp858",
        40: "iso8859-15",
    }
)
_TAB_COLUMNS = 8
_LF, _CR, _HT = b"\n", b"\r", b"\t"
_HARMLESS = frozenset(
    {b"\x1bc", b"\x1dL", b"\x1dW", b"\x1dP", b"\x1b=", b"\x1c.", b"\x1b{", b"\x1db", b"\x1b ", b"\x1bS"}
)
"""Settings that change nothing here as long as they are the printer's defaults; see `_is_harmless`."""


class PrintHead:
    """The part of a printer that knows paper; `unknown` collects commands that it can't draw."""

    def __init__(self, profile: PrinterProfile) -> None:
        self._codepages = EPSON_CODEPAGES | {profile.codepage_slot: profile.codepage_name.lower()}
        self._usual_spacing = round(profile.dpi / 6)
        self.marks: list[Mark] = []
        self.raw = bytearray()
        self.unknown: list[bytes] = []
        self._commands: dict[bytes, Callable[[int], None]] = {
            b"\x1b!": self._select_mode,
            b"\x1b-": lambda n: self._change(underline=n % 48 if n % 48 <= 2 else 0),  # noqa: PLR2004 - 0 to 2 or their digits
            b"\x1bE": lambda n: self._change(bold=bool(n & 1)),
            b"\x1bG": lambda n: self._change(bold=bool(n & 1)),
            b"\x1bM": lambda n: self._change(font=Font.B if n & 1 else Font.A),
            b"\x1ba": self._align_lines,
            b"\x1bd": self._feed_lines,
            b"\x1bJ": self._feed_dots,
            b"\x1b3": self._space_lines,
            b"\x1bt": self._select_codepage,
            b"\x1dB": lambda n: self._change(reverse=bool(n & 1)),
            b"\x1d!": lambda n: self._change(width=(n >> 4 & 7) + 1, height=(n & 7) + 1),
        }
        self.reset()

    def reset(self) -> None:
        """ESC @: back to the defaults; what was printed stays on the paper."""
        self._style = Style()
        self._align = Align.LEFT
        self._slot = 0
        self._spacing = self._usual_spacing
        self._column = 0

    @property
    def has_printed(self) -> bool:
        """True when there is anything to see on the paper."""
        return any(
            isinstance(mark, PictureMark) or (isinstance(mark, TextMark) and mark.text.strip()) for mark in self.marks
        )

    def execute(self, command: bytes) -> None:
        """One command or run of text as `EscposReader` cuts them."""
        self.raw += command
        name = command[:2]
        if command[0] >= ord(" "):
            self._print_text(command)
        elif command == _LF:
            self._end_line()
        elif command == _HT:
            self._write(" " * (_TAB_COLUMNS - self._column % _TAB_COLUMNS))
        elif name == b"\x1b2":
            self._spacing = self._usual_spacing
        elif name == b"\x1dv" and command[2:3] == b"0":
            self._print_picture(command)
        elif name in self._commands:
            self._commands[name](command[2])
        elif command != _CR and not _is_harmless(command):
            self.unknown.append(command)

    def tear_off(self) -> tuple[tuple[Mark, ...], bytes]:
        """The marks and bytes since the last time; the head is over fresh paper."""
        self._end_pending_line()
        torn = tuple(self.marks), bytes(self.raw)
        self.marks, self.raw = [], bytearray()
        return torn

    def _change(self, **styles: Font | bool | int) -> None:
        self._style = replace(self._style, **styles)  # type: ignore[arg-type]

    def _print_text(self, text: bytes) -> None:
        codepage = self._codepages.get(self._slot)
        self._write(text.decode(codepage, "replace") if codepage else text.decode("ascii", "replace"))

    def _write(self, text: str) -> None:
        self.marks.append(TextMark(text, self._style))
        self._column += len(text)

    def _end_line(self) -> None:
        self.marks.append(LineEnd(self._spacing, self._align))
        self._column = 0

    def _end_pending_line(self) -> None:
        if self._column:
            self._end_line()

    def _print_picture(self, command: bytes) -> None:
        from PIL import Image

        mode, width, height = command[3] & 3, _u16(command, 4) * 8, _u16(command, 6)
        self._end_pending_line()
        if not width or not height:
            return
        strip = Image.frombytes("1", (width, height), command[8:], "raw", "1;I")
        if mode:
            strip = strip.resize((width * (1 + (mode & 1)), height * (1 + (mode >> 1))))
        self.marks.append(PictureMark(strip, self._align))

    def _select_mode(self, n: int) -> None:
        """ESC ! sets all of these at once, and so clears what was set before (70-devices 2.4)."""
        self._change(
            font=Font.B if n & 0x01 else Font.A,
            bold=bool(n & 0x08),
            height=2 if n & 0x10 else 1,
            width=2 if n & 0x20 else 1,
            underline=1 if n & 0x80 else 0,
        )

    def _align_lines(self, n: int) -> None:
        if n % 48 <= Align.RIGHT:
            self._align = Align(n % 48)

    def _select_codepage(self, n: int) -> None:
        self._slot = n

    def _space_lines(self, n: int) -> None:
        self._spacing = n

    def _feed_lines(self, n: int) -> None:
        for _ in range(n or int(self._column > 0)):
            self._end_line()

    def _feed_dots(self, n: int) -> None:
        self._end_pending_line()
        self.marks.append(FeedMark(n))


def _is_harmless(command: bytes) -> bool:
    """A default that encoders like to send: zero margins, upright, normal spacing, no Chinese characters."""
    if command[:2] not in _HARMLESS:
        return False
    return command[:2] in {b"\x1bc", b"\x1bS", b"\x1c.", b"\x1b=", b"\x1dW", b"\x1dP"} or not any(command[2:])


def _u16(command: bytes, at: int) -> int:
    return command[at] | command[at + 1] << 8
