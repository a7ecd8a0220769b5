"""Cash in and out, the count, X and Z at a till with its TSE, printer and drawer: each once, signed, on paper, explained."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from till.app.bootstrap import Ports, open_till
from till.audit import trail
from till.devices.simulated.printer import Fault
from till.documents.model import Document, DocumentKind
from till.errors import Refused
from till.fiscal.models import SignatureRow
from till.money import Money
from till.receipts.document import Receipt, ReceiptKind
from till.receipts.text import to_text
from till.settings import Settings
from till.shifts.count import Comparison, counted_pieces
from till.shifts.movement import Movement, MovementKind, TakingBack

if TYPE_CHECKING:
    from tests.app.conftest import Counter

ROSE, CUP = "4006381333931", "4012345000023"
COUNT = counted_pieces({Money(5000): 1, Money(1000): 4, Money(200): 3, Money(50): 1})

MONEY_DAY = """
open 100,00
scan 4012345000023 -> total 12.00
cash 12,00 -> change 0.00
complete -> receipt 2

# Rolls of coins from the bank, the owner's lunch, a tip that came by card, an advance, and stamps.
move change-in 50,00 "Rollen von der Bank" -> receipt 3, drawer 162.00
move private-out 8,50 Mittagessen -> receipt 4, drawer 153.50
move tips-out 5,00 "Trinkgeld aus Kartenzahlungen" -> receipt 5, drawer 148.50
move wages-out 40,00 "Vorschuss Marie" -> receipt 6, drawer 108.50
move other-out 3,80 Porto -> receipt 7, drawer 104.70

# A slip of the finger, taken back by its opposite, and only once.
move bank-drop 100,00 "zur Bank" -> receipt 8, drawer 4.70
undo 8 vertippt -> receipt 9, drawer 104.70
undo 8 vertippt -> Beleg 8 wurde schon storniert: siehe Beleg 9.

# Nobody can take out what is not there, nor without saying why.
move bank-drop 104,71 "zur Bank" -> Laut Kassenbuch sind nur 104,70 € in der Kasse, 104,71 € können nicht entnommen werden. Ist mehr darin, buchen Sie zuerst, was eingelegt wurde.
move bank-drop 0,00 "zur Bank" -> 0,00 € kann nicht ein- oder ausgezahlt werden. Geben Sie einen Betrag über 0 ein.
move bank-drop 10,00 " " -> Geben Sie an, wofür das Geld ist: Ein Prüfer wird danach fragen.
move bank-drop 100,00 "zur Bank" -> receipt 10, drawer 4.70
close 4,70 -> Z 1, difference 0.00
"""


def test_a_day_of_money_that_comes_and_goes(closed_counter: Counter) -> None:
    closed_counter.play(MONEY_DAY)
    assert closed_counter.problems() == []
    assert closed_counter.till.cash.suggested_float() == Money(470)


def drop(cents: int = 5000) -> Movement:
    return Movement(MovementKind.BANK_DROP, Money(cents), "zur Bank")


def process_data(counter: Counter, document: Document) -> list[str | None]:
    with counter.database.read() as session:
        return list(
            session.scalars(select(SignatureRow.process_data).where(SignatureRow.document_id == document.id)).all()
        )


def signed(counter: Counter, document: Document) -> str | None:
    assert counter.till.settle()
    (found,) = process_data(counter, document)
    return found


def test_a_bank_drop_is_signed_printed_and_opens_the_drawer(counter: Counter) -> None:
    document = counter.till.cash.move(drop())
    counter.printer.wait_for_kicks(1)
    lines = [" ".join(line.split()) for line in counter.paper(document).splitlines()]
    for wanted in ("Auszahlung", "Bankeinzahlung -50,00 €", "Grund: zur Bank"):
        assert wanted in lines
    assert any(line.startswith("Unterschrift ___") for line in lines)
    assert signed(counter, document) == "Beleg^0.00_0.00_0.00_0.00_-50.00^-50.00:Bar"
    assert counter.till.cash.expected_cash() == Money(5000)


def test_what_takes_it_back_names_it_on_its_own_paper(counter: Counter) -> None:
    document = counter.till.cash.move(drop())
    back = counter.till.cash.take_back(TakingBack(document.id, "vertippt"))
    counter.printer.wait_for_kicks(1)
    paper = " ".join(counter.paper(back).split())
    assert "Storno einer Auszahlung" in paper
    assert f"Nr. {document.number}" in paper
    assert signed(counter, back) == "Beleg^0.00_0.00_0.00_0.00_50.00^50.00:Bar"
    (entry,) = counter.till.cash.movements()
    assert (entry.number, entry.taken_back_by) == (document.number, back.number)


def test_the_same_wish_twice_is_one_movement_and_one_paper(counter: Counter) -> None:
    wish = drop()
    first, again = counter.till.cash.move(wish), counter.till.cash.move(wish)
    assert first == again
    back = TakingBack(first.id, "x")
    assert counter.till.cash.take_back(back) == counter.till.cash.take_back(back)
    counter.until(lambda: counter.job_states() == ["printed"] * 3)
    assert counter.till.cash.expected_cash() == Money(10000)
    assert counter.problems() == []
    assert counter.count("signature") == counter.count("document") == 3


def test_a_closed_till_moves_nothing(closed_counter: Counter) -> None:
    for refused in (
        lambda: closed_counter.till.cash.move(drop()),
        lambda: closed_counter.till.cash.take_back(TakingBack(uuid.uuid4(), "x")),
        lambda: closed_counter.till.cash.count(Money(1)),
    ):
        with pytest.raises(Refused, match="closed"):
            refused()


def test_cash_moves_while_a_sale_is_open_and_the_printer_has_no_paper(counter: Counter) -> None:
    counter.sale.scan(ROSE)
    counter.printer.set_fault(Fault.PAPER_OUT)
    document = counter.till.cash.move(drop())
    counter.sale.pay_cash(Money(350))
    counter.sale.complete()
    assert counter.till.cash.expected_cash() == Money(5350)
    counter.printer.set_fault(Fault.PAPER_OUT, False)
    assert "Auszahlung" in counter.paper(document)
    assert counter.problems() == []


def test_the_reasons_begin_with_what_this_shop_types(plain: Counter) -> None:
    cash = plain.till.cash
    before = cash.reasons(MovementKind.BANK_DROP)
    assert before == ("Tageseinnahmen zur Bank", "Tageseinnahmen in den Tresor")
    cash.move(replace(drop(1), reason="zur Sparkasse"))
    assert cash.reasons(MovementKind.BANK_DROP) == ("zur Sparkasse", *before)


# The count


def test_the_drawer_may_be_counted_again_before_it_is_closed(plain: Counter) -> None:
    cash = plain.till.cash
    assert cash.count(Money(9000)) == Comparison(Money(10000), Money(9000))
    assert cash.count(COUNT) == Comparison(Money(10000), Money(9650))
    assert plain.count("document") == 1
    z = cash.close_shift(COUNT)
    assert (z.difference, z.pieces) == (Money(-350), COUNT)
    with plain.database.read() as session:
        counted = trail.entries(session, plain.till.settings.till_id, trail.Action.DRAWER_COUNTED)
    assert [(row.before, row.after) for row in counted] == [("100.00", "90.00"), ("100.00", "96.50")]
    assert plain.problems() == []


@pytest.fixture
def blind(any_shop_settings: Settings, fast_ports: Ports, at: type[Counter]) -> Iterator[Counter]:
    """A till of a shop that counts blind, with 100,00 in its drawer."""
    with contextlib.closing(open_till(replace(any_shop_settings, blind_count=True), fast_ports)) as till:
        till.cash.open_shift(Money(10000))
        yield at(till)


def test_who_counts_blind_hears_the_target_only_afterwards(blind: Counter) -> None:
    cash, receipts = blind.till.cash, blind.till.receipts
    assert cash.shown_cash() is None
    assert "100,00" not in cash_part(receipts.x_report(), "Kassenbestand Soll")
    assert cash.count(Money(9900)).difference == Money(-100)
    assert cash.shown_cash() == Money(10000)
    assert "100,00" in cash_part(receipts.x_report(), "Kassenbestand Soll")
    cash.close_shift(Money(9900))
    assert cash.shown_cash() is None
    cash.open_shift(Money(9900))
    assert cash.shown_cash() is None


def test_where_nobody_counts_blind_the_target_is_told_at_once(plain: Counter) -> None:
    assert plain.till.cash.shown_cash() == Money(10000)
    assert "100,00" in cash_part(plain.till.receipts.x_report(), "Kassenbestand Soll")


def cash_part(report: Receipt, word: str) -> str:
    return next(line for line in to_text(report).splitlines() if word in line)


# X and Z


def test_an_x_is_shown_and_printed_and_changes_nothing(counter: Counter) -> None:
    counter.sell(CUP, given="12,00")
    counter.till.cash.move(drop())
    assert counter.till.settle()
    before = counter.books()
    report, order = counter.till.receipts.x_report(), uuid.uuid4()
    for _ in range(2):
        counter.till.receipts.print_x_report(report, order)
    counter.until(lambda: counter.job_states() == ["printed"] * 4)
    assert counter.books() == before
    lines = [" ".join(line.split()) for line in counter.printer.receipts[-1].text.splitlines()]
    for wanted in ("1 x Bar 12,00 €", "1 x Bankeinzahlung -50,00 €", "Kassenbestand Soll 62,00 €"):
        assert wanted in lines
    assert report.kind is ReceiptKind.X_REPORT
    assert counter.till.cash.close_shift(None).z_number == 1
    assert counter.problems() == []


def test_an_x_needs_a_printer_only_to_be_printed(plain: Counter) -> None:
    report = plain.till.receipts.x_report()
    with pytest.raises(Refused, match="No printer"):
        plain.till.receipts.print_x_report(report, uuid.uuid4())


def test_an_x_tells_what_is_there_while_the_till_is_closed(plain: Counter) -> None:
    plain.till.cash.close_shift(None)
    assert "100,00" in cash_part(plain.till.receipts.x_report(), "Kassenbestand Soll")


def test_the_z_has_the_count_on_its_paper_and_is_printed_again_as_a_copy(counter: Counter) -> None:
    counter.sell(CUP, given="12,00")
    counter.sale.scan(ROSE)
    counter.sale.cancel()
    z = counter.till.cash.close_shift(COUNT)
    counter.until(lambda: counter.job_states().count("printed") == 4)
    paper = [" ".join(line.split()) for line in counter.printer.receipts[-1].text.splitlines()]
    for wanted in ("Zählprotokoll", "4 x 10,00 € 40,00 €", "Kassenbestand gezählt 96,50 €", "Differenz -15,50 €"):
        assert wanted in paper
    assert "1 x Abgebrochene Verkäufe 3,50 €" in paper
    (entry,) = counter.till.receipts.closings()
    assert (entry.z_number, entry.counted, entry.difference) == (1, Money(9650), Money(-1550))
    assert counter.till.receipts.find_closing(1) == entry.document_id == z.id
    counter.till.receipts.reprint(entry.document_id)
    counter.until(lambda: counter.job_states().count("printed") == 5)
    copy = counter.printer.receipts[-1].text
    assert "KOPIE" in copy
    assert "Zählprotokoll" in copy


def test_what_is_taken_out_at_closing_is_signed_printed_and_on_the_z(counter: Counter) -> None:
    counter.till.cash.move(Movement(MovementKind.CHANGE_IN, Money(1200), "Rollen"))
    counter.printer.wait_for_kicks(1)
    z = counter.till.cash.close_shift(Money(11250), replace(drop(), amount=Money(3250)))
    counter.printer.wait_for_kicks(2)
    counter.until(lambda: counter.job_states().count("printed") == 5)
    paper = [" ".join(line.split()) for line in counter.printer.receipts[-1].text.splitlines()]
    for wanted in ("Kassenbestand Soll 112,00 €", "Kassenbestand gezählt 112,50 €", "Differenz 0,50 €"):
        assert wanted in paper
    assert not any("Bankeinzahlung" in line for line in paper), "it was taken out after the count, and stands below it"
    assert [line.rpartition(" ")[0].rpartition(" ")[2] for line in paper if "-32,50" in line] == ["-32,50"]
    assert any(line.endswith(" 80,00 €") for line in paper), "what stays in the drawer"
    assert (z.difference, z.dropped) == (Money(50), Money(3250))
    assert counter.till.settle()
    assert counter.till.cash.suggested_float() == Money(8000)
    assert counter.count("signature") == counter.count("document")
    assert counter.problems() == []


def test_a_drop_that_is_refused_leaves_the_till_open(plain: Counter) -> None:
    with pytest.raises(Refused):
        plain.till.cash.close_shift(Money(1000), drop(5000))
    assert plain.till.cash.is_open
    assert plain.till.cash.shift_movements() == ()


def test_the_list_of_a_shift_begins_anew_with_it(plain: Counter) -> None:
    cash = plain.till.cash
    cash.move(drop())
    assert [entry.reason for entry in cash.shift_movements()] == ["zur Bank"]
    cash.close_shift(None)
    assert cash.shift_movements() == ()
    cash.open_shift(Money(5000))
    assert cash.shift_movements() == ()
    assert len(cash.movements()) == 1


def test_a_count_is_kept_until_the_till_is_closed(plain: Counter) -> None:
    cash = plain.till.cash
    cash.keep_count(cash.count_draft.with_number(Money(5000), 2))
    cash.count(cash.count_draft.protocol())
    assert cash.count_draft.number_of(Money(5000)) == 2
    cash.close_shift(cash.count_draft.protocol())
    assert not cash.count_draft


def test_a_z_that_there_is_not_is_refused_by_its_number(plain: Counter) -> None:
    with pytest.raises(Refused) as refused:
        plain.till.receipts.find_closing(7)
    assert plain.said(refused.value) == "Es gibt keinen Z mit der Nummer 7."
    assert plain.till.receipts.closings() == ()


def test_the_list_of_all_z_has_what_their_papers_say(plain: Counter) -> None:
    for _ in range(2):
        plain.sell(CUP, given="12,00")
        plain.till.cash.move(drop())
        plain.till.cash.close_shift(Money(6000))
        plain.till.cash.open_shift(Money(10000))
    newest, oldest = plain.till.receipts.every_closing()
    assert (newest.z_number, oldest.z_number) == (2, 1)
    assert (oldest.receipts, oldest.turnover, oldest.difference) == (1, Money(1200), Money(-200))
    assert (oldest.till_id, oldest.document_id) == ("KASSE-1", plain.till.receipts.find_closing(1))
    assert plain.till.receipts.closings() == (newest, oldest)


def test_movements_have_a_kind_of_their_own(plain: Counter) -> None:
    document = plain.till.cash.move(drop())
    back = plain.till.cash.take_back(TakingBack(document.id, "x"))
    assert [one.draft.kind for one in (document, back)] == [DocumentKind.CASH_MOVEMENT, DocumentKind.CASH_REVERSAL]
