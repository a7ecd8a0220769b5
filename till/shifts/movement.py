"""Cash that goes into the drawer or out of it without a sale: what it can be for, and the rules of each (T10)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from enum import StrEnum

from till.business_case import GvTyp
from till.documents import reason
from till.errors import Refused
from till.i18n import msg
from till.ledger.account import Account
from till.money import MAX_CENTS, ZERO, Money

STORNO = "Storno"
"""The GV_NAME of lines that take back an earlier document: a row of their own in the Z's sums (60-fiscal A0.8)."""


class MovementKind(StrEnum):
    """What cash is brought or taken for; each has a business case of the DSFinV-K of its own (60-fiscal A3.3)."""

    CHANGE_IN = "change-in"
    PRIVATE_IN = "private-in"
    TIPS_IN = "tips-in"
    OTHER_IN = "other-in"
    BANK_DROP = "bank-drop"
    PRIVATE_OUT = "private-out"
    TIPS_OUT = "tips-out"
    WAGES_OUT = "wages-out"
    OTHER_OUT = "other-out"

    @property
    def is_in(self) -> bool:
        """Whether it fills the drawer."""
        return _MEANINGS[self].is_in

    @property
    def gv_typ(self) -> GvTyp:
        """Its business case."""
        return _MEANINGS[self].gv_typ

    @property
    def account(self) -> Account:
        """Where the money comes from or goes to."""
        return _MEANINGS[self].account

    @property
    def booked(self) -> str:
        """Its word in the books, which stays German whatever the screen speaks (docs/decisions.md)."""
        return _BOOKED[self]

    @property
    def called(self) -> str:
        """The msgid of what the shop calls it."""
        return _MEANINGS[self].called

    @property
    def reasons(self) -> tuple[str, ...]:
        """The msgids of the reasons that nearly every shop has for it."""
        return _MEANINGS[self].reasons


@dataclass(frozen=True, slots=True)
class _Meaning:
    is_in: bool
    gv_typ: GvTyp
    account: Account
    called: str
    reasons: tuple[str, ...]


_IN, _OUT = True, False
_MEANINGS = {
    MovementKind.CHANGE_IN: _Meaning(
        _IN,
        GvTyp.GELDTRANSIT,
        Account.TRANSIT,
        msg("Change brought"),
        (msg("Change from the bank"), msg("Change from the safe")),
    ),
    MovementKind.PRIVATE_IN: _Meaning(
        _IN, GvTyp.PRIVATEINLAGE, Account.PRIVATE, msg("Private deposit"), (msg("Private deposit of the owner"),)
    ),
    MovementKind.TIPS_IN: _Meaning(
        _IN, GvTyp.TRINKGELD_AN, Account.TIPS, msg("Staff tips put in"), (msg("Tips of the day"),)
    ),
    MovementKind.OTHER_IN: _Meaning(
        _IN, GvTyp.EINZAHLUNG, Account.SUNDRY, msg("Other cash in"), (msg("Refund from a supplier"),)
    ),
    MovementKind.BANK_DROP: _Meaning(
        _OUT,
        GvTyp.GELDTRANSIT,
        Account.TRANSIT,
        msg("Bank drop"),
        (msg("Takings to the bank"), msg("Takings to the safe")),
    ),
    MovementKind.PRIVATE_OUT: _Meaning(
        _OUT,
        GvTyp.PRIVATENTNAHME,
        Account.PRIVATE,
        msg("Private withdrawal"),
        (msg("Private withdrawal of the owner"),),
    ),
    MovementKind.TIPS_OUT: _Meaning(
        _OUT,
        GvTyp.TRINKGELD_AN,
        Account.TIPS,
        msg("Tips paid to staff"),
        (msg("Tips from card payments"), msg("Tips of the day")),
    ),
    MovementKind.WAGES_OUT: _Meaning(
        _OUT, GvTyp.LOHNZAHLUNG, Account.WAGES, msg("Wage advance"), (msg("Advance on this month’s wages"),)
    ),
    MovementKind.OTHER_OUT: _Meaning(
        _OUT,
        GvTyp.AUSZAHLUNG,
        Account.SUNDRY,
        msg("Other cash out"),
        (msg("Postage"), msg("Office supplies"), msg("Cleaning supplies"), msg("Parcel on delivery")),
    ),
}
_BOOKED = {
    MovementKind.CHANGE_IN: "Wechselgeld eingelegt",
    MovementKind.PRIVATE_IN: "Privateinlage",
    MovementKind.TIPS_IN: "Trinkgeld eingelegt",
    MovementKind.OTHER_IN: "Sonstige Einzahlung",
    MovementKind.BANK_DROP: "Bankeinzahlung",
    MovementKind.PRIVATE_OUT: "Privatentnahme",
    MovementKind.TIPS_OUT: "Trinkgeld an Mitarbeiter",
    MovementKind.WAGES_OUT: "Lohnvorschuss",
    MovementKind.OTHER_OUT: "Sonstige Auszahlung",
}
_BY_CASE = {(kind.gv_typ, kind.is_in): kind for kind in MovementKind}


def kind_of(gv_typ: GvTyp, gross: Money) -> MovementKind | None:
    """Which movement a line is, by its business case and direction; None when it is none."""
    return _BY_CASE.get((gv_typ, gross > ZERO))


@dataclass(frozen=True, slots=True)
class Movement:
    """A wish to move cash: how much (above 0, whatever the direction) and why.

    The id is older than the booking: the same movement asked for again is the same document.
    """

    kind: MovementKind
    amount: Money
    reason: str
    id: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def into_drawer(self) -> Money:
        """What the drawer has more afterwards; negative for cash out."""
        return self.amount if self.kind.is_in else -self.amount


@dataclass(frozen=True, slots=True)
class TakingBack:
    """A wish to take a booked movement back by its opposite; the id works as a movement's."""

    document_id: uuid.UUID
    reason: str
    id: uuid.UUID = field(default_factory=uuid.uuid4)


def checked(movement: Movement) -> Movement:
    """The movement with its reason made printable. Refused without an amount or a reason."""
    if movement.amount <= ZERO or movement.amount.cents > MAX_CENTS:
        raise Refused(msg("{amount} can’t be moved. Type an amount above 0."), amount=movement.amount)
    return replace(movement, reason=checked_reason(movement.reason))


def checked_reason(typed: str) -> str:
    """What cash is for, on one line; Refused when it is missing or too long."""
    return reason.checked_reason(typed, msg("Say what the cash is for: an auditor will ask."))


def check_drawer(there: Money, into_drawer: Money) -> None:
    """Refuse to take out more than is there: no drawer holds less than nothing, and books that say so are worth little."""
    if into_drawer < ZERO and there + into_drawer < ZERO:
        raise Refused(
            msg(
                "By the books only {there} are in the drawer, so {amount} can’t be taken out. "
                "If more is in it, first book what was put in."
            ),
            there=there,
            amount=-into_drawer,
        )
