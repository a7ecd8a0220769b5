"""The demo shop's master data: `resources/demo/*.csv` as values, and the founding of the shop with them."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from till.app.founding import found
from till.catalog.assortment import add_articles, add_categories
from till.catalog.favourites import Favourite, put
from till.catalog.plu import PluKind
from till.catalog.search_index import index_some
from till.catalog.shipped import Row, articles, categories, money, rows, shipped_id, whole_number
from till.shop.details import ShopDetails
from till.staff.users import User, add_user
from till.vouchers.model import Numbering, VatTreatment, VoucherType
from till.vouchers.types import add_type

_FIRST_PAGE = 20


def found_demo_shop(session: Session) -> None:
    """Found the shop in an empty database, with its people, goods and voucher types."""
    people = users()
    found(session, shop_details(), people[0])
    for person in people[1:]:
        add_user(session, person)
    add_categories(session, categories())
    add_articles(session, articles())
    for kind in voucher_types():
        add_type(session, kind)
    for favourite in first_page():
        put(session, favourite)
    index_some(session, len(articles()))


def shop_details() -> ShopDetails:
    """The shop's name, address and receipt texts."""
    row = rows("shop")[0]
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
    return [User(row["id"], row["name"], row["short"]) for row in rows("users")]


def voucher_types() -> list[VoucherType]:
    """The voucher types, each with its PLU number."""
    return [_voucher_type(row) for row in rows("voucher_types")]


def first_page() -> list[Favourite]:
    """What the shop sells most, in the order of its positions: one page on the smallest screen."""
    placed = [(one.position, PluKind.ARTICLE, one.id) for one in articles()]
    placed += [(kind.position, PluKind.VOUCHER_TYPE, kind.id) for kind in voucher_types()]
    return [
        Favourite(place - 1, kind, str(id_))
        for place, kind, id_ in placed
        if place is not None and place <= _FIRST_PAGE
    ]


def _voucher_type(row: Row) -> VoucherType:
    return VoucherType(
        id=shipped_id("voucher-type", row["plu"]),
        plu=row["plu"],
        name=row["name"],
        numbering=Numbering(row["numbering"]),
        vat_treatment=VatTreatment(row["vat_treatment"]),
        sale=money(row["sale"]),
        face=money(row["face"]),
        zero_price_allowed=row["zero_price_allowed"] == "1",
        face_bonus_bp=whole_number(row["face_bonus_bp"]),
        next_number=row["next_number"],
        note=row["note"],
        category_id=row["category"],
        position=whole_number(row["position"]),
    )
