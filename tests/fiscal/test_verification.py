"""Signatures proved again from a receipt alone, for the soft TSE and for TSEs with other curves and clocks."""

from __future__ import annotations

import base64
import dataclasses
import datetime as dt
import hashlib
from typing import Any

import ecdsa
import pytest
from ecdsa.util import sigencode_string

from till.fiscal.message import Operation, Seal, Step, transaction_message
from till.fiscal.recorder import Finished, LogTimeFormat, TseIdentity
from till.fiscal.soft_tse import SoftTse
from till.fiscal.verification import is_genuine

CLIENT = "KASSE-2026-0001"
SALE = "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar"
WHEN = dt.datetime(2026, 11, 20, 9, 40, 42, tzinfo=dt.UTC)


@pytest.fixture
def finished(tse: SoftTse) -> Finished:
    return tse.finish(CLIENT, tse.start(CLIENT).transaction_number, "Kassenbeleg-V1", SALE)


def signed_elsewhere(curve: Any, hash_name: str, time_format: LogTimeFormat) -> Finished:
    """A receipt of another maker's TSE, signed by the ecdsa package."""
    key = ecdsa.SigningKey.generate(curve=curve)
    point = key.verifying_key.to_string("uncompressed")
    serial = hashlib.sha256(point).hexdigest()
    algorithm = f"ecdsa-plain-{hash_name}"
    seal = Seal(serial, 10, WHEN, algorithm, time_format)
    message = transaction_message(Step(Operation.FINISH, CLIENT, 5, "Kassenbeleg-V1", SALE), seal)
    signature = key.sign(message, hashfunc=getattr(hashlib, hash_name.lower()), sigencode=sigencode_string)
    identity = TseIdentity(serial, base64.b64encode(point).decode(), algorithm, time_format)
    return Finished(
        transaction_number=5,
        signature_counter=10,
        start_time=WHEN,
        log_time=WHEN,
        signature=base64.b64encode(signature).decode(),
        client_id=CLIENT,
        process_type="Kassenbeleg-V1",
        process_data=SALE,
        tse=identity,
    )


def test_a_soft_signature_is_genuine(finished: Finished) -> None:
    assert is_genuine(finished)


@pytest.mark.parametrize(
    ("curve", "hash_name", "time_format"),
    [
        (ecdsa.NIST256p, "SHA256", LogTimeFormat.UTC_TIME),
        (ecdsa.NIST384p, "SHA384", LogTimeFormat.UNIX_TIME),
        (ecdsa.BRAINPOOLP256r1, "SHA256", LogTimeFormat.UTC_TIME_WITH_SECONDS),
        (ecdsa.BRAINPOOLP384r1, "SHA512", LogTimeFormat.GENERALIZED_TIME),
        (ecdsa.BRAINPOOLP512r1, "SHA512", LogTimeFormat.UNIX_TIME),
    ],
)
def test_signatures_of_other_makers_are_genuine(curve: Any, hash_name: str, time_format: LogTimeFormat) -> None:
    receipt = signed_elsewhere(curve, hash_name, time_format)
    assert is_genuine(receipt)
    assert not is_genuine(dataclasses.replace(receipt, process_data=SALE + "0"))


def test_any_changed_value_is_noticed(finished: Finished) -> None:
    other_time = finished.log_time + dt.timedelta(seconds=1)
    changed = [
        dataclasses.replace(finished, process_data=SALE.replace("1.00", "0.90")),
        dataclasses.replace(finished, process_type="SonstigerVorgang"),
        dataclasses.replace(finished, client_id="KASSE-2"),
        dataclasses.replace(finished, transaction_number=2),
        dataclasses.replace(finished, signature_counter=2),
        dataclasses.replace(finished, log_time=other_time),
        dataclasses.replace(finished, tse=dataclasses.replace(finished.tse, serial="00" * 32)),
    ]
    assert not any(is_genuine(receipt) for receipt in changed)


def test_what_can_t_be_read_is_not_genuine(finished: Finished) -> None:
    tse = finished.tse
    unreadable = [
        dataclasses.replace(finished, signature="no base64!"),
        dataclasses.replace(finished, signature="AAAA"),
        dataclasses.replace(finished, signature=base64.b64encode(b"\0" * 96).decode()),
        dataclasses.replace(finished, tse=dataclasses.replace(tse, algorithm="rsa")),
        dataclasses.replace(finished, tse=dataclasses.replace(tse, serial="no hex")),
        dataclasses.replace(
            finished,
            tse=dataclasses.replace(tse, public_key="AAAA", serial=hashlib.sha256(b"\0\0\0").hexdigest()),
        ),
    ]
    assert not any(is_genuine(receipt) for receipt in unreadable)
