"""The schema comes from migrations: it equals the models, is made at once, and never meets a newer one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, inspect, text

from till.catalog.search_index import SHADOWS, TABLE
from till.db.engine import Database, sqlite_url
from till.errors import Unavailable
from till.migrations.upgrade import HEAD, check_known, revision, upgrade
from till.schema import METADATA


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    """A SQLite database before its first migration."""
    database = Database(sqlite_url(tmp_path / "new.db"))
    yield database
    database.close()


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with database.engine.connect() as connection:
        opts = {"compare_type": True, "compare_server_default": True, "include_name": _is_of_the_models}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, METADATA) == []


def test_indexes_of_some_rows_alone_are_so_on_both_sides(database: Database) -> None:
    expected = {
        str(index.name): str(index.dialect_options["sqlite"]["where"])
        for table in METADATA.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert len(expected) >= 4
    assert _partial_indexes(database) == expected


def _partial_indexes(database: Database) -> dict[str, str]:
    """The condition of every index that has one, without what PostgreSQL adds to it."""
    found, where = inspect(database.engine), f"{database.engine.dialect.name}_where"
    conditions = {
        str(index["name"]): str(index.get("dialect_options", {}).get(where, ""))
        for table in METADATA.tables
        for index in found.get_indexes(table)
    }
    return {name: re.sub(r"::\w+|[()]", "", said) for name, said in conditions.items() if said}


def _is_of_the_models(name: str | None, kind: str, _parents: object) -> bool:
    """The search index is the database's own: no model knows its tables."""
    return (kind, name) not in {("index", TABLE), *(("table", shadow) for shadow in SHADOWS)}


def test_constraints_are_named_alike_on_both_sides(database: Database) -> None:
    found = inspect(database.engine)
    for table in METADATA.tables.values():
        checks = {check["name"] for check in found.get_check_constraints(table.name)}
        assert checks == {one.name for one in table.constraints if isinstance(one, CheckConstraint)}, table.name
        assert found.get_pk_constraint(table.name)["name"] == table.primary_key.name
        assert {key["name"] for key in found.get_foreign_keys(table.name)} == {
            key.constraint.name for key in table.foreign_keys if key.constraint is not None
        }


def test_a_new_database_is_at_the_head(empty: Database) -> None:
    assert revision(empty) is None
    upgrade(empty)
    assert revision(empty) == HEAD
    upgrade(empty)
    with empty.write() as session:
        assert session.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_a_newer_database_is_refused_and_untouched(database: Database) -> None:
    with database.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Unavailable, match=r"newer version of Till \(schema 9999\). Update the program"):
        upgrade(database)
    assert revision(database) == "9999"


def test_a_known_revision_passes() -> None:
    check_known(None)
    check_known(HEAD)


def test_a_database_with_broken_links_is_left_as_it_is(empty: Database) -> None:
    with empty.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE child (parent INTEGER REFERENCES parent)")
        connection.commit()
        connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        connection.exec_driver_sql("INSERT INTO child VALUES (1)")
        connection.commit()
    with pytest.raises(Unavailable, match=r"point nowhere \(child\)"):
        upgrade(empty)
    assert sorted(inspect(empty.engine).get_table_names()) == ["child", "parent"]
