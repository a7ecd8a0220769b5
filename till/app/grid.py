"""The article grid tab by tab and page by page: articles and voucher types together, with their pictures' names."""

from __future__ import annotations

import uuid
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from till.app.goods import NO_COLOUR, has_tile, type_tile
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

_Placed = tuple[OrderKey, Tile]


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
    colours = colours_of(session)
    kinds = _kinds(session, category_id, colours)
    places = count_of(session, category_id) + len(kinds)
    # A voucher type may stand before any article: so many articles more are looked at on both sides.
    begin = max(0, first - len(kinds))
    articles = [(one.key, shelf_tile(one, colours)) for one in shelf(session, category_id, begin, count + len(kinds))]
    passed = bisect_left(kinds, articles[0][0], key=_key) if begin and articles else 0
    merged = sorted([*articles, *kinds[passed:]], key=_key)
    start = first - begin - passed
    return TilePage(_pictured(session, [tile for _, tile in merged[start : start + count]]), places)


def favourite_page(session: Session, first: int, count: int) -> TilePage:
    """The favourites, each at its place; one that is not sold at the moment leaves its place free."""
    chosen = favourites(session)
    places = chosen[-1].slot + 1 if chosen else 0
    some = [one for one in chosen if first <= one.slot < first + count]
    colours = colours_of(session)
    ids = [uuid.UUID(one.ref) for one in some if one.kind is PluKind.ARTICLE]
    sold = {(PluKind.ARTICLE, str(id_)): shelf_tile(one, colours) for id_, one in shelf_articles(session, ids).items()}
    if len(ids) < len(some):
        sold |= {(PluKind.VOUCHER_TYPE, tile.id): tile for _, tile in _kinds(session, None, colours)}
    tiles = _pictured(session, [tile for one in some if (tile := sold.get((one.kind, one.ref))) is not None])
    by_id = {tile.id: tile for tile in tiles if tile is not None}
    at = {one.slot: by_id.get(one.ref) for one in some}
    return TilePage(tuple(at.get(slot) for slot in range(first, min(first + count, places))), places)


def search(session: Session, text: str, limit: int) -> tuple[Tile, ...]:
    """Voucher types, then articles, that have the typed words; nothing for no words."""
    words = Typed.of(text).words
    if not words:
        return ()
    colours = colours_of(session)
    kinds = [tile for _, tile in _kinds(session, None, colours) if _has(tile, words)][:limit]
    ids = found(session, text, limit - len(kinds))
    by_id = shelf_articles(session, ids)
    hits = [*kinds, *(shelf_tile(by_id[id_], colours) for id_ in ids if id_ in by_id)]
    return tuple(tile for tile in _pictured(session, hits) if tile is not None)


def tile_pictures(session: Session, tiles: Iterable[Tile]) -> dict[str, bytes]:
    """The PNG of each picture of these tiles, by its name."""
    refs = {tile.id: tile.picture for tile in tiles if tile.picture}
    return {refs[ref]: png for ref, png in pictures(session, PictureOwner.ARTICLE, refs).items()}


def tab_pictures(session: Session, tabs: Iterable[CategoryTab]) -> dict[str, bytes]:
    """As `tile_pictures` for the tabs."""
    refs = {tab.id: tab.picture for tab in tabs if tab.picture}
    return {refs[ref]: png for ref, png in pictures(session, PictureOwner.CATEGORY, refs).items()}


def shelf_tile(article: ShelfArticle, colours: dict[str, str]) -> Tile:
    """The tile of an article, still without the name of its picture."""
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


def colours_of(session: Session) -> dict[str, str]:
    """The colour of each category, inactive ones too."""
    return {category.id: category.colour for category in lookup.categories(session)}


def _kinds(session: Session, category_id: str | None, colours: dict[str, str]) -> list[_Placed]:
    """The voucher types that are sold there, in their order; a shop has some dozens."""
    sold = [kind for kind in voucher_types(session) if has_tile(kind)]
    placed = [(_type_key(kind), type_tile(kind, colours)) for kind in sold]
    return sorted((one for one in placed if category_id in {None, one[1].category_id}), key=_key)


def _type_key(kind: VoucherType) -> OrderKey:
    return order_key(kind.position, f" {normalised(kind.name)}")


def _key(placed: _Placed) -> OrderKey:
    return placed[0]


def _pictured(session: Session, tiles: Sequence[Tile]) -> tuple[Tile | None, ...]:
    """The tiles with the names of their pictures."""
    names = picture_digests(
        session, PictureOwner.ARTICLE, [tile.id for tile in tiles if tile.kind is ButtonKind.ARTICLE]
    )
    return tuple(replace(tile, picture=names[tile.id]) if tile.id in names else tile for tile in tiles)


def _has(tile: Tile, words: Sequence[str]) -> bool:
    its_words = normalised(f"{tile.name} {tile.number}")
    return all(word in its_words for word in words)
