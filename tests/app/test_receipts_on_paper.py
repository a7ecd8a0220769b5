"""Twenty-four different sales, read back from the printer's paper: the QR code says what the law wants, genuinely signed.

The processData of each is compared with the booking table of the fiscal rules (60-fiscal A4.3); the signature is
verified with another library, from nothing but the QR code, as an auditor does it.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import TYPE_CHECKING

import ecdsa
import zxingcpp
from ecdsa.util import sigdecode_string

from till.app.views import ScanKind

if TYPE_CHECKING:
    from PIL.Image import Image

    from tests.app.conftest import Counter

SALES = (
    ("three roses", "3 x 4006381333931; cash 10,50", "Beleg^0.00_10.50_0.00_0.00_0.00^10.50:Bar"),
    ("a cup by card", "scan 4012345000023; card 12,00", "Beleg^12.00_0.00_0.00_0.00_0.00^12.00:Unbar"),
    (
        "40 at 19 % and 20 at 7 %",
        "scan 4012345000023; line 1 price 40,00; scan 4006381333931; line 2 price 20,00; cash 60,00",
        "Beleg^40.00_20.00_0.00_0.00_0.00^60.00:Bar",
    ),
    ("with change", "scan 4012345000016; cash 10,00", "Beleg^0.00_8.90_0.00_0.00_0.00^8.90:Bar"),
    ("two notes", "scan 4012345000016; cash 5,00; cash 5,00", "Beleg^0.00_8.90_0.00_0.00_0.00^8.90:Bar"),
    ("card and cash", "scan 4012345000016; card 4,00; cash 5,00", "Beleg^0.00_8.90_0.00_0.00_0.00^4.90:Bar_4.00:Unbar"),
    ("two cards", "scan 4012345000016; card 4,00; card 4,90", "Beleg^0.00_8.90_0.00_0.00_0.00^8.90:Unbar"),
    ("a line at 10 % less", "scan 4012345000023; line 1 discount 10%; cash 20,00", "Beleg^10.80_0.00_0.00_0.00_0.00^10.80:Bar"),
    (
        "5,00 off two rates",
        "scan 4012345000023; scan 4006381333931; discount 5,00; cash 20,00",
        "Beleg^8.13_2.37_0.00_0.00_0.00^10.50:Bar",
    ),
    ("nothing to pay", "scan 4006381333931; discount 100%", "Beleg^0.00_0.00_0.00_0.00_0.00^"),
    ("a deposit", "scan 4012345000047; cash 5,00", "Beleg^5.00_0.00_0.00_0.00_0.00^5.00:Bar"),
    ("cheese from the scale", "scan 2800008003458; cash 6,90", "Beleg^0.00_6.90_0.00_0.00_0.00^6.90:Bar"),
    ("a price label", "scan 2100002012341; cash 12,34", "Beleg^0.00_12.34_0.00_0.00_0.00^12.34:Bar"),
    ("a multi-purpose voucher of 100", 'tap "Gutschein frei" for 100,00; cash 100,00', "Beleg^0.00_0.00_0.00_0.00_100.00^100.00:Bar"),
    (
        "59 of 100 of it on 59",
        "scan 4012345000023; line 1 price 59,00; redeem FR-0001 59,00",
        "Beleg^59.00_0.00_0.00_0.00_-59.00^",
    ),
    (
        "the rest of it and cash",
        "scan 4012345000023; line 1 price 50,00; redeem FR-0001 all; cash 10,00",
        "Beleg^50.00_0.00_0.00_0.00_-41.00^9.00:Bar",
    ),
    ("a single-purpose voucher by card", "tap Floristik-Kurs; card 50,00", "Beleg^50.00_0.00_0.00_0.00_0.00^50.00:Unbar"),
    (
        "15 of it on 15",
        "tap Lieferung; line 1 price 15,00; redeem EK-0001 15,00",
        "Beleg^0.00_0.00_0.00_0.00_0.00^",
    ),
    (
        "the rest of it on 70, cash",
        "tap Lieferung; line 1 price 70,00; redeem EK-0001 all; cash 35,00",
        "Beleg^35.00_0.00_0.00_0.00_0.00^35.00:Bar",
    ),
    ("a gift voucher handed out", "tap Geschenk", "Beleg^0.00_0.00_0.00_0.00_0.00^"),
    (
        "10 of it: a lower price",
        "scan 4012345000023; line 1 price 20,00; redeem GE-0001 10,00; cash 10,00",
        "Beleg^10.00_0.00_0.00_0.00_0.00^10.00:Bar",
    ),
    ("a promotion: 30 for 20", 'tap "Aktion 20/30"; cash 20,00', "Beleg^0.00_0.00_0.00_0.00_20.00^20.00:Bar"),
    (
        "12 of it: 8 paid, 4 given",
        "scan 4012345000023; redeem AK-0001 12,00",
        "Beleg^8.00_0.00_0.00_0.00_-8.00^",
    ),
    (
        "the other 18: 12 paid, 6 given",
        "scan 4012345000023; line 1 price 18,00; redeem AK-0001 all",
        "Beleg^12.00_0.00_0.00_0.00_-12.00^",
    ),
)  # fmt: skip


def test_every_sort_of_sale_is_on_paper_with_a_genuine_signature(counter: Counter) -> None:
    booked = [(name, counter.till.receipts.find(_sold(counter, steps)), wanted) for name, steps, wanted in SALES]
    found = {}
    for name, document, _ in booked:
        text = counter.paper(document)
        receipt = next(r for r in counter.printer.receipts if r.text == text)
        found[name] = _signed(_qr(receipt.paper_image()))
    assert found == {name: wanted for name, _, wanted in booked}
    assert counter.printer.unknown == []
    assert counter.problems() == []


def test_a_drawer_opening_and_the_z_are_signed_as_other_transactions(counter: Counter) -> None:
    counter.till.cash.open_drawer()
    counter.till.cash.close_shift(None)
    drawer, z = (_signed(_qr(r.paper_image())) for r in counter.printer.wait_for_receipts(3)[1:])
    assert drawer == "Schublade geöffnet"
    assert z.startswith("Tagesabschluss Z 1 ")


def test_the_receipts_barcode_brings_the_receipt_back(counter: Counter) -> None:
    document = counter.sell("4006381333931").document
    counter.paper(document)
    result = counter.sale.scan(_barcode(counter.printer.receipts[-1].paper_image()))
    assert result.kind is ScanKind.RECEIPT
    assert result.receipt == document


def test_the_slips_barcode_brings_the_voucher_back(counter: Counter) -> None:
    counter.sell_voucher("Gutschein 25")
    slip = counter.printer.wait_for_receipts(3)[-1]
    result = counter.sale.scan(_barcode(slip.paper_image()))
    assert result.kind is ScanKind.VOUCHER
    assert [hit.standing.voucher.number for hit in result.vouchers] == ["AG-0001"]


def _sold(counter: Counter, steps: str) -> int:
    """Sell by the words of the script; the receipt's number."""
    for step in steps.split("; "):
        counter.do(step)
    return counter.sale.complete().document.number


def _qr(paper: Image) -> str:
    (found,) = (code for code in zxingcpp.read_barcodes(paper) if code.format == zxingcpp.BarcodeFormat.QRCode)
    return found.text


def _barcode(paper: Image) -> str:
    (found,) = (code for code in zxingcpp.read_barcodes(paper) if code.format == zxingcpp.BarcodeFormat.Code128)
    return found.text


def _signed(qr: str) -> str:
    """The processData of a QR code whose signature verifies (60-fiscal A2.3, A2.4)."""
    version, client, process_type, process_data, number, counter, _, log_time, algorithm, form, value, key = qr.split(
        ";"
    )
    assert (version, client, algorithm, form) == ("V0", "KASSE-1", "ecdsa-plain-SHA384", "unixTime")
    point = base64.b64decode(key)
    logged = int(dt.datetime.fromisoformat(log_time).timestamp())
    message = b"".join(
        (
            bytes.fromhex("020102060904007f000703070101"),
            _tlv(0x80, b"FinishTransaction"),
            _tlv(0x81, client.encode()),
            _tlv(0x82, process_data.encode()),
            _tlv(0x83, process_type.encode()),
            _tlv(0x85, _integer(int(number))),
            _tlv(0x04, hashlib.sha256(point).digest()),
            bytes.fromhex("300c060a04007f00070101040104"),
            _tlv(0x02, _integer(int(counter))),
            _tlv(0x02, _integer(logged)),
        )
    )
    verifier = ecdsa.VerifyingKey.from_string(point, curve=ecdsa.BRAINPOOLP384r1)
    assert verifier.verify(base64.b64decode(value), message, hashfunc=hashlib.sha384, sigdecode=sigdecode_string)
    return process_data


def _tlv(tag: int, content: bytes) -> bytes:
    """DER by hand: tag, length, content."""
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def _integer(value: int) -> bytes:
    return value.to_bytes(value.bit_length() // 8 + 1, "big")
