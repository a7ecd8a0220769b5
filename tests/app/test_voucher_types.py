"""The desk for voucher types, on each of both databases: what is kept, what is refused at which field, what it counts for."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from till.app.bootstrap import Till, open_till
from till.app.voucher_types import VoucherTypeDesk
from till.audit import trail
from till.business_case import VatKey
from till.catalog.card import CardField, NotSaved
from till.errors import Refused, Unavailable
from till.money import MAX_CENTS, Money
from till.vouchers.keeping import NO_SUCH_TYPE
from till.vouchers.model import Numbering, VatTreatment, VoucherState, VoucherType
from till.vouchers.outstanding import Outstanding
from till.vouchers.rules import VoucherRules
from till.vouchers.type_rules import (
    COMPLAINT_STAYS,
    TypeChangedMeanwhile,
    TypeField,
    TypeNotSaved,
)

if TYPE_CHECKING:
    from tests.app.conftest import Counter
    from till.app.bootstrap import Ports
    from till.clock import FixedClock

VALUE_25, VALUE_FREE, PROMOTION, GIFT, SINGLE, OWN_NUMBER = (uuid.UUID(int=n) for n in range(101, 107))
ROSE = uuid.UUID(int=1)
TODAY = dt.date(2026, 11, 20)


@pytest.fixture
def desk(plain: Counter) -> VoucherTypeDesk:
    """The desk of an open till in the small shop."""
    return plain.till.voucher_types


@pytest.fixture
def small(till: Till) -> VoucherTypeDesk:
    """The same on SQLite alone, for rules that ask the database nothing special."""
    return till.voucher_types


def new(desk: VoucherTypeDesk, **values: object) -> VoucherType:
    """A new type that could be saved, with other values."""
    usual: dict[str, object] = {"name": "Treue", "next_number": "TR-01", **values}
    return replace(desk.new_type(), **usual)  # type: ignore[arg-type]


def refused(desk: VoucherTypeDesk, kind: VoucherType, known: VoucherType | None = None) -> dict[TypeField, str]:
    """What saving says, by field; nothing may be left behind."""
    before = desk.types()
    with pytest.raises(TypeNotSaved) as no:
        desk.save(kind, known)
    assert desk.types() == before
    said = {problem.field: str(problem.refused) for problem in no.value.problems}
    assert {problem.field: str(problem.refused) for problem in desk.problems(kind)} == said
    return said


def told(plain: Counter, action: trail.Action, subject: str) -> list[tuple[object, object]]:
    """What the trail keeps of a subject, before and after, the latest first."""
    with plain.database.read() as session:
        found = trail.entries_about(session, action, subject)
    return [(json.loads(one.before or "null"), json.loads(one.after)) for one in found]


# Keeping


def test_all_types_are_listed_with_what_is_outstanding_and_owed(plain: Counter, desk: VoucherTypeDesk) -> None:
    plain.sell_voucher("Gutschein 25")
    number = plain.sell_voucher("Aktion 20/30")
    plain.sell_voucher("Geschenk", "0,00")
    plain.sell_voucher("Floristik-Kurs")
    plain.sale.scan("4012345000023")  # a cup for 12.00
    plain.sale.redeem(plain.voucher(number).standing.voucher.id, Money(1200))
    plain.sale.complete()
    overview = desk.overview()
    assert overview.by_type == {
        VALUE_25: Outstanding(1, multi=Money(2500)),
        PROMOTION: Outstanding(1, multi=Money(1200), bonus=Money(600)),
        GIFT: Outstanding(1, bonus=Money(1500)),
        SINGLE: Outstanding(1, single=Money(5000)),
    }
    assert overview.whole == Outstanding(4, Money(3700), Money(5000), Money(2100))
    assert (overview.month.sold, overview.month.redeemed) == (Money(9500), Money(1200))
    assert overview.first == dt.date(2026, 11, 1)
    assert [kind.is_complaint for kind in desk.types()] == [False] * 6 + [True]


def test_what_is_fully_redeemed_is_not_outstanding_any_more(plain: Counter, desk: VoucherTypeDesk) -> None:
    number = plain.sell_voucher("Gutschein frei", "12,00")
    plain.sale.scan("4012345000023")
    plain.sale.redeem(plain.voucher(number).standing.voucher.id, Money(1200))
    plain.sale.complete()
    assert desk.overview().by_type == {}
    assert desk.overview().whole == Outstanding()


def test_a_new_type_is_sold_by_its_number_at_once(plain: Counter, desk: VoucherTypeDesk) -> None:
    kind = new(desk, sale=Money(3545), note=" für Stammkunden ", name=" Treue ")
    assert kind.plu == "907"
    saved = desk.save(kind, None)
    assert (saved.name, saved.note) == ("Treue", "für Stammkunden")
    assert desk.one(kind.id) == saved
    plain.sale.scan("907")
    plain.sale.pay_cash(Money(3545))
    voucher = plain.sale.complete().vouchers[0]
    assert (voucher.number, voucher.sale, voucher.face) == ("TR-01", Money(3545), Money(3545))
    ((before, after),) = told(plain, trail.Action.VOUCHER_TYPE_CHANGED, str(kind.id))
    assert before is None
    assert isinstance(after, dict)
    assert (after["name"], after["sale"], after["plu"]) == ("Treue", 3545, "907")


def test_a_change_counts_for_vouchers_sold_from_then_on(plain: Counter, desk: VoucherTypeDesk) -> None:
    old = plain.sell_voucher("Gutschein 25")
    known = desk.one(VALUE_25)
    changed = replace(known, sale=Money(3000), face=Money(4000), valid_until=dt.date(2031, 6, 30), name="Gutschein 30")
    desk.save(changed, known)
    fresh = plain.sell_voucher("Gutschein 30")
    assert [fresh, old] == ["AG-0002", "AG-0001"]
    was, now = (plain.voucher(number).standing.voucher for number in (old, fresh))
    assert (was.type_name, was.sale, was.face, was.valid_until) == (
        "Gutschein 25",
        Money(2500),
        Money(2500),
        dt.date(2036, 12, 31),
    )
    assert (now.type_name, now.sale, now.face, now.valid_until) == (
        "Gutschein 30",
        Money(3000),
        Money(4000),
        dt.date(2031, 6, 30),
    )
    assert told(plain, trail.Action.VOUCHER_TYPE_CHANGED, str(VALUE_25)) == [
        (
            {"face": None, "name": "Gutschein 25", "sale": 2500, "valid_until": None},
            {"face": 4000, "name": "Gutschein 30", "sale": 3000, "valid_until": "2031-06-30"},
        )
    ]


def test_numbers_and_places_that_moved_on_meanwhile_are_not_put_back(plain: Counter, desk: VoucherTypeDesk) -> None:
    known = desk.one(VALUE_25)
    plain.sell_voucher("Gutschein 25")
    saved = desk.save(replace(known, note="neu"), known)
    assert saved.next_number == "AG-0002"
    assert plain.sell_voucher("Gutschein 25") == "AG-0002"


def test_saving_twice_is_saving_once(plain: Counter, desk: VoucherTypeDesk) -> None:
    known = desk.one(VALUE_25)
    changed = replace(known, name="Anders")
    assert desk.save(changed, known) == desk.save(changed, known)
    assert len(told(plain, trail.Action.VOUCHER_TYPE_CHANGED, str(VALUE_25))) == 1
    kind = new(desk)
    with plain.answers_lost(), pytest.raises(Unavailable):
        desk.save(kind, None)
    assert desk.save(kind, None) == desk.one(kind.id)


def test_who_was_slower_is_told_and_changes_nothing(desk: VoucherTypeDesk) -> None:
    known = desk.one(VALUE_25)
    quicker = desk.save(replace(known, name="Schneller"), known)
    with pytest.raises(TypeChangedMeanwhile):
        desk.save(replace(known, name="Langsamer"), known)
    assert desk.one(VALUE_25) == quicker
    with pytest.raises(TypeChangedMeanwhile):
        desk.save(replace(known, name="Neu"), None)


def test_a_type_that_is_not_there_is_said_to_be_gone(desk: VoucherTypeDesk) -> None:
    gone = uuid.uuid4()
    for action in (desk.one, desk.deactivate, desk.reactivate, desk.numbers):
        with pytest.raises(Refused, match=NO_SUCH_TYPE):
            action(gone)
    with pytest.raises(Refused, match=NO_SUCH_TYPE):
        desk.preload(gone, "A-1")


# Sold or not: V2 and V4


def test_a_deactivated_type_is_not_sold_but_its_vouchers_are_redeemed(
    plain: Counter, desk: VoucherTypeDesk, clock: FixedClock
) -> None:
    number = plain.sell_voucher("Gutschein frei", "12,00")
    assert not desk.deactivate(VALUE_FREE).active
    assert "Gutschein frei" not in [tile.name for tile in plain.sale.assortment().tiles]
    with pytest.raises(Refused, match="no longer sold"):
        plain.sale.scan("902")
    plain.sale.scan("4012345000023")
    plain.sale.redeem(plain.voucher(number).standing.voucher.id, Money(1200))
    plain.sale.complete()
    assert plain.voucher(number).standing.state is VoucherState.USED
    plain.sale.dismiss()
    clock.advance(60)
    desk.reactivate(VALUE_FREE)
    assert plain.sell_voucher("Gutschein frei", "5,00") == "FR-0002"
    names = {"name": "Gutschein frei"}
    assert told(plain, trail.Action.VOUCHER_TYPE_CHANGED, str(VALUE_FREE)) == [
        ({"active": False, **names}, {"active": True, **names}),
        ({"active": True, **names}, {"active": False, **names}),
    ]


def test_deactivating_twice_leaves_one_trace(plain: Counter, desk: VoucherTypeDesk) -> None:
    desk.deactivate(VALUE_25)
    desk.deactivate(VALUE_25)
    assert len(told(plain, trail.Action.VOUCHER_TYPE_CHANGED, str(VALUE_25))) == 1


def test_the_complaint_voucher_is_there_from_the_first_start_and_stays(desk: VoucherTypeDesk) -> None:
    (kind,) = (kind for kind in desk.types() if kind.is_complaint)
    assert (kind.plu, kind.numbering, kind.sale, kind.active) == ("999", Numbering.AUTOMATIC, None, True)
    with pytest.raises(Refused, match=COMPLAINT_STAYS):
        desk.deactivate(kind.id)
    assert TypeField.ACTIVE in refused(desk, replace(kind, active=False), kind)
    assert desk.one(kind.id).active


def test_the_complaint_voucher_is_not_sold(plain: Counter) -> None:
    assert "999" not in [tile.number for tile in plain.sale.assortment().tiles]
    with pytest.raises(Refused, match="can’t be sold"):
        plain.sale.scan("999")


def test_the_complaint_voucher_keeps_what_returns_rely_on(desk: VoucherTypeDesk) -> None:
    (kind,) = (kind for kind in desk.types() if kind.is_complaint)
    single = {"vat_treatment": VatTreatment.SINGLE_PURPOSE, "vat_key": VatKey.GENERAL}
    bad = replace(kind, sale=Money(5), face=Money(7), numbering=Numbering.OWN, **single)  # type: ignore[arg-type]
    assert set(refused(desk, bad, kind)) == {TypeField.SALE, TypeField.FACE, TypeField.NUMBERING, TypeField.VAT}
    assert TypeField.BONUS in refused(desk, replace(kind, face_bonus_bp=1000), kind)
    assert desk.save(replace(kind, is_complaint=False, name="Gutschrift"), kind).is_complaint


# PLU numbers (V5)


def test_a_number_is_unique_over_types_and_articles(plain: Counter, desk: VoucherTypeDesk) -> None:
    rose = plain.till.articles.card(ROSE)
    plain.till.articles.save(replace(rose, article=replace(rose.article, plu="77")), rose)
    assert refused(desk, new(desk, plu="77")) == {
        TypeField.PLU: "The PLU number 77 belongs to “Rose”. Choose another one."
    }
    assert refused(desk, new(desk, plu=" 901 ")) == {
        TypeField.PLU: "The PLU number 901 belongs to “Gutschein 25”. Choose another one."
    }
    saved = desk.save(new(desk, plu="ab-1"), None)
    assert saved.plu == "AB-1"
    assert TypeField.PLU in refused(desk, new(desk, plu="Ab-1"))
    known = plain.till.articles.card(ROSE)
    with pytest.raises(NotSaved) as no:
        plain.till.articles.save(replace(known, article=replace(known.article, plu="ab-1")), known)
    assert [(one.field, str(one.refused)) for one in no.value.problems] == [
        (CardField.PLU, "The PLU number AB-1 belongs to “Treue”. Choose another one.")
    ]


def test_a_number_that_a_type_gave_up_is_free_again(plain: Counter, desk: VoucherTypeDesk) -> None:
    known = desk.one(VALUE_25)
    desk.save(replace(known, plu="8000"), known)
    desk.save(new(desk, plu="901"), None)
    plain.sale.scan("8000")
    assert plain.sale.state.priced.lines[0].line.item.name == "Gutschein 25"


def test_a_new_type_gets_the_next_free_number(plain: Counter, desk: VoucherTypeDesk) -> None:
    rose = plain.till.articles.card(ROSE)
    plain.till.articles.save(replace(rose, article=replace(rose.article, plu="907")), rose)
    assert desk.new_type().plu == "908"


def test_of_two_tills_that_want_one_number_at_the_same_moment_one_gets_it(
    plain: Counter, desk: VoucherTypeDesk, fast_ports: Ports
) -> None:
    other = open_till(replace(plain.till.settings, till_id="KASSE-2"), fast_ports)
    both = (desk, other.voucher_types)
    kinds = [new(one, plu="700", name=f"Art {place}") for place, one in enumerate(both)]

    def save(place: int) -> str:
        try:
            return both[place].save(kinds[place], None).name
        except TypeNotSaved as no:
            return str(no.problems[0].refused)

    with ThreadPoolExecutor(2) as tills:
        said = sorted(tills.map(save, range(2)))
    kept = [kind.name for kind in desk.types() if kind.plu == "700"]
    assert len(kept) == 1
    assert said == sorted([kept[0], f"The PLU number 700 belongs to “{kept[0]}”. Choose another one."])
    other.close()


@pytest.mark.parametrize("plu", ["", "1 2", "Ä", "A" * 21])
def test_a_number_that_can_not_be_typed_is_refused(small: VoucherTypeDesk, plu: str) -> None:
    assert set(refused(small, new(small, plu=plu))) == {TypeField.PLU}


# Bad input


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, TypeField.NAME),
        ({"name": "   "}, TypeField.NAME),
        ({"name": "x" * 31}, TypeField.NAME),
        ({"name": "a\nb"}, TypeField.NAME),
        ({"note": "x" * 31}, TypeField.NOTE),
        ({"sale": Money(-1)}, TypeField.SALE),
        ({"sale": Money(MAX_CENTS + 1)}, TypeField.SALE),
        ({"sale": Money(2000), "face": Money(0)}, TypeField.FACE),
        ({"face": Money(-1)}, TypeField.FACE),
        ({"sale": Money(2000), "face": Money(1999)}, TypeField.FACE),
        ({"face_bonus_bp": -1}, TypeField.BONUS),
        ({"face_bonus_bp": 100_001}, TypeField.BONUS),
        ({"sale": Money(MAX_CENTS), "face_bonus_bp": 1}, TypeField.BONUS),
        ({"next_number": ""}, TypeField.NEXT_NUMBER),
        ({"next_number": "AG-"}, TypeField.NEXT_NUMBER),
        ({"next_number": "1" * 41}, TypeField.NEXT_NUMBER),
        ({"vat_treatment": VatTreatment.SINGLE_PURPOSE}, TypeField.VAT_KEY),
        ({"vat_treatment": VatTreatment.SINGLE_PURPOSE, "vat_key": VatKey.UNDETERMINED}, TypeField.VAT_KEY),
        ({"vat_treatment": VatTreatment.SINGLE_PURPOSE, "vat_key": VatKey.GENERAL_16_HISTORIC}, TypeField.VAT_KEY),
        ({"label_template": "gone"}, TypeField.LABEL),
        ({"valid_from": dt.date(2027, 1, 2), "valid_until": dt.date(2027, 1, 1)}, TypeField.VALID_UNTIL),
        ({"valid_from": dt.date(2040, 1, 1)}, TypeField.VALID_UNTIL),
        ({"valid_until": dt.date(2026, 11, 19)}, TypeField.VALID_UNTIL),
        ({"category_id": "gone"}, TypeField.CATEGORY),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    small: VoucherTypeDesk, values: dict[str, object], field: TypeField
) -> None:
    assert set(refused(small, new(small, **values))) == {field}


@pytest.mark.parametrize(
    "values",
    [
        {"name": "x" * 30, "note": "x" * 30},
        {"sale": Money(3545)},
        {"sale": Money(0), "face": Money(1500), "zero_price_allowed": True},
        {"sale": Money(0), "face": Money(0)},
        {"face": Money(1500)},
        {"sale": Money(2000), "face": Money(2000)},
        {"sale": Money(2000), "face_bonus_bp": 1250},
        {"face_bonus_bp": 0},
        {"numbering": Numbering.OWN, "next_number": ""},
        {"numbering": Numbering.NONE, "next_number": ""},
        {"vat_treatment": VatTreatment.SINGLE_PURPOSE, "vat_key": VatKey.EXEMPT},
        {"label_template": "value"},
        {"label_template": "none"},
        {"valid_until": TODAY},
        {"valid_until": dt.date(2026, 11, 19), "active": False},
        {"valid_from": TODAY, "valid_until": TODAY},
        {"category_id": "vouchers"},
    ],
)
def test_what_makes_sense_is_kept(small: VoucherTypeDesk, values: dict[str, object]) -> None:
    kind = new(small, **values)
    assert small.problems(kind) == ()
    assert small.save(kind, None) == small.one(kind.id)


def test_all_that_is_wrong_is_said_at_once(desk: VoucherTypeDesk) -> None:
    known = desk.one(VALUE_25)
    bad = replace(known, name="", plu="902", sale=Money(-5), next_number="x", valid_until=dt.date(2020, 1, 1))
    assert set(refused(desk, bad, known)) == {TypeField.NAME, TypeField.PLU, TypeField.SALE, TypeField.VALID_UNTIL}


def test_a_type_that_begins_to_count_needs_its_first_number(desk: VoucherTypeDesk) -> None:
    known = desk.one(OWN_NUMBER)
    counting = replace(known, numbering=Numbering.AUTOMATIC)
    assert set(refused(desk, counting, known)) == {TypeField.NEXT_NUMBER}
    assert desk.save(replace(counting, next_number=" EN-7 "), known).next_number == "EN-7"


# Value (V6 to V11)


@pytest.mark.parametrize(
    ("values", "asked", "sale", "face"),
    [
        ({"sale": Money(3545)}, None, 3545, 3545),
        ({"sale": Money(2000), "face": Money(3000)}, None, 2000, 3000),
        ({"face": Money(3000)}, Money(1200), 1200, 3000),
        ({"sale": Money(0), "face": Money(1500), "zero_price_allowed": True}, Money(0), 0, 1500),
        ({}, Money(4711), 4711, 4711),
        ({"sale": Money(0), "face": Money(0)}, Money(4711), 4711, 4711),
        ({"sale": Money(1999), "face_bonus_bp": 1250}, None, 1999, 2249),
        ({"face_bonus_bp": 333}, Money(1050), 1050, 1085),
    ],
)
def test_price_and_value_come_from_the_type(
    plain: Counter, values: dict[str, object], asked: Money | None, sale: int, face: int
) -> None:
    desk = plain.till.voucher_types
    kind = desk.save(new(desk, name="Probe", category_id="vouchers", **values), None)
    tile = plain.tile("Probe")
    plain.sale.add(tile, price=asked)
    if plain.sale.state.settlement.open:
        plain.sale.pay_cash(plain.sale.state.settlement.open)
    voucher = plain.sale.complete().vouchers[0]
    assert (voucher.type_id, voucher.sale, voucher.face) == (kind.id, Money(sale), Money(face))
    assert plain.problems() == []


def test_the_till_insists_on_a_price_until_it_gets_one(plain: Counter, desk: VoucherTypeDesk) -> None:
    desk.save(new(desk, name="Probe", sale=Money(0), face=Money(1500)), None)
    with pytest.raises(Refused, match="needs a price above 0"):
        plain.sale.add(plain.tile("Probe"), price=Money(0))
    plain.sale.add(plain.tile("Probe"), price=Money(500))


def test_a_voucher_worth_nothing_is_not_sold(plain: Counter, desk: VoucherTypeDesk) -> None:
    desk.save(new(desk, name="Probe", sale=Money(0), zero_price_allowed=True), None)
    with pytest.raises(Refused, match="would be worth nothing"):
        plain.sale.add(plain.tile("Probe"), price=Money(0))


def test_a_voucher_that_would_have_expired_is_not_sold(
    plain: Counter, desk: VoucherTypeDesk, clock: FixedClock
) -> None:
    known = desk.one(VALUE_25)
    desk.save(replace(known, valid_until=TODAY), known)
    assert plain.voucher(plain.sell_voucher("Gutschein 25")).standing.state is VoucherState.ACTIVE
    plain.till.cash.close_shift(plain.till.cash.expected_cash())
    clock.advance(24 * 3600)
    plain.till.cash.open_shift(Money(10000))
    tile = plain.tile("Gutschein 25")
    for put in (lambda: plain.sale.asks(tile), lambda: plain.sale.scan(known.plu)):
        with pytest.raises(Refused, match=r"would be valid until .* only, and that day is over. Change"):
            put()
    assert not plain.sale.state.priced.lines
    plain.sale.add(tile)
    plain.sale.pay_cash(Money(2500))
    with pytest.raises(Refused, match=r"would be valid until .* only, and that day is over"):
        plain.sale.complete()


# What should be known


def hints(desk: VoucherTypeDesk, **values: object) -> list[TypeField]:
    """Where something should be known about a new type with these values."""
    return [hint.field for hint in desk.hints(new(desk, **values))]


def test_a_short_term_is_allowed_and_warned_of_where_somebody_pays(desk: VoucherTypeDesk) -> None:
    assert hints(desk, valid_until=dt.date(2029, 12, 30)) == [TypeField.VALID_UNTIL]
    assert hints(desk, valid_until=dt.date(2029, 12, 31)) == []
    gift = {"sale": Money(0), "face": Money(1500), "zero_price_allowed": True}
    assert hints(desk, valid_until=dt.date(2026, 12, 31), **gift) == []
    desk.save(new(desk, valid_until=dt.date(2026, 12, 31)), None)


def test_a_short_usual_term_is_warned_of(desk: VoucherTypeDesk) -> None:
    desk.set_rules(VoucherRules(years=3, to_year_end=False))
    assert hints(desk) == [TypeField.VALID_UNTIL]
    assert desk.term_hint(VoucherRules(years=3, to_year_end=False).terms) is not None
    desk.set_rules(VoucherRules(years=3))
    assert hints(desk) == []
    assert desk.term_hint(VoucherRules(years=3).terms) is None


def test_prices_that_do_not_fit_together_and_a_name_that_is_there_are_pointed_out(desk: VoucherTypeDesk) -> None:
    assert hints(desk, sale=Money(0), face=Money(1500)) == [TypeField.ZERO_PRICE]
    assert hints(desk, zero_price_allowed=True) == [TypeField.ZERO_PRICE]
    assert hints(desk, name="gutschein 25") == [TypeField.NAME]


# Numbers: V12, V13 and V50


def test_the_next_sale_takes_the_number_that_was_set(plain: Counter, desk: VoucherTypeDesk) -> None:
    found = desk.preload(VALUE_25, " AG2024-98 ")
    assert (found.start, found.first, found.skipped) == ("AG2024-98", "AG2024-98", 0)
    numbers = [plain.sell_voucher("Gutschein 25") for _ in range(3)]
    assert numbers == ["AG2024-98", "AG2024-99", "AG2024-100"]
    assert told(plain, trail.Action.VOUCHER_TYPE_CHANGED, str(VALUE_25)) == [
        (
            {"name": "Gutschein 25", "next_number": "AG-0001"},
            {"name": "Gutschein 25", "next_number": "AG2024-98"},
        )
    ]


def test_taken_numbers_are_skipped_and_the_screen_can_say_which(plain: Counter, desk: VoucherTypeDesk) -> None:
    for start in ("AG-0003", "ag-0004", "AG-0008"):
        desk.preload(VALUE_25, start)
        plain.sell_voucher("Gutschein 25")
    found = desk.numbers(VALUE_25, "AG-0003")
    assert (found.first, found.skipped, found.free, found.taken) == ("AG-0005", 2, 3, "AG-0008")
    stored = desk.numbers(VALUE_25)
    assert (stored.start, stored.first, stored.free, stored.taken) == ("AG-0009", "AG-0009", 10_000, "")
    desk.preload(VALUE_25, "AG-0003")
    numbers = [plain.sell_voucher("Gutschein 25") for _ in range(4)]
    assert numbers == ["AG-0005", "AG-0006", "AG-0007", "AG-0009"]


@pytest.mark.parametrize("start", ["", "  ", "AG-", "AG-1x", "AG–", "9" * 41, "A\t1"])
def test_a_start_that_can_not_count_is_refused_in_words(plain: Counter, desk: VoucherTypeDesk, start: str) -> None:
    before = desk.one(VALUE_25)
    with pytest.raises(Refused):
        desk.preload(VALUE_25, start)
    assert desk.one(VALUE_25) == before
    assert told(plain, trail.Action.VOUCHER_TYPE_CHANGED, str(VALUE_25)) == []


def test_only_numbers_that_count_up_have_a_next_one(desk: VoucherTypeDesk) -> None:
    with pytest.raises(Refused, match="don’t count up by themselves"):
        desk.preload(OWN_NUMBER, "EN-1")


def test_the_same_start_again_leaves_no_second_trace(plain: Counter, desk: VoucherTypeDesk) -> None:
    assert desk.preload(VALUE_25, "AG-5") == desk.preload(VALUE_25, "AG-5")
    assert len(told(plain, trail.Action.VOUCHER_TYPE_CHANGED, str(VALUE_25))) == 1


def test_two_types_may_hold_the_same_number(plain: Counter, desk: VoucherTypeDesk) -> None:
    desk.preload(VALUE_FREE, "AG-0001")
    both = [plain.sell_voucher("Gutschein 25"), plain.sell_voucher("Gutschein frei", "7,00")]
    assert both == ["AG-0001", "AG-0001"]
    hits = plain.sale.look_up_voucher("ag-0001 ")
    assert sorted(hit.standing.voucher.type_name for hit in hits) == ["Gutschein 25", "Gutschein frei"]


# Rules for all (V14 to V16, V35, V37)


def test_the_rules_are_usual_until_the_shop_decides_and_every_change_is_kept(
    plain: Counter, desk: VoucherTypeDesk
) -> None:
    assert desk.rules() == VoucherRules()
    wanted = VoucherRules(3, False, True, False, False, True, 6)
    assert desk.set_rules(wanted) == desk.rules() == wanted
    desk.set_rules(wanted)
    ((before, after),) = told(plain, trail.Action.VOUCHER_RULES_CHANGED, "vouchers")
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert (before["years"], before["letters"], after["years"], after["letters"]) == (10, True, 3, False)


@pytest.mark.parametrize("rules", [VoucherRules(years=0), VoucherRules(years=101), VoucherRules(expiring_months=0)])
def test_rules_that_make_no_sense_are_refused(plain: Counter, desk: VoucherTypeDesk, rules: VoucherRules) -> None:
    with pytest.raises(Refused):
        desk.set_rules(rules)
    assert desk.rules() == VoucherRules()
    assert told(plain, trail.Action.VOUCHER_RULES_CHANGED, "vouchers") == []


def test_the_usual_term_counts_for_what_is_sold_from_then_on(plain: Counter, desk: VoucherTypeDesk) -> None:
    old = plain.sell_voucher("Gutschein 25")
    desk.set_rules(VoucherRules(years=4, to_year_end=False))
    fresh = plain.sell_voucher("Gutschein 25")
    terms = [plain.voucher(number).standing.voucher.valid_until for number in (old, fresh)]
    assert terms == [dt.date(2036, 12, 31), dt.date(2030, 11, 20)]


def test_vouchers_with_letters_that_are_outstanding_are_counted(plain: Counter, desk: VoucherTypeDesk) -> None:
    assert desk.lettered_outstanding() == 0
    plain.sell_voucher("Gutschein 25")
    desk.preload(VALUE_25, "100200")
    plain.sell_voucher("Gutschein 25")
    assert desk.lettered_outstanding() == 1
    plain.sale.scan("4012345000023")
    plain.sale.set_price(plain.line(1), Money(2500))
    plain.sale.redeem(plain.voucher("AG-0001").standing.voucher.id, Money(2500))
    plain.sale.complete()
    assert desk.lettered_outstanding() == 0


# What a form needs


def test_a_form_offers_what_there_is(desk: VoucherTypeDesk) -> None:
    choices = desk.choices()
    assert [one.id for one in choices.categories] == ["all", "vouchers"]
    assert [key for key, _rate in choices.rates][:2] == [VatKey.GENERAL, VatKey.REDUCED]
    assert VatKey.NOT_TAXABLE not in dict(choices.rates)


# A restart


def test_types_and_rules_are_there_after_a_restart(plain: Counter, desk: VoucherTypeDesk, fast_ports: Ports) -> None:
    kind = desk.save(new(desk, label_template="value"), None)
    desk.set_rules(VoucherRules(years=5))
    settings = plain.till.settings
    plain.till.close()
    again = open_till(settings, fast_ports)
    assert again.voucher_types.one(kind.id) == kind
    assert again.voucher_types.rules().years == 5
    again.close()
