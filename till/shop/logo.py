"""Keeps the pictures for the top of receipts; each under the digest of its bytes, so that none is ever another."""

from __future__ import annotations

import hashlib

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from till.shop.models import LogoRow


def digest_of(png: bytes) -> str:
    """The name under which a picture is kept: SHA-256 in hex."""
    return hashlib.sha256(png).hexdigest()


def keep_logo(session: Session, png: bytes) -> str:
    """Store a picture unless it is there; gives its name."""
    digest = digest_of(png)
    if stored_logo(session, digest) is None:
        session.execute(insert(LogoRow).values(digest=digest, png=png))
    return digest


def stored_logo(session: Session, digest: str) -> bytes | None:
    """The picture of this name as PNG; None where there is none."""
    return session.scalars(select(LogoRow.png).where(LogoRow.digest == digest)).one_or_none()
