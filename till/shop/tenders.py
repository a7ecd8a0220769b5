"""Tenders (Zahlarten): how a customer pays, what the DSFinV-K calls it, and whether the drawer opens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from till.business_case import ZahlartTyp
from till.i18n import Translator
from till.shop.models import TenderRow

CASH = "cash"
CARD = "card"
VOUCHER = "voucher"


@dataclass(frozen=True, slots=True)
class Tender:
    """A way to pay. `zahlart_typ` Keine: its redemption is a line of the receipt, not a payment (60-fiscal A4.3)."""

    id: str
    name: str
    zahlart_typ: ZahlartTyp
    position: int
    opens_drawer: bool = False
    is_active: bool = True


def standard_tenders(t: Translator) -> list[Tender]:
    """The tenders of a new shop, named in its language."""
    return [
        Tender(CASH, t("Cash"), ZahlartTyp.BAR, 1, opens_drawer=True),
        Tender(CARD, t("Card"), ZahlartTyp.UNBAR, 2),
        Tender(VOUCHER, t("Voucher"), ZahlartTyp.KEINE, 3),
    ]


def add_tenders(session: Session, tenders: Iterable[Tender]) -> None:
    """Store tenders with new ids."""
    session.execute(insert(TenderRow), [asdict(tender) for tender in tenders])


def active_tenders(session: Session) -> list[Tender]:
    """The tenders of the payment screen in their order."""
    columns = select(
        TenderRow.id,
        TenderRow.name,
        TenderRow.zahlart_typ,
        TenderRow.position,
        TenderRow.opens_drawer,
        TenderRow.is_active,
    )
    rows = session.execute(columns.where(TenderRow.is_active).order_by(TenderRow.position))
    return [Tender(row[0], row[1], ZahlartTyp(row[2]), *row[3:]) for row in rows]
