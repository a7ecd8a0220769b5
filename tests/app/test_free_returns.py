"""Goods that come back without a receipt: put together, approved, booked once, in the Z on a line of their own (S1)."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from till.app.attendance import Present
from till.app.bootstrap import Ports, Till, open_till
from till.app.free_returns import FreeReturned
from till.app.refund_ways import RefundWay
from till.audit import trail
from till.business_case import BonTyp, VatKey
from till.catalog.barcodes import receipt_barcode, voucher_barcode
from till.clock import FixedClock
from till.documents import find
from till.documents.model import WITHOUT_RECEIPT, Document, DocumentKind
from till.errors import Refused, Unavailable
from till.fiscal.models import SignatureRow
from till.ledger.account import Account
from till.ledger.journal import entries_of
from till.money import Money
from till.quantity import Quantity, pieces
from till.settings import Settings
from till.staff.permission import EVERYTHING, NotAllowed, Permission, Rights
from till.vouchers.model import Numbering, VatTreatment, VoucherOrigin, VoucherState, VoucherType
from till.vouchers.types import add_type

if TYPE_CHECKING:
    from tests.app.conftest import Counter

ROSE, TEA, CUP, JUICE = "4006381333931", "4012345000016", "4012345000023", "4012345000047"


def way(counter: Counter, name: str) -> RefundWay:
    """The way to give something that is called so."""
    return next(one for one in counter.till.free_returns.ways() if name in (one.name, one.tender_id))


def give_back(counter: Counter, *codes: str, by: str = "cash") -> FreeReturned:
    """Take these back."""
    for code in codes:
        counter.till.free_returns.scan(code)
    return counter.till.free_returns.complete("defekt", way(counter, by))


def process_data(counter: Counter, document: Document) -> str | None:
    """What the TSE signed."""
    assert counter.till.settle()
    with counter.database.read() as session:
        return session.scalars(
            select(SignatureRow.process_data).where(SignatureRow.document_id == document.id)
        ).one_or_none()


def latest(counter: Counter, kind: DocumentKind) -> Document:
    """The newest document of a kind."""
    with counter.database.read() as session:
        return find.latest(session, counter.till.settings.till_id, (kind,))[0]


def test_goods_come_back_for_cash_and_the_books_say_so(plain: Counter) -> None:
    done = give_back(plain, ROSE, CUP)
    document = done.document
    assert (done.amount, document.draft.kind, document.draft.bon_typ) == (
        Money(1550),
        DocumentKind.FREE_RETURN,
        BonTyp.BELEG,
    )
    assert document.draft.note == "Ohne Ursprungsbeleg: defekt"
    assert document.draft.references == (), "there is no receipt that could be named"
    assert [(line.text, line.gross, line.gv_name) for line in document.draft.lines] == [
        ("Rose", Money(-350), WITHOUT_RECEIPT),
        ("Becher", Money(-1200), WITHOUT_RECEIPT),
    ]
    assert [(paid.name, paid.amount) for paid in document.draft.payments] == [("Bar", Money(-1550))]
    assert plain.till.cash.expected_cash() == Money(10000 - 1550)
    assert process_data(plain, document) == "Beleg^-12.00_-3.50_0.00_0.00_0.00^-15.50:Bar"
    assert plain.problems() == []


def test_its_revenue_and_vat_are_taken_back_at_todays_rate(plain: Counter) -> None:
    document = give_back(plain, CUP, by="card").document
    with plain.database.read() as session:
        (entry,) = entries_of(session, [document.id])[document.id]
    assert sorted((leg.account, leg.amount) for leg in entry.postings) == sorted(
        [(Account.TENDER, Money(-1200)), (Account.REVENUE, Money(1008)), (Account.VAT, Money(192))]
    )
    assert plain.till.cash.expected_cash() == Money(10000), "nothing came out of the drawer"
    assert plain.problems() == []


def test_a_voucher_can_be_given_for_the_goods_and_none_of_it_is_a_gift(plain: Counter) -> None:
    done = give_back(plain, ROSE, CUP, by="Gutschein frei")
    (voucher,) = done.vouchers
    assert (voucher.number, voucher.sale, voucher.face, voucher.origin) == (
        "FR-0001",
        Money(1550),
        Money(1550),
        VoucherOrigin.REFUND,
    )
    draft = done.document.draft
    assert [(line.gv_typ.value, line.gross) for line in draft.lines] == [
        ("Umsatz", Money(-350)),
        ("Umsatz", Money(-1200)),
        ("MehrzweckgutscheinKauf", Money(1550)),
    ]
    assert [(paid.zahlart_typ.value, paid.amount) for paid in draft.payments] == [("Keine", Money(0))]
    assert process_data(plain, done.document) == "Beleg^-12.00_-3.50_0.00_0.00_15.50^"
    standing = plain.voucher("FR-0001").standing
    assert (standing.state, standing.paid_left, standing.bonus_left) == (VoucherState.ACTIVE, Money(1550), Money(0))
    assert plain.till.cash.expected_cash() == Money(10000)
    assert plain.problems() == []


def test_a_voucher_that_was_given_is_given_once(plain: Counter) -> None:
    desk, way_of_it = plain.till.free_returns, way(plain, "Gutschein frei")
    desk.scan(ROSE)
    with plain.answers_lost(), pytest.raises(Unavailable):
        desk.complete("defekt", way_of_it)
    done = desk.complete("defekt", way_of_it)
    assert [voucher.number for voucher in done.vouchers] == ["FR-0001"]
    assert plain.books()["voucher"] == 1
    assert plain.problems() == []


def test_a_single_purpose_voucher_is_taxed_when_it_is_given_and_the_vat_still_sums(plain: Counter) -> None:
    kind = VoucherType(
        uuid.UUID(int=777),
        "977",
        "Floristik frei",
        Numbering.AUTOMATIC,
        VatTreatment.SINGLE_PURPOSE,
        VatKey.GENERAL,
        next_number="FF-0001",
    )
    with plain.database.write() as session:
        add_type(session, kind)
    plain.till.free_returns.scan(ROSE, pieces(3))
    plain.till.free_returns.scan(CUP)
    plain.till.free_returns.scan(JUICE)
    document = plain.till.free_returns.complete("defekt", way(plain, "Floristik frei")).document
    assert [(line.gv_typ.value, line.gross) for line in document.draft.lines][-1] == (
        "EinzweckgutscheinKauf",
        Money(2750),
    )
    assert document.draft.total == Money(0)
    assert {vat.vat_key: vat.gross for vat in document.draft.vat} == {
        VatKey.GENERAL: Money(1050),
        VatKey.REDUCED: Money(-1050),
    }
    assert plain.problems() == []


def test_only_types_over_any_amount_are_given_for_goods(plain: Counter) -> None:
    names = [one.name for one in plain.till.free_returns.ways() if one.voucher_type is not None]
    assert "Gutschein frei" in names
    assert not {"Gutschein 25", "Aktion 20/30", "Geschenk", "Floristik-Kurs", "Eigene Nummer"} & set(names)


def test_a_deposit_comes_back_as_such(plain: Counter) -> None:
    document = give_back(plain, JUICE).document
    assert [(line.gv_typ.value, line.gross) for line in document.draft.lines] == [
        ("Umsatz", Money(-300)),
        ("PfandRueckzahlung", Money(-200)),
    ]
    assert plain.problems() == []


def test_the_same_return_completed_twice_is_one(plain: Counter) -> None:
    plain.till.free_returns.scan(ROSE)
    cash = way(plain, "cash")
    first = plain.till.free_returns.complete("defekt", cash)
    assert plain.till.free_returns.complete("defekt", cash) == first
    assert plain.books()["document"] == 2
    assert plain.till.cash.expected_cash() == Money(9650)


def test_an_answer_that_was_lost_is_found_again(plain: Counter) -> None:
    desk, cash = plain.till.free_returns, way(plain, "cash")
    desk.scan(ROSE)
    with plain.answers_lost(), pytest.raises(Unavailable):
        desk.complete("defekt", cash)
    assert plain.till.settle()
    done = desk.complete("defekt", cash)
    assert plain.till.cash.expected_cash() == Money(9650)
    assert process_data(plain, done.document) == "Beleg^0.00_-3.50_0.00_0.00_0.00^-3.50:Bar"
    assert plain.problems() == []


@pytest.mark.parametrize("change", ["scan", "another reason", "leave"])
def test_what_was_booked_after_all_stays_booked_and_that_is_said(plain: Counter, change: str) -> None:
    desk, cash = plain.till.free_returns, way(plain, "cash")
    desk.scan(ROSE)
    with plain.answers_lost(), pytest.raises(Unavailable):
        desk.complete("defekt", cash)
    deeds: dict[str, Callable[[], object]] = {
        "scan": lambda: desk.scan(CUP),
        "another reason": lambda: desk.complete("zu klein", cash),
        "leave": desk.abandon,
    }
    with pytest.raises(Refused, match=r"booked after all: no\. 2"):
        deeds[change]()
    assert desk.state.is_empty
    assert desk.completed is not None
    assert desk.completed.document.number == 2
    assert plain.till.cash.expected_cash() == Money(9650)
    assert plain.problems() == []


def test_a_drawer_is_never_emptied_below_nothing(plain: Counter) -> None:
    desk = plain.till.free_returns
    desk.scan(CUP, pieces(9))
    with pytest.raises(Refused, match=r"100\.00"):
        desk.complete("defekt", way(plain, "cash"))
    assert plain.books()["document"] == 1, "the float alone"
    assert desk.state.priced.total == Money(10800), "nothing typed is lost"
    assert desk.complete("defekt", way(plain, "card")).amount == Money(10800)


def test_the_price_is_todays_at_most(plain: Counter) -> None:
    desk = plain.till.free_returns
    line = desk.scan(CUP)
    assert desk.state.today == {line: Money(1200)}
    with pytest.raises(Refused, match=r"costs 12\.00 today"):
        desk.set_price(line, Money(1201))
    desk.set_price(line, Money(500))
    desk.set_quantity(line, pieces(2))
    assert desk.state.priced.total == Money(1000)
    desk.remove(line)
    assert desk.state.is_empty


def test_a_scanned_label_says_what_it_costs(plain: Counter) -> None:
    tile = plain.tile("Käse")
    line = plain.till.free_returns.add(tile, Quantity(250))
    assert plain.till.free_returns.state.priced.total == Money(500)
    assert plain.till.free_returns.state.today == {line: Money(1999)}


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        (lambda c: c.till.free_returns.add(c.tile("Gutschein 25")), "only with the receipt"),
        (lambda c: c.till.free_returns.scan(voucher_barcode("901", "AG-0001")), "only with the receipt"),
        (lambda c: c.till.free_returns.scan(receipt_barcode("KASSE-1", 1)), "Unknown code"),
        (lambda c: c.till.free_returns.add(c.tile("Strauß nach Wunsch")), "has no price of its own"),
        (lambda c: c.till.free_returns.scan("7"), "has no price of its own"),
        (lambda c: c.till.free_returns.scan("4711471147114"), "check digit"),
    ],
)
def test_what_can_only_come_back_with_its_receipt_is_refused_in_words(
    plain: Counter, deed: Callable[[Counter], object], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        deed(plain)
    assert plain.till.free_returns.state.is_empty


def test_no_reason_no_return(plain: Counter) -> None:
    desk = plain.till.free_returns
    with pytest.raises(Refused, match="Nothing comes back"):
        desk.complete("defekt", way(plain, "cash"))
    desk.scan(ROSE)
    with pytest.raises(Refused, match="Say why"):
        desk.complete("  ", way(plain, "cash"))
    with pytest.raises(Refused, match="not offered"):
        desk.complete("defekt", RefundWay("Scheck", tender_id="cheque"))


def test_the_limit_of_the_role_counts_and_somebody_who_may_more_approves(plain: Counter) -> None:
    desk = plain.till.free_returns
    desk.scan(CUP, pieces(5))
    marie = plain.till.workplace.user
    lead = Rights(EVERYTHING.permissions, 30, return_limit=Money(5000))
    plain.till.workplace.attendance.enter(Present(marie, lead, is_alone=False))
    with pytest.raises(NotAllowed, match=r"at most 50\.00 without a receipt") as refused:
        desk.complete("defekt", way(plain, "cash"))
    assert refused.value.need.amount == Money(6000)
    (line,) = desk.state.today
    desk.set_price(line, Money(1000))
    assert desk.complete("defekt", way(plain, "cash")).amount == Money(5000), "the limit itself is within it"


def test_who_may_not_at_all_is_told_so_only_when_it_is_booked(plain: Counter) -> None:
    desk = plain.till.free_returns
    marie = plain.till.workplace.user
    cashier = Rights(EVERYTHING.permissions - {Permission.RETURN_WITHOUT_RECEIPT})
    plain.till.workplace.attendance.enter(Present(marie, cashier, is_alone=False))
    desk.scan(ROSE)
    with pytest.raises(NotAllowed, match="take goods back without a receipt"):
        desk.complete("defekt", way(plain, "cash"))
    assert desk.state.priced.total == Money(350)


def test_one_that_is_left_is_ended_and_moves_nothing(plain: Counter) -> None:
    desk = plain.till.free_returns
    desk.scan(ROSE)
    desk.abandon()
    assert desk.state.is_empty
    document = latest(plain, DocumentKind.ABORTED)
    assert (document.draft.bon_typ, [line.gross for line in document.draft.lines]) == (BonTyp.ABBRUCH, [Money(-350)])
    assert process_data(plain, document) == "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^"
    desk.abandon()
    assert plain.books()["document"] == 2, "what was not begun leaves nothing"
    assert plain.till.cash.expected_cash() == Money(10000)
    assert plain.problems() == []


def test_the_till_is_not_closed_over_an_open_return(plain: Counter) -> None:
    desk = plain.till.free_returns
    line = desk.scan(ROSE)
    with pytest.raises(Refused, match="return is still open"):
        plain.till.cash.close_shift(None)
    desk.remove(line)
    plain.till.cash.close_shift(None)
    assert latest(plain, DocumentKind.ABORTED).number == 2
    assert plain.problems() == []


def test_nothing_comes_back_while_the_till_is_closed_or_practises(plain: Counter) -> None:
    desk = plain.till.free_returns
    plain.till.training.begin()
    for deed in (desk.check_may_begin, lambda: desk.scan(ROSE)):
        with pytest.raises(Refused, match="training mode"):
            deed()
    plain.till.training.end()
    plain.till.cash.close_shift(None)
    for deed in (desk.check_may_begin, lambda: desk.scan(ROSE)):
        with pytest.raises(Refused, match="till is closed"):
            deed()


def test_a_till_that_stops_ends_what_was_open(
    any_shop_settings: Settings, fast_ports: Ports, at: type[Counter]
) -> None:
    till = open_till(any_shop_settings, fast_ports)
    till.cash.open_shift(Money(10000))
    till.free_returns.scan(ROSE)
    till.close()
    again = at(open_till(any_shop_settings, fast_ports))
    assert again.till.free_returns.state.is_empty
    with again.database.read() as session:
        ended = find.by_number(session, again.till.settings.till_id, 2)
    assert ended is not None
    assert (ended.draft.kind, [line.gross for line in ended.draft.lines]) == (DocumentKind.ABORTED, [Money(-350)])
    assert again.till.cash.expected_cash() == Money(10000)
    assert again.problems() == []
    again.till.close()


def test_a_till_that_was_killed_ends_it_at_the_next_start(
    make_till: Callable[..., Till], fast_ports: Ports, at: type[Counter]
) -> None:
    counter = at(make_till(ports=fast_ports))
    counter.till.free_returns.scan(ROSE)
    assert counter.till.settle()
    counter.till.stop()
    again = at(make_till(ports=fast_ports))
    document = latest(again, DocumentKind.ABORTED)
    assert (document.draft.lines, process_data(again, document)) == (
        (),
        "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^",
    )
    assert again.till.cash.expected_cash() == Money(10000)
    assert again.problems() == []


def test_it_has_a_line_of_its_own_in_x_and_z(counter: Counter) -> None:
    give_back(counter, ROSE, CUP)
    give_back(counter, ROSE, by="card")
    figures, _ = counter.till.receipts.x_shown(counter.till.workplace.receipt_formats().translator)
    assert (figures.free_returns.count, figures.free_returns.amount) == (2, Money(-1900))
    assert figures.cancellations == 0
    z = counter.till.cash.close_shift(None)
    assert (z.sums.free_returns.count, z.sums.free_returns.amount) == (2, Money(-1900))
    named = [(case.gv_typ, case.gv_name, case.gross) for case in z.cases if case.gv_name]
    assert named == [
        ("Umsatz", WITHOUT_RECEIPT, Money(-1200)),
        ("Umsatz", WITHOUT_RECEIPT, Money(-700)),
    ]
    paper = counter.paper(latest(counter, DocumentKind.CLOSING))
    assert "2 x Rücknahmen ohne Beleg" in paper
    assert counter.problems() == []


def test_its_paper_says_what_it_is_and_is_signed_by_the_customer(counter: Counter) -> None:
    done = give_back(counter, ROSE)
    paper = counter.paper(done.document)
    assert "Rücknahme ohne Beleg" in paper
    assert "Ohne Ursprungsbeleg: defekt" in paper
    assert "Ausgezahlt: Bar" in paper
    assert "Unterschrift" in paper
    assert "Blumen & Tee" in paper


def test_cash_opens_the_drawer(counter: Counter) -> None:
    give_back(counter, ROSE)
    assert len(counter.printer.wait_for_kicks(1)) == 1


def test_a_card_does_not_open_the_drawer(counter: Counter) -> None:
    done = give_back(counter, ROSE, by="card")
    counter.paper(done.document)
    assert not counter.printer.kicks


def test_a_limit_is_changed_with_its_trail(plain: Counter) -> None:
    staff = plain.till.staff
    lead = next(role for role in staff.roles() if role.id == "shift-lead")
    assert lead.rights.return_limit == Money(5000)
    staff.change_role(replace(lead, rights=replace(lead.rights, return_limit=Money(2000))))
    with plain.database.read() as session:
        (row,) = trail.entries(session, plain.till.settings.till_id, trail.Action.ROLE_CHANGED)
    assert (json.loads(row.before)["return_limit"], json.loads(row.after)["return_limit"]) == (5000, 2000)


def test_under_new_vat_rates_nothing_is_begun_before_the_z(closed_counter: Counter, clock: FixedClock) -> None:
    clock.set(dt.datetime(2020, 12, 31, 11, 0, tzinfo=dt.UTC))
    closed_counter.till.cash.open_shift(Money(10000))
    clock.set(dt.datetime(2021, 1, 1, 11, 0, tzinfo=dt.UTC))
    desk = closed_counter.till.free_returns
    for begin in (desk.check_may_begin, lambda: desk.scan(ROSE)):
        with pytest.raises(Refused, match="New VAT rates are valid since 2021-01-01"):
            begin()
    assert desk.state.is_empty
    closed_counter.till.cash.close_shift(None)
    closed_counter.till.cash.open_shift(Money(10000))
    give_back(closed_counter, ROSE)
    assert closed_counter.problems() == []
