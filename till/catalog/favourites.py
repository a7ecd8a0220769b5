"""The first page of the grid: what the shop sells most, each tile where the shop put it, with gaps where it left some."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from till.catalog.models import FavouriteRow
from till.catalog.plu import PluKind
from till.catalog.revision import touch
from till.errors import Refused
from till.i18n import msg

MOST_SLOTS = 400
TOO_MANY = msg("There is room for {most} tiles. Remove one first.")
_ASIDE = -1


@dataclass(frozen=True, slots=True)
class Favourite:
    """A tile of the first page: its place from 0, and the article or voucher type by its id as text."""

    slot: int
    kind: PluKind
    ref: str


def favourites(session: Session) -> list[Favourite]:
    """All of them by their place."""
    rows = session.execute(select(FavouriteRow.slot, FavouriteRow.kind, FavouriteRow.ref).order_by(FavouriteRow.slot))
    return [Favourite(row.slot, PluKind(row.kind), row.ref) for row in rows]


def has_favourites(session: Session) -> bool:
    """Whether the shop has put any tile there."""
    return session.scalar(select(FavouriteRow.slot).limit(1)) is not None


def put(session: Session, wanted: Favourite) -> None:
    """Put a tile at a place; what lies there makes room, up to the next gap. One that is there already moves.

    Refused for a place behind the last possible one, or when no gap is left.
    """
    _check(wanted.slot)
    remove(session, wanted.kind, wanted.ref)
    taken = {one.slot: one for one in favourites(session)}
    gap = next((slot for slot in range(wanted.slot, MOST_SLOTS) if slot not in taken), None)
    if gap is None:
        raise Refused(TOO_MANY, most=MOST_SLOTS)
    for slot in range(gap, wanted.slot, -1):
        _renumber(session, slot - 1, slot)
    session.execute(insert(FavouriteRow), {"slot": wanted.slot, "kind": wanted.kind.value, "ref": wanted.ref})
    touch(session)


def move(session: Session, from_slot: int, to_slot: int) -> None:
    """Move the tile at one place to another; the one that lies there takes its place, all others stay."""
    _check(to_slot)
    _renumber(session, from_slot, _ASIDE)
    _renumber(session, to_slot, from_slot)
    _renumber(session, _ASIDE, to_slot)
    touch(session)


def remove(session: Session, kind: PluKind, ref: str) -> None:
    """Take a tile from the first page; its place stays empty."""
    session.execute(delete(FavouriteRow).where(FavouriteRow.kind == kind.value, FavouriteRow.ref == ref))
    touch(session)


def first_gap(session: Session) -> int:
    """The first place that is free."""
    taken = {one.slot for one in favourites(session)}
    return next(slot for slot in range(MOST_SLOTS + 1) if slot not in taken)


def places(session: Session) -> int:
    """How many places there are up to the last tile."""
    last = session.scalar(select(func.max(FavouriteRow.slot)))
    return 0 if last is None else int(last) + 1


def _check(slot: int) -> None:
    if not 0 <= slot < MOST_SLOTS:
        raise Refused(TOO_MANY, most=MOST_SLOTS)


def _renumber(session: Session, from_slot: int, to_slot: int) -> None:
    session.execute(update(FavouriteRow).where(FavouriteRow.slot == from_slot).values(slot=to_slot))
