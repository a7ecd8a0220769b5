"""Sets up a new shop: the law's VAT rates, the usual tenders, its details and its first user."""

from __future__ import annotations

import contextlib
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.orm import Session

from till.db.engine import Database
from till.i18n import Translator
from till.migrations.upgrade import revision
from till.shop.details import ShopDetails, set_details
from till.shop.tenders import add_tenders, standard_tenders
from till.shop.vat import add_rates, legal_rates
from till.staff.users import User, active_users, add_user


def is_founded(session: Session) -> bool:
    """Whether the database holds a shop."""
    return bool(active_users(session))


def has_shop(database_url: str) -> bool:
    """Whether there is a shop behind this address; looks only, and makes no file."""
    if _is_missing_file(database_url):
        return False
    with contextlib.closing(Database(database_url)) as database:
        if revision(database) is None:
            return False
        with database.read() as session:
            return is_founded(session)


def _is_missing_file(database_url: str) -> bool:
    url = make_url(database_url)
    return url.get_backend_name() == "sqlite" and not Path(url.database or "").exists()


def found(session: Session, details: ShopDetails, user: User) -> None:
    """Give an empty database what every shop needs before its first sale."""
    set_details(session, details)
    add_rates(session, legal_rates())
    add_tenders(session, standard_tenders(Translator(details.language)))
    add_user(session, user)
