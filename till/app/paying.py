"""How a sale is paid at the counter: cash, cards, vouchers by number or by amount; nothing is spent before it is booked."""

from __future__ import annotations

import abc
import uuid
from dataclasses import replace

from till.app import redeeming
from till.app.needs import needs
from till.app.offer import Offer
from till.app.redeeming import checked_offer, offers_by_number
from till.app.views import TenderKey, Unnumbered, VoucherHit
from till.documents.reason import checked_reason
from till.i18n import msg
from till.money import Money
from till.sales.draft import cash_moved
from till.sales.order import Order, TenderFace
from till.sales.pricing import PricedBasket
from till.sales.tender import Goodwill, Settlement, Tendered, TenderKind, check_tender, settle
from till.shifts.movement import check_drawer
from till.shifts.shift import target_cash
from till.shop.tenders import CASH, VOUCHER
from till.staff.permission import Permission

_NO_REASON = msg("Say why the expired voucher is accepted: it stands in the books.")


class Paying(Offer, abc.ABC):
    """The part of the sale desk that takes payments."""

    _priced: PricedBasket
    _tendered: tuple[Tendered, ...]

    @abc.abstractmethod
    def _clear_doubt(self) -> None:
        """Ask the books first, where it is not known whether the sale was ended."""

    @abc.abstractmethod
    def _changed(self) -> None:
        """Show and keep the sale as it is now."""

    def look_up_voucher(self, number: str, type_plu: str | None = None) -> tuple[VoucherHit, ...]:
        """The vouchers with this number and how they stand (V31); none is refused in words."""
        with self._workplace.database.read() as session:
            return offers_by_number(session, self._workplace.business_date, self._order, (number, type_plu))

    def voucher_like(self, number: str) -> str | None:
        """The one number there is that a typed one may have meant: O for 0, I or l for 1; None for none or several (V15)."""
        with self._workplace.database.read() as session:
            return redeeming.voucher_like(session, number)

    def takes_letters(self) -> bool:
        """Whether voucher numbers are typed with letters too; a scan is read whole in any case (V15)."""
        with self._workplace.database.read() as session:
            return redeeming.takes_letters(session)

    def unnumbered(self) -> tuple[Unnumbered, ...]:
        """The types whose vouchers have no number, and what is outstanding of each; none unless the shop wants it (V14)."""
        with self._workplace.database.read() as session:
            return redeeming.unnumbered(session, self._workplace.business_date, self._order)

    @needs(Permission.SELL)
    def pay_cash(self, given: Money) -> None:
        """Take cash; more than is open becomes change."""
        check_tender(TenderKind.CASH, given, self._settlement)
        self._take(self._key(CASH, TenderKind.CASH), given)

    @needs(Permission.SELL)
    def pay_card(self, tender_id: str, amount: Money) -> None:
        """Take a card or another own tender, at most what is open."""
        check_tender(TenderKind.CARD, amount, self._settlement)
        self._take(self._key(tender_id, TenderKind.CARD), amount)

    @needs(Permission.SELL)
    def redeem(self, voucher_id: uuid.UUID, amount: Money, *, pay_out: bool = False) -> None:
        """Take a voucher into the payment; only completing the sale redeems it (V32, V33).

        `pay_out`: what of its paid part is more than due goes back in cash (V35). Refused where the shop or the voucher
        does not allow that, and when the drawer holds less.
        """
        check_tender(TenderKind.VOUCHER, amount, self._settlement)
        with self._workplace.database.read() as session:
            hit = checked_offer(session, self._workplace.business_date, self._order, (voucher_id, amount))
            one = _by_voucher(hit, amount)
            if pay_out:
                one = replace(one, paid_out=redeeming.checked_surplus(hit, amount))
                order = replace(self._order, tendered=(*self._tendered, one))
                self._check_drawer(target_cash(session, self._workplace.settings.till_id), cash_moved(order))
        self._add(one)

    @needs(Permission.SELL)
    @needs(Permission.REDEEM_EXPIRED)
    def redeem_expired(self, voucher_id: uuid.UUID, amount: Money, reason: str) -> None:
        """Take an expired voucher all the same, as goodwill: the books say why and who has allowed it (V37)."""
        check_tender(TenderKind.VOUCHER, amount, self._settlement)
        why = checked_reason(reason, _NO_REASON)
        with self._workplace.database.read() as session:
            hit = redeeming.checked_goodwill(session, self._workplace.business_date, self._order, (voucher_id, amount))
        by = self._workplace.attendance.answers_for(Permission.REDEEM_EXPIRED).name
        self._add(replace(_by_voucher(hit, amount), goodwill=Goodwill(why, by)))

    @needs(Permission.SELL)
    def redeem_by_amount(self, type_id: uuid.UUID, amount: Money) -> None:
        """Take vouchers without a number into the payment, the oldest valid ones first, never more than there are (V14)."""
        check_tender(TenderKind.VOUCHER, amount, self._settlement)
        with self._workplace.database.read() as session:
            hits = redeeming.taken_by_amount(session, self._workplace.business_date, self._order, (type_id, amount))
        self._add(*(_by_voucher(hit, hit.offered) for hit in hits))

    @needs(Permission.SELL)
    def take_back(self, tendered_id: int) -> None:
        """Take a payment out again, before the sale is completed (V33)."""
        self._clear_doubt()
        self._tendered = tuple(t for t in self._tendered if t.id != tendered_id)
        self._changed()

    @property
    def _order(self) -> Order:
        faces = {t.id: TenderFace(t.id, t.name, t.zahlart_typ) for t in self._workplace.known_tenders}
        return Order(self._priced, self._tendered, faces)

    @property
    def _settlement(self) -> Settlement:
        return settle(self._priced.total, self._tendered)

    def _check_drawer(self, there: Money, moved: Money) -> None:
        """Nothing leaves the drawer in training."""
        if not self._workplace.is_training:
            check_drawer(there, moved)

    def _take(self, key: TenderKey, amount: Money) -> None:
        self._add(Tendered(0, key.kind, key.id, key.name, amount))

    def _add(self, *taken: Tendered) -> None:
        self._clear_doubt()
        last = max((t.id for t in self._tendered), default=0)
        numbered = (replace(one, id=last + place) for place, one in enumerate(taken, 1))
        self._tendered = (*self._tendered, *numbered)
        self._changed()


def _by_voucher(hit: VoucherHit, amount: Money) -> Tendered:
    voucher = hit.standing.voucher
    return Tendered(0, TenderKind.VOUCHER, VOUCHER, redeeming.shown_number(voucher), amount, voucher.id)
