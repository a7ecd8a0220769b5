"""The goods that ship with the program, `resources/demo/*.csv`: the demo's assortment, and samples for a new shop."""

from __future__ import annotations

import csv
import uuid

from till.business_case import VatKey
from till.catalog.article import Article, ArticleKind, Category
from till.i18n import resource
from till.money import Money

Row = dict[str, str]
# Ids follow from numbers, so that every demo shop has the same ones.
_IDS = uuid.UUID("6f1d3a52-8a0e-4c57-9a3b-2f0c8f5d7e11")


def categories() -> list[Category]:
    """The tabs of the grid."""
    return [Category(row["id"], row["name"], int(row["position"]), row["colour"]) for row in rows("categories")]


def articles() -> list[Article]:
    """The goods, services and deposits; the column `deposit` names the number of the deposit article."""
    return [_article(row) for row in rows("articles")]


def rows(name: str) -> list[Row]:
    """The rows of a shipped table."""
    with resource("demo", f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shipped_id(kind: str, number: str) -> uuid.UUID:
    """The id of what has this number."""
    return uuid.uuid5(_IDS, f"{kind} {number}")


def money(typed: str) -> Money | None:
    """Cents from "3.50"; None for nothing."""
    if not typed:
        return None
    euros, _, cents = typed.partition(".")
    return Money(int(euros) * 100 + int(cents.ljust(2, "0") or 0))


def whole_number(typed: str) -> int | None:
    """None for nothing."""
    return int(typed) if typed else None


def _article(row: Row) -> Article:
    return Article(
        id=shipped_id("article", row["number"]),
        number=row["number"],
        name=row["name"],
        category_id=row["category"],
        price=money(row["price"]),
        vat_key=VatKey(int(row["vat_key"])),
        kind=ArticleKind(row["kind"]),
        unit=row["unit"],
        receipt_name=row["receipt_name"],
        codes=tuple(row["gtin"].split()),
        plu=row["plu"],
        deposit_id=shipped_id("article", row["deposit"]) if row["deposit"] else None,
        is_active=row["is_active"] == "1",
        takes_discount=row["takes_discount"] == "1",
        is_weighed=row["is_weighed"] == "1",
        position=whole_number(row["position"]),
        age_limit=whole_number(row["age_limit"]),
    )
