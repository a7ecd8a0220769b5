"""Finding articles by scan, by typing and for the grid; taking them in and changing them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from till.business_case import VatKey
from till.catalog.article import Article, ArticleKind, Category
from till.catalog.assortment import add_article, add_articles, add_categories, change_article
from till.catalog.barcodes import check_digit, customer_barcode, parse
from till.catalog.lookup import ArticleHit, VoucherTypeHit, article_by_id, articles, categories, find, search
from till.catalog.plu import Plu, PluKind, claim, owners_of, release
from till.errors import Refused
from till.money import ZERO, Money
from till.quantity import ONE, Quantity

EAN = "4006381333931"
UPC = "036000291452"


def make_article(number: str, name: str, **wanted: Any) -> Article:
    """An article that costs 3,50 unless told otherwise."""
    usual = Article(uuid.uuid4(), number, name, "flowers", Money(350), VatKey.REDUCED)
    return replace(usual, **wanted)


def label(twelve_digits: str) -> str:
    return twelve_digits + check_digit(twelve_digits)


def test_an_article_is_stored_and_found_unchanged(session: Session) -> None:
    deposit = make_article("9001", "Pfand Mehrwegglas", kind=ArticleKind.DEPOSIT, price=Money(200))
    honey = make_article(
        "3001",
        "Honig",
        codes=(EAN, "96385074"),
        plu="17",
        deposit_id=deposit.id,
        receipt_name="Honig 500 g",
        position=3,
    )

    add_articles(session, [honey, deposit])

    assert article_by_id(session, honey.id) == honey
    assert find(session, parse("96385074")) == [ArticleHit(honey, ONE, None)]


def test_an_article_is_found_by_each_of_its_numbers(session: Session) -> None:
    rose = make_article("R-1001", "Rose", codes=(EAN, "ROSE/60"), plu="7")
    add_articles(session, [rose, make_article("1002", "Tulpe")])

    for scanned in (EAN, "ROSE/60", "R-1001", "r-1001", "7"):
        assert find(session, parse(scanned)) == [ArticleHit(rose)]


def test_a_upc_is_found_as_twelve_and_as_thirteen_digits(session: Session) -> None:
    add_article(session, make_article("1", "Matcha", codes=(UPC,)))

    assert find(session, parse(UPC)) == find(session, parse(f"0{UPC}"))


def test_a_weighed_label_gives_the_article_and_its_weight(session: Session) -> None:
    tea = make_article("3076", "Assam lose", unit="kg", is_weighed=True, price=Money(7900))
    add_article(session, tea)

    assert find(session, parse(label("280307600250"))) == [ArticleHit(tea, Quantity(250), None)]


def test_a_price_label_gives_the_article_and_its_price(session: Session) -> None:
    cheese = make_article("00123", "Käse")
    add_article(session, cheese)

    assert find(session, parse(label("210012301250"))) == [ArticleHit(cheese, ONE, Money(1250))]


def test_an_in_store_code_registered_whole_is_no_label(session: Session) -> None:
    bouquet = make_article("2001", "Strauß", codes=(label("210000000000"),))
    add_article(session, bouquet)

    assert find(session, parse(bouquet.gtin)) == [ArticleHit(bouquet)]


@pytest.mark.parametrize("twelve_digits", ["280307600000", "210307600000"])
def test_a_label_without_weight_or_price_is_refused(session: Session, twelve_digits: str) -> None:
    add_article(session, make_article("3076", "Assam lose"))

    with pytest.raises(Refused, match="label of “Assam lose” says 0"):
        find(session, parse(label(twelve_digits)))


def test_a_number_that_is_also_a_plu_gives_both(session: Session) -> None:
    by_number, by_plu = make_article("50", "Aster"), make_article("1001", "Rose", plu="50")
    add_articles(session, [by_number, by_plu])
    claim(session, Plu("51", PluKind.VOUCHER_TYPE, "type-1"))
    add_article(session, make_article("51", "Lilie"))

    assert find(session, parse("50")) == [ArticleHit(by_number), ArticleHit(by_plu)]
    assert VoucherTypeHit("type-1") in find(session, parse("51"))


def test_a_code_with_a_wrong_check_digit_is_looked_up_before_it_is_refused(
    session: Session,
) -> None:
    with pytest.raises(Refused, match=r"Unknown code 4006381333930\. Its check digit is wrong"):
        find(session, parse("4006381333930"))

    card = make_article("1", "Fremde Karte", codes=("4006381333930",))
    add_article(session, card)

    assert find(session, parse("4006381333930")) == [ArticleHit(card)]


@pytest.mark.parametrize("scanned", [EAN, "Spende1003", customer_barcode("7")])
def test_an_unknown_code_is_refused_with_what_was_scanned(session: Session, scanned: str) -> None:
    with pytest.raises(Refused) as refusal:
        find(session, parse(scanned))

    assert str(refusal.value).startswith(f"Unknown code {scanned}.")


def test_an_article_that_is_no_longer_sold_says_so(session: Session) -> None:
    add_article(session, make_article("1", "Altes Dekor", codes=(EAN,), is_active=False))

    with pytest.raises(Refused, match="“Altes Dekor” is no longer sold"):
        find(session, parse(EAN))
    assert articles(session) == []
    assert [found.name for found in articles(session, with_inactive=True)] == ["Altes Dekor"]


def test_a_vanished_article_is_refused_in_words(session: Session) -> None:
    with pytest.raises(Refused, match="not there any more"):
        article_by_id(session, uuid.uuid4())


def test_typing_finds_umlauts_parts_of_words_and_several_words(session: Session) -> None:
    names = ["Müsliriegel Tee & Beere", "Früchtetee Müslibeere", "Straußband", "Kräuter „Abend“"]
    add_articles(session, [make_article(str(i), name) for i, name in enumerate(names, 1)])

    def names_of(typed: str) -> list[str]:
        return [found.name for found in search(session, typed)]

    assert names_of("musli") == ["Müsliriegel Tee & Beere", "Früchtetee Müslibeere"]
    assert names_of("muesli beere") == ["Müsliriegel Tee & Beere", "Früchtetee Müslibeere"]
    assert names_of("STRAUSS") == ["Straußband"]
    assert names_of("abend kräu") == ["Kräuter „Abend“"]
    assert names_of("%") == names_of("_") == names_of("") == []


def test_names_that_begin_with_the_typed_word_come_first(session: Session) -> None:
    add_articles(session, [make_article("1", "Gartenrose"), make_article("2", "Alte Rose"), make_article("3", "Rose")])

    assert [found.name for found in search(session, "rose")] == ["Rose", "Alte Rose", "Gartenrose"]
    assert [found.name for found in search(session, "rose", limit=1)] == ["Rose"]


def test_typed_digits_find_numbers_and_codes_from_their_beginning(session: Session) -> None:
    add_articles(session, [make_article("1001", "Rose", codes=(EAN,)), make_article("2100", "Tulpe 10er")])

    assert [found.name for found in search(session, "400638")] == ["Rose"]
    assert [found.name for found in search(session, "10")] == ["Rose", "Tulpe 10er"]
    assert search(session, "381") == []


def test_the_grid_goes_by_position_then_by_name(session: Session) -> None:
    add_categories(session, [Category("tea", "Tee", 0, "#DDEBD0")])
    add_articles(
        session,
        [
            make_article("1", "Zinnie"),
            make_article("2", "Äpfel"),
            make_article("3", "Tulpe", position=2),
            make_article("4", "Assam", position=1, category_id="tea"),
        ],
    )

    assert [found.name for found in articles(session)] == ["Assam", "Tulpe", "Äpfel", "Zinnie"]
    assert [found.name for found in articles(session, category_id="tea")] == ["Assam"]
    assert [category.id for category in categories(session)] == ["tea", "flowers"]


def test_a_changed_article_has_its_new_numbers_only(session: Session) -> None:
    rose = make_article("1001", "Rose", codes=(EAN,), plu="7")
    add_article(session, rose)

    changed = replace(rose, name="Röschen", price=None, codes=("96385074",), plu="8")
    change_article(session, changed)

    assert find(session, parse("8")) == find(session, parse("96385074")) == [ArticleHit(changed)]
    assert search(session, "roschen") == [changed]
    for old in (EAN, "7"):
        with pytest.raises(Refused, match="Unknown code"):
            find(session, parse(old))


def test_numbers_codes_and_plus_are_given_once(session: Session) -> None:
    add_article(session, make_article("1001", "Rose", codes=(EAN,), plu="A7"))

    with pytest.raises(Refused, match="article number 1001 is already in use"):
        add_article(session, make_article("1001", "Tulpe"))
    with pytest.raises(Refused, match=f"code {EAN} already belongs"):
        add_article(session, make_article("1002", "Tulpe", codes=(EAN,)))
    with pytest.raises(Refused, match="PLU number A7 is already in use"):
        add_article(session, make_article("1003", "Tulpe", plu="a7"))
    with pytest.raises(Refused, match="PLU number A7 is already in use"):
        claim(session, Plu("A7", PluKind.VOUCHER_TYPE, "type-1"))
    with pytest.raises(Refused, match="article number 5 is already in use"):
        add_articles(session, [make_article("5", "Aster"), make_article("5", "Lilie")])


def test_a_changed_number_must_be_free(session: Session) -> None:
    rose, tulip = make_article("1001", "Rose"), make_article("1002", "Tulpe")
    add_articles(session, [rose, tulip])

    with pytest.raises(Refused, match="article number 1001 is already in use"):
        change_article(session, replace(tulip, number="1001"))


def test_a_plu_moves_with_its_owner_and_can_be_given_back(session: Session) -> None:
    claim(session, Plu("901", PluKind.VOUCHER_TYPE, "type-1"))
    claim(session, Plu("902", PluKind.VOUCHER_TYPE, "type-1"))

    assert owners_of(session, ["901", "902"]) == [Plu("902", PluKind.VOUCHER_TYPE, "type-1")]

    release(session, PluKind.VOUCHER_TYPE, "type-1")
    assert owners_of(session, ["902"]) == []


@pytest.mark.parametrize("plu", ["", "9.1", "9 1", "ü", "1" * 21])
def test_a_plu_fits_a_number_pad_and_a_barcode(session: Session, plu: str) -> None:
    with pytest.raises(Refused, match="can't be a PLU number"):
        claim(session, Plu(plu, PluKind.ARTICLE, "x"))


def test_articles_without_name_number_or_with_odd_codes_are_refused(
    session: Session,
) -> None:
    rose = make_article("1", "Rose")

    with pytest.raises(Refused, match="needs a name"):
        add_article(session, replace(rose, name=" "))
    with pytest.raises(Refused, match="needs an article number"):
        add_article(session, replace(rose, number=""))
    with pytest.raises(Refused, match="can't be negative"):
        add_article(session, replace(rose, price=ZERO - Money(1)))
    with pytest.raises(Refused, match="can't be the code of an article"):
        add_article(session, replace(rose, codes=("12\n34",)))


def test_ten_thousand_articles_go_in_and_come_out(session: Session) -> None:
    bodies = [f"44{i:010d}" for i in range(10_000)]
    many = [make_article(f"A{i}", f"Artikel {i}", codes=(label(body),)) for i, body in enumerate(bodies)]

    add_articles(session, many)

    assert len(articles(session)) == len(many)
    assert find(session, parse(many[7777].gtin)) == [ArticleHit(many[7777])]
    assert search(session, "artikel 7777") == [many[7777]]
