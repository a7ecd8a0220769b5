"""The shop's details by date, and its tenders."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from till.business_case import ZahlartTyp
from till.errors import Refused
from till.i18n import Translator, resource
from till.shop.details import ShopDetails, details_on, set_details
from till.shop.tenders import CASH, Tender, active_tenders, add_tenders, standard_tenders

SUMMER = ShopDetails(
    dt.date(2024, 1, 1),
    "Blumen & Tee Sommer",
    "Sommergasse 7",
    "01234",
    "Blütenstadt",
    tax_number="999/123/45678",
    receipt_header=("Inh. Marie Klein",),
    receipt_footer=("Vielen Dank!", "Bis bald"),
)


def test_details_come_back_unchanged(session: Session) -> None:
    set_details(session, SUMMER)

    assert details_on(session, dt.date(2026, 11, 21)) == SUMMER


def test_a_move_changes_the_address_from_its_day_on_only(session: Session) -> None:
    moved = replace(SUMMER, valid_from=dt.date(2026, 3, 1), street="Am Markt 1")
    set_details(session, moved)
    set_details(session, SUMMER)

    assert details_on(session, dt.date(2026, 2, 28)).street == "Sommergasse 7"
    assert details_on(session, dt.date(2026, 3, 1)).street == "Am Markt 1"


def test_a_correction_on_the_same_day_counts(session: Session) -> None:
    set_details(session, SUMMER)
    set_details(session, replace(SUMMER, phone="030 23125 127"))

    assert details_on(session, SUMMER.valid_from).phone == "030 23125 127"


def test_missing_details_are_refused_in_words(session: Session) -> None:
    set_details(session, SUMMER)

    with pytest.raises(Refused, match="missing for 2023-12-31"):
        details_on(session, dt.date(2023, 12, 31))


@pytest.mark.parametrize(
    "incomplete",
    [replace(SUMMER, name=" "), replace(SUMMER, street=""), replace(SUMMER, postcode=""), replace(SUMMER, town="")],
)
def test_a_shop_without_name_or_address_is_refused(session: Session, incomplete: ShopDetails) -> None:
    with pytest.raises(Refused, match="stand on every receipt"):
        set_details(session, incomplete)


def test_a_new_shop_takes_cash_card_and_vouchers(session: Session) -> None:
    add_tenders(session, reversed(standard_tenders(Translator("en"))))
    add_tenders(session, [Tender("cheque", "Cheque", ZahlartTyp.UNBAR, 0, is_active=False)])

    assert [(tender.id, tender.zahlart_typ) for tender in active_tenders(session)] == [
        ("cash", ZahlartTyp.BAR),
        ("card", ZahlartTyp.UNBAR),
        ("voucher", ZahlartTyp.KEINE),
    ]


def test_only_cash_opens_the_drawer() -> None:
    assert [tender.id for tender in standard_tenders(Translator("en")) if tender.opens_drawer] == [CASH]


def test_the_shop_of_the_demo_is_complete(session: Session) -> None:
    with resource("demo", "shop.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    columns: dict[str, Any] = dict(row)
    columns["valid_from"] = dt.date.fromisoformat(row["valid_from"])
    for lines in ("receipt_header", "receipt_footer"):
        columns[lines] = tuple(row[lines].splitlines())

    set_details(session, ShopDetails(**columns))

    shop = details_on(session, dt.date(2026, 11, 21))
    assert (shop.name, shop.country, shop.currency) == ("Blumen & Tee Sommer", "DEU", "EUR")
    assert shop.tax_number
    assert len(shop.receipt_footer) == 2
    assert all(len(line) <= 42 for line in (*shop.receipt_header, *shop.receipt_footer))
