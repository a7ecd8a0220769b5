"""PLU numbers (Kassennummern): one number for typing, unique over articles and voucher types (10-vouchers V5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from till.catalog.models import PluRow
from till.catalog.taken import first_taken
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg

_PLU = re.compile(r"[A-Z0-9-]{1,20}", re.ASCII)


class PluKind(StrEnum):
    """What a PLU number stands for."""

    ARTICLE = "article"
    VOUCHER_TYPE = "voucher-type"


@dataclass(frozen=True, slots=True)
class Plu:
    """A PLU number and what has it: `ref` is the id of the article or voucher type as text."""

    plu: str
    kind: PluKind
    ref: str


def claim(session: Session, plu: Plu) -> None:
    """Give the number to `plu.ref`, instead of the one that it had; Refused when it is taken or malformed."""
    release(session, plu.kind, plu.ref)
    claim_all(session, [plu])


def claim_all(session: Session, plus: Iterable[Plu]) -> None:
    """Give numbers to things that had none; Refused for the first that is taken or malformed. Capitals only are kept."""
    rows = [{"plu": checked(plu.plu), "kind": plu.kind.value, "ref": plu.ref} for plu in plus]
    taken = first_taken(session, PluRow.plu, [row["plu"] for row in rows])
    if taken is not None:
        raise Refused(msg("The PLU number {plu} is already in use. Choose another one."), plu=taken)
    if rows:
        session.execute(insert(PluRow), rows)


def release(session: Session, kind: PluKind, ref: str) -> None:
    """Take the number from `ref`; nothing happens where it has none."""
    session.execute(delete(PluRow).where(PluRow.kind == kind, PluRow.ref == ref))


def owners_of(session: Session, numbers: Iterable[str]) -> list[Plu]:
    """What has these numbers; small letters are the same as capitals, and what can't be a number has no owner."""
    wanted = {number.upper() for number in numbers if _PLU.fullmatch(number.upper())}
    rows = session.execute(select(PluRow.plu, PluRow.kind, PluRow.ref).where(PluRow.plu.in_(wanted)))
    return [Plu(row.plu, PluKind(row.kind), row.ref) for row in rows.all()]


def checked(plu: str) -> str:
    """The number as it is kept, in capitals; Refused for what can't be typed."""
    if _PLU.fullmatch(plu.upper()) is None:
        raise Refused(
            msg("“{plu}” can't be a PLU number. Use up to 20 digits, letters and “-”."), plu=shortened(plu, 20)
        )
    return plu.upper()
