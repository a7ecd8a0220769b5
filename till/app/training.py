"""The training desk: practise on the real till, with its articles and its receipts, and nothing counts (T13, U10)."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from till.app.needs import needs
from till.app.recording import Recording
from till.app.workplace import Workplace
from till.documents.model import Document
from till.errors import Unavailable
from till.i18n import msg
from till.shifts.training import book_mark, mark
from till.staff.permission import Permission

BEGAN, ENDED = msg("Training began"), msg("Training ended")


class TrainingDesk:
    """Whether one till practises. Beginning and ending are in the books, so that a restart goes on as it was."""

    def __init__(self, workplace: Workplace, recording: Recording, clear_counter: Callable[[], None]) -> None:
        """`clear_counter` refuses while a sale is open."""
        self._workplace = workplace
        self._recording = recording
        self._clear_counter = clear_counter
        self._listeners: list[Callable[[], None]] = []
        self._next_id = uuid.uuid4()

    @property
    def is_on(self) -> bool:
        """Whether the till only practises now."""
        return self._workplace.is_training

    def check_real(self) -> None:
        """Refuse what can't be practised, before it is typed."""
        self._workplace.check_real()

    def listen(self, callback: Callable[[], None]) -> None:
        """Call `callback` after training began or ended."""
        self._listeners.append(callback)

    @needs(Permission.TRAINING)
    def begin(self) -> None:
        """From now on nothing counts. Refused while the till is closed or a sale is open; begun already is begun."""
        if not self.is_on:
            self._switch(begins=True)

    @needs(Permission.TRAINING)
    def end(self) -> None:
        """From now on everything counts again. Refused while a practised sale is open; ended already is ended."""
        if self.is_on:
            self._switch(begins=False)

    def _switch(self, *, begins: bool) -> None:
        context = replace(self._workplace.context(may_train=True), is_training=False)
        self._clear_counter()
        name = self._workplace.receipt_formats().translator(BEGAN if begins else ENDED)
        draft = replace(mark(context, begins=begins, name=name), id=self._next_id)
        document = self._run(lambda session: book_mark(session, context, draft))
        self._next_id = uuid.uuid4()
        self._recording.sign(document)
        self._set(is_on=begins)

    def _run(self, work: Callable[[Session], Document]) -> Document:
        """After a failure the books say which mode it is, as their answer may only have been lost."""
        try:
            return self._workplace.run(work)
        except Exception:
            before = self.is_on
            with contextlib.suppress(Unavailable), self._workplace.database.read() as session:
                self._workplace.reload(session)
            self._recording.catch_up()
            if self.is_on != before:
                self._next_id = uuid.uuid4()
                self._tell()
            raise

    def _set(self, *, is_on: bool) -> None:
        self._workplace.is_training = is_on
        self._tell()

    def _tell(self) -> None:
        for callback in self._listeners:
            callback()
