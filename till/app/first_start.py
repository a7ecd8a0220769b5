"""The first start: what is asked, kept as it is typed, and founded all at once or not at all (T19, U11).

The draft lies in the data folder until the shop is there, so that a kill loses nothing that was typed. A PIN is never in it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from till.app.bootstrap import held_database
from till.app.founding import found, is_founded
from till.app.printer_trial import address_of
from till.app.samples import add_samples
from till.app.workplace import NULL_PRINTER
from till.audit import trail
from till.clock import Clock, local
from till.db.context import Context
from till.devices.endpoints import transport_factory
from till.devices.profiles import PROFILES, printer_profile
from till.errors import Refused, Unavailable
from till.i18n import LANGUAGES, Translator, msg
from till.ledger.chain import canonical
from till.settings import Settings, make_data_dir, save
from till.shop import entry
from till.shop.details import ShopDetails, details_on, set_details
from till.staff import changes, pin
from till.staff.pin import Argon2, PinHashing
from till.staff.users import MOST_NAME, User, active_users

FILE = "first-start.json"
FOUNDER = "1"
_MOST_BYTES = 20_000
_ASKED = ("name", "street", "postcode", "town", "tax_number", "vat_id")
_ZONE = "Europe/Berlin"

NAMELESS = msg("Shop without a name")
BOSS = msg("Owner")
HAS_SHOP = msg("There is a shop already. Nothing was changed; start the till again.")
STILL_MISSING = msg("The shop needs a name, street, postcode and town: they stand on every receipt.")
NOT_KEPT = msg("What you type can’t be kept in {path}: {reason}. Make room there, or look at its rights.")


class Step(StrEnum):
    """The five things that are asked, in their order."""

    SHOP = "shop"
    VAT = "vat"
    PRINTER = "printer"
    PERSON = "person"
    GOODS = "goods"


STEPS = tuple(Step)


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed so far, as it was typed; `page` is where one was, counted from 0.

    `skipped` names the steps that were skipped, with commas between: what was typed there is kept, and does not count.
    """

    language: str = "de"
    page: int = 0
    name: str = ""
    street: str = ""
    postcode: str = ""
    town: str = ""
    tax_number: str = ""
    vat_id: str = ""
    is_small_business: bool = False
    printer: str = ""
    printer_profile: str = "TM-T20III"
    cashier: str = ""
    with_samples: bool = False
    skipped: str = ""

    @property
    def has_address(self) -> bool:
        """Whether the shop may sell with what was entered (§ 6 KassenSichV)."""
        return entry.is_complete(details_of(self, dt.date.min))

    def has_skipped(self, step: Step) -> bool:
        """Whether this step was left with its usual answer."""
        return step in self.skipped.split(",")

    def with_skipped(self, step: Step, *, is_skipped: bool) -> Draft:
        """Skip a step, or let what was typed there count again."""
        others = [one for one in STEPS if one is not step and self.has_skipped(one)]
        return replace(self, skipped=",".join([*others, step] if is_skipped else others))


_FIELDS = {
    Step.SHOP: _ASKED,
    Step.VAT: ("is_small_business",),
    Step.PRINTER: ("printer", "printer_profile"),
    Step.PERSON: ("cashier",),
    Step.GOODS: ("with_samples",),
}


def load_draft(settings: Settings) -> Draft:
    """What was typed before; the settings' own language and printer where nothing was, or where the file is no draft."""
    printer = "" if settings.printer == NULL_PRINTER else settings.printer
    usual = Draft(settings.language, printer=printer, printer_profile=settings.printer_profile)
    path = settings.data_dir / FILE
    with contextlib.suppress(OSError, ValueError, RecursionError):
        if path.stat().st_size <= _MOST_BYTES:
            stored = json.loads(path.read_text(encoding="utf-8"))
            return _checked(replace(usual, **_known(stored)), usual)
    return usual


def save_draft(settings: Settings, draft: Draft) -> None:
    """Keep what was typed, whole or not at all, for its owner only. Unavailable when the folder takes nothing."""
    make_data_dir(settings.data_dir)
    path = settings.data_dir / FILE
    fresh = path.with_suffix(".new")
    try:
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump(asdict(draft), file, ensure_ascii=False)
        fresh.replace(path)
    except OSError as error:
        raise Unavailable(NOT_KEPT, path=str(settings.data_dir), reason=error.strerror or str(error)) from error


def forget_draft(data_dir: Path) -> None:
    """The shop is there: what was typed stands in its books."""
    with contextlib.suppress(OSError):
        (data_dir / FILE).unlink(missing_ok=True)


def settled(draft: Draft) -> Draft:
    """What counts of it: nothing of the steps that were skipped, and the printer's address in full.

    Refused where what was typed as an address is none.
    """
    usual = Draft()
    gone = {name: getattr(usual, name) for step in STEPS if draft.has_skipped(step) for name in _FIELDS[step]}
    counted = replace(draft, **gone)
    return replace(counted, printer=address_of(counted.printer) if counted.printer.strip() else NULL_PRINTER)


def details_of(draft: Draft, valid_from: dt.date) -> ShopDetails:
    """The shop's details as they were typed, without the spaces around."""
    t = Translator(draft.language)
    return ShopDetails(
        valid_from=valid_from,
        name=draft.name.strip(),
        street=draft.street.strip(),
        postcode=draft.postcode.strip(),
        town=draft.town.strip(),
        tax_number=draft.tax_number.strip(),
        vat_id=entry.tidy_vat_id(draft.vat_id),
        receipt_footer=(t(entry.SMALL_BUSINESS),) if draft.is_small_business else (),
        language=draft.language,
    )


def check(draft: Draft) -> None:
    """Refuse what can't be founded as it stands: the rules that stand under the fields, once more."""
    for text in (draft.name, draft.street, draft.town):
        entry.check_text(text.strip())
    check_person(draft.cashier)
    entry.check_postcode(draft.postcode.strip())
    entry.check_tax_number(draft.tax_number.strip())
    entry.check_vat_id(draft.vat_id.strip())
    transport_factory(draft.printer)
    printer_profile(draft.printer_profile)


def check_person(name: str) -> None:
    """Refuse a name that is too long for the books; empty is none."""
    entry.check_text(" ".join(name.split()), most=MOST_NAME)


def found_from(
    settings: Settings, draft: Draft, typed_pin: str, clock: Clock, pins: PinHashing | None = None
) -> Settings:
    """Found the shop, all at once: details, rates, tenders, roles, person, PIN, samples; returns the settings of its till.

    Hashes the PIN, so it is never called on the window's thread. Refused where a shop is, or something is not right;
    then nothing was founded, and what was typed is still there.
    """
    has_pin = bool(typed_pin) and not draft.has_skipped(Step.PERSON)
    draft = settled(draft)
    check(draft)
    stored = (pins or Argon2()).hash(pin.checked_pin(typed_pin)) if has_pin else None
    make_data_dir(settings.data_dir)
    wanted = replace(settings, language=draft.language, printer=draft.printer, printer_profile=draft.printer_profile)
    with held_database(wanted) as database:
        save(wanted)  # before the shop: a kill in between leaves settings, and the questions are asked again
        with database.write() as session:
            if is_founded(session):
                raise Refused(HAS_SHOP)
            _found(session, draft, _context(wanted, clock, _founder(draft)), stored)
    forget_draft(settings.data_dir)
    return wanted


def complete_shop(settings: Settings, draft: Draft, clock: Clock) -> None:
    """Enter the shop's details that were skipped when it was founded. Refused while they are still not all there."""
    draft = settled(draft)
    check(draft)
    wanted = details_of(draft, _since(clock))
    if not entry.is_complete(wanted):
        raise Refused(STILL_MISSING)
    with held_database(settings) as database, database.write() as session:
        before = details_on(session, dt.date.max)
        after = replace(before, valid_from=_since(clock), **{name: getattr(wanted, name) for name in _ASKED})
        set_details(session, after)
        context = _context(settings, clock, active_users(session)[0])
        told = {"before": _told(before), "after": _told(after)}
        trail.note(session, context, trail.Action.SETTING_CHANGED, "shop", **told)
    forget_draft(settings.data_dir)


def draft_of_shop(settings: Settings) -> Draft:
    """The details of a shop that were entered so far, to be completed; what was typed since wins."""
    typed = load_draft(settings)
    with held_database(settings) as database, database.read() as session:
        details = details_on(session, dt.date.max)
    own = {name: getattr(details, name) for name in _ASKED if getattr(details, name) != entry.NOT_ENTERED}
    if own.get("name") in {Translator(language)(NAMELESS) for language in LANGUAGES}:
        del own["name"]
    return replace(typed, **{name: text for name, text in own.items() if not getattr(typed, name)}, page=0)


def _found(session: Session, draft: Draft, context: Context, pin_hash: str | None) -> None:
    details = details_of(draft, context.now.astimezone(dt.UTC).date())
    if not details.name:
        details = replace(details, name=Translator(draft.language)(NAMELESS))
    found(session, entry.with_gaps_marked(details), _founder(draft))
    if pin_hash is not None:
        changes.set_pin(session, context, FOUNDER, pin_hash)
    if draft.with_samples:
        add_samples(session, Translator(draft.language), is_small_business=draft.is_small_business)


def _founder(draft: Draft) -> User:
    name = " ".join(draft.cashier.split()) or Translator(draft.language)(BOSS)
    return User(FOUNDER, name, "".join(word[0] for word in name.split()[:2]).upper())


def _context(settings: Settings, clock: Clock, user: User) -> Context:
    return Context(settings.till_id, None, user.id, user.name, clock.now(), _today(clock))


def _told(details: ShopDetails) -> str:
    return canonical({name: getattr(details, name) for name in _ASKED})


def _since(clock: Clock) -> dt.date:
    """The day from which details count: by UTC, where after midnight in Berlin it is still the day before."""
    return clock.now().astimezone(dt.UTC).date()


def _today(clock: Clock) -> dt.date:
    return local(clock.now(), _ZONE).date()


def _known(stored: object) -> dict[str, Any]:
    """Of what stands in the file, the fields that a draft has and that are of its types."""
    if not isinstance(stored, dict):
        return {}
    kinds = {field.name: type(field.default) for field in fields(Draft)}
    return {name: value for name, value in stored.items() if type(value) is kinds.get(name)}


def _checked(draft: Draft, usual: Draft) -> Draft:
    """A draft that somebody wrote by hand may name what there is not."""
    is_known = draft.language in LANGUAGES and draft.printer_profile in PROFILES
    return draft if is_known else replace(draft, language=usual.language, printer_profile=usual.printer_profile)
