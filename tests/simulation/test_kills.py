"""Random days in which tills live in processes of their own and are really killed: till, paper and model still agree."""

from __future__ import annotations

import pytest

from till.i18n import Translator
from till.settings import Settings
from till.simulation.outcome import Outcome, Plan, told
from till.simulation.run import simulate

ENGLISH = Translator("en")
ELSEWHERE = "sells elsewhere"


def test_a_day_with_kills_ends_with_books_paper_and_model_in_agreement(empty: Settings) -> None:
    outcome = simulate(empty, Plan(days=1, seed=1, kills=6))
    assert outcome.is_right, told(outcome, ENGLISH)
    assert sum(ELSEWHERE in line for line in outcome.trail) == 6


def test_a_day_with_kills_on_postgresql_agrees_with_the_model(empty_on_postgres: Settings) -> None:
    outcome = simulate(empty_on_postgres, Plan(days=1, seed=2, kills=4))
    assert outcome.is_right, told(outcome, ENGLISH)


def test_a_till_that_forgets_its_basket_in_a_kill_is_found(empty: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("till.app.open_sale.kept", lambda _workplace: None)
    outcome = simulate(empty, Plan(days=1, seed=1, faults=False, kills=12))
    assert "restored basket" in outcome.broken


def test_the_way_to_see_it_again_names_the_kills() -> None:
    outcome = Outcome(Plan(days=2, seed=5, faults=False, kills=7), 1, 77, 9, 1.5, "", "a cent is missing")
    assert outcome.command == "till simulate --seed 5 --days 2 --kills 7 --stop-after 77"
