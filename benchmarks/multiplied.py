"""A till's file with as many receipts as wanted: one real shift, sold at the desk, multiplied by SQL.

Each copy is a shift of its own: new random ids, numbers that go on, later times, its own links of the chain, its own
signatures by number, its own Z. Entries balance, numbers have no gap, foreign keys hold and all triggers are there again.
What is not real: digests and signatures are of the right size only, so `till verify` would find each copy forged.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import shutil
import sys
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.shop import BUILD, code_of, completed, new_shop, open_shop, patiently, temporary_folder
from till.app.bootstrap import Ports, Till
from till.clock import FixedClock
from till.db.engine import sqlite_module
from till.fiscal.soft_tse import SoftTse
from till.migrations import versions
from till.migrations.upgrade import HEAD
from till.money import Money
from till.settings import DATABASE, Settings, load
from till.shop.tenders import CARD

SALES = 500
ARTICLES = 1_000
BYTES_PER_RECEIPT = 8_600
SPARE_BYTES = 10_000_000_000
MOST_COPIED = 1_000_000
KEPT = BUILD / "bench-shops"
_VERSION = 2
_OPENED = dt.datetime(2020, 1, 2, 8, 0, tzinfo=dt.UTC)
_MOST_LINES = 9
_SEED = 7
_CACHE_KIB = 4_000_000
_UUID, _INSTANT, _DATE = "CHAR(32)", "DATETIME", "DATE"
_GOES_ON = {
    ("document", "number"),
    ("closing", "last_number"),
    ("closing", "z_number"),
    ("chain_link", "position"),
    ("signature", "transaction_number"),
    ("signature", "signature_counter"),
    ("tse_transaction", "transaction_number"),
    ("tse_transaction", "start_counter"),
    ("print_job", "id"),
}
_OWN = {
    ("chain_link", "record_id"): "fresh_text(record_id, :copy)",
    ("chain_link", "content"): "link(position + :copy * {step})",
    ("chain_link", "hash"): "link(position + :copy * {step})",
    ("chain_link", "previous"): "link(position + :copy * {step} - 1)",
    ("document", "content"): "link(number + :copy * {step})",
    ("closing", "chain_head"): "link(last_number)",
    ("closing", "first_number"): "first_number + :copy * :documents",
    ("ledger_checkpoint", "balance"): "balance * (:copy + 1)",
}
_TABLES = (
    "shift",
    "document",
    "document_line",
    "document_payment",
    "document_vat",
    "ledger_posting",
    "ledger_entry",
    "closing",
    "ledger_checkpoint",
    "tse_transaction",
    "signature",
    "chain_link",
    "print_job",
)


def multiplied_shop(receipts: int) -> Settings:
    """The settings of a closed till with about this many receipts; built once per schema, then kept in build/.

    Raises OSError when the disk has no room for it and, where it `is_small`, for two copies.
    """
    folder = KEPT / f"{made_for()}-{receipts}"
    if not folder.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        forget_older()
        _check_room(receipts)
        with temporary_folder() as unfinished:
            _build(unfinished / "shop", receipts)
            (unfinished / "shop").rename(folder)
    return load(folder)


def made_for() -> str:
    """What a kept file must have been made for: these migrations, word by word, and this way of multiplying."""
    written = b"".join(path.read_bytes() for path in sorted(Path(versions.__file__).parent.glob("*.py")))
    return f"{HEAD}-{hashlib.sha256(written).hexdigest()[:8]}-{_VERSION}"


def is_small(receipts: int) -> bool:
    """Whether a file with so many receipts is copied before anything is sold in it."""
    return receipts <= MOST_COPIED


def forget_older() -> None:
    """Remove the kept files of other schemas."""
    for known in KEPT.iterdir():
        if not known.name.startswith(made_for()):
            shutil.rmtree(known)


def _check_room(receipts: int) -> None:
    needed = receipts * BYTES_PER_RECEIPT * (3 if is_small(receipts) else 1)
    free = shutil.disk_usage(KEPT).free - SPARE_BYTES
    if needed > free:
        message = f"{receipts:,} receipts need {needed / 1e9:.0f} GB of disk, {free / 1e9:.0f} GB are free"
        raise OSError(message)


def _build(folder: Path, receipts: int) -> None:
    print(f"a till with {receipts:,} receipts is being built …", file=sys.stderr)
    settings = new_shop(folder, ARTICLES)
    _sell_one_shift(settings, folder)
    copies = receipts // SALES - 1
    with contextlib.closing(sqlite_module().connect(str(folder / DATABASE), isolation_level=None)) as connection:
        _multiply(connection, copies)


def _sell_one_shift(settings: Settings, folder: Path) -> None:
    """Open, sell, close. Its TSE is not the one of later: that begins to count anew."""
    clock, random = FixedClock(_OPENED), Random(_SEED)
    owing = replace(settings, printer="tcp://127.0.0.1:9")
    tse = SoftTse(folder / "first-tse.db", clock, synchronous="OFF")
    with contextlib.closing(tse), open_shop(owing, Ports(clock=clock, recorder=tse)) as till:
        for _ in range(SALES):
            clock.advance(30)
            _sell(till, random)
        till.settle()
        patiently(lambda: till.cash.close_shift(None))
        till.settle()
    for file in folder.glob("first-tse.db*"):
        file.unlink()


def _sell(till: Till, random: Random) -> None:
    for _ in range(random.randint(1, _MOST_LINES)):
        till.sale.scan(code_of(random.randrange(ARTICLES)))
    if random.random() < 0.3:
        till.sale.pay_card(CARD, Money(till.sale.state.settlement.open.cents // 2))
    till.sale.pay_cash(till.sale.state.settlement.open)
    completed(till)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of the template and how far its counting columns reach in it."""

    name: str
    types: Mapping[str, str]
    steps: Mapping[str, int]

    def insert(self) -> str:
        """One copy of the template's rows; :copy is its number, :seconds and :days how much later it is."""
        columns = ", ".join(self.types)
        return f"INSERT INTO main.{self.name} ({columns}) SELECT {', '.join(map(self._value, self.types))} FROM one.{self.name}"

    def _value(self, column: str) -> str:
        own = _OWN.get((self.name, column))
        if own is not None:
            return own.format(step=max(self.steps.values(), default=0))
        if column in self.steps:
            return f"{column} + :copy * {self.steps[column]}"
        return {
            _UUID: f"fresh({column}, :copy)",
            _INSTANT: f"strftime('%Y-%m-%d %H:%M:%S', {column}, :seconds) || substr({column}, 20)",
            _DATE: f"date({column}, :days)",
        }.get(self.types[column], column)


def _multiply(connection: Any, copies: int) -> None:
    connection.create_function("fresh", 2, _fresh, deterministic=True)
    connection.create_function("fresh_text", 2, _fresh_text, deterministic=True)
    connection.create_function("link", 1, _link, deterministic=True)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE_KIB}", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("UPDATE print_job SET state = 'printed', attempts = 1, last_error = ''")
    connection.execute("ATTACH ':memory:' AS one")
    with without_triggers(connection):
        statements = [_template(connection, name).insert() for name in _TABLES]
        step_s = int((dt.datetime.now(dt.UTC) - _OPENED).total_seconds()) // (copies + 2)
        documents = connection.execute("SELECT max(number) FROM one.document").fetchone()[0]
        connection.execute("BEGIN")
        for copy in range(1, copies + 1):
            later_s = copy * step_s
            later = {"seconds": f"+{later_s} seconds", "days": f"+{later_s // 86_400} days"}
            for statement in statements:
                connection.execute(statement, {"copy": copy, "documents": documents, **later})
        _raise_counters(connection)
        connection.execute("COMMIT")


def _template(connection: Any, name: str) -> _Table:
    connection.execute(f"CREATE TABLE one.{name} AS SELECT * FROM main.{name}")
    types = {row[1]: row[2] for row in connection.execute(f"PRAGMA main.table_info({name})")}
    counting = [column for column in types if (name, column) in _GOES_ON]
    highest = {c: connection.execute(f"SELECT max({c}) FROM one.{name}").fetchone()[0] for c in counting}
    return _Table(name, types, highest)


def _raise_counters(connection: Any) -> None:
    for series, table, column in (("document", "document", "number"), ("closing", "closing", "z_number")):
        highest = f"(SELECT max({column}) FROM {table})"
        connection.execute(f"UPDATE counter SET value = {highest} WHERE series = ?", (series,))


@contextlib.contextmanager
def without_triggers(connection: Any) -> Iterator[None]:
    """They would refuse what SQL copies and are made again by the very same statements."""
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    yield
    for _, statement in triggers:
        connection.execute(statement)


def _fresh(known: str | None, copy: int) -> str | None:
    """The id that takes the place of `known` in a copy, as random as the real ones."""
    return None if known is None else hashlib.md5(f"{known}{copy}".encode(), usedforsecurity=False).hexdigest()


def _fresh_text(known: str, copy: int) -> str:
    return str(uuid.UUID(_fresh(known.replace("-", ""), copy)))


def _link(position: int) -> str:
    """A hash of the right size; the next link's `previous` is the same."""
    return hashlib.sha256(str(position).encode()).hexdigest()
