"""The shop's own details: who it is on receipts, its zone, currency and language; kept as dated rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from till.errors import Refused
from till.i18n import msg
from till.shop.models import ShopRow


@dataclass(frozen=True, slots=True)
class ShopDetails:
    """The shop as it is from `valid_from` on.

    `country` is ISO 3166 alpha-3 and `currency` ISO 4217, as the DSFinV-K wants them; `zone` an IANA name;
    `language` ("de", "en") that of receipts. `tax_number` or `vat_id` must stand on receipts.
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
    )
