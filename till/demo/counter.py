"""The demo's counter: books and signs at once, in the caller's transaction, as nobody waits while history is written.

The running till books first and signs on a thread of its own (`till.app.recording`); the records are the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from till.app.recording import process_of
from till.app.workplace import Workplace
from till.documents.model import Document
from till.fiscal.process_data import ProcessType, abort_process_data
from till.fiscal.recorder import Recorder, Started
from till.fiscal.recording import store_signature
from till.money import Money
from till.sales.aborted import abort
from till.sales.checkout import Rules, Sale, complete
from till.sales.order import Order, TenderFace
from till.sales.pricing import PricedBasket
from till.shifts.cash_in_out import move, take_back
from till.shifts.closing import Closing, close_shift
from till.shifts.count import Counted
from till.shifts.movement import Movement, TakingBack
from till.shifts.no_sale import book_no_sale, no_sale
from till.shifts.shift import open_shift


@dataclass(frozen=True, slots=True)
class Counter:
    """One till without threads. Its clock is the workplace's; move it between the calls."""

    workplace: Workplace
    recorder: Recorder

    def faces(self) -> dict[str, TenderFace]:
        """How the tenders are called."""
        return {t.id: TenderFace(t.id, t.name, t.zahlart_typ) for t in self.workplace.known_tenders}

    def open(self, session: Session, opening_float: Money) -> None:
        """Open a shift with this float."""
        shift, document = open_shift(session, self.workplace.context(needs_shift=False), opening_float)
        self.workplace.shift = shift
        self._sign(session, document)

    def begin(self) -> Started:
        """Start an order's TSE transaction, at its first line (60-fiscal A2.1).

        It is not noted as open: nothing here survives a crash half done.
        """
        return self.recorder.start(self._client_id)

    def sell(self, session: Session, order: Order, started: Started) -> Sale:
        """Complete the sale and end its TSE transaction."""
        sale = complete(session, self.workplace.context(), order, Rules(self.workplace.rates()))
        self._finish(session, sale.document, started, process_of(sale.document))
        return sale

    def abort(self, session: Session, priced: PricedBasket, started: Started) -> Document:
        """Throw a basket away: an AVBelegabbruch."""
        document = abort(session, self.workplace.context(), priced)
        self._finish(session, document, started, (ProcessType.KASSENBELEG, abort_process_data()))
        return document

    def open_drawer(self, session: Session) -> None:
        """Open the drawer without a sale, signed and in the audit trail (T10)."""
        context = self.workplace.context()
        draft = no_sale(context, self.workplace.receipt_formats().translator("Drawer opened"))
        document = book_no_sale(session, context, draft)
        self._sign(session, document)

    def move(self, session: Session, movement: Movement) -> Document:
        """Bring cash in or take it out (T10)."""
        document = move(session, self.workplace.context(), movement).document
        self._sign(session, document)
        return document

    def take_back(self, session: Session, wrong: Document, reason: str) -> None:
        """Take a movement back by its opposite."""
        self._sign(session, take_back(session, self.workplace.context(), TakingBack(wrong.id, reason)).document)

    def close(self, session: Session, counted: Counted) -> Closing:
        """Close the shift with its Z; a difference is booked and signed before it."""
        closed = close_shift(session, self.workplace.context(), counted)
        self.workplace.shift = None
        self._sign(session, closed.difference)
        self._sign(session, closed.document)
        return closed.closing

    @property
    def _client_id(self) -> str:
        return self.workplace.settings.till_id

    def _sign(self, session: Session, document: Document | None) -> None:
        if document is not None:
            self._finish(session, document, self.recorder.start(self._client_id), process_of(document))

    def _finish(self, session: Session, document: Document, started: Started, process: tuple[ProcessType, str]) -> None:
        kind, content = process
        finished = self.recorder.finish(self._client_id, started.transaction_number, kind.value, content)
        store_signature(session, self._client_id, document.id, finished)
