"""What the books know of the TSE's answers, as plain values."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from enum import StrEnum

from till.fiscal.recorder import Finished, TseFailure


class TransactionState(StrEnum):
    """Where a TSE transaction stands as far as the till knows; aborted means ended as AVBelegabbruch."""

    OPEN = "open"
    FINISHED = "finished"
    ABORTED = "aborted"


@dataclass(frozen=True, slots=True)
class TseTransaction:
    """A transaction that this till started for an order; `started_at` is the TSE's time, UTC."""

    tse_serial: str
    transaction_number: int
    till_id: str
    order_id: uuid.UUID
    started_at: dt.datetime
    start_counter: int
    state: TransactionState


@dataclass(frozen=True, slots=True)
class Outage:
    """A time without signatures; `since` and `until` by the till's clock, UTC. `until` None: it goes on.

    `reason` is what the device said, in its own words.
    """

    till_id: str
    failure: TseFailure
    reason: str
    since: dt.datetime
    until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """The TSE's answer for a document: exactly one of `finished` and `outage` is there."""

    document_id: uuid.UUID
    till_id: str
    finished: Finished | None = None
    outage: Outage | None = None

    def __post_init__(self) -> None:
        if (self.finished is None) == (self.outage is None):
            msg = "a document has either a signature or an outage"
            raise ValueError(msg)

    @property
    def is_outage(self) -> bool:
        """Whether the receipt must say that the TSE failed (60-fiscal A2.6)."""
        return self.outage is not None
