"""The first start: a draft that outlives a kill, a shop that is founded wholly or not at all, and what a gap means (T19)."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import stat
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from till.app import first_start, samples
from till.app.bootstrap import Ports, open_till
from till.app.first_start import (
    HAS_SHOP,
    NAMELESS,
    STILL_MISSING,
    Draft,
    Step,
    complete_shop,
    draft_of_shop,
    found_from,
    load_draft,
    save_draft,
)
from till.app.founding import ShopState, has_shop, shop_state
from till.app.verify import verify
from till.app.workplace import NO_ADDRESS
from till.audit import trail
from till.business_case import VatKey
from till.catalog.models import ArticleRow
from till.clock import FixedClock
from till.db.engine import Database
from till.errors import Refused, Unavailable
from till.money import Money
from till.settings import Settings, load
from till.shop.details import details_on
from till.shop.entry import NOT_A_POSTCODE, NOT_ENTERED
from till.staff.models import CredentialRow
from till.staff.pin import TOO_SIMPLE, Argon2
from till.staff.users import active_users

PIN = "4711"
ROOT = Path(__file__).resolve().parents[2]
QUICK = Argon2(1, 8, 1)
FULL = Draft(
    language="de",
    name="Blumen Sommer",
    street="Weg 1",
    postcode="12345",
    town="Ort",
    tax_number="12/345/67890",
    cashier="Marie Klein",
)


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Settings:
    """A migrated database without a shop, on each of both systems."""
    folder = tmp_path / "shop"
    folder.mkdir(exist_ok=True)
    return load(folder, database_url=database_url)


@pytest.fixture
def nothing(tmp_path: Path) -> Settings:
    """A data folder that is not even there."""
    return load(tmp_path / "new")


def found(settings: Settings, draft: Draft, clock: FixedClock, pin: str = PIN) -> Settings:
    return found_from(settings, draft, pin, clock, QUICK)


# The draft


def test_what_was_typed_is_there_again_for_its_owner_only(nothing: Settings) -> None:
    save_draft(nothing, replace(FULL, page=3))
    assert load_draft(nothing) == replace(FULL, page=3)
    path = nothing.data_dir / first_start.FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "pin" not in path.read_text(encoding="utf-8").casefold()
    assert not has_shop(nothing)


@pytest.mark.parametrize(
    "stored",
    ["", "{", "[]", '{"page": "x", "name": 7}', '{"language": "fr"}', '{"printer_profile": "?"}', '"' + "x" * 30_000],
)
def test_a_broken_draft_is_an_empty_one(nothing: Settings, stored: str) -> None:
    nothing.data_dir.mkdir()
    (nothing.data_dir / first_start.FILE).write_text(stored, encoding="utf-8")
    assert load_draft(nothing) == Draft()


def test_a_draft_keeps_what_it_knows_of_another_versions_file(nothing: Settings) -> None:
    nothing.data_dir.mkdir()
    (nothing.data_dir / first_start.FILE).write_text(json.dumps({"name": "Tee", "colour": "red"}), encoding="utf-8")
    assert load_draft(nothing) == Draft(name="Tee")


def test_a_folder_that_takes_nothing_is_said(nothing: Settings) -> None:
    save_draft(nothing, FULL)
    (nothing.data_dir / first_start.FILE).unlink()
    (nothing.data_dir / first_start.FILE).mkdir()
    with pytest.raises(Unavailable) as refused:
        save_draft(nothing, FULL)
    assert refused.value.msgid == first_start.NOT_KEPT


# Founding


def test_a_shop_is_founded_and_can_sell(nothing: Settings, clock: FixedClock) -> None:
    save_draft(nothing, FULL)
    settings = found(nothing, replace(FULL, with_samples=True, language="en"), clock)
    assert shop_state(nothing) is ShopState.COMPLETE
    assert not (nothing.data_dir / first_start.FILE).exists()
    assert load(nothing.data_dir) == settings
    assert settings.language == "en"
    with closing(open_till(settings, Ports(clock=clock, pins=QUICK))) as till:
        assert till.staff.is_locked
        till.staff.sign_in("1", PIN).result()
        till.cash.open_shift(Money(0))
        tile = till.sale.assortment().tiles[0]
        assert tile.name.startswith("Sample: ")
        till.sale.add(tile)
        till.sale.pay_cash(till.sale.state.settlement.open)
        till.sale.complete()
        assert till.settle()
        assert verify(till.workplace.database) == []
        assert till.cashier_name == "Marie Klein"


def test_a_shop_is_founded_on_each_database(empty: Settings, clock: FixedClock) -> None:
    settings = found(empty, FULL, clock)
    with closing(Database(settings.database_url)) as database, database.read() as session:
        (user,) = active_users(session)
        assert (user.name, user.short, user.role_id) == ("Marie Klein", "MK", "manager")
        stored = session.execute(select(CredentialRow.pin_hash)).scalar_one()
        assert stored is not None
        assert QUICK.verify(stored, PIN)
        assert details_on(session, clock.now().date()).street == "Weg 1"
        assert session.execute(select(func.count()).select_from(ArticleRow)).scalar_one() == 0
    with closing(Database(settings.database_url)) as database:
        assert verify(database) == []


def test_without_a_pin_nobody_signs_in(nothing: Settings, clock: FixedClock) -> None:
    settings = found(nothing, FULL, clock, pin="")
    with closing(open_till(settings, Ports(clock=clock))) as till:
        assert not till.staff.is_locked


def test_a_second_founding_changes_nothing(nothing: Settings, clock: FixedClock) -> None:
    found(nothing, FULL, clock)
    with pytest.raises(Refused) as refused:
        found(nothing, replace(FULL, name="Anders"), clock)
    assert refused.value.msgid == HAS_SHOP
    with closing(Database(load(nothing.data_dir).database_url)) as database, database.read() as session:
        assert details_on(session, clock.now().date()).name == "Blumen Sommer"


@pytest.mark.parametrize(
    ("draft", "pin", "words"),
    [
        (replace(FULL, postcode="123"), PIN, NOT_A_POSTCODE),
        (FULL, "1234", TOO_SIMPLE),
        (replace(FULL, printer="http://x"), PIN, None),
        (replace(FULL, printer_profile="?"), PIN, None),
        (replace(FULL, cashier="x" * 51), PIN, None),
    ],
)
def test_what_is_wrong_founds_nothing(
    nothing: Settings, clock: FixedClock, draft: Draft, pin: str, words: str | None
) -> None:
    save_draft(nothing, draft)
    with pytest.raises(Refused) as refused:
        found(nothing, draft, clock, pin=pin)
    assert words in {None, refused.value.msgid}
    assert shop_state(nothing) is ShopState.NONE
    assert load_draft(nothing).cashier == draft.cashier


@pytest.mark.parametrize(
    "step", ["till.app.first_start.save", "till.app.first_start.found", "till.app.first_start.add_samples"]
)
def test_a_failure_in_the_middle_leaves_no_shop_and_can_be_done_again(
    nothing: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    wish = replace(FULL, with_samples=True)
    save_draft(nothing, wish)
    with monkeypatch.context() as broken:

        def fail(*_arguments: object, **_more: object) -> None:
            raise OSError(28, os.strerror(28))

        broken.setattr(step, fail)
        with pytest.raises(OSError, match="No space"):
            found(nothing, wish, clock)
    assert shop_state(nothing) is ShopState.NONE
    assert load_draft(nothing) == wish
    found(nothing, wish, clock)
    assert shop_state(nothing) is ShopState.COMPLETE


def test_a_shop_that_is_founded_after_midnight_opens_at_once(nothing: Settings) -> None:
    """In Berlin it is the 21st already, by UTC still the 20th."""
    night = FixedClock(dt.datetime(2026, 11, 20, 23, 30, tzinfo=dt.UTC))
    settings = found(nothing, FULL, night)
    open_till(settings, Ports(clock=night)).close()


KILLED = """
import os, signal, sys
from pathlib import Path
from till.app import first_start
from till.clock import SystemClock
from till.settings import load

def die(*_arguments, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

settings = load(Path(sys.argv[1]))
setattr(first_start, sys.argv[2], die)
first_start.found_from(settings, first_start.load_draft(settings), "4711", SystemClock(), first_start.Argon2(1, 8, 1))
"""


@pytest.mark.parametrize("step", ["save", "found", "add_samples", "forget_draft"])
def test_a_kill_in_the_middle_founds_all_or_nothing(nothing: Settings, clock: FixedClock, step: str) -> None:
    wish = replace(FULL, with_samples=True, page=4)
    save_draft(nothing, wish)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(nothing.data_dir), step], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    is_there = step == "forget_draft"
    assert shop_state(nothing) is (ShopState.COMPLETE if is_there else ShopState.NONE)
    assert load_draft(nothing) == wish
    if not is_there:
        found(nothing, load_draft(nothing), clock)
    with closing(open_till(load(nothing.data_dir), Ports(pins=QUICK))) as till:
        till.staff.sign_in("1", PIN).result()
        assert len(till.sale.assortment().tiles) >= 15


# What was skipped


def test_everything_can_be_skipped_and_then_nothing_is_sold(nothing: Settings, clock: FixedClock) -> None:
    settings = found(nothing, Draft(), clock, pin="")
    assert shop_state(nothing) is ShopState.INCOMPLETE
    with closing(open_till(settings, Ports(clock=clock))) as till:
        assert till.shop_name in {"Geschäft ohne Namen", NAMELESS}
        assert till.workplace.shop.street == NOT_ENTERED
        with pytest.raises(Refused) as refused:
            till.cash.open_shift(Money(0))
        assert refused.value.msgid == NO_ADDRESS
        assert not till.cash.is_open


def test_a_shop_that_loses_its_address_begins_no_sale(clock: FixedClock, nothing: Settings) -> None:
    settings = found(nothing, replace(FULL, with_samples=True), clock, pin="")
    with closing(open_till(settings, Ports(clock=clock))) as till:
        till.cash.open_shift(Money(0))
        till.workplace.shop = replace(till.workplace.shop, street=NOT_ENTERED)
        with pytest.raises(Refused) as refused:
            till.sale.add(till.sale.assortment().tiles[0])
        assert refused.value.msgid == NO_ADDRESS


def test_what_was_skipped_is_entered_later_and_stands_in_the_trail(empty: Settings, clock: FixedClock) -> None:
    settings = found(empty, replace(FULL, street="", town=""), clock, pin="")
    asked = draft_of_shop(settings)
    assert (asked.name, asked.street, asked.postcode) == ("Blumen Sommer", "", "12345")
    with pytest.raises(Refused) as refused:
        complete_shop(settings, asked, clock)
    assert refused.value.msgid == STILL_MISSING
    complete_shop(settings, replace(asked, street="Weg 1", town="Ort"), clock)
    assert shop_state(settings) is ShopState.COMPLETE
    with closing(Database(settings.database_url)) as database, database.read() as session:
        (row,) = trail.entries(session, settings.till_id, trail.Action.SETTING_CHANGED)
        assert "Weg 1" in row.after
        assert "Weg 1" not in row.before
        assert details_on(session, clock.now().date()).tax_number == "12/345/67890"
    with closing(open_till(settings, Ports(clock=clock))) as till:
        till.cash.open_shift(Money(0))


def test_the_name_of_a_nameless_shop_is_asked_again(nothing: Settings, clock: FixedClock) -> None:
    settings = found(nothing, Draft(), clock, pin="")
    assert not draft_of_shop(settings).name


def test_a_step_that_is_skipped_keeps_what_was_typed_and_does_without_it(nothing: Settings, clock: FixedClock) -> None:
    draft = FULL
    for step in (Step.SHOP, Step.PERSON, Step.PRINTER):
        draft = draft.with_skipped(step, is_skipped=True)
    draft = replace(draft, printer="no address at all", postcode="x")
    save_draft(nothing, draft)
    assert load_draft(nothing).has_skipped(Step.SHOP)
    assert load_draft(nothing).name == "Blumen Sommer"
    settings = found(nothing, draft, clock)
    assert settings.printer == "null:"
    with closing(open_till(settings, Ports(clock=clock))) as till:
        assert not till.staff.is_locked, "a skipped person has no PIN"
        assert till.cashier_name in {"Inhaber/in", "Owner"}
        assert till.shop_name != "Blumen Sommer"
    again = draft.with_skipped(Step.SHOP, is_skipped=False)
    assert not again.has_skipped(Step.SHOP)
    assert again.has_skipped(Step.PERSON)


def test_an_address_is_founded_in_full(nothing: Settings, clock: FixedClock) -> None:
    assert found(nothing, replace(FULL, printer="192.168.1.50"), clock).printer == "tcp://192.168.1.50:9100"


# Samples and small businesses


def test_samples_are_marked_and_take_no_code_of_the_shops_own(nothing: Settings, clock: FixedClock) -> None:
    settings = found(nothing, replace(FULL, with_samples=True), clock)
    with closing(Database(settings.database_url)) as database, database.read() as session:
        rows = session.execute(select(ArticleRow.number, ArticleRow.name)).all()
    assert 15 <= len(rows) <= 4 * samples.EACH
    assert all(row.number.startswith("M-") for row in rows)
    assert all(row.name.startswith(("Muster: ", "Sample: ")) for row in rows)


def test_a_small_business_says_so_on_receipts_and_its_samples_have_no_vat(nothing: Settings, clock: FixedClock) -> None:
    settings = found(nothing, replace(FULL, with_samples=True, is_small_business=True), clock)
    with closing(Database(settings.database_url)) as database, database.read() as session:
        assert "§ 19" in details_on(session, clock.now().date()).receipt_footer[0]
        keys = set(session.execute(select(ArticleRow.vat_key)).scalars())
    assert keys == {VatKey.EXEMPT}
