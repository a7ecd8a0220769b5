"""This PC's settings: checked, stored, audited, and counting at once where they can."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from till.app.this_pc import ThisPc
from till.audit.trail import Action, entries
from till.errors import Refused, Unavailable
from till.money import Money
from till.settings import Settings, load

if TYPE_CHECKING:
    from tests.app.conftest import Counter
    from till.clock import FixedClock


@pytest.fixture
def pc(counter: Counter) -> ThisPc:
    """The settings of a till that sells."""
    return counter.till.this_pc


def test_a_change_is_stored_audited_and_counts_at_once(counter: Counter, pc: ThisPc) -> None:
    heard: list[Settings] = []
    counter.till.listen_settings(heard.append)
    assert pc.change(replace(pc.settings, theme="dark", blind_count=True, sounds=False)) == ()
    assert counter.till.settings.theme == "dark"
    assert not counter.till.workplace.may_tell_cash
    assert [settings.sounds for settings in heard] == [False]
    stored = load(pc.settings.data_dir)
    assert (stored.theme, stored.blind_count, stored.sounds) == ("dark", True, False)
    with counter.database.read() as session:
        (row,) = entries(session, counter.till.settings.till_id, Action.SETTING_CHANGED)
    assert row.before == '{"blind_count":false,"sounds":true,"theme":"light"}'
    assert row.after == '{"blind_count":true,"sounds":false,"theme":"dark"}'


def test_what_changes_nothing_is_not_audited(counter: Counter, pc: ThisPc) -> None:
    assert pc.change(pc.settings) == ()
    with counter.database.read() as session:
        assert entries(session, counter.till.settings.till_id, Action.SETTING_CHANGED) == []


def test_another_printer_counts_from_the_next_start(counter: Counter, pc: ThisPc) -> None:
    waits = pc.change(replace(pc.settings, printer="null:", printer_profile="POS-58"))
    assert waits == ("printer", "printer_profile")
    assert counter.till.workplace.has_printer, "what runs still prints"
    sale = counter.sell("4006381333931")
    assert f"{sale.document.number}" in counter.paper(sale.document)
    assert load(pc.settings.data_dir).printer == "null:"
    assert pc.paper_columns() == 32


def test_a_test_comes_out_of_the_printer_and_is_no_receipt(counter: Counter, pc: ThisPc) -> None:
    books = counter.books()
    pc.print_test()
    counter.until(lambda: any("Beispielartikel" in paper.text for paper in counter.printer.receipts))
    paper = next(paper for paper in counter.printer.receipts if "Beispielartikel" in paper.text)
    assert "TEST – kein gültiger Beleg".replace("–", "-") in paper.text
    assert counter.books() == books
    assert counter.problems() == []


def test_without_a_printer_there_is_no_test(plain: Counter) -> None:
    with pytest.raises(Refused, match="No printer is set up"):
        plain.till.this_pc.print_test()


def test_the_till_locks_after_the_new_time(counter: Counter, pc: ThisPc, clock: FixedClock) -> None:
    counter.till.staff.set_pin("1", "4711").result()
    counter.till.staff.sign_in("1", "4711").result()
    pc.change(replace(pc.settings, lock_after_s=60))
    clock.advance(59)
    assert not counter.till.staff.is_locked
    clock.advance(2)
    assert counter.till.staff.is_locked


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"density": 50}, Refused),
        ({"language": "fr"}, Refused),
        ({"scanner_gap_ms": 0}, Refused),
        ({"lock_after_s": -1}, Refused),
        ({"scanner_prefix": "\x02"}, Refused),
        ({"printer": "10.0.0.1"}, Refused),
        ({"printer_profile": "Schreibmaschine"}, Refused),
        ({"backup_dir": "/nowhere/at/all"}, Unavailable),
    ],
)
def test_a_wrong_setting_is_refused_and_nothing_changes(
    pc: ThisPc, wrong: dict[str, object], error: type[Exception]
) -> None:
    before = pc.settings
    with pytest.raises(error):
        pc.change(replace(before, sounds=False, **wrong))  # type: ignore[arg-type]
    assert pc.settings == before


def test_what_ties_the_pc_to_its_till_stays(pc: ThisPc, tmp_path: Path) -> None:
    before = pc.settings
    pc.change(replace(before, till_id="KASSE-9", data_dir=tmp_path, database_url="sqlite://", sounds=False))
    assert replace(pc.settings, sounds=True) == before


def test_a_settings_file_that_can_not_be_written_changes_nothing(counter: Counter, pc: ThisPc) -> None:
    (pc.settings.data_dir / "settings.new").mkdir()
    with pytest.raises(Unavailable, match="could not be saved"):
        pc.change(replace(pc.settings, sounds=False))
    assert pc.settings.sounds
    with counter.database.read() as session:
        assert entries(session, counter.till.settings.till_id, Action.SETTING_CHANGED) == []


def test_anybody_may_choose_language_theme_and_size_and_nothing_else(counter: Counter, pc: ThisPc) -> None:
    pc.prefer(replace(pc.settings, language="en", density=64, blind_count=True))
    assert (pc.settings.language, pc.settings.density, pc.settings.blind_count) == ("en", 64, False)
    assert load(pc.settings.data_dir).density == 64
    assert counter.sell("4006381333931").document.draft.total == Money(350)
