"""Articles and categories as values."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from enum import StrEnum

from till.business_case import VatKey
from till.money import Money


class ArticleKind(StrEnum):
    """What an article is; a deposit (Pfand) takes no discount and is booked as its own business case."""

    GOODS = "goods"
    SERVICE = "service"
    DEPOSIT = "deposit"


@dataclass(frozen=True, slots=True)
class Category:
    """A category (Warengruppe): its tab over the button grid and the colour of its tiles, #RRGGBB.

    An inactive one has no tab; its articles are sold and found as before.
    """

    id: str
    name: str
    position: int
    colour: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Article:
    """An article as the shop keeps it; a sale copies what it needs.

    `price` is gross for one `unit`, None = the till asks (T4). `deposit_id` is the deposit article that is
    sold with it. `codes` are the GTINs and other printed codes, the most used first; `plu` its number for
    typing, "" = none. `position` is the place of its tile in the grid, None = after those that have one.
    `age_limit` in years. `note` is the shop's own, never printed. `price` is the one for one unit that is kept with
    the article; what is cheaper in quantities or planned for later stands in `till.catalog.prices`.
    """

    id: uuid.UUID
    number: str
    name: str
    category_id: str
    price: Money | None
    vat_key: VatKey
    kind: ArticleKind = ArticleKind.GOODS
    unit: str = "Stk"
    receipt_name: str = ""
    codes: tuple[str, ...] = ()
    plu: str = ""
    deposit_id: uuid.UUID | None = None
    is_active: bool = True
    takes_discount: bool = True
    is_weighed: bool = False
    position: int | None = None
    age_limit: int | None = None
    note: str = ""

    @property
    def printed_name(self) -> str:
        """The name for the receipt: `receipt_name`, else `name`."""
        return self.receipt_name or self.name

    @property
    def gtin(self) -> str:
        """The first code, for the line of a document; "" where it has none."""
        return self.codes[0] if self.codes else ""
