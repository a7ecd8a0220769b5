"""The cash desk: opens the till with a float, closes it with a Z, opens the drawer without a sale."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from sqlalchemy.orm import Session

from till.app.needs import needs
from till.app.recording import Recording
from till.app.workplace import GUI_WAIT_S, Workplace
from till.documents.model import Document
from till.errors import Unavailable
from till.money import Money
from till.shifts.closing import Closing, close_shift
from till.shifts.no_sale import book_no_sale, no_sale
from till.shifts.shift import Shift, open_shift, target_cash
from till.staff.permission import Permission

_T = TypeVar("_T")


class CashDesk:
    """One till's drawer and shifts (T10, T11)."""

    def __init__(
        self,
        workplace: Workplace,
        recording: Recording,
        kick_drawer: Callable[[], None],
        clear_counter: Callable[[], None],
    ) -> None:
        self._workplace = workplace
        self._recording = recording
        self._kick_drawer = kick_drawer
        self._clear_counter = clear_counter
        self._listeners: list[Callable[[], None]] = []
        self._next_opening = uuid.uuid4()

    def listen(self, callback: Callable[[], None]) -> None:
        """Call `callback` after the till was opened or closed."""
        self._listeners.append(callback)

    @property
    def is_open(self) -> bool:
        """Whether a shift is open."""
        return self._workplace.shift is not None

    @needs(Permission.SEE_EXPECTED_CASH)
    def expected_cash(self) -> Money:
        """What should be in the drawer now (Sollbestand, 60-fiscal A0.6)."""
        return self._target()

    def _target(self) -> Money:
        with self._workplace.database.read() as session:
            return target_cash(session, self._workplace.settings.till_id)

    def suggested_float(self) -> Money:
        """The float to begin with: what the ledger says is in the drawer, and so what was counted at the last Z.

        While the till is open that is the expected cash, and takes the permission to see it.
        """
        return self.expected_cash() if self.is_open else self._target()

    @needs(Permission.OPEN_SHIFT)
    def open_shift(self, opening_float: Money) -> Shift:
        """Open the till with this float; what differs from the ledger is booked as brought in or taken out."""

        def work(session: Session) -> tuple[Shift, Document | None]:
            return open_shift(session, self._workplace.context(needs_shift=False), opening_float)

        with self._workplace.database.read() as session:
            self._workplace.reload(session)
        shift, document = self._run(work)
        self._workplace.shift = shift
        self._after(document)
        return shift

    @needs(Permission.CLOSE_SHIFT)
    def close_shift(self, counted: Money | None) -> Closing:
        """Close the till with a Z; the count's difference is booked. Refused while a sale is open."""
        self._clear_counter()
        context = self._workplace.context()
        closed = self._run(lambda session: close_shift(session, context, counted))
        self._workplace.shift = None
        self._after(closed.difference)
        self._after(closed.document)
        return closed.closing

    @needs(Permission.OPEN_DRAWER)
    def open_drawer(self) -> None:
        """Open the drawer without a sale: a Vorgang of its own, signed and in the audit trail (T10).

        Its id is older than the wish, as a sale's is: asked again after a failure it is the same opening.
        """
        context = self._workplace.context()
        named = no_sale(context, self._workplace.receipt_formats().translator("Drawer opened"))
        draft = replace(named, id=self._next_opening)
        document = self._run(lambda session: book_no_sale(session, context, draft))
        self._next_opening = uuid.uuid4()
        self._kick_drawer()
        self._recording.sign(document)

    @needs(Permission.SELL)
    def confirm_clock(self) -> None:
        """The computer's clock is right although it stands more than 24 hours behind the last receipt (architecture 7)."""
        self._workplace.clock_confirmed = True

    def _run(self, work: Callable[[Session], _T]) -> _T:
        """After a failure the books say what is, as their answer may only have been lost."""
        before = self._workplace.shift
        try:
            return self._workplace.database.run(work, GUI_WAIT_S)
        except Exception:
            with contextlib.suppress(Unavailable), self._workplace.database.read() as session:
                self._workplace.reload(session)
            self._recording.catch_up()
            if self._workplace.shift != before:
                self._tell()
            raise

    def _after(self, document: Document | None) -> None:
        if document is not None:
            self._recording.sign(document)
        self._tell()

    def _tell(self) -> None:
        for callback in self._listeners:
            callback()
