"""What the till writes is its owner's alone, even under the usual umask in a folder that everybody may enter (X2)."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from till.app.bootstrap import Till
from till.log import FILE, to_file
from till.settings import Settings, make_data_dir, save


@pytest.fixture
def open_umask() -> Iterator[None]:
    """The usual umask, which lets everybody read new files unless a program takes care."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def log_of() -> Iterator[Callable[[Path], None]]:
    """Switches the program's log on, and off again."""
    root = logging.getLogger()
    before, level, own = list(root.handlers), root.level, logging.getLogger("till").level
    yield to_file
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)
    logging.getLogger("till").setLevel(own)


@pytest.mark.usefixtures("open_umask")
def test_every_file_of_a_days_work_is_its_owners_alone(
    make_till: Callable[..., Till], log_of: Callable[[Path], None]
) -> None:
    till = make_till()
    folder = till.settings.data_dir
    folder.chmod(0o755)
    log_of(folder)
    logging.getLogger("till").info("a word")
    save(till.settings)
    till.begin_upkeep()
    till.sale.scan("4006381333931")
    till.sale.pay_cash(till.sale.state.settlement.open)
    till.sale.complete()
    till.cash.close_shift(None)
    assert till.settle()
    till.stop()

    found = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    assert {"till.db", "soft-tse.db", "settings.toml", FILE} <= set(found)
    assert [name for name in found if name.startswith("backups/")]
    assert {name: oct(_rights(path)) for name, path in found.items() if _rights(path) & 0o077} == {}


@pytest.mark.usefixtures("open_umask")
def test_the_logs_of_sqlite_are_private_while_the_till_runs(
    make_till: Callable[..., Till], shop_settings: Settings
) -> None:
    folder = shop_settings.data_dir
    (folder / "till.db").chmod(0o600)  # as `prepare` makes it; the fixture's is a copy
    make_till()
    open_files = [path for path in folder.iterdir() if path.name.endswith(("-wal", "-shm"))]
    assert open_files
    assert not [path.name for path in open_files if _rights(path) & 0o077]


@pytest.mark.usefixtures("open_umask")
def test_a_new_data_folder_is_private(tmp_path: Path) -> None:
    make_data_dir(tmp_path / "new" / "shop")
    assert _rights(tmp_path / "new" / "shop") == 0o700


def _rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
