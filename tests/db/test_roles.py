"""On PostgreSQL a till works as a role that sells but can't touch what is booked (80-quality X4)."""

from __future__ import annotations

import re
import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from till.app.bootstrap import Ports, open_database, open_till
from till.app.verify import verify
from till.clock import FixedClock
from till.errors import Unavailable
from till.money import Money
from till.schema import METADATA, MUTABLE
from till.settings import Settings
from till.vouchers.old_table import Defaults

SCRIPT = Path(__file__).parents[2] / "packaging" / "postgresql" / "roles.sql"
REFUSED = "permission denied|must be owner"


@dataclass(frozen=True)
class Role:
    """A role on the database of a small shop: its name, its address and its owner's, and the settings of a till that uses it."""

    name: str
    url: str
    owners_url: str
    settings: Settings


@pytest.fixture
def role(postgres_shop_settings: Settings) -> Iterator[Role]:
    """A till's role as the operating guide sets it up."""
    name, owned = f"till_{uuid.uuid4().hex[:12]}", postgres_shop_settings.database_url
    _as_owner(owned, f"CREATE ROLE {name} LOGIN")
    _grant(owned, name)
    url = make_url(owned).set(username=name).render_as_string()
    yield Role(name, url, owned, replace(postgres_shop_settings, database_url=url))
    _as_owner(owned, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


def test_a_till_works_a_whole_day_as_this_role(role: Role, clock: FixedClock) -> None:
    till = open_till(role.settings, Ports(clock=clock))
    try:
        till.cash.open_shift(Money(10000))
        till.sale.add(next(tile for tile in till.sale.assortment().tiles if tile.name == "Gutschein 25"))
        till.sale.pay_cash(Money(2500))
        (voucher,) = till.sale.complete().vouchers
        till.sale.scan("4006381333931")
        till.sale.redeem(voucher.id, Money(200))
        till.sale.pay_card("card", Money(150))
        till.sale.complete()
        till.sale.scan("4006381333931")
        till.sale.cancel()
        till.cash.open_drawer()
        till.cash.close_shift(Money(12500))
        assert till.settle()
        assert verify(till.workplace.database) == []
    finally:
        till.close()


def test_old_vouchers_come_in_by_this_role(role: Role, clock: FixedClock) -> None:
    till = open_till(role.settings, Ports(clock=clock))
    try:
        desk = till.voucher_files
        desk.check_pasted("Nummer;Wert\nA;5\nB;7", Defaults(desk.kinds()[0]))
        desk.apply()
        assert till.sale.look_up_voucher("b")[0].standing.remaining == Money(700)
        till.settle()
        assert verify(till.workplace.database) == []
    finally:
        till.close()


def test_what_is_booked_is_beyond_this_role(role: Role) -> None:
    append_only = sorted(set(METADATA.tables) - MUTABLE)
    assert {"document", "ledger_entry"} <= set(append_only)
    for table in append_only:
        column = next(iter(METADATA.tables[table].columns)).name
        for statement in (
            f"UPDATE {table} SET {column} = {column}",  # noqa: S608 - names of our own tables
            f"DELETE FROM {table}",  # noqa: S608 - as above
            f"TRUNCATE {table} CASCADE",
            f"ALTER TABLE {table} DISABLE TRIGGER ALL",
            f"DROP TRIGGER {table}_no_update ON {table}",
            f"DROP TABLE {table} CASCADE",
        ):
            _is_refused(role.url, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE alembic_version SET version_num = '9999'",
        "INSERT INTO alembic_version VALUES ('9999')",
        "CREATE TABLE mine (x int)",
        "CREATE TEMPORARY TABLE document (x int)",
        "CREATE OR REPLACE FUNCTION public.till_append_only() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "SET session_replication_role = replica",
        "CREATE SCHEMA mine",
        "TRUNCATE article CASCADE",
    ],
)
def test_the_rules_of_the_database_are_beyond_this_role(role: Role, statement: str) -> None:
    _is_refused(role.url, statement)


def test_the_script_names_just_the_tables_whose_rows_may_change() -> None:
    named = re.search(r"GRANT UPDATE, DELETE ON(.*?)TO", SCRIPT.read_text(encoding="utf-8"), re.DOTALL)
    assert named is not None
    assert {name.strip() for name in named[1].split(",")} == MUTABLE


def test_a_role_that_got_more_by_mistake_is_cut_back(role: Role) -> None:
    _as_owner(role.owners_url, f"GRANT ALL ON document TO {role.name}")
    _grant(role.owners_url, role.name)
    _is_refused(role.url, "UPDATE document SET number = number")


def test_a_schema_that_only_its_owner_may_change_is_told_in_words(role: Role) -> None:
    _as_owner(role.owners_url, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    _as_owner(role.owners_url, f"GRANT USAGE ON SCHEMA public TO {role.name}")
    with pytest.raises(Unavailable, match="till migrate"):
        open_database(role.settings).close()


def _is_refused(url: str, statement: str) -> None:
    engine = create_engine(url)
    try:
        with engine.connect() as connection, pytest.raises(ProgrammingError, match=REFUSED):
            connection.execute(text(statement))
    finally:
        engine.dispose()


def _as_owner(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def _grant(url: str, role: str) -> None:
    """Run the script as the operating guide says."""
    address = make_url(url)
    subprocess.run(
        ["psql", "--no-psqlrc", "--quiet", f"--set=role={role}", f"--file={SCRIPT}", f"--username={address.username}",
         f"--host={address.query['host']}", f"--dbname={address.database}"],
        check=True,
        capture_output=True,
    )  # fmt: skip
