"""The TAR archive of a TSE's log, as an auditor's program reads it (60-fiscal A2.5)."""

from __future__ import annotations

import base64
import io
import tarfile
from collections.abc import Iterable
from typing import BinaryIO

from till.fiscal.message import log_file
from till.fiscal.recorder import TseDetails
from till.fiscal.tse_file import LogEntry


def write_archive(target: BinaryIO, details: TseDetails, log: Iterable[LogEntry]) -> None:
    """Write info.csv, the certificate and one file per log message; uncompressed, in the log's order."""
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        _add(archive, "info.csv", _info(details))
        if details.identity.certificate:
            certificate = base64.b64decode(details.identity.certificate)
            _add(archive, f"{details.identity.serial}_X509.der", certificate)
        for entry in log:
            _add(archive, log_file_name(entry), log_file(entry.message, entry.signature), entry.log_time)


def log_file_name(entry: LogEntry) -> str:
    """The file name of a log message; its time in Unix seconds."""
    seal = f"Unixt_{entry.log_time}_Sig-{entry.signature_counter}"
    if entry.transaction_number is None:
        return f"{seal}_Log-Sys_{entry.operation}.log"
    step = entry.operation.removesuffix("Transaction")
    return f"{seal}_Log-Tra_No-{entry.transaction_number}_{step}_Client-{entry.client_id}.log"


def _add(archive: tarfile.TarFile, name: str, contents: bytes, time: int = 0) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(contents)
    member.mtime = time
    archive.addfile(member, io.BytesIO(contents))


def _info(details: TseDetails) -> bytes:
    return f'"description:","{details.model}","serial:","{details.identity.serial}"\r\n'.encode()
