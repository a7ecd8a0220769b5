"""The exact bytes that a TSE signs: log messages of BSI TR-03151 in DER (60-fiscal A2.4)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from till.fiscal.recorder import LogTimeFormat

_VERSION = 2
_TRANSACTION_LOG = "0.4.0.127.0.7.3.7.1.1"
_SYSTEM_LOG = "0.4.0.127.0.7.3.7.1.2"
_ALGORITHMS = {
    "ecdsa-plain-SHA224": "0.4.0.127.0.7.1.1.4.1.2",
    "ecdsa-plain-SHA256": "0.4.0.127.0.7.1.1.4.1.3",
    "ecdsa-plain-SHA384": "0.4.0.127.0.7.1.1.4.1.4",
    "ecdsa-plain-SHA512": "0.4.0.127.0.7.1.1.4.1.5",
}
_TIME_PATTERNS = {
    LogTimeFormat.UTC_TIME: "%y%m%d%H%MZ",
    LogTimeFormat.UTC_TIME_WITH_SECONDS: "%y%m%d%H%M%SZ",
    LogTimeFormat.GENERALIZED_TIME: "%Y%m%d%H%M%SZ",
}


class Operation(StrEnum):
    """operationType of a transaction's log message."""

    START = "StartTransaction"
    FINISH = "FinishTransaction"


@dataclass(frozen=True, slots=True)
class Seal:
    """What every log message of a TSE ends with. `serial` is 64 hex digits; `log_time` is aware.

    `signature_counter` is one gapless series over all messages of the TSE (60-fiscal A2.5).
    """

    serial: str
    signature_counter: int
    log_time: dt.datetime
    algorithm: str = "ecdsa-plain-SHA384"
    log_time_format: LogTimeFormat = LogTimeFormat.UNIX_TIME


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a transaction; `external` is additionalExternalData, None leaves the field out."""

    operation: Operation
    client_id: str
    transaction_number: int
    process_type: str = ""
    process_data: str = ""
    external: bytes | None = None


def transaction_message(step: Step, seal: Seal) -> bytes:
    """The signed bytes of a transaction's log message: the DER fields one after the other, no outer SEQUENCE."""
    from asn1crypto import core

    fields = [
        core.PrintableString(step.operation.value, implicit=0),
        core.PrintableString(step.client_id, implicit=1),
        core.OctetString(step.process_data.encode(), implicit=2),
        core.PrintableString(step.process_type, implicit=3),
        core.Integer(step.transaction_number, implicit=5),
    ]
    if step.external is not None:
        fields.insert(4, core.OctetString(step.external, implicit=4))
    return _message(_TRANSACTION_LOG, fields, seal)


def system_message(event: str, content: bytes, seal: Seal) -> bytes:
    """The signed bytes of a system log message; `content` is the event's own DER (systemOperationData)."""
    from asn1crypto import core

    fields = [core.PrintableString(event, implicit=0), core.OctetString(content, implicit=1)]
    return _message(_SYSTEM_LOG, fields, seal)


def client_content(client_id: str) -> bytes:
    """The systemOperationData of registerClient: a SEQUENCE with the client's id."""
    from asn1crypto import core

    content: bytes = core.SequenceOf([client_id], spec=core.PrintableString).dump()
    return content


def log_file(message: bytes, signature: bytes) -> bytes:
    """A log message as it stands in the TAR archive: SEQUENCE of the signed fields and the signature."""
    from asn1crypto import core, parser

    sequence: bytes = parser.emit(0, 1, 16, message + core.OctetString(signature).dump())
    return sequence


def _message(log_type: str, fields: list[Any], seal: Seal) -> bytes:
    from asn1crypto import core

    parts = [
        core.Integer(_VERSION),
        core.ObjectIdentifier(log_type),
        *fields,
        core.OctetString(bytes.fromhex(seal.serial)),
        core.SequenceOf([_ALGORITHMS[seal.algorithm]], spec=core.ObjectIdentifier),
        core.Integer(seal.signature_counter),
        _log_time(seal),
    ]
    return b"".join(part.dump() for part in parts)


def _log_time(seal: Seal) -> Any:
    from asn1crypto import core

    if seal.log_time_format is LogTimeFormat.UNIX_TIME:
        return core.Integer(int(seal.log_time.timestamp()))
    text = seal.log_time.astimezone(dt.UTC).strftime(_TIME_PATTERNS[seal.log_time_format])
    if seal.log_time_format is LogTimeFormat.GENERALIZED_TIME:
        return core.GeneralizedTime(text)
    return core.UTCTime(text)
