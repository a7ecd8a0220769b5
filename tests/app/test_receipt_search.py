"""Finding receipts by what is typed or scanned: number, day, amount, article, voucher, cashier, till (T9)."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import event

from till.app.bootstrap import Ports, Till, open_till
from till.app.receipt_search import DAYS_BACK, ReceiptSearch, Search, marks
from till.app.watch import Watch
from till.catalog import lookup
from till.catalog.assortment import change_article
from till.catalog.barcodes import receipt_barcode, voucher_barcode
from till.clock import FixedClock
from till.documents import search, wanted
from till.documents.model import DocumentKind
from till.errors import Refused
from till.formats import Formats
from till.i18n import Translator
from till.money import Money
from till.settings import Settings
from till.staff.users import User, add_user

GERMAN = Formats(Translator("de"))
ROSE, TEA, CUP = "4006381333931", "4012345000016", "4012345000023"


class Counter:
    """A till at which sales are made on several days; numbers of receipts are what its tests compare."""

    def __init__(self, till: Till, clock: FixedClock) -> None:
        self.till, self.clock = till, clock
        self.desk: ReceiptSearch = till.receipt_search

    def sell(self, *codes: str) -> int:
        """Sell these for cash; the receipt's number."""
        for code in codes:
            self.till.sale.scan(code)
        self.till.sale.pay_cash(self.till.sale.state.settlement.open)
        number = self.till.sale.complete().document.number
        self.till.sale.dismiss()
        return number

    def sell_voucher(self) -> tuple[int, str]:
        """Sell a voucher over 25; the receipt's number and the voucher's."""
        self.till.sale.add(next(t for t in self.till.sale.assortment().tiles if t.name == "Gutschein 25"))
        self.till.sale.pay_cash(Money(2500))
        done = self.till.sale.complete()
        self.till.sale.dismiss()
        return done.document.number, done.vouchers[0].number

    def next_day(self, days: int = 1) -> None:
        """The clock goes on."""
        self.clock.advance(days * 86400)

    def found(self, typed: str, **more: bool) -> list[int]:
        """The numbers found by the likeliest meaning of a text."""
        return self.by(*(part.meanings[0].criterion for part in self.desk.understand(typed)), **more)

    def scanned(self, code: str) -> list[int]:
        """The numbers found by a scan."""
        return self.by(*(part.meanings[0].criterion for part in self.desk.understand_scan(code)))

    def by(self, *criteria: wanted.Criterion, sales_only: bool = True) -> list[int]:
        """The numbers found by criteria."""
        return [head.number for head in self.desk.find(Search(criteria, sales_only=sales_only)).heads]

    def said(self, typed: str) -> list[list[str]]:
        """All meanings of all parts, as a German reads them."""
        return [
            [GERMAN.sentence(one).replace("\u00a0", " ") for one in part.meanings]
            for part in self.desk.understand(typed)
        ]


@pytest.fixture
def counter(shop_settings: Settings, clock: FixedClock) -> Iterator[Counter]:
    """The small shop; receipt 1 is the float."""
    yield from opened(shop_settings, clock)


@pytest.fixture
def any_counter(any_shop_settings: Settings, clock: FixedClock) -> Iterator[Counter]:
    """The same on each of both databases."""
    yield from opened(any_shop_settings, clock)


def opened(settings: Settings, clock: FixedClock) -> Iterator[Counter]:
    till = open_till(settings, Ports(clock=clock))
    till.cash.open_shift(Money(10000))
    yield Counter(till, clock)
    till.close()


def test_the_latest_sales_come_first(counter: Counter) -> None:
    sold = [counter.sell(ROSE) for _ in range(3)]
    assert counter.found("") == sold[::-1]


def test_a_number_finds_its_receipt_whatever_kind_it_is_of(counter: Counter) -> None:
    counter.sell(ROSE)
    counter.till.cash.open_drawer()
    assert counter.found("2") == [2]
    assert counter.found("3") == [3]
    assert counter.found("4") == []


def test_days_are_those_of_the_shops_wall_clock(any_counter: Counter) -> None:
    any_counter.clock.set(dt.datetime(2026, 11, 20, 22, 59, 59, tzinfo=dt.UTC))  # a second before midnight in Berlin
    friday = any_counter.sell(ROSE)
    any_counter.clock.set(dt.datetime(2026, 11, 20, 23, 0, tzinfo=dt.UTC))
    saturday = any_counter.sell(ROSE)
    assert any_counter.found("20.11.") == any_counter.found("gestern") == any_counter.found("2026-11-20") == [friday]
    assert any_counter.found("heute") == any_counter.found("21.11.2026") == [saturday]
    assert any_counter.found("20.11.-21.11.") == [saturday, friday]
    assert any_counter.found("19.11.") == []
    desk = any_counter.desk
    assert any_counter.by(desk.days_between(dt.date(2026, 11, 21), dt.date(2026, 11, 20))) == [saturday, friday]
    assert [any_counter.by(one.criterion) for one in desk.usual_days()] == [
        [saturday],
        [friday],
        [saturday, friday],
        [saturday, friday],
    ]


@pytest.mark.parametrize("typed", ["12,00", "12.00", "12 €", "12,00 EUR", "12€"])
def test_an_amount_finds_the_receipts_of_that_total(counter: Counter, typed: str) -> None:
    cup = counter.sell(CUP)
    counter.sell(CUP, ROSE)
    assert counter.found(typed) == [cup]


def test_an_amount_that_may_be_a_day_is_offered_as_both(counter: Counter) -> None:
    counter.till.sale.scan(CUP)
    counter.till.sale.set_price(counter.till.sale.state.priced.lines[0].line.id, Money(1211))
    counter.till.sale.pay_cash(Money(1211))
    counter.till.sale.complete()
    assert counter.said("12.11") == [["12.11.2026", "Betrag 12,11 €"]]
    assert counter.said("13.11") == [["13.11.2026"]]


@pytest.mark.parametrize("typed", ["Rose", "rose", ROSE, "Ros"])
def test_an_article_is_found_by_name_or_code(counter: Counter, typed: str) -> None:
    rose = counter.sell(ROSE, CUP)
    counter.sell(CUP)
    assert counter.found(typed) == [rose]


def test_an_article_number_without_a_receipt_of_that_number_means_the_article(counter: Counter) -> None:
    with counter.till.workplace.database.write() as session:
        rose = lookup.articles_numbered(session, ["1"])["1"]
        change_article(session, replace(rose, number="4711", plu="77"))
    sold = counter.sell(ROSE)
    assert counter.found("4711") == counter.found("77") == [sold]


def test_what_is_no_longer_sold_or_has_another_number_now_is_found_by_the_old_one(counter: Counter) -> None:
    with counter.till.workplace.database.write() as session:
        rose = lookup.articles_numbered(session, ["1"])["1"]
        change_article(session, replace(rose, number="R-1"))
    sold = counter.sell(ROSE)
    with counter.till.workplace.database.write() as session:
        change_article(session, replace(rose, number="R-2", is_active=False, name="Edelrose"))
    assert counter.said("R-1")[0][0] == "Artikelnummer R-1"
    assert counter.found("R-1") == [sold]
    assert counter.found("Rose") == [sold]  # by the text of its line, as it was printed then


def test_a_voucher_is_found_where_it_was_sold_and_where_it_was_redeemed(any_counter: Counter) -> None:
    bought, number = any_counter.sell_voucher()
    any_counter.sell(ROSE)
    any_counter.till.sale.scan(CUP)
    (hit,) = any_counter.till.sale.look_up_voucher(number)
    any_counter.till.sale.redeem(hit.standing.voucher.id, hit.offered)
    redeemed = any_counter.till.sale.complete().document.number
    assert any_counter.found(number) == any_counter.found(number.lower()) == [redeemed, bought]
    assert any_counter.scanned(voucher_barcode("901", number)) == [redeemed, bought]
    assert any_counter.scanned(voucher_barcode("902", number)) == []
    assert any_counter.scanned(number) == [redeemed, bought]


def test_scans_find_receipt_and_article(counter: Counter) -> None:
    rose, cup = counter.sell(ROSE), counter.sell(CUP)
    assert counter.scanned(receipt_barcode("KASSE-1", rose)) == [rose]
    assert counter.scanned(receipt_barcode("KASSE-9", rose)) == []
    assert counter.scanned(CUP) == [cup]
    assert counter.scanned("4000000000006") == []
    with pytest.raises(Refused, match="empty code"):
        counter.scanned("")


def test_a_label_of_the_scale_finds_its_article(counter: Counter) -> None:
    sold = counter.sell("2800008003458")
    assert counter.scanned("2800008009993") == [sold]


def test_several_words_are_one_search_and_all_must_fit(any_counter: Counter) -> None:
    both = any_counter.sell(ROSE, CUP)
    any_counter.sell(ROSE)
    any_counter.next_day()
    any_counter.sell(ROSE, CUP)
    assert any_counter.found("gestern Rose 15,50") == [both]
    assert any_counter.found("heute 3,50") == []
    assert any_counter.said("gestern Rose 15,50 €") == [
        ["20.11.2026"],
        ["Artikel 1 Rose", "„Rose“ auf dem Beleg"],
        ["Betrag 15,50 €"],
    ]


def test_digits_offer_all_that_they_may_mean(counter: Counter) -> None:
    counter.sell(ROSE)
    counter.sell(CUP)
    assert counter.said("3") == [["Beleg 3", "Artikel 3 Becher"]]
    assert counter.said("12") == [["Betrag 12,00 €"]]
    assert counter.said("999999999") == [["Beleg 999999999"]]
    assert counter.said("9999999999") == [["Beleg 9999999999"]] or counter.found("9999999999") == []


def test_the_text_of_lines_is_searched_in_the_last_days_only_and_that_is_told(any_counter: Counter) -> None:
    sold = any_counter.sell("4012345000047")  # brings its deposit with it
    criterion = wanted.Saying(("PFAND", "las"))
    found = any_counter.desk.find(Search((criterion,)))
    assert ([head.number for head in found.heads], found.days) == ([sold], DAYS_BACK)
    assert any_counter.by(wanted.Saying(("Pfand%",))) == any_counter.by(wanted.Saying(("Pf_nd",))) == []
    any_counter.next_day(DAYS_BACK)
    assert any_counter.by(criterion) == []
    days = any_counter.desk.days_between(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    wider = any_counter.desk.find(Search((criterion, days)))
    assert ([head.number for head in wider.heads], wider.days) == ([sold], None)


def test_umlauts_are_found_in_capitals_too(any_counter: Counter) -> None:
    sold = any_counter.sell("2800008003458")
    assert any_counter.by(wanted.Saying(("KÄSE",))) == [sold]


def test_cashier_and_till_narrow_the_search(counter: Counter) -> None:
    with counter.till.workplace.database.write() as session:
        add_user(session, User("2", "Jonas Ärmel", "JÄ"))
    sold = counter.sell(ROSE)
    assert counter.said("marie")[0][0] == "An der Kasse: Marie Klein"
    assert counter.found("marie") == counter.found("klein") == [sold]
    assert counter.found("Jonas") == []
    assert counter.found("kasse-1") == [sold]
    assert [one.values for one in counter.desk.cashiers()] == [{"name": "Jonas Ärmel"}, {"name": "Marie Klein"}]
    assert counter.desk.tills() == ()


def test_what_only_moved_cash_or_was_thrown_away_is_shown_when_asked_for(counter: Counter) -> None:
    counter.till.cash.open_drawer()
    counter.till.sale.scan(ROSE)
    counter.till.sale.cancel()
    assert counter.till.settle()
    sold = counter.sell(CUP)
    assert counter.found("heute") == [sold]
    found = counter.desk.find(
        Search(tuple(p.meanings[0].criterion for p in counter.desk.understand("heute")), sales_only=False)
    )
    kinds = {head.kind: marks(head) for head in found.heads}
    assert kinds[DocumentKind.ABORTED] == ("Aborted",)
    assert kinds[DocumentKind.NO_SALE] == kinds[DocumentKind.SALE] == ()


def test_pages_follow_one_another_without_gap_or_repetition(any_counter: Counter) -> None:
    sold = [any_counter.sell(ROSE) for _ in range(7)]  # all in the same second of the fixed clock
    seen: list[int] = []
    last = None
    while found := any_counter.desk.find(Search(), last, 3).heads:
        seen += [head.number for head in found]
        last = found[-1]
    assert seen == sold[::-1]


def test_counting_ends_where_nobody_counts_on(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("till.app.receipt_search.MOST_COUNTED", 3)
    for _ in range(2):
        counter.sell(ROSE)
    assert not counter.desk.find(Search()).is_more
    counter.sell(ROSE)
    found = counter.desk.find(Search(), limit=1)
    assert (found.count, found.is_more, len(found.heads)) == (3, True, 1)


def test_an_article_that_is_in_every_basket_is_found_by_time(
    any_counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "FEW_LINES", 2)
    sold = [any_counter.sell(ROSE, CUP) for _ in range(3)]
    any_counter.sell(TEA)
    found = any_counter.desk.find(Search((wanted.WithArticles(("1",)),)))
    assert ([head.number for head in found.heads], found.days) == (sold[::-1], DAYS_BACK)
    assert found.count == 3


def test_the_list_is_exported_as_it_is_shown_and_holds_no_formula(counter: Counter, tmp_path: Path) -> None:
    with counter.till.workplace.database.write() as session:
        add_user(session, User("9", "=cmd()", "X"))
    rose = counter.sell(ROSE)
    counter.sell(CUP)
    asked = Search((wanted.WithArticles(("1",)),))
    seen: list[int] = []
    assert counter.desk.export(tmp_path / "found.csv", asked, GERMAN, Watch(seen.append)) == 1
    lines = (tmp_path / "found.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "Nummer;Datum;Zeit;Kasse;Belegart;Kassierer/in;Betrag;Hinweis"
    assert lines[1] == f"{rose};20.11.2026;12:00;KASSE-1;Verkauf;Marie Klein;3,50;"
    assert seen == [1]
    assert counter.desk.export(tmp_path / "all.xlsx", Search(sales_only=False), GERMAN) == 3
    sheet = openpyxl.load_workbook(tmp_path / "all.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]][:1] == [3]
    with pytest.raises(Refused, match="cancelled"):
        counter.desk.export(tmp_path / "found.csv", asked, GERMAN, Watch(is_cancelled=lambda: True))
    assert (tmp_path / "found.csv").read_text("utf-8-sig").splitlines() == lines


CRITERIA: dict[str, tuple[wanted.Criterion, ...]] = {
    "nothing": (),
    "number": (wanted.Numbered(3),),
    "days": (wanted.Ended(dt.datetime(2026, 11, 1, tzinfo=dt.UTC), dt.datetime(2026, 12, 1, tzinfo=dt.UTC)),),
    "amount": (wanted.Worth(Money(350)),),
    "articles": (wanted.WithArticles(("1", "2")),),
    "vouchers": (wanted.WithVouchers((uuid.UUID(int=5),)),),
    "text": (wanted.Saying(("Rose",)),),
    "cashier": (wanted.BookedBy("1"),),
    "till": (wanted.AtTill("KASSE-1"),),
    "amount of a cashier": (wanted.Worth(Money(350)), wanted.BookedBy("1")),
}


@pytest.mark.parametrize("name", CRITERIA)
@pytest.mark.parametrize("few_lines", [1000, 0])
def test_no_search_goes_through_a_table_that_grows(
    shop_settings: Settings, clock: FixedClock, monkeypatch: pytest.MonkeyPatch, name: str, few_lines: int
) -> None:
    """Each statement finds documents and lines by an index; asked of SQLite itself."""
    monkeypatch.setattr(search, "FEW_LINES", few_lines)
    till = open_till(shop_settings, Ports(clock=clock))
    till.cash.open_shift(Money(0))
    sold = Counter(till, clock)
    for _ in range(2):
        sold.sell(ROSE, CUP)
    told: list[tuple[str, Any]] = []

    def listen(_connection: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        if statement.startswith("SELECT"):
            told.append((statement, parameters))

    database = till.workplace.database
    monkeypatch.setattr(database, "read", database.write)  # whose engine can be listened to
    event.listen(database.engine, "before_cursor_execute", listen)
    for sales_only in (True, False):
        asked = Search(CRITERIA[name], sales_only=sales_only)
        first = sold.desk.find(asked, limit=1)
        sold.desk.find(asked, first.heads[-1] if first.heads else None)
    event.remove(database.engine, "before_cursor_execute", listen)
    assert len(told) >= 8
    with database.write() as session:
        for statement, parameters in told:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            steps = "; ".join(row[3] for row in plan)
            scans = re.findall(r"SCAN (document\w*)(?! USING INDEX ix_document_ended_at)\b(?! USING INDEX)", steps)
            assert not scans, (statement, steps)
    till.close()
