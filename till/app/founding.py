"""Sets up a new shop: the law's VAT rates, the usual tenders, its details and its first user."""

from __future__ import annotations

from sqlalchemy.orm import Session

from till.i18n import Translator
from till.shop.details import ShopDetails, set_details
from till.shop.tenders import add_tenders, standard_tenders
from till.shop.vat import add_rates, legal_rates
from till.staff.users import User, active_users, add_user


def is_founded(session: Session) -> bool:
    """Whether the database holds a shop."""
    return bool(active_users(session))


def found(session: Session, details: ShopDetails, user: User) -> None:
    """Give an empty database what every shop needs before its first sale."""
    set_details(session, details)
    add_rates(session, legal_rates())
    add_tenders(session, standard_tenders(Translator(details.language)))
    add_user(session, user)
