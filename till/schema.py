"""All tables of the till in one place, for migrations and checks."""

from __future__ import annotations

import till.audit.models
import till.catalog.models
import till.catalog.pictures
import till.db.counter
import till.documents.models
import till.fiscal.models
import till.ledger.models
import till.printing.models
import till.sales.models
import till.shifts.models
import till.shop.models
import till.staff.models
import till.vouchers.models  # noqa: F401 - importing is what registers the tables
from till.db.base import Base

METADATA = Base.metadata

# The tables whose rows may change: what the shop keeps up to date, and work under way. All others are append-only.
MUTABLE = frozenset(
    {
        "article",
        "article_code",
        "article_price",
        "category",
        "counter",
        "favourite",
        "open_basket",
        "parked_basket",
        "picture",
        "plu",
        "print_job",
        "shop",
        "staff_credential",
        "staff_role",
        "staff_role_permission",
        "staff_user",
        "staff_user_permission",
        "tender",
        "tse_transaction",
        "vat_rate",
        "voucher_rules",
        "voucher_type",
    }
)
