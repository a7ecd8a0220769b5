"""Sets or removes a PIN from the command line: the way back in when the only one who may has forgotten it.

Who may read and write the books' file, or has their database's password, owns them anyway; what is done so stands in
the audit trail as done from the command line.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from till.app.founding import is_founded
from till.clock import Clock, local
from till.db.context import Context
from till.db.engine import Database
from till.errors import Refused
from till.i18n import msg
from till.shop.details import details_on
from till.staff import changes
from till.staff.pin import PinHashing, checked_pin
from till.staff.users import Person, User, people

COMMAND = "till staff pin"
NOBODY_CALLED = msg("Nobody who may work at this till is called “{name}”. These may: {names}.")
SEVERAL_CALLED = msg("Several are called “{name}”. Say the number instead: {names}.")
NOT_FOUNDED = msg("There is no shop in this database yet.")


@dataclass(frozen=True, slots=True)
class Reset:
    """For whom and at which till's PC; `pin` None takes the PIN away."""

    till_id: str
    user: User
    pin: str | None


def find_person(database: Database, name: str) -> User:
    """The active person with this name, initials or number; Refused with the names that there are."""
    with database.read() as session:
        if not is_founded(session):
            raise Refused(NOT_FOUNDED)
        at_work = people(session)
    wanted = name.strip().casefold()
    by_number = [one.user for one in at_work if one.user.id == name.strip()]
    found = by_number or [
        one.user for one in at_work if wanted in {one.user.name.casefold(), one.user.short.casefold()}
    ]
    if len(found) == 1:
        return found[0]
    raise Refused(SEVERAL_CALLED if found else NOBODY_CALLED, name=name, names=_listed(at_work))


def reset_pin(database: Database, clock: Clock, pins: PinHashing, reset: Reset) -> None:
    """Store the new PIN and forgive the wrong ones; Refused when it is no PIN, or the name needs one."""
    stored = None if reset.pin is None else pins.hash(checked_pin(reset.pin))
    database.run(lambda session: _store(session, clock, reset, stored))


def _store(session: Session, clock: Clock, reset: Reset, stored: str | None) -> None:
    now = clock.now()
    zone = details_on(session, now.date()).zone
    context = Context(
        till_id=reset.till_id,
        shift_id=None,
        user_id="",  # nobody has proved who they are
        user_name=COMMAND,
        now=now,
        business_date=local(now, zone).date(),
    )
    changes.set_pin_from_outside(session, context, reset.user.id, stored)


def _listed(at_work: list[Person]) -> str:
    return ", ".join(f"{one.user.name} ({one.user.id})" for one in at_work)
