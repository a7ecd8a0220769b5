"""The vouchers of the shop one by one: their numbers, what happened to each, and what the office does to one (V40 to V44)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from till.app.needs import needs
from till.app.recording import Recording
from till.app.watch import Watch
from till.app.workplace import Workplace
from till.catalog.barcodes import CodeKind, parse
from till.db.context import Context
from till.documents.model import Document
from till.errors import Refused
from till.money import ZERO, Money
from till.staff.permission import Permission
from till.vouchers import block, correct, reissue
from till.vouchers.block import Blocking
from till.vouchers.correct import AMOUNT_MISSING, Booked, Correction
from till.vouchers.history import HistoryLine, history
from till.vouchers.listing import PAGE, NumberLine, Place, Wanted, line_of, portion
from till.vouchers.model import Voucher, VoucherStanding, VoucherState
from till.vouchers.reissue import Reissue, Reissued
from till.vouchers.standing import CLOSED, find_vouchers, known_voucher, refusal_of, standing_of
from till.vouchers.standings import redeemed_of, with_events


@dataclass(frozen=True, slots=True)
class NumbersPage:
    """Some lines of the list, and where the next page begins; None: these were the last."""

    lines: tuple[NumberLine, ...]
    after: Place | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One voucher as the office sees it. `closed` says why nothing can be done to it any more; None: it can (V42)."""

    standing: VoucherStanding
    redeemed: Money
    history: tuple[HistoryLine, ...]
    closed: Refused | None

    @property
    def voucher(self) -> Voucher:
        """The voucher itself."""
        return self.standing.voucher

    @property
    def is_blocked(self) -> bool:
        """Whether no till takes it until it is let go again."""
        return self.standing.state is VoucherState.BLOCKED


class VoucherDesk:
    """Finds vouchers and corrects, blocks and replaces them; what moves value is a signed Vorgang of this till."""

    def __init__(self, workplace: Workplace, recording: Recording) -> None:
        self._workplace = workplace
        self._recording = recording

    # Looking

    def page(self, wanted: Wanted, after: Place | None = None, watch: Watch | None = None) -> NumbersPage:
        """The next lines behind `after`, at least a screenful where there are so many.

        A text or a state may look through all vouchers of the type: for a worker's thread. Raises Refused when cancelled.
        """
        watch, today = watch or Watch(), self._workplace.today()
        lines: list[NumberLine] = []
        looked_at = 0
        while True:
            with self._workplace.database.read() as session:
                found = portion(session, wanted, today, after)
            lines += found.lines
            after, looked_at = found.after, looked_at + found.looked_at
            if after is None or len(lines) >= PAGE:
                return NumbersPage(tuple(lines), after)
            watch.told(looked_at)

    def sheet(self, voucher_id: uuid.UUID) -> Sheet:
        """All about one voucher as it stands now. Refused when there is none."""
        today = self._workplace.today()
        with self._workplace.database.read() as session:
            found = known_voucher(session, voucher_id)
            standing = standing_of(session, found, today)
            (known,) = with_events(session, [found], today)
            closed = refusal_of(standing) if standing.state in CLOSED else None
            return Sheet(standing, redeemed_of(known), history(session, found), closed)

    def scanned(self, code: str) -> tuple[Voucher, ...]:
        """The vouchers that a scanned or typed code names, of whatever type (V13). Refused where there is none."""
        read = parse(code)
        is_own = read.kind is CodeKind.VOUCHER
        with self._workplace.database.read() as session:
            return tuple(find_vouchers(session, read.number if is_own else read.text, read.type_plu or None))

    def line(self, voucher_id: uuid.UUID) -> NumberLine:
        """The voucher's line of the list as it is now, once something was done to it."""
        with self._workplace.database.read() as session:
            (known,) = with_events(session, [known_voucher(session, voucher_id)], self._workplace.today())
        return line_of(known)

    # Changing

    @needs(Permission.CORRECT_VOUCHER)
    def reduce(self, wish: Correction) -> Document:
        """Take value off a voucher, with a reason: `wish.amount` is below 0 (V41). The same wish again does it once."""
        if wish.amount >= ZERO:
            raise Refused(AMOUNT_MISSING)
        return self._book(lambda session, context: correct.correct(session, context, wish))

    @needs(Permission.RAISE_VOUCHER)
    def add_bonus(self, wish: Correction) -> Document:
        """Add bonus to a voucher, with a reason: `wish.amount` is above 0 (V41). The same wish again does it once."""
        if wish.amount <= ZERO:
            raise Refused(AMOUNT_MISSING)
        return self._book(lambda session, context: correct.correct(session, context, wish))

    @needs(Permission.BLOCK_VOUCHER)
    def block(self, wish: Blocking) -> None:
        """Have every till refuse a voucher, with a reason that the cashiers read (V44)."""
        context = self._context()
        self._workplace.run(lambda session: block.block(session, context, wish))

    @needs(Permission.BLOCK_VOUCHER)
    def unblock(self, wish: Blocking) -> None:
        """Let a blocked voucher be redeemed again, with a reason (V44)."""
        context = self._context()
        self._workplace.run(lambda session: block.unblock(session, context, wish))

    @needs(Permission.BLOCK_VOUCHER)
    def reissue(self, wish: Reissue) -> Reissued:
        """Replace a voucher by one with another number; the old one is closed (V44). The same wish again does it once."""
        made: list[Reissued] = []

        def work(session: Session, context: Context) -> Booked:
            made[:] = [reissue.reissue(session, context, wish)]
            return Booked(made[0].document, made[0].is_new)

        self._book(work)
        return made[0]

    def _context(self) -> Context:
        """Nothing here is practised: in training it is refused."""
        self._workplace.check_real()
        return self._workplace.context(needs_shift=False)

    def _book(self, work: Callable[[Session, Context], Booked]) -> Document:
        """Book and sign. One that was booked before, or whose answer was lost, is left to `catch_up`, which asks the books."""
        context = self._workplace.context()
        try:
            booked = self._workplace.run(lambda session: work(session, context))
        except Exception:
            self._recording.catch_up()
            raise
        if booked.is_new:
            self._recording.sign(booked.document)
        else:
            self._recording.catch_up()
        return booked.document
