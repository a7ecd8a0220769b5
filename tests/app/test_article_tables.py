"""Articles from a table and to one: a preview that says everything, then all of it or nothing, and twice is once."""

from __future__ import annotations

import contextlib
import datetime as dt
import stat
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from till.app.article_tables import ArticleTables
from till.app.bootstrap import Ports, Till, open_till
from till.app.encryption import encrypt
from till.app.verify import verify
from till.app.watch import Watch
from till.audit import trail
from till.business_case import VatKey
from till.catalog import lookup, table_import
from till.catalog.article import Article, ArticleKind, Category
from till.catalog.assortment import add_articles, add_categories, change_article
from till.catalog.barcodes import check_digit
from till.catalog.models import ArticleRow
from till.catalog.table_import import Asked
from till.clock import FixedClock
from till.db.cipher import new_key
from till.db.staging import ids_in_order
from till.errors import Refused, Unavailable
from till.formats import Formats
from till.i18n import Translator, resource
from till.money import Money
from till.secret import Secret
from till.settings import Settings
from till.tables.verdict import Verdict

HEADER = "Artikelnummer;Bezeichnung;Warengruppe;Preis;MwSt;EAN;PLU;Pfand"
ENGLISH = Formats(Translator("en"))
GOLDEN = Path(__file__).parent / "tables"


@pytest.fixture
def desk(shop: Till) -> ArticleTables:
    return shop.article_tables


Table = Callable[..., Path]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Writes a CSV below HEADER, or below another header."""

    def make(*rows: str, header: str = HEADER) -> Path:
        path = tmp_path / "articles.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return make


def article(till: Till, number: str) -> Article:
    with till.workplace.database.read() as session:
        return lookup.articles_numbered(session, [number])[number]


def everything(till: Till) -> list[Article]:
    with till.workplace.database.read() as session:
        return sorted(lookup.articles(session, with_inactive=True), key=lambda a: a.number)


def told(desk: ArticleTables) -> list[tuple[int, str, str]]:
    """Row, column and sentence of each refused row."""
    rows = desk.rows(Verdict.REFUSED)
    return [(r.row, r.problem.column, r.problem.msgid.format(**r.problem.values)) for r in rows if r.problem]


def test_new_articles_are_sold_at_once(shop: Till, desk: ArticleTables, table: Table) -> None:
    preview = desk.check(table("100;Grüner Tee;Tee;4,50;7 %;4012345678901;100;", "101;Schale;Keramik;12;19;;;"))
    assert (preview.counts[Verdict.NEW], preview.new_categories) == (2, ("Tee", "Keramik"))
    assert lookup_fails(shop, "100")
    desk.apply()
    shop.sale.scan("4012345678901")
    shop.sale.scan("101")
    assert shop.sale.state.priced.total == Money(1650)
    assert verify(shop.workplace.database) == []


def lookup_fails(till: Till, number: str) -> bool:
    with till.workplace.database.read() as session:
        return number not in lookup.articles_numbered(session, [number])


def test_a_change_is_told_before_and_after_and_leaves_the_rest(shop: Till, desk: ArticleTables, table: Table) -> None:
    old = article(shop, "1")
    preview = desk.check(table("1;3,90", "2;8,90", header="Nr;Preis"))
    assert (preview.counts[Verdict.CHANGED], preview.counts[Verdict.UNCHANGED]) == (1, 1)
    (row,) = desk.rows(Verdict.CHANGED)
    assert (row.row, row.number, row.name) == (2, "1", "Rose")
    assert [(c.column, c.before, c.after) for c in row.changes] == [("Preis", "3,50", "3,90")]
    desk.apply()
    assert article(shop, "1") == replace(old, price=Money(390))


def test_the_same_table_twice_is_once(shop: Till, desk: ArticleTables, table: Table) -> None:
    path = table("100;Tee;Neu;4,50;7;4012345678901;55;", "1;Rose rot;Alles;3,60;7;4006381333931;;")
    desk.check(path)
    desk.apply()
    once = everything(shop)
    again = desk.check(path)
    assert again.counts == {Verdict.NEW: 0, Verdict.CHANGED: 0, Verdict.UNCHANGED: 2, Verdict.REFUSED: 0}
    assert not again.changes_something
    desk.apply()
    assert everything(shop) == once
    with shop.workplace.database.read() as session:
        assert len(trail.entries(session, "KASSE-1", trail.Action.ARTICLES_IMPORTED)) == 1


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
def test_what_is_exported_comes_back_unchanged(shop: Till, desk: ArticleTables, tmp_path: Path, name: str) -> None:
    odd = [
        replace(article(shop, "1"), id=ids_in_order()(), number="=9", name="-Formel'", codes=("12 34",), plu="P-1"),
        replace(article(shop, "8"), id=ids_in_order()(), number="'=10", name="  Rand  ", is_active=False),
        replace(article(shop, "5"), id=ids_in_order()(), number="11", codes=("a|b", "c\\"), age_limit=16, position=-4),
    ]
    with shop.workplace.database.write() as session:
        add_articles(session, odd)
    assert desk.export(tmp_path / name) == 11
    preview = desk.check(tmp_path / name)
    assert told(desk) == []
    assert preview.counts == {Verdict.NEW: 0, Verdict.CHANGED: 0, Verdict.UNCHANGED: 11, Verdict.REFUSED: 0}
    assert preview.unknown_columns == ()


def test_the_demo_assortment_moves_to_another_shop_by_table(desk: ArticleTables, tmp_path: Path) -> None:
    """The files of the demo are tables too, in English and with other words for yes."""
    preview = desk.check(resource("demo", "articles.csv"))
    assert told(desk) == []
    assert preview.counts[Verdict.NEW] > 300
    desk.apply()
    desk.export(tmp_path / "all.xlsx")
    preview = desk.check(tmp_path / "all.xlsx")
    assert preview.counts[Verdict.UNCHANGED] == sum(preview.counts.values())


def test_all_that_is_wrong_is_told_and_nothing_is_taken_over(shop: Till, desk: ArticleTables, table: Table) -> None:
    before = everything(shop)
    preview = desk.check(
        table(
            "100;Tee;Neu;4,50;7;4012345678901;;",
            "100;Tee;Neu;4,50;7;;;",
            "102;Tee;Neu;4,50;7;4012345678901;;",
            "103;Tee;Neu;-1;7;;;",
            "104;Tee;Neu;1,234;7;;;",
            "105;Tee;Neu;1;16;;;",
            "106;Tee;Neu;1;7;4006381333931;;",
            "107;Tee;Neu;1;7;;901;",
            "108;Tee;Neu;1;7;;;555",
            "109;Tee;Neu;1;7;;;1",
            "110;Tee;;1;7;;;",
            ";Tee;Neu;1;7;;;",
            "111;;Neu;1;7;;;",
            "112;Tee;Neu;1;7;;60;",
            "113;Tee;Neu;1;7;;60;",
            "114;Tee;Neu;1;7;;;114",
        )
    )
    assert told(desk) == [
        (3, "Artikelnummer", "The article number stands in row 2 already."),
        (4, "EAN", "The code 4012345678901 stands in row 2 already."),
        (5, "Preis", "A price can’t be negative."),
        (6, "Preis", "“1,234” has more than two decimals. Write 1234,00 or 1,23."),
        (7, "MwSt", "There is no VAT key with the rate 16 % today."),
        (8, "EAN", "The code 4006381333931 belongs to article 1, which the table leaves as it is."),
        (9, "PLU", "The PLU number 901 is already in use."),
        (10, "Pfand", "There is no article 555 for the deposit."),
        (11, "Pfand", "Article 1 is no deposit."),
        (12, "Warengruppe", "A new article needs a category."),
        (13, "Artikelnummer", "The row has no article number."),
        (14, "Bezeichnung", "A new article needs this."),
        (16, "PLU", "The PLU number 60 stands in row 15 already."),
        (17, "Pfand", "Article 114 is no deposit."),
    ]
    assert not preview.is_acceptable
    with pytest.raises(Refused, match="14 rows"):
        desk.apply()
    assert everything(shop) == before


def test_articles_may_swap_their_codes_and_numbers_for_typing(shop: Till, desk: ArticleTables, table: Table) -> None:
    header = "Nr;EAN;PLU"
    desk.check(table("1;4006381333931;71", "2;4012345000016;72", header=header))
    desk.apply()
    desk.check(table("1;4012345000016;72", "2;4006381333931;71", header=header))
    assert told(desk) == []
    desk.apply()
    assert (article(shop, "1").codes, article(shop, "1").plu) == (("4012345000016",), "72")
    assert (article(shop, "2").codes, article(shop, "2").plu) == (("4006381333931",), "71")


def test_deposits_are_tied_by_number_whatever_the_order(shop: Till, desk: ArticleTables, table: Table) -> None:
    header = "Nr;Name;Gruppe;Preis;MwSt;Pfand;Art"
    desk.check(
        table("200;Wasser;Alles;1;19;201;", "201;Pfand 25;Alles;0,25;19;;Pfand", "1;;;;;6;", "5;;;;;;", header=header)
    )
    assert told(desk) == []
    desk.apply()
    assert article(shop, "200").deposit_id == article(shop, "201").id
    assert article(shop, "201").kind is ArticleKind.DEPOSIT
    assert article(shop, "1").deposit_id == article(shop, "6").id
    assert article(shop, "5").deposit_id is None


def test_an_unknown_category_is_made_or_refused_as_asked(shop: Till, desk: ArticleTables, table: Table) -> None:
    path = table("100;Tee;Neu;1;7;;;", "101;Tee;ALLES;1;7;;;", "102;Tee;;1;7;;;")
    desk.check(path, Asked(makes_categories=False, category="Alles"))
    assert told(desk) == [(2, "Warengruppe", "There is no category “Neu”.")]
    preview = desk.check(path, Asked(category="Sonstiges"))
    assert preview.new_categories == ("Neu", "Sonstiges")
    desk.apply()
    assert article(shop, "101").category_id == "all"
    with shop.workplace.database.read() as session:
        names = {c.id: c.name for c in lookup.categories(session)}
    assert names[article(shop, "102").category_id] == "Sonstiges"


def test_a_column_of_many_different_words_is_no_category(
    desk: ArticleTables, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table_import, "MAX_NEW_CATEGORIES", 2)
    desk.check(table("100;Tee;A;1;7;;;", "101;Tee;B;1;7;;;", "102;Tee;C;1;7;;;"))
    assert told(desk) == [
        (4, "Warengruppe", "“C” would be one of more than 2 new categories. Is this the right column?")
    ]


def test_titles_that_nobody_knows_are_told(desk: ArticleTables, table: Table) -> None:
    preview = desk.check(table("1;5", header="Nr;Lagerplatz"))
    assert (preview.read_columns, preview.unknown_columns) == (("Nr",), ("Lagerplatz",))


@pytest.mark.parametrize("change", ["price", "code", "number"])
def test_what_was_changed_since_the_check_is_not_overwritten(
    shop: Till, desk: ArticleTables, table: Table, change: str
) -> None:
    desk.check(table("1;Rose;Alles;5;7;4006381333931;;", "100;Tee;Alles;5;7;4012345678901;;"))
    with shop.workplace.database.write() as session:
        match change:
            case "price":
                change_article(session, replace(lookup.articles_numbered(session, ["1"])["1"], price=Money(999)))
            case "code":
                change_article(
                    session, replace(lookup.articles_numbered(session, ["3"])["3"], codes=("4012345678901",))
                )
            case _:
                session.execute(update(ArticleRow).where(ArticleRow.number == "2").values(number="100"))
    before = everything(shop)
    with pytest.raises(Refused, match="were changed since"):
        desk.apply()
    assert everything(shop) == before
    shop.sale.scan("4006381333931")  # the connection is free again
    shop.sale.pay_cash(Money(5000))
    shop.sale.complete()


def test_the_trail_says_who_took_over_what(shop: Till, desk: ArticleTables, table: Table) -> None:
    preview = desk.check(table("1;3,90", header="Nr;Preis"))
    desk.apply()
    with shop.workplace.database.read() as session:
        (entry,) = trail.entries(session, "KASSE-1", trail.Action.ARTICLES_IMPORTED)
    assert (entry.subject, entry.user_name, entry.before) == ("articles.csv", "Marie Klein", "1: Preis 3,50")
    assert entry.after == f"0 new, 1 changed, 0 unchanged, 0 refused; sha256 {preview.digest}\n1: Preis 3,90"


def test_a_long_list_of_changes_is_noted_by_its_count(
    shop: Till, desk: ArticleTables, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("till.app.article_tables._NOTED_CHANGES", 1)
    desk.check(table("1;3,90", "2;9", "3;13", header="Nr;Preis"))
    desk.apply()
    with shop.workplace.database.read() as session:
        (entry,) = trail.entries(session, "KASSE-1", trail.Action.ARTICLES_IMPORTED)
    assert entry.before == "1: Preis 3,50\nand 2 more"
    assert entry.after.endswith("and 2 more")


def test_nothing_is_applied_without_a_check(desk: ArticleTables, table: Table) -> None:
    with pytest.raises(Refused, match="Check a table first"):
        desk.apply()
    desk.check(table("1;5", header="Nr;Preis"))
    with pytest.raises(Refused, match="is empty"):
        desk.check(_empty(table("1;5", header="Nr;Preis")))
    with pytest.raises(Refused, match="Check a table first"):
        desk.rows(Verdict.NEW)


def _empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def test_progress_is_told_and_cancelling_leaves_nothing(
    shop: Till, desk: ArticleTables, table: Table, tmp_path: Path
) -> None:
    path = table(*(f"{number};Tee;Neu;1;7;;;" for number in range(1000, 2201)))
    seen: list[int] = []
    desk.check(path, watch=Watch(seen.append))
    assert seen == [500, 1000, 1201]
    with pytest.raises(Refused, match="was cancelled"):
        desk.check(path, watch=Watch(seen.append, lambda: len(seen) > 4))
    with pytest.raises(Refused, match="Check a table first"):
        desk.apply()
    assert not list(shop.settings.data_dir.glob("import-*"))
    with pytest.raises(Refused, match="was cancelled"):
        desk.export(tmp_path / "out.csv", Watch(is_cancelled=lambda: True))
    assert not (tmp_path / "out.csv").exists()


def test_the_file_in_between_is_the_owners_alone_and_goes(shop: Till, desk: ArticleTables, table: Table) -> None:
    desk.check(table("1;5", header="Nr;Preis"))
    (file,) = shop.settings.data_dir.glob("import-*")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    desk.apply()
    assert not file.exists()
    desk.check(table("1;6", header="Nr;Preis"))
    shop.close()
    assert not file.exists()


def test_verdicts_are_read_on_page_by_page(desk: ArticleTables, table: Table) -> None:
    desk.check(table(*(f"{number};Tee;Neu;1;7;;;" for number in range(100, 107))))
    first = desk.rows(Verdict.NEW, limit=4)
    rest = desk.rows(Verdict.NEW, after_row=first[-1].row, limit=4)
    assert [row.number for row in first + rest] == [str(number) for number in range(100, 107)]


def test_another_thread_may_check_than_the_one_that_shows(desk: ArticleTables, table: Table) -> None:
    path = table("1;5", header="Nr;Preis")
    worker = threading.Thread(target=desk.check, args=[path])
    worker.start()
    worker.join()
    assert len(desk.rows(Verdict.CHANGED)) == 1


@pytest.mark.parametrize("name", ["warenwirtschaft.csv", "english.csv", "excel.xlsx"])
def test_tables_of_other_programs_are_understood(shop: Till, desk: ArticleTables, name: str) -> None:
    """Golden files: kept as they were written, in the encoding and with the titles of their makers."""
    preview = desk.check(GOLDEN / name, Asked(category="Import"))
    assert told(desk) == []
    assert preview.counts[Verdict.NEW] == 3
    desk.apply()
    found = [article(shop, number) for number in ("0501", "0502", "0503")]
    assert [(a.name, a.price, a.vat_key, a.codes) for a in found] == [
        ("Käsekuchen „Oma“", Money(290), VatKey.REDUCED, ("4012345678901",)),
        ("Becher, groß", Money(129_990), VatKey.GENERAL, ("4012345000207", "4012345000214")),
        ("Blumen nach Wunsch", None, VatKey.REDUCED, ()),
    ]


@pytest.mark.timeout(120)
def test_sales_go_on_beside_a_large_import(shop: Till, desk: ArticleTables, tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    rows = (f"{n};Artikel {n};Gruppe {n % 50};{n % 100},99;19;{_gtin(n)};;" for n in range(10_000, 20_000))
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    problems: list[BaseException] = []

    def take_in() -> None:
        try:
            desk.check(path)
            desk.apply()
        except BaseException as error:  # noqa: BLE001 - told by the test below
            problems.append(error)

    worker = threading.Thread(target=take_in)
    worker.start()
    longest = 0.0
    sold = 0
    while worker.is_alive():
        began = time.perf_counter()
        shop.sale.scan("4006381333931")
        shop.sale.pay_cash(Money(1000))
        _patiently(shop.sale.complete)
        longest = max(longest, time.perf_counter() - began)
        sold += 1
    worker.join()
    assert problems == []
    assert sold > 0
    assert article(shop, "19999").codes == (_gtin(19_999),)
    assert longest < 10  # benchmarks/importing.py measures it; this only finds what waits for the whole import


def _patiently(action: Callable[[], object]) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            action()
        except Unavailable:
            if time.monotonic() > until:
                raise
        else:
            return


def _gtin(number: int) -> str:
    digits = f"40{number:010d}"
    return digits + check_digit(digits)


def test_an_article_in_a_category_of_an_unclear_name_stays_there(shop: Till, desk: ArticleTables, table: Table) -> None:
    with shop.workplace.database.write() as session:
        add_categories(session, [Category("second", "Alles", 9, "#DDEBD0")])
        change_article(session, replace(lookup.articles_numbered(session, ["1"])["1"], category_id="second"))
    desk.check(table("1;Rose;Alles;5;7;4006381333931;;"))
    desk.apply()
    assert article(shop, "1").category_id == "second"
    assert article(shop, "1").price == Money(500)


def test_encrypted_books_stage_their_imports_encrypted(
    shop_settings: Settings, clock: FixedClock, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = new_key()
    monkeypatch.setenv(Secret.DATABASE_KEY.variable, key.digits)
    assert encrypt(shop_settings, key, lambda _done, _all: None)
    with contextlib.closing(open_till(shop_settings, Ports(clock=clock))) as till:
        till.article_tables.check(
            table("100;Grüner Tee;Neu;4,50;7;4012345678901;;", "1;Rose;Alles;4;7;4006381333931;;")
        )
        (staged,) = shop_settings.data_dir.glob("import-*")
        assert "Grüner Tee".encode() not in staged.read_bytes()
        assert b"SQLite format" not in staged.read_bytes()
        till.article_tables.apply()
        assert article(till, "100").name == "Grüner Tee"
        assert article(till, "1").price == Money(400)


def test_what_breaks_off_in_the_last_step_takes_nothing_over(
    shop: Till, desk: ArticleTables, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything(shop)
    desk.check(table("100;Tee;Neu;4,50;7;4012345678901;55;", "1;Rose;Alles;4;7;4006381333931;;"))

    def break_off(*_arguments: object, **_more: object) -> None:
        raise Unavailable("the disk is gone")

    with monkeypatch.context() as patched:
        patched.setattr(trail, "note", break_off)
        with pytest.raises(Unavailable, match="disk is gone"):
            desk.apply()
    assert everything(shop) == before
    desk.apply()  # what was made ready is still there
    assert article(shop, "100").plu == "55"


def test_an_import_while_the_till_is_closed_is_noted_too(any_shop_settings: Settings, table: Table) -> None:
    clock = FixedClock(dt.datetime(2026, 11, 20, 6, 0, tzinfo=dt.UTC))
    till = open_till(any_shop_settings, Ports(clock=clock))
    till.article_tables.check(table("1;5", header="Nr;Preis"))
    till.article_tables.apply()
    assert verify(till.workplace.database) == []
    till.close()


def test_a_file_that_was_changed_since_the_check_is_not_taken_over(
    shop: Till, desk: ArticleTables, table: Table
) -> None:
    before = everything(shop)
    desk.check(table("1;5", header="Nr;Preis"))
    path = table("1;6", header="Nr;Preis")
    with pytest.raises(Refused, match="was changed since it was checked"):
        desk.apply()
    with pytest.raises(Refused, match="was changed since it was checked"):
        desk.export_refused(path.with_name("refused.csv"), ENGLISH)
    assert everything(shop) == before


def test_a_file_that_changes_while_it_is_read_is_not_believed(desk: ArticleTables, table: Table) -> None:
    path = table(*(f"{number};Tee;Neu;1;7;;;" for number in range(1000, 1600)))

    def write_on(_rows: int) -> None:
        with path.open("a") as file:
            file.write("9999;Tee;Neu;1;7;;;\n")

    with pytest.raises(Refused, match="was changed since it was checked"):
        desk.check(path, watch=Watch(write_on))


def test_a_stick_that_is_pulled_out_after_the_check_changes_nothing(
    shop: Till, desk: ArticleTables, table: Table
) -> None:
    path = table("1;5", "x;5;x", header="Nr;Preis")
    desk.check(path)
    path.unlink()
    with pytest.raises(Unavailable, match=r"“articles.csv” can’t be read"):
        desk.export_refused(path.with_name("refused.csv"), ENGLISH)
    desk.check(table("1;5", header="Nr;Preis"))
    path.unlink()
    desk.apply()
    assert article(shop, "1").price == Money(500)


def test_refused_rows_are_written_with_their_reasons_and_can_be_mended_there(
    shop: Till, desk: ArticleTables, table: Table, tmp_path: Path
) -> None:
    desk.check(table("1;3,90;=A1", "2;-1;b", "3;x;c", "4;1;d", header="Nr;Preis;Lagerplatz"))
    seen: list[int] = []
    assert desk.export_refused(tmp_path / "refused.csv", ENGLISH, Watch(seen.append)) == 2
    assert (tmp_path / "refused.csv").read_text("utf-8-sig").splitlines() == [
        "Row;Column;Reason;Nr;Preis;Lagerplatz",
        "3;Preis;A price can’t be negative.;2;'-1;b",
        "4;Preis;“x” is no amount. Write it like 12,50.;3;x;c",
    ]
    assert seen == [0]
    (tmp_path / "refused.csv").write_text("Zeile;Spalte;Grund;Nr;Preis\n3;;;2;1\n4;;;3;2\n", "utf-8")
    preview = desk.check(tmp_path / "refused.csv")
    assert (preview.counts[Verdict.CHANGED], preview.unknown_columns) == (2, ("Zeile", "Spalte", "Grund"))
    desk.apply()
    assert article(shop, "2").price == Money(100)


def test_how_many_articles_there_are_is_known_before_they_are_written(
    shop: Till, desk: ArticleTables, tmp_path: Path
) -> None:
    assert desk.count() == len(everything(shop)) == desk.export(tmp_path / "all.csv")


def test_a_new_article_whose_code_another_keeps_is_told_once(desk: ArticleTables, table: Table) -> None:
    """What is refused only once the whole table is known was a new article until then."""
    preview = desk.check(table("100;Tee;Neu;1;7;4006381333931|4012345000016;;", "101;Tee;Neu;1;7;;;"))
    assert [(row, column) for row, column, _ in told(desk)] == [(2, "EAN")]
    assert (preview.counts[Verdict.NEW], preview.counts[Verdict.REFUSED]) == (1, 1)
    assert [row.number for row in desk.rows(Verdict.NEW)] == ["101"]


def test_books_with_more_articles_than_are_kept_in_mind_are_asked(
    desk: ArticleTables, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("till.db.known.MOST_LEARNT", 1)
    desk.check(table("1;Rose;Alles;5;7;4006381333931;;", "100;Tee;Neu;1;7;4012345000016;;"))
    assert [(row, column) for row, column, _ in told(desk)] == [(3, "EAN")]
    assert len(desk.rows(Verdict.CHANGED)) == 1
