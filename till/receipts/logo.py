"""The shop's picture for the top of receipts: from any picture file to a small grey one, and from that to dots."""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from till.errors import Refused, Unavailable
from till.i18n import msg
from till.raster import Raster
from till.receipts.media import DOTS

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_HEIGHT = 240
"""Dots: 30 mm at 203 dpi; more would cost paper on each receipt."""

_MOST_BYTES = 10_000_000
_MOST_PIXELS = 40_000_000
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "WEBP", "TIFF")
_WHITE = 255
_NEARLY_WHITE = 250
NO_PICTURE = msg("“{file}” is no picture that the till can read. Take a PNG or JPEG.")
TOO_LARGE = msg("The picture “{file}” is too large. Take one of at most 10 MB and 40 megapixels.")
BLANK = msg("The picture “{file}” is blank: nothing of it would be seen on white paper.")


def read_logo(path: Path) -> bytes:
    """The picture as it is kept: a grey PNG without white margins, no wider than the paper and at most 30 mm high.

    Takes a moment: for a worker. Refused for what is no picture, too large or blank; Unavailable when it can't be read.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise Refused(TOO_LARGE, file=path.name)
        stored = path.read_bytes()
    except OSError as error:
        raise Unavailable(msg("The file can’t be read: {reason}."), reason=error.strerror) from error
    return _normalised(_opened(stored, path.name), path.name)


@lru_cache(maxsize=4)
def logo_raster(png: bytes, dots: int) -> Raster:
    """The picture in black and white for paper of `dots`, finely dotted where it is grey; narrower where it is."""
    from PIL import Image

    with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
        grey = picture.convert("L")
    if grey.width > dots:
        grey = grey.resize((dots, max(1, round(grey.height * dots / grey.width))))
    black = grey.point(lambda value: _WHITE - value).convert("1")
    return Raster(black.width, black.height, black.tobytes())


def _opened(stored: bytes, name: str) -> Image:
    """Only the head is read before the size is known: a small file may claim a picture that fills the memory."""
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(stored), formats=_FORMATS) as picture:
            if picture.width * picture.height > _MOST_PIXELS:
                raise Refused(TOO_LARGE, file=name)
            picture.draft("L", (DOTS * 2, MOST_HEIGHT * 2))
            return ImageOps.exif_transpose(picture).convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Refused(NO_PICTURE, file=name) from error


def _normalised(picture: Image, name: str) -> bytes:
    from PIL import Image, ImageOps

    paper = Image.new("RGBA", picture.size, "white")
    grey = Image.alpha_composite(paper, picture).convert("L")
    box = grey.point(lambda value: _WHITE if value < _NEARLY_WHITE else 0).getbbox()
    if box is None:
        raise Refused(BLANK, file=name)
    fitting = ImageOps.autocontrast(grey.crop(box))
    fitting.thumbnail((DOTS, MOST_HEIGHT))
    out = io.BytesIO()
    fitting.save(out, "PNG", optimize=True)
    return out.getvalue()
