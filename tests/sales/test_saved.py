"""An open basket survives a restart to the last cent."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from till.business_case import BonTyp, GvTyp, VatKey
from till.catalog.price_list import ListPrice, Tier
from till.db.context import Context
from till.db.engine import Database
from till.documents.model import DocumentKind, Draft, Reference
from till.documents.post import post
from till.money import ZERO, Money
from till.quantity import Quantity
from till.sales import saved
from till.sales.basket import AmountOff, Basket, BasketLine, Item, ItemKind, PercentOff, VoucherOrder
from till.sales.saved import SavedSale, from_json, to_json
from till.sales.tender import Goodwill, Tendered, TenderKind

NOON = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
ROSE = Item(ItemKind.ARTICLE, "1", "Rose", VatKey.REDUCED)
SALE = SavedSale(Basket(uuid.UUID(int=1), NOON).with_line(ROSE, Money(350)))

AMOUNTS = st.integers(1, 10**9).map(Money)
DISCOUNTS = st.one_of(st.none(), st.integers(1, 10_000).map(PercentOff), AMOUNTS.map(AmountOff))
WORDS = st.text(max_size=20)
VOUCHERS = st.one_of(
    st.none(), st.builds(VoucherOrder, st.uuids(), AMOUNTS, WORDS, WORDS, st.booleans(), st.booleans())
)
LIST_PRICES = st.builds(
    ListPrice,
    AMOUNTS,
    st.lists(st.builds(Tier, st.integers(1, 10**6).map(Quantity), AMOUNTS), max_size=3).map(tuple),
    st.one_of(st.none(), st.datetimes(timezones=st.just(dt.UTC))),
)
ITEMS = st.builds(
    Item,
    st.sampled_from(ItemKind),
    WORDS,
    WORDS,
    st.sampled_from(VatKey),
    st.sampled_from(GvTyp),
    gtin=WORDS,
    unit=WORDS,
    category_id=WORDS,
    category=WORDS,
    takes_discount=st.booleans(),
    whole_pieces=st.booleans(),
    voucher=VOUCHERS,
    list_price=st.one_of(st.none(), LIST_PRICES),
)
LINES = st.builds(
    BasketLine,
    st.integers(1, 999),
    ITEMS,
    st.integers(1, 10**6).map(Quantity),
    AMOUNTS,
    DISCOUNTS,
    WORDS,
    st.one_of(st.none(), st.integers(1, 99)),
    st.one_of(st.none(), AMOUNTS),
)
TENDERED = st.builds(
    Tendered,
    st.integers(1, 99),
    st.sampled_from(TenderKind),
    WORDS,
    WORDS,
    AMOUNTS,
    st.one_of(st.none(), st.uuids()),
    st.one_of(st.just(ZERO), AMOUNTS),
    st.one_of(st.none(), st.builds(Goodwill, WORDS, WORDS)),
)
SALES = st.builds(
    SavedSale,
    st.builds(
        Basket,
        st.uuids(),
        st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC)),  # noqa: DTZ001 - hypothesis asks for naive bounds
        st.lists(LINES, max_size=4).map(tuple),
        DISCOUNTS,
        st.integers(1, 999),
    ),
    st.lists(TENDERED, max_size=3).map(tuple),
    st.lists(st.builds(Reference, WORDS, st.integers(1, 99), st.uuids()), max_size=2).map(tuple),
)


A, B, C, D = (uuid.UUID(int=n) for n in range(11, 15))
GLASS = Item(ItemKind.DEPOSIT, "6", "Pfand", VatKey.GENERAL, GvTyp.PFAND, takes_discount=False, whole_pieces=False)
FULL_ROSE = Item(ItemKind.ARTICLE, "1", "Rose", VatKey.REDUCED, GvTyp.UMSATZ, "40", "kg", "f", "Blumen")
GIFT = Item(
    ItemKind.VOUCHER,
    "901",
    "Gutschein",
    VatKey.NOT_TAXABLE,
    GvTyp.MEHRZWECK_KAUF,
    voucher=VoucherOrder(B, Money(2500), "S7", "Für Oma"),
)
FULL_SALE = SavedSale(
    Basket(
        A,
        NOON,
        (
            BasketLine(1, FULL_ROSE, Quantity(1500), Money(350), PercentOff(1000), "rot"),
            BasketLine(2, GLASS, Quantity(1500), Money(25), AmountOff(Money(5)), belongs_to=1),
            BasketLine(4, GIFT, Quantity(1000), Money(2000)),
        ),
        AmountOff(Money(100)),
        5,
    ),
    (
        Tendered(1, TenderKind.VOUCHER, "voucher", "AG-1", Money(700), C),
        Tendered(2, TenderKind.CASH, "cash", "Bar", Money(5000)),
    ),
    (Reference("K1", 7, D),),
)
STORED = {
    "version": 1,
    "order": str(A),
    "started_at": "2026-11-20T11:00:00.000000+00:00",
    "discount": ["amount", 100],
    "next": 5,
    "lines": [
        {
            "id": 1,
            "quantity": 1500,
            "unit_price": 350,
            "discount": ["percent", 1000],
            "note": "rot",
            "belongs_to": None,
            "kind": "article",
            "number": "1",
            "name": "Rose",
            "vat_key": 2,
            "gv_typ": "Umsatz",
            "gtin": "40",
            "unit": "kg",
            "category": ["f", "Blumen"],
            "takes_discount": True,
            "whole_pieces": True,
            "voucher": None,
        },
        {
            "id": 2,
            "quantity": 1500,
            "unit_price": 25,
            "discount": ["amount", 5],
            "note": "",
            "belongs_to": 1,
            "kind": "deposit",
            "number": "6",
            "name": "Pfand",
            "vat_key": 1,
            "gv_typ": "Pfand",
            "gtin": "",
            "unit": "",
            "category": ["", ""],
            "takes_discount": False,
            "whole_pieces": False,
            "voucher": None,
        },
        {
            "id": 4,
            "quantity": 1000,
            "unit_price": 2000,
            "discount": None,
            "note": "",
            "belongs_to": None,
            "kind": "voucher",
            "number": "901",
            "name": "Gutschein",
            "vat_key": 5,
            "gv_typ": "MehrzweckgutscheinKauf",
            "gtin": "",
            "unit": "",
            "category": ["", ""],
            "takes_discount": True,
            "whole_pieces": True,
            "voucher": [str(B), 2500, "S7", "Für Oma"],
        },
    ],
    "tendered": [[1, "voucher", "voucher", "AG-1", 700, str(C)], [2, "cash", "cash", "Bar", 5000, None]],
    "references": [["K1", 7, str(D)]],
}


def test_the_stored_form_of_a_sale_is_fixed() -> None:
    """A basket that was kept before an update of the program is read after it."""
    assert json.loads(to_json(FULL_SALE)) == STORED
    assert from_json(json.dumps(STORED)) == FULL_SALE


@given(SALES)
def test_any_sale_comes_back_as_it_was(sale: SavedSale) -> None:
    assert from_json(to_json(sale)) == sale


def test_a_sale_of_another_version_is_not_guessed_at() -> None:
    body = json.dumps(json.loads(to_json(SALE)) | {"version": 99})
    with pytest.raises(ValueError, match="version 99"):
        from_json(body)


@pytest.fixture
def kept(sqlite_database_url: str) -> Iterator[Database]:
    database = Database(sqlite_database_url)
    yield database
    database.close()


def test_a_till_keeps_one_open_sale(kept: Database) -> None:
    other = SavedSale(Basket(uuid.UUID(int=2), NOON).with_line(ROSE, Money(300)))
    with kept.write() as session:
        assert saved.saved(session, "K1") is None
        saved.save(session, "K1", SALE, NOON)
        saved.save(session, "K1", other, NOON)
        saved.save(session, "K2", SALE, NOON)
        assert saved.saved(session, "K1") == other
        assert saved.saved(session, "K2") == SALE


def test_an_empty_basket_is_forgotten(kept: Database) -> None:
    with kept.write() as session:
        saved.save(session, "K1", SALE, NOON)
        saved.save(session, "K1", SavedSale(Basket(uuid.UUID(int=3), NOON)), NOON)
        assert saved.saved(session, "K1") is None


def test_a_sale_that_was_booked_meanwhile_stays_forgotten(kept: Database) -> None:
    context = Context("K1", None, "1", "Marie", NOON, NOON.date())
    with kept.write() as session:
        saved.save_unless_booked(session, "K1", SALE, NOON)
        assert saved.saved(session, "K1") == SALE
        post(session, context, Draft(SALE.basket.order_id, DocumentKind.SALE, BonTyp.BELEG, NOON))
        saved.forget(session, "K1")
        saved.save_unless_booked(session, "K1", SALE, NOON)
        assert saved.saved(session, "K1") is None
