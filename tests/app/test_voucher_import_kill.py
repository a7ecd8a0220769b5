"""kill -9 in the middle of an import of old vouchers: all of them are in the books, or none, on both databases (V53)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

import till
from till.app.bootstrap import Ports, open_till
from till.app.verify import verify
from till.clock import FixedClock
from till.settings import Settings
from till.tables.verdict import Verdict
from till.vouchers.models import VoucherRow
from till.vouchers.old_table import Defaults

ROWS = 4000
PROCESS = Path(__file__).with_name("importing_process.py")


@pytest.mark.parametrize("delay_ms", [0, 60, 250])
def test_a_kill_leaves_all_or_nothing(
    any_shop_settings: Settings, clock: FixedClock, tmp_path: Path, delay_ms: int
) -> None:
    table = tmp_path / "old.csv"
    table.write_text("Nummer;Wert\n" + "".join(f"A{n};5\n" for n in range(ROWS)), "utf-8")
    settings = any_shop_settings
    command = [sys.executable, str(PROCESS), str(settings.data_dir), settings.database_url, str(table)]
    here = {**os.environ, "PYTHONPATH": str(Path(till.__file__).parents[1])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=here) as living:
        assert living.stdout is not None
        assert living.stdout.readline() == "checked\n"
        time.sleep(delay_ms / 1000)
        living.kill()
    again = open_till(settings, Ports(clock=clock))
    try:
        with again.workplace.database.read() as session:
            there = session.execute(select(func.count()).select_from(VoucherRow)).scalar_one()
        assert there in {0, ROWS}
        assert verify(again.workplace.database) == []
        desk = again.voucher_files
        preview = desk.check(table, Defaults(desk.kinds()[0]))
        assert preview.counts[Verdict.NEW] == ROWS - there
        if not there:
            desk.apply()
        assert verify(again.workplace.database) == []
    finally:
        again.close()
