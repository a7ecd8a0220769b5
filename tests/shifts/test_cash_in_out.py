"""Cash into the drawer and out of it: what is booked, what is refused, and how a wrong one is answered; on both databases."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from typing import Any

import pytest

from till.business_case import BonTyp, GvTyp, VatKey
from till.documents import find
from till.documents.model import DocumentKind, Reference
from till.documents.post import Booking, post
from till.errors import Refused
from till.ledger import journal
from till.ledger.account import Account
from till.ledger.balances import balance
from till.ledger.entry import Posting
from till.money import MAX_CENTS, ZERO, Money
from till.shifts.bookings import movement_postings, opposite
from till.shifts.cash_in_out import recent_movements, usual_reasons
from till.shifts.movement import (
    STORNO,
    Movement,
    MovementKind,
    TakingBack,
    check_drawer,
    checked,
    kind_of,
)
from till.shifts.shift import cash_document, cash_line

CASES = [
    (MovementKind.CHANGE_IN, GvTyp.GELDTRANSIT, Account.TRANSIT),
    (MovementKind.PRIVATE_IN, GvTyp.PRIVATEINLAGE, Account.PRIVATE),
    (MovementKind.TIPS_IN, GvTyp.TRINKGELD_AN, Account.TIPS),
    (MovementKind.OTHER_IN, GvTyp.EINZAHLUNG, Account.SUNDRY),
    (MovementKind.BANK_DROP, GvTyp.GELDTRANSIT, Account.TRANSIT),
    (MovementKind.PRIVATE_OUT, GvTyp.PRIVATENTNAHME, Account.PRIVATE),
    (MovementKind.TIPS_OUT, GvTyp.TRINKGELD_AN, Account.TIPS),
    (MovementKind.WAGES_OUT, GvTyp.LOHNZAHLUNG, Account.WAGES),
    (MovementKind.OTHER_OUT, GvTyp.AUSZAHLUNG, Account.SUNDRY),
]


def drop(cents: int, reason: str = "zur Bank") -> Movement:
    return Movement(MovementKind.BANK_DROP, Money(cents), reason)


def number_of_documents(drawer: Any) -> int:
    with drawer.database.read() as session:
        return find.highest_number(session, "KASSE-1")


# The rules


@pytest.mark.parametrize(("kind", "gv_typ", "_account"), CASES)
def test_a_line_tells_what_its_movement_was(kind: MovementKind, gv_typ: GvTyp, _account: Account) -> None:
    gross = Money(1 if kind.is_in else -1)
    assert (kind_of(gv_typ, gross), kind.gv_typ) == (kind, gv_typ)


def test_every_kind_is_told_apart_and_has_words_and_reasons() -> None:
    assert {kind for kind, _, _ in CASES} == set(MovementKind)
    assert len({kind.called for kind in MovementKind}) == len({kind.booked for kind in MovementKind}) == len(CASES)
    assert all(kind.reasons for kind in MovementKind)
    assert kind_of(GvTyp.UMSATZ, Money(1)) is None


@pytest.mark.parametrize("cents", [0, -1, MAX_CENTS + 1])
def test_an_amount_that_is_none_is_refused(cents: int) -> None:
    with pytest.raises(Refused, match="can’t be moved"):
        checked(drop(cents))


def test_the_largest_and_the_smallest_amount_may_be_moved() -> None:
    assert [checked(drop(cents)).amount.cents for cents in (1, MAX_CENTS)] == [1, MAX_CENTS]


@pytest.mark.parametrize("reason", ["", "   ", "\n\t", "\x1b"])
def test_without_a_reason_nothing_is_moved(reason: str) -> None:
    with pytest.raises(Refused, match="what the cash is for"):
        checked(drop(1, reason))


def test_only_what_is_there_may_be_taken_out() -> None:
    check_drawer(Money(500), Money(-500))
    check_drawer(Money(-500), Money(1))
    with pytest.raises(Refused) as refused:
        check_drawer(Money(499), Money(-500))
    assert refused.value.values == {"there": Money(499), "amount": Money(500)}


def test_the_legs_of_a_movement_and_of_its_opposite_cancel_out() -> None:
    legs = movement_postings(MovementKind.WAGES_OUT, Money(-700), "KASSE-1")
    assert legs == (Posting(Account.CASH, Money(-700), "KASSE-1"), Posting(Account.WAGES, Money(700), "KASSE-1"))
    assert opposite(opposite(legs)) == legs
    assert [leg.amount for leg in opposite(legs)] == [Money(700), Money(-700)]


# Booking


@pytest.mark.parametrize(("kind", "gv_typ", "account"), CASES)
def test_a_movement_is_a_signed_document_with_its_reason(
    drawer: Any, kind: MovementKind, gv_typ: GvTyp, account: Account
) -> None:
    drawer.open(10000)
    moved = drawer.move(Movement(kind, Money(1500), " Grund "))
    signed = Money(1500 if kind.is_in else -1500)
    draft = moved.document.draft
    (line,), (payment,) = draft.lines, draft.payments
    assert (draft.kind, draft.bon_typ, draft.note) == (DocumentKind.CASH_MOVEMENT, BonTyp.BELEG, "Grund")
    assert (line.gv_typ, line.vat_key, line.gross, line.gv_name) == (gv_typ, VatKey.NOT_TAXABLE, signed, "")
    assert (payment.amount, draft.total) == (signed, signed)
    assert drawer.target() == Money(10000) + signed
    with drawer.database.read() as session:
        before = -10000 if account is Account.TRANSIT else 0
        assert balance(session, account, "KASSE-1") == Money(before) - signed
    assert moved.is_new
    assert drawer.findings() == []


def test_the_drawer_never_goes_below_nothing(drawer: Any) -> None:
    drawer.open(10000)
    with pytest.raises(Refused) as refused:
        drawer.move(drop(10001))
    assert refused.value.values == {"there": Money(10000), "amount": Money(10001)}
    assert number_of_documents(drawer) == 1
    drawer.move(drop(10000))
    assert drawer.target() == ZERO
    with pytest.raises(Refused):
        drawer.move(drop(1))


def test_another_tills_drawer_helps_nothing(drawer: Any) -> None:
    drawer.open(100)
    other = drawer.beside("KASSE-2")
    other.open(50000)
    with pytest.raises(Refused):
        drawer.move(drop(101))
    other.move(drop(50000))
    assert (drawer.target(), other.target()) == (Money(100), ZERO)


def test_the_same_movement_again_is_the_same_document_even_when_the_drawer_is_empty(drawer: Any) -> None:
    drawer.open(10000)
    wish = drop(10000)
    first, again = drawer.move(wish), drawer.move(wish)
    assert (first.document, first.is_new, again.is_new) == (again.document, True, False)
    assert drawer.target() == ZERO


def test_the_same_movement_with_another_amount_is_refused(drawer: Any) -> None:
    drawer.open(10000)
    wish = drop(100)
    drawer.move(wish)
    with pytest.raises(Refused):
        drawer.move(replace(wish, amount=Money(200)))
    assert drawer.target() == Money(9900)


def test_two_wishes_at_once_take_out_what_is_there_only_once(drawer: Any) -> None:
    drawer.open(10000)
    went: list[str] = []

    def take() -> None:
        try:
            drawer.move(drop(6000))
            went.append("done")
        except Refused:
            went.append("refused")

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(went) == ["done", "refused"]
    assert drawer.target() == Money(4000)


# Taking back


def test_a_wrong_movement_is_taken_back_by_its_opposite_which_names_it(drawer: Any) -> None:
    drawer.open(10000)
    wrong = drawer.move(drop(9000)).document
    back = drawer.take_back(TakingBack(wrong.id, "vertippt")).document
    (line,) = back.draft.lines
    assert (back.draft.kind, back.draft.note) == (DocumentKind.CASH_REVERSAL, "vertippt")
    assert (line.gv_typ, line.gv_name, line.gross) == (GvTyp.GELDTRANSIT, STORNO, Money(9000))
    assert back.draft.references == (Reference("KASSE-1", wrong.number, wrong.id),)
    assert drawer.target() == Money(10000)
    with drawer.database.read() as session:
        entries = journal.entries_of(session, [wrong.id, back.id])
        assert find.document(session, wrong.id) == wrong
    assert entries[back.id][0].values["reverses"] == entries[wrong.id][0].values["id"]
    assert drawer.findings() == []


def test_a_movement_is_taken_back_once_however_often_it_is_asked_for(drawer: Any) -> None:
    drawer.open(10000)
    wrong = drawer.move(drop(9000)).document
    wish = TakingBack(wrong.id, "vertippt")
    first, again = drawer.take_back(wish), drawer.take_back(wish)
    assert (first.document, first.is_new, again.is_new) == (again.document, True, False)
    with pytest.raises(Refused) as refused:
        drawer.take_back(TakingBack(wrong.id, "noch einmal"))
    assert refused.value.values == {"number": wrong.number, "other": first.document.number}
    assert drawer.target() == Money(10000)


def test_cash_in_that_was_spent_meanwhile_is_not_taken_back(drawer: Any) -> None:
    drawer.open(0)
    brought = drawer.move(Movement(MovementKind.CHANGE_IN, Money(5000), "x")).document
    drawer.move(drop(4000))
    with pytest.raises(Refused) as refused:
        drawer.take_back(TakingBack(brought.id, "x"))
    assert refused.value.values == {"there": Money(1000), "amount": Money(5000)}


def test_a_movement_of_an_earlier_shift_is_taken_back_in_the_open_one(drawer: Any) -> None:
    drawer.open(10000)
    wrong = drawer.move(drop(1000)).document
    first = drawer.close(9000).closing
    shift, _ = drawer.open(9000)
    back = drawer.take_back(TakingBack(wrong.id, "x")).document
    second = drawer.close(10000).closing
    assert back.shift_id == shift.id
    assert [(m.kind, m.amount.cents) for m in first.sums.movements] == [("bank-drop", -1000), ("opening-float", 10000)]
    assert [(m.kind, m.amount.cents) for m in second.sums.movements] == [("cash-reversal", 1000)]
    assert second.sums.cancellations.amount == Money(1000)
    assert drawer.findings() == []


@pytest.mark.parametrize("what", ["nothing", "a float", "a sale", "a reversal"])
def test_only_a_movement_is_taken_back_here(drawer: Any, what: str) -> None:
    _, opened = drawer.open(10000)
    moved = drawer.move(drop(1)).document
    ids = {
        "nothing": uuid.uuid4(),
        "a float": opened.id,
        "a sale": drawer.sell(VatKey.GENERAL, 100).id,
        "a reversal": drawer.take_back(TakingBack(moved.id, "x")).document.id,
    }
    with pytest.raises(Refused, match="Only cash in and cash out"):
        drawer.take_back(TakingBack(ids[what], "x"))


def test_another_till_does_not_take_it_back(drawer: Any) -> None:
    drawer.open(10000)
    other = drawer.beside("KASSE-2")
    other.open(10000)
    moved = drawer.move(drop(1)).document
    with pytest.raises(Refused) as refused:
        other.take_back(TakingBack(moved.id, "x"))
    assert refused.value.values == {"till": "KASSE-1"}


def test_taking_back_needs_a_reason(drawer: Any) -> None:
    drawer.open(10000)
    moved = drawer.move(drop(1)).document
    with pytest.raises(Refused, match="what the cash is for"):
        drawer.take_back(TakingBack(moved.id, " "))


# Finding them again


def test_the_movements_are_listed_newest_first_with_what_took_them_back(drawer: Any) -> None:
    drawer.open(10000)
    first = drawer.move(drop(100, "eins")).document
    second = drawer.move(Movement(MovementKind.TIPS_IN, Money(5), "zwei")).document
    back = drawer.take_back(TakingBack(first.id, "x")).document
    with drawer.database.read() as session:
        found = recent_movements(session, "KASSE-1", 10)
        assert recent_movements(session, "KASSE-2", 10) == []
        assert len(recent_movements(session, "KASSE-1", 1)) == 1
    assert [(m.number, m.amount.cents, m.reason, m.taken_back_by) for m in found] == [
        (second.number, 5, "zwei", None),
        (first.number, -100, "eins", back.number),
    ]


def test_the_usual_reasons_are_those_typed_most_often_for_the_same_kind(drawer: Any) -> None:
    drawer.open(10000)
    for reason in ("zur Bank", "in den Tresor", "in den Tresor"):
        drawer.move(drop(1, reason))
    drawer.move(Movement(MovementKind.CHANGE_IN, Money(1), "Rollen"))
    with drawer.database.read() as session:
        assert usual_reasons(session, "KASSE-1", MovementKind.BANK_DROP) == ("in den Tresor", "zur Bank")
        assert usual_reasons(session, "KASSE-1", MovementKind.CHANGE_IN) == ("Rollen",)
        assert usual_reasons(session, "KASSE-1", MovementKind.WAGES_OUT) == ()


# What verify finds when a program with a fault books honestly into the chain


def forged(drawer: Any, kind: DocumentKind, note: str, legs: tuple[Posting, ...], *lines: Money) -> None:
    draft = cash_document(kind, cash_line("x", GvTyp.GELDTRANSIT, lines[0]), drawer.context)
    more = tuple(cash_line("x", GvTyp.GELDTRANSIT, amount) for amount in lines)
    draft = replace(draft, note=note, lines=more)
    drawer.database.run(lambda session: post(session, drawer.context, draft, Booking(legs)))


def legs_of(cents: int, other: Account = Account.TRANSIT) -> tuple[Posting, ...]:
    return (Posting(Account.CASH, Money(cents), "KASSE-1"), Posting(other, Money(-cents), "KASSE-1"))


FAULTS: dict[str, tuple[DocumentKind, str, tuple[Posting, ...], tuple[Money, ...]]] = {
    "no reason": (DocumentKind.CASH_MOVEMENT, "", legs_of(5), (Money(5),)),
    "another account": (DocumentKind.CASH_MOVEMENT, "x", legs_of(5, Account.PRIVATE), (Money(5),)),
    "no entry": (DocumentKind.CASH_MOVEMENT, "x", (), (Money(5),)),
    "two lines": (DocumentKind.CASH_MOVEMENT, "x", legs_of(5), (Money(2), Money(3))),
    "takes nothing back": (DocumentKind.CASH_REVERSAL, "x", legs_of(5), (Money(5),)),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_verify_finds_a_movement_that_is_none(drawer: Any, fault: str) -> None:
    drawer.open(10000)
    assert drawer.findings() == []
    kind, note, legs, lines = FAULTS[fault]
    forged(drawer, kind, note, legs, *lines)
    assert any("isn’t the cash in or cash out" in finding for finding in drawer.findings())


def test_verify_finds_a_reversal_that_is_not_the_opposite(drawer: Any) -> None:
    drawer.open(10000)
    moved = drawer.move(drop(500)).document
    with drawer.database.read() as session:
        (entry,) = journal.entries_of(session, [moved.id])[moved.id]
    draft = cash_document(DocumentKind.CASH_REVERSAL, cash_line("x", GvTyp.GELDTRANSIT, Money(400)), drawer.context)
    draft = replace(draft, note="x", references=(Reference("KASSE-1", moved.number, moved.id),))
    booking = Booking(legs_of(400), reverses=entry.values["id"])
    drawer.database.run(lambda session: post(session, drawer.context, draft, booking))
    assert any("isn’t the cash in or cash out" in finding for finding in drawer.findings())
