"""Tenders (Zahlarten): how a customer pays, what the DSFinV-K calls it, and whether the drawer opens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from till.business_case import ZahlartTyp
from till.errors import Refused
from till.i18n import Translator, msg
from till.shop.models import TenderRow

CASH = "cash"
CARD = "card"
VOUCHER = "voucher"
STANDARD = (CASH, CARD, VOUCHER)
MOST_TENDERS = 12
"""The most that the payment screen offers at once; more can't be told apart in a hurry."""

LONGEST_NAME = 60
"""ZAHLART_NAME of the DSFinV-K (60-fiscal A3.2)."""

OWN_TYPES = (ZahlartTyp.UNBAR, ZahlartTyp.EC_KARTE, ZahlartTyp.KREDITKARTE, ZahlartTyp.ZAHLUNGSDIENST)
"""What an own tender can be: cash is one alone, as only it can give change, and Keine is what vouchers are."""

CARDS = (ZahlartTyp.EC_KARTE, ZahlartTyp.KREDITKARTE)


@dataclass(frozen=True, slots=True)
class Tender:
    """A way to pay. `zahlart_typ` Keine: its redemption is a line of the receipt, not a payment (60-fiscal A4.3)."""

    id: str
    name: str
    zahlart_typ: ZahlartTyp
    position: int
    opens_drawer: bool = False
    is_active: bool = True

    @property
    def is_standard(self) -> bool:
        """Whether every shop has it from the start."""
        return self.id in STANDARD

    @property
    def is_card(self) -> bool:
        """Whether a terminal takes it."""
        return self.id == CARD or self.zahlart_typ in CARDS


def standard_tenders(t: Translator) -> list[Tender]:
    """The tenders of a new shop, named in its language."""
    return [
        Tender(CASH, t("Cash"), ZahlartTyp.BAR, 1, opens_drawer=True),
        Tender(CARD, t("Card"), ZahlartTyp.UNBAR, 2),
        Tender(VOUCHER, t("Voucher"), ZahlartTyp.KEINE, 3),
    ]


def checked_name(typed: str) -> str:
    """A tender's name as it is stored; refused when it is empty, too long, or holds what can't be printed."""
    name = " ".join(typed.split())
    if not name:
        raise Refused(msg("A way to pay needs a name; it stands on receipts."))
    if len(name) > LONGEST_NAME:
        raise Refused(msg("The name of a way to pay has at most {most} characters."), most=LONGEST_NAME)
    if not name.isprintable():
        raise Refused(msg("There is a character in it that can’t be printed. Type it again."))
    return name


def check_tenders(tenders: Sequence[Tender]) -> None:
    """Refuse tenders that a shop can't have: two of one name, no cash, too many, or a standard one of another kind."""
    names = [tender.name.casefold() for tender in tenders]
    for tender in tenders:
        if names.count(tender.name.casefold()) > 1:
            raise Refused(msg("There is a way to pay called “{name}” already."), name=tender.name)
        _check_kind(tender)
    if sum(tender.is_active for tender in tenders) > MOST_TENDERS:
        raise Refused(
            msg("At most {most} ways to pay can be offered. Switch another one off first."), most=MOST_TENDERS
        )


def add_tenders(session: Session, tenders: Iterable[Tender]) -> None:
    """Store tenders with new ids; refused where a name is none."""
    rows = [asdict(tender) | {"name": checked_name(tender.name)} for tender in tenders]
    session.execute(insert(TenderRow), rows)


def store_tender(session: Session, tender: Tender) -> None:
    """Change a stored tender."""
    columns = {name: value for name, value in asdict(tender).items() if name != "id"}
    session.execute(update(TenderRow).where(TenderRow.id == tender.id).values(columns))


def delete_tender(session: Session, tender_id: str) -> None:
    """Take a tender out for good; whether it was ever used, the caller knows."""
    session.execute(delete(TenderRow).where(TenderRow.id == tender_id))


def all_tenders(session: Session) -> list[Tender]:
    """All tenders in their order, those that are switched off too."""
    columns = select(
        TenderRow.id,
        TenderRow.name,
        TenderRow.zahlart_typ,
        TenderRow.position,
        TenderRow.opens_drawer,
        TenderRow.is_active,
    )
    rows = session.execute(columns.order_by(TenderRow.position, TenderRow.id))
    return [Tender(row[0], row[1], ZahlartTyp(row[2]), *row[3:]) for row in rows]


def active_tenders(session: Session) -> list[Tender]:
    """The tenders of the payment screen in their order."""
    return [tender for tender in all_tenders(session) if tender.is_active]


def _check_kind(tender: Tender) -> None:
    if tender.is_standard:
        usual = {CASH: (ZahlartTyp.BAR,), VOUCHER: (ZahlartTyp.KEINE,)}.get(tender.id, OWN_TYPES)
    else:
        usual = OWN_TYPES
    if tender.zahlart_typ not in usual:
        raise Refused(msg("“{name}” can’t be booked as {type}."), name=tender.name, type=tender.zahlart_typ.value)
    if tender.id == CASH and not (tender.is_active and tender.opens_drawer):
        raise Refused(msg("Cash can’t be switched off: change is given in it, and its drawer has to open."))
    if tender.id == VOUCHER and tender.opens_drawer:
        raise Refused(msg("Vouchers don’t open the drawer."))
