"""The simulation itself: the same seed is the same life, a till that cheats is found, a real shop is left alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from till.errors import Refused
from till.i18n import Translator
from till.ledger.account import Account
from till.ledger.entry import Posting
from till.money import ZERO, Money
from till.sales.bookings import postings
from till.sales.returned import History
from till.settings import Settings, load
from till.simulation.outcome import Outcome, Plan, told
from till.simulation.run import simulate
from till.tax import included_tax
from till.vouchers.model import VoucherStanding
from till.vouchers.value import Share, share_left

CENT = Money(1)
SOON_KILLED = 5
SOON_EMPTIED = 6
SOON_BACK = 1
SOON_BACK_TWICE = 7
SOON_CORRECTED = 2
Sabotage = Callable[[pytest.MonkeyPatch], None]


def test_the_same_seed_lives_the_same_days(empty: Settings, tmp_path: Path) -> None:
    plan = Plan(days=1, seed=10)
    first = simulate(empty, plan)
    second = simulate(load(tmp_path / "again"), plan)
    assert first.is_right
    assert (second.digest, second.actions, second.sales) == (first.digest, first.actions, first.sales)


def test_a_run_stops_after_the_action_that_it_is_told(empty: Settings) -> None:
    outcome = simulate(empty, Plan(days=5, seed=8, faults=False, stop_after=30))
    assert outcome.is_right
    assert (outcome.day, outcome.actions) == (1, 30)
    assert outcome.trail[-1].startswith("30: SIM-")


def test_progress_is_told_by_days(empty: Settings) -> None:
    heard: list[tuple[int, int]] = []
    simulate(empty, Plan(days=1, seed=9, faults=False), lambda done, days: heard.append((done, days)))
    assert heard == [(0, 1), (1, 1)]


def test_where_there_is_a_shop_nothing_is_simulated(shop_settings: Settings) -> None:
    with pytest.raises(Refused, match="There is a shop already"):
        simulate(shop_settings, Plan(days=1))


def _redemption_gives_a_cent_too_much_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(standing: VoucherStanding, now: Money) -> Share:
        share = share_left(standing, now)
        return Share(share.paid - CENT, share.bonus + CENT) if share.bonus else share

    monkeypatch.setattr("till.vouchers.redeem.share_left", wrong)


def _tax_is_a_cent_too_low(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("till.sales.draft.included_tax", lambda gross, bp: included_tax(gross, bp) - CENT)


def _cash_is_booked_on_the_other_drawer(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(till_id: str, money: Any, vouchers: Any) -> tuple[Posting, ...]:
        legs = postings(till_id, money, vouchers)
        return tuple(dataclasses.replace(leg, subject="SIM-9") if leg.account is Account.CASH else leg for leg in legs)

    monkeypatch.setattr("till.sales.checkout.postings", wrong)


def _nothing_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("till.app.recovery.keep_answer", lambda *_: None)
    monkeypatch.setattr("till.app.recording.keep_answer", lambda *_: None)


def _baskets_are_not_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(*_: object) -> None:
        """Save nothing."""

    monkeypatch.setattr("till.app.open_sale.autosave", forget)


def _more_is_taken_out_than_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_away(*_: object) -> None:
        """Refuse nothing."""

    monkeypatch.setattr("till.shifts.cash_in_out.check_drawer", look_away)


def _bonus_becomes_money(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("till.sales.refund._in_proportion", lambda *_: [])


def _the_same_piece_comes_back_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("till.sales.return_books.history_of", lambda *_: History())


def _what_came_back_is_taxed_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("till.sales.return_draft.returned_tax", lambda _, now, bp: included_tax(now, bp) + CENT)


def _blocking_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("till.vouchers.block.note_event", lambda *_: None)


def _a_correction_forgets_its_bonus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("till.vouchers.correct.share_left", lambda _, now: Share(now, ZERO))


@pytest.mark.parametrize(
    ("sabotage", "seed"),
    [
        (_bonus_becomes_money, SOON_BACK),
        (_the_same_piece_comes_back_again, SOON_BACK_TWICE),
        (_blocking_is_forgotten, SOON_BACK),
        pytest.param(_what_came_back_is_taxed_by_itself, SOON_BACK, marks=pytest.mark.soak),
        pytest.param(_a_correction_forgets_its_bonus, SOON_CORRECTED, marks=pytest.mark.soak),
        (_more_is_taken_out_than_is_there, SOON_EMPTIED),
        (_redemption_gives_a_cent_too_much_away, SOON_KILLED),
        (_tax_is_a_cent_too_low, SOON_KILLED),
        (_cash_is_booked_on_the_other_drawer, SOON_KILLED),
        (_nothing_is_signed, SOON_KILLED),
        (_baskets_are_not_saved, SOON_KILLED),
    ],
)
def test_a_till_that_does_wrong_is_found(
    empty: Settings, monkeypatch: pytest.MonkeyPatch, sabotage: Sabotage, seed: int
) -> None:
    sabotage(monkeypatch)
    outcome = simulate(empty, Plan(days=3, seed=seed))
    assert not outcome.is_right


def test_what_broke_is_told_with_the_way_there_and_how_to_see_it_again() -> None:
    outcome = Outcome(Plan(days=3, seed=42), 2, 77, 9, 1.5, "", "a cent is missing", ("76: pay", "77: complete"))
    text = told(outcome, Translator("en"))
    assert text.splitlines() == [
        "Seed 42, day 2, action 77: till and model don’t agree.",
        "a cent is missing",
        "The last actions:",
        "76: pay",
        "77: complete",
        "The same again: till simulate --seed 42 --days 3 --faults --stop-after 77",
    ]


def test_agreement_is_told_in_one_line() -> None:
    outcome = Outcome(Plan(days=3, seed=42), 3, 500, 60, 8.2, "")
    assert told(outcome, Translator("en")) == (
        "Seed 42: 3 days, 500 actions and 60 sales in 8 s. Till and model agree."
    )
