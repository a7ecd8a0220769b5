"""The power fails while the counter sells: no acknowledged sale is lost, nothing is corrupt (80-quality Q1).

`kill -9` proves nothing about durability, as the operating system still writes what a dead process left. Here the
disk itself forgets what was not synced, see `conftest.Disk`; that the proof can fail is shown with synchronous=NORMAL.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from till.app.bootstrap import Ports, Till, open_till
from till.app.recovery import unsigned
from till.app.verify import verify
from till.clock import FixedClock
from till.db.engine import Database, sqlite_url
from till.documents.model import DocumentKind
from till.documents.models import DocumentRow
from till.fiscal.models import SignatureRow
from till.fiscal.tse_file import TseFile
from till.money import Money
from till.settings import DATABASE, TSE, load

if TYPE_CHECKING:
    from tests.torture.conftest import Acknowledged, Image, Record, Recorder

OPENED_FULLY = 10
EVENING = dt.datetime(2026, 11, 20, 20, 0, tzinfo=dt.UTC)
ROSE = "4006381333931"


def test_a_power_cut_loses_no_acknowledged_sale(record_counter: Recorder, tmp_path: Path) -> None:
    check_images(record_counter("--sales", "24", "--seed", "1"), tmp_path, 200)


@pytest.mark.soak
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(5))
def test_a_thousand_power_cuts_lose_no_acknowledged_sale(seed: int, record_counter: Recorder, tmp_path: Path) -> None:
    record = record_counter("--sales", "80", "--seed", str(seed))
    check_images(record, tmp_path, 200, opened_fully=1)


def test_without_a_sync_at_each_commit_sales_are_lost(record_counter: Recorder, tmp_path: Path) -> None:
    """The proof above can fail: SQLite's synchronous=NORMAL keeps the file whole, but forgets the last sales."""
    record = record_counter("--sales", "24", "--seed", "1", "--synchronous", "NORMAL")
    with opened_books(tmp_path / "image") as books:
        lost = [bool(lost_sales(books, image)) for image in record.images(tmp_path / "image", 40)]
    assert sum(lost) >= 5


def test_the_record_of_the_disk_is_whole(record_counter: Recorder) -> None:
    """Played to its end it gives, byte for byte, the files that the real process left: nothing was written unseen."""
    record = record_counter("--sales", "5")
    disk = record.disk()
    for call in record.calls:
        disk.play(call)
    assert disk.whole() == {path.name: path.read_bytes() for path in record.folder.glob("*.db*")}


def check_images(record: Record, folder: Path, count: int, *, opened_fully: int = OPENED_FULLY) -> None:
    """Prove the books of `count` images; every `opened_fully`-th is opened by the real till, which goes on selling."""
    acknowledged = 0
    with opened_books(folder / "image") as books:
        for i, image in enumerate(record.images(folder / "image", count)):
            assert not lost_sales(books, image), image
            if i % opened_fully == 0:
                check_that_selling_goes_on(image.folder)
            acknowledged = len(image.acknowledged)
    assert acknowledged > 15, "the images reach to the end of the day"


@contextlib.contextmanager
def opened_books(folder: Path) -> Iterator[Database]:
    """One Database for all images, so that SQLAlchemy need not compile its statements for each; it reconnects."""
    database = Database(sqlite_url(folder / DATABASE))
    try:
        yield database
    finally:
        database.close()


def lost_sales(books: Database, image: Image) -> list[Acknowledged]:
    """The acknowledged sales that the books don't hold as they were; the books themselves must be whole."""
    assert verify(books) == [], image
    with books.read() as session:
        lost = [sale for sale in image.acknowledged if not is_booked(session, sale)]
        count = session.scalars(select(func.count()).where(DocumentRow.kind == DocumentKind.SALE.value)).one()
        signatures = set(session.scalars(select(SignatureRow.signature_counter)))
    books.close()
    assert count + len(lost) - len(image.acknowledged) in {0, 1}, "one sale at most was under way"
    assert signatures <= signed_by_the_tse(image.folder), "the TSE never forgets what the books hold"
    return lost


def is_booked(session: Session, sale: Acknowledged) -> bool:
    """Whether the books hold this sale under its number and with its total."""
    row = session.execute(
        select(DocumentRow.number, DocumentRow.total).where(DocumentRow.id == uuid.UUID(sale.order))
    ).one_or_none()
    return row is not None and (row.number, row.total.cents) == (sale.number, sale.total)


def signed_by_the_tse(folder: Path) -> set[int | None]:
    """The signature counters in the soft TSE's log."""
    if not (folder / TSE).exists():
        return set()
    file = TseFile(folder / TSE)
    try:
        return {entry.signature_counter for entry in file.log()}
    finally:
        file.close()


def check_that_selling_goes_on(folder: Path) -> None:
    """The till opens, everything booked gets its signature, the next customer is served, and the books are proved."""
    till = open_till(load(folder), Ports(clock=FixedClock(EVENING)))
    try:
        if not till.cash.is_open:
            till.cash.open_shift(Money(10000))
        before = till.receipts.last()
        till.sale.cancel()
        sell_a_rose(till)
        after = till.receipts.last()
        assert after is not None
        assert before is None or after.number > before.number
        assert till.settle()
        assert unsigned(till.workplace) == []
        assert verify(till.workplace.database) == []
    finally:
        till.close()


def sell_a_rose(till: Till) -> None:
    till.sale.scan(ROSE)
    till.sale.pay_cash(Money(1000))
    till.sale.complete()
