"""The desk for voucher types and the rules for all vouchers: selling and redeeming go on beside it (V1 to V5, V16, V50)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from till.app.needs import needs
from till.app.voucher_sample import sample_png
from till.app.workplace import Workplace
from till.business_case import VatKey
from till.catalog import lookup
from till.catalog.article import Category
from till.db.context import Context
from till.staff.permission import Permission
from till.vouchers import keeping, type_rules
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.number_range import NumberRange, number_range
from till.vouchers.outstanding import NOTHING, Moved, Outstanding, lettered_outstanding, moved_between, outstanding
from till.vouchers.rules import VoucherRules, voucher_rules
from till.vouchers.terms import TermRule
from till.vouchers.type_rules import Today, TypeHint, TypeProblem, check_start
from till.vouchers.types import voucher_types

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class TypeChoices:
    """What a type's form offers: categories by tab, VAT keys with their rates of today in basis points."""

    categories: tuple[Category, ...]
    rates: tuple[tuple[VatKey, int], ...]


@dataclass(frozen=True, slots=True)
class VoucherOverview:
    """All vouchers at a glance: what is outstanding by type, and what was sold and redeemed since the month's `first` day."""

    by_type: Mapping[uuid.UUID, Outstanding]
    month: Moved
    first: dt.date

    @property
    def whole(self) -> Outstanding:
        """All types together; its `multi` is the ledger's liability."""
        return sum(self.by_type.values(), NOTHING)


class VoucherTypeDesk:
    """The master data of vouchers. `changed` is called after each change, so that the counter's grid is read again."""

    def __init__(self, workplace: Workplace, changed: Callable[[], None]) -> None:
        self._workplace = workplace
        self._changed = changed

    # Looking

    def types(self) -> tuple[VoucherType, ...]:
        """All types by PLU number, those not sold any more too."""
        with self._workplace.database.read() as session:
            return tuple(voucher_types(session))

    def one(self, type_id: uuid.UUID) -> VoucherType:
        """The type as it is stored. Refused where there is none."""
        with self._workplace.database.read() as session:
            return keeping.stored_type(session, type_id)

    def overview(self) -> VoucherOverview:
        """What is outstanding, and what moved this month; goes through all vouchers, so it belongs on a worker's thread."""
        place = self._workplace
        first = place.today().replace(day=1)
        begin, end = (_midnight(day, place.shop.zone) for day in (first, place.today() + dt.timedelta(days=1)))
        with place.database.read() as session:
            return VoucherOverview(outstanding(session), moved_between(session, begin, end), first)

    def choices(self) -> TypeChoices:
        """What the fields of a type's form offer."""
        rates = self._workplace.rates()
        with self._workplace.database.read() as session:
            categories = tuple(lookup.categories(session))
        return TypeChoices(categories, tuple((key, rates[key]) for key in type_rules.TAXED if key in rates))

    def new_type(self) -> VoucherType:
        """An empty type under the next free PLU number."""
        with self._workplace.database.read() as session:
            return VoucherType(uuid.uuid4(), keeping.next_plu(session), "", Numbering.AUTOMATIC)

    def problems(self, kind: VoucherType) -> tuple[TypeProblem, ...]:
        """What saving would refuse, without saving: for marking fields while somebody types."""
        with self._workplace.database.read() as session:
            return keeping.problems(session, keeping.as_stored(session, kind), self._today(session))

    def hints(self, kind: VoucherType) -> tuple[TypeHint, ...]:
        """What the shop should know about a type though it may be so: a short term, a price that will be insisted on."""
        with self._workplace.database.read() as session:
            return keeping.hints(session, keeping.as_stored(session, kind), self._today(session))

    def numbers(self, type_id: uuid.UUID, typed: str = "") -> NumberRange:
        """Where a type's numbers go on, or would if they began at what is typed; looks some thousands ahead."""
        with self._workplace.database.read() as session:
            start = check_start(typed or keeping.stored_type(session, type_id).next_number)
            return number_range(session, type_id, start)

    def preview(self, kind: VoucherType) -> bytes:
        """What is printed for a voucher of this type, as PNG, empty for nothing; for a worker's thread."""
        with self._workplace.database.read() as session:
            rule = voucher_rules(session).terms
        return sample_png(self._workplace, kind, rule)

    def rules(self) -> VoucherRules:
        """The shop's rules for all vouchers."""
        with self._workplace.database.read() as session:
            return voucher_rules(session)

    def term_hint(self, rule: TermRule) -> TypeHint | None:
        """What the shop should know about a usual validity though it may be so: courts have struck short ones (V16)."""
        return type_rules.hint_of_rule(rule, self._workplace.today())

    def lettered_outstanding(self) -> int:
        """How many vouchers whose number has letters can still be redeemed (V15); for a worker's thread."""
        with self._workplace.database.read() as session:
            return lettered_outstanding(session)

    # Changing

    @needs(Permission.VOUCHERS)
    def save(self, kind: VoucherType, known: VoucherType | None) -> VoucherType:
        """Store a type, all of it or nothing; `known` is the one that it was made from, None for a new one.

        Raises TypeNotSaved with what is wrong field by field, TypeChangedMeanwhile when somebody else was quicker. It counts
        for what is sold from then on; vouchers that were sold keep their terms (V3).
        """
        return self._change(lambda session, context: keeping.save(session, context, kind, known, self._today(session)))

    @needs(Permission.VOUCHERS)
    def deactivate(self, type_id: uuid.UUID) -> VoucherType:
        """Sell a type no more; what was sold of it goes on being redeemed (V2). Refused for the complaint voucher (V4)."""
        return self._change(lambda session, context: keeping.set_active(session, context, type_id, active=False))

    @needs(Permission.VOUCHERS)
    def reactivate(self, type_id: uuid.UUID) -> VoucherType:
        """Sell a type again."""
        return self._change(lambda session, context: keeping.set_active(session, context, type_id, active=True))

    @needs(Permission.VOUCHERS)
    def choose_label(self, type_id: uuid.UUID, label_template: str) -> VoucherType:
        """Print something else, or nothing, for the vouchers of a type that are sold from now on (V17)."""
        known = self.one(type_id)
        changed = replace(known, label_template=label_template)
        return self._change(
            lambda session, context: keeping.save(session, context, changed, known, self._today(session))
        )

    @needs(Permission.VOUCHERS)
    def preload(self, type_id: uuid.UUID, start: str) -> NumberRange:
        """Let a type's numbers go on from `start`: the next sale takes it, or the first behind it that is free (V50)."""
        return self._change(lambda session, context: keeping.preload(session, context, type_id, start))

    @needs(Permission.VOUCHERS)
    def set_rules(self, rules: VoucherRules) -> VoucherRules:
        """Change the rules for all vouchers; they count from the next sale and redemption on, at every till."""
        return self._change(lambda session, context: keeping.change_rules(session, context, rules))

    def _change(self, work: Callable[[Session, Context], _T]) -> _T:
        context = self._workplace.context(needs_shift=False)
        done = self._workplace.run(lambda session: work(session, context))
        self._changed()
        return done

    def _today(self, session: Session) -> Today:
        place = self._workplace
        return Today(place.today(), frozenset(place.rates()), voucher_rules(session).terms)


def _midnight(day: dt.date, zone: str) -> dt.datetime:
    """The instant at which a day of the shop's wall clock begins."""
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone)).astimezone(dt.UTC)
