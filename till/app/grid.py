"""The article grid tab by tab and page by page: articles and voucher types together, with their pictures' names."""

from __future__ import annotations

import uuid
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from till.app.goods import NO_COLOUR, VOUCHERS, has_tile, type_tile
from till.app.views import FIRST_TAB, ButtonKind, CategoryTab, Grid, Tile, TilePage
from till.catalog import lookup
from till.catalog.favourites import favourites, has_favourites
from till.catalog.pictures import PictureOwner, picture_digests, pictures
from till.catalog.plu import PluKind
from till.catalog.search import Typed, found
from till.catalog.search_text import normalised
from till.catalog.shelf_order import OrderKey, ShelfArticle, count_of, order_key, shelf, shelf_articles
from till.vouchers.model import VoucherType
from till.vouchers.types import voucher_types

_Sold = ShelfArticle | VoucherType


def grid(session: Session) -> Grid:
    """The tabs of now: the active categories in their order."""
    active = [category for category in lookup.categories(session) if category.is_active]
    seen = picture_digests(session, PictureOwner.CATEGORY, [category.id for category in active])
    tabs = tuple(CategoryTab(c.id, c.name, c.colour, seen.get(c.id, "")) for c in active)
    return Grid(tabs, has_favourites(session))


def page(session: Session, tab_id: str, first: int, count: int) -> TilePage:
    """The tiles of a tab from place `first` on. FIRST_TAB has the favourites or, where the shop chose none, everything."""
    if tab_id == FIRST_TAB and has_favourites(session):
        return favourite_page(session, first, count)
    return category_page(session, tab_id or None, first, count)


def category_page(session: Session, category_id: str | None, first: int, count: int) -> TilePage:
    """The articles and voucher types of a category, None = of all, by position and then by name."""
    kinds = _kinds(session, category_id)
    places = count_of(session, category_id) + len(kinds)
    # A voucher type may stand before any article: so many articles more are looked at on both sides.
    begin = max(0, first - len(kinds))
    articles: list[_Sold] = [*shelf(session, category_id, begin, count + len(kinds))]
    passed = bisect_left(kinds, _key(articles[0]), key=_key) if begin and articles else 0
    merged = sorted([*articles, *kinds[passed:]], key=_key)
    start = first - begin - passed
    return TilePage(_tiles(session, merged[start : start + count]), places)


def favourite_page(session: Session, first: int, count: int) -> TilePage:
    """The favourites, each at its place; one that is not sold at the moment leaves its place free."""
    chosen = favourites(session)
    places = chosen[-1].slot + 1 if chosen else 0
    some = [one for one in chosen if first <= one.slot < first + count]
    ids = [uuid.UUID(one.ref) for one in some if one.kind is PluKind.ARTICLE]
    sold: dict[str, _Sold] = {str(id_): one for id_, one in shelf_articles(session, ids).items()}
    if len(ids) < len(some):
        sold |= {str(kind.id): kind for kind in _kinds(session, None)}
    lying = [one for one in some if one.ref in sold]
    tiles = dict(zip((one.slot for one in lying), _tiles(session, [sold[one.ref] for one in lying]), strict=True))
    return TilePage(tuple(tiles.get(slot) for slot in range(first, min(first + count, places))), places)


def search(session: Session, text: str, limit: int) -> tuple[Tile, ...]:
    """Voucher types, then articles, that have the typed words; nothing for no words."""
    words = Typed.of(text).words
    if not words:
        return ()
    kinds = [kind for kind in _kinds(session, None) if _has(kind, words)][:limit]
    ids = found(session, text, limit - len(kinds))
    by_id = shelf_articles(session, ids)
    return _tiles(session, [*kinds, *(by_id[id_] for id_ in ids if id_ in by_id)])


def tile_pictures(session: Session, tiles: Iterable[Tile]) -> dict[str, bytes]:
    """The PNG of each picture of these tiles, by its name."""
    refs = {tile.id: tile.picture for tile in tiles if tile.picture}
    return {refs[ref]: png for ref, png in pictures(session, PictureOwner.ARTICLE, refs).items()}


def tab_pictures(session: Session, tabs: Iterable[CategoryTab]) -> dict[str, bytes]:
    """As `tile_pictures` for the tabs."""
    refs = {tab.id: tab.picture for tab in tabs if tab.picture}
    return {refs[ref]: png for ref, png in pictures(session, PictureOwner.CATEGORY, refs).items()}


def type_counts(session: Session) -> Counter[str]:
    """How many voucher types that are sold each category has."""
    return Counter(category_of(kind) for kind in _kinds(session, None))


def _tiles(session: Session, sold: Sequence[_Sold]) -> tuple[Tile, ...]:
    """The tiles of these, with their colours and the names of their pictures."""
    articles = [str(one.id) for one in sold if isinstance(one, ShelfArticle)]
    names = picture_digests(session, PictureOwner.ARTICLE, articles)
    colours = lookup.colours_of(session, {category_of(one) for one in sold})
    return tuple(_tile(one, colours, names) for one in sold)


def _tile(one: _Sold, colours: dict[str, str], names: dict[str, str]) -> Tile:
    if isinstance(one, VoucherType):
        return type_tile(one, colours)
    return Tile(
        kind=ButtonKind.ARTICLE,
        id=str(one.id),
        name=one.name,
        number=one.number,
        price=one.price,
        unit=one.unit,
        colour=colours.get(one.category_id, NO_COLOUR),
        category_id=one.category_id,
        picture=names.get(str(one.id), ""),
    )


def category_of(one: _Sold) -> str:
    """The category on whose tab it lies."""
    return one.category_id or VOUCHERS


def _kinds(session: Session, category_id: str | None) -> list[_Sold]:
    """The voucher types that are sold there, in their order; a shop has some dozens."""
    sold = [kind for kind in voucher_types(session) if has_tile(kind) and category_id in {None, category_of(kind)}]
    return sorted(sold, key=_key)


def _key(one: _Sold) -> OrderKey:
    if isinstance(one, VoucherType):
        return order_key(one.position, f" {normalised(one.name)}")
    return one.key


def _has(kind: _Sold, words: Sequence[str]) -> bool:
    number = kind.plu if isinstance(kind, VoucherType) else kind.number
    its_words = normalised(f"{kind.name} {number}")
    return all(word in its_words for word in words)
