"""A sample receipt in the shop's own words: what the office shows while its texts and logo are being changed."""

from __future__ import annotations

import datetime as dt
import uuid

from till.app.shop_header import header_of
from till.app.workplace import Workplace
from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.documents.model import Document, DocumentKind, Draft, Line, Payment, VatTotal
from till.formats import Formats
from till.i18n import Translator
from till.money import Money
from till.quantity import Quantity
from till.receipts.build import build
from till.receipts.document import Receipt
from till.receipts.source import ReceiptSource, TseStamp
from till.shop.details import ShopDetails
from till.tax import included_tax

_NUMBER = 1234
_PRICE, _SECOND_PRICE = Money(1290), Money(350)
_GIVEN = Money(2000)
_USUAL = {VatKey.GENERAL: 1900, VatKey.REDUCED: 700}


def sample_png(workplace: Workplace, details: ShopDetails, logo: bytes) -> bytes:
    """The sample as a picture, on the paper of 80 mm."""
    from till.receipts.image import to_png
    from till.receipts.logo import logo_raster
    from till.receipts.media import DOTS

    logos = {details.logo or "logo": logo_raster(logo, DOTS)} if logo else {}
    return to_png(sample_receipt(workplace, details, has_logo=bool(logo)), logos=logos)


def sample_receipt(workplace: Workplace, details: ShopDetails, *, has_logo: bool = False) -> Receipt:
    """A sale that never was, with two goods of two VAT rates, marked as the test that it is."""
    t = Translator(details.language)
    now = workplace.clock.now()
    draft = _draft(t, now, {**_USUAL, **workplace.rates()})
    document = Document(
        draft, workplace.settings.till_id, _NUMBER, now, workplace.today(), None, workplace.user.id, workplace.user.name
    )
    name = details.logo or "logo" if has_logo else ""
    return build(
        ReceiptSource(
            document=document,
            shop=header_of(details, logo=name),
            formats=Formats(t, details.zone, details.currency),
            tse=TseStamp("0" * 64, _NUMBER, 2 * _NUMBER, now, now, "", qr="V0;" + "0" * 380),
            tse_is_test=True,
        )
    )


def _draft(t: Translator, now: dt.datetime, rates: dict[VatKey, int]) -> Draft:
    lines = (
        _line(t("Sample article"), (VatKey.GENERAL, rates[VatKey.GENERAL]), _PRICE, 1),
        _line(t("Another article"), (VatKey.REDUCED, rates[VatKey.REDUCED]), _SECOND_PRICE, 2),
    )
    due = lines[0].gross + lines[1].gross
    return Draft(
        id=uuid.UUID(int=0),
        kind=DocumentKind.SALE,
        bon_typ=BonTyp.BELEG,
        started_at=now,
        lines=lines,
        payments=(Payment("cash", ZahlartTyp.BAR, t("Cash"), due, _GIVEN),),
        vat=tuple(VatTotal(line.vat_key, line.rate_bp, line.gross, line.tax) for line in lines),
    )


def _line(text: str, vat: tuple[VatKey, int], price: Money, count: int) -> Line:
    gross = price * count
    return Line(
        text=text,
        gv_typ=GvTyp.UMSATZ,
        vat_key=vat[0],
        rate_bp=vat[1],
        gross=gross,
        tax=included_tax(gross, vat[1]),
        quantity=Quantity(count * 1000),
        unit_price=price,
    )
