"""Both themes: readable text on every ground, and tiles whose text colour is computed (U2)."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.ui.theme import DARK, LIGHT, READABLE, Palette, ThemeName, contrast, mixed, palette, text_on, tile_colours

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}")


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#777777") == pytest.approx(1)


@given(colours, st.sampled_from([LIGHT, DARK]))
def test_a_tile_of_any_colour_can_be_read(colour: str, theme: Palette) -> None:
    shown = tile_colours(colour, theme)
    assert contrast(shown.ink, shown.ground) >= READABLE
    assert contrast(shown.faint_ink, shown.ground) >= READABLE


@given(colours)
def test_the_ink_is_the_better_of_both(colour: str) -> None:
    assert contrast(text_on(colour), colour) >= READABLE


@pytest.mark.parametrize(
    ("theme", "pair"),
    list(
        product(
            (LIGHT, DARK),
            (
                ("text", "ground"),
                ("text", "surface"),
                ("muted", "surface"),
                ("onaccent", "accent"),
                ("accent", "soft"),
                ("danger", "dangersoft"),
                ("warn", "warnsoft"),
                ("text", "key"),
                ("muted", "key"),
            ),
        )
    ),
)
def test_texts_of_the_themes_can_be_read(theme: Palette, pair: tuple[str, str]) -> None:
    ink, ground = pair
    assert contrast(getattr(theme, ink), getattr(theme, ground)) >= READABLE


@pytest.mark.parametrize("broken", ["", "red", "#12", "#GGGGGG", "#1234567"])
def test_a_broken_colour_makes_a_plain_tile(broken: str) -> None:
    assert tile_colours(broken, LIGHT) == tile_colours("#E4E6EA", LIGHT)


def test_a_dark_tile_keeps_its_colour_as_an_edge() -> None:
    assert tile_colours("#F7D6DC", DARK).edge
    assert not tile_colours("#F7D6DC", LIGHT).edge


def test_mixing_goes_from_ground_to_colour() -> None:
    assert mixed("#000000", "#FFFFFF", 0) == "#000000"
    assert mixed("#000000", "#FFFFFF", 1) == "#FFFFFF"
    assert palette(ThemeName.DARK) is DARK
