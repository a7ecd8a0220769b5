"""The demo's master data: enough of it, whole, and sellable as it stands."""

from __future__ import annotations

import uuid

from till.catalog import lookup
from till.catalog.article import ArticleKind
from till.catalog.barcodes import parse
from till.db.engine import Database
from till.demo import assortment
from till.money import Money
from till.vouchers.model import Numbering


def test_at_least_300_articles_are_sold() -> None:
    assert len([article for article in assortment.articles() if article.is_active]) >= 300


def test_prices_are_read_to_the_cent() -> None:
    prices = {article.number: article.price for article in assortment.articles()}
    assert prices["1001"] == Money(350)
    assert prices["9003"] == Money(15)
    assert prices["2037"] is None


def test_a_deposit_is_tied_to_its_article() -> None:
    everything = assortment.articles()
    by_id = {article.id: article for article in everything}
    tied = [article for article in everything if article.deposit_id is not None]
    assert len(tied) == 7
    assert {by_id[a.deposit_id].kind for a in tied if a.deposit_id} == {ArticleKind.DEPOSIT}


def test_every_article_and_voucher_type_has_its_category() -> None:
    tabs = {category.id for category in assortment.categories()}
    assert {article.category_id for article in assortment.articles()} <= tabs
    assert {kind.category_id for kind in assortment.voucher_types()} == {"vouchers"}


def test_each_voucher_type_is_found_by_its_plu(database: Database) -> None:
    with database.read() as session:
        for kind in assortment.voucher_types():
            assert lookup.find(session, parse(kind.plu)) == [lookup.VoucherTypeHit(str(kind.id))]


def test_voucher_types_cover_fixed_free_promotional_given_and_preprinted_ones() -> None:
    types = {kind.plu: kind for kind in assortment.voucher_types()}
    assert types["901"].sale == Money(2500)
    assert types["903"].sale is None
    assert (types["904"].sale, types["904"].face) == (Money(2000), Money(3000))
    assert types["905"].zero_price_allowed
    assert types["906"].numbering is Numbering.OWN


def test_ids_are_the_same_in_every_demo_shop() -> None:
    first, again = assortment.articles(), assortment.articles()
    assert [article.id for article in first] == [article.id for article in again]
    assert len({article.id for article in first} | {uuid.UUID(int=0)}) == len(first) + 1
