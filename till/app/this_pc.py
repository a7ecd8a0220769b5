"""The desk for this PC's own settings: screen, sounds, scanner, keys, security, printer; checked, stored and audited."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import fields, replace

from sqlalchemy.orm import Session

from till.app.backup import folder_of
from till.app.needs import needs
from till.app.paper import ROLE, receipt_endpoint
from till.app.shop_preview import sample_receipt
from till.app.workplace import Workplace
from till.audit import trail
from till.devices.endpoints import transport_factory
from till.devices.profiles import PROFILES, printer_profile
from till.errors import Refused
from till.i18n import msg
from till.ledger.chain import canonical
from till.printing.job import NewJob
from till.printing.jobs import enqueue
from till.receipts.document import to_json
from till.settings import Settings, check, save
from till.staff.permission import Permission

AT_NEXT_START = ("printer", "printer_profile", "start_category")
"""What the till only looks at when it starts."""

_FIXED = ("data_dir", "database_url", "till_id", "backup_recipient")
_LOOKS = ("language", "theme", "density")


class ThisPc:
    """The settings of the PC that this till runs on. A change counts at once, except for those of `AT_NEXT_START`."""

    def __init__(self, workplace: Workplace, look_at_printer: Callable[[], None]) -> None:
        """`look_at_printer` is called once a test is owed to the printer."""
        self._workplace = workplace
        self._look_at_printer = look_at_printer

    @property
    def settings(self) -> Settings:
        """What counts now; a printer that was changed counts from the next start on."""
        return self._workplace.settings

    def profiles(self) -> tuple[tuple[str, str], ...]:
        """The printers that the till knows: name and label."""
        return tuple((profile.name, profile.label) for profile in PROFILES.values())

    def paper_columns(self) -> int:
        """The characters of a line on this PC's receipt paper."""
        return printer_profile(self.settings.printer_profile).columns

    def prefer(self, settings: Settings) -> None:
        """Keep language, theme and size of the buttons as whoever works here chose them; anybody may, nothing else changes."""
        looks = {name: getattr(settings, name) for name in _LOOKS}
        wanted = replace(self.settings, **looks)
        check(wanted)
        self._take(wanted)
        save(wanted)

    @needs(Permission.SHOP_SETTINGS)
    def change(self, settings: Settings) -> tuple[str, ...]:
        """Store settings and let them count; gives the names of those that count from the next start on.

        Raises Refused for the first one that can't be, Unavailable where the folder of the backups is not there. What ties
        this PC to its till and its books is not changed here.
        """
        before = self.settings
        wanted = replace(settings, **{name: getattr(before, name) for name in _FIXED})
        changed = [
            field.name for field in fields(Settings) if getattr(before, field.name) != getattr(wanted, field.name)
        ]
        if not changed:
            return ()
        _check(wanted, changed)
        context = self._workplace.context(needs_shift=False)

        def work(session: Session) -> None:
            told = {"before": _told(before, changed), "after": _told(wanted, changed)}
            trail.note(session, context, trail.Action.SETTING_CHANGED, f"PC of {context.till_id}", **told)
            save(wanted)

        self._workplace.run(work)
        self._take(wanted)
        return tuple(name for name in changed if name in AT_NEXT_START)

    @needs(Permission.SHOP_SETTINGS)
    def print_test(self) -> None:
        """Owe the printer a sample receipt, marked as a test; refused without a printer."""
        workplace = self._workplace
        if not workplace.has_printer:
            raise Refused(msg("No printer is set up. Enter its address first, then start the till again."))
        receipt = sample_receipt(workplace, workplace.shop, has_logo=bool(workplace.shop.logo))
        job = NewJob(
            receipt_endpoint(workplace.settings.till_id), ROLE, uuid.uuid4(), receipt.kind.value, to_json(receipt)
        )
        now = workplace.clock.now()
        workplace.run(lambda session: enqueue(session, job, now))
        self._look_at_printer()

    def _take(self, wanted: Settings) -> None:
        """The running printer keeps its address until the next start; all else is looked at where it is used."""
        self._workplace.use_settings(wanted)


def _check(settings: Settings, changed: list[str]) -> None:
    check(settings)
    if "printer" in changed:
        transport_factory(settings.printer)
    if "printer_profile" in changed:
        printer_profile(settings.printer_profile)
    if "backup_dir" in changed:
        folder_of(settings)


def _told(settings: Settings, names: list[str]) -> str:
    return canonical({name: getattr(settings, name) for name in names})
