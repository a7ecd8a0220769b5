"""The demo's assortment: believable, complete and free of numbers that stand twice."""

from __future__ import annotations

import csv
import re
from collections import Counter
from functools import cache

import pytest

from till.business_case import VatKey
from till.catalog.article import ArticleKind
from till.catalog.barcodes import CodeKind, parse
from till.catalog.search_text import normalised
from till.formats import parse_money
from till.i18n import resource
from till.money import ZERO, Money

FIRST_PAGE = [
    ("Rose", 350),
    ("Tulpe 10er", 690),
    ("Strauß klein", 1490),
    ("Strauß mittel", 2200),
    ("Strauß groß", 3400),
    ("Assam 100 g", 890),
    ("Darjeeling FF", 1150),
    ("Earl Grey", 790),
    ("Kräuter „Abend“", 640),
    ("Rooibos Vanille", 590),
    ("Teekanne 1,2 l", 4900),
    ("Becher", 1200),
    ("Teesieb", 650),
    ("Grußkarte", 220),
    ("Geschenkpapier", 150),
    ("Gutschein 25 €", 2500),
    ("Gutschein 50 €", 5000),
    ("Gutschein frei", None),
    ("Floristik-Kurs", 3900),
    ("Lieferung", 800),
]


@cache
def rows(name: str) -> list[dict[str, str]]:
    with resource("demo", name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def price_of(row: dict[str, str], column: str) -> Money | None:
    return parse_money(row[column]) if row[column] else None


def repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if value and count > 1]


def test_there_are_at_least_three_hundred_articles() -> None:
    assert len(rows("articles.csv")) >= 300


def test_every_good_has_a_valid_gtin_of_its_own() -> None:
    gtins = [row["gtin"] for row in rows("articles.csv")]
    without = [row["name"] for row in rows("articles.csv") if row["kind"] == "goods" and not row["gtin"]]

    assert [gtin for gtin in gtins if gtin and parse(gtin).kind is not CodeKind.GTIN] == []
    assert [gtin for gtin in gtins if gtin and not gtin.startswith("440")] == []
    assert repeated(gtins) == []
    assert without == ["Sonstiges 7 %"]


@pytest.mark.parametrize("column", ["number", "name", "position"])
def test_numbers_names_and_places_stand_once(column: str) -> None:
    sold = rows("articles.csv") + [{"number": row["plu"], **row} for row in rows("voucher_types.csv")]

    assert repeated([row[column] for row in sold]) == []


def test_a_plu_names_one_article_or_voucher_type_and_is_no_article_number() -> None:
    plus = [row["plu"] for name in ("articles.csv", "voucher_types.csv") for row in rows(name)]

    assert repeated(plus) == []
    assert set(plus).isdisjoint(row["number"] for row in rows("articles.csv"))


def test_names_fit_on_a_receipt() -> None:
    names = [row[column] for row in rows("articles.csv") for column in ("name", "receipt_name")]

    assert [name for name in names if len(name) > 40 or name != name.strip()] == []
    assert [row["name"] for row in rows("voucher_types.csv") if len(row["name"]) > 30] == []


def test_prices_are_positive_and_some_are_asked() -> None:
    prices = [price_of(row, "price") for row in rows("articles.csv")]

    assert all(price is None or price > ZERO for price in prices)
    assert prices.count(None) >= 1


@pytest.mark.parametrize(
    ("category", "keys"),
    [
        ("cut-flowers", {VatKey.REDUCED}),
        ("plants", {VatKey.REDUCED}),
        ("vases", {VatKey.GENERAL}),
        ("accessories", {VatKey.GENERAL}),
        ("courses", {VatKey.GENERAL}),
        ("services", {VatKey.GENERAL}),
        ("deposit", {VatKey.GENERAL}),
        ("tea", {VatKey.REDUCED, VatKey.GENERAL}),
        ("bouquets", {VatKey.REDUCED, VatKey.GENERAL}),
        ("cards", {VatKey.REDUCED, VatKey.GENERAL}),
    ],
)
def test_the_vat_key_fits_the_goods(category: str, keys: set[VatKey]) -> None:
    assert {VatKey(int(row["vat_key"])) for row in rows("articles.csv") if row["category"] == category} == keys


def test_drinks_alcohol_and_dried_flowers_are_not_reduced() -> None:
    drinks = re.compile(r"eistee|limonade|schorle|sirup|sekt|likor|wein|trocken|seiden")
    taxed = {int(row["vat_key"]) for row in rows("articles.csv") if drinks.search(normalised(row["name"]))}

    assert taxed == {VatKey.GENERAL}


def test_every_kind_of_article_is_there() -> None:
    articles = rows("articles.csv")

    assert {ArticleKind(row["kind"]) for row in articles} == set(ArticleKind)
    assert any(row["is_weighed"] == "1" and row["unit"] == "kg" for row in articles)
    assert any(row["age_limit"] for row in articles)
    assert any(row["is_active"] == "0" for row in articles)


def test_deposits_are_tied_to_deposit_articles_without_discount() -> None:
    deposits = {row["number"]: row for row in rows("articles.csv") if row["kind"] == "deposit"}
    tied = {row["deposit"] for row in rows("articles.csv") if row["deposit"]}

    assert tied
    assert tied <= set(deposits)
    assert {row["takes_discount"] for row in deposits.values()} == {"0"}


def test_every_category_is_used_and_has_a_colour() -> None:
    categories = rows("categories.csv")
    used = {row["category"] for name in ("articles.csv", "voucher_types.csv") for row in rows(name)}

    assert {row["id"] for row in categories} == used
    assert all(re.fullmatch(r"#[0-9A-F]{6}", row["colour"]) for row in categories)
    assert [row["position"] for row in categories] == [str(i) for i in range(1, len(categories) + 1)]


def test_the_first_page_is_the_one_of_the_design() -> None:
    tiles = [(int(r["position"]), r["name"], price_of(r, "price")) for r in rows("articles.csv") if r["position"]]
    tiles += [(int(r["position"]), r["name"], price_of(r, "sale")) for r in rows("voucher_types.csv")]

    first = [(name, price) for _, name, price in sorted(tiles, key=lambda tile: tile[0])][: len(FIRST_PAGE)]
    assert first == [(name, None if cents is None else Money(cents)) for name, cents in FIRST_PAGE]


def test_automatic_voucher_numbers_can_count_up() -> None:
    automatic = [row for row in rows("voucher_types.csv") if row["numbering"] == "automatic"]

    assert len(automatic) >= 5
    assert all(re.fullmatch(r"[A-Z0-9]+-0001", row["next_number"]) for row in automatic)
    assert repeated([row["next_number"] for row in automatic]) == []


def test_there_is_a_promotion_and_a_gift() -> None:
    values = {(row["sale"], row["face"], row["zero_price_allowed"]) for row in rows("voucher_types.csv")}

    assert {("20.00", "30.00", "0"), ("0.00", "15.00", "1")} <= values
