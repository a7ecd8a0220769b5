"""The cash desk: the float, cash in and out, the count and the Z, the drawer opened without a sale."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from sqlalchemy.orm import Session

from till.app.needs import needs
from till.app.recording import Recording
from till.app.workplace import Workplace
from till.audit import trail
from till.devices.model import DrawerReason
from till.documents.model import Document
from till.errors import Unavailable
from till.money import Money
from till.shifts.cash_in_out import Moved, MovementEntry, move, recent_movements, take_back, usual_reasons
from till.shifts.closing import Closing, checked_count, close_shift
from till.shifts.count import Comparison, CountDraft, Counted
from till.shifts.movement import Movement, MovementKind, TakingBack
from till.shifts.no_sale import book_no_sale, no_sale
from till.shifts.shift import Shift, open_shift, target_cash
from till.staff.permission import Need, Permission

_T = TypeVar("_T")
_MOST_MOVEMENTS = 200


class CashDesk:
    """One till's drawer and shifts (T10, T11)."""

    def __init__(
        self,
        workplace: Workplace,
        recording: Recording,
        kick_drawer: Callable[[DrawerReason], None],
        clear_counter: Callable[[], None],
    ) -> None:
        self._workplace = workplace
        self._recording = recording
        self._kick_drawer = kick_drawer
        self._clear_counter = clear_counter
        self._listeners: list[Callable[[], None]] = []
        self._next_opening = uuid.uuid4()
        self._count_draft = CountDraft()

    def listen(self, callback: Callable[[], None]) -> None:
        """Call `callback` after the till was opened or closed."""
        self._listeners.append(callback)

    @property
    def is_open(self) -> bool:
        """Whether a shift is open."""
        return self._workplace.shift is not None

    @property
    def opening_float(self) -> Money | None:
        """What the open shift began with; None while the till is closed."""
        shift = self._workplace.shift
        return None if shift is None else shift.opening_float

    @needs(Permission.SEE_EXPECTED_CASH)
    def expected_cash(self) -> Money:
        """What should be in the drawer now (Sollbestand, 60-fiscal A0.6)."""
        return self._target()

    def _target(self) -> Money:
        with self._workplace.database.read() as session:
            return target_cash(session, self._workplace.settings.till_id)

    def shown_cash(self) -> Money | None:
        """As `expected_cash`; None for who may not see it, and while the shop counts blind and nobody has counted."""
        may_see = self._workplace.attendance.may(Permission.SEE_EXPECTED_CASH)
        return self.expected_cash() if may_see and self._workplace.may_tell_cash else None

    @needs(Permission.CLOSE_SHIFT)
    def count(self, counted: Counted) -> Comparison:
        """Compare a count of the drawer with the books: nothing is booked, and it may be counted again.

        Each count is in the audit trail, so that one which was made to fit the books can be seen.
        """
        context = self._workplace.context()
        amount = checked_count(counted)

        def work(session: Session) -> Comparison:
            found = Comparison(target_cash(session, context.till_id), amount)
            change = {"before": str(found.expected), "after": str(found.counted)}
            trail.note(session, context, trail.Action.DRAWER_COUNTED, "drawer", **change)
            return found

        self._workplace.last_count = self._run(work)
        return self._workplace.last_count

    @property
    def count_draft(self) -> CountDraft:
        """A count that is still being made: kept while the till runs and until it is opened or closed, never on disk."""
        return self._count_draft

    def keep_count(self, draft: CountDraft) -> None:
        """Remember how far a count has come."""
        self._count_draft = draft

    @needs(Permission.CASH_IN_OUT)
    def move(self, movement: Movement) -> Document:
        """Bring cash into the drawer or take it out, and open the drawer: a Vorgang of its own (T10).

        The same movement again, after an answer that was lost, gives the same document.
        """
        context = self._workplace.context()
        return self._moved(lambda session: move(session, context, movement))

    @needs(Permission.CASH_IN_OUT)
    def take_back(self, wish: TakingBack) -> Document:
        """Take a wrong movement back by its opposite, which names it; once only, and repeatable as `move` is."""
        context = self._workplace.context()
        return self._moved(lambda session: take_back(session, context, wish))

    @needs(Permission.CASH_IN_OUT)
    def movements(self, limit: int = 50) -> tuple[MovementEntry, ...]:
        """The newest cash movements of this till, newest first."""
        with self._workplace.database.read() as session:
            return tuple(recent_movements(session, self._workplace.settings.till_id, limit))

    def shift_movements(self) -> tuple[MovementEntry, ...]:
        """The movements of the open shift, newest first; none while the till is closed, and for who may not move cash.

        It refuses nobody, so that an approval is used up by what it was given for, and not by looking at the list.
        """
        shift = self._workplace.shift
        if shift is None or not self._workplace.attendance.may(Permission.CASH_IN_OUT):
            return ()
        with self._workplace.database.read() as session:
            return tuple(recent_movements(session, shift.till_id, _MOST_MOVEMENTS, shift.id))

    def reasons(self, kind: MovementKind) -> tuple[str, ...]:
        """Reasons to choose from: what this till has typed for this kind, then what nearly every shop has."""
        t = self._workplace.receipt_formats().translator
        with self._workplace.database.read() as session:
            typed = usual_reasons(session, self._workplace.settings.till_id, kind)
        return tuple(dict.fromkeys((*typed, *(t(reason) for reason in kind.reasons))))

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
        self._workplace.check_address()
        shift, document = self._run(work)
        self._workplace.shift, self._workplace.last_count = shift, None
        self._count_draft = CountDraft()
        self._after(document)
        return shift

    @needs(Permission.CLOSE_SHIFT)
    def close_shift(self, counted: Counted | None, drop: Movement | None = None) -> Closing:
        """Close the till with a Z; the count's difference is booked. Refused while a sale is open.

        `counted` is a sum, or coin by coin, which the Z keeps. `drop` is taken out of it in the same transaction, so that
        there is no till from which money was taken and which is not closed. It takes the permission to move cash too.
        """
        takes = () if drop is None else (Need(Permission.CASH_IN_OUT),)
        with self._workplace.attendance.allowing(*takes):
            self._clear_counter()
            context = self._workplace.context()
            closed = self._run(lambda session: close_shift(session, context, counted, drop))
        self._workplace.shift = self._workplace.last_count = None
        self._count_draft = CountDraft()
        if closed.drop is not None:
            self._kick_drawer(DrawerReason.CASH_MOVEMENT)
        for document in (closed.difference, closed.drop, closed.document):
            self._after(document)
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
        self._kick_drawer(DrawerReason.NO_SALE)
        self._recording.sign(document)

    @needs(Permission.SELL)
    def confirm_clock(self) -> None:
        """The computer's clock is right although it stands more than 24 hours behind the last receipt (architecture 7)."""
        self._workplace.clock_confirmed = True

    def _run(self, work: Callable[[Session], _T]) -> _T:
        """After a failure the books say what is, as their answer may only have been lost."""
        before = self._workplace.shift
        try:
            return self._workplace.run(work)
        except Exception:
            with contextlib.suppress(Unavailable), self._workplace.database.read() as session:
                self._workplace.reload(session)
            self._recording.catch_up()
            if self._workplace.shift != before:
                self._tell()
            raise

    def _moved(self, work: Callable[[Session], Moved]) -> Document:
        """One that was booked before is left to `catch_up`, which knows whether it is signed."""
        moved = self._run(work)
        self._kick_drawer(DrawerReason.CASH_MOVEMENT)
        if moved.is_new:
            self._recording.sign(moved.document)
        else:
            self._recording.catch_up()
        return moved.document

    def _after(self, document: Document | None) -> None:
        if document is not None:
            self._recording.sign(document)
        self._tell()

    def _tell(self) -> None:
        for callback in self._listeners:
            callback()
