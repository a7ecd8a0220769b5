"""Keeps the categories: adds and changes them and puts them in order; one with articles is made inactive, never deleted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from till.catalog.article import Category
from till.catalog.models import CategoryRow
from till.catalog.revision import touch
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg

MOST_LETTERS = 40
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}", re.ASCII)
COLOURS = (
    ("#F7D6DC", msg("rose")),
    ("#F6C9BC", msg("coral")),
    ("#FBDDBB", msg("apricot")),
    ("#F8E6C4", msg("sand")),
    ("#F6EDA9", msg("lemon")),
    ("#DDEBD0", msg("leaf green")),
    ("#C5E6D4", msg("mint")),
    ("#D6EEF0", msg("ice blue")),
    ("#D5E4F3", msg("sky blue")),
    ("#C9D3F2", msg("cornflower")),
    ("#E9DCF3", msg("lilac")),
    ("#E5E7EB", msg("light grey")),
)
"""Twelve grounds with the names that a screen reader says; dark text is easily read on each."""
NOT_A_COLOUR = msg("A colour is written as # and six signs of 0–9 and A–F, such as #DDEBD0.")
CATEGORY_GONE = msg("This category is not there any more.")


def add_category(session: Session, category: Category) -> None:
    """Add one with a new id. Refused without a name, with one that another has, or with something else than a colour."""
    _check(session, category)
    session.execute(insert(CategoryRow), asdict(_tidied(category)))
    touch(session)


def change_category(session: Session, category: Category) -> Category:
    """Store it under its id and return it as it was before; refused as `add_category` does, and where it is gone."""
    before = category_by_id(session, category.id)
    _check(session, category)
    session.execute(update(CategoryRow).where(CategoryRow.id == category.id).values(asdict(_tidied(category))))
    touch(session)
    return before


def category_by_id(session: Session, category_id: str) -> Category:
    """The category with this id; Refused where there is none."""
    columns = (CategoryRow.id, CategoryRow.name, CategoryRow.position, CategoryRow.colour, CategoryRow.is_active)
    row = session.execute(select(*columns).where(CategoryRow.id == category_id)).first()
    if row is None:
        raise Refused(CATEGORY_GONE)
    return Category(*row)


def order_categories(session: Session, ids: Sequence[str]) -> None:
    """Give the tabs this order; those that are not named follow in the order that they had."""
    current = session.scalars(select(CategoryRow.id).order_by(CategoryRow.position, CategoryRow.name)).all()
    wanted = [id_ for id_ in dict.fromkeys(ids) if id_ in set(current)]
    for position, id_ in enumerate([*wanted, *(id_ for id_ in current if id_ not in set(wanted))], 1):
        session.execute(update(CategoryRow).where(CategoryRow.id == id_).values(position=position))
    touch(session)


def last_position(session: Session) -> int:
    """The position of the last tab; 0 where there is none."""
    return int(session.scalar(select(func.max(CategoryRow.position))) or 0)


def is_colour(text: str) -> bool:
    """Whether it is a colour as #RRGGBB."""
    return _COLOUR.fullmatch(text) is not None


def _check(session: Session, category: Category) -> None:
    name = category.name.strip()
    if not name or len(name) > MOST_LETTERS or not name.isprintable():
        raise Refused(msg("A category needs a name of at most {most} letters."), most=MOST_LETTERS)
    others = session.scalars(select(CategoryRow.name).where(CategoryRow.id != category.id))
    if any(other.strip().casefold() == name.casefold() for other in others):
        raise Refused(msg("There is already a category “{name}”."), name=shortened(name))
    if not is_colour(category.colour):
        raise Refused(NOT_A_COLOUR)


def _tidied(category: Category) -> Category:
    return Category(category.id, category.name.strip(), category.position, category.colour.upper(), category.is_active)
