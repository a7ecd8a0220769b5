"""A real till on a small shop of flowers and tea, and the window over it, offscreen."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from till.app.bootstrap import Ports, Till, found_shop, open_database, open_till
from till.app.views import Tile
from till.business_case import VatKey
from till.catalog.article import Article, Category
from till.catalog.assortment import add_articles, add_categories
from till.clock import FixedClock
from till.money import Money
from till.settings import Settings
from till.shop.details import ShopDetails
from till.staff.users import User
from till.ui.main.window import MainWindow
from till.ui.sounds import Sounds
from till.ui.start import prepare_application
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.types import add_type

NOW = dt.datetime(2026, 11, 21, 13, 32, tzinfo=dt.UTC)
ROSE_GTIN = "4400119000179"
_GOODS = (
    ("1001", "Rose", "flowers", 350, VatKey.REDUCED, ROSE_GTIN),
    ("1002", "Tulpe 10er", "flowers", 690, VatKey.REDUCED, "4400119000247"),
    ("2001", "Strauß „Herbstlicht“", "bouquets", 2900, VatKey.REDUCED, ""),
    ("3001", "Assam TGFOP 100 g", "tea", 890, VatKey.REDUCED, ""),
    ("4001", "Teekanne 1,2 l", "accessories", 4900, VatKey.GENERAL, ""),
    ("4002", "Grußkarte A6", "accessories", 220, VatKey.GENERAL, ""),
    ("5001", "Lieferung", "services", None, VatKey.GENERAL, ""),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform says at every window that it has no window manager to tell sizes to."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore("does not support propagateSizeHints", extend=True))


@dataclass(frozen=True)
class Shop:
    """An open till and what tests need of its assortment."""

    till: Till

    def tile(self, name: str) -> Tile:
        return next(tile for tile in self.till.sale.assortment().tiles if tile.name == name)

    def sell_voucher(self, cents: int = 5000) -> str:
        """Sell a voucher for cash; its number."""
        desk = self.till.sale
        desk.add(self.tile("Gutschein frei"), price=Money(cents))
        desk.pay_cash(Money(cents))
        number = desk.complete().vouchers[0].number
        desk.dismiss()
        return number


def make_till(folder: Path, **changes: object) -> Till:
    settings = replace(Settings(folder, f"sqlite:///{folder / 'till.db'}", sounds=False), **changes)  # type: ignore[arg-type]
    database = open_database(settings)
    details = ShopDetails(
        dt.date(2020, 1, 1), "Blumen & Tee Sommer", "Sommergasse 7", "01234", "Blütenstadt", tax_number="1/2"
    )
    found_shop(database, details, User("1", "Marie Klein", "MK"))
    with database.write() as session:
        add_categories(
            session,
            [
                Category("flowers", "Schnittblumen", 1, "#F7D6DC"),
                Category("bouquets", "Sträuße", 2, "#F7D6DC"),
                Category("tea", "Tee", 3, "#DDEBD0"),
                Category("accessories", "Zubehör", 4, "#D5E4F3"),
                Category("vouchers", "Gutscheine", 5, "#F8E5C4"),
                Category("services", "Service", 6, "#E5E7EB"),
            ],
        )
        add_articles(
            session,
            [
                Article(
                    uuid.uuid4(),
                    number,
                    name,
                    category,
                    None if cents is None else Money(cents),
                    key,
                    codes=(code,) if code else (),
                    position=place,
                )
                for place, (number, name, category, cents, key, code) in enumerate(_GOODS)
            ],
        )
        add_type(
            session,
            VoucherType(
                uuid.uuid4(), "903", "Gutschein frei", Numbering.AUTOMATIC, next_number="AG2026-0001", category_id="vouchers"
            ),
        )
        add_type(
            session,
            VoucherType(
                uuid.uuid4(),
                "901",
                "Gutschein 25 €",
                Numbering.AUTOMATIC,
                sale=Money(2500),
                next_number="AG25-0001",
                category_id="vouchers",
            ),
        )
    database.close()
    return open_till(settings, Ports(clock=FixedClock(NOW)))


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def shop(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Shop]:
    """An open till with a float of 150,00; `@pytest.mark.parametrize("shop", [{...}], indirect=True)` changes settings."""
    till = make_till(tmp_path, **getattr(request, "param", {}))
    till.cash.open_shift(Money(15000))
    yield Shop(till)
    till.close()


@pytest.fixture
def closed_shop(tmp_path: Path) -> Iterator[Shop]:
    """A till in the morning, not yet opened."""
    till = make_till(tmp_path)
    yield Shop(till)
    till.close()


@pytest.fixture
def open_window(qtbot: QtBot, clock: FixedClock) -> Callable[[Shop], MainWindow]:
    """Opens the window over a till at 1024×768."""

    def opened(shop: Shop) -> MainWindow:
        prepare_application()
        window = MainWindow(shop.till, clock, Sounds(are_on=False))
        qtbot.addWidget(window)
        window.resize(1024, 768)
        window.show()
        qtbot.waitExposed(window)
        return window

    return opened


@pytest.fixture
def window(shop: Shop, open_window: Callable[[Shop], MainWindow]) -> MainWindow:
    """The window over an open till."""
    return open_window(shop)
