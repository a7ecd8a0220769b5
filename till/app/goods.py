"""From what the shop offers to what lies in the basket: tiles of the grid, and items copied from articles."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from till.app.views import Assortment, ButtonKind, CategoryTab, Tile
from till.business_case import GvTyp, VatKey
from till.catalog import lookup
from till.catalog.article import Article, ArticleKind
from till.catalog.search_text import normalised
from till.errors import Refused
from till.i18n import msg
from till.money import Money
from till.quantity import ONE, Quantity
from till.sales.basket import Deposit, Item, ItemKind, VoucherOrder
from till.vouchers.model import Numbering, VatTreatment, VoucherType
from till.vouchers.terms import needs_price, price_of
from till.vouchers.types import voucher_type, voucher_types

MAX_VOUCHERS_AT_ONCE = 50
_VOUCHERS = "vouchers"
_NO_COLOUR = "#E4E6EA"
_LAST = 1_000_000


@dataclass(frozen=True, slots=True)
class Good:
    """Something ready for the basket: the item, its unit price and the deposit tied to it."""

    item: Item
    unit_price: Money
    deposit: Deposit | None = None


def assortment(session: Session) -> Assortment:
    """The article grid: the categories and all active articles and voucher types, by position."""
    tabs = tuple(CategoryTab(c.id, c.name, c.colour) for c in lookup.categories(session))
    colours = {tab.id: tab.colour for tab in tabs}
    placed = [(_place(a.position), a.name, article_tile(a, colours)) for a in lookup.articles(session)]
    placed += [(_place(t.position), t.name, type_tile(t, colours)) for t in voucher_types(session) if _has_tile(t)]
    return Assortment(tabs, tuple(tile for _, _, tile in sorted(placed, key=lambda one: one[:2])))


def search(session: Session, shown: Assortment, text: str, limit: int) -> tuple[Tile, ...]:
    """Voucher types of the grid, then articles, whose name or number has the typed words; nothing for no words."""
    typed = normalised(text)
    if not typed:
        return ()
    colours = {tab.id: tab.colour for tab in shown.categories}
    kinds = [tile for tile in shown.tiles if tile.kind is ButtonKind.VOUCHER and _has(tile, typed)]
    found = [article_tile(article, colours) for article in lookup.search(session, typed, limit)]
    return tuple([*kinds, *found][:limit])


def portions(good: Good, quantity: Quantity) -> list[Quantity]:
    """The quantities of the lines that it takes: vouchers get a line each, as each has its own number."""
    if quantity.thousandths <= 0:
        raise Refused(msg("A quantity must be above 0. To take something out, remove its line."))
    if good.item.voucher is None:
        return [quantity]
    count = quantity.thousandths // 1000
    if not quantity.is_whole or not 1 <= count <= MAX_VOUCHERS_AT_ONCE:
        raise Refused(msg("Add between 1 and {most} vouchers at once."), most=MAX_VOUCHERS_AT_ONCE)
    return [ONE] * count


def article_tile(article: Article, colours: dict[str, str]) -> Tile:
    """The tile of an article."""
    return Tile(
        kind=ButtonKind.ARTICLE,
        id=str(article.id),
        name=article.name,
        number=article.number,
        price=article.price,
        unit=article.unit,
        colour=colours.get(article.category_id, _NO_COLOUR),
        category_id=article.category_id,
    )


def type_tile(kind: VoucherType, colours: dict[str, str]) -> Tile:
    """The tile of a voucher type; without a price where the till asks for it."""
    category = kind.category_id or _VOUCHERS
    return Tile(
        kind=ButtonKind.VOUCHER,
        id=str(kind.id),
        name=kind.name,
        number=kind.plu,
        price=None if needs_price(kind) else kind.sale,
        unit="",
        colour=colours.get(category, _NO_COLOUR),
        category_id=category,
    )


def good_of_tile(session: Session, tile: Tile, price: Money | None) -> Good:
    """What tapping a tile puts into the basket; `price` is what was asked for."""
    if tile.kind is ButtonKind.VOUCHER:
        return voucher_good(session, uuid.UUID(tile.id), price)
    return article_good(session, lookup.article_by_id(session, uuid.UUID(tile.id)), price)


def article_good(session: Session, article: Article, price: Money | None = None) -> Good:
    """An article as a basket item, with its deposit; refused without any price."""
    unit_price = price if price is not None else article.price
    if unit_price is None:
        raise Refused(msg("What does “{name}” cost? Type its price."), name=article.name)
    return Good(_item(session, article), unit_price, _deposit(session, article))


def voucher_good(session: Session, type_id: uuid.UUID, price: Money | None) -> Good:
    """A voucher as a basket item; its value and price are fixed here, its number when the sale is booked (V20)."""
    kind = voucher_type(session, type_id)
    if kind is None or not kind.active:
        raise Refused(msg("This voucher is no longer sold."))
    worth = price_of(kind, price)
    single = kind.vat_treatment is VatTreatment.SINGLE_PURPOSE
    item = Item(
        kind=ItemKind.VOUCHER,
        number=kind.plu,
        name=kind.name,
        vat_key=kind.vat_key if single else VatKey.NOT_TAXABLE,
        gv_typ=GvTyp.EINZWECK_KAUF if single else GvTyp.MEHRZWECK_KAUF,
        category_id=kind.category_id or _VOUCHERS,
        takes_discount=False,
        voucher=VoucherOrder(
            kind.id,
            worth.face,
            may_be_free=kind.zero_price_allowed,
            takes_vouchers=kind.may_be_bought_with_vouchers,
        ),
    )
    return Good(item, worth.sale)


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


def _deposit(session: Session, article: Article) -> Deposit | None:
    if article.deposit_id is None:
        return None
    deposit = lookup.article_by_id(session, article.deposit_id)
    if deposit.price is None:
        raise Refused(msg("The deposit “{name}” has no price. Set it in the master data."), name=deposit.name)
    return Deposit(_item(session, deposit), deposit.price)


def _has(tile: Tile, typed: str) -> bool:
    words = normalised(f"{tile.name} {tile.number}")
    return all(word in words for word in typed.split())


def _has_tile(kind: VoucherType) -> bool:
    """A type whose number is asked has no tile as long as the till can't ask for one."""
    return kind.active and kind.numbering is not Numbering.OWN


def _place(position: int | None) -> int:
    return _LAST if position is None else position
