"""The hash chain: one form for every record, and each link tied to the one before."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
import uuid
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.db.engine import Database
from till.ledger import chain
from till.ledger.account import Account
from till.ledger.checks import linked
from till.money import Money
from till.quantity import Quantity

NOON = dt.datetime(2026, 11, 20, 12, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def test_the_canonical_form_is_fixed() -> None:
    record = {
        "z": Money(-5),
        "a": [Quantity(345), None, True, 7, "Käse"],
        "at": NOON,
        "day": NOON.date(),
        "id": uuid.UUID(int=1),
        "account": Account.CASH,
    }
    assert chain.canonical(record) == (
        '{"a":[345,null,true,7,"Käse"],"account":"cash","at":"2026-11-20T11:00:00.000000+00:00","day":"2026-11-20",'
        '"id":"00000000-0000-0000-0000-000000000001","z":-5}'
    )
    assert chain.digest({"b": 1, "a": 2}) == chain.digest({"a": 2, "b": 1})


def test_the_canonical_form_is_the_same_in_every_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        assert chain.canonical({"at": NOON}) == '{"at":"2026-11-20T11:00:00.000000+00:00"}'
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_hash_of_a_link_is_fixed() -> None:
    """Books of ten years hold hashes that were made this way."""
    link = chain.Link(7, chain.RecordKind.DOCUMENT, "4711", "c" * 64, "p" * 64, "", 1)
    covered = "p" * 64 + "\n7\ndocument\n4711\n1\n" + "c" * 64
    assert chain.expected_hash(link) == hashlib.sha256(covered.encode()).hexdigest()


@pytest.mark.parametrize("foreign", [b"x", object(), {1, 2}])
def test_a_value_without_a_canonical_form_is_a_defect(foreign: object) -> None:
    with pytest.raises(TypeError, match="no canonical form"):
        chain.digest({"value": foreign})


def test_links_follow_each_other_per_till(database: Database) -> None:
    with database.write() as session:
        assert chain.head(session, "K1") == chain.START
        first = chain.extend(session, "K1", chain.RecordKind.AUDIT, "1", {"a": 1})
        second = chain.extend(session, "K1", chain.RecordKind.AUDIT, "2", {"a": 2})
        other = chain.extend(session, "K2", chain.RecordKind.AUDIT, "3", {"a": 1})
        links = list(chain.links(session, "K1"))
        assert chain.head(session, "K1") == second
        assert chain.tills(session) == ["K1", "K2"]
    assert [(link.position, link.previous, link.hash) for link in links] == [(1, "", first), (2, first, second)]
    assert links[0].content == chain.digest({"a": 1})
    assert other != first


def test_a_record_is_found_in_its_chain_by_its_kind_and_id(database: Database) -> None:
    audit, closing = chain.RecordKind.AUDIT, chain.RecordKind.CLOSING
    with database.write() as session:
        for till_id, kind, record_id in (
            ("K1", audit, "1"),
            ("K1", closing, "2"),
            ("K1", audit, "2"),
            ("K2", audit, "3"),
        ):
            chain.extend(session, till_id, kind, record_id, {"id": record_id})
        assert [chain.position_of(session, audit, record_id) for record_id in "123"] == [1, 3, 1]
        assert chain.position_of(session, closing, "2") == 2
        assert chain.position_of(session, closing, "1") is None
        assert chain.contents(session, audit) == {record_id: chain.digest({"id": record_id}) for record_id in "123"}
        assert chain.contents(session, closing) == {"2": chain.digest({"id": "2"})}
        assert [len(list(chain.links(session, "K1", first))) for first in (1, 2, 3, 4)] == [3, 2, 1, 0]


def test_any_change_of_a_link_changes_its_hash(database: Database) -> None:
    with database.write() as session:
        chain.extend(session, "K1", chain.RecordKind.AUDIT, "1", {"a": 1})
        (link,) = chain.links(session, "K1")
    assert chain.expected_hash(link) == link.hash
    for changed in (
        replace(link, position=2),
        replace(link, kind=chain.RecordKind.ENTRY),
        replace(link, record_id="2"),
        replace(link, content="0" * 64),
        replace(link, previous="0" * 64),
        replace(link, format_version=2),
    ):
        assert chain.expected_hash(changed) != link.hash


def test_checking_a_long_chain_tells_how_far_it_is(sqlite_database_url: str) -> None:
    database, told = Database(sqlite_database_url), list[tuple[int, int]]()
    with database.write() as session:
        for number in range(999):
            chain.extend(session, "K1", chain.RecordKind.AUDIT, str(number), {"n": number})
        assert list(linked(session, lambda done, whole: told.append((done, whole)))) == []
        assert told == []
        for number in (999, 1000):
            chain.extend(session, "K1", chain.RecordKind.AUDIT, str(number), {"n": number})
        assert list(linked(session, lambda done, whole: told.append((done, whole)))) == []
    database.close()
    assert told == [(1000, 1001)]


@given(st.lists(st.tuples(st.text(), st.text(), st.integers())), st.text())
def test_a_record_of_many_items_has_the_digest_of_its_whole(items: list[tuple[str, str, int]], reason: str) -> None:
    record = {"reason": reason, "id": uuid.UUID(int=1), "zone": None}
    whole = chain.digest({**record, "postings": items})
    assert chain.digest_of_many(record, "postings", iter(items)) == whole
