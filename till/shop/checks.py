"""What `verify` asks of the shop's rules: one VAT rate per key and day, and logos that are what their names say."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.db.finding import Check, Finding, Progress
from till.errors import Refused
from till.i18n import msg
from till.shop.logo import digest_of
from till.shop.models import LogoRow, ShopRow
from till.shop.vat import stored_rates
from till.shop.vat_change import check_gapless


def rules(session: Session, _progress: Progress) -> Iterator[Finding]:
    """VAT rates neither overlap nor leave a gap, and each logo is there, unchanged."""
    try:
        check_gapless(stored_rates(session))
    except Refused as refusal:
        yield Finding(refusal.msgid, refusal.values)
    known = set()
    for row in session.execute(select(LogoRow.digest, LogoRow.png)):
        known.add(row.digest)
        if digest_of(row.png) != row.digest:
            yield Finding(msg("The logo {name} was changed."), {"name": row.digest[:8]})
    for name in session.scalars(select(ShopRow.logo).where(ShopRow.logo != "").distinct()):
        if name not in known:
            yield Finding(msg("The logo {name} is gone."), {"name": name[:8]})


CHECKS = (Check("shop", msg("shop’s rules"), rules),)
