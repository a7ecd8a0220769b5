"""The text of the QR code on a receipt: twelve fields by which an auditor verifies the signature (60-fiscal A2.3)."""

from __future__ import annotations

import datetime as dt

from till.fiscal.recorder import Finished

_SEPARATOR = ";"


def qr_text(finished: Finished) -> str:
    """The QR code's text for a signed receipt; ValueError if a field holds the separator ";"."""
    fields = (
        "V0",
        finished.client_id,
        finished.process_type,
        finished.process_data,
        str(finished.transaction_number),
        str(finished.signature_counter),
        tse_time(finished.start_time),
        tse_time(finished.log_time),
        finished.tse.algorithm,
        finished.tse.log_time_format.value,
        finished.signature,
        finished.tse.public_key,
    )
    broken = [field for field in fields if _SEPARATOR in field]
    if broken:
        msg = f"a field of the QR code holds its separator: {broken!r}"
        raise ValueError(msg)
    return _SEPARATOR.join(fields)


def tse_time(instant: dt.datetime) -> str:
    """An aware instant as YYYY-MM-DDThh:mm:ss.fffZ, in UTC, cut to milliseconds (DSFinV-K 2.4 p. 104)."""
    utc = instant.astimezone(dt.UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"
