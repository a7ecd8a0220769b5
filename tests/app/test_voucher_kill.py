"""kill -9 while a voucher is corrected, blocked, replaced, brought in or given back: all of it is booked, or nothing."""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

import till
from till.app.bootstrap import Ports, Till, open_till
from till.app.verify import verify
from till.clock import FixedClock
from till.db.engine import sqlite_url
from till.documents.models import DocumentRow
from till.errors import Refused
from till.fiscal.models import SignatureRow
from till.settings import Settings
from till.vouchers.model import VoucherState
from till.vouchers.models import VoucherRow

PROGRAM = Path(__file__).with_name("dying_desks.py")
DEEDS = ("cancel", "return", "reduce", "block", "reissue", "import")
POINTS = ("booking", "booked", "finished")
AFTERWARDS = {
    "cancel": (2000, 1000, VoucherState.ACTIVE, 12_000),
    "return": (1600, 800, VoucherState.ACTIVE, 12_600),
    "reduce": (867, 433, VoucherState.ACTIVE, 13_200),
    "block": (1200, 600, VoucherState.BLOCKED, 13_200),
    "reissue": (0, 0, VoucherState.REPLACED, 13_200),
    "import": (1200, 600, VoucherState.ACTIVE, 13_200),
}
"""What is left on the voucher, paid and bonus, its state, and what is in the drawer."""
UNDONE = (1200, 600, VoucherState.ACTIVE, 13_200)


@pytest.mark.parametrize(
    "points",
    [
        [("return", "booking"), ("reduce", "booked"), ("reissue", "finished"), ("import", "booked")],
        pytest.param(list(itertools.product(DEEDS, POINTS)), marks=pytest.mark.soak),
    ],
    ids=["some", "all"],
)
def test_it_is_booked_once_or_not_at_all_and_the_same_wish_again_does_the_rest(
    shop_settings: Settings, tmp_path: Path, points: list[tuple[str, str]]
) -> None:
    lives = tmp_path / "lives"
    for deed, point in points:
        shutil.copytree(shop_settings.data_dir, lives / f"{deed}-{point}")
    here = {**os.environ, "PYTHONPATH": str(Path(till.__file__).parents[1])}
    subprocess.run([sys.executable, str(PROGRAM), str(lives)], check=True, timeout=120, env=here)
    for deed, point in points:
        _judge(shop_settings, lives / f"{deed}-{point}", deed, is_booked=point != "booking")


def _judge(settings: Settings, folder: Path, deed: str, *, is_booked: bool) -> None:
    here = replace(settings, data_dir=folder, database_url=sqlite_url(folder / "till.db"))
    wish = json.loads((folder / "wish").read_text("utf-8"))
    opened = open_till(here, Ports(clock=FixedClock(_desks().NOON)))
    try:
        assert _standing(opened, wish) == (AFTERWARDS[deed] if is_booked else UNDONE), folder.name
        _proved(opened, folder.name)
        booked = _counts(opened)
        with pytest.raises(Refused) if deed == "import" and is_booked else contextlib.nullcontext():
            _desks().do(opened, deed, wish)
        if is_booked:
            assert _counts(opened) == booked, folder.name
        assert _standing(opened, wish) == AFTERWARDS[deed], folder.name
        _proved(opened, folder.name)
    finally:
        opened.close()


def _desks() -> Any:
    """The program's own module: it does the same deed here."""
    spec = importlib.util.spec_from_file_location("dying_desks", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _standing(opened: Till, wish: dict[str, str]) -> tuple[int, int, VoucherState, int]:
    now = opened.vouchers.sheet(_desks().uuid.UUID(wish["voucher"])).standing
    drawer = opened.cash.expected_cash()
    return now.paid_left.cents, now.bonus_left.cents, now.state, drawer.cents


def _counts(opened: Till) -> tuple[int, ...]:
    with opened.workplace.database.read() as session:
        tables = (DocumentRow, VoucherRow)
        return tuple(session.execute(select(func.count()).select_from(table)).scalar_one() for table in tables)


def _proved(opened: Till, name: str) -> None:
    """Everything is signed, and the books are right."""
    assert opened.settle()
    with opened.workplace.database.read() as session:
        unsigned = select(DocumentRow.number).where(DocumentRow.id.not_in(select(SignatureRow.document_id)))
        assert session.scalars(unsigned).all() == [], name
    assert [str(problem.finding) for problem in verify(opened.workplace.database)] == [], name
