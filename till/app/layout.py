"""The layout desk: what tabs and tiles the counter shows, in which colour and where. Only the back office changes it (T1, U12)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeVar

from sqlalchemy.orm import Session

from till.app import grid
from till.app.needs import needs
from till.app.views import FIRST_TAB, ButtonKind, CategoryTab, Tile, TilePage
from till.app.workplace import Workplace
from till.audit import trail
from till.catalog import categories, favourites, lookup
from till.catalog.article import Category
from till.catalog.favourites import Favourite
from till.catalog.pictures import PictureOwner, digest_of, normalised, picture_digests, set_picture
from till.catalog.plu import PluKind
from till.catalog.shelf_order import count_of, set_position, shelf_articles
from till.db.context import Context
from till.errors import Refused
from till.i18n import msg
from till.ledger.chain import canonical
from till.staff.permission import Permission
from till.vouchers.types import set_type_position, voucher_type

_T = TypeVar("_T")
_MOST_MOVED = 2_000
_KINDS = {ButtonKind.ARTICLE: PluKind.ARTICLE, ButtonKind.VOUCHER: PluKind.VOUCHER_TYPE}
MOVED_MEANWHILE = msg("The tiles were changed at another till meanwhile. They are shown as they are now.")
TOO_FAR = msg("A tile can be moved among the first {most} of its category only.")


@dataclass(frozen=True, slots=True)
class CategoryEntry:
    """A category as the office lists it: how many tiles it has, and the name of its picture, "" = none."""

    category: Category
    tiles: int
    picture: str

    @property
    def tab(self) -> CategoryTab:
        """How the counter shows it."""
        return CategoryTab(self.category.id, self.category.name, self.category.colour, self.picture)


@dataclass(frozen=True, slots=True)
class Move:
    """A tile goes from one place of a tab to another; what lies there gives way."""

    tab_id: str
    tile: Tile
    from_place: int
    to_place: int


class LayoutDesk:
    """Each change is one unit of work with its row in the audit trail; all tills show it within seconds."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    # Looking

    def categories(self) -> tuple[CategoryEntry, ...]:
        """All categories in the order of their tabs, inactive ones too."""
        with self._workplace.database.read() as session:
            found = lookup.categories(session)
            seen = picture_digests(session, PictureOwner.CATEGORY, [one.id for one in found])
            kinds = grid.type_counts(session)
            counts = {one.id: count_of(session, one.id) + kinds[one.id] for one in found}
            return tuple(CategoryEntry(one, counts[one.id], seen.get(one.id, "")) for one in found)

    def page(self, tab_id: str, first: int, count: int) -> TilePage:
        """As the counter shows it, but for FIRST_TAB always the favourites, also where there are none yet."""
        with self._workplace.database.read() as session:
            if tab_id == FIRST_TAB:
                return grid.favourite_page(session, first, count)
            return grid.category_page(session, tab_id, first, count)

    # Categories

    @needs(Permission.CATALOGUE)
    def add_category(self, name: str, colour: str) -> Category:
        """Add one behind the others; its id is drawn by the till. Refused without a name of its own, or a colour."""

        def work(session: Session, context: Context) -> Category:
            new = Category(uuid.uuid4().hex, name.strip(), categories.last_position(session) + 1, colour.upper())
            categories.add_category(session, new)
            _note_category(session, context, None, new)
            return new

        return self._run(work)

    @needs(Permission.CATALOGUE)
    def change_category(self, category: Category) -> None:
        """Change name, colour, or whether it has a tab; its articles stay as they are, and so do old receipts."""

        def work(session: Session, context: Context) -> None:
            before = categories.change_category(session, category)
            if before != category:
                _note_category(session, context, before, category)

        self._run(work)

    @needs(Permission.CATALOGUE)
    def move_category(self, category_id: str, to_place: int) -> None:
        """Put its tab at another place, from 0; the others keep their order."""

        def work(session: Session, context: Context) -> None:
            before = [one.id for one in lookup.categories(session)]
            if category_id not in before:
                raise Refused(categories.CATEGORY_GONE)
            after = [id_ for id_ in before if id_ != category_id]
            after.insert(max(0, to_place), category_id)
            if after != before:
                categories.order_categories(session, after)
                _note_tiles(session, context, "categories", {"order": before}, {"order": after})

        self._run(work)

    @needs(Permission.CATALOGUE)
    def set_category_picture(self, category_id: str, content: bytes | None) -> None:
        """Give a category the picture of this file's content, or none; for a worker's thread. Refused for what is no picture."""
        png = None if content is None else normalised(content)

        def work(session: Session, context: Context) -> None:
            categories.category_by_id(session, category_id)
            before = picture_digests(session, PictureOwner.CATEGORY, [category_id]).get(category_id, "")
            set_picture(session, PictureOwner.CATEGORY, category_id, png)
            after = "" if png is None else digest_of(png)
            _note_tiles(session, context, f"category {category_id}", {"picture": before}, {"picture": after})

        self._run(work)

    # Tiles

    @needs(Permission.CATALOGUE)
    def put(self, tile: Tile, place: int | None = None) -> None:
        """Put a tile on the first page: at this place, where the others make room up to the next gap, or in the first gap."""

        def work(session: Session, context: Context) -> None:
            before = _slots(session)
            slot = favourites.first_gap(session) if place is None else place
            favourites.put(session, Favourite(slot, _KINDS[tile.kind], tile.id))
            _note_tiles(session, context, "favourites", before, _slots(session))

        self._run(work)

    @needs(Permission.CATALOGUE)
    def remove(self, tile: Tile) -> None:
        """Take a tile from the first page; it stays in its category."""

        def work(session: Session, context: Context) -> None:
            before = _slots(session)
            favourites.remove(session, _KINDS[tile.kind], tile.id)
            _note_tiles(session, context, "favourites", before, _slots(session))

        self._run(work)

    @needs(Permission.CATALOGUE)
    def move(self, wanted: Move) -> None:
        """Move a tile. Among the favourites it changes places with what lies there; in a category the others move up.

        Refused when it is not there any more, or for a place beyond the first thousands.
        """
        if wanted.from_place == wanted.to_place:
            return
        self._run(lambda session, context: _move(session, context, wanted))

    def _run(self, work: Callable[[Session, Context], _T]) -> _T:
        context = self._workplace.context(needs_shift=False)
        return self._workplace.run(lambda session: work(session, context))


def _move(session: Session, context: Context, wanted: Move) -> None:
    if wanted.tab_id != FIRST_TAB:
        before, after = _move_in_category(session, wanted)
        _note_tiles(session, context, f"category {wanted.tab_id}", before, after)
        return
    here = next((one for one in favourites.favourites(session) if one.slot == wanted.from_place), None)
    if here is None or here.ref != wanted.tile.id:
        raise Refused(MOVED_MEANWHILE)
    slots = _slots(session)
    favourites.move(session, wanted.from_place, wanted.to_place)
    _note_tiles(session, context, "favourites", slots, _slots(session))


def _move_in_category(session: Session, wanted: Move) -> tuple[dict[str, int | None], dict[str, int | None]]:
    """The positions of the tiles that got another one, before and after.

    The places that were given stay the ones that are given, so that tiles behind need no other ones, unless two share one.
    """
    last = max(wanted.from_place, wanted.to_place)
    if last >= _MOST_MOVED:
        raise Refused(TOO_FAR, most=_MOST_MOVED)
    order = list(_tiles(session, wanted.tab_id, _MOST_MOVED))
    if len(order) <= last or order[wanted.from_place].id != wanted.tile.id:
        raise Refused(MOVED_MEANWHILE)
    was = _positions(session, order)
    given = [was[tile.id] for tile in order]
    order.insert(wanted.to_place, order.pop(wanted.from_place))
    changed = {tile: new for tile, new in zip(order, _risen(given, last), strict=True) if was[tile.id] != new}
    for tile, new in changed.items():
        _renumber(session, tile, new)
    return {tile.name: was[tile.id] for tile in changed}, {tile.name: new for tile, new in changed.items()}


def _risen(given: Sequence[int | None], last: int) -> Iterator[int | None]:
    """The positions in rising order, no two alike; behind place `last` they stay as soon as they can."""
    highest = 0
    for place, position in enumerate(given):
        if place > last and position is None:
            yield None
            continue
        highest = highest + 1 if position is None else max(position, highest + 1)
        yield highest


def _renumber(session: Session, tile: Tile, position: int | None) -> None:
    if tile.kind is ButtonKind.VOUCHER:
        set_type_position(session, uuid.UUID(tile.id), position)
    else:
        set_position(session, uuid.UUID(tile.id), position)


def _tiles(session: Session, tab_id: str, count: int) -> Iterator[Tile]:
    for tile in grid.category_page(session, tab_id, 0, count).tiles:
        if tile is not None:
            yield tile


def _positions(session: Session, tiles: list[Tile]) -> dict[str, int | None]:
    ids = [uuid.UUID(tile.id) for tile in tiles if tile.kind is ButtonKind.ARTICLE]
    found = {str(id_): one.position for id_, one in shelf_articles(session, ids).items()}
    for tile in tiles:
        if tile.kind is ButtonKind.VOUCHER and (kind := voucher_type(session, uuid.UUID(tile.id))) is not None:
            found[tile.id] = kind.position
    return found


def _slots(session: Session) -> dict[str, str]:
    """The favourites for the audit trail."""
    return {str(one.slot): f"{one.kind} {one.ref}" for one in favourites.favourites(session)}


def _note_category(session: Session, context: Context, before: Category | None, after: Category) -> None:
    told = {"before": "" if before is None else canonical(asdict(before)), "after": canonical(asdict(after))}
    trail.note(session, context, trail.Action.CATEGORY_CHANGED, f"category {after.id}", **told)


def _note_tiles(
    session: Session, context: Context, subject: str, before: Mapping[str, object], after: Mapping[str, object]
) -> None:
    told = {"before": canonical(before), "after": canonical(after)}
    trail.note(session, context, trail.Action.TILES_CHANGED, subject, **told)
