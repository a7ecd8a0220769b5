"""The shop as a Z keeps it: what the DSFinV-K's Stamm_Abschluss, Stamm_Orte and Stamm_USt are written from (60-fiscal A0.7)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from till.errors import Refused
from till.shop.details import FROZEN, details_on
from till.shop.vat import stored_rates


def master_record(session: Session, day: dt.date) -> dict[str, object]:
    """The shop's identity and its VAT rates on a business date, as values of JSON; a Z is never refused for want of them."""
    rates = [[rate.key.value, rate.rate_bp] for rate in stored_rates(session) if rate.is_valid_on(day)]
    return {"shop": _identity(session, day), "vat": rates}


def _identity(session: Session, day: dt.date) -> dict[str, object]:
    try:
        details = details_on(session, day)
    except Refused:
        return {}
    return {name: getattr(details, name) for name in FROZEN}
