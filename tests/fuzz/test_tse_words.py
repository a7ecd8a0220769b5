"""Names and notes on their way to the TSE and into the QR code: its twelve fields stay twelve."""

from __future__ import annotations

import datetime as dt
import uuid

from hypothesis import example, given, settings
from hypothesis import strategies as st

from till.app.recording import process_of
from till.business_case import BonTyp, VatKey, ZahlartTyp
from till.documents.model import Document, DocumentKind, Draft, Payment, VatTotal
from till.errors import Refused
from till.fiscal.process_data import ProcessType
from till.fiscal.qr import qr_text
from till.fiscal.recorder import Finished, TseIdentity, checked_client_id
from till.money import Money

fuzz = settings.get_profile("fuzz")
NOON = dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC)
WORDS = st.text(st.characters(exclude_categories=()), max_size=60) | st.text(';^:_"\\\n\r\x00 a', max_size=20)
FIELDS = 12


@fuzz
@given(WORDS, WORDS)
@example("Drawer; opened", "a^b:c\nd")
def test_what_somebody_wrote_never_breaks_the_qr_code(name: str, note: str) -> None:
    kind, process_data = process_of(
        _document(Draft(uuid.UUID(int=1), DocumentKind.NO_SALE, BonTyp.SONSTIGE, NOON, bon_name=name, note=note))
    )

    assert kind is ProcessType.SONSTIGER_VORGANG
    assert process_data.isprintable()
    fields = qr_text(_finished("KASSE-1", kind.value, process_data)).split(";")
    assert (len(fields), fields[3]) == (FIELDS, process_data)


@fuzz
@given(WORDS, WORDS, st.integers(-(10**9), 10**9))
@example("Karte;^:Unbar_", "x", -1)
def test_a_receipts_process_data_holds_no_name_at_all(tender: str, name: str, cents: int) -> None:
    payment = Payment(tender, ZahlartTyp.EC_KARTE, tender, Money(cents))
    vat = VatTotal(VatKey.GENERAL, 1900, Money(cents), Money(0))
    draft = Draft(uuid.UUID(int=1), DocumentKind.SALE, BonTyp.BELEG, NOON, payments=(payment,), vat=(vat,), note=name)
    kind, process_data = process_of(_document(draft))

    beleg, gross, paid = process_data.split("^")
    assert (kind, beleg, gross.split("_")[0]) == (ProcessType.KASSENBELEG, "Beleg", str(Money(cents)))
    assert paid == (f"{Money(cents)}:Unbar" if cents else "")


@fuzz
@given(WORDS | st.from_regex(r"[A-Za-z0-9 '()+,.:=?/_;-]{0,32}", fullmatch=True))
def test_every_client_id_that_is_taken_fits_the_qr_code(typed: str) -> None:
    try:
        client_id = checked_client_id(typed)
    except Refused:
        return
    fields = qr_text(_finished(client_id, "Kassenbeleg-V1", "Beleg^^")).split(";")
    assert (len(fields), fields[1]) == (FIELDS, typed)
    assert len(client_id.encode("ascii")) <= 30
    assert not {"/", "_", "\\"} & set(client_id)


def _document(draft: Draft) -> Document:
    return Document(draft, "KASSE-1", 5, NOON, NOON.date(), None, "1", "Marie; Klein")


def _finished(client_id: str, process_type: str, process_data: str) -> Finished:
    return Finished(
        transaction_number=5,
        signature_counter=10,
        start_time=NOON,
        log_time=NOON,
        signature="aRnBvc",
        client_id=client_id,
        process_type=process_type,
        process_data=process_data,
        tse=TseIdentity(serial="31b6", public_key="BGJUYu"),
    )
