"""A till's file with as many vouchers as wanted, in the real tables: sold over ten years, half of them redeemed from.

Their entries balance and have the legs that the counter books; random ids make indexes as scattered as real ones. They
have no documents and no links of the chain: `till verify` finds that, and what is measured here does not ask for them.
"""

from __future__ import annotations

import contextlib
import sys
import uuid
from pathlib import Path
from typing import Any

from benchmarks.multiplied import KEPT, forget_older, made_for, without_triggers
from benchmarks.shop import new_shop, temporary_folder
from till.app.bootstrap import open_database
from till.business_case import VatKey
from till.db.engine import sqlite_module
from till.money import Money
from till.settings import DATABASE, Settings, load
from till.vouchers.model import Numbering, VatTreatment, VoucherType
from till.vouchers.types import add_type

TYPES = tuple(uuid.UUID(int=900 + n) for n in range(5))
_ARTICLES = 200
_CACHE_KIB = 1_000_000
_VERSION = 1
_SECONDS = 300_000_000  # about ten years


def voucher_shop(count: int) -> Settings:
    """The settings of a closed till whose ledger has so many vouchers; built once per schema, then kept in build/."""
    folder = KEPT / f"{made_for()}-vouchers-{_VERSION}-{count}"
    if not folder.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        forget_older()
        with temporary_folder() as unfinished:
            _build(unfinished / "shop", count)
            (unfinished / "shop").rename(folder)
    return load(folder)


def number_of(place: int) -> str:
    """The number of a voucher by its place from 1."""
    return f"MB-{place:07}"


def plu_of(place: int) -> str:
    """The PLU of its type."""
    return f"9{place % len(TYPES):02}"


def _build(folder: Path, count: int) -> None:
    print(f"a ledger with {count:,} vouchers is being built …", file=sys.stderr)
    settings = new_shop(folder, _ARTICLES)
    database = open_database(settings)
    with database.write() as session:
        for place, type_id in enumerate(TYPES):
            add_type(session, _type(place, type_id))
    database.checkpoint()
    database.close()
    with contextlib.closing(sqlite_module().connect(str(folder / DATABASE), isolation_level=None)) as connection:
        _fill(connection, count)


def _type(place: int, type_id: uuid.UUID) -> VoucherType:
    """The last one is single-purpose."""
    is_single = place == len(TYPES) - 1
    treatment = VatTreatment.SINGLE_PURPOSE if is_single else VatTreatment.MULTI_PURPOSE
    key = VatKey.GENERAL if is_single else VatKey.NOT_TAXABLE
    return VoucherType(type_id, f"9{place:02}", f"Gutschein {place}", Numbering.OWN, treatment, key, Money(2500))


def _fill(connection: Any, count: int) -> None:
    for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE_KIB}", "foreign_keys=OFF"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    with without_triggers(connection):
        connection.execute("BEGIN")
        connection.execute(_MADE, {"count": count, "step": max(1, _SECONDS // count)})
        for statement in (_VOUCHERS, _entries("issue", ""), _entries("redeem", "WHERE n % 2 = 1"), *_LEGS):
            connection.execute(statement)
        connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL").fetchall()


def _entries(which: str, where: str) -> str:
    return f"""INSERT INTO ledger_entry (id, till_id, reason, document_id, booked_at, business_date, shift_id, user_id,
    reverses, legs) SELECT {which}, 'KASSE-1', 'sale', {which}_document, at, substr(at, 1, 10), NULL, '1', NULL,
    CASE WHEN is_single THEN 4 ELSE 2 END FROM temp.made {where}"""


_ID = "lower(hex(randomblob(16)))"
_MADE = f"""CREATE TEMP TABLE made AS
WITH RECURSIVE seq(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM seq WHERE n < :count),
one AS MATERIALIZED (SELECT n, {_ID} AS id FROM seq)
SELECT n, id, substr(id, 1, 8) || '-' || substr(id, 9, 4) || '-' || substr(id, 13, 4) || '-' || substr(id, 17, 4) || '-'
|| substr(id, 21) AS subject, {_ID} AS issue, {_ID} AS redeem, {_ID} AS issue_document, {_ID} AS redeem_document,
n % {len(TYPES)} AS place, n % {len(TYPES)} = {len(TYPES) - 1} AS is_single,
strftime('%Y-%m-%d %H:%M:%S', '2016-11-01', (n * :step) || ' seconds') || '.000000' AS at FROM one"""
_VOUCHERS = f"""INSERT INTO voucher (id, type_id, type_name, type_plu, number, number_key, sale, face, vat_treatment,
vat_key, vat_rate_bp, valid_from, valid_until, issued_at, issued_till, issued_number, text, origin, document_id, entry_id, replaces,
receivable_id, receivable_name) SELECT id, CASE place {" ".join(f"WHEN {n} THEN '{t.hex}'" for n, t in enumerate(TYPES))} END,
'Gutschein ' || place, '90' || place, printf('MB-%07d', n), printf('mb-%07d', n), 2500, 2500,
CASE WHEN is_single THEN 'single-purpose' ELSE 'multi-purpose' END, CASE WHEN is_single THEN 1 ELSE 5 END,
CASE WHEN is_single THEN 1900 ELSE 0 END,
substr(at, 1, 10), date(at, '+10 years'), at, 'KASSE-1', n, '', 'sold', issue_document, NULL, NULL, NULL, '' FROM temp.made"""


def _leg(which: str, position: int, account: str, subject: str, amount: int, where: str) -> str:  # noqa: PLR0913, PLR0917 - a row
    return f"""INSERT INTO ledger_posting (entry_id, position, account, subject, amount)
    SELECT {which}, {position}, {account}, {subject}, {amount} FROM temp.made WHERE {where}"""


_PAID = "CASE WHEN is_single THEN 'voucher-single' ELSE 'voucher-multi' END"
_LEGS = (
    _leg("issue", 0, _PAID, "subject", -2500, "1"),
    _leg("issue", 1, "'cash'", "'KASSE-1'", 2500, "NOT is_single"),
    _leg("issue", 1, "'voucher-single-contra'", "subject", 2500, "is_single"),
    _leg("issue", 2, "'cash'", "'KASSE-1'", 2500, "is_single"),
    _leg("issue", 3, "'revenue'", "'1'", -2500, "is_single"),
    _leg("redeem", 0, _PAID, "subject", 1000, "n % 2 = 1"),
    _leg("redeem", 1, "'revenue'", "'1'", -1000, "n % 2 = 1 AND NOT is_single"),
    _leg("redeem", 1, "'voucher-single-contra'", "subject", -1000, "n % 2 = 1 AND is_single"),
    _leg("redeem", 2, "'cash'", "'KASSE-1'", 1000, "n % 2 = 1 AND is_single"),
    _leg("redeem", 3, "'revenue'", "'1'", -1000, "n % 2 = 1 AND is_single"),
)
