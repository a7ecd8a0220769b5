"""Shared things of the fiscal tests: a soft TSE, a database, and a verifier that shares no code with the signer."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import ecdsa
import pytest
from ecdsa.util import sigdecode_string
from sqlalchemy.orm import Session

import till.audit.models
import till.documents.models
import till.fiscal.models
import till.ledger.models  # noqa: F401 - every table that the foreign keys name
from till.business_case import BonTyp
from till.clock import FixedClock
from till.db.base import Base
from till.db.context import Context
from till.db.engine import Database, sqlite_url
from till.db.protect import create_triggers
from till.documents.model import DocumentKind, Draft
from till.documents.post import post
from till.fiscal.recorder import Finished
from till.fiscal.soft_tse import SoftTse

CLIENT = "KASSE-2026-0001"
NOON = dt.datetime(2026, 11, 20, 9, 40, 0, 250_000, dt.UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def tse(tmp_path: Path, clock: FixedClock) -> Iterator[SoftTse]:
    tse = SoftTse(tmp_path / "tse.db", clock)
    tse.register_client(CLIENT)
    yield tse
    tse.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(sqlite_url(tmp_path / "till.db"))
    with database.engine.begin() as connection:
        Base.metadata.create_all(connection)
        create_triggers(connection, Base.metadata.tables)
    yield database
    database.close()


@pytest.fixture
def post_sale(database: Database) -> Callable[[], uuid.UUID]:
    """Posts an empty sale and returns its id."""

    def post_one() -> uuid.UUID:
        context = Context(CLIENT, None, "anna", "Anna", NOON, NOON.date())
        draft = Draft(uuid.uuid4(), DocumentKind.SALE, BonTyp.BELEG, NOON)
        with database.write() as session:
            return post(session, context, draft).id

    return post_one


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.write() as session:
        yield session


def _tlv(tag: int, content: bytes) -> bytes:
    """DER by hand: tag, length, content."""
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _integer(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")


def _signed_bytes(finished: Finished) -> bytes:
    """The message of FinishTransaction as 60-fiscal A2.4 describes it, put together byte by byte."""
    return b"".join(
        (
            bytes.fromhex("020102"),
            bytes.fromhex("060904007f000703070101"),
            _tlv(0x80, b"FinishTransaction"),
            _tlv(0x81, finished.client_id.encode("ascii")),
            _tlv(0x82, finished.process_data.encode("utf-8")),
            _tlv(0x83, finished.process_type.encode("ascii")),
            _tlv(0x85, _integer(finished.transaction_number)),
            _tlv(0x04, bytes.fromhex(finished.tse.serial)),
            bytes.fromhex("300c060a04007f00070101040104"),
            _tlv(0x02, _integer(finished.signature_counter)),
            _tlv(0x02, _integer(int(finished.log_time.timestamp()))),
        )
    )


@pytest.fixture
def signed_bytes() -> Callable[[Finished], bytes]:
    return _signed_bytes


@pytest.fixture
def verifies() -> Callable[[Finished], bool]:
    """Checks a signature with the ecdsa package, from nothing but what a receipt carries."""

    def check(finished: Finished) -> bool:
        point = base64.b64decode(finished.tse.public_key)
        assert hashlib.sha256(point).hexdigest() == finished.tse.serial
        key = ecdsa.VerifyingKey.from_string(point, curve=ecdsa.BRAINPOOLP384r1)
        try:
            return bool(
                key.verify(
                    base64.b64decode(finished.signature),
                    _signed_bytes(finished),
                    hashfunc=hashlib.sha384,
                    sigdecode=sigdecode_string,
                )
            )
        except ecdsa.BadSignatureError:
            return False

    return check
