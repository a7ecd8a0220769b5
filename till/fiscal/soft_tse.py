"""A TSE in software, for the demo and for tests: real signatures over real messages, but not certified.

Its receipts must be marked "TEST – kein gültiger Beleg" (60-fiscal A0 2): `details().is_test` says so.
"""

from __future__ import annotations

import base64
import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from till.clock import Clock
from till.fiscal.archive import write_archive
from till.fiscal.message import Operation, Seal, Step, client_content, system_message, transaction_message
from till.fiscal.recorder import (
    Finished,
    Started,
    TseDetails,
    TseError,
    TseFailure,
    TseIdentity,
    checked_client_id,
)
from till.fiscal.tse_file import LogEntry, TseFile, disk_in_words
from till.fiscal.tse_key import load_identity, new_identity, plain_signature
from till.fiscal.verification import is_plain_signature

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

REGISTER_CLIENT = "RegisterClient"
_SIGNATURES = "signature"
_TRANSACTIONS = "transaction"


class SoftTse:
    """A Recorder on a file of its own (created if it is missing); safe for several processes at once.

    One gapless signature counter for all messages, gapless transaction numbers, an append-only log.
    `synchronous` as in `TseFile`. Raises Unavailable when the disk lets nothing be opened, TseError for a file that
    is no TSE's.
    """

    def __init__(self, path: Path, clock: Clock, *, synchronous: str = "FULL") -> None:
        self._clock = clock
        with disk_in_words():
            self._file = TseFile(path, synchronous=synchronous)
            self._key, self._identity = _load_or_create(self._file, clock.now())

    def register_client(self, client_id: str) -> None:
        """Log registerClient once per till."""
        checked_client_id(client_id)
        with self._file.write():
            if not self._file.is_registered(client_id):
                self._file.register(client_id)
                self._log_registration(client_id)

    def start(self, client_id: str) -> Started:
        """Open the next transaction."""
        with self._file.write():
            self._require_registered(client_id)
            step = Step(Operation.START, client_id, self._file.next_number(_TRANSACTIONS))
            self._file.open(step.transaction_number, client_id)
            entry = self._log_step(step)
        return Started(
            transaction_number=step.transaction_number,
            signature_counter=entry.signature_counter,
            log_time=_utc(entry.log_time),
            signature=_base64(entry.signature),
            serial=self._identity.serial,
        )

    def finish(self, client_id: str, transaction_number: int, process_type: str, process_data: str) -> Finished:
        """Close an open transaction of this client with what happened in it."""
        with self._file.write():
            if not self._file.close_transaction(transaction_number, client_id):
                raise TseError(TseFailure.FINISH_FAILED, f"{client_id} has no open transaction {transaction_number}")
            step = Step(Operation.FINISH, client_id, transaction_number, process_type, process_data)
            end = self._log_step(step)
        return self._finished(end)

    def lookup(self, transaction_number: int) -> Finished | None:
        """The end of a finished transaction."""
        end = self._file.step_of(transaction_number, Operation.FINISH)
        return self._finished(end) if end else None

    def open_transactions(self, client_id: str) -> tuple[int, ...]:
        """The client's transactions that were started and not finished."""
        return self._file.open_transactions(client_id)

    def self_test(self) -> None:
        """The newest message must carry the last number and a signature by this key."""
        last = self._file.last()
        if self._file.counter(_SIGNATURES) != (last.signature_counter if last else 0):
            raise TseError(TseFailure.UNREACHABLE, "the log of the soft TSE is not complete")
        if last and not self._has_signed(last):
            raise TseError(TseFailure.UNREACHABLE, "the log of the soft TSE has a false signature")

    def details(self) -> TseDetails:
        """The soft TSE names itself a test."""
        return TseDetails(identity=self._identity, model="Till Soft-TSE (TEST)")

    def export(self, target: BinaryIO) -> None:
        """The TAR archive of the whole log."""
        write_archive(target, self.details(), self._file.log())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _has_signed(self, entry: LogEntry) -> bool:
        return is_plain_signature(self._key.public_key(), entry.message, entry.signature, self._identity.algorithm)

    def _require_registered(self, client_id: str) -> None:
        if not self._file.is_registered(client_id):
            raise TseError(TseFailure.START_FAILED, f"the client {client_id} is not registered")

    def _log_registration(self, client_id: str) -> None:
        seal = self._next_seal()
        message = system_message(REGISTER_CLIENT, client_content(client_id), seal)
        self._append(seal, _Subject(REGISTER_CLIENT, client_id), message)

    def _log_step(self, step: Step) -> LogEntry:
        seal = self._next_seal()
        subject = _Subject(
            step.operation.value, step.client_id, step.transaction_number, step.process_type, step.process_data
        )
        return self._append(seal, subject, transaction_message(step, seal))

    def _next_seal(self) -> Seal:
        now = self._clock.now().replace(microsecond=0)
        return Seal(self._identity.serial, self._file.next_number(_SIGNATURES), now)

    def _append(self, seal: Seal, subject: _Subject, message: bytes) -> LogEntry:
        entry = LogEntry(
            signature_counter=seal.signature_counter,
            operation=subject.operation,
            client_id=subject.client_id,
            transaction_number=subject.transaction_number,
            process_type=subject.process_type,
            process_data=subject.process_data,
            log_time=int(seal.log_time.timestamp()),
            message=message,
            signature=plain_signature(self._key, message),
        )
        self._file.append(entry)
        return entry

    def _finished(self, end: LogEntry) -> Finished:
        number = end.transaction_number
        start = self._file.step_of(number, Operation.START) if number else None
        if number is None or start is None:
            raise TseError(TseFailure.UNREACHABLE, "the log of the soft TSE has an end without a start")
        return Finished(
            transaction_number=number,
            signature_counter=end.signature_counter,
            start_time=_utc(start.log_time),
            log_time=_utc(end.log_time),
            signature=_base64(end.signature),
            client_id=end.client_id,
            process_type=end.process_type,
            process_data=end.process_data,
            tse=self._identity,
        )


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a log message is about."""

    operation: str
    client_id: str
    transaction_number: int | None = None
    process_type: str = ""
    process_data: str = ""


def _load_or_create(file: TseFile, now: dt.datetime) -> tuple[EllipticCurvePrivateKey, TseIdentity]:
    with file.write():
        stored = file.identity()
        if stored is None:
            stored = new_identity(now)
            file.set_identity(stored)
    try:
        return load_identity(stored)
    except ValueError as error:
        raise TseError(TseFailure.UNREACHABLE, str(error)) from error


def _utc(unix_time: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(unix_time, dt.UTC)


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
