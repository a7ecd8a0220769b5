"""Proves a signature again from what a receipt carries, whichever TSE made it (60-fiscal A2.4)."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any

from till.fiscal.message import Operation, Seal, Step, transaction_message
from till.fiscal.recorder import Finished

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey


def is_genuine(finished: Finished) -> bool:
    """Whether the signature is by the TSE named, over exactly these values; False for anything that can't be read."""
    try:
        point = base64.b64decode(finished.tse.public_key, validate=True)
        signature = base64.b64decode(finished.signature, validate=True)
        message = _message(finished)
    except (binascii.Error, KeyError, ValueError):
        return False
    if hashlib.sha256(point).hexdigest() != finished.tse.serial:
        return False
    algorithm = finished.tse.algorithm
    return any(is_plain_signature(key, message, signature, algorithm) for key in _keys(point))


def is_named_by_its_key(serial: str, public_key: str) -> bool:
    """Whether a TSE's number is the SHA-256 of its public key (base64), as BSI TR-03153 has it."""
    try:
        point = base64.b64decode(public_key, validate=True)
    except (binascii.Error, ValueError):
        return False
    return hashlib.sha256(point).hexdigest() == serial


def is_plain_signature(key: EllipticCurvePublicKey, message: bytes, signature: bytes, algorithm: str) -> bool:
    """Whether r‖s (two halves of equal length) is this key's; `algorithm` such as ecdsa-plain-SHA384."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    half = (key.curve.key_size + 7) // 8
    if len(signature) != 2 * half:
        return False
    encoded = utils.encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
    try:
        key.verify(encoded, message, ec.ECDSA(_hash(algorithm)))
    except InvalidSignature:
        return False
    return True


def _message(finished: Finished) -> bytes:
    step = Step(
        Operation.FINISH,
        finished.client_id,
        finished.transaction_number,
        finished.process_type,
        finished.process_data,
    )
    tse = finished.tse
    seal = Seal(tse.serial, finished.signature_counter, finished.log_time, tse.algorithm, tse.log_time_format)
    return transaction_message(step, seal)


def _keys(point: bytes) -> list[EllipticCurvePublicKey]:
    """The point as a key on each curve a TSE may use on which it lies; its length alone does not tell the curve."""
    from cryptography.hazmat.primitives.asymmetric import ec

    curves = (ec.BrainpoolP256R1, ec.SECP256R1, ec.BrainpoolP384R1, ec.SECP384R1, ec.BrainpoolP512R1)
    found = []
    for curve in curves:
        try:
            found.append(ec.EllipticCurvePublicKey.from_encoded_point(curve(), point))
        except ValueError:
            continue
    return found


def _hash(algorithm: str) -> Any:
    from cryptography.hazmat.primitives import hashes

    by_name: dict[str, Any] = {
        "SHA224": hashes.SHA224,
        "SHA256": hashes.SHA256,
        "SHA384": hashes.SHA384,
        "SHA512": hashes.SHA512,
    }
    return by_name[algorithm.rpartition("-")[2]]()
