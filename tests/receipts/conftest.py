"""A small shop, its sales and every other paper that it prints, for the tests of receipts."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings

from till.business_case import BonTyp, GvTyp, VatKey, ZahlartTyp
from till.catalog.barcodes import voucher_barcode
from till.documents.model import CREDIT, Document, DocumentKind, Draft, Line, Payment, Reference, VatTotal, VoucherNote
from till.formats import Formats
from till.i18n import Translator
from till.money import Money, total
from till.quantity import Quantity, pieces
from till.receipts.build import build
from till.receipts.closing import x_report
from till.receipts.document import Receipt
from till.receipts.source import (
    ClosingFigures,
    ReceiptSource,
    ShopHeader,
    TenderTotal,
    TseOutage,
    TseStamp,
    VoucherSlip,
    XReport,
)
from till.receipts.voucher_slip import voucher_slip
from till.shifts.figures import Tally
from till.tax import included_tax

settings.register_profile("busy-machine", deadline=None)
settings.load_profile("busy-machine")

ENDED = dt.datetime(2026, 11, 20, 9, 40, 42, 123456, tzinfo=dt.UTC)
STARTED = ENDED - dt.timedelta(seconds=42)
TILL = "KASSE-2026-0001"
SHOP = ShopHeader(
    "Studio Sonnenschein",
    ("Musterstr. 1", "10115 Berlin"),
    vat_id="DE123456789",
    contact=("Tel. 030 123456",),
    footer=("Vielen Dank für Ihren Besuch!",),
)
SIGNATURE = "aRnBvcXyZ0" * 12 + "P75u1234"
QR_TEXT = (
    f"V0;{TILL};Kassenbeleg-V1;Beleg^59.00_0.00_0.00_0.00_-59.00^;5;10;2026-11-20T09:40:00.000Z;"
    f"2026-11-20T09:40:42.123Z;ecdsa-plain-SHA384;unixTime;{SIGNATURE};" + "BGJUYu12" * 16 + "Zm9v"
)
STAMP = TseStamp("31b69666" * 8, 5, 10, STARTED, ENDED, SIGNATURE, QR_TEXT)
OUTAGE = TseOutage(dt.datetime(2026, 11, 20, 8, 20, tzinfo=dt.UTC))
VOUCHER_ID = uuid.UUID(int=7)
RATES = {VatKey.GENERAL: 1900, VatKey.REDUCED: 700}


@pytest.fixture(scope="session")
def shop() -> ShopHeader:
    return SHOP


@pytest.fixture(scope="session")
def stamp() -> TseStamp:
    return STAMP


@pytest.fixture(scope="session")
def line() -> Callable[..., Line]:
    return _line


@pytest.fixture(scope="session")
def sale() -> Callable[..., ReceiptSource]:
    """Makes the source of a sale's receipt: `sale(language, *lines, payments=…, **fields of ReceiptSource)`."""
    return _sale


@pytest.fixture(scope="session")
def samples() -> Callable[[str], dict[str, Receipt]]:
    """Every kind of paper by its name, in a language."""
    return lambda language: {**_sales(language), **_shift(language), **_others(language)}


def _line(text: str, cents: int, key: VatKey = VatKey.GENERAL, **fields: Any) -> Line:
    gross = Money(cents)
    rate_bp = RATES.get(key, 0)
    basis = Line(text, GvTyp.UMSATZ, key, rate_bp, gross, included_tax(gross, rate_bp), unit_price=gross)
    return replace(basis, **fields)


def _vat(lines: tuple[Line, ...]) -> tuple[VatTotal, ...]:
    by_key: dict[VatKey, list[Line]] = {}
    for line in lines:
        if line.gv_typ is not GvTyp.MEHRZWECK_EINLOESUNG:
            by_key.setdefault(line.vat_key, []).append(line)
    return tuple(
        VatTotal(key, RATES.get(key, 0), total(line.gross for line in same), total(line.tax for line in same))
        for key, same in by_key.items()
    )


def _cash(amount: int, given: int | None = None) -> Payment:
    return Payment("cash", ZahlartTyp.BAR, "Bar", Money(amount), None if given is None else Money(given))


def _document(kind: DocumentKind, *lines: Line, **fields: Any) -> Document:
    draft = Draft(uuid.UUID(int=1), kind, BonTyp.BELEG, STARTED, lines, vat=_vat(lines))
    draft = replace(draft, **fields)
    return Document(draft, TILL, 5, ENDED, ENDED.date(), None, "maria", "Maria K.")


def _sale(language: str, *lines: Line, payments: tuple[Payment, ...] | None = None, **fields: Any) -> ReceiptSource:
    paid = (_cash(total(line.gross for line in lines).cents),) if payments is None else payments
    document = _document(DocumentKind.SALE, *lines, payments=paid)
    source = ReceiptSource(document, SHOP, Formats(Translator(language)), STAMP, barcode=f"$R{TILL}.5")
    return replace(source, **fields)


def _with(source: ReceiptSource, **fields: Any) -> ReceiptSource:
    draft = replace(source.document.draft, **fields)
    return replace(source, document=replace(source.document, draft=draft))


def _note(number: str, rest: int | None, text: str = "", face: int | None = None) -> VoucherNote:
    return VoucherNote(
        VOUCHER_ID,
        number,
        "Wertgutschein",
        dt.date(2029, 12, 31),
        face=None if face is None else Money(face),
        rest=None if rest is None else Money(rest),
        text=text,
    )


def _sales(language: str) -> dict[str, Receipt]:
    massage = _line("Massage 30 min", 5900)
    apples = _line(
        "Äpfel Boskoop", 445, VatKey.REDUCED, quantity=Quantity(345), unit="kg", unit_price=Money(1290), note="Bio"
    )
    shampoo = _line("Shampoo Größe L", 2500, quantity=pieces(2), unit="Stück", unit_price=Money(1250))
    discount = _line("Rabatt 10 %", -250, gv_typ=GvTyp.RABATT, reduces=0)
    used = _line(
        "Gutschein",
        -5900,
        VatKey.NOT_TAXABLE,
        gv_typ=GvTyp.MEHRZWECK_EINLOESUNG,
        voucher=_note("MZG-0001", 4100),
    )
    sold = _line(
        "Wertgutschein",
        2000,
        VatKey.NOT_TAXABLE,
        gv_typ=GvTyp.MEHRZWECK_KAUF,
        voucher=_note("MZG-0002", None, "Alles Gute zum 30. Geburtstag", 3000),
    )
    sample = _line(
        "Wertgutschein", 2000, VatKey.NOT_TAXABLE, gv_typ=GvTyp.MEHRZWECK_KAUF, voucher=_note("MUSTER", None, face=2000)
    )
    card = Payment("card", ZahlartTyp.EC_KARTE, "girocard", Money(1000))
    signed_in_full = replace(STAMP, qr="")
    returned = replace(_line("Massage 30 min", -5900), quantity=pieces(-1), unit_price=Money(5900))
    back_to = Reference(TILL, 3, uuid.UUID(int=3))
    sources = {
        "sale": _sale(language, shampoo, apples, discount, payments=(_cash(2695, 5000),)),
        "sale-split-payment": _sale(language, shampoo, payments=(card, _cash(1500, 1500))),
        "sale-voucher-sold": _sale(language, massage, sold),
        "sale-voucher-redeemed": _sale(language, massage, used, payments=()),
        "sale-nothing-to-pay": _sale(language, _line("Beratung", 0), payments=()),
        "sale-test-tse": _sale(language, massage, tse_is_test=True),
        "sale-without-qr": _sale(language, massage, tse=signed_in_full),
        "sale-outage": _sale(language, massage, tse=OUTAGE),
        "sale-unsigned": _sale(language, massage, tse=None),
        "sale-exempt": _sale(language, _line("Kurs", 3000, VatKey.EXEMPT), _line("Porto", 500, VatKey.UNDETERMINED)),
        "training": _with(
            _sale(
                language, massage, sample, barcode="", tse=replace(STAMP, qr=STAMP.qr.replace("Beleg^", "AVTraining^"))
            ),
            kind=DocumentKind.TRAINING_SALE,
            bon_typ=BonTyp.TRAINING,
        ),
        "return": _with(_sale(language, returned), kind=DocumentKind.RETURN, references=(back_to,), note="zu klein"),
        "cancellation": _with(
            _sale(language, returned, *_taken_back()),
            kind=DocumentKind.CANCELLATION,
            references=(back_to,),
            note="Irrtum",
        ),
        "voucher-conversion": _with(
            _sale(language, *_made_into_credit(), payments=()),
            kind=DocumentKind.VOUCHER_CONVERSION,
            references=(back_to,),
        ),
    }
    papers = {name: build(source) for name, source in sources.items()}
    return {**papers, "sale-copy": papers["sale"].as_copy(), "training-copy": papers["training"].as_copy()}


def _taken_back() -> tuple[Line, ...]:
    """A voucher that had paid, the paid part of another that is paid out, one whose sale ends, and a new one."""
    used, sold, key = GvTyp.MEHRZWECK_EINLOESUNG, GvTyp.MEHRZWECK_KAUF, VatKey.NOT_TAXABLE
    return (
        _line("Gutschein", 1600, key, gv_typ=used, voucher=_note("MZG-0001", 6000), returns=1),
        _line("Aktionsgutschein", 400, gv_typ=GvTyp.RABATT, voucher=_note("MZG-0001", 6000), returns=2),
        _line("Gutschein", -1600, key, gv_typ=sold, voucher=_note("MZG-0001", 6000)),
        _line("Wertgutschein", -2000, key, gv_typ=sold, voucher=_note("MZG-0002", None, face=3000), returns=3),
        _line("Reklamationsgutschein", 1000, key, gv_typ=sold, voucher=_note("RG-0007", None, face=1000)),
    )


def _made_into_credit() -> tuple[Line, ...]:
    """What is left on a single-purpose voucher, at the rate with which it was sold, and the credit for it."""
    key, sold = VatKey.NOT_TAXABLE, GvTyp.EINZWECK_KAUF
    return (
        _line("Kursgutschein", -4000, gv_typ=sold, gv_name=CREDIT, voucher=_note("KG-0003", 0)),
        _line(CREDIT, 4000, key, gv_typ=GvTyp.MEHRZWECK_KAUF, gv_name=CREDIT),
    )


def _figures(z_number: int | None) -> ClosingFigures:
    vat = (
        VatTotal(VatKey.GENERAL, 1900, Money(119000), Money(19000)),
        VatTotal(VatKey.REDUCED, 700, Money(10700), Money(700)),
    )
    return ClosingFigures(
        z_number,
        business_date=ENDED.date(),
        opened_at=STARTED - dt.timedelta(hours=8),
        closed_at=ENDED,
        receipts=42,
        first_number=5,
        last_number=46,
        vat=vat,
        tenders=(TenderTotal("Bar", 30, Money(99700)), TenderTotal("girocard", 12, Money(30000))),
        cancellations=2,
        cancelled=Money(-5900),
        cash_target=Money(94700),
        counted=Money(94650),
        cash_before=Money(10000),
        movements=(TenderTotal("Wechselgeld", 1, Money(5000)), TenderTotal("Bankeinzahlung", 2, Money(-20000))),
        returns=Tally(3, Money(-4450)),
        aborted=Tally(1, Money(5900)),
        discounts=Tally(3, Money(-1250)),
        vouchers_sold=Tally(2, Money(10000)),
        vouchers_redeemed=Tally(1, Money(2500)),
        drawer_openings=4,
        pieces=((Money(5000), 18), (Money(2000), 2), (Money(200), 3), (Money(10), 5)),
    )


def _shift(language: str) -> dict[str, Receipt]:
    formats = Formats(Translator(language))
    movement = _line("Anfangsbestand", 20000, VatKey.NOT_TAXABLE, gv_typ=GvTyp.ANFANGSBESTAND)
    lacking = _line("Differenz", -50, VatKey.NOT_TAXABLE, gv_typ=GvTyp.DIFFERENZ)
    drop = _line("Bankeinzahlung", -15000, VatKey.NOT_TAXABLE, gv_typ=GvTyp.GELDTRANSIT)
    undone = replace(drop, gross=Money(15000), unit_price=Money(15000), gv_name="Storno")
    documents = {
        "opening-float": _document(DocumentKind.OPENING_FLOAT, movement),
        "count-difference": _document(DocumentKind.COUNT_DIFFERENCE, lacking, note="Wechselgeld verzählt"),
        "cash-movement": _document(DocumentKind.CASH_MOVEMENT, drop, note="Tageseinnahme zur Bank"),
        "cash-reversal": _document(DocumentKind.CASH_REVERSAL, undone, note="vertippt"),
        "no-sale": _document(DocumentKind.NO_SALE, bon_typ=BonTyp.SONSTIGE, note="Kleingeld gewechselt"),
        "training-began": _document(
            DocumentKind.TRAINING_BEGAN, bon_typ=BonTyp.SONSTIGE, bon_name=Translator(language)("Training began")
        ),
        "training-aborted": _document(
            DocumentKind.TRAINING_ABORTED, _line("Massage 30 min", 5900), bon_typ=BonTyp.TRAINING
        ),
        "aborted": _document(DocumentKind.ABORTED, _line("Massage 30 min", 5900), bon_typ=BonTyp.ABBRUCH),
        "closing": _document(DocumentKind.CLOSING, bon_typ=BonTyp.SONSTIGE),
    }
    figures = _figures(7)
    papers = {
        name: build(ReceiptSource(document, SHOP, formats, STAMP, closing=figures))
        for name, document in documents.items()
    }
    empty = replace(_figures(None), receipts=0, first_number=None, last_number=None, counted=None, pieces=())
    return {**papers, "x-report": x_report(XReport(empty, SHOP, formats, TILL, "Maria K."))}


def _others(language: str) -> dict[str, Receipt]:
    slip = VoucherSlip(
        SHOP,
        Formats(Translator(language)),
        type_name="Wertgutschein",
        number="MZG-0002",
        barcode="$VMZG.MZG-0002",
        value=Money(3000),
        valid_from=dt.date(2026, 11, 20),
        valid_until=dt.date(2036, 12, 31),
        text="Alles Gute zum 30. Geburtstag",
    )
    long = replace(
        slip,
        type_name="Wellness-Gutschein mit Massage",
        number="SPENDE-2026-FÜR-DIE-GÄRTNER-DER-STADT-01",
        barcode=voucher_barcode("906", "SPENDE-2026-FÜR-DIE-GÄRTNER-DER-STADT-01"),
        value=Money(9_999_999),
        text="<b>Für Oma</b> & Opa: " + "alles Liebe und Gute zur goldenen Hochzeit " * 2,
    )
    plain = replace(slip, text="", number="A1", barcode="$VMZG.A1", value=Money(5))
    return {
        "voucher-slip": voucher_slip(slip),
        "voucher-slip-long": voucher_slip(long),
        "voucher-slip-plain": voucher_slip(plain),
        "voucher-slip-copy": voucher_slip(slip).as_copy(),
    }
