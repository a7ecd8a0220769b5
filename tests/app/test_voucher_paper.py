"""Slips as print jobs by their type's template, slips once more, and gift certificates from the desk (V17, V25, V27)."""

from __future__ import annotations

import io
import uuid
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pypdf
import pytest
import zxingcpp
from sqlalchemy import select, update

from till.app.views import VoucherWish
from till.audit import trail
from till.catalog.barcodes import voucher_barcode
from till.devices.simulated.connection import Misbehaviour
from till.devices.simulated.printer import Fault
from till.documents.model import Document
from till.errors import Refused, Unavailable
from till.ledger.account import Account
from till.ledger.entry import Entry, Posting
from till.ledger.journal import append
from till.money import Money
from till.printing.models import PrintJobRow
from till.quantity import pieces
from till.receipts.certificate import CertificateSize
from till.vouchers.bookings import issued
from till.vouchers.issue import NewVoucher, enter, plan
from till.vouchers.models import VoucherTypeRow
from till.vouchers.terms import TermRule
from till.vouchers.types import voucher_type

if TYPE_CHECKING:
    from tests.app.conftest import Counter

VALUE_25, OWN_NUMBER = uuid.UUID(int=101), uuid.UUID(int=106)
CUP = "4012345000023"


def sell(counter: Counter, *numbers: str, text: str = "") -> Document:
    for number in numbers:
        counter.sale.sell_voucher(VoucherWish(OWN_NUMBER, number, text=text))
    counter.sale.pay_cash(counter.sale.state.settlement.open)
    return counter.sale.complete().document


def use_template(counter: Counter, template: str) -> None:
    with counter.database.write() as session:
        session.execute(update(VoucherTypeRow).values(label_template=template))


def jobs(counter: Counter) -> list[tuple[str, str, int]]:
    """Role, kind and copy number of each job behind the float's receipt."""
    assert counter.till.settle()
    with counter.database.read() as session:
        rows = session.execute(
            select(PrintJobRow.role, PrintJobRow.kind, PrintJobRow.copy_no).order_by(PrintJobRow.id)
        ).all()
    return [(row.role, row.kind, row.copy_no) for row in rows][1:]


def pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def test_each_voucher_gets_its_slip_and_its_barcode_leads_back_to_it(counter: Counter) -> None:
    sell(counter, "S-1", "Ä-2", text="Für Oma")
    slips = counter.printer.wait_for_receipts(4)[-2:]
    for number, slip in zip(("S-1", "Ä-2"), slips, strict=True):
        words = slip.text.split()
        assert {"Blumen", "Eigene", "Nummer", "30,00", number, "31.12.2036", "Oma"} <= set(words)
        (code,) = zxingcpp.read_barcodes(slip.paper_image())
        assert code.text == voucher_barcode("906", number)
        (hit,) = counter.sale.scan(code.text).vouchers
        assert hit.standing.voucher.number == number


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("default", [("receipt", "sale", 1), ("receipt", "voucher-slip", 1)]),
        ("value", [("receipt", "sale", 1), ("voucher-label", "voucher-slip", 1)]),
        ("a label that is gone", [("receipt", "sale", 1), ("receipt", "voucher-slip", 1)]),
        ("none", [("receipt", "sale", 1)]),
    ],
)
def test_the_types_template_says_what_is_printed(
    counter: Counter, template: str, printed: list[tuple[str, str, int]]
) -> None:
    use_template(counter, template)
    counter.paper(sell(counter, "S-1"))
    assert jobs(counter) == printed
    counter.until(lambda: set(counter.job_states()) == {"printed"})


def test_a_slip_without_paper_waits_and_comes_once(counter: Counter) -> None:
    counter.printer.wait_for_receipts(1)
    counter.printer.set_fault(Fault.PAPER_OUT)
    sell(counter, "S-1")
    counter.until(lambda: counter.till.status.current.unprinted == 2)
    counter.printer.set_fault(Fault.PAPER_OUT, on=False)
    counter.until(lambda: counter.job_states() == ["printed"] * 3)
    assert len(counter.printer.receipts) == 3


def test_a_doubtful_slip_is_asked_about_by_its_number(counter: Counter) -> None:
    counter.until(lambda: counter.job_states() == ["printed"])
    use_template(counter, "none")
    document = sell(counter, "S-1")
    counter.until(lambda: counter.job_states() == ["printed"] * 2)
    counter.printer.misbehave(Misbehaviour(drop_after=100))
    counter.till.certificates.reprint_slips(document.id)
    counter.until(lambda: counter.till.status.current.uncertain)
    (doubt,) = counter.till.status.current.uncertain
    assert (doubt.voucher, doubt.receipt_number) == ("S-1", document.number)
    counter.printer.misbehave(Misbehaviour())
    counter.till.status.answer_uncertain(doubt.job_id, printed=True)


def test_slips_come_once_more_as_copies_and_that_is_noted(counter: Counter) -> None:
    document = sell(counter, "S-1", "S-2")
    counter.printer.wait_for_receipts(4)
    assert counter.till.certificates.reprint_slips(document.id) == 2
    counter.till.certificates.reprint_slip(counter.voucher("S-2").standing.voucher.id)
    copies = counter.printer.wait_for_receipts(7)[-3:]
    assert ["KOPIE" in copy.text for copy in copies] == [True] * 3
    assert jobs(counter)[-3:] == [
        ("receipt", "voucher-slip", 2),
        ("receipt", "voucher-slip", 2),
        ("receipt", "voucher-slip", 3),
    ]
    with counter.database.read() as session:
        noted = trail.entries(session, "KASSE-1", trail.Action.REPRINTED)
    assert [one.subject for one in noted] == ["voucher S-1", "voucher S-2", "voucher S-2"]


def test_without_a_printer_slips_are_refused_in_words(plain: Counter) -> None:
    document = sell(plain, "S-1")
    with pytest.raises(Refused, match="No printer is set up"):
        plain.till.certificates.reprint_slips(document.id)
    with pytest.raises(Refused, match="not there any more"):
        plain.till.certificates.reprint_slip(uuid.uuid4())


def test_a_certificate_says_what_is_left_on_the_voucher(plain: Counter) -> None:
    sell(plain, "S-1", text="Für Oma")
    voucher = plain.voucher("S-1").standing.voucher
    (page,) = pages(plain.till.certificates.certificate_pdf(voucher.id, CertificateSize.A4))
    assert {"S-1", "30,00", "Für"} <= set(page.replace("„", " ").split())
    plain.sale.scan(CUP)
    plain.sale.redeem(voucher.id, Money(1200))
    plain.sale.complete()
    (page,) = pages(plain.till.certificates.certificate_pdf(voucher.id, CertificateSize.A6))
    assert "18,00" in page


def test_a_voucher_that_counts_no_more_gets_no_certificate(plain: Counter) -> None:
    document = sell(plain, "S-1")
    voucher = plain.voucher("S-1").standing.voucher
    plain.sale.scan(CUP, pieces(3))
    plain.sale.redeem(voucher.id, Money(3000))
    plain.sale.pay_cash(Money(600))
    plain.sale.complete()
    desk = plain.till.certificates
    with pytest.raises(Refused, match="fully redeemed"):
        desk.certificate_pdf(voucher.id, CertificateSize.A4)
    with pytest.raises(Refused, match="None of the vouchers"):
        desk.receipt_pdf(document.id, CertificateSize.A4)
    with pytest.raises(Refused, match="not there any more"):
        desk.certificate_pdf(uuid.uuid4(), CertificateSize.A4)


def test_a_voucher_on_account_names_its_invoice_and_its_certificate_may_be_made(plain: Counter) -> None:
    """V26: nothing in the shop sells on account yet, so the voucher is put there as such a sale will."""
    context, invoice = plain.till.workplace.context(), uuid.uuid4()
    with plain.database.write() as session:
        kind = voucher_type(session, VALUE_25)
        assert kind is not None
        planned = plan(session, context, kind, NewVoucher(uuid.uuid4(), Money(2500), Money(2500)), TermRule())
        pending = replace(planned, receivable_id=invoice, receivable_name="Rechnung 2026-0113")
        voucher = enter(session, pending, uuid.uuid4(), 7)
        legs = (*issued(voucher), Posting(Account.RECEIVABLE, Money(2500), str(invoice)))
        entry = Entry(
            uuid.uuid4(), "sale", None, context.now, context.business_date, context.till_id, None, context.user_id, legs
        )
        append(session, entry)
    (hit,) = plain.sale.scan(voucher.number).vouchers
    assert hit.refusal is not None
    assert plain.said(hit.refusal) == (
        "AG-0001: noch nicht bezahlt: Rechnung 2026-0113. Er gilt, sobald das beglichen ist."
    )
    plain.sale.scan(CUP)
    with pytest.raises(Refused, match="not paid yet: Rechnung 2026-0113"):
        plain.sale.redeem(voucher.id, Money(1200))
    assert plain.till.certificates.certificate_pdf(voucher.id, CertificateSize.A4).startswith(b"%PDF")


def test_all_vouchers_of_a_receipt_are_saved_as_one_file(plain: Counter, tmp_path: Path) -> None:
    document = sell(plain, "S-1", "S-2", "S-3")
    path = plain.till.certificates.save(document.id, CertificateSize.A6, tmp_path / "Gutscheine.pdf")
    assert [f"S-{n}" in page for n, page in enumerate(pages(path.read_bytes()), 1)] == [True] * 3


def test_a_place_that_can_not_be_written_is_said_in_words(plain: Counter, tmp_path: Path) -> None:
    document = sell(plain, "S-1")
    with pytest.raises(Unavailable, match="can't be saved there"):
        plain.till.certificates.save(document.id, CertificateSize.A4, tmp_path)


def test_the_certificate_of_one_voucher_is_saved_by_itself(plain: Counter, tmp_path: Path) -> None:
    voucher = plain.voucher(plain.sell_voucher("Gutschein 25")).standing.voucher
    path = tmp_path / "Gutschein.pdf"
    plain.till.certificates.save_one(voucher.id, CertificateSize.A4, path)
    assert path.read_bytes().startswith(b"%PDF")
