"""The shop at the top and the end of its papers, from its details; and the logos that papers name."""

from __future__ import annotations

import contextlib

from till.db.engine import Database
from till.errors import Unavailable
from till.raster import Raster
from till.receipts.document import Logo, Receipt
from till.receipts.source import ShopHeader
from till.shop.details import ShopDetails
from till.shop.logo import stored_logo


def header_of(shop: ShopDetails, *, logo: str | None = None) -> ShopHeader:
    """What stands of the shop on a receipt; `logo` names another picture than the shop's own, empty for none."""
    return ShopHeader(
        name=shop.name,
        address=(shop.street, f"{shop.postcode} {shop.town}"),
        vat_id=shop.vat_id,
        tax_number=shop.tax_number,
        contact=tuple(line for line in (shop.phone, *shop.receipt_header) if line),
        footer=shop.receipt_footer,
        logo=shop.logo if logo is None else logo,
    )


def logos_of(database: Database, receipt: Receipt, dots: int) -> dict[str, Raster]:
    """The pictures that a receipt names, for paper of `dots`; one that can't be read now is left out, the paper is not."""
    names = {block.name for block in receipt.blocks if isinstance(block, Logo)}
    if not names:
        return {}
    from till.receipts.logo import logo_raster

    found = {}
    with contextlib.suppress(Unavailable), database.read() as session:
        for name in names:
            png = stored_logo(session, name)
            if png is not None:
                found[name] = logo_raster(png, dots)
    return found
