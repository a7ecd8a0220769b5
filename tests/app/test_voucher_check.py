"""What is on a voucher without a sale: its standing, its last uses, and a slip; the TSE hears of nothing (V38)."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from till.app.bootstrap import Ports, Till
from till.devices.simulated.printer import SimulatedPrinter
from till.documents.models import DocumentRow
from till.errors import Refused
from till.fiscal.soft_tse import SoftTse
from till.money import ZERO, Money
from till.printing.models import PrintJobRow
from till.receipts.document import from_json
from till.receipts.text import to_text
from till.settings import TSE, Settings
from till.vouchers.model import Voucher, VoucherState

FREE, OWN = uuid.UUID(int=102), uuid.UUID(int=106)
ROSE_CODE = "4006381333931"
Counter = Any
BringIn = Callable[..., Voucher]


@pytest.fixture
def here(till: Till, at: type[Counter]) -> Counter:
    """An open till without a printer, on SQLite."""
    return at(till)


def test_a_look_at_a_voucher_books_nothing(here: Counter, bring_in: BringIn) -> None:
    bring_in(here.till, FREE, "G-1")
    bring_in(here.till, OWN, "G-1", valid_until=dt.date(2025, 1, 1))
    with here.till.workplace.database.read() as session:
        before = session.execute(select(func.count()).select_from(DocumentRow)).scalar_one()
    hits = here.till.voucher_check.look_up("g-1 ")
    assert [(hit.standing.state, hit.offered) for hit in hits] == [
        (VoucherState.ACTIVE, ZERO),
        (VoucherState.EXPIRED, ZERO),
    ]
    assert hits[0].refusal is None
    assert here.till.voucher_check.uses(hits[0].standing.voucher.id) == ()
    with here.till.workplace.database.read() as session:
        assert session.execute(select(func.count()).select_from(DocumentRow)).scalar_one() == before
    assert here.sale.state.priced.lines == ()


def test_the_last_uses_are_told_the_newest_first(here: Counter, bring_in: BringIn) -> None:
    voucher = bring_in(here.till, FREE, "G-1")
    numbers = []
    for amount in ("1,00", "2,00", "0,50"):
        here.sale.scan(ROSE_CODE)
        here.do(f"redeem G-1 {amount}")
        here.do("cash 5")
        here.do("complete")
        assert here.last is not None
        numbers.append(here.last.document.number)
        here.till.workplace.clock.advance(60)
    uses = here.till.voucher_check.uses(voucher.id)
    assert [(use.receipt, use.amount) for use in uses] == [
        (numbers[2], Money(-50)),
        (numbers[1], Money(-200)),
        (numbers[0], Money(-100)),
    ]
    assert uses[0].till_id == here.till.settings.till_id


def test_its_own_sale_is_no_use_of_a_voucher(here: Counter) -> None:
    here.do('tap "Gutschein 25"')
    here.do("cash 25")
    here.do("complete")
    assert here.last is not None
    assert here.till.voucher_check.uses(here.last.vouchers[0].id) == ()


def test_a_number_that_is_not_there_is_refused_and_a_lookalike_suggested(here: Counter, bring_in: BringIn) -> None:
    bring_in(here.till, FREE, "G-10")
    with pytest.raises(Refused, match="no voucher with the number"):
        here.till.voucher_check.look_up("G-lO")
    assert here.till.voucher_check.like("G-lO") == "G-10"
    assert here.till.voucher_check.takes_letters()
    assert here.till.voucher_check.uses(uuid.uuid4()) == ()


def test_the_slip_says_what_is_left_and_that_it_is_no_receipt(here: Counter, bring_in: BringIn) -> None:
    voucher = bring_in(here.till, FREE, "G-1")
    text = " ".join(to_text(here.till.voucher_check.slip(voucher.id)).split())
    for words in ("Gutschein frei", "G-1", "50,00 €", "31.12.2034", "20.11.2026"):
        assert words in text
    old = bring_in(here.till, FREE, "ALT-1", valid_until=dt.date(2025, 12, 31))
    assert "ALT-1: abgelaufen" in " ".join(to_text(here.till.voucher_check.slip(old.id)).split())
    with pytest.raises(Refused, match="not known here"):
        here.till.voucher_check.slip(uuid.uuid4())


def test_without_a_printer_no_slip_is_printed(here: Counter, bring_in: BringIn) -> None:
    voucher = bring_in(here.till, FREE, "G-1")
    with pytest.raises(Refused, match="No printer"):
        here.till.voucher_check.print_slip(voucher.id, uuid.uuid4())


@pytest.fixture
def soft_tse(shop_settings: Settings, fast_ports: Ports) -> Iterator[SoftTse]:
    """A TSE whose log can be looked into."""
    tse = SoftTse(shop_settings.data_dir / TSE, fast_ports.clock)
    yield tse
    tse.close()


def log_of(tse: SoftTse) -> bytes:
    """All that it ever signed."""
    target = io.BytesIO()
    tse.export(target)
    return target.getvalue()


def test_the_slip_is_printed_once_and_the_tse_signs_nothing(
    make_till: Callable[..., Till],
    fast_ports: Ports,
    soft_tse: SoftTse,
    printer: SimulatedPrinter,
    bring_in: BringIn,
) -> None:
    till = make_till(ports=replace(fast_ports, recorder=soft_tse), printer=printer.uri)
    voucher = bring_in(till, FREE, "G-1")
    till.settle(5)
    before, order = log_of(soft_tse), uuid.uuid4()
    assert till.sale.scan("G-1").vouchers[0].standing.voucher.id == voucher.id
    till.voucher_check.look_up("G-1")
    for _ in range(2):
        till.voucher_check.print_slip(voucher.id, order)
    till.settle(5)
    with till.workplace.database.read() as session:
        (job,) = session.scalars(select(PrintJobRow).where(PrintJobRow.document_id == order)).all()
    assert job.kind == "voucher-balance"
    assert "kein Beleg" in to_text(from_json(job.snapshot)) or "not a receipt" in to_text(from_json(job.snapshot))
    assert log_of(soft_tse) == before
