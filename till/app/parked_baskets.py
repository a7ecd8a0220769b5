"""What waits at a till beside its open sale: the list, the names, and the end of what each began at the TSE (T5)."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator

from till.app import parking
from till.app.recording import Recording
from till.app.workplace import Workplace
from till.documents.model import Document
from till.errors import Refused
from till.sales.parked import Parked


class ParkedBaskets:
    """The parked sales of one till; `count` is how many could be recalled when the books were last looked at."""

    def __init__(self, workplace: Workplace, recording: Recording) -> None:
        self._workplace = workplace
        self._recording = recording
        self._perhaps_ended: set[uuid.UUID] = set()
        self.count = 0

    def begin(self) -> None:
        """At the start of the program: count them; no transaction of an earlier run goes on."""
        self.count = parking.count_at_start(self._workplace)

    def listed(self) -> tuple[Parked, ...]:
        """What can be recalled here, the oldest first."""
        self.sign_ends()
        found = parking.listed(self._workplace)
        self.count = len(found)
        return found

    def note(self, more: int) -> None:
        """So many more wait now."""
        self.count = max(0, self.count + more)

    def rename(self, order_id: uuid.UUID, name: str) -> None:
        """Call one something else; an empty name brings time and total back."""
        parking.rename(self._workplace, order_id, name)

    def discard(self, order_id: uuid.UUID) -> None:
        """Throw one away. Refused when it is gone, unless it went by an earlier try whose answer was lost."""
        if not (order_id in self._perhaps_ended and self._sign_end(order_id)):
            with self._remembered(order_id):
                document = parking.discard(self._workplace, order_id)
            if document is not None:
                self._sign(document, order_id)
        self.note(-1)

    def end_all(self) -> None:
        """Z or the program's end: end at the TSE what still runs there; the baskets wait on."""
        self.sign_ends()
        for one, sale in parking.running(self._workplace):
            with self._remembered(one.order_id):
                document = parking.end_running(self._workplace, one, sale)
            self._sign(document, one.order_id)

    def sign_ends(self) -> None:
        """Have signed what was ended although nobody heard so: before anything else happens to these orders."""
        for order_id in tuple(self._perhaps_ended):
            self._sign_end(order_id)

    def _sign_end(self, order_id: uuid.UUID) -> bool:
        document = parking.unsigned_end(self._workplace, order_id)
        self._perhaps_ended.discard(order_id)
        if document is not None:
            self._sign(document, order_id)
        return document is not None

    def _sign(self, document: Document, order_id: uuid.UUID) -> None:
        """Its transaction may have failed to start while the TSE was out; then one is begun to be ended."""
        self._recording.begin(order_id)
        self._recording.abort(document, order_id)

    @contextlib.contextmanager
    def _remembered(self, order_id: uuid.UUID) -> Iterator[None]:
        """Unless the books say yes or no, it may have ended; that is looked up the next time."""
        self._perhaps_ended.add(order_id)
        try:
            yield
        except Refused:
            self._perhaps_ended.discard(order_id)
            raise
        self._perhaps_ended.discard(order_id)
