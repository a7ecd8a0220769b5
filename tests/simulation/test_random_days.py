"""Random days in a shop where everything goes wrong: the till must agree with a model that shares no code with it."""

from __future__ import annotations

import pytest

from till.i18n import Translator
from till.settings import Settings
from till.simulation.outcome import Plan, told
from till.simulation.run import simulate

ENGLISH = Translator("en")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_two_days_with_faults_end_with_books_paper_and_model_in_agreement(empty: Settings, seed: int) -> None:
    outcome = simulate(empty, Plan(days=2, seed=seed))
    assert outcome.is_right, told(outcome, ENGLISH)
    assert outcome.sales > 15


def test_a_day_of_two_tills_on_postgresql_agrees_with_the_model(empty_on_postgres: Settings) -> None:
    outcome = simulate(empty_on_postgres, Plan(days=1, seed=4))
    assert outcome.is_right, told(outcome, ENGLISH)
    assert outcome.sales > 2


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(1000, 1020))
def test_ten_days_with_faults_agree_with_the_model(empty: Settings, seed: int) -> None:
    outcome = simulate(empty, Plan(days=10, seed=seed))
    assert outcome.is_right, told(outcome, ENGLISH)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(1020, 1030))
def test_ten_days_on_postgresql_agree_with_the_model(empty_on_postgres: Settings, seed: int) -> None:
    outcome = simulate(empty_on_postgres, Plan(days=10, seed=seed))
    assert outcome.is_right, told(outcome, ENGLISH)
