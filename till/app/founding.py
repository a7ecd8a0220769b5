"""Sets up a new shop: the law's VAT rates, the usual tenders, its details, its roles, its complaint voucher and its first user."""

from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from till.app.books import books_file, database_of
from till.app.workplace import NO_ADDRESS
from till.errors import Refused
from till.i18n import Translator, msg
from till.migrations.upgrade import revision
from till.settings import Settings
from till.shop.details import ShopDetails, details_on, set_details
from till.shop.entry import is_complete
from till.shop.tenders import add_tenders, standard_tenders
from till.shop.vat import add_rates, legal_rates
from till.staff.roles import MANAGER, add_roles, standard_roles
from till.staff.users import User, active_users, add_user
from till.vouchers.complaint import usual_complaint_type
from till.vouchers.types import add_type

NO_SHOP = msg("There is no shop in {path} yet. Set it up with “till setup”, or look around with “till demo”.")


class ShopState(StrEnum):
    """How far a shop is: not there, there without its name or address, or there."""

    NONE = "none"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"


class ShopMissing(Refused):
    """There is no shop to open, or one without its address; `state` says which. The window asks for what is missing."""

    def __init__(self, state: ShopState, path: Path) -> None:
        super().__init__(NO_SHOP if state is ShopState.NONE else NO_ADDRESS, path=str(path))
        self.state = state


def is_founded(session: Session) -> bool:
    """Whether the database holds a shop."""
    return bool(active_users(session))


def has_shop(settings: Settings) -> bool:
    """Whether there is a shop in the database that these settings name; looks only, and makes no file."""
    return shop_state(settings) is not ShopState.NONE


def shop_state(settings: Settings) -> ShopState:
    """How far the shop is in the database that these settings name; looks only, and makes no file."""
    file = books_file(settings)
    if file is not None and not file.exists():
        return ShopState.NONE
    with contextlib.closing(database_of(settings)) as database:
        if revision(database) is None:
            return ShopState.NONE
        with database.read() as session:
            if not is_founded(session):
                return ShopState.NONE
            return ShopState.COMPLETE if is_complete(details_on(session, dt.date.max)) else ShopState.INCOMPLETE


def require_shop(settings: Settings, *, with_address: bool = True) -> None:
    """Raise ShopMissing before anything is created: a mistyped folder must not become an empty shop."""
    state = shop_state(settings)
    if state is ShopState.NONE or (with_address and state is ShopState.INCOMPLETE):
        raise ShopMissing(state, settings.data_dir)


def found(session: Session, details: ShopDetails, user: User) -> None:
    """Give an empty database what every shop needs before its first sale."""
    set_details(session, details)
    add_rates(session, legal_rates())
    t = Translator(details.language)
    add_tenders(session, standard_tenders(t))
    add_roles(session, standard_roles(t))
    add_type(session, usual_complaint_type(t))
    add_user(session, replace(user, role_id=MANAGER))
