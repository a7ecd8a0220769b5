"""Two tills in two processes on one SQLite file, at work at the same time (80-quality Q7)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import text

from till.db.engine import Database

if TYPE_CHECKING:
    from tests.several_tills.conftest import CheckBooks, FoundShop, StartTill

SELLING_S = 3.0
MOST_SILENT_S = 2.0
BUSY = "Die Datenbank ist gerade beschäftigt."


def test_two_tills_sell_on_one_file_and_say_when_they_wait(
    sqlite_database_url: str, found: FoundShop, start_till: StartTill, check_books: CheckBooks
) -> None:
    shop = found(sqlite_database_url, 3, 5_000)
    tills = [start_till(shop, f"KASSE-{n}", shop.folder, seed=n) for n in (2, 3)]
    for till in tills:
        till.wait_for("ready")
    for till in tills:
        till.begin()
    time.sleep(SELLING_S)
    database = Database(shop.url)
    with database.write() as session:
        session.execute(text("SELECT 1"))  # only now it has the lock
        for till in tills:
            till.wait_for_more("unavailable", 6)
    database.close()
    for till in tills:
        till.wait_for_more("sold", 3)
        till.end()
    for till in tills:
        till.join()
        (ended,) = till.of("ended")
        assert ended["settled"]
        assert ended["slowest_s"] < MOST_SILENT_S
        assert all(said["sentence"].startswith(BUSY) for said in till.of("unavailable"))
    check_books(shop, tills)
