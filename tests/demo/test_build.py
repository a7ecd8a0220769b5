"""Building the demo shop: whole or not at all, kept when it is there, brought to today."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from till.app.bootstrap import Ports, Till, open_till
from till.app.verify import verify
from till.clock import FixedClock
from till.db.engine import Database, sqlite_url
from till.demo.build import TILL_ID, UNFINISHED, build
from till.demo.history import FLOAT, Plan
from till.documents import find
from till.documents.model import Document, DocumentKind
from till.errors import Refused
from till.fiscal.recording import signature_of
from till.fiscal.soft_tse import SoftTse
from till.ledger.chain import head
from till.money import Money
from till.settings import load, save
from till.shifts.shift import Shift, open_shift_of, target_cash

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
ONE_DAY = Plan(days=1)
DAY_S = 24 * 3600
LOCK = f"till-{TILL_ID}.lock"


def _head(folder: Path) -> str:
    database = Database(sqlite_url(folder / "till.db"))
    with database.read() as session:
        found = head(session, TILL_ID)
    database.close()
    return found


def _newest(folder: Path, kind: DocumentKind) -> tuple[Document, Shift | None]:
    """The newest document of a kind, which must be signed, and the open shift; the books are proved besides."""
    database = Database(sqlite_url(folder / "till.db"))
    with database.read() as session:
        newest = find.latest(session, TILL_ID, [kind])[0]
        signature = signature_of(session, newest.id)
        shift = open_shift_of(session, TILL_ID)
    assert signature is not None
    assert signature.finished is not None
    assert verify(database) == []
    database.close()
    return newest, shift


def _open(folder: Path, clock: FixedClock) -> Till:
    return open_till(load(folder), Ports(clock=clock))


def test_a_built_shop_is_kept(shop: Path, clock: FixedClock) -> None:
    before = _head(shop)
    build(shop, clock)
    assert _head(shop) == before


def test_progress_is_told_up_to_the_end(tmp_path: Path, clock: FixedClock) -> None:
    told: list[tuple[int, int]] = []
    build(tmp_path, clock, lambda done, whole: told.append((done, whole)), Plan(days=2))
    assert told == [(0, 2), (1, 2), (2, 2)]


def test_the_settings_name_the_demos_till(shop: Path) -> None:
    assert load(shop).till_id == TILL_ID


def test_only_the_owner_may_read_the_files(shop: Path) -> None:
    for name in ("till.db", "soft-tse.db"):
        assert (shop / name).stat().st_mode & 0o077 == 0


def test_before_nine_the_shift_is_opened_now(tmp_path: Path) -> None:
    early = FixedClock(dt.datetime(2026, 11, 20, 5, 30, tzinfo=dt.UTC))
    build(tmp_path, early, plan=ONE_DAY)
    _, shift = _newest(tmp_path, DocumentKind.OPENING_FLOAT)
    assert shift is not None
    assert shift.opened_at == early.now()


def test_an_interrupted_build_leaves_nothing_half(tmp_path: Path, clock: FixedClock) -> None:
    def interrupt(done: int, _whole: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(tmp_path, clock, interrupt, Plan(days=3))
    assert [path.name for path in tmp_path.iterdir() if path.name != LOCK] == []


def test_what_a_killed_build_left_is_replaced(tmp_path: Path, clock: FixedClock) -> None:
    """Killed between moving the TSE and the database into their places."""
    (tmp_path / UNFINISHED).mkdir()
    (tmp_path / UNFINISHED / "till.db").write_bytes(b"half")
    SoftTse(tmp_path / "soft-tse.db", clock).close()
    save(replace(load(tmp_path), till_id=TILL_ID))
    build(tmp_path, clock, plan=ONE_DAY)
    assert not (tmp_path / UNFINISHED).exists()
    _newest(tmp_path, DocumentKind.CLOSING)


@pytest.mark.parametrize("name", ["till.db", "soft-tse.db"])
def test_the_files_of_another_shop_are_refused_and_left_alone(tmp_path: Path, clock: FixedClock, name: str) -> None:
    (tmp_path / name).write_bytes(b"a real shop's")
    with pytest.raises(Refused, match="not the demo’s"):
        build(tmp_path, clock, plan=ONE_DAY)
    assert (tmp_path / name).read_bytes() == b"a real shop's"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_on_the_next_day_yesterday_is_closed_and_today_opened(shop: Path, clock: FixedClock) -> None:
    clock.advance(DAY_S)
    build(shop, clock)
    closing, shift = _newest(shop, DocumentKind.CLOSING)
    assert closing.business_date == NOON.date()
    assert shift is not None
    assert shift.business_date == clock.now().date()
    assert shift.opening_float == FLOAT


def test_on_the_next_day_a_forgotten_basket_is_aborted(shop: Path, clock: FixedClock) -> None:
    till = _open(shop, clock)
    till.sale.scan("1001")
    till.close()
    clock.advance(DAY_S)
    build(shop, clock)
    _, shift = _newest(shop, DocumentKind.ABORTED)
    assert shift is not None
    till = _open(shop, clock)
    assert till.sale.state.priced.basket.is_empty
    till.close()


def test_a_till_closed_yesterday_is_opened_today_with_its_usual_float(shop: Path, clock: FixedClock) -> None:
    till = _open(shop, clock)
    till.cash.close_shift(Money(20000))
    till.close()
    clock.advance(DAY_S)
    build(shop, clock)
    database = Database(sqlite_url(shop / "till.db"))
    with database.read() as session:
        assert open_shift_of(session, TILL_ID) is not None
        assert target_cash(session, TILL_ID) == FLOAT
    database.close()


def test_a_till_closed_today_stays_closed(shop: Path, clock: FixedClock) -> None:
    till = _open(shop, clock)
    till.cash.close_shift(Money(20000))
    till.close()
    build(shop, clock)
    _, shift = _newest(shop, DocumentKind.CLOSING)
    assert shift is None
