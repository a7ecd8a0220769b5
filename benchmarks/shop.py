"""A shop to measure in: as many articles as wanted, each with a code to scan, two VAT rates and a voucher type."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import TypeVar

from till.app.bootstrap import Ports, Till, found_shop, open_database, open_till
from till.business_case import VatKey
from till.catalog.article import Article, Category
from till.catalog.assortment import add_articles, add_categories
from till.documents.model import Document
from till.errors import Unavailable
from till.money import Money
from till.settings import Settings, load, make_data_dir
from till.shop.details import ShopDetails
from till.staff.users import User

BUILD = Path(__file__).parents[1] / "build"
_PER_CATEGORY = 200
_AGAIN_S = 0.1
T = TypeVar("T")
_NAMES = ("Rosenstrauß", "Assam Tee", "Müsli", "Kerze", "Grußkarte", "Honig", "Seife", "Straußgras", "Becher", "Vase")


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder on the disk of this checkout: /tmp may lie in memory, where an fsync costs nothing."""
    BUILD.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="bench-", dir=BUILD) as folder:
        yield Path(folder)


def new_shop(folder: Path, articles: int, database_url: str | None = None) -> Settings:
    """Found a shop with this many articles in `folder`, or on a server. It has no printer, so no receipts are owed."""
    settings = load(folder, database_url=database_url)
    make_data_dir(folder)
    database = open_database(settings)
    details = ShopDetails(dt.date(2020, 1, 1), "Blumen & Tee", "Weg 1", "12345", "Ort", tax_number="12/345/67890")
    found_shop(database, details, User("1", "Marie Klein", "MK"))
    with database.write() as session:
        add_categories(session, [_category(number) for number in range(-(-articles // _PER_CATEGORY))])
        add_articles(session, (_article(number) for number in range(articles)))
    database.checkpoint()
    database.close()
    return settings


@contextmanager
def open_shop(settings: Settings, ports: Ports | None = None) -> Iterator[Till]:
    """The till of this shop, its shift open, all its first receipts signed."""
    till = open_till(settings, ports)
    try:
        if not till.cash.is_open:
            patiently(lambda: till.cash.open_shift(Money(10_000)))
        till.settle()
        yield till
    finally:
        till.close()


def sell(till: Till, numbers: Iterable[int]) -> Document:
    """Sell these articles for cash at the desk and wait until the receipt is signed and owed."""
    for number in numbers:
        till.sale.scan(code_of(number))
    till.sale.pay_cash(till.sale.state.settlement.open)
    document = completed(till)
    till.settle()
    return document


def patiently(action: Callable[[], T]) -> T:
    """Do it; do it again, as the till asks for, where a busy machine kept its database waiting."""
    while True:
        try:
            return action()
        except Unavailable:
            sleep(_AGAIN_S)


def completed(till: Till) -> Document:
    """Press Complete until the sale is booked."""
    return patiently(till.sale.complete).document


def code_of(number: int) -> str:
    """The EAN-13 printed on an article."""
    digits = f"40{number:010d}"
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-weighted % 10}"


def _category(number: int) -> Category:
    return Category(f"c{number}", f"Gruppe {number}", number, "#DDEBD0")


def _article(number: int) -> Article:
    return Article(
        id=uuid.UUID(int=number + 1),
        number=str(100_000 + number),
        name=f"{_NAMES[number % len(_NAMES)]} {number}",
        category_id=f"c{number // _PER_CATEGORY}",
        price=Money(199 + number % 4000),
        vat_key=VatKey.REDUCED if number % 3 else VatKey.GENERAL,
        codes=(code_of(number),),
        position=number,
    )
