"""A printer's answers share one line and are told apart by their fixed bits alone (70-devices 6.5)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from till.devices.drivers.escpos_answers import Answer, AnswerKind, AnswerSorter, answer_kind


def _matches(byte: int, pattern: str) -> bool:
    return all(bit in {"x", wanted} for bit, wanted in zip(pattern, f"{byte:08b}", strict=True))


def test_every_byte_has_the_kind_that_its_fixed_bits_name() -> None:
    patterns = {"0xx1xx10": AnswerKind.REALTIME, "0xx1xx00": AnswerKind.PUSHED, "0xx0xxxx": AnswerKind.EXECUTED}
    for byte in range(256):
        kinds = [kind for pattern, kind in patterns.items() if _matches(byte, pattern)]
        assert [answer_kind(byte)] == (kinds or [AnswerKind.OTHER]), hex(byte)


def test_flow_control_is_no_answer() -> None:
    assert {answer.kind for answer in AnswerSorter().feed(b"\x11\x13")} == {AnswerKind.OTHER}


def test_the_three_bytes_after_a_pushed_status_are_no_confirmation() -> None:
    answers = AnswerSorter().feed(b"\x1c\x00\x0c\x00\x00")
    assert answers == [Answer(AnswerKind.PUSHED, 0x1C), Answer(AnswerKind.EXECUTED, 0x00)]


def test_a_pushed_status_may_arrive_in_pieces() -> None:
    sorter = AnswerSorter()
    assert [answer.kind for answer in sorter.feed(b"\x10\x00")] == [AnswerKind.PUSHED]
    assert sorter.feed(b"\x00\x00") == []
    assert [answer.kind for answer in sorter.feed(b"\x03")] == [AnswerKind.EXECUTED]


def test_a_pushed_status_that_breaks_off_does_not_swallow_the_next_answer() -> None:
    kinds = [answer.kind for answer in AnswerSorter().feed(b"\x10\x00\x12")]
    assert kinds == [AnswerKind.PUSHED, AnswerKind.REALTIME]


def test_the_name_of_a_printer_is_no_confirmation() -> None:
    kinds = [answer.kind for answer in AnswerSorter().feed(b"_EPSON\x00\x12")]
    assert kinds == [AnswerKind.OTHER, AnswerKind.REALTIME]


@given(st.lists(st.binary(max_size=20), max_size=10))
def test_pieces_of_any_size_are_sorted_alike(pieces: list[bytes]) -> None:
    sorter = AnswerSorter()
    in_pieces = [answer for piece in pieces for answer in sorter.feed(piece)]
    assert in_pieces == AnswerSorter().feed(b"".join(pieces))
