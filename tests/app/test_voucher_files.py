"""Vouchers in files: numbers for gift cards, old vouchers one by one and by the table, all of them or none (V51 to V53)."""

from __future__ import annotations

import datetime as dt
import errno
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import delete, func, select, text, update

from till.app import voucher_files
from till.app.bootstrap import Till
from till.app.verify import verify
from till.app.voucher_files import VoucherFiles
from till.app.watch import Watch
from till.audit import trail
from till.audit.models import AuditRow
from till.catalog.barcodes import parse
from till.db.base import Base
from till.errors import Refused, Unavailable
from till.formats import Formats
from till.i18n import Translator
from till.ledger.account import Account
from till.ledger.balances import balances
from till.money import Money, total
from till.tables.verdict import Verdict
from till.vouchers.generator import NumberRun
from till.vouchers.model import Voucher, VoucherOrigin, VoucherState, VoucherType
from till.vouchers.models import VoucherRow
from till.vouchers.old import OldVoucher
from till.vouchers.old_table import Defaults
from till.vouchers.opening import bring_in
from till.vouchers.standing import find_vouchers, standing_of

HEADER = "Nummer;Restwert;Gutscheinart;Bezahlt;Verkauft am;Gültig bis"
ENGLISH = Formats(Translator("en"))
TODAY = dt.date(2026, 11, 20)
BOOKS = ("voucher", "ledger_entry", "ledger_posting", "audit", "chain_link")


@pytest.fixture
def desk(shop: Till) -> VoucherFiles:
    return shop.voucher_files


def kind(desk: VoucherFiles, plu: str = "906") -> VoucherType:
    return next(one for one in desk.kinds() if one.plu == plu)


Table = Callable[..., Path]


@pytest.fixture
def table(tmp_path: Path) -> Table:
    """Writes a CSV below HEADER, or below another header."""

    def make(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
        path = tmp_path / "old.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding=encoding)
        return path

    return make


def check(desk: VoucherFiles, path: Path, **defaults: object) -> dict[Verdict, int]:
    usual = Defaults(kind(desk))
    return dict(desk.check(path, replace(usual, **defaults)).counts)  # type: ignore[arg-type]


def told(desk: VoucherFiles, verdict: Verdict = Verdict.REFUSED) -> list[tuple[int, str, str]]:
    """Row, column and sentence of each row that is kept out."""
    return [(r.row, r.problem.column, ENGLISH.sentence(r.problem)) for r in desk.rows(verdict) if r.problem is not None]


def voucher(till: Till, number: str) -> Voucher:
    with till.workplace.database.read() as session:
        (found,) = find_vouchers(session, number)
    return found


def state(till: Till, number: str) -> tuple[VoucherState, Money, Money]:
    with till.workplace.database.read() as session:
        (found,) = find_vouchers(session, number)
        standing = standing_of(session, found, TODAY)
    return standing.state, standing.paid_left, standing.bonus_left


def sums(till: Till) -> dict[Account, Money]:
    """What old vouchers have put onto their accounts, by account."""
    accounts = (Account.VOUCHER_MULTI, Account.VOUCHER_SINGLE, Account.VOUCHER_BONUS, Account.OPENING)
    with till.workplace.database.read() as session:
        found = balances(session, accounts)
    return {a: total(v for (account, _), v in found.items() if account is a) for a in accounts}


def counts(till: Till) -> dict[str, int]:
    till.settle()
    with till.workplace.database.read() as session:
        return {
            name: session.execute(select(func.count()).select_from(Base.metadata.tables[name])).scalar_one()
            for name in BOOKS
        }


# V51


def test_numbers_are_written_as_texts_with_the_tills_own_barcodes(
    shop: Till, desk: VoucherFiles, tmp_path: Path
) -> None:
    before = counts(shop)
    path = tmp_path / "numbers.xlsx"
    assert desk.write_numbers(path, NumberRun("0098", 3), kind(desk)) == 3
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert rows[1:] == [("0098", "$V906.0098"), ("0099", "$V906.0099"), ("0100", "$V906.0100")]
    assert rows[0] == ("Nummer", "Barcode")
    assert parse("$V906.0098").number == "0098"
    assert counts(shop) == before


def test_numbers_without_a_type_have_bare_barcodes(desk: VoucherFiles, tmp_path: Path) -> None:
    desk.write_numbers(tmp_path / "numbers.csv", NumberRun("7", 2), None)
    assert (tmp_path / "numbers.csv").read_text("utf-8-sig").splitlines()[1:] == ["7;7", "8;8"]


def test_numbers_that_are_cancelled_leave_the_file_that_was_there(desk: VoucherFiles, tmp_path: Path) -> None:
    path = tmp_path / "numbers.xlsx"
    desk.write_numbers(path, NumberRun("1", 3), None)
    before, seen = path.read_bytes(), list[int]()
    with pytest.raises(Refused, match="cancelled"):
        desk.write_numbers(path, NumberRun("1", 5000), None, Watch(seen.append, lambda: len(seen) > 2))
    assert seen == [0, 500, 1000]
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["numbers.xlsx"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "there is no room left"),
        (errno.EROFS, "write-protected"),
        (errno.EACCES, "another program has it open"),
    ],
)
def test_a_place_that_takes_no_numbers_is_told_in_words(
    desk: VoucherFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    def fails(_self: Path, _target: Path) -> Path:
        raise OSError(code, "x")

    monkeypatch.setattr(Path, "replace", fails)
    with pytest.raises(Unavailable, match=words):
        desk.write_numbers(tmp_path / "numbers.xlsx", NumberRun("1", 5), None)
    assert not list(tmp_path.glob("*numbers*"))


# V52


def test_an_old_voucher_is_active_at_once_and_booked_against_the_opening(shop: Till, desk: VoucherFiles) -> None:
    documents = shop.sale.state
    old = desk.add_old(OldVoucher(kind(desk), " alt-7 ", Money(1250), sold_on=dt.date(2024, 3, 1)))
    assert (old.origin, old.document_id, old.number, old.issued_number) == (VoucherOrigin.OLD, None, "alt-7", 0)
    assert (old.valid_from, old.valid_until) == (dt.date(2024, 3, 1), dt.date(2034, 12, 31))
    assert old.issued_at == dt.datetime(2024, 3, 1, 11, 0, tzinfo=dt.UTC)
    assert voucher(shop, "ALT-7") == old
    assert state(shop, "alt-7") == (VoucherState.ACTIVE, Money(1250), Money(0))
    assert sums(shop)[Account.VOUCHER_MULTI] == Money(-1250)
    assert sums(shop)[Account.OPENING] == Money(1250)
    assert verify(shop.workplace.database) == []
    assert shop.sale.state == documents


def test_a_gift_is_all_bonus_and_owed_to_nobody(shop: Till, desk: VoucherFiles) -> None:
    desk.add_old(OldVoucher(kind(desk), "G1", Money(1500), is_gift=True))
    assert state(shop, "G1") == (VoucherState.ACTIVE, Money(0), Money(1500))
    assert sums(shop)[Account.OPENING] == Money(0)
    assert verify(shop.workplace.database) == []


def test_a_single_purpose_one_keeps_the_rate_of_the_day_on_which_it_was_sold(shop: Till, desk: VoucherFiles) -> None:
    at_16 = desk.add_old(OldVoucher(kind(desk, "905"), "K1", Money(5000), sold_on=dt.date(2020, 8, 1)))
    of_today = desk.add_old(OldVoucher(kind(desk, "905"), "K2", Money(5000)))
    open_to_all = desk.add_old(OldVoucher(kind(desk), "K3", Money(5000), sold_on=dt.date(2020, 8, 1)))
    assert [one.vat_rate_bp for one in (at_16, of_today, open_to_all)] == [1600, 1900, 0]
    assert verify(shop.workplace.database) == []


def test_a_single_purpose_one_was_turnover_then(shop: Till, desk: VoucherFiles) -> None:
    desk.add_old(OldVoucher(kind(desk, "905"), "K1", Money(5000)))
    assert sums(shop)[Account.VOUCHER_SINGLE] == Money(-5000)
    assert sums(shop)[Account.OPENING] == Money(0)
    assert verify(shop.workplace.database) == []


def test_an_old_voucher_is_redeemed_like_any_other(shop: Till, desk: VoucherFiles) -> None:
    desk.add_old(OldVoucher(kind(desk), "ALT-7", Money(1250)))
    shop.sale.scan("4006381333931")
    (hit,) = shop.sale.look_up_voucher("alt-7")
    shop.sale.redeem(hit.standing.voucher.id, Money(350))
    shop.sale.complete()
    assert state(shop, "alt-7") == (VoucherState.ACTIVE, Money(900), Money(0))
    shop.settle()
    assert verify(shop.workplace.database) == []


def test_a_number_is_taken_once_by_a_type_and_again_by_another(shop: Till, desk: VoucherFiles) -> None:
    desk.add_old(OldVoucher(kind(desk), "ALT-7", Money(1250)))
    before = counts(shop)
    with pytest.raises(Refused, match="There is a voucher alt-7 of this type already"):
        desk.add_old(OldVoucher(kind(desk), "alt-7", Money(500)))
    assert counts(shop) == before
    desk.add_old(OldVoucher(kind(desk, "901"), "alt-7", Money(500)))
    with shop.workplace.database.read() as session:
        assert len(find_vouchers(session, "ALT-7")) == 2


def test_the_next_number_of_a_type_skips_old_ones(shop: Till, desk: VoucherFiles) -> None:
    desk.add_old(OldVoucher(kind(desk, "901"), "ag-0001", Money(500)))
    shop.sale.add(next(tile for tile in shop.sale.assortment().tiles if tile.name == "Gutschein 25"))
    shop.sale.pay_cash(Money(2500))
    assert shop.sale.complete().vouchers[0].number == "AG-0002"


def test_a_type_that_is_sold_no_more_still_has_old_vouchers(shop: Till, desk: VoucherFiles) -> None:
    with shop.workplace.database.write() as session:
        session.execute(text("UPDATE voucher_type SET active = :no WHERE plu = '906'"), {"no": False})
    gone = kind(desk)
    assert not gone.active
    assert desk.kinds()[-1] == gone
    desk.add_old(OldVoucher(gone, "A", Money(1)))
    assert state(shop, "A") == (VoucherState.ACTIVE, Money(1), Money(0))


BAD_OLD = {
    "no number": (OldVoucher, {"number": "  "}, "Type or scan the voucher’s number"),
    "500 characters": (OldVoucher, {"number": "7" * 500}, "too long"),
    "a control character": (OldVoucher, {"number": "A\x07B"}, "can’t be printed"),
    "a Cyrillic letter": (OldVoucher, {"number": "АG-1"}, "the letter А"),
    "wide digits": (OldVoucher, {"number": "１２"}, "the letter １"),
    "nothing left": (OldVoucher, {"value": Money(0)}, "a value above 0"),
    "less than nothing": (OldVoucher, {"value": Money(-1)}, "a value above 0"),
    "more than any voucher": (OldVoucher, {"value": Money(10**12)}, "can’t be worth"),
    "sold tomorrow": (OldVoucher, {"sold_on": dt.date(2026, 11, 21)}, "is still to come"),
    "sold in 1899": (OldVoucher, {"sold_on": dt.date(1899, 12, 30)}, "Is the year right"),
    "over before it began": (
        OldVoucher,
        {"sold_on": dt.date(2024, 5, 2), "valid_until": dt.date(2024, 5, 1)},
        "and it was sold on",
    ),
}


@pytest.mark.parametrize("name", BAD_OLD)
def test_an_old_voucher_that_can_not_be_is_refused_in_words(till: Till, name: str) -> None:
    _, wrong, words = BAD_OLD[name]
    desk, before = till.voucher_files, counts(till)
    with pytest.raises(Refused, match=words):
        desk.add_old(replace(OldVoucher(kind(desk), "A1", Money(100)), **wrong))  # type: ignore[arg-type]
    assert counts(till) == before


def test_an_expired_one_is_brought_in_as_expired(till: Till) -> None:
    desk = till.voucher_files
    desk.add_old(OldVoucher(kind(desk), "A1", Money(100), valid_until=dt.date(2025, 12, 31)))
    assert state(till, "A1")[0] is VoucherState.EXPIRED
    assert verify(till.workplace.database) == []


def test_nothing_is_brought_in_while_the_till_practises(till: Till, table: Table) -> None:
    desk = till.voucher_files
    check(desk, table("A;1;;;;"))
    till.training.begin()
    with pytest.raises(Refused, match="training"):
        desk.add_old(OldVoucher(kind(desk), "A1", Money(100)))
    with pytest.raises(Refused, match="training"):
        desk.apply()


# V53


def test_good_rows_go_in_all_at_once_and_the_others_say_why(shop: Till, desk: VoucherFiles, table: Table) -> None:
    before = counts(shop)
    path = table(
        "000123;12,50;Eigene Nummer;bezahlt;01.03.2024;31.12.2027",
        "B;25.00;901;geschenkt;2024-03-01;2027-12-31",
        "C;50;Floristik-Kurs;;;",
        "D;0;;;;",
        "000123;5;;;;",
    )
    preview = desk.check(path, Defaults(kind(desk)))
    assert preview.counts == {Verdict.NEW: 3, Verdict.UNCHANGED: 0, Verdict.REFUSED: 2}
    assert (preview.sums.paid, preview.sums.gift, preview.sums.count) == (Money(6250), Money(2500), 3)
    assert told(desk) == [
        (5, "Restwert", "An old voucher needs a value above 0. One that is used up is not brought in."),
        (6, "Nummer", "The number stands in row 2 already."),
    ]
    assert counts(shop) == before
    assert desk.apply() == preview
    assert state(shop, "000123") == (VoucherState.ACTIVE, Money(1250), Money(0))
    assert state(shop, "B") == (VoucherState.ACTIVE, Money(0), Money(2500))
    assert voucher(shop, "B").valid_until == dt.date(2027, 12, 31)
    assert sums(shop) == {
        Account.VOUCHER_MULTI: Money(-1250),
        Account.VOUCHER_SINGLE: Money(-5000),
        Account.VOUCHER_BONUS: Money(-2500),
        Account.OPENING: Money(1250),
    }
    after = counts(shop)
    assert {name: after[name] - before[name] for name in BOOKS} == {
        "voucher": 3, "ledger_entry": 1, "ledger_posting": 6, "audit": 1, "chain_link": 2,
    }  # fmt: skip
    assert verify(shop.workplace.database) == []


def test_the_same_file_twice_brings_in_nothing_twice(shop: Till, desk: VoucherFiles, table: Table) -> None:
    path = table("A;12,50;;;;", "B;25;;geschenkt;;")
    check(desk, path)
    desk.apply()
    once = counts(shop)
    assert check(desk, path) == {Verdict.NEW: 0, Verdict.UNCHANGED: 2, Verdict.REFUSED: 0}
    assert told(desk, Verdict.UNCHANGED)[0] == (2, "Nummer", "It is in the books already.")
    with pytest.raises(Refused, match="No row of the table can be brought in"):
        desk.apply()
    assert counts(shop) == once


def test_a_number_that_means_another_voucher_is_refused(shop: Till, desk: VoucherFiles, table: Table) -> None:
    shop.sale.add(next(tile for tile in shop.sale.assortment().tiles if tile.name == "Gutschein 25"))
    shop.sale.pay_cash(Money(2500))
    sold = shop.sale.complete().vouchers[0].number
    desk.add_old(OldVoucher(kind(desk), "OLD", Money(500)))
    check(desk, table(f"{sold.lower()};25;901;;;", "old;7;;;;", "old;5;901;;;", "OLD ;5;;geschenkt;;"))
    assert told(desk) == [
        (2, "Nummer", "The number was sold already on 20/11/2026."),
        (3, "Nummer", "The number is in the books already, as an old voucher over €5.00."),
        (5, "Nummer", "The number stands in row 3 already."),
    ]
    assert [row.number for row in desk.rows(Verdict.NEW)] == ["old"]


def test_the_file_s_own_defaults_count_where_a_row_says_nothing(desk: VoucherFiles, table: Table) -> None:
    day = dt.date(2028, 6, 30)
    check(
        desk,
        table("A;1", "B;1;31.12.2030", header="Code;Betrag;Gültig bis"),
        kind=kind(desk, "901"),
        is_gift=True,
        valid_until=day,
    )
    rows = [row.terms for row in desk.rows(Verdict.NEW)]
    assert [(r.type_name, r.sale, r.face, r.valid_until) for r in rows if r] == [
        ("Gutschein 25", Money(0), Money(100), day),
        ("Gutschein 25", Money(0), Money(100), dt.date(2030, 12, 31)),
    ]


BAD_ROWS = {
    "no number": (";5;;;;", "The row has no voucher number."),
    "only blanks": ("   ;5;;;;", "The row has no voucher number."),
    "500 characters": (f"{'x' * 500};5;;;;", "has more than 40 characters"),
    "a control character": ("A\x07;5;;;;", "can’t be printed"),
    "shortened by Excel": ("4,71E+12;5;;;;", "was shortened by the table program"),
    "a look-alike": ("Α1;5;;;;", "the letter Α"),
    "no value": ("A;;;;;", "The row has no value."),
    "nothing": ("A;0,00;;;;", "a value above 0"),
    "negative": ("A;-5;;;;", "a value above 0"),
    "three decimals": ("A;5,123;;;;", "more than two decimals"),
    "letters": ("A;fünf;;;;", "is no amount"),
    "far too much": ("A;99999999999;;;;", "is too large"),
    "another type": ("A;5;Nirgends;;;", "There is no voucher type “Nirgends”."),
    "neither paid nor gift": ("A;5;;vielleicht;;", "neither paid nor a gift"),
    "no day": ("A;5;;;31.02.2024;", "is no day"),
    "two digits of a year": ("A;5;;;;31.12.27", "is no day"),
    "sold tomorrow": ("A;5;;;21.11.2026;", "is still to come"),
    "over before it began": ("A;5;;;02.05.2024;01.05.2024", "and it was sold on"),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_broken_row_in_the_middle_holds_up_no_other(till: Till, table: Table, name: str) -> None:
    row, words = BAD_ROWS[name]
    desk = till.voucher_files
    assert check(desk, table("V1;5;;;;", row, "V2;5;;;;")) == {
        Verdict.NEW: 2,
        Verdict.UNCHANGED: 0,
        Verdict.REFUSED: 1,
    }
    ((number, _, sentence),) = told(desk)
    assert number == 3
    assert words in sentence
    desk.apply()
    assert state(till, "v2")[0] is VoucherState.ACTIVE


JTL = "custom_id;code;pin;batch;amount;taxable;tax_rate;currency;status;type;validity_value;validity_interval;sku;valid_until"
JTL_ROWS = {
    "in use": ("1;J1;1234;b;25.00;0;0;EUR;active;value;;;;2027-12-31 00:00:00", None),
    "by its own id": ("J2;;;;25.00;;;EUR;active;;2;year;;", None),
    "of a type by its sku": ("3;J3;;;25.00;0;;EUR;active;value;;;901;", None),
    "single-purpose": ("4;J4;;;25.00;1;19.00;EUR;active;value;;;905;", None),
    "used up": ("5;J5;;;0.00;0;;EUR;used;value;;;;", "Its status is “used”: left out."),
    "not in use": ("6;J6;;;25.00;0;;EUR;inactive;value;;;;", "Its status is “inactive”: left out."),
    "in francs": ("7;J7;;;25.00;0;;CHF;active;value;;;;", "this voucher is in CHF"),
    "of an odd status": ("8;J8;;;25.00;0;;EUR;frozen;value;;;;", "is no known status"),
    "a percentage": ("9;J9;;;10;0;;EUR;active;percent;;;;", "worth a percentage"),
    "taxed, of an untaxed type": ("10;J10;;;25;1;19;EUR;active;value;;;;", "It was taxed when it was sold"),
    "untaxed, of a taxed type": ("11;J11;;;25;0;;EUR;active;value;;;905;", "It was not taxed when it was sold"),
    "of another rate": ("12;J12;;;25;1;7;EUR;active;value;;;905;", "It was taxed with 7 %"),
    "of an odd period": ("13;J13;;;25;0;;EUR;active;value;3;moon;;", "“moon” is no period"),
}


@pytest.mark.parametrize("name", JTL_ROWS)
def test_a_row_of_jtl_vouchers_is_read_by_the_names_of_its_columns(till: Till, table: Table, name: str) -> None:
    row, words = JTL_ROWS[name]
    desk = till.voucher_files
    preview = desk.check(table(row, header=JTL), Defaults(kind(desk)))
    assert preview.unknown_columns == ("pin", "batch")
    if words is None:
        assert preview.counts[Verdict.NEW] == 1
        return
    verdict = Verdict.UNCHANGED if "left out" in words else Verdict.REFUSED
    ((_, _, sentence),) = told(desk, verdict)
    assert words in sentence


@pytest.mark.parametrize(
    ("value", "unit", "until"),
    [
        ("10", "days", dt.date(2026, 11, 30)),
        ("2", "Wochen", dt.date(2026, 12, 4)),
        ("3", "month", dt.date(2027, 2, 20)),
        ("1", "Jahr", dt.date(2027, 11, 20)),
        ("0", "year", dt.date(2036, 12, 31)),
    ],
)
def test_a_period_counts_from_the_day_of_the_sale(
    till: Till, table: Table, value: str, unit: str, until: dt.date
) -> None:
    desk = till.voucher_files
    check(desk, table(f"1;J;;;5;;;EUR;active;;{value};{unit};;", header=JTL))
    (row,) = desk.rows(Verdict.NEW)
    assert row.terms is not None
    assert row.terms.valid_until == until


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_table_is_read_however_it_was_saved(till: Till, table: Table, encoding: str, delimiter: str) -> None:
    desk = till.voucher_files
    rows = [delimiter.join(("Grün-1", "12.50", "31.12.2027")), delimiter.join(("B", "12.50", "2027-12-31"))]
    path = table(*rows, header=delimiter.join(("Nummer", "Wert", "Gültig bis")), encoding=encoding)
    assert check(desk, path)[Verdict.NEW] == 2
    assert [row.terms.valid_until for row in desk.rows(Verdict.NEW) if row.terms] == [dt.date(2027, 12, 31)] * 2
    assert desk.rows(Verdict.NEW)[0].number == "Grün-1"


def test_a_sheet_is_read_whether_its_cells_are_texts_numbers_or_days(till: Till, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ("Nummer", "Wert", "Gültig bis"),
        ("000123", "12,50", "31.12.2027"),
        (4711, 12.5, dt.date(2027, 12, 31)),
        (4712.0, 1234.56, dt.datetime(2027, 12, 31)),  # noqa: DTZ001 - a cell has no zone
    ):
        sheet.append(row)
    book.save(tmp_path / "old.xlsx")
    desk = till.voucher_files
    check(desk, tmp_path / "old.xlsx")
    assert told(desk) == []
    assert [(r.number, r.terms.face, r.terms.valid_until) for r in desk.rows(Verdict.NEW) if r.terms] == [
        ("000123", Money(1250), dt.date(2027, 12, 31)),
        ("4711", Money(1250), dt.date(2027, 12, 31)),
        ("4712", Money(123456), dt.date(2027, 12, 31)),
    ]


def test_a_pasted_table_is_checked_and_brought_in_like_a_file(shop: Till, desk: VoucherFiles) -> None:
    preview = desk.check_pasted("Nummer\tWert\nA\t12,50\nB\tx\n", Defaults(kind(desk)))
    assert (preview.counts[Verdict.NEW], preview.counts[Verdict.REFUSED]) == (1, 1)
    desk.apply()
    assert state(shop, "a")[1] == Money(1250)


@pytest.mark.parametrize(
    ("pasted", "words"),
    [("  \n", "Nothing is pasted"), ("A;5\nB;6\n", "no titles"), ("Nummer;Wert", "The clipboard has no rows")],
)
def test_what_is_no_table_can_not_be_pasted(till: Till, pasted: str, words: str) -> None:
    with pytest.raises(Refused) as refusal:
        till.voucher_files.check_pasted(pasted, Defaults(kind(till.voucher_files)))
    assert words in ENGLISH.sentence(refusal.value)
    assert not list(till.settings.data_dir.glob("import-*"))


@pytest.mark.parametrize("name", ["example.csv", "example.xlsx"])
def test_the_example_can_be_brought_in_as_it_is(till: Till, tmp_path: Path, name: str) -> None:
    desk = till.voucher_files
    assert desk.write_example(tmp_path / name) == 3
    assert check(desk, tmp_path / name) == {Verdict.NEW: 3, Verdict.UNCHANGED: 0, Verdict.REFUSED: 0}
    assert desk.rows(Verdict.NEW)[0].number == "000123"


def test_too_much_can_not_be_pasted(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(voucher_files, "_MOST_PASTED", 10)
    with pytest.raises(Refused, match="too much to paste"):
        till.voucher_files.check_pasted("Nummer;Wert\nA;5", Defaults(kind(till.voucher_files)))


def test_two_types_of_one_name_are_told_apart_by_their_numbers(till: Till, table: Table) -> None:
    desk = till.voucher_files
    with till.workplace.database.write() as session:
        session.execute(text("UPDATE voucher_type SET name = 'Eigene Nummer' WHERE plu = '901'"))
    check(desk, table("A;5;Eigene Nummer;;;", "B;5;901;;;"))
    assert told(desk) == [
        (
            2,
            "Gutscheinart",
            "Several voucher types are called “Eigene Nummer”. Write the type’s number into “Kassennummer”.",
        )
    ]
    assert [row.terms.type_name for row in desk.rows(Verdict.NEW) if row.terms] == ["Eigene Nummer"]


def test_refused_rows_are_saved_with_their_reasons(till: Till, table: Table, tmp_path: Path) -> None:
    desk = till.voucher_files
    check(desk, table("A;x;;;;", "B;5;;;;", "C;y;;;;"))
    assert desk.export_left_out(tmp_path / "out.csv", Verdict.REFUSED, ENGLISH) == 2
    lines = (tmp_path / "out.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == f"Row;Column;Reason;{HEADER}"
    assert lines[2].startswith("4;Restwert;“y” is no amount. Write it like 12,50.;C;y")


def test_a_file_that_was_changed_since_is_not_brought_in(till: Till, table: Table) -> None:
    desk = till.voucher_files
    check(desk, table("A;5;;;;"))
    table("A;500;;;;")
    with pytest.raises(Refused, match="was changed since it was checked"):
        desk.apply()


def test_a_stick_that_was_pulled_out_changes_nothing(till: Till, table: Table) -> None:
    desk, path = till.voucher_files, table("A;5;;;;")
    check(desk, path)
    path.unlink()
    desk.apply()
    assert state(till, "a")[1] == Money(500)


def test_a_number_that_is_taken_between_check_and_import_undoes_all(
    shop: Till, desk: VoucherFiles, table: Table
) -> None:
    check(desk, table("A;5;;;;", "B;5;;;;", "C;5;;;;"))
    desk.add_old(OldVoucher(kind(desk), "b", Money(1)))
    before = counts(shop)
    with pytest.raises(Refused, match="were sold or brought in since the table was checked"):
        desk.apply()
    assert counts(shop) == before
    assert check(desk, table("A;5;;;;", "B;5;;;;", "C;5;;;;")) == {
        Verdict.NEW: 2,
        Verdict.UNCHANGED: 0,
        Verdict.REFUSED: 1,
    }
    desk.apply()
    assert verify(shop.workplace.database) == []


def test_a_check_that_is_cancelled_leaves_nothing(till: Till, table: Table) -> None:
    desk, path = till.voucher_files, table(*(f"A{n};5;;;;" for n in range(2000)))
    with pytest.raises(Refused, match="cancelled"):
        desk.check(path, Defaults(kind(desk)), Watch(is_cancelled=lambda: True))
    assert not list(till.settings.data_dir.glob("import-*"))
    with pytest.raises(Refused, match="Check a table first"):
        desk.rows(Verdict.NEW)


def test_sales_go_on_beside_an_import(shop: Till, desk: VoucherFiles, table: Table) -> None:
    check(desk, table(*(f"A{n};5;;;;" for n in range(3000))))
    worker = threading.Thread(target=desk.apply)
    worker.start()
    shop.sale.scan("4006381333931")
    shop.sale.pay_cash(Money(350))
    shop.sale.complete()
    worker.join()
    shop.settle()
    assert state(shop, "a2999")[0] is VoucherState.ACTIVE
    assert verify(shop.workplace.database) == []


def test_an_import_stands_in_the_balances_of_the_next_z(shop: Till, desk: VoucherFiles, table: Table) -> None:
    check(desk, table("A;5;;;;", "B;5;;geschenkt;;"))
    desk.apply()
    shop.cash.close_shift(None)
    shop.settle()
    assert verify(shop.workplace.database) == []


def test_the_note_of_an_import_says_what_came_in(shop: Till, desk: VoucherFiles, table: Table) -> None:
    check(desk, table("A;5;;;;", "B;7;;geschenkt;;"))
    desk.apply()
    with shop.workplace.database.read() as session:
        (note,) = trail.entries(session, "KASSE-1", trail.Action.VOUCHERS_IMPORTED)
    assert '"count":2,"gift":700,"paid":500' in note.after
    assert '"source":"old.csv"' in note.after
    assert uuid.UUID(note.subject) == voucher(shop, "A").entry_id


@pytest.mark.parametrize(
    "change", [{"valid_until": TODAY}, {"text": "x"}, {"issued_till": "K9"}, {"sale": Money(1)}, {"type_name": "x"}]
)
def test_verify_sees_a_change_of_an_old_voucher(
    shop: Till, desk: VoucherFiles, table: Table, change: dict[str, object], request: pytest.FixtureRequest
) -> None:
    del request
    check(desk, table("A;5;;;;", "B;7;;;;"))
    desk.apply()
    with shop.workplace.database.write() as session:
        drop = "DROP TRIGGER voucher_no_update" + ("" if shop.workplace.database.is_sqlite else " ON voucher")
        session.execute(text(drop))
        session.execute(update(VoucherRow).where(VoucherRow.number == "B").values(**change))
    assert "vouchers-old" in {problem.check for problem in verify(shop.workplace.database)}


@pytest.mark.parametrize("note", ["", "{}", '{"source":1}', "[]"])
def test_verify_sees_a_forged_or_missing_note(shop: Till, desk: VoucherFiles, note: str) -> None:
    desk.add_old(OldVoucher(kind(desk), "A", Money(500)))
    on = "" if shop.workplace.database.is_sqlite else " ON audit"
    with shop.workplace.database.write() as session:
        session.execute(text(f"DROP TRIGGER audit_no_update{on}"))
        session.execute(text(f"DROP TRIGGER audit_no_delete{on}"))
        only = AuditRow.action == trail.Action.VOUCHERS_IMPORTED.value
        session.execute(update(AuditRow).where(only).values(after=note) if note else delete(AuditRow).where(only))
    found = [problem.finding.msgid for problem in verify(shop.workplace.database) if problem.check == "vouchers-old"]
    assert ("which nobody noted" if not note else "were changed") in found[0]


def test_a_voucher_that_names_no_entry_is_a_defect(till: Till) -> None:
    desk = till.voucher_files
    old = desk.add_old(OldVoucher(kind(desk), "A", Money(500)))
    context = till.workplace.context(needs_shift=False)
    with pytest.raises(ValueError, match="B"), till.workplace.database.write() as session:
        bring_in(session, context, replace(old, number="B", entry_id=None))
