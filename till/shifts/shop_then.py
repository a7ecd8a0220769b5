"""The shop as it was when a document was made: what its Z keeps of it, and its texts and logo of that day."""

from __future__ import annotations

import json
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.clock import local
from till.documents.model import Document
from till.shifts.models import ClosingRow
from till.shop.details import ShopDetails, in_force


def shop_then(session: Session, document: Document, zone: str) -> ShopDetails:
    """Who wrote this document, for its paper today and in ten years; Refused when no details were entered for its day.

    What its Z keeps counts before what is dated: between two Z of one day the shop may have changed its name.
    """
    shop = in_force(session, document.business_date, local(document.ended_at, zone).date())
    of_its_z = _kept(session, document)
    return replace(shop, **of_its_z) if of_its_z else shop  # type: ignore[arg-type]


def _kept(session: Session, document: Document) -> dict[str, str]:
    """The identity that the Z over this document keeps; nothing before there is one."""
    newest = session.execute(
        select(ClosingRow.last_number, ClosingRow.totals)
        .where(ClosingRow.till_id == document.till_id, ClosingRow.first_number <= document.number)
        .order_by(ClosingRow.z_number.desc())
        .limit(1)
    ).first()
    if newest is None or newest.last_number < document.number:
        return {}
    kept: dict[str, str] = json.loads(newest.totals).get("master", {}).get("shop", {})
    return kept
