"""Stores voucher types: checked field by field against what the shop has, audited before and after (V1 to V5, V50)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import fields, replace

from sqlalchemy.orm import Session

from till.audit import trail
from till.catalog import lookup
from till.catalog.keeping import NO_CATEGORY, PLU_TAKEN
from till.catalog.plu import PluKind, owners_of
from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.errors import Refused
from till.formats import shortened
from till.i18n import msg
from till.ledger.chain import canonical
from till.vouchers import type_rules
from till.vouchers.locks import number_lock
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.number_range import NumberRange, number_range
from till.vouchers.rules import VoucherRules, set_voucher_rules, voucher_rules
from till.vouchers.type_rules import (
    Today,
    TypeChangedMeanwhile,
    TypeField,
    TypeHint,
    TypeNotSaved,
    TypeProblem,
    tidied,
)
from till.vouchers.types import add_type, change_type, set_next_number, voucher_type, voucher_types

NO_SUCH_TYPE = msg("This voucher type is not there any more.")
NOT_AUTOMATIC = msg("The numbers of “{name}” don’t count up by themselves. Choose that in its settings first.")
_FIRST_PLU = 901


def problems(session: Session, kind: VoucherType, today: Today) -> tuple[TypeProblem, ...]:
    """What is wrong with a tidied type, field by field."""
    found = []
    for field, check in _checks(session, kind, today):
        try:
            check()
        except Refused as refused:
            found.append(TypeProblem(field, refused))
    return tuple(found)


def as_stored(session: Session, kind: VoucherType) -> VoucherType:
    """A type as it would be stored: tidied, and with what others than its form change as it stands now."""
    return _carried_on(tidied(kind), voucher_type(session, kind.id))


def hints(session: Session, kind: VoucherType, today: Today) -> tuple[TypeHint, ...]:
    """What the shop should know about a tidied type, though it may do so."""
    names = {one.name.casefold(): one.name for one in voucher_types(session) if one.id != kind.id}
    same = names.get(kind.name.casefold())
    by_name = () if same is None else (TypeHint(TypeField.NAME, type_rules.SAME_NAME, {"name": same}),)
    return (*by_name, *type_rules.hints(kind, today))


def save(session: Session, context: Context, kind: VoucherType, known: VoucherType | None, today: Today) -> VoucherType:
    """Store a type; `known` is the one that it was made from, None for a new one. Returns it as it is stored.

    What numbers it has reached and where its tile lies stay as they are: sales and the grid's own page change those.
    Raises TypeNotSaved for what can't be taken, TypeChangedMeanwhile when somebody else was quicker; nothing is left behind
    then. Saving the same type twice is saving it once.
    """
    hold(session, [Lock(LockKind.ARTICLES, "")])  # PLU numbers are shared with articles; the till's own comes last
    stored = voucher_type(session, kind.id)
    wanted = _carried_on(tidied(kind), stored)
    if stored == wanted:
        return wanted  # saved before: the answer was lost
    if (stored is None) != (known is None) or (stored and known and _looked_at(stored) != _looked_at(known)):
        raise TypeChangedMeanwhile
    found = problems(session, wanted, today)
    if found:
        raise TypeNotSaved(found)
    (add_type if stored is None else change_type)(session, wanted)
    _note(session, context, stored, wanted)
    return wanted


def set_active(session: Session, context: Context, type_id: uuid.UUID, *, active: bool) -> VoucherType:
    """Sell a type no more, or again; vouchers already sold go on being redeemed (V2). Refused for the complaint type (V4)."""
    before = stored_type(session, type_id)
    after = replace(before, active=active)
    if after != before:
        type_rules.check_may_be_off(after)
        change_type(session, after)
        _note(session, context, before, after)
    return after


def preload(session: Session, context: Context, type_id: uuid.UUID, typed: str) -> NumberRange:
    """Let a type's numbers go on from here; those that are taken are skipped at the sale (V50)."""
    hold(session, [Lock(LockKind.TILL, context.till_id), number_lock(type_id)])
    before = stored_type(session, type_id)
    if before.numbering is not Numbering.AUTOMATIC:
        raise Refused(NOT_AUTOMATIC, name=before.name)
    start = type_rules.check_start(typed)
    if start != before.next_number:
        set_next_number(session, type_id, start)
        _note(session, context, before, replace(before, next_number=start))
    return number_range(session, type_id, start)


def change_rules(session: Session, context: Context, rules: VoucherRules) -> VoucherRules:
    """Put the shop's rules for all vouchers in the place of the old ones; those already sold keep their terms (V16)."""
    before = voucher_rules(session)
    if before != rules:
        set_voucher_rules(session, rules)
        changed = [one.name for one in fields(rules) if getattr(before, one.name) != getattr(rules, one.name)]
        told = {"before": _told(before, changed), "after": _told(rules, changed)}
        trail.note(session, context, trail.Action.VOUCHER_RULES_CHANGED, "vouchers", **told)
    return rules


def stored_type(session: Session, type_id: uuid.UUID) -> VoucherType:
    """The type as it is stored; Refused where there is none."""
    found = voucher_type(session, type_id)
    if found is None:
        raise Refused(NO_SUCH_TYPE)
    return found


def next_plu(session: Session) -> str:
    """A PLU number that is free, behind those of the other types; what a new one gets until somebody says otherwise."""
    taken = [int(one.plu) for one in voucher_types(session) if _counts(one)]
    number = max([_FIRST_PLU - 1, *taken]) + 1
    while owners_of(session, [str(number)]):
        number += 1
    return str(number)


def _counts(kind: VoucherType) -> bool:
    """The complaint voucher stands behind all others."""
    return kind.plu.isascii() and kind.plu.isdigit() and not kind.is_complaint


def _carried_on(kind: VoucherType, stored: VoucherType | None) -> VoucherType:
    """With what others than this form change, as it stands now."""
    if stored is None:
        return kind
    counts_up = kind.numbering is stored.numbering is Numbering.AUTOMATIC
    return replace(
        kind,
        next_number=stored.next_number if counts_up else kind.next_number,
        position=stored.position if kind.category_id == stored.category_id else None,
        is_complaint=stored.is_complaint,
    )


def _looked_at(kind: VoucherType) -> VoucherType:
    """What somebody looks at in the form."""
    return replace(kind, next_number="", position=None)


def _checks(session: Session, kind: VoucherType, today: Today) -> Iterator[tuple[TypeField, Callable[[], None]]]:
    yield from type_rules.checks(kind, today)
    yield TypeField.PLU, lambda: _check_plu_is_free(session, kind)
    yield TypeField.CATEGORY, lambda: _check_category(session, kind)


def _check_plu_is_free(session: Session, kind: VoucherType) -> None:
    for owner in owners_of(session, [kind.plu]) if kind.plu else ():
        if owner.kind is PluKind.VOUCHER_TYPE and owner.ref == str(kind.id):
            continue
        raise Refused(PLU_TAKEN, plu=kind.plu, name=shortened(_name_of(session, owner.kind, owner.ref)))


def _name_of(session: Session, kind: PluKind, ref: str) -> str:
    if kind is PluKind.ARTICLE:
        return lookup.article_by_id(session, uuid.UUID(ref)).name
    other = voucher_type(session, uuid.UUID(ref))
    return "" if other is None else other.name


def _check_category(session: Session, kind: VoucherType) -> None:
    if kind.category_id and kind.category_id not in {one.id for one in lookup.categories(session)}:
        raise Refused(NO_CATEGORY)


def _note(session: Session, context: Context, before: VoucherType | None, after: VoucherType) -> None:
    """Only what is different; the name stands in both, so that the trail reads by itself."""
    names = [
        one.name for one in fields(after) if before is None or getattr(before, one.name) != getattr(after, one.name)
    ]
    shown = ["name", *(name for name in names if name not in {"name", "id"})]
    trail.note(
        session,
        context,
        trail.Action.VOUCHER_TYPE_CHANGED,
        str(after.id),
        before="" if before is None else _told(before, shown),
        after=_told(after, shown),
    )


def _told(of: object, names: list[str]) -> str:
    return canonical({name: getattr(of, name) for name in names})
