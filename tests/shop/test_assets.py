"""Fonts, icons and sounds that come with the program, each with its licence."""

from __future__ import annotations

import wave
import xml.etree.ElementTree as ET

import pytest
from PIL import ImageFont

from till.i18n import resource

SVG = "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("style", ["Regular", "Medium", "SemiBold", "Bold"])
def test_the_typeface_has_digits_of_one_width(style: str) -> None:
    font = ImageFont.truetype(str(resource("fonts", f"NotoSans-{style}.ttf")), 100)

    assert font.getname() == ("Noto Sans", style)
    assert len({font.getlength(digit) for digit in "0123456789"}) == 1


def test_every_icon_is_an_outline_of_the_same_stroke() -> None:
    icons = sorted(resource("icons").glob("*.svg"))
    roots = {icon.stem: ET.parse(icon).getroot() for icon in icons}  # noqa: S314 - our own files

    assert len(icons) >= 60
    assert [name for name, root in roots.items() if root.tag != SVG or root.get("viewBox") != "0 0 24 24"] == []
    assert [name for name, root in roots.items() if root.get("stroke-width") != "1.75"] == []
    assert [name for name, root in roots.items() if root.get("stroke") != "currentColor"] == []


@pytest.mark.parametrize(
    ("parts", "licence"),
    [(("fonts", "NotoSans-LICENSE.txt"), "SIL Open Font License"), (("icons", "LICENSE"), "MIT License")],
)
def test_foreign_work_keeps_its_licence(parts: tuple[str, ...], licence: str) -> None:
    assert licence.casefold() in resource(*parts).read_text(encoding="utf-8").casefold()


def test_the_sounds_of_a_scan_are_short_and_tell_apart() -> None:
    lengths_ms = {}
    for name in ("scan-ok", "scan-fail"):
        path = resource("sounds", f"{name}.wav")
        assert path.stat().st_size < 20_000
        with wave.open(str(path), "rb") as sound:
            lengths_ms[name] = sound.getnframes() * 1000 // sound.getframerate()

    assert 50 <= lengths_ms["scan-ok"] <= 200
    assert lengths_ms["scan-fail"] >= 2 * lengths_ms["scan-ok"]
