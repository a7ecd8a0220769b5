"""What verify finds where training and earnest were mixed by something else than the till, and what the till refuses itself."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.documents.model import Document, DocumentKind, Draft, Line, Payment, VatTotal
from till.documents.post import Booking, post
from till.errors import Refused
from till.ledger.account import Account
from till.ledger.entry import Posting
from till.money import Money
from till.shifts.training import book_mark, is_training, mark
from till.shifts.training_checks import trainings

if TYPE_CHECKING:
    from tests.shifts.conftest import Drawer

LEGS = (Posting(Account.CASH, Money(100), "KASSE-1"), Posting(Account.OPENING, Money(-100), "KASSE-1"))


def put(drawer: Drawer, kind: DocumentKind, bon_typ: BonTyp, booking: Booking = Booking()) -> Document:  # noqa: B008 - frozen
    """Post a document of this kind, as no desk would."""
    gross = Money(100)
    draft = Draft(
        id=uuid.uuid4(),
        kind=kind,
        bon_typ=bon_typ,
        started_at=drawer.context.now,
        lines=(Line("x", GvTyp.UMSATZ, VatKey.NOT_TAXABLE, 0, gross),),
        payments=(Payment("cash", ZahlartTyp.BAR, "Bar", gross),),
        vat=(VatTotal(VatKey.NOT_TAXABLE, 0, gross, Money(0)),),
    )
    return drawer.database.run(lambda session: post(session, drawer.context, draft, booking))


def marked(drawer: Drawer, *, begins: bool) -> Document:
    """Training begins or ends."""
    draft = mark(drawer.context, begins=begins, name="Training")
    return drawer.database.run(lambda session: book_mark(session, drawer.context, draft))


def practise(drawer: Drawer) -> Document:
    """A practised sale."""
    return put(drawer, DocumentKind.TRAINING_SALE, BonTyp.TRAINING)


def found(drawer: Drawer) -> list[str]:
    """What the check of training finds."""
    with drawer.database.read() as session:
        return [str(finding) for finding in trainings(session, lambda _done, _all: None)]


def is_on(drawer: Drawer) -> bool:
    """Whether the till only practises."""
    with drawer.database.read() as session:
        return is_training(session, drawer.context.till_id)


def test_a_till_knows_from_its_documents_whether_it_practises(drawer: Drawer) -> None:
    other = drawer.beside("KASSE-2")
    drawer.open(10000)
    other.open(0)
    assert not is_on(drawer)
    marked(drawer, begins=True)
    assert (is_on(drawer), is_on(other)) == (True, False)
    practise(drawer)
    other.sell(VatKey.GENERAL, 500)
    marked(drawer, begins=False)
    assert not is_on(drawer)
    drawer.sell(VatKey.GENERAL, 500)
    drawer.close(None)
    assert not is_on(drawer)
    assert found(drawer) == []
    assert drawer.findings() == []


def test_a_training_that_goes_on_is_in_order(drawer: Drawer) -> None:
    drawer.open(0)
    marked(drawer, begins=True)
    practise(drawer)
    assert found(drawer) == []


def test_the_same_mark_twice_is_one(drawer: Drawer) -> None:
    drawer.open(0)
    draft = mark(drawer.context, begins=True, name="Training")
    numbers = {drawer.database.run(lambda session: book_mark(session, drawer.context, draft)).number for _ in range(2)}
    assert len(numbers) == 1


def test_a_sale_booked_in_training_is_found_whether_it_has_ended_or_not(drawer: Drawer) -> None:
    drawer.open(10000)
    marked(drawer, begins=True)
    sold = drawer.sell(VatKey.GENERAL, 500)
    words = [f"Document {sold.number} of till KASSE-1 was booked in training."]
    assert found(drawer) == words
    marked(drawer, begins=False)
    assert found(drawer) == words


def test_what_is_practised_outside_of_training_is_found(drawer: Drawer) -> None:
    drawer.open(10000)
    sold = practise(drawer)
    assert found(drawer) == [f"Document {sold.number} of till KASSE-1 was practised outside of training."]


@pytest.mark.parametrize("begins", [True, False])
def test_training_that_does_not_begin_and_end_by_turns_is_found(drawer: Drawer, begins: bool) -> None:  # noqa: FBT001 - drawn
    drawer.open(10000)
    if begins:
        marked(drawer, begins=True)
    wrong = marked(drawer, begins=begins)
    assert found(drawer) == [f"Document {wrong.number} of till KASSE-1: training doesn’t begin and end by turns."]


def test_a_z_made_in_training_is_found(drawer: Drawer) -> None:
    drawer.open(10000)
    marked(drawer, begins=True)
    z = drawer.close(None)
    assert found(drawer) == [f"Document {z.document.number} of till KASSE-1 is a Z that was made in training."]


def test_a_practised_sale_that_moves_money_is_found(drawer: Drawer) -> None:
    drawer.open(10000)
    marked(drawer, begins=True)
    wrong = put(drawer, DocumentKind.TRAINING_SALE, BonTyp.TRAINING, Booking(LEGS))
    assert drawer.findings() == [f"Document {wrong.number} of till KASSE-1 moves money, and its kind never does."]


@pytest.mark.parametrize(
    ("kind", "bon_typ"),
    [
        (DocumentKind.TRAINING_SALE, BonTyp.ABBRUCH),
        (DocumentKind.TRAINING_ABORTED, BonTyp.SONSTIGE),
        (DocumentKind.ABORTED, BonTyp.TRAINING),
    ],
)
def test_kind_and_bon_typ_agree_on_what_is_training(drawer: Drawer, kind: DocumentKind, bon_typ: BonTyp) -> None:
    drawer.open(10000)
    marked(drawer, begins=True)
    wrong = put(drawer, kind, bon_typ)
    assert drawer.findings() == [
        f"Document {wrong.number} of till KASSE-1 is training by its kind or by its BON_TYP, but not by both."
    ]


def test_nothing_that_moves_is_posted_in_training(drawer: Drawer) -> None:
    drawer.open(10000)
    drawer.context = replace(drawer.context, is_training=True)
    with pytest.raises(Refused, match="training mode"):
        drawer.sell(VatKey.GENERAL, 500)
    assert drawer.target() == Money(10000)
