"""The triggers that keep booked rows from being changed: all there, and none missing for any table."""

from __future__ import annotations

from sqlalchemy import text

from till.db.engine import Database
from till.db.protect import APPEND_ONLY, expected_triggers, found_triggers
from till.schema import METADATA, MUTABLE


def test_every_table_is_either_append_only_or_listed_as_mutable() -> None:
    assert set(APPEND_ONLY) | MUTABLE == set(METADATA.tables)
    assert not set(APPEND_ONLY) & MUTABLE
    assert len(APPEND_ONLY) == len(set(APPEND_ONLY))


def test_books_and_records_are_append_only() -> None:
    assert {"ledger_entry", "ledger_posting", "document", "document_line", "audit", "chain_link"} <= set(APPEND_ONLY)
    assert {"signature", "closing", "shift", "voucher"} <= set(APPEND_ONLY)


def test_the_triggers_found_are_those_expected(database: Database) -> None:
    with database.engine.begin() as connection:
        assert found_triggers(connection) == expected_triggers(connection.dialect.name)


def test_a_dropped_trigger_is_seen(database: Database) -> None:
    on = "" if database.is_sqlite else " ON ledger_posting"
    with database.engine.begin() as connection:
        connection.execute(text(f"DROP TRIGGER ledger_posting_no_update{on}"))
        missing = set(expected_triggers(connection.dialect.name)) - set(found_triggers(connection))
    assert [trigger.name for trigger in missing] == ["ledger_posting_no_update"]


def test_a_hollowed_out_function_is_seen(on_postgres: Database) -> None:
    with on_postgres.engine.begin() as connection:
        connection.execute(
            text(
                "CREATE OR REPLACE FUNCTION till_posting_sealed() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RETURN NEW; END $$"
            )
        )
        missing = set(expected_triggers("postgresql")) - set(found_triggers(connection))
    assert [trigger.name for trigger in missing] == ["ledger_posting_sealed"]


def test_a_disabled_trigger_is_seen(on_postgres: Database) -> None:
    with on_postgres.engine.begin() as connection:
        connection.execute(text("ALTER TABLE document DISABLE TRIGGER document_no_delete"))
        missing = set(expected_triggers("postgresql")) - set(found_triggers(connection))
    assert [trigger.name for trigger in missing] == ["document_no_delete"]
