"""The desk for what comes back: returns of single lines, and receipts that are cancelled as a whole (S1, S2)."""

from __future__ import annotations

import contextlib
import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from till.app.needs import needs
from till.app.recording import Recording
from till.app.workplace import Workplace
from till.business_case import BonTyp, ZahlartTyp
from till.devices.model import DrawerReason
from till.documents import find
from till.documents.model import Document, DocumentKind, Draft, Reference
from till.documents.post import post
from till.documents.reason import on_one_line
from till.errors import Refused
from till.i18n import msg
from till.money import Money, total
from till.sales.aborted import aborted_id
from till.sales.order import TenderFace
from till.sales.return_books import returnable
from till.sales.returned import Returnable, ReturnPlan, ReturnWish
from till.sales.returning import Returned, ReturnRules, give_back, planned
from till.shop.tenders import CASH, VOUCHER
from till.staff.permission import Need, Permission
from till.vouchers.model import Voucher


@dataclass(frozen=True, slots=True)
class CompletedReturn:
    """A booked return or cancellation: its document, the vouchers given instead of money, and the cash to hand over.

    `cash` below zero comes from the customer.
    """

    document: Document
    vouchers: tuple[Voucher, ...]
    cash: Money


@dataclass(frozen=True, slots=True)
class _UnderWay:
    """A return that somebody began: its id is that of the order at the TSE and of the document."""

    id: uuid.UUID
    original: Document
    started_at: dt.datetime


class ReturnDesk:
    """Takes back what was sold. Looking and previewing change nothing; only `complete` books."""

    def __init__(self, workplace: Workplace, recording: Recording, kick_drawer: Callable[[DrawerReason], None]) -> None:
        self._workplace = workplace
        self._recording = recording
        self._kick_drawer = kick_drawer
        self._under_way: _UnderWay | None = None
        self._completed: CompletedReturn | None = None

    def look(self, document_id: uuid.UUID) -> Returnable:
        """What of a receipt can come back, line by line, and what came back earlier; or why nothing can."""
        with self._workplace.database.read() as session:
            return returnable(session, document_id, self._workplace.business_date)

    def preview(self, wish: ReturnWish) -> ReturnPlan:
        """What a wish comes to, to the cent. Raises Refused for what can't come back."""
        context, rules = self._workplace.context(), self._rules(self._workplace.clock.now())
        with self._workplace.database.read() as session:
            return planned(session, context, _tidy(wish), rules)

    def ways(self) -> tuple[TenderFace, ...]:
        """The ways to pay by which money can be refunded, cash first."""
        tenders = sorted(self._workplace.tenders, key=lambda tender: tender.id != CASH)
        return tuple(TenderFace(t.id, t.name, t.zahlart_typ) for t in tenders if t.id != VOUCHER)

    @needs(Permission.SELL)
    def begin(self, document_id: uuid.UUID) -> uuid.UUID:
        """Begin a return with the first thing that somebody does about this receipt: the TSE hears of it (60-fiscal A2.1).

        The id is for the wish. The same receipt again goes on with the return under way; another one ends that first.
        """
        if self._under_way is not None and self._under_way.original.id == document_id:
            return self._under_way.id
        self._workplace.check_real()
        self._workplace.check_ready()
        found = self.look(document_id)
        if found.refusal is not None:
            raise found.refusal
        self.abandon()
        self._under_way = _UnderWay(uuid.uuid4(), found.original, self._workplace.clock.now())
        self._recording.begin(self._under_way.id)
        return self._under_way.id

    def abandon(self) -> None:
        """Leave the return under way, which ends as AVBelegabbruch at the TSE and in the books; nothing without one.

        Refused where the books took it after all: then it stays booked, and that is said.
        """
        if (left := self._under_way) is None:
            return
        booked = self._booked(left.id)
        if booked is not None:
            self._under_way = None
            self._recording.catch_up()
            raise Refused(msg("It was booked after all: receipt no. {number}."), number=booked.number)
        document = self._workplace.run(lambda session: self._aborted(session, left))
        self._under_way = None
        self._recording.abort(document, left.id)

    def leave(self) -> None:
        """End what is under way before the till is closed, or the program."""
        with contextlib.suppress(Refused):
            self.abandon()

    def complete(self, wish: ReturnWish) -> CompletedReturn:
        """Book the wish, kick the drawer for cash, and hand signing and printing to their threads.

        The same wish again (a double click, an answer that was lost) gives the same document.
        """
        if self._completed is not None and self._completed.document.id == wish.id:
            return self._completed
        permission = Permission.CANCEL_RECEIPT if wish.is_cancellation else Permission.REFUND
        with self._workplace.attendance.allowing(Need(permission)):
            return self._finish(self._book(_tidy(wish)))

    def _book(self, wish: ReturnWish) -> Returned:
        context = self._workplace.context()
        left = self._under_way
        started_at = left.started_at if left is not None and left.id == wish.id else context.now
        rules = self._rules(started_at)
        try:
            return self._workplace.run(lambda session: give_back(session, context, wish, rules))
        except Refused:
            raise
        except Exception:
            self._recording.catch_up()
            raise

    def _finish(self, returned: Returned) -> CompletedReturn:
        document = returned.document
        if self._opens_drawer(document):
            self._kick_drawer(DrawerReason.CASH_PAYMENT)
        if returned.is_new:
            self._recording.sign(document)
        else:
            self._recording.catch_up()
        if self._under_way is not None and self._under_way.id == document.id:
            self._under_way = None
        cash = -total(one.amount for one in document.draft.payments if one.zahlart_typ is ZahlartTyp.BAR)
        self._completed = CompletedReturn(document, returned.vouchers, cash)
        return self._completed

    def _opens_drawer(self, document: Document) -> bool:
        opening = {tender.id for tender in self._workplace.known_tenders if tender.opens_drawer}
        return any(payment.tender_id in opening for payment in document.draft.payments)

    def _booked(self, document_id: uuid.UUID) -> Document | None:
        with self._workplace.database.read() as session:
            return find.document(session, document_id)

    def _aborted(self, session: Session, left: _UnderWay) -> Document:
        draft = Draft(
            id=aborted_id(left.id, 0),
            kind=DocumentKind.ABORTED,
            bon_typ=BonTyp.ABBRUCH,
            started_at=left.started_at,
            references=(Reference(left.original.till_id, left.original.number, left.original.id),),
        )
        return post(session, self._workplace.context(), draft)

    def _rules(self, started_at: dt.datetime) -> ReturnRules:
        return ReturnRules(self._workplace.rates(), self.ways(), started_at)


def _tidy(wish: ReturnWish) -> ReturnWish:
    return replace(wish, reason=on_one_line(wish.reason))
