"""The password of a PostgreSQL server: out of the keyring into the connection, and into nothing that anybody reads."""

from __future__ import annotations

import contextlib
import logging
import re
import time
import traceback
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, make_url, text

from till.app.bootstrap import Ports, open_till
from till.cli import main
from till.clock import FixedClock
from till.db.server import NOT_LET_IN, refusal
from till.errors import Unavailable
from till.log import to_file
from till.money import Money
from till.secret import Secret, Secrets
from till.settings import FILE, Settings

if TYPE_CHECKING:
    from tests.secrets.conftest import MemoryKeyring

PASSWORD = "Tulpe-7-geheim"  # noqa: S105 - it is the one that must not be seen
WRONG = "Distel-8-falsch"


def _as_owner(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="module")
def guarded_role(postgres: str) -> str:
    """A role whose password the server asks for."""
    url = postgres.format(name="postgres")
    rules = Path(str(make_url(url).query["host"])) / "data" / "pg_hba.conf"
    rules.write_text("local all guarded scram-sha-256\n" + rules.read_text(encoding="utf-8"), encoding="utf-8")
    _as_owner(url, f"CREATE ROLE guarded SUPERUSER LOGIN PASSWORD '{PASSWORD}'", "SELECT pg_reload_conf()")
    deadline = time.monotonic() + 10
    while _lets_in(url.replace("till@", "guarded@")):
        assert time.monotonic() < deadline, "the server did not read its rules"
        time.sleep(0.02)
    return "guarded"


def _lets_in(url: str) -> bool:
    with contextlib.suppress(Exception):
        _as_owner(url, "SELECT 1")
        return True
    return False


@pytest.fixture
def owner_url(any_shop_settings: Settings) -> str:
    """The way in that needs no password, for the tests themselves."""
    return any_shop_settings.database_url


@pytest.fixture
def guarded_shop(any_shop_settings: Settings, guarded_role: str, keyring: MemoryKeyring) -> Settings:
    """The small shop on a server that asks for a password, which the keyring has."""
    Secrets(any_shop_settings.data_dir).set(Secret.DATABASE_PASSWORD, PASSWORD)
    assert keyring.entries
    url = any_shop_settings.database_url.replace("till@", f"{guarded_role}@")
    return replace(any_shop_settings, database_url=url)


on_postgresql = pytest.mark.parametrize("any_shop_settings", ["postgresql"], indirect=True)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The program's log file."""
    root = logging.getLogger()
    before = list(root.handlers), root.level
    (tmp_path / "log").mkdir()
    to_file(tmp_path / "log")
    logging.getLogger("sqlalchemy").setLevel(logging.DEBUG)
    yield tmp_path / "log" / "till.log"
    logging.getLogger("sqlalchemy").setLevel(logging.NOTSET)
    for handler in set(root.handlers) - set(before[0]):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(before[1])


@on_postgresql
def test_the_till_sells_with_the_password_of_the_keyring(guarded_shop: Settings, clock: FixedClock) -> None:
    with contextlib.closing(open_till(guarded_shop, Ports(clock=clock))) as till:
        till.cash.open_shift(Money(10000))
        till.sale.scan("4006381333931")
        till.sale.pay_cash(Money(1000))
        assert till.sale.complete().document.number == 2


@on_postgresql
def test_a_missing_and_a_wrong_password_are_said_in_words(
    guarded_shop: Settings, keyring: MemoryKeyring, capsys: pytest.CaptureFixture[str]
) -> None:
    (guarded_shop.data_dir / FILE).write_text(f'database_url = "{guarded_shop.database_url}"\n', encoding="utf-8")
    for password in (WRONG, None):
        keyring.entries.clear()
        if password:
            Secrets(guarded_shop.data_dir).set(Secret.DATABASE_PASSWORD, password)
        for command in ("run", "verify", "migrate"):
            assert main([command, "--data", str(guarded_shop.data_dir), "--language", "en"]) == 1
            told = capsys.readouterr()
            assert "till secret set database-password" in told.err
            assert WRONG not in told.out + told.err


@on_postgresql
def test_the_password_stands_in_no_log_message_or_traceback(
    guarded_shop: Settings, owner_url: str, clock: FixedClock, log: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with contextlib.closing(open_till(guarded_shop, Ports(clock=clock))) as till:
        till.cash.open_shift(Money(10000))
        database = till.workplace.database
        seen = [repr(till.settings), repr(database), database.url, repr(database.engine), str(database.engine.url)]
        _as_owner(owner_url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'guarded'")
        till.cash.open_drawer()
        Secrets(guarded_shop.data_dir).set(Secret.DATABASE_PASSWORD, WRONG)
        with pytest.raises(Unavailable) as said, contextlib.closing(open_till(guarded_shop, Ports(clock=clock))):
            pass
        logging.getLogger("till").error("a defect", exc_info=said.value)
        seen += traceback.format_exception(said.value)
    assert said.value.msgid == NOT_LET_IN
    told = capfd.readouterr()
    everything = "".join([*seen, log.read_text(encoding="utf-8"), told.out, told.err])
    assert "a defect" in everything
    assert not re.search(f"{PASSWORD}|{WRONG}", everything)


def test_an_error_without_a_connection_is_no_answer_of_the_server() -> None:
    assert refusal(OSError("out of reach")) is None
