"""Fixtures for all tests: both databases from a migrated template, a small shop, a till on simulated devices."""

from __future__ import annotations

import datetime as dt
import gc
import os
import pathlib
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.orm import Session

from till.app.bootstrap import Ports, Till, found_shop, open_till
from till.app.workplace import Workplace
from till.business_case import VatKey
from till.catalog.article import Article, ArticleKind, Category
from till.catalog.assortment import add_articles, add_categories
from till.clock import FixedClock
from till.db.engine import Database, sqlite_url
from till.db.protect import expected_triggers
from till.migrations.upgrade import upgrade
from till.money import Money
from till.settings import Settings, load
from till.shop.details import ShopDetails
from till.staff.users import User
from till.vouchers import opening
from till.vouchers.model import Numbering, VatTreatment, Voucher, VoucherOrigin, VoucherType
from till.vouchers.numbers import internal_number
from till.vouchers.types import add_type, voucher_type

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
MUTATION = os.environ.get("TILL_MUTATION")  # a folder, set by packaging/mutation.py: each mutant is a short session
hypothesis_settings.register_profile("busy-machine", deadline=None)
hypothesis_settings.register_profile("mutation", deadline=None, derandomize=True, database=None, max_examples=50)
hypothesis_settings.load_profile("mutation" if MUTATION else "busy-machine")

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
ROSE, TEA, CUP, DELIVERY, GLASS, DEPOSIT, FREE, CHEESE = (uuid.UUID(int=n) for n in range(1, 9))
VALUE_25, VALUE_FREE, PROMOTION, GIFT, SINGLE, OWN_NUMBER = (uuid.UUID(int=n) for n in range(101, 107))


class _Compiled(dict[Any, Any]):
    """Compiled statements of one dialect; a key's first part is the dialect's object, another one in each engine."""

    def get(self, key: Any, default: Any = None) -> Any:
        """What any engine has compiled."""
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


_COMPILED: dict[tuple[object, ...], _Compiled] = {}


@event.listens_for(Engine, "engine_connect")
def _share_compiled_statements(connection: Connection) -> None:
    """Each test opens books of its own, and the SQL is the same: a third of the run went into compiling it anew."""
    dialect = connection.dialect
    kind = (type(dialect), dialect.driver, dialect.paramstyle, dialect.server_version_info)
    connection.execution_options(compiled_cache=_COMPILED.setdefault(kind, _Compiled()))


def _binaries() -> pathlib.Path | None:
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if found:
        return found[-1]
    initdb = shutil.which("initdb")
    return pathlib.Path(initdb).parent if initdb else None


@pytest.fixture(autouse=True)
def _collector_is_on() -> Iterator[None]:
    """A command that opens the window leaves the garbage to it; the next test wants Python's own collector again."""
    yield
    gc.enable()


@pytest.fixture(autouse=True)
def _patient_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy test machine may take longer to write than a cashier should wait."""
    monkeypatch.setattr(Workplace, "GUI_WAIT_S", 20.0)


@pytest.fixture
def hasty_writes(_patient_writes: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write waits as shortly as in a shop; for tests in which the database is busy."""
    monkeypatch.setattr(Workplace, "GUI_WAIT_S", 0.2)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL of its own for this test process; the URL has a {name} for the database. initdb refuses root."""
    if MUTATION:
        pytest.skip("mutants are tried on SQLite")
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL server binaries are missing: apt-get install postgresql")
        pytest.skip("no PostgreSQL server binaries")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="till-pg-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user, user)

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [f"{binaries}/{program}", "-D", f"{folder}/data", *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=folder,
            env={**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"},
            user=user,
            group=user,
            extra_groups=[] if user else None,
        )

    run("initdb", "-U", "till", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off -c max_connections=200"
    run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", options, "start")
    try:
        yield f"postgresql+psycopg://till@/{{name}}?host={folder}"
    finally:
        run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """The name of a migrated database that others are copied from."""
    _create(postgres, "CREATE DATABASE till_template")
    database = Database(postgres.format(name="till_template"))
    upgrade(database)
    database.close()
    return "till_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A migrated SQLite file that others are copied from."""
    path = pathlib.Path(MUTATION or tmp_path_factory.mktemp("template")) / "till.db"
    if path.exists():
        return path
    database = Database(sqlite_url(path))
    upgrade(database)
    database.close()
    return path


@pytest.fixture
def sqlite_database_url(sqlite_template: pathlib.Path, tmp_path: pathlib.Path) -> str:
    """The URL of a fresh, migrated SQLite database."""
    folder = tmp_path / "shop"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "till.db")
    return sqlite_url(folder / "till.db")


@pytest.fixture
def postgres_database_url(postgres: str, postgres_template: str) -> Iterator[str]:
    """The URL of a fresh, migrated PostgreSQL database."""
    name = f"t{uuid.uuid4().hex[:16]}"
    _create(postgres, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield postgres.format(name=name)
    _create(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database on each of both systems."""
    name = "sqlite_database_url" if request.param == "sqlite" else "postgres_database_url"
    return str(request.getfixturevalue(name))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """An opened, migrated database on each of both systems."""
    opened = Database(database_url)
    yield opened
    opened.close()


Intrusion = Callable[[], AbstractContextManager[Session]]


@pytest.fixture
def behind_the_back(database: Database) -> Intrusion:
    """Opens a unit of work for somebody who has dropped all triggers."""

    @contextmanager
    def intrude() -> Iterator[Session]:
        dialect = "sqlite" if database.is_sqlite else "postgresql"
        with database.write() as session:
            for trigger in expected_triggers(dialect):
                on = "" if database.is_sqlite else f" ON {trigger.table}"
                session.execute(text(f"DROP TRIGGER IF EXISTS {trigger.name}{on}"))
            yield session

    return intrude


@pytest.fixture
def clock() -> FixedClock:
    """A Friday at noon in Berlin."""
    return FixedClock(NOON)


@pytest.fixture(scope="session")
def founded_template(sqlite_template: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """The small shop's SQLite file as it was founded, which others are copied from."""
    folder = tmp_path_factory.mktemp("founded")
    shutil.copy(sqlite_template, folder / "till.db")
    found_small_shop(load(folder, database_url=sqlite_url(folder / "till.db")))
    return folder / "till.db"


@pytest.fixture
def shop_settings(sqlite_database_url: str, founded_template: pathlib.Path, tmp_path: pathlib.Path) -> Settings:
    """The settings of a till in a small, founded shop on SQLite, with no printer."""
    shutil.copy(founded_template, tmp_path / "shop" / "till.db")
    return load(tmp_path / "shop", database_url=sqlite_database_url)


@pytest.fixture(scope="session")
def founded_postgres(postgres: str, postgres_template: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database with the small shop as it was founded, which others are copied from."""
    _create(postgres, f"CREATE DATABASE till_founded TEMPLATE {postgres_template}")
    found_small_shop(load(tmp_path_factory.mktemp("founded"), database_url=postgres.format(name="till_founded")))
    return "till_founded"


@pytest.fixture
def postgres_shop_settings(postgres: str, founded_postgres: str, tmp_path: pathlib.Path) -> Iterator[Settings]:
    """As `shop_settings`, on PostgreSQL."""
    folder = tmp_path / "shop"
    folder.mkdir(exist_ok=True)
    name = f"t{uuid.uuid4().hex[:16]}"
    _create(postgres, f"CREATE DATABASE {name} TEMPLATE {founded_postgres}")
    yield load(folder, database_url=postgres.format(name=name))
    _create(postgres, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def any_shop_settings(request: pytest.FixtureRequest) -> Settings:
    """As `shop_settings`, on each of both databases."""
    name = "shop_settings" if request.param == "sqlite" else "postgres_shop_settings"
    return request.getfixturevalue(name)  # type: ignore[no-any-return]


TillMaker = Callable[..., Till]


@pytest.fixture
def make_till(shop_settings: Settings, clock: FixedClock) -> Iterator[TillMaker]:
    """Opens tills in the small shop: `make_till()`, `make_till(ports=…, printer="tcp://…", open_shift=False)`."""
    opened: list[Till] = []

    def make(*, ports: Ports | None = None, open_shift: bool = True, **changes: object) -> Till:
        settings = replace(shop_settings, **changes)  # type: ignore[arg-type]
        till = open_till(settings, ports or Ports(clock=clock))
        opened.append(till)
        if open_shift and not till.cash.is_open:
            till.cash.open_shift(Money(10000))
        return till

    yield make
    for till in opened:
        till.close()


@pytest.fixture
def till(make_till: TillMaker) -> Till:
    """An open till in the small shop, without a printer."""
    return make_till()


VoucherBringer = Callable[..., Voucher]


@pytest.fixture
def bring_in() -> VoucherBringer:
    """Puts a voucher from before this till into the books, with any terms: `bring_in(till, type_id, "X-1", sale=Money(100))`."""

    def brought(till: Till, type_id: uuid.UUID, number: str = "", **terms: object) -> Voucher:
        context = till.workplace.context(needs_shift=False)

        def work(session: Session) -> Voucher:
            voucher = _old_voucher(session, type_id, number, terms)
            opening.bring_in(session, context, voucher)
            return voucher

        return till.workplace.database.run(work)

    return brought


def _old_voucher(session: Session, type_id: uuid.UUID, number: str, terms: dict[str, object]) -> Voucher:
    kind, voucher_id = voucher_type(session, type_id), uuid.uuid4()
    assert kind is not None
    voucher = Voucher(
        id=voucher_id,
        type_id=kind.id,
        type_name=kind.name,
        type_plu=kind.plu,
        number=number or internal_number(voucher_id),
        sale=Money(5000),
        face=Money(5000),
        vat_treatment=kind.vat_treatment,
        vat_key=kind.vat_key,
        vat_rate_bp=1900 if kind.vat_key is VatKey.GENERAL else 0,
        valid_from=dt.date(2024, 1, 1),
        valid_until=dt.date(2034, 12, 31),
        issued_at=dt.datetime(2024, 1, 1, 9, 0, tzinfo=dt.UTC),
        issued_till="",
        issued_number=0,
        origin=VoucherOrigin.OLD,
        entry_id=uuid.uuid4(),
    )
    return replace(voucher, **terms)  # type: ignore[arg-type]


def found_small_shop(settings: Settings) -> Settings:
    """Give an empty database a shop with a handful of articles and one voucher type of each sort."""
    database = Database(settings.database_url)
    details = ShopDetails(dt.date(2020, 1, 1), "Blumen & Tee", "Weg 1", "12345", "Ort", tax_number="12/345/67890")
    found_shop(database, details, User("1", "Marie Klein", "MK"))
    with database.write() as session:
        add_categories(
            session, [Category("all", "Alles", 1, "#DDEBD0"), Category("vouchers", "Gutscheine", 2, "#F8E6C4")]
        )
        add_articles(session, _articles())
        for kind in _voucher_types():
            add_type(session, kind)
    database.close()
    return settings


def _articles() -> list[Article]:
    def article(number: int, name: str, price: int | None, key: VatKey, **more: object) -> Article:
        amount = Money(price) if price is not None else None
        base = Article(uuid.UUID(int=number), str(number), name, "all", amount, key, position=number)
        return replace(base, **more)  # type: ignore[arg-type]

    return [
        article(1, "Rose", 350, VatKey.REDUCED, codes=("4006381333931",)),
        article(2, "Assam Tee", 890, VatKey.REDUCED, codes=("4012345000016",)),
        article(3, "Becher", 1200, VatKey.GENERAL, codes=("4012345000023",)),
        article(4, "Lieferung", 800, VatKey.GENERAL, kind=ArticleKind.SERVICE),
        article(5, "Saft im Glas", 300, VatKey.GENERAL, deposit_id=DEPOSIT, codes=("4012345000047",)),
        article(6, "Pfand Glas", 200, VatKey.GENERAL, kind=ArticleKind.DEPOSIT, takes_discount=False),
        article(7, "Strauß nach Wunsch", None, VatKey.REDUCED),
        article(8, "Käse", 1999, VatKey.REDUCED, is_weighed=True, unit="kg"),
    ]


def _voucher_types() -> list[VoucherType]:
    auto = Numbering.AUTOMATIC
    return [
        VoucherType(VALUE_25, "901", "Gutschein 25", auto, sale=Money(2500), next_number="AG-0001"),
        VoucherType(VALUE_FREE, "902", "Gutschein frei", auto, next_number="FR-0001"),
        VoucherType(PROMOTION, "903", "Aktion 20/30", auto, sale=Money(2000), face=Money(3000), next_number="AK-0001"),
        VoucherType(
            GIFT,
            "904",
            "Geschenk",
            auto,
            face=Money(1500),
            sale=Money(0),
            zero_price_allowed=True,
            next_number="GE-0001",
        ),
        VoucherType(
            SINGLE,
            "905",
            "Floristik-Kurs",
            auto,
            VatTreatment.SINGLE_PURPOSE,
            VatKey.GENERAL,
            sale=Money(5000),
            next_number="EK-0001",
        ),
        VoucherType(OWN_NUMBER, "906", "Eigene Nummer", Numbering.OWN, sale=Money(3000)),
    ]


def _create(postgres: str, statement: str) -> None:
    engine = create_engine(postgres.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
