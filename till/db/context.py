"""Who acts, where and when: passed to every feature function after the session."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """One user action. `now` in UTC; `business_date` is the local date on which the shift opened (Z_BUCHUNGSTAG).

    `clock_confirmed`: a person has confirmed a clock that stands more than a day behind the last document.
    `is_training`: the till only practises (T13); what is posted moves nothing, whoever posts it.
    """

    till_id: str
    shift_id: uuid.UUID | None
    user_id: str
    user_name: str
    now: dt.datetime
    business_date: dt.date
    clock_confirmed: bool = False
    is_training: bool = False
