"""Renders the pictures that docs/screens.md shows into docs/pictures, small enough for a repository: `make screens-docs`.

A picture is named after its scene in `till.ui.screens`; one that the page doesn't show any more is deleted.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "screens.md"
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 60_000
SIZE = (1366, 768)
_SHOWN = re.compile(r"!\[[^\]]*\]\(pictures/([\w-]+)\.png\)")
_COLOURS = (128, 64, 32, 16)
_WIDTHS = (1366, 1024)


def shown() -> list[str]:
    """The names of the scenes whose pictures the page shows, in its order."""
    return _SHOWN.findall(PAGE.read_text(encoding="utf-8"))


def small(picture: Image.Image) -> bytes:
    """The picture as a palette PNG of at most 60 kB: with as many colours and pixels as that allows."""
    for width in _WIDTHS:
        scaled = picture if width == picture.width else picture.resize((width, picture.height * width // picture.width))
        for colours in _COLOURS:
            out = io.BytesIO()
            scaled.convert("RGB").quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
            if out.tell() <= MOST_BYTES:
                return out.getvalue()
    message = "the picture does not fit"
    raise ValueError(message)


def main(data_dir: Path) -> int:
    """Render what the page shows from the till in this data folder; 1 where it shows a scene that there is not."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from till.app.bootstrap import open_till
    from till.settings import load
    from till.ui.screens import SCENES, render
    from till.ui.stage import Plan, Variant, name_of
    from till.ui.theme import ThemeName

    wanted, variant = shown(), Variant(ThemeName.LIGHT, "de", SIZE)
    scenes = {name_of(scene): scene for scene in SCENES}
    unknown = [name for name in wanted if name not in scenes]
    if unknown:
        sys.stderr.write(f"docs/screens.md shows scenes that there are not: {', '.join(unknown)}\n")
        return 1
    till = open_till(load(data_dir))
    try:
        with tempfile.TemporaryDirectory() as folder:
            plan = Plan(tuple(scenes[name] for name in wanted), (variant,))
            render(till, till.workplace.clock, Path(folder), plan)
            _store({name: Path(folder) / f"{variant.name(scenes[name])}.png" for name in wanted})
    finally:
        till.close()
    return 0


def _store(pictures: dict[str, Path]) -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, path in pictures.items():
        with Image.open(path) as picture:
            (PICTURES / f"{name}.png").write_bytes(small(picture))
    for path in PICTURES.glob("*.png"):
        if path.stem not in pictures:
            path.unlink()


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
