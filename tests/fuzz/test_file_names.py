"""File names that are made from words of people: they stay in their folder, whatever the words are."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from till.app import lease
from till.app.backup_plan import name_of
from till.db.engine import Database
from till.errors import Refused, Unavailable

fuzz = settings.get_profile("fuzz")
IDS = st.text(st.characters(exclude_categories=()), max_size=60) | st.text("./\\:*?\x00~$ A", max_size=40)


@fuzz
@given(IDS)
@example("../../etc/passwd")
@example("..")
@example("C:\\x")
@example("a" * 5000)
def test_the_lease_of_any_till_id_lies_in_the_data_folder(
    sqlite_database: Database, tmp_path: Path, till_id: str
) -> None:
    folder = tmp_path / "leases"
    folder.mkdir(exist_ok=True)
    with contextlib.suppress(Refused, Unavailable):
        lease.take(sqlite_database, folder, till_id).release()
    assert all(path.name.startswith("till-") and path.is_file() for path in folder.iterdir())
    assert {path.name for path in tmp_path.iterdir()} <= {"leases", "shop"}


@fuzz
@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_a_backups_name_is_one_file_name(moment: dt.datetime) -> None:
    name = name_of(moment)
    assert Path(name).name == name
    assert name.isascii()
