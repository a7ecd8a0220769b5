"""Draws lots: how likely something is, said at its place."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TypeVar

_T = TypeVar("_T")


def happens(rng: Random, share: float) -> bool:
    """True in `share` (0 to 1) of all cases."""
    return rng.random() < share


def drawn(rng: Random, weights: Mapping[_T, int]) -> _T:
    """One of the keys, each as likely as its weight."""
    return rng.choices(list(weights), list(weights.values()))[0]
