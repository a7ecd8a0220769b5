"""The demo shop's master data: `resources/demo/*.csv` as values, and the founding of the shop with them."""

from __future__ import annotations

import csv
import datetime as dt
import uuid

from sqlalchemy.orm import Session

from till.app.founding import found
from till.business_case import VatKey
from till.catalog.article import Article, ArticleKind, Category
from till.catalog.assortment import add_articles, add_categories
from till.catalog.favourites import Favourite, put
from till.catalog.plu import Plu, PluKind, claim_all
from till.catalog.search_index import index_some
from till.i18n import resource
from till.money import Money
from till.shop.details import ShopDetails
from till.staff.users import User, add_user
from till.vouchers.model import Numbering, VatTreatment, VoucherType
from till.vouchers.types import add_type

_Row = dict[str, str]
_FIRST_PAGE = 20
# Ids follow from numbers, so that every demo shop has the same ones.
_IDS = uuid.UUID("6f1d3a52-8a0e-4c57-9a3b-2f0c8f5d7e11")


def found_demo_shop(session: Session) -> None:
    """Found the shop in an empty database, with its people, goods and voucher types."""
    people = users()
    found(session, shop_details(), people[0])
    for person in people[1:]:
        add_user(session, person)
    add_categories(session, categories())
    add_articles(session, articles())
    types = voucher_types()
    for kind in types:
        add_type(session, kind)
    claim_all(session, [Plu(kind.plu, PluKind.VOUCHER_TYPE, str(kind.id)) for kind in types])
    for favourite in first_page():
        put(session, favourite)
    index_some(session, len(articles()))


def shop_details() -> ShopDetails:
    """The shop's name, address and receipt texts."""
    row = _rows("shop")[0]
    lines = {name: tuple(row.pop(name).splitlines()) for name in ("receipt_header", "receipt_footer")}
    valid_from = dt.date.fromisoformat(row.pop("valid_from"))
    return ShopDetails(
        valid_from=valid_from,
        receipt_header=lines["receipt_header"],
        receipt_footer=lines["receipt_footer"],
        **row,
    )


def users() -> list[User]:
    """Who works there; the first one founds the shop."""
    return [User(row["id"], row["name"], row["short"]) for row in _rows("users")]


def categories() -> list[Category]:
    """The tabs of the grid."""
    return [Category(row["id"], row["name"], int(row["position"]), row["colour"]) for row in _rows("categories")]


def articles() -> list[Article]:
    """The goods, services and deposits; the column `deposit` names the number of the deposit article."""
    return [_article(row) for row in _rows("articles")]


def voucher_types() -> list[VoucherType]:
    """The voucher types, each with its PLU number."""
    return [_voucher_type(row) for row in _rows("voucher_types")]


def first_page() -> list[Favourite]:
    """What the shop sells most, in the order of its positions: one page on the smallest screen."""
    placed = [(one.position, PluKind.ARTICLE, one.id) for one in articles()]
    placed += [(kind.position, PluKind.VOUCHER_TYPE, kind.id) for kind in voucher_types()]
    return [
        Favourite(place - 1, kind, str(id_))
        for place, kind, id_ in placed
        if place is not None and place <= _FIRST_PAGE
    ]


def _article(row: _Row) -> Article:
    return Article(
        id=_id("article", row["number"]),
        number=row["number"],
        name=row["name"],
        category_id=row["category"],
        price=_money(row["price"]),
        vat_key=VatKey(int(row["vat_key"])),
        kind=ArticleKind(row["kind"]),
        unit=row["unit"],
        receipt_name=row["receipt_name"],
        codes=tuple(row["gtin"].split()),
        plu=row["plu"],
        deposit_id=_id("article", row["deposit"]) if row["deposit"] else None,
        is_active=row["is_active"] == "1",
        takes_discount=row["takes_discount"] == "1",
        is_weighed=row["is_weighed"] == "1",
        position=_number(row["position"]),
        age_limit=_number(row["age_limit"]),
    )


def _voucher_type(row: _Row) -> VoucherType:
    return VoucherType(
        id=_id("voucher-type", row["plu"]),
        plu=row["plu"],
        name=row["name"],
        numbering=Numbering(row["numbering"]),
        vat_treatment=VatTreatment(row["vat_treatment"]),
        sale=_money(row["sale"]),
        face=_money(row["face"]),
        zero_price_allowed=row["zero_price_allowed"] == "1",
        face_bonus_bp=_number(row["face_bonus_bp"]),
        next_number=row["next_number"],
        note=row["note"],
        category_id=row["category"],
        position=_number(row["position"]),
    )


def _rows(name: str) -> list[_Row]:
    with resource("demo", f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _id(kind: str, number: str) -> uuid.UUID:
    return uuid.uuid5(_IDS, f"{kind} {number}")


def _money(typed: str) -> Money | None:
    """Cents from "3.50"; None for nothing."""
    if not typed:
        return None
    euros, _, cents = typed.partition(".")
    return Money(int(euros) * 100 + int(cents.ljust(2, "0") or 0))


def _number(typed: str) -> int | None:
    return int(typed) if typed else None
