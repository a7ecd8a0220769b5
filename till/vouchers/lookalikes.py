"""Numbers that look like the one that was typed: O for 0, I or l for 1 (V15). They are only suggested, never taken."""

from __future__ import annotations

from itertools import combinations, product

from sqlalchemy import select
from sqlalchemy.orm import Session

from till.vouchers.models import VoucherRow
from till.vouchers.numbers import MAX_LENGTH, matching

_ALIKE = ("0o", "1il")
_MOST_FORMS = 1000
_FEW = 2


def lookalike(session: Session, typed: str) -> str | None:
    """The number of the vouchers there are that was meant with `typed`; None where there is none, or more than one."""
    if len(matching(typed)) > MAX_LENGTH:
        return None
    forms = _forms(matching(typed)) - {matching(typed)}
    found = session.execute(
        select(VoucherRow.number_key, VoucherRow.number).where(VoucherRow.number_key.in_(sorted(forms)))
    ).all()
    keys = {row.number_key for row in found}
    return str(found[0].number) if len(keys) == 1 else None


def _forms(number: str) -> set[str]:
    """What `number` may have been: every mix of lookalikes, or of two at most where there would be too many."""
    places = {place: alike for place, letter in enumerate(number) for alike in _ALIKE if letter in alike}
    count = 1
    for alike in places.values():
        count *= len(alike)
    if count <= _MOST_FORMS:
        return {_with(number, dict(zip(places, mix, strict=True))) for mix in product(*places.values())}
    few = {
        _with(number, dict(zip(some, mix, strict=True)))
        for some in combinations(places, _FEW)
        for mix in product(*(places[place] for place in some))
    }
    return few | {_with(number, {place: alike[0] for place, alike in places.items()})}


def _with(number: str, letters: dict[int, str]) -> str:
    return "".join(letters.get(place, letter) for place, letter in enumerate(number))
