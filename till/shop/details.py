"""The shop's own details: who it is on receipts, its zone, currency and language; kept as dated rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from till.errors import Refused
from till.i18n import msg
from till.shop.models import ShopRow


@dataclass(frozen=True, slots=True)
class ShopDetails:
    """The shop as it is from `valid_from` on.

    `country` is ISO 3166 alpha-3 and `currency` ISO 4217, as the DSFinV-K wants them; `zone` an IANA name;
    `language` ("de", "en") that of receipts. `tax_number` or `vat_id` must stand on receipts. `logo` is the
    digest of a picture of `till.shop.logo`; empty for none.
    """

    valid_from: dt.date
    name: str
    street: str
    postcode: str
    town: str
    country: str = "DEU"
    tax_number: str = ""
    vat_id: str = ""
    phone: str = ""
    receipt_header: tuple[str, ...] = ()
    receipt_footer: tuple[str, ...] = ()
    zone: str = "Europe/Berlin"
    currency: str = "EUR"
    language: str = "de"
    logo: str = ""


FROZEN = ("name", "street", "postcode", "town", "country", "tax_number", "vat_id", "zone", "currency")
"""What each Z keeps of the shop (Stamm_Abschluss, Stamm_Orte): it changes between two Z only (60-fiscal A0.7)."""


def set_details(session: Session, details: ShopDetails) -> None:
    """Let `details` count from their day on; earlier rows stay. Refused without name and address (§ 6 KassenSichV)."""
    missing = not all(part.strip() for part in (details.name, details.street, details.postcode, details.town))
    if missing:
        raise Refused(msg("The shop needs a name, street, postcode and town: they stand on every receipt."))
    row = asdict(details)
    row["receipt_header"] = "\n".join(details.receipt_header)
    row["receipt_footer"] = "\n".join(details.receipt_footer)
    session.execute(insert(ShopRow).values(row))


def details_on(session: Session, day: dt.date) -> ShopDetails:
    """The details that count on a local `day`; Refused when none were entered for it."""
    dated = select(ShopRow).where(ShopRow.valid_from <= day)
    row = session.scalars(dated.order_by(ShopRow.valid_from.desc(), ShopRow.id.desc()).limit(1)).one_or_none()
    if row is None:
        raise Refused(msg("The shop's name and address are missing for {day}. Enter them in the settings."), day=day)
    return _details(row)


def in_force(session: Session, business_date: dt.date, today: dt.date) -> ShopDetails:
    """The details at a counter: what a Z keeps as of the shift's business date, texts and logo as of today."""
    booked, shown = details_on(session, business_date), details_on(session, today)
    return replace(shown, valid_from=booked.valid_from, **{name: getattr(booked, name) for name in FROZEN})


def details_after(session: Session, day: dt.date) -> tuple[ShopDetails, ...]:
    """What is planned for later than a local `day`, the nearest first; one for each day."""
    rows = session.scalars(select(ShopRow).where(ShopRow.valid_from > day).order_by(ShopRow.valid_from, ShopRow.id))
    return tuple({row.valid_from: _details(row) for row in rows}.values())


def withdraw(session: Session, valid_from: dt.date) -> None:
    """Take out what was planned for a day that has not come yet; which day that is, the caller knows."""
    session.execute(delete(ShopRow).where(ShopRow.valid_from == valid_from))


def changed_fields(before: ShopDetails, after: ShopDetails) -> dict[str, tuple[object, object]]:
    """What differs, each with what it was and what it is; the day from which it counts is no such field."""
    names = [field.name for field in fields(ShopDetails) if field.name != "valid_from"]
    return {
        name: (getattr(before, name), getattr(after, name))
        for name in names
        if getattr(before, name) != getattr(after, name)
    }


def is_frozen_change(before: ShopDetails, after: ShopDetails) -> bool:
    """Whether anything differs that a Z keeps."""
    return any(name in FROZEN for name in changed_fields(before, after))


def next_frozen_change(now: ShopDetails, planned: Iterable[ShopDetails]) -> dt.date | None:
    """The day of the nearest planned details that need a Z before them; None without any."""
    return next((one.valid_from for one in planned if is_frozen_change(now, one)), None)


def _details(row: ShopRow) -> ShopDetails:
    return ShopDetails(
        valid_from=row.valid_from,
        name=row.name,
        street=row.street,
        postcode=row.postcode,
        town=row.town,
        country=row.country,
        tax_number=row.tax_number,
        vat_id=row.vat_id,
        phone=row.phone,
        receipt_header=tuple(row.receipt_header.splitlines()),
        receipt_footer=tuple(row.receipt_footer.splitlines()),
        zone=row.zone,
        currency=row.currency,
        language=row.language,
        logo=row.logo,
    )
