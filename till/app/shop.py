"""The shop desk: what the shop is called, its texts and logo, VAT rates and ways to pay; every change is audited."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from till.app.needs import needs
from till.app.shop_preview import sample_png
from till.app.workplace import Workplace
from till.audit import trail
from till.business_case import ZahlartTyp
from till.db.context import Context
from till.db.locks import Lock, LockKind, hold
from till.documents.models import PaymentRow
from till.errors import Refused
from till.i18n import LANGUAGES, msg
from till.ledger.chain import canonical
from till.receipts.shop_lines import checked_lines
from till.shifts.unclosed import open_tills, unclosed_tills
from till.shop import tenders as shop_tenders
from till.shop import vat_change
from till.shop.details import (
    ShopDetails,
    changed_fields,
    details_after,
    details_on,
    is_frozen_change,
    set_details,
    withdraw,
)
from till.shop.identity import checked
from till.shop.logo import keep_logo, stored_logo
from till.shop.revision import raise_revision
from till.shop.tenders import Tender, all_tenders, check_tenders, checked_name
from till.shop.vat import VatRate, replace_rates, stored_rates
from till.shop.vat_change import RateChange
from till.staff.permission import Permission

_T = TypeVar("_T")
_SHOP = "shop"
_OWN = "own-"
Z_FIRST = msg("{tills}: close the till with a Z first. What a Z keeps of the shop can’t change in the middle of it.")
TOO_LATE = msg("{day} is over. Choose today or a later day.")
NO_SUCH_TENDER = msg("This way to pay is not there any more.")


class ZFirst(Refused):
    """A Z has to be made first; the screen offers the way to it."""

    def __init__(self, tills: Iterable[str]) -> None:
        super().__init__(Z_FIRST, tills=", ".join(tills))


@dataclass(frozen=True, slots=True)
class ShopPlan:
    """The shop as it counts now, and what is planned for later days."""

    now: ShopDetails
    planned: tuple[ShopDetails, ...]


class ShopDesk:
    """The shop's own data and rules. A change counts here at once, at the other tills with their next basket."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._listeners: list[Callable[[], None]] = []

    def listen(self, callback: Callable[[], None]) -> None:
        """Call `callback` after every change."""
        self._listeners.append(callback)

    def today(self) -> dt.date:
        """The first day from which a change may count."""
        return self._workplace.today()

    def tills_before_z(self) -> tuple[str, ...]:
        """The tills that have booked something since their last Z; while there are any, name and address stay."""
        with self._workplace.database.read() as session:
            return unclosed_tills(session)

    # Who the shop is

    def details(self) -> ShopPlan:
        """What counts today and what is planned."""
        today = self.today()
        with self._workplace.database.read() as session:
            return ShopPlan(details_on(session, today), details_after(session, today))

    def details_from(self, day: dt.date) -> ShopDetails:
        """What counts on a day, today's or a later one's, as the beginning of a change from that day on."""
        with self._workplace.database.read() as session:
            return replace(details_on(session, day), valid_from=day)

    def logo(self, digest: str) -> bytes | None:
        """A stored logo as PNG."""
        with self._workplace.database.read() as session:
            return stored_logo(session, digest) if digest else None

    @needs(Permission.SHOP_SETTINGS)
    def change_details(self, details: ShopDetails, logo: bytes = b"") -> ShopDetails:
        """Let `details` count from their day on, which is today or later; gives them as they are stored.

        `logo` is a new picture from `till.receipts.logo.read_logo`. Raises ZFirst where something would change today that
        a Z keeps, and a till has booked something since its last one. What is planned for later days keeps only what
        is different there.
        """
        wanted = replace(checked(details), **_checked_texts(details))  # type: ignore[arg-type]
        return self._change(lambda session, context: self._store(session, context, wanted, logo))

    @needs(Permission.SHOP_SETTINGS)
    def withdraw_details(self, valid_from: dt.date) -> None:
        """Take out what is planned for a later day."""

        def work(session: Session, context: Context) -> None:
            plan = {one.valid_from: one for one in details_after(session, self.today())}
            gone = plan.get(valid_from)
            if gone is None:
                raise Refused(msg("This change is not planned any more."))
            withdraw(session, valid_from)
            _note_details(session, context, gone, details_on(session, valid_from))

        self._change(work)

    def preview(self, details: ShopDetails, logo: bytes = b"") -> bytes:
        """A sample receipt with these details as PNG, as it is printed; for a worker, it takes a tenth of a second."""
        picture = logo or self.logo(details.logo) or b""
        return sample_png(self._workplace, details, picture)

    # VAT

    def vat_rates(self) -> tuple[VatRate, ...]:
        """All rates by key and day, those of the past too."""
        with self._workplace.database.read() as session:
            return tuple(stored_rates(session))

    @needs(Permission.SHOP_SETTINGS)
    def plan_rate(self, change: RateChange) -> tuple[VatRate, ...]:
        """Plan a new VAT rate from tomorrow or later; before the first basket of that day the till asks for a Z (T15)."""
        if change.valid_from <= self.today():
            raise Refused(msg("A rate counts for whole days, and today has begun. Choose tomorrow or a later day."))
        return self._change_rates(lambda rates: vat_change.with_change(rates, change))

    @needs(Permission.SHOP_SETTINGS)
    def withdraw_rate(self, rate: VatRate) -> tuple[VatRate, ...]:
        """Take a planned rate out again; the one before it goes on."""
        if rate.valid_from <= self.today():
            raise Refused(msg("This rate counts already; receipts were written with it. Plan a new one instead."))
        return self._change_rates(lambda rates: vat_change.without(rates, rate.key, rate.valid_from))

    # Ways to pay

    def tenders(self) -> tuple[Tender, ...]:
        """All ways to pay in their order, those that are switched off too."""
        with self._workplace.database.read() as session:
            return tuple(all_tenders(session))

    @needs(Permission.SHOP_SETTINGS)
    def add_tender(self, name: str, zahlart_typ: ZahlartTyp, *, opens_drawer: bool = False) -> Tender:
        """Offer a way to pay of the shop's own, after the others."""
        fresh = Tender(_OWN + uuid.uuid4().hex[:12], checked_name(name), zahlart_typ, 0, opens_drawer)

        def work(session: Session, context: Context) -> Tender:
            known = all_tenders(session)
            added = replace(fresh, position=max((one.position for one in known), default=0) + 1)
            check_tenders([*known, added])
            shop_tenders.add_tenders(session, [added])
            _note_tender(session, context, None, added)
            return added

        return self._change(work)

    @needs(Permission.SHOP_SETTINGS)
    def change_tender(self, tender: Tender) -> None:
        """Change name, type, drawer, or whether it is offered; its place stays. Another type needs a Z before it."""
        wanted = replace(tender, name=checked_name(tender.name))

        def work(session: Session, context: Context) -> None:
            known = all_tenders(session)
            before = _found(known, wanted.id)
            after = replace(wanted, position=before.position)
            if after.zahlart_typ is not before.zahlart_typ:
                _check_closed(session)
            check_tenders([after if one.id == after.id else one for one in known])
            shop_tenders.store_tender(session, after)
            _note_tender(session, context, before, after)

        self._change(work)

    @needs(Permission.SHOP_SETTINGS)
    def order_tenders(self, ids: Iterable[str]) -> None:
        """Show the ways to pay in this order; those not named follow."""
        wanted = list(ids)

        def work(session: Session, context: Context) -> None:
            known = all_tenders(session)
            places = {one: place for place, one in enumerate(wanted)}
            ordered = sorted(known, key=lambda one: (places.get(one.id, len(wanted)), one.position))
            for position, tender in enumerate(ordered, 1):
                if tender.position != position:
                    shop_tenders.store_tender(session, replace(tender, position=position))
            change = {"before": ", ".join(t.name for t in known), "after": ", ".join(t.name for t in ordered)}
            trail.note(session, context, trail.Action.TENDERS_CHANGED, "order", **change)

        self._change(work)

    @needs(Permission.SHOP_SETTINGS)
    def remove_tender(self, tender_id: str) -> None:
        """Take a way to pay out that was never used; a used one can only be switched off, as the books name it."""

        def work(session: Session, context: Context) -> None:
            gone = _found(all_tenders(session), tender_id)
            if gone.is_standard:
                raise Refused(msg("“{name}” belongs to every till. Switch it off instead."), name=gone.name)
            if session.scalar(select(exists().where(PaymentRow.tender_id == tender_id))):
                raise Refused(msg("“{name}” was used and stands in the books. Switch it off instead."), name=gone.name)
            shop_tenders.delete_tender(session, tender_id)
            _note_tender(session, context, gone, None)

        self._change(work)

    # Inside

    def _store(self, session: Session, context: Context, wanted: ShopDetails, logo: bytes) -> ShopDetails:
        if wanted.valid_from < self.today():
            raise Refused(TOO_LATE, day=wanted.valid_from)
        before = details_on(session, wanted.valid_from)
        after = replace(wanted, logo=keep_logo(session, logo)) if logo else wanted
        if after.logo and stored_logo(session, after.logo) is None:
            raise Refused(msg("The logo is not there any more. Choose the picture again."))
        if wanted.valid_from <= self.today() and is_frozen_change(before, after):
            _check_closed(session)
        set_details(session, after)
        _carry_forward(session, before, after)
        _note_details(session, context, before, after)
        return after

    def _change_rates(self, change: Callable[[Iterable[VatRate]], tuple[VatRate, ...]]) -> tuple[VatRate, ...]:
        def work(session: Session, context: Context) -> tuple[VatRate, ...]:
            before = tuple(stored_rates(session))
            after = change(before)
            replace_rates(session, after)
            told = {"before": _told(set(before) - set(after)), "after": _told(set(after) - set(before))}
            trail.note(session, context, trail.Action.VAT_RATES_CHANGED, "VAT", **told)
            return after

        return self._change(work)

    def _change(self, work: Callable[[Session, Context], _T]) -> _T:
        """One change at a time over all tills; none of them books while it is decided whether a Z has to come first."""
        context = self._workplace.context(needs_shift=False)

        def changed(session: Session) -> _T:
            tills = {context.till_id, *open_tills(session)}
            hold(session, [*(Lock(LockKind.TILL, one) for one in tills), Lock(LockKind.SHOP, _SHOP)])
            done = work(session, context)
            raise_revision(session)
            return done

        done = self._workplace.run(changed)
        self._workplace.see_changes()
        for callback in self._listeners:
            callback()
        return done


def _checked_texts(details: ShopDetails) -> dict[str, object]:
    if details.language not in LANGUAGES:
        raise Refused(msg("Receipts are written in German or English."))
    return {
        "receipt_header": checked_lines(details.receipt_header),
        "receipt_footer": checked_lines(details.receipt_footer),
    }


def _check_closed(session: Session) -> None:
    tills = unclosed_tills(session)
    if tills:
        raise ZFirst(tills)


def _carry_forward(session: Session, before: ShopDetails, after: ShopDetails) -> None:
    """What changes now changes in the plans too, unless a plan says otherwise about it: else it would come back that day."""
    changed = {name: pair[1] for name, pair in changed_fields(before, after).items()}
    for plan in details_after(session, after.valid_from):
        kept = {name: value for name, value in changed.items() if getattr(plan, name) == getattr(before, name)}
        if kept:
            set_details(session, replace(plan, **kept))  # type: ignore[arg-type]


def _note_details(session: Session, context: Context, before: ShopDetails, after: ShopDetails) -> None:
    changed = changed_fields(before, after)
    trail.note(
        session,
        context,
        trail.Action.SHOP_CHANGED,
        f"shop from {after.valid_from.isoformat()}",
        before=canonical({name: pair[0] for name, pair in changed.items()}),
        after=canonical({name: pair[1] for name, pair in changed.items()}),
    )


def _note_tender(session: Session, context: Context, before: Tender | None, after: Tender | None) -> None:
    subject = after or before
    assert subject is not None  # noqa: S101 - one of both is there
    told = {"before": _tender(before), "after": _tender(after)}
    trail.note(session, context, trail.Action.TENDERS_CHANGED, f"tender {subject.id}", **told)


def _tender(tender: Tender | None) -> str:
    if tender is None:
        return ""
    return canonical(
        {
            "name": tender.name,
            "type": tender.zahlart_typ.value,
            "opens_drawer": tender.opens_drawer,
            "is_active": tender.is_active,
        }
    )


def _found(known: Iterable[Tender], tender_id: str) -> Tender:
    for tender in known:
        if tender.id == tender_id:
            return tender
    raise Refused(NO_SUCH_TENDER)


def _told(rates: Iterable[VatRate]) -> str:
    rows = sorted((rate.key.value, rate.valid_from, rate.valid_to, rate.rate_bp) for rate in rates)
    return canonical(
        {
            "rates": [
                [key, start.isoformat(), end.isoformat() if end else None, basis_points]
                for key, start, end, basis_points in rows
            ]
        }
    )
