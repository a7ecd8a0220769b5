"""A real till on a small shop of flowers and tea, and the window over it, offscreen."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import datetime as dt
import gc
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot
from sqlalchemy import make_url

from till.app.bootstrap import Ports, Till, found_shop, open_database, open_till
from till.app.views import Tile
from till.business_case import VatKey
from till.catalog.article import Article, Category
from till.catalog.assortment import add_articles, add_categories
from till.clock import FixedClock
from till.money import Money
from till.settings import Settings
from till.shop.details import ShopDetails
from till.staff.pin import Argon2
from till.staff.users import User
from till.ui.main.window import MainWindow
from till.ui.office.window import OfficeWindow
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


def make_till(folder: Path, url: str, **changes: object) -> Till:
    """Found the shop in an empty database and open its till; what was founded once in this process is copied."""
    settings = replace(Settings(folder, url, language="en", sounds=False), **changes)  # type: ignore[arg-type]
    file = Path(make_url(url).database or "")
    if _FOUNDED:
        file.write_bytes(_FOUNDED[0])
    else:
        _found(settings)
        _FOUNDED.append(file.read_bytes())
    return open_till(settings, Ports(clock=FixedClock(NOW), pins=Argon2(1, 8, 1)))


_FOUNDED: list[bytes] = []


def _found(settings: Settings) -> None:
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
                uuid.uuid4(),
                "903",
                "Gutschein frei",
                Numbering.AUTOMATIC,
                next_number="AG2026-0001",
                category_id="vouchers",
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


@pytest.fixture(scope="module")
def _lasting_objects() -> None:
    """What imports and earlier modules left is no garbage; without it a look for garbage is quick."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _garbage_of_the_window(_lasting_objects: None) -> Iterator[None]:
    """Windows that are gone are collected on their own thread, as in the program (see `till.ui.memory`)."""
    gc.disable()
    yield
    gc.collect()
    gc.enable()


def pytest_runtest_logfinish() -> None:
    """What the test's own values held is garbage only now; the next test may have threads, and one of them would collect it."""
    gc.collect()


@pytest.fixture
def clock() -> FixedClock:
    """A Saturday afternoon in November."""
    return FixedClock(NOW)


@pytest.fixture
def closed_till(sqlite_database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Till]:
    """A till in the morning, not yet opened."""
    opened = make_till(tmp_path / "shop", sqlite_database_url, **getattr(request, "param", {}))
    yield opened
    opened.close()


@pytest.fixture
def till(sqlite_database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Till]:
    """An open till with a float of 150,00; parametrize it indirectly with a dict to change settings."""
    opened = make_till(tmp_path / "shop", sqlite_database_url, **getattr(request, "param", {}))
    opened.cash.open_shift(Money(15000))
    yield opened
    opened.close()


@pytest.fixture
def tile(till: Till) -> Callable[[str], Tile]:
    """The tile with this name."""
    return lambda name: next(found for found in till.sale.assortment().tiles if found.name == name)


@pytest.fixture
def sell_voucher(till: Till, tile: Callable[[str], Tile]) -> Callable[[int], str]:
    """Sells a voucher over so many cents for cash; gives its number."""

    def sold(cents: int) -> str:
        desk = till.sale
        desk.add(tile("Gutschein frei"), price=Money(cents))
        desk.pay_cash(Money(cents))
        number = desk.complete().vouchers[0].number
        desk.dismiss()
        return number

    return sold


@pytest.fixture
def open_window(qtbot: QtBot, clock: FixedClock) -> Iterator[Callable[[Till], MainWindow]]:
    """Opens windows over a till at 1024×768; they are wholly gone afterwards."""
    windows: list[MainWindow] = []

    def opened(till: Till) -> MainWindow:
        prepare_application()
        window = MainWindow(till, clock, Sounds(are_on=False))
        windows.append(window)
        window.resize(1024, 768)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield opened
    for window in windows:
        window.bridge._look_round.stop()  # a running timer must not wait for a collector on another thread
        window.close()
        if (
            window.office is not None
        ):  # something unsaved kept it open; it must not wait for a collector on another thread
            window.office.deleteLater()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def window(till: Till, open_window: Callable[[Till], MainWindow]) -> MainWindow:
    """The window over an open till."""
    return open_window(till)


@pytest.fixture
def office(till: Till, window: MainWindow, qtbot: QtBot) -> OfficeWindow:
    """The office beside the counter."""
    made = OfficeWindow(window.look, till)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    return made
