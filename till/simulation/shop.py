"""The simulated shop: goods with awkward prices and a voucher type of each sort, founded in an empty database."""

from __future__ import annotations

import datetime as dt
import uuid

from sqlalchemy.orm import Session

from till.app.bootstrap import found_shop, open_database
from till.business_case import VatKey
from till.catalog.article import Article, ArticleKind, Category
from till.catalog.assortment import add_articles, add_categories
from till.catalog.price_list import PriceList, Schedule, Tier
from till.catalog.prices import store
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.quantity import Quantity
from till.settings import Settings
from till.shop.details import ShopDetails
from till.simulation.shopping import Good, Kind
from till.staff.users import User
from till.vouchers.model import Numbering, VatTreatment, VoucherType
from till.vouchers.types import add_type

SHOP_THERE = msg("There is a shop already. The simulation makes its own: choose an empty folder or database.")
_GLASS = Good("6", "Pfand Glas", 1, 25, Kind.DEPOSIT, discountable=False)
_ARTICLES = (
    Good("1", "Rose", 2, 350, code="4006381333931", tiers=((3000, 333), (12_000, 299))),
    Good("2", "Assam Tee", 2, 899, code="4012345000016"),
    Good("3", "Becher", 1, 1295, code="4012345000023"),
    Good("4", "Lieferung", 1, 777),
    Good("5", "Saft im Glas", 1, 333, tied=_GLASS, code="4012345000047"),
    _GLASS,
    Good("7", "Strauß nach Wunsch", 2, None),
    Good("8", "Käse", 2, 1999, weighed=True),
    Good("9", "Postkarte", 1, 5, code="4012345000054"),
    Good("10", "Buch", 2, 2490, discountable=False, code="4012345000061"),
    Good("11", "Porto", 6, 85),
)
_ANY_VALUE = Good("902", "Gutschein frei", 5, None, Kind.VOUCHER, discountable=False, first_number="AG-0001")
GIVEN = (_ANY_VALUE, Good("999", "", 5, None, Kind.VOUCHER, discountable=False, first_number="RG-0001"))
"""The types of vouchers that are given for what comes back; the second is in every shop (V4)."""


def goods(first_day: dt.date) -> tuple[Good, ...]:
    """All that is on sale in a shop that opens on `first_day`; one voucher type soon expires, two share their numbers."""
    voucher = Kind.VOUCHER
    soon = first_day + dt.timedelta(days=1)
    return (
        *_ARTICLES,
        Good("901", "Gutschein 25", 5, 2500, voucher, discountable=False, first_number="AG-0001"),
        _ANY_VALUE,
        Good("903", "Aktion 20/30", 5, 2000, voucher, discountable=False, face=3000, first_number="AK-0001"),
        Good(
            "904",
            "Geschenk",
            5,
            None,
            voucher,
            discountable=False,
            face=1500,
            may_be_free=True,
            first_number="GE-0001",
        ),
        Good("905", "Kurs", 1, 5000, voucher, discountable=False, single=True, first_number="EK-0001"),
        Good("906", "Kurs-Aktion", 1, 2999, voucher, discountable=False, face=4001, single=True, first_number="EA-8"),
        Good("907", "Ungerade", 5, 1999, voucher, discountable=False, face=3333, first_number="UG-099"),
        Good("908", "Kurz", 5, 1000, voucher, discountable=False, face=1234, first_number="KU-01", expires=soon),
    )


def found(settings: Settings, on_sale: tuple[Good, ...]) -> None:
    """Found the simulated shop; Refused where there is a shop, which might be a real one."""
    database = open_database(settings)
    try:
        details = ShopDetails(dt.date(2010, 1, 1), "Simulation", "Weg 1", "12345", "Ort", tax_number="12/345/67890")
        if not found_shop(database, details, User("1", "Marie Klein", "MK")):
            raise Refused(SHOP_THERE)
        with database.write() as session:
            _fill(session, on_sale)
    finally:
        database.close()


def _fill(session: Session, on_sale: tuple[Good, ...]) -> None:
    add_categories(session, [Category("all", "Alles", 1, "#DDEBD0"), Category("vouchers", "Gutscheine", 2, "#F8E6C4")])
    add_articles(session, [_article(good) for good in on_sale if good.kind is not Kind.VOUCHER])
    for good in on_sale:
        if good.kind is Kind.VOUCHER:
            add_type(session, _voucher_type(good))
        elif good.tiers:
            tiers = tuple(Tier(Quantity(least), Money(cents)) for least, cents in good.tiers)
            store(session, _id(good), Schedule(PriceList(_money(good.cents), tiers)))


def _article(good: Good) -> Article:
    return Article(
        id=_id(good),
        number=good.number,
        name=good.name,
        category_id="all",
        price=_money(good.cents),
        vat_key=VatKey(good.vat_key),
        kind=ArticleKind.DEPOSIT if good.kind is Kind.DEPOSIT else ArticleKind.GOODS,
        unit="kg" if good.weighed else "Stk",
        codes=(good.code,) if good.code else (),
        deposit_id=_id(good.tied) if good.tied else None,
        takes_discount=good.discountable,
        is_weighed=good.weighed,
        position=int(good.number),
    )


def _voucher_type(good: Good) -> VoucherType:
    return VoucherType(
        id=_id(good),
        plu=good.number,
        name=good.name,
        numbering=Numbering.AUTOMATIC,
        vat_treatment=VatTreatment.SINGLE_PURPOSE if good.single else VatTreatment.MULTI_PURPOSE,
        vat_key=VatKey(good.vat_key),
        sale=Money(0) if good.may_be_free else _money(good.cents),
        face=_money(good.face),
        zero_price_allowed=good.may_be_free,
        next_number=good.first_number,
        valid_until=good.expires,
        category_id="vouchers",
        position=int(good.number),
    )


def _id(good: Good) -> uuid.UUID:
    return uuid.UUID(int=int(good.number))


def _money(cents: int | None) -> Money | None:
    return None if cents is None else Money(cents)
