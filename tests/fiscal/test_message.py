"""The bytes that a TSE signs, compared with hand-made DER and parsed back by a reader of its own."""

from __future__ import annotations

import datetime as dt

import pytest

from till.fiscal.message import Operation, Seal, Step, client_content, log_file, system_message, transaction_message
from till.fiscal.recorder import LogTimeFormat

SERIAL = bytes(range(32))
WHEN = dt.datetime(2026, 11, 20, 10, 40, 42, 999_999, dt.timezone(dt.timedelta(hours=1)))
SEAL = Seal(SERIAL.hex(), 10, WHEN)
FINISH = Step(Operation.FINISH, "KASSE-1", 5, "Kassenbeleg-V1", "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar")


def read(der: bytes) -> list[tuple[int, bytes]]:
    """A small DER reader: the tags and contents that stand one after the other."""
    found = []
    while der:
        tag, length, start = der[0], der[1], 2
        if length >= 0x80:
            start = 2 + (length & 0x7F)
            length = int.from_bytes(der[2:start], "big")
        found.append((tag, der[start : start + length]))
        assert len(der) >= start + length, "cut short"
        der = der[start + length :]
    return found


def test_a_finish_has_the_fields_of_tr_03151_in_their_order() -> None:
    assert read(transaction_message(FINISH, SEAL)) == [
        (0x02, b"\x02"),
        (0x06, bytes.fromhex("04007f000703070101")),
        (0x80, b"FinishTransaction"),
        (0x81, b"KASSE-1"),
        (0x82, b"Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar"),
        (0x83, b"Kassenbeleg-V1"),
        (0x85, b"\x05"),
        (0x04, SERIAL),
        (0x30, bytes.fromhex("060a04007f00070101040104")),
        (0x02, b"\x0a"),
        (0x02, (1795167642).to_bytes(4, "big")),
    ]


def test_a_start_has_empty_type_and_data() -> None:
    fields = read(transaction_message(Step(Operation.START, "KASSE-1", 200), SEAL))
    assert fields[2:7] == [(0x80, b"StartTransaction"), (0x81, b"KASSE-1"), (0x82, b""), (0x83, b""), (0x85, b"\0\xc8")]


def test_external_data_stands_between_type_and_number_only_if_given() -> None:
    step = Step(Operation.FINISH, "K", 1, "SonstigerVorgang", "Öffnen", external=b"")
    fields = read(transaction_message(step, SEAL))
    assert fields[4:8] == [(0x82, "Öffnen".encode()), (0x83, b"SonstigerVorgang"), (0x84, b""), (0x85, b"\x01")]


@pytest.mark.parametrize(
    ("algorithm", "last"),
    [("ecdsa-plain-SHA224", 2), ("ecdsa-plain-SHA256", 3), ("ecdsa-plain-SHA384", 4), ("ecdsa-plain-SHA512", 5)],
)
def test_the_algorithm_has_its_oid(algorithm: str, last: int) -> None:
    fields = read(transaction_message(FINISH, Seal(SERIAL.hex(), 1, WHEN, algorithm=algorithm)))
    assert fields[8] == (0x30, bytes.fromhex("060a04007f000701010401") + bytes([last]))


@pytest.mark.parametrize(
    ("time_format", "tag", "content"),
    [
        (LogTimeFormat.UNIX_TIME, 0x02, (1795167642).to_bytes(4, "big")),
        (LogTimeFormat.UTC_TIME, 0x17, b"2611200940Z"),
        (LogTimeFormat.UTC_TIME_WITH_SECONDS, 0x17, b"261120094042Z"),
        (LogTimeFormat.GENERALIZED_TIME, 0x18, b"20261120094042Z"),
    ],
)
def test_each_time_format_is_written_in_utc(time_format: LogTimeFormat, tag: int, content: bytes) -> None:
    seal = Seal(SERIAL.hex(), 1, WHEN, log_time_format=time_format)
    assert read(transaction_message(FINISH, seal))[-1] == (tag, content)


def test_a_system_message_has_its_own_type_and_the_same_end() -> None:
    fields = read(system_message("RegisterClient", client_content("KASSE-1"), SEAL))
    assert fields[:4] == [
        (0x02, b"\x02"),
        (0x06, bytes.fromhex("04007f000703070102")),
        (0x80, b"RegisterClient"),
        (0x81, b"\x30\x09\x13\x07KASSE-1"),
    ]
    assert fields[4:] == read(transaction_message(FINISH, SEAL))[7:]


def test_a_log_file_wraps_fields_and_signature_into_one_sequence() -> None:
    message = transaction_message(FINISH, SEAL)
    [(tag, content)] = read(log_file(message, b"\x01" * 96))
    assert tag == 0x30
    assert content.startswith(message)
    assert read(content)[-1] == (0x04, b"\x01" * 96)
