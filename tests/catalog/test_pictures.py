"""Pictures: what is chosen becomes small, harmless and forgetful; each thing has at most one."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from till.catalog.pictures import (
    LONGEST_SIDE,
    MOST_BYTES,
    PictureOwner,
    digest_of,
    normalised,
    picture_digests,
    pictures,
    set_picture,
)
from till.db.engine import Database
from till.errors import Refused

_ORIENTATION, _ROTATED = 0x0112, 6


def _file(size: tuple[int, int], kind: str = "PNG", **more: object) -> bytes:
    written = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(written, kind, **more)
    return written.getvalue()


def _opened(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png), formats=["PNG"])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_a_large_picture_becomes_a_small_png_of_the_same_shape(kind: str) -> None:
    assert _opened(normalised(_file((1200, 600), kind))).size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_a_small_picture_keeps_its_size() -> None:
    assert _opened(normalised(_file((64, 32)))).size == (64, 32)


def test_a_photograph_is_turned_upright_and_forgets_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[_ORIENTATION] = _ROTATED
    exif[0x010E] = "Musterstraße 1"
    png = normalised(_file((400, 200), "JPEG", exif=exif))
    assert _opened(png).size == (LONGEST_SIDE // 2, LONGEST_SIDE)
    assert b"Muster" not in png
    assert not _opened(png).getexif()


def test_a_noisy_photograph_stays_small() -> None:
    noise = Image.effect_noise((900, 900), 90)
    picture = Image.merge("RGB", (noise, noise.rotate(90), noise.rotate(180)))
    written = io.BytesIO()
    picture.save(written, "PNG")
    assert len(normalised(written.getvalue())) < 96_000


def test_what_is_see_through_stays_so() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (300, 300), (255, 0, 0, 0)).save(written, "PNG")
    assert _opened(normalised(written.getvalue())).has_transparency_data


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no picture at all",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.4",
        _file((300, 300))[:200],
        _file((300, 300), "JPEG")[:300],
        _file((300, 300), "WEBP")[:60],
        b"GIF89a" + b"\xff" * 40,
    ],
)
def test_what_is_no_picture_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Refused, match="no picture"):
        normalised(content)


@pytest.mark.parametrize("side", [9_000, 12_000, 65_000])
def test_a_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )
    with pytest.raises(Refused, match="too large"):
        normalised(bomb)


def test_a_huge_file_is_refused_unread() -> None:
    with pytest.raises(Refused, match="too large"):
        normalised(b"\0" * (MOST_BYTES + 1))


def test_each_thing_has_at_most_one_picture(database: Database) -> None:
    first, second = normalised(_file((30, 30))), normalised(_file((40, 40)))
    with database.write() as session:
        set_picture(session, PictureOwner.CATEGORY, "a", first)
        set_picture(session, PictureOwner.CATEGORY, "a", second)
        set_picture(session, PictureOwner.ARTICLE, "a", first)
        set_picture(session, PictureOwner.ARTICLE, "gone", first)
        set_picture(session, PictureOwner.ARTICLE, "gone", None)
    with database.read() as session:
        assert pictures(session, PictureOwner.CATEGORY, ["a", "b"]) == {"a": second}
        assert picture_digests(session, PictureOwner.CATEGORY, ["a"]) == {"a": digest_of(second)}
        assert pictures(session, PictureOwner.ARTICLE, ["a", "gone"]) == {"a": first}


def test_many_things_are_asked_for_in_portions(database: Database) -> None:
    png = normalised(_file((30, 30)))
    with database.write() as session:
        set_picture(session, PictureOwner.ARTICLE, "1199", png)
        assert pictures(session, PictureOwner.ARTICLE, map(str, range(1200))) == {"1199": png}


def test_only_what_was_made_small_is_kept(database: Database) -> None:
    with database.write() as session, pytest.raises(Refused):
        set_picture(session, PictureOwner.ARTICLE, "a", b"GIF89a")
