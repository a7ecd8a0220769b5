"""From what the shop offers to what lies in the basket: tiles of the grid, and items copied from articles."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from till.app.views import Assortment, ButtonKind, CategoryTab, Tile
from till.business_case import GvTyp
from till.catalog import lookup
from till.catalog.article import Article, ArticleKind
from till.catalog.price_list import ListPrice
from till.catalog.prices import due_prices, list_price
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.quantity import ONE, Quantity
from till.sales.basket import Deposit, Item, ItemKind, VoucherOrder
from till.vouchers.bookings import sold_as
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.numbers import checked
from till.vouchers.terms import needs_price, price_of
from till.vouchers.types import voucher_type, voucher_types

MAX_VOUCHERS_AT_ONCE = 50
VOUCHERS = "vouchers"
NO_COLOUR = "#E4E6EA"
_LAST = 1_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """When something is put into the basket, and the price that was typed for it or stands on its label, if any."""

    now: dt.datetime
    price: Money | None = None


@dataclass(frozen=True, slots=True)
class Good:
    """Something ready for the basket: the item, its unit price and the deposit tied to it."""

    item: Item
    unit_price: Money
    deposit: Deposit | None = None


def assortment(session: Session) -> Assortment:
    """Everything that is sold: the categories and all active articles and voucher types, by position."""
    tabs = tuple(CategoryTab(c.id, c.name, c.colour) for c in lookup.categories(session))
    colours = {tab.id: tab.colour for tab in tabs}
    placed = [(_place(a.position), a.name, article_tile(a, colours)) for a in lookup.articles(session)]
    placed += [(_place(t.position), t.name, type_tile(t, colours)) for t in voucher_types(session) if has_tile(t)]
    return Assortment(tabs, tuple(tile for _, _, tile in sorted(placed, key=lambda one: one[:2])))


def priced_tiles(session: Session, tiles: Sequence[Tile], now: dt.datetime) -> tuple[Tile, ...]:
    """The tiles with the prices that count at `now`, where planned ones have come into force."""
    ids = [uuid.UUID(tile.id) for tile in tiles if tile.kind is ButtonKind.ARTICLE]
    due = {str(article_id): price for article_id, price in due_prices(session, ids, now).items()}
    return tuple(replace(t, price=due[t.id]) if t.kind is ButtonKind.ARTICLE and t.id in due else t for t in tiles)


def portions(good: Good, quantity: Quantity) -> list[Quantity]:
    """The quantities of the lines that it takes: vouchers get a line each, as each has its own number."""
    if quantity.thousandths <= 0:
        raise Refused(msg("A quantity must be above 0. To take something out, remove its line."))
    if good.item.voucher is None:
        return [quantity]
    return [ONE] * portion_count(quantity)


def portion_count(quantity: Quantity) -> int:
    """How many vouchers a quantity is; Refused for a part of one, and for more than are sold at once."""
    count = quantity.thousandths // 1000
    if not quantity.is_whole or not 1 <= count <= MAX_VOUCHERS_AT_ONCE:
        raise Refused(msg("Add between 1 and {most} vouchers at once."), most=MAX_VOUCHERS_AT_ONCE)
    return count


def article_tile(article: Article, colours: dict[str, str]) -> Tile:
    """The tile of an article."""
    return Tile(
        kind=ButtonKind.ARTICLE,
        id=str(article.id),
        name=article.name,
        number=article.number,
        price=article.price,
        unit=article.unit,
        colour=colours.get(article.category_id, NO_COLOUR),
        category_id=article.category_id,
    )


def type_tile(kind: VoucherType, colours: dict[str, str]) -> Tile:
    """The tile of a voucher type; without a price where the till asks for it."""
    category = kind.category_id or VOUCHERS
    return Tile(
        kind=ButtonKind.VOUCHER,
        id=str(kind.id),
        name=kind.name,
        number=kind.plu,
        price=None if needs_price(kind) else kind.sale,
        unit="",
        colour=colours.get(category, NO_COLOUR),
        category_id=category,
    )


def good_of_tile(session: Session, tile: Tile, asked: Asked) -> Good:
    """What tapping a tile puts into the basket."""
    if tile.kind is ButtonKind.VOUCHER:
        check_needs_no_number(session, uuid.UUID(tile.id))
        return voucher_good(session, uuid.UUID(tile.id), asked.price)
    return article_good(session, lookup.article_by_id(session, uuid.UUID(tile.id)), asked)


def article_good(session: Session, article: Article, asked: Asked) -> Good:
    """An article as a basket item at the price of now, with its deposit; refused without any price."""
    deposit = _deposit(session, article, asked.now)
    if asked.price is not None:
        return Good(_item(session, article), asked.price, deposit)
    prices = list_price(session, article, asked.now)
    if prices is None:
        raise Refused(msg("What does “{name}” cost? Type its price."), name=article.name)
    return Good(_listed_item(session, article, prices), prices.price, deposit)


def voucher_good(session: Session, type_id: uuid.UUID, price: Money | None) -> Good:
    """A voucher as a basket item; its value and price are fixed here, its number when the sale is booked (V20)."""
    kind = sold_type(session, type_id)
    worth = price_of(kind, price)
    item = Item(
        kind=ItemKind.VOUCHER,
        number=kind.plu,
        name=kind.name,
        vat_key=kind.vat_key,
        gv_typ=sold_as(kind.vat_treatment),
        category_id=kind.category_id or VOUCHERS,
        takes_discount=False,
        voucher=VoucherOrder(
            kind.id,
            worth.face,
            may_be_free=kind.zero_price_allowed,
            takes_vouchers=kind.may_be_bought_with_vouchers,
        ),
    )
    return Good(item, worth.sale)


def sold_type(session: Session, type_id: uuid.UUID) -> VoucherType:
    """The type with this id; Refused when it is not sold any more (V2), or never is (V4)."""
    kind = voucher_type(session, type_id)
    if kind is None or not kind.active:
        raise Refused(msg("This voucher is no longer sold."))
    if kind.is_complaint:
        raise Refused(msg("“{name}” can’t be sold: returns and cancellations make it."), name=kind.name)
    return kind


def check_needs_no_number(session: Session, type_id: uuid.UUID) -> None:
    """Refuse to sell a voucher without its number where that is asked (V21)."""
    if sold_type(session, type_id).numbering is Numbering.OWN:
        checked("")


def _listed_item(session: Session, article: Article, prices: ListPrice) -> Item:
    """An item that goes by its list where that can change its price: by quantity, or when planned prices begin."""
    item = _item(session, article)
    return replace(item, list_price=prices) if prices.may_change else item


def _item(session: Session, article: Article) -> Item:
    is_deposit = article.kind is ArticleKind.DEPOSIT
    names = {category.id: category.name for category in lookup.categories(session)}
    return Item(
        kind=ItemKind.DEPOSIT if is_deposit else ItemKind.ARTICLE,
        number=article.number,
        name=article.printed_name,
        vat_key=article.vat_key,
        gv_typ=GvTyp.PFAND if is_deposit else GvTyp.UMSATZ,
        gtin=article.gtin,
        unit=article.unit,
        category_id=article.category_id,
        category=names.get(article.category_id, ""),
        takes_discount=article.takes_discount and not is_deposit,
        whole_pieces=not article.is_weighed,
    )


def _deposit(session: Session, article: Article, now: dt.datetime) -> Deposit | None:
    if article.deposit_id is None:
        return None
    deposit = lookup.article_by_id(session, article.deposit_id)
    prices = list_price(session, deposit, now)
    if prices is None:
        raise Refused(msg("The deposit “{name}” has no price. Set it in the master data."), name=deposit.name)
    return Deposit(_listed_item(session, deposit, prices), prices.price)


def has_tile(kind: VoucherType) -> bool:
    """Every type that is sold has one (V20); the complaint type is given for returns only (V4)."""
    return kind.active and not kind.is_complaint


def _place(position: int | None) -> int:
    return _LAST if position is None else position
