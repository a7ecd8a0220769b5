"""The soft TSE's key on brainpoolP384r1: made once, signing plainly (r‖s), with a certificate that says TEST."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import TYPE_CHECKING

from till.fiscal.recorder import TseIdentity
from till.fiscal.tse_file import StoredIdentity

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

_NUMBER_BYTES = 48  # of r and of s on a curve of 384 bits
_VALIDITY = dt.timedelta(days=20 * 365)


def new_identity(now: dt.datetime) -> StoredIdentity:
    """A fresh random key and its certificate, valid from `now` for twenty years."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.BrainpoolP384R1())
    private_key = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return StoredIdentity(private_key, _certificate(key, now))


def load_identity(stored: StoredIdentity) -> tuple[EllipticCurvePrivateKey, TseIdentity]:
    """The key, and what the books know of it; ValueError if it is not an EC key."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = serialization.load_der_private_key(stored.private_key, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        msg = "the soft TSE's file holds no EC key"
        raise ValueError(msg)  # noqa: TRY004 - the value in the file is wrong, not a caller's type
    point = _point(key)
    identity = TseIdentity(
        serial=hashlib.sha256(point).hexdigest(),
        public_key=base64.b64encode(point).decode("ascii"),
        certificate=base64.b64encode(stored.certificate).decode("ascii"),
        is_test=True,
    )
    return key, identity


def plain_signature(key: EllipticCurvePrivateKey, message: bytes) -> bytes:
    """ECDSA with SHA-384 as r‖s, 96 bytes (BSI TR-03111, ecdsa-plain-SHA384)."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    r, s = utils.decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA384())))
    return r.to_bytes(_NUMBER_BYTES) + s.to_bytes(_NUMBER_BYTES)


def _point(key: EllipticCurvePrivateKey) -> bytes:
    from cryptography.hazmat.primitives import serialization

    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _certificate(key: EllipticCurvePrivateKey, now: dt.datetime) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509.oid import NameOID

    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Till Soft-TSE - TEST"),
            x509.NameAttribute(NameOID.COMMON_NAME, hashlib.sha256(_point(key)).hexdigest()),
        ]
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + _VALIDITY)
        .sign(key, hashes.SHA384())
    )
    return certificate.public_bytes(serialization.Encoding.DER)
