"""Small pictures on tiles and categories: what somebody chose is made small once and kept beside the master data."""

from __future__ import annotations

import hashlib
import io
import struct
import warnings
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import LargeBinary, delete, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Mapped, Session, mapped_column

from till.catalog.revision import touch
from till.db.base import Base
from till.db.types import Code, Digest
from till.errors import Refused
from till.i18n import msg

if TYPE_CHECKING:
    from PIL import Image

_Value = TypeVar("_Value", bytes, str)
LONGEST_SIDE = 256
MOST_BYTES = 20_000_000
MOST_PIXELS = 60_000_000
_KEPT_BYTES = 96_000
_COLOURS = 255
_AT_ONCE = 500
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, LookupError, ArithmeticError, TypeError, struct.error)
_PNG = b"\x89PNG\r\n\x1a\n"

NO_PICTURE = msg("This file is no picture that can be read. Choose a PNG, JPEG, WebP, GIF or BMP file.")
TOO_LARGE = msg("This picture is too large. Choose one of at most {megabytes} MB and {megapixels} megapixels.")


class PictureOwner(StrEnum):
    """What a picture belongs to; `owner_ref` is its id as text."""

    ARTICLE = "article"
    CATEGORY = "category"


class PictureRow(Base):
    """The picture of one thing as PNG of at most 256 × 256 pixels; `digest` tells those who keep it that it changed."""

    __tablename__ = "picture"
    owner_kind: Mapped[Code] = mapped_column(primary_key=True)
    owner_ref: Mapped[Code] = mapped_column(primary_key=True)
    digest: Mapped[Digest]
    png: Mapped[bytes] = mapped_column(LargeBinary)


def normalised(content: bytes) -> bytes:
    """A chosen file's content as the PNG that is kept; takes a moment, so it belongs on a worker thread.

    Turned upright, at most 256 pixels on its longer side, without what a camera wrote beside it (place, time).
    Raises Refused for what is no picture, is broken, or would need too much memory once it is unpacked.
    """
    from PIL import Image as Pillow

    too_large = Refused(TOO_LARGE, megabytes=MOST_BYTES // 1_000_000, megapixels=MOST_PIXELS // 1_000_000)
    if len(content) > MOST_BYTES:
        raise too_large
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            with Pillow.open(io.BytesIO(content), formats=_FORMATS) as picture:
                width, height = picture.size
                if width * height > MOST_PIXELS:
                    raise too_large
                return _small(picture)
    except (Pillow.DecompressionBombWarning, Pillow.DecompressionBombError) as error:
        raise too_large from error
    except _BROKEN as error:
        raise Refused(NO_PICTURE) from error


def set_picture(session: Session, owner_kind: PictureOwner, owner_ref: str, png: bytes | None) -> None:
    """Keep this picture, as `normalised` made it, in the place of the one before; None takes it away."""
    if png is not None and (not png.startswith(_PNG) or len(png) > MOST_BYTES):
        raise Refused(NO_PICTURE)
    its_own = (PictureRow.owner_kind == owner_kind.value, PictureRow.owner_ref == owner_ref)
    session.execute(delete(PictureRow).where(*its_own))
    if png is not None:
        key = {"owner_kind": owner_kind.value, "owner_ref": owner_ref}
        session.execute(insert(PictureRow), key | {"digest": digest_of(png), "png": png})
    touch(session)


def pictures(session: Session, owner_kind: PictureOwner, refs: Iterable[str]) -> dict[str, bytes]:
    """The PNG of each of these that has one, by its ref; for the tiles of one page, not for thousands."""
    return _by_ref(session, PictureRow.png, owner_kind, refs)


def picture_digests(session: Session, owner_kind: PictureOwner, refs: Iterable[str]) -> dict[str, str]:
    """Which of these have a picture, and by which name (digest) somebody who keeps it knows that it is still the same."""
    return _by_ref(session, PictureRow.digest, owner_kind, refs)


def digest_of(png: bytes) -> str:
    """The name of a picture's content, for caches and for the audit trail."""
    return hashlib.sha256(png).hexdigest()


def _by_ref(
    session: Session, wanted: InstrumentedAttribute[_Value], owner_kind: PictureOwner, refs: Iterable[str]
) -> dict[str, _Value]:
    names, found = list(refs), {}
    for start in range(0, len(names), _AT_ONCE):
        its_own = (PictureRow.owner_kind == owner_kind.value, PictureRow.owner_ref.in_(names[start : start + _AT_ONCE]))
        for row in session.execute(select(PictureRow.owner_ref, wanted).where(*its_own)):
            found[row[0]] = row[1]
    return found


def _small(picture: Image.Image) -> bytes:
    """Upright, small, and in few colours where a photograph would still be large."""
    from PIL import ImageOps

    picture.draft("RGB", (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))  # a JPEG needn't be unpacked in full
    upright = ImageOps.exif_transpose(picture)
    plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    png = _png_of(plain)
    return png if len(png) <= _KEPT_BYTES else _png_of(plain.quantize(_COLOURS))


def _png_of(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.info.clear()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
