"""docs/screens.md and its pictures: each there, small, with a word about it, and made from a scene that there is."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from till.ui.screens import SCENES
from till.ui.stage import every_variant, name_of

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def screen_docs() -> ModuleType:
    """The script behind `make screens-docs`."""
    spec = importlib.util.spec_from_file_location("screen_docs", ROOT / "packaging" / "screen_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_each_picture_on_the_page_is_there_and_small_and_no_other(screen_docs: ModuleType) -> None:
    shown = screen_docs.shown()
    stored = {path.stem: path for path in screen_docs.PICTURES.glob("*.png")}
    assert set(stored) == set(shown)
    assert len(shown) == len(set(shown))
    assert not [name for name, path in stored.items() if path.stat().st_size > screen_docs.MOST_BYTES]


def test_each_picture_is_a_scene(screen_docs: ModuleType) -> None:
    names = [name_of(scene) for scene in SCENES]
    assert set(screen_docs.shown()) <= set(names)
    assert len(names) == len(set(names)), "two scenes of one name would be one picture"


def test_every_variant_has_a_name_of_its_own() -> None:
    names = {variant.name(SCENES[0]) for variant in every_variant()}
    assert len(names) == len(every_variant()) == 12


def test_a_picture_is_made_small_or_refused(screen_docs: ModuleType) -> None:
    plain = screen_docs.small(Image.new("RGB", (1366, 768), "#0B6B57"))
    assert len(plain) < 5_000
    with pytest.raises(ValueError, match="does not fit"):
        screen_docs.small(Image.effect_noise((1366, 768), 90).convert("RGB"))
