"""The desk for articles, on each of both databases: what is stored, what is refused at which field, who was quicker."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from till.app.articles import ArticleDesk, price_warning
from till.app.bootstrap import open_till
from till.audit import trail
from till.business_case import VatKey
from till.catalog.article import ArticleKind
from till.catalog.card import MAX_CODES, MAX_LATER, Card, CardField, ChangedMeanwhile, NotSaved
from till.catalog.listing import Wanted
from till.catalog.price_list import LaterPrices, PriceList, Tier
from till.errors import Refused
from till.money import MAX_CENTS, Money
from till.quantity import Quantity, pieces

if TYPE_CHECKING:
    from tests.app.conftest import Counter
    from till.app.bootstrap import Ports
    from till.clock import FixedClock

ROSE, TEA, JUICE, DEPOSIT = (uuid.UUID(int=n) for n in (1, 2, 5, 6))
ROSE_CODE, TEA_CODE = "4006381333931", "4012345000016"
MIDNIGHT = dt.datetime(2026, 11, 20, 23, 0, tzinfo=dt.UTC)
TEN = (Tier(pieces(10), Money(300)),)


@pytest.fixture
def desk(plain: Counter) -> ArticleDesk:
    """The desk of an open till in the small shop."""
    return plain.till.articles


def changed(card: Card, **values: object) -> Card:
    """The card with other values in its article."""
    return replace(card, article=replace(card.article, **values))  # type: ignore[arg-type]


def refused(desk: ArticleDesk, card: Card, known: Card | None) -> dict[CardField, str]:
    """What saving says, by field; nothing may be left behind."""
    before = None if known is None else desk.card(known.article.id)
    with pytest.raises(NotSaved) as no:
        desk.save(card, known)
    if known is not None:
        assert desk.card(known.article.id) == before
    said = {problem.field: str(problem.refused) for problem in no.value.problems}
    assert {problem.field: str(problem.refused) for problem in desk.problems(card, known)} == said
    return said


def test_a_changed_article_is_sold_so_from_the_next_scan_on(plain: Counter, desk: ArticleDesk) -> None:
    known = desk.card(ROSE)
    saved = desk.save(changed(known, name=" Rose rot ", price=Money(375), codes=(ROSE_CODE, " 4099999999996")), known)
    assert (saved.article.name, saved.article.codes) == ("Rose rot", (ROSE_CODE, "4099999999996"))
    assert desk.card(ROSE) == saved
    plain.sale.scan("4099999999996")
    line = plain.sale.state.priced.lines[0].line
    assert (line.item.name, line.unit_price) == ("Rose rot", Money(375))
    assert plain.tile("Rose rot").price == Money(375)


def test_a_new_article_gets_the_next_number_and_the_code_that_was_scanned(plain: Counter, desk: ArticleDesk) -> None:
    card = desk.new_card("4099999999996", "all")
    assert (card.article.number, card.article.codes) == ("9", ("4099999999996",))
    desk.save(changed(card, name="Vase", price=Money(1990)), None)
    plain.sale.scan("4099999999996")
    assert plain.sale.state.priced.total == Money(1990)
    assert desk.new_card().article.number == "10"


def test_a_copy_has_all_but_what_only_one_can_have(desk: ArticleDesk) -> None:
    known = desk.card(ROSE)
    desk.save(replace(changed(known, plu="77"), tiers=TEN), known)
    copy = desk.copy_of(desk.card(ROSE))
    assert (copy.article.codes, copy.article.plu, copy.article.number) == ((), "", "9")
    assert copy.tiers == TEN
    assert desk.save(changed(copy, name="Rose gelb"), None).article.id != ROSE


def test_tiers_and_plans_are_stored_and_can_be_taken_back(plain: Counter, desk: ArticleDesk, clock: FixedClock) -> None:
    known = desk.card(ROSE)
    desk.save(replace(known, tiers=TEN), known)
    planned = desk.plan(ROSE, LaterPrices(MIDNIGHT, PriceList(Money(400))))
    assert (planned.tiers, planned.later[0].prices.price) == (TEN, Money(400))
    assert desk.drop_plan(ROSE, MIDNIGHT).later == ()
    with pytest.raises(Refused, match="no longer planned"):
        desk.drop_plan(ROSE, MIDNIGHT)
    desk.plan(ROSE, LaterPrices(MIDNIGHT, PriceList(Money(400))))
    clock.set(MIDNIGHT)
    now = desk.card(ROSE)
    assert (now.article.price, now.tiers, now.later) == (Money(400), (), ())
    (row,) = desk.listing(Wanted("rose")).articles
    assert row.price == Money(400)
    assert desk.save(changed(now, price=Money(410)), now).article.price == Money(410)
    assert plain.tile("Rose").price == Money(410)


def test_an_article_is_never_deleted_but_sold_no_more(plain: Counter, desk: ArticleDesk) -> None:
    desk.set_active(ROSE, is_active=False)
    with pytest.raises(Refused, match="no longer sold"):
        plain.sale.scan(ROSE_CODE)
    desk.set_active(ROSE, is_active=True)
    plain.sale.scan(ROSE_CODE)


def test_who_was_quicker_is_not_overwritten(desk: ArticleDesk) -> None:
    known = desk.card(ROSE)
    desk.save(changed(known, price=Money(375)), known)
    with pytest.raises(Refused, match="Somebody else has changed"):
        desk.save(changed(known, name="Röschen"), known)
    assert desk.card(ROSE).article.name == "Rose"


def test_saving_the_same_card_twice_is_saving_it_once(plain: Counter, desk: ArticleDesk) -> None:
    known = desk.card(ROSE)
    typed = changed(known, price=Money(375))
    assert desk.save(typed, known) == desk.save(typed, known)
    new = changed(desk.new_card(), name="Vase")
    assert desk.save(new, None) == desk.save(new, None)
    assert len(desk.history(ROSE)) == len(desk.history(new.article.id)) == 1
    with pytest.raises(ChangedMeanwhile):
        desk.save(changed(new, name="Krug"), None)
    assert plain.problems() == []


def test_a_plan_that_comes_into_force_while_somebody_types_is_nobodys_change(
    desk: ArticleDesk, clock: FixedClock
) -> None:
    known = desk.plan(ROSE, LaterPrices(MIDNIGHT, PriceList(Money(400))))
    clock.set(MIDNIGHT)
    saved = desk.save(changed(known, name="Röschen"), known)
    assert (saved.article.name, saved.article.price) == ("Röschen", Money(400))


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"number": " "}, CardField.NUMBER, "needs a number"),
        ({"number": "2"}, CardField.NUMBER, "article number 2 belongs to “Assam Tee”"),
        ({"number": "x" * 41}, CardField.NUMBER, "more than 40 characters"),
        ({"name": "\t"}, CardField.NAME, "needs a name"),
        ({"name": "x" * 81}, CardField.NAME, "more than 80 characters"),
        ({"name": "Ro\x1bse"}, CardField.NAME, "can’t be printed"),
        ({"receipt_name": "x\n"}, CardField.RECEIPT_NAME, ""),
        ({"unit": ""}, CardField.UNIT, "needs a unit"),
        ({"category_id": "nowhere"}, CardField.CATEGORY, "category is not there"),
        ({"vat_key": VatKey.GENERAL_16_HISTORIC}, CardField.VAT_KEY, "no rate today"),
        ({"price": Money(-1)}, CardField.PRICE, "can’t be negative"),
        ({"price": Money(MAX_CENTS + 1)}, CardField.PRICE, "too large"),
        ({"codes": ("4006381333932",)}, CardField.CODES, "should end in 1"),
        ({"codes": (TEA_CODE,)}, CardField.CODES, "belongs to “Assam Tee” (2)"),
        ({"codes": ("77", "77")}, CardField.CODES, "stands here twice"),
        ({"codes": ("$V901.AG-0001",)}, CardField.CODES, "code of a voucher"),
        ({"codes": tuple(str(n) for n in range(MAX_CODES + 1))}, CardField.CODES, "at most 30 codes"),
        ({"plu": "901"}, CardField.PLU, "PLU number 901 belongs to “Gutschein 25”"),
        ({"plu": "ä"}, CardField.PLU, "can't be a PLU number"),
        ({"deposit_id": TEA}, CardField.DEPOSIT, "is no deposit"),
        ({"deposit_id": ROSE}, CardField.DEPOSIT, "its own deposit"),
        ({"age_limit": 100}, CardField.AGE_LIMIT, "between 0 and 99"),
        ({"note": "x" * 256}, CardField.NOTE, "more than 255 characters"),
    ],
)
def test_what_can_not_be_is_said_at_its_field(
    desk: ArticleDesk, values: dict[str, object], field: CardField, sentence: str
) -> None:
    known = desk.card(ROSE)
    if sentence:
        said = refused(desk, changed(known, **values), known)
        assert list(said) == [field]
        assert sentence in said[field]
    else:
        desk.save(changed(known, **values), known)


def test_a_plu_number_has_one_owner(desk: ArticleDesk) -> None:
    known = desk.card(TEA)
    desk.save(changed(known, plu="ab-1"), known)
    rose = desk.card(ROSE)
    assert "PLU number AB-1 belongs to “Assam Tee”" in refused(desk, changed(rose, plu="Ab-1"), rose)[CardField.PLU]


def test_a_deposit_has_no_deposit_no_tiers_and_a_price_and_stays_one_while_it_is_used(desk: ArticleDesk) -> None:
    known = desk.card(DEPOSIT)
    said = refused(desk, replace(changed(known, deposit_id=DEPOSIT, price=None), tiers=TEN), known)
    assert set(said) == {CardField.DEPOSIT, CardField.PRICE, CardField.TIERS}
    assert "Saft im Glas" in refused(desk, changed(known, kind=ArticleKind.GOODS), known)[CardField.KIND]


def test_several_things_are_said_at_once(desk: ArticleDesk) -> None:
    said = refused(desk, changed(desk.new_card(), name="", unit="", number="1"), None)
    assert set(said) == {CardField.NAME, CardField.UNIT, CardField.NUMBER}


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (LaterPrices(dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC), PriceList(Money(1))), "is over"),
        (LaterPrices(MIDNIGHT, PriceList(None)), "needs an amount"),
        (LaterPrices(MIDNIGHT.replace(year=2037), PriceList(Money(1))), "within 10 years"),
        (LaterPrices(MIDNIGHT, PriceList(Money(-5))), "negative"),
        (LaterPrices(MIDNIGHT, PriceList(Money(100), TEN)), "below 1.00"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(desk: ArticleDesk, plan: LaterPrices, sentence: str) -> None:
    known = desk.card(ROSE)
    assert sentence in refused(desk, replace(known, later=(plan,)), known)[CardField.LATER]


def test_two_plans_for_one_moment_and_too_many_of_them(desk: ArticleDesk) -> None:
    known = desk.card(ROSE)
    twice = (LaterPrices(MIDNIGHT, PriceList(Money(1))), LaterPrices(MIDNIGHT, PriceList(Money(2))))
    assert "already" in refused(desk, replace(known, later=twice), known)[CardField.LATER]
    many = tuple(
        LaterPrices(MIDNIGHT + n * dt.timedelta(days=1), PriceList(Money(n + 1))) for n in range(MAX_LATER + 1)
    )
    assert "at most 20" in refused(desk, replace(known, later=many), known)[CardField.LATER]


def test_weighed_goods_have_tiers_by_weight_others_by_the_piece(desk: ArticleDesk) -> None:
    half = (Tier(Quantity(500), Money(100)),)
    rose, cheese = desk.card(ROSE), desk.card(uuid.UUID(int=8))
    assert "whole quantity" in refused(desk, replace(rose, tiers=half), rose)[CardField.TIERS]
    assert desk.save(replace(cheese, tiers=half), cheese).tiers == half


def test_a_code_with_a_wrong_check_digit_that_was_there_before_stays(plain: Counter, desk: ArticleDesk) -> None:
    from till.catalog.assortment import change_article

    known = desk.card(ROSE)
    with plain.database.write() as session:
        change_article(session, replace(known.article, codes=("4006381333932",)))
    known = desk.card(ROSE)
    desk.save(changed(known, name="Röschen"), known)


def test_what_is_given_away_is_pointed_out() -> None:
    assert "given away" in price_warning(Money(0))
    assert price_warning(Money(1)) == price_warning(None) == ""


def test_the_list_finds_by_text_category_and_state(desk: ArticleDesk) -> None:
    def names(**wanted: object) -> list[str]:
        return [article.name for article in desk.listing(Wanted(**wanted)).articles]  # type: ignore[arg-type]

    assert names(text="tee") == ["Assam Tee"]
    assert names(text=ROSE_CODE[:8]) == ["Rose"]
    assert names(text="006381") == []
    assert len(names()) == 8
    assert names(category_id="vouchers") == []
    desk.set_active(TEA, is_active=False)
    assert names(text="tee") == []
    assert names(text="tee", is_active=False) == names(text="tee", is_active=None) == ["Assam Tee"]
    part = desk.listing(Wanted(after=6))
    assert (len(part.articles), part.total, part.after) == (1, 7, 6)


@pytest.mark.parametrize("code", [ROSE_CODE, " 1 ", "P-1"])
def test_a_scan_finds_the_article_active_or_not(desk: ArticleDesk, code: str) -> None:
    known = desk.card(ROSE)
    desk.save(changed(known, plu="P-1", is_active=False), known)
    found = desk.card_with_code(code)
    assert found is not None
    assert found.article.id == ROSE
    assert desk.card_with_code("4000000000000") is None


def test_the_history_says_who_changed_what(plain: Counter, desk: ArticleDesk) -> None:
    made = desk.save(changed(desk.new_card(), name="Vase", price=Money(1990)), None)
    saved = desk.save(replace(changed(made, name="Vase blau"), tiers=TEN), made)
    desk.save(saved, saved)
    planned = desk.plan(made.article.id, LaterPrices(MIDNIGHT, PriceList(Money(2100), TEN)))
    desk.save(changed(planned, is_active=False), planned)
    told = [{c.column: (c.before, c.after) for c in entry.changes} for entry in desk.history(made.article.id)]
    entries = desk.history(made.article.id)
    assert [entry.is_new for entry in entries].count(True) == 1
    everything = {column: words for one in told for column, words in one.items()}
    assert everything["Aktiv"] in {("ja", "nein"), ("", "ja")}
    assert {"Bezeichnung": ("Vase", "Vase blau"), "Staffelpreise": ("", "ab 10 3,00")} in told
    assert {"Geplante Preise": ("", "ab 21.11.2026 00:00: 21,00, ab 10 3,00")} in told
    assert {"Aktiv": ("ja", "nein")} in told
    assert len(told) == 4, "a save that changes nothing is not noted"
    assert {entry.user_name for entry in entries} == {"Marie Klein"}
    with plain.database.read() as session:
        rows = trail.entries(session, "KASSE-1", trail.Action.ARTICLE_CHANGED)
    assert rows[0].subject == str(made.article.id)
    assert rows[0].after.startswith("9 Vase\n")
    assert plain.problems() == []


def test_a_picture_is_kept_small_and_can_be_taken_away(desk: ArticleDesk) -> None:
    from PIL import Image

    large = io.BytesIO()
    Image.new("RGB", (800, 400), "#0b6b57").save(large, "JPEG")
    kept = desk.set_picture(ROSE, large.getvalue())
    assert kept is not None
    assert desk.picture(ROSE) == kept
    with Image.open(io.BytesIO(kept)) as small:
        assert max(small.size) == 256
    with pytest.raises(Refused, match="no picture"):
        desk.set_picture(ROSE, b"<svg onload=alert(1)>")
    assert desk.picture(ROSE) == kept
    assert desk.set_picture(ROSE, None) is None
    assert desk.picture(ROSE) is None
    assert [c.after for entry in desk.history(ROSE) for c in entry.changes].count("ja") == 1


def test_the_choices_are_those_of_today(desk: ArticleDesk) -> None:
    choices = desk.choices()
    assert [category.name for category in choices.categories] == ["Alles", "Gutscheine"]
    assert (VatKey.GENERAL, 1900) in choices.vat_keys
    assert max(key for key, _ in choices.vat_keys) <= VatKey.UNDETERMINED
    assert [deposit.name for deposit in choices.deposits] == ["Pfand Glas"]


def test_another_till_sells_by_the_change_at_once(
    plain: Counter, desk: ArticleDesk, fast_ports: Ports, at: Callable[..., Counter]
) -> None:
    other = at(open_till(replace(plain.till.settings, till_id="KASSE-2"), fast_ports))
    try:
        other.till.cash.open_shift(Money(0))
        other.sale.scan(ROSE_CODE)
        known = desk.card(ROSE)
        desk.save(changed(known, price=Money(375)), known)
        other.sale.scan(ROSE_CODE)
        assert [line.line.unit_price for line in other.sale.state.priced.lines] == [Money(350), Money(375)]
    finally:
        other.sale.cancel()
        other.till.close()
