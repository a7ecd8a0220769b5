"""Ten random days with a hundred real kills: the long form of tests/simulation/test_kills.py (80-quality Q2, Q6)."""

from __future__ import annotations

from pathlib import Path

import pytest

from till.i18n import Translator
from till.settings import load
from till.simulation.outcome import Plan, told
from till.simulation.run import simulate


def check_days(database_url: str, folder: Path, plan: Plan) -> None:
    """Live the days of the plan in an empty shop."""
    outcome = simulate(load(folder, database_url=database_url), plan)
    assert outcome.is_right, told(outcome, Translator("en"))


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(2000, 2006))
def test_ten_days_with_a_hundred_kills_agree_with_the_model(
    seed: int, sqlite_database_url: str, tmp_path: Path
) -> None:
    check_days(sqlite_database_url, tmp_path / "shop", Plan(days=10, seed=seed, kills=100))


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(2006, 2009))
def test_ten_days_with_a_hundred_kills_on_postgresql_agree_with_the_model(
    seed: int, postgres_database_url: str, tmp_path: Path
) -> None:
    check_days(postgres_database_url, tmp_path / "shop", Plan(days=10, seed=seed, kills=100))
