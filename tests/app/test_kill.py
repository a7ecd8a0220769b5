"""kill -9 at the four points where a sale is half through (architecture 4); at random instants: tests/torture."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from till.app.bootstrap import Ports, Till
from till.business_case import BonTyp
from till.devices.simulated.printer import SimulatedPrinter
from till.documents import find
from till.documents.model import Document, DocumentKind
from till.documents.models import DocumentRow
from till.fiscal.recording import signature_of
from till.money import Money
from till.sales.returned import ReturnWish
from till.settings import Settings

if TYPE_CHECKING:
    from tests.app.conftest import Counter


@dataclass(frozen=True)
class Site:
    """A till, opened in the morning, that is killed and opened again."""

    settings: Settings
    program: Path
    printer: SimulatedPrinter
    make_till: Callable[..., Till]
    ports: Ports
    at: type[Counter]

    def run(self, *what: str) -> subprocess.CompletedProcess[str]:
        """The selling process, until it is dead."""
        settings = self.settings
        command = [sys.executable, str(self.program), str(settings.data_dir), settings.database_url, self.printer.uri]
        return subprocess.run([*command, *what], stdout=subprocess.PIPE, text=True, check=False, timeout=100)

    def kill_at(self, point: str) -> None:
        """Sell once and die at a point."""
        assert self.run("at", point).returncode == -signal.SIGKILL

    def open(self) -> Till:
        """Open the till again; what was open is back within a second (Q2), not counting what others do on this machine."""
        before = time.process_time()
        till = self.make_till(ports=self.ports, printer=self.printer.uri)
        assert time.process_time() - before < 1.0
        return till


@pytest.fixture
def site(
    printer: SimulatedPrinter,
    make_till: Callable[..., Till],
    shop_settings: Settings,
    selling_process: Path,
    fast_ports: Ports,
    at: type[Counter],
) -> Site:
    opened = make_till(ports=fast_ports, printer=printer.uri)
    at(opened, printer).until(lambda: at(opened).job_states() == ["printed"])
    opened.close()
    return Site(shop_settings, selling_process, printer, make_till, fast_ports, at)


def documents(till: Till, kind: DocumentKind) -> list[Document]:
    with till.workplace.database.read() as session:
        ids = session.scalars(
            select(DocumentRow.id).where(DocumentRow.kind == kind.value).order_by(DocumentRow.number)
        ).all()
        return [found for document_id in ids if (found := find.document(session, document_id))]


@pytest.mark.parametrize("point", ["started", "basket"])
def test_a_basket_is_back_after_a_kill_and_its_transaction_is_ended_as_aborted(site: Site, point: str) -> None:
    site.kill_at(point)
    till = site.open()
    assert till.sale.state.restored
    assert till.sale.state.priced.total == Money(2500 + 350 + 890 + 1200)
    assert till.sale.state.tendered[0].amount == Money(10000)
    (aborted,) = documents(till, DocumentKind.ABORTED)
    assert aborted.draft.bon_typ is BonTyp.ABBRUCH
    with till.workplace.database.read() as session:
        signed = signature_of(session, aborted.id)
    assert signed is not None
    assert signed.finished is not None
    assert signed.finished.process_data == "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^"

    sold = till.sale.complete().document
    assert [reference.document_id for reference in sold.draft.references] == [aborted.id]
    assert_whole(site, till, sales=1)


def test_a_sale_killed_before_the_tse_finished_is_finished_with_its_real_amounts(site: Site) -> None:
    site.kill_at("committed")
    till = site.open()
    assert_booked_once(site, till)


def test_a_sale_killed_after_the_tse_finished_gets_that_signature_and_no_second_one(site: Site) -> None:
    site.kill_at("finished")
    till = site.open()
    assert_booked_once(site, till)


def test_a_sale_killed_before_its_paper_came_is_printed_once_and_is_no_copy(site: Site) -> None:
    site.printer.power_off()
    site.kill_at("stored")
    assert len(site.printer.receipts) == 1
    site.printer.power_on()
    till = site.open()
    assert_booked_once(site, till)


@pytest.mark.parametrize("point", ["committed", "finished", "stored"])
def test_a_cancellation_killed_on_its_way_is_booked_signed_and_printed_once(site: Site, point: str) -> None:
    site.printer.power_off()
    assert site.run("return", point).returncode == -signal.SIGKILL
    site.printer.power_on()
    till = site.open()
    (back,) = documents(till, DocumentKind.CANCELLATION)
    counter = site.at(till, site.printer)
    assert f"Zu Beleg-Nr. {back.number - 1} der Kasse" in counter.paper(back)
    with till.workplace.database.read() as session:
        signed = signature_of(session, back.id)
    assert signed is not None
    assert signed.finished is not None
    assert signed.finished.process_data == "Beleg^0.00_-3.50_0.00_0.00_-25.00^-28.50:Bar"
    assert till.cash.expected_cash() == Money(10000)
    (sold,) = documents(till, DocumentKind.SALE)
    assert till.returns.look(sold.id).refusal is not None
    assert counter.problems() == []


@pytest.mark.parametrize("point", ["started", "begun"])
def test_a_return_killed_before_it_was_booked_is_ended_as_aborted_and_can_be_made_again(site: Site, point: str) -> None:
    assert site.run("return", point).returncode == -signal.SIGKILL
    till = site.open()
    (aborted,) = documents(till, DocumentKind.ABORTED)
    assert (aborted.draft.bon_typ, aborted.draft.lines) == (BonTyp.ABBRUCH, ())
    (sold,) = documents(till, DocumentKind.SALE)
    order_id = till.returns.begin(sold.id)
    till.returns.complete(ReturnWish(order_id, sold.id, is_cancellation=True, reason="Irrtum"))
    assert site.at(till, site.printer).problems() == []


@pytest.mark.parametrize("point", ["committed", "finished", "stored"])
def test_a_bank_drop_killed_on_its_way_is_booked_signed_and_printed_once(site: Site, point: str) -> None:
    site.printer.power_off()
    assert site.run("drop", point).returncode == -signal.SIGKILL
    site.printer.power_on()
    till = site.open()
    (moved,) = documents(till, DocumentKind.CASH_MOVEMENT)
    counter = site.at(till, site.printer)
    assert "Bankeinzahlung" in counter.paper(moved)
    with till.workplace.database.read() as session:
        signed = signature_of(session, moved.id)
    assert signed is not None
    assert signed.finished is not None
    assert signed.finished.process_data == "Beleg^0.00_0.00_0.00_0.00_-50.00^-50.00:Bar"
    assert till.cash.expected_cash() == Money(5000)
    assert len(site.printer.receipts) == 2
    assert counter.problems() == []


@pytest.mark.parametrize("point", ["started", "basket"])
def test_a_practised_basket_is_back_after_a_kill_still_in_training(site: Site, point: str) -> None:
    assert site.run("training", point).returncode == -signal.SIGKILL
    till = site.open()
    assert till.training.is_on
    assert till.status.current.training
    assert till.sale.state.restored
    assert documents(till, DocumentKind.ABORTED) == []
    (aborted,) = documents(till, DocumentKind.TRAINING_ABORTED)
    assert process_data(till, aborted) == "AVTraining^0.00_0.00_0.00_0.00_0.00^"
    sold = till.sale.complete().document
    assert sold.draft.kind is DocumentKind.TRAINING_SALE
    assert [reference.document_id for reference in sold.draft.references] == [aborted.id]
    assert_nothing_counts(site, till)


@pytest.mark.parametrize("point", ["committed", "finished", "stored"])
def test_a_practised_sale_killed_on_its_way_is_signed_as_training_and_printed_once(site: Site, point: str) -> None:
    site.printer.power_off()
    assert site.run("training", point).returncode == -signal.SIGKILL
    site.printer.power_on()
    till = site.open()
    assert till.training.is_on
    (sale,) = documents(till, DocumentKind.TRAINING_SALE)
    assert process_data(till, sale) == "AVTraining^12.00_12.40_0.00_0.00_25.00^49.40:Bar"
    assert_nothing_counts(site, till)


def process_data(till: Till, document: Document) -> str:
    till.settle()
    with till.workplace.database.read() as session:
        signed = signature_of(session, document.id)
    assert signed is not None
    assert signed.finished is not None
    return signed.finished.process_data


def assert_nothing_counts(site: Site, till: Till) -> None:
    counter = site.at(till, site.printer)
    assert till.cash.expected_cash() == Money(10000)
    assert counter.count("voucher") == 0
    (sale,) = documents(till, DocumentKind.TRAINING_SALE)
    assert "TRAINING" in counter.paper(sale)
    assert len(site.printer.receipts) == 2
    assert counter.problems() == []
    till.training.end()
    assert counter.problems() == []


def assert_booked_once(site: Site, till: Till) -> None:
    assert till.sale.state.priced.basket.is_empty
    assert documents(till, DocumentKind.ABORTED) == []
    (sale,) = documents(till, DocumentKind.SALE)
    with till.workplace.database.read() as session:
        signed = signature_of(session, sale.id)
    assert signed is not None
    assert signed.finished is not None
    assert signed.finished.process_data == "Beleg^12.00_12.40_0.00_0.00_25.00^49.40:Bar"
    assert_whole(site, till, sales=1)


def assert_whole(site: Site, till: Till, *, sales: int) -> None:
    """Nothing is doubled: documents, vouchers, cash, paper; and the books prove it."""
    counter = site.at(till, site.printer)
    assert counter.problems() == []
    assert len(documents(till, DocumentKind.SALE)) == sales
    assert counter.count("voucher") == sales
    assert till.cash.expected_cash() == Money(10000 + 4940 * sales)
    receipts = site.printer.wait_for_receipts(1 + 2 * sales)
    assert len(receipts) == 1 + 2 * sales
    assert not any("KOPIE" in receipt.text for receipt in receipts)
