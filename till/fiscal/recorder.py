"""What the till asks of a TSE, whichever it is: soft, in a USB slot, in a printer or in the cloud."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Protocol

from till.errors import DeviceError, Refused
from till.i18n import msg

SIGNATURE_ALGORITHM = "ecdsa-plain-SHA384"


class LogTimeFormat(StrEnum):
    """How a TSE writes the time into its signed messages (TR-03151; the words of the QR code, 60-fiscal A2.3)."""

    UNIX_TIME = "unixTime"
    UTC_TIME = "utcTime"
    UTC_TIME_WITH_SECONDS = "utcTimeWithSeconds"
    GENERALIZED_TIME = "generalizedTime"


class TseFailure(StrEnum):
    """Why a TSE did not sign (60-fiscal A2.6); stored with the outage."""

    START_FAILED = "start_failed"
    FINISH_FAILED = "finish_failed"
    TIME_NOT_SET = "time_not_set"
    STORAGE_FULL = "storage_full"
    CERTIFICATE_EXPIRED = "certificate_expired"
    UNREACHABLE = "unreachable"


FAILURE_SENTENCES = {
    TseFailure.START_FAILED: msg("The TSE did not start the transaction."),
    TseFailure.FINISH_FAILED: msg("The TSE did not finish the transaction."),
    TseFailure.TIME_NOT_SET: msg("The clock of the TSE is not set."),
    TseFailure.STORAGE_FULL: msg(
        "The storage of the TSE is full. Export its archive and let it delete what was exported."
    ),
    TseFailure.CERTIFICATE_EXPIRED: msg("The certificate of the TSE has expired. A new TSE is needed."),
    TseFailure.UNREACHABLE: msg("The TSE does not answer. Check that it is plugged in or that the network is up."),
}


class TseError(DeviceError):
    """The TSE did not sign. Selling goes on with an outage receipt (60-fiscal A2.6).

    `failure` is the kind that is stored, `detail` what the device itself said, `msgid` a sentence for the cashier.
    """

    def __init__(self, failure: TseFailure, detail: str = "") -> None:
        super().__init__(f"{failure.value}: {detail}" if detail else failure.value)
        self.failure = failure
        self.detail = detail
        self.msgid = FAILURE_SENTENCES[failure]


@dataclass(frozen=True, slots=True)
class TseIdentity:
    """What belongs to every signature of one TSE and never changes (DSFinV-K Stamm_TSE).

    `is_test`: not certified, so that every receipt must be marked "TEST – kein gültiger Beleg" (60-fiscal A0.2).
    `serial` is the lower-case hex SHA-256 of the public key's point; `public_key` is that point (04|X|Y)
    in base64, `certificate` its X.509 certificate (DER) in base64, if the TSE gives one.
    """

    serial: str
    public_key: str
    algorithm: str = SIGNATURE_ALGORITHM
    log_time_format: LogTimeFormat = LogTimeFormat.UNIX_TIME
    certificate: str | None = None
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class TseDetails:
    """A TSE as the shop must name it to the tax office (§ 146a(4) AO).

    `certification` is the number BSI-K-TR-nnnn-yyyy; empty if it has none.
    """

    identity: TseIdentity
    model: str
    certification: str = ""

    @property
    def is_test(self) -> bool:
        """Whether it is not certified, so that its receipts are not valid."""
        return self.identity.is_test


@dataclass(frozen=True, slots=True)
class Started:
    """The TSE's answer to StartTransaction; `log_time` is its own clock in UTC, `signature` base64."""

    transaction_number: int
    signature_counter: int
    log_time: dt.datetime
    signature: str
    serial: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished transaction: all that receipt, QR code and DSFinV-K transactions_tse need (§ 6 KassenSichV).

    Times are the TSE's own, UTC; `signature` is the Prüfwert in base64. Nothing here may be
    rounded, cut or changed on the way to the receipt (AEAO zu § 146a Nr. 2.4.4).
    """

    transaction_number: int
    signature_counter: int
    start_time: dt.datetime
    log_time: dt.datetime
    signature: str
    client_id: str
    process_type: str
    process_data: str
    tse: TseIdentity


class Recorder(Protocol):
    """A TSE. Every call blocks until the device answers and raises TseError if it does not sign.

    Called from one thread only, the SigningThread's.
    """

    def register_client(self, client_id: str) -> None:
        """Make the till known to the TSE; doing it again changes nothing. Refused for an id no TSE takes."""
        ...

    def start(self, client_id: str) -> Started:
        """StartTransaction with empty process type and data, at the first action of the Vorgang."""
        ...

    def finish(self, client_id: str, transaction_number: int, process_type: str, process_data: str) -> Finished:
        """FinishTransaction of an open transaction of this client."""
        ...

    def lookup(self, transaction_number: int) -> Finished | None:
        """The end of a transaction whose answer was lost; None if it is open or unknown."""
        ...

    def open_transactions(self, client_id: str) -> tuple[int, ...]:
        """The numbers of the client's transactions that were started and not finished, ascending."""
        ...

    def self_test(self) -> None:
        """Check that the TSE can sign now; at each start and to probe for recovery."""
        ...

    def details(self) -> TseDetails:
        """Who this TSE is."""
        ...

    def export(self, target: BinaryIO) -> None:
        """Write the archive of all log messages as TAR (60-fiscal A2.5)."""
        ...


_CLIENT_ID = re.compile(r"(?! )[A-Za-z0-9 '()+,.:=?-]{1,30}(?<! )")


def checked_client_id(client_id: str) -> str:
    """`client_id` if every TSE and DSFinV-K take it, else Refused.

    At most 30 characters of ASN.1's PrintableString (TR-03151) without "/" (DSFinV-K Anhang E);
    "_" is none of them, neither is ";", which would break the QR code.
    """
    if not _CLIENT_ID.fullmatch(client_id):
        raise Refused(
            msg(
                "“{client_id}” can't be the number of a till. Take 1 to 30 letters A to Z, digits, spaces inside "
                "or ' ( ) + , - . : = ?, but no “/” and no “_”."
            ),
            client_id=client_id,
        )
    return client_id
