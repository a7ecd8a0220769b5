"""What the desks of one running till share: database, clock, settings, the shop's rules and who is at work."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from sqlalchemy.orm import Session

from till.app.afterwork import Afterwork
from till.app.attendance import Attendance
from till.business_case import VatKey
from till.clock import Clock, local
from till.db.context import Context
from till.db.engine import Database
from till.documents.post import IN_TRAINING
from till.errors import Refused, Unavailable
from till.formats import Formats
from till.i18n import Translator, msg
from till.sales.pricing import Rates
from till.settings import Settings
from till.shifts.count import Comparison
from till.shifts.shift import Shift, open_shift_of
from till.shifts.training import is_training
from till.shop.details import ShopDetails, details_after, in_force, next_frozen_change
from till.shop.entry import is_complete
from till.shop.revision import shop_revision
from till.shop.tenders import Tender, all_tenders
from till.shop.vat import VatRate, next_change, stored_rates
from till.staff.users import User

_T = TypeVar("_T")
NULL_PRINTER = "null:"
DISK_STOP_BYTES = 50_000_000
CLOSED = msg("The till is closed. Open it first: count the drawer and confirm the float.")
NO_ADDRESS = msg(
    "The shop’s name and address are not all there, and they must stand on every receipt (§ 6 KassenSichV). Enter them in the "
    "office under “Shop”, or start the till again: it asks for them."
)
NOT_OFFERED = msg("This way to pay is not offered any more.")


@dataclass(slots=True)
class Workplace:
    """One till at work. The shop's rules are read at the start and by `reload`; the open shift is kept here."""

    GUI_WAIT_S: ClassVar[float] = 0.2

    settings: Settings
    database: Database
    clock: Clock
    afterwork: Afterwork
    shop: ShopDetails
    attendance: Attendance
    known_tenders: tuple[Tender, ...]
    vat_rates: tuple[VatRate, ...]
    shift: Shift | None = None
    clock_confirmed: bool = False
    tse_is_test: bool = False
    last_count: Comparison | None = None
    is_training: bool = False
    planned: tuple[ShopDetails, ...] = ()
    revision: int = 0
    printer: str = field(init=False)
    settings_listeners: list[Callable[[Settings], None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.printer = self.settings.printer

    def run(self, work: Callable[[Session], _T]) -> _T:
        """Write what somebody at the window asked for: it waits `GUI_WAIT_S` for its turn, then raises Unavailable."""
        return self.database.run(work, self.GUI_WAIT_S)

    def use_settings(self, settings: Settings) -> None:
        """Work by other settings of this PC from now on; the printer stays the one that the till began with."""
        self.settings = settings
        self.attendance.lock_after(settings.lock_after_s)
        self._tell()

    def reload(self, session: Session) -> None:
        """Read the shop's rules and the open shift again."""
        self.shift = open_shift_of(session, self.settings.till_id)
        self.is_training = is_training(session, self.settings.till_id)
        self.reread(session)

    def reread(self, session: Session) -> None:
        """Read the shop's rules again; what a Z keeps of the shop stays as of the open shift's day."""
        self.revision = shop_revision(session)
        self.shop = in_force(session, self.business_date, self.today())
        self.planned = details_after(session, self.business_date)
        self.known_tenders = tuple(all_tenders(session))
        self.vat_rates = tuple(stored_rates(session))

    def see_changes(self) -> None:
        """Read the shop's rules again if another till, or the office, has changed them; the known ones count meanwhile."""
        with contextlib.suppress(Unavailable), self.database.read() as session:
            if shop_revision(session) == self.revision:
                return
            self.reread(session)
        self._tell()

    @property
    def tenders(self) -> tuple[Tender, ...]:
        """The ways to pay that are offered, in their order."""
        return tuple(tender for tender in self.known_tenders if tender.is_active)

    def today(self) -> dt.date:
        """The local date of now, by the shop's zone."""
        return local(self.clock.now(), self.shop.zone).date()

    @property
    def user(self) -> User:
        """Who is at work, and stands in the books as BEDIENER; while the till is locked, who was last."""
        return self.attendance.user

    @property
    def has_printer(self) -> bool:
        """Whether receipts are owed to a printer; without one they are shown and saved as PDF."""
        return self.printer != NULL_PRINTER

    @property
    def may_tell_cash(self) -> bool:
        """Whether the target in the drawer may be shown: always, or in a shop that counts blind once it was counted."""
        return not self.settings.blind_count or self.last_count is not None

    @property
    def business_date(self) -> dt.date:
        """The day that a booking of now belongs to: the local day on which the shift opened (architecture 7)."""
        return self.shift.business_date if self.shift else self.today()

    def rates(self) -> Rates:
        """The VAT rates that count today, in basis points per key."""
        return self.rates_on(self.today())

    def rates_on(self, day: dt.date) -> Rates:
        """The VAT rates that count on a local day, in basis points per key."""
        rates = {VatKey.NOT_TAXABLE: 0, VatKey.EXEMPT: 0, VatKey.UNDETERMINED: 0}
        rates |= {rate.key: rate.rate_bp for rate in self.vat_rates if rate.is_valid_on(day)}
        return rates

    def context(self, *, needs_shift: bool = True, may_train: bool = False) -> Context:
        """The context of a user action now. Refused when the till is closed and the action needs it open.

        In training (T13) only those of the open till can be done that say so: what nobody thought of is never practised
        by accident.
        """
        if needs_shift and self.shift is None:
            raise Refused(CLOSED)
        if needs_shift and not may_train:
            self.check_real()
        user = self.user
        return Context(
            till_id=self.settings.till_id,
            shift_id=self.shift.id if self.shift else None,
            user_id=user.id,
            user_name=user.name,
            now=self.clock.now(),
            business_date=self.business_date,
            clock_confirmed=self.clock_confirmed,
            is_training=may_train and self.is_training,
        )

    def check_address(self) -> None:
        """Refuse to open and to sell while the shop's name or address is missing."""
        if not is_complete(self.shop):
            raise Refused(NO_ADDRESS)

    def check_real(self) -> None:
        """Refuse in training what can't be practised."""
        if self.is_training:
            raise Refused(IN_TRAINING)

    def check_ready(self) -> None:
        """Refuse a new sale: closed, no address, what a Z keeps has changed since it opened (T15), a full disk (Q3)."""
        if self.shift is None:
            raise Refused(CLOSED)
        self.see_changes()
        self.check_address()
        self._check_same_shop(self.shift)
        change = next_change(self.vat_rates, self.shift.business_date)
        if change is not None and change <= self.today():
            raise Refused(
                msg("New VAT rates are valid since {day}. Close the till with a Z and open it again, then go on."),
                day=change,
            )
        if shutil.disk_usage(self.settings.data_dir).free < DISK_STOP_BYTES:
            raise Unavailable(msg("The disk is full. Free some space, then go on selling; nothing is lost."))

    def _tell(self) -> None:
        for callback in self.settings_listeners:
            callback(self.settings)

    def _check_same_shop(self, shift: Shift) -> None:
        """The shop's new name and address count from a day on, and one Z has one shop (60-fiscal A0.7)."""
        day = next_frozen_change(self.shop, self.planned)
        if day is not None and shift.business_date < day <= self.today():
            raise Refused(
                msg(
                    "The shop’s name or address is new since {day}. Close the till with a Z and open it again, then go on."
                ),
                day=day,
            )

    def receipt_formats(self) -> Formats:
        """Formats in the receipt's language: the shop's, not the screen's."""
        return Formats(Translator(self.shop.language), self.shop.zone, self.shop.currency)
