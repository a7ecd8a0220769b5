"""The simulated printer's reader cuts any stream of bytes into commands, whatever is in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.devices.model import PrinterProfile
from till.devices.profiles import DEFAULT_PROFILE
from till.devices.simulated.escpos_reader import EscposReader
from till.devices.simulated.marks import CutKind
from till.devices.simulated.paper import Receipt
from till.devices.simulated.print_head import PrintHead

PREFIXES = [b"\x1b", b"\x1d", b"\x1c", b"\x10", b"\x1dv0", b"\x1dk", b"\x1d(k", b"\x1d(L", b"\x1b*", b"\x1bD", b"\x1dV"]
NOISE = st.lists(st.one_of(st.binary(max_size=12), st.sampled_from(PREFIXES)), max_size=30).map(b"".join)


@pytest.mark.parametrize(
    "command",
    [
        b"Bon 12 \x84\xd5",
        b"\n",
        b"\x1b@",
        b"\x1bt\x13",
        b"\x1b!\x38",
        b"\x1bp\x00\x19\xfa",
        b"\x10\x04\x01",
        b"\x10\x14\x01\x00\x01",
        b"\x1dr\x01",
        b"\x1dV\x00",
        b"\x1dVB\x00",
        b"\x1dv0\x00\x02\x00\x03\x00" + b"\x00\x1b\x1d\x10\x04\xff",
        b"\x1dk\x04ABC\x00",
        b"\x1dk\x49\x05{BABC",
        b"\x1d(k\x03\x001Q0",
        b"\x1bD\x08\x10\x00",
        b"\x1b*\x21\x01\x00\x01\x02\x03",
        b"\x1d8L\x02\x00\x00\x00ab",
    ],
)
def test_a_command_is_cut_at_its_end_and_not_before(command: bytes) -> None:
    reader = EscposReader()
    cut = [one for byte in command for one in reader.feed(bytes((byte,)))]
    assert b"".join(cut) == command
    assert EscposReader().feed(command + b"\x1b@") == [command, b"\x1b@"]
    assert reader.unfinished == b""


@given(NOISE)
def test_no_byte_is_lost_or_invented(noise: bytes) -> None:
    reader = EscposReader()
    assert b"".join(reader.feed(noise)) + reader.unfinished == noise


@given(st.lists(NOISE, max_size=4))
def test_pieces_of_any_size_are_cut_alike(pieces: list[bytes]) -> None:
    reader = EscposReader()
    in_pieces = b"".join(command for piece in pieces for command in reader.feed(piece))
    assert in_pieces == b"".join(EscposReader().feed(b"".join(pieces)))


@given(NOISE)
def test_noise_never_stops_the_print_head(noise: bytes) -> None:
    profile: PrinterProfile = DEFAULT_PROFILE
    head = PrintHead(profile)
    for command in EscposReader().feed(noise):
        head.execute(command)
    marks, raw = head.tear_off()
    assert noise.startswith(raw)
    assert Receipt(marks[:40], raw, CutKind.FULL, profile.dots).paper_image().width == profile.dots
