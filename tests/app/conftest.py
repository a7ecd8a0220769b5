"""A counter to play scripts on: a till on either database, a simulated printer, a TSE that fails on command."""

from __future__ import annotations

import contextlib
import re
import shlex
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import till.schema  # noqa: F401 - all tables are known
from till.app.bootstrap import Ports, Till, open_till
from till.app.verify import verify
from till.app.views import CompletedSale, ScanResult, Tile, VoucherHit, VoucherWish
from till.clock import FixedClock
from till.db.base import Base
from till.db.engine import NO_CONNECTION, Database
from till.devices.drivers.escpos_printer import PrinterLimits
from till.devices.simulated.printer import SimulatedPrinter
from till.errors import Refused, Unavailable
from till.fiscal.faulty import FaultyRecorder
from till.fiscal.signing import SigningLimits
from till.fiscal.soft_tse import SoftTse
from till.formats import Formats, parse_money, parse_percent, parse_quantity
from till.i18n import Translator
from till.money import Money
from till.printing.models import PrintJobRow
from till.printing.worker import WorkerPace
from till.quantity import ONE
from till.sales.basket import AmountOff, Discount, PercentOff
from till.settings import TSE, Settings
from till.shifts.movement import Movement, MovementKind, TakingBack

if TYPE_CHECKING:
    from till.documents.model import Document

_T = TypeVar("_T")
ROSE_CODE, TEA_CODE, CUP_CODE, GLASS_CODE = "4006381333931", "4012345000016", "4012345000023", "4012345000047"
PACE = WorkerPace(
    retry_first_s=0.02,
    retry_last_s=0.1,
    blocked_s=0.05,
    idle_s=0.2,
    drawer_open_s=0.1,
    kick_s=0.5,
    database_s=0.02,
    limits=PrinterLimits(status_s=0.3, confirm_s=1.0, ask_every_s=0.05, quiet_s=0.01),
)
SIGNING = SigningLimits(answer_s=0.8, first_probe_s=0.05, longest_probe_s=0.1, stop_s=2.0)
_PATIENCE_S = 30.0
BOOKS = ("document", "document_line", "ledger_entry", "voucher", "chain_link", "audit", "closing", "signature")


class Counter:
    """A till with words for what a cashier does; `play` runs a script and compares what comes of each step."""

    def __init__(self, till: Till, printer: SimulatedPrinter | None = None) -> None:
        self.till = till
        self.sale = till.sale
        self._printer = printer
        self.last: CompletedSale | None = None

    @property
    def printer(self) -> SimulatedPrinter:
        """The printer beside the till, where there is one."""
        assert self._printer is not None
        return self._printer

    # What a cashier does

    def tile(self, name: str) -> Tile:
        """The tile with this name."""
        return next(tile for tile in self.sale.assortment().tiles if tile.name == name)

    def line(self, place: str | int) -> int:
        """The id of the basket's line at this place, from 1."""
        return self.sale.state.priced.lines[int(place) - 1].line.id

    def voucher(self, number: str) -> VoucherHit:
        """The one voucher with this number."""
        (hit,) = self.sale.look_up_voucher(number)
        return hit

    def sell(self, *codes: str, given: str = "500,00") -> CompletedSale:
        """Scan, take cash, complete."""
        for code in codes:
            self.sale.scan(code)
        self.sale.pay_cash(parse_money(given))
        return self.sale.complete()

    def sell_voucher(self, name: str, worth: str | None = None) -> str:
        """Sell a voucher for cash; its number."""
        self.sale.add(self.tile(name), price=parse_money(worth) if worth else None)
        if self.sale.state.settlement.open:
            self.sale.pay_cash(self.sale.state.settlement.open)
        sale = self.sale.complete()
        self.sale.dismiss()
        return sale.vouchers[0].number

    # What is in the books

    @staticmethod
    def until(is_so: Callable[[], object], timeout_s: float = 30.0) -> None:
        """Wait for something that another thread does."""
        deadline = time.monotonic() + timeout_s
        while not is_so():
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(0.005)

    @property
    def database(self) -> Database:
        """The till's database."""
        return self.till.workplace.database

    @contextlib.contextmanager
    def answers_lost(self) -> Iterator[None]:
        """Each unit of work of this thread is committed, and then the line breaks."""
        run, here = self.database.run, threading.get_ident()

        def lose(work: Callable[[Session], _T], wait_s: float | None = None) -> _T:
            if threading.get_ident() != here:
                return run(work, wait_s)
            run(work, _PATIENCE_S)  # on a busy machine the threads behind the counter may hold it up
            raise Unavailable(NO_CONNECTION)

        self.database.run = lose  # type: ignore[method-assign]
        try:
            yield
        finally:
            del self.database.run

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with self.database.read() as session:
            return session.execute(select(func.count()).select_from(Base.metadata.tables[table])).scalar_one()

    def job_states(self) -> list[str]:
        """The states of all print jobs in the order of their making."""
        with self.database.read() as session:
            return list(session.scalars(select(PrintJobRow.state).order_by(PrintJobRow.id)))

    def books(self) -> dict[str, int]:
        """How many rows of each sort are booked, when the threads behind the counter have done their part."""
        assert self.till.settle()
        return {table: self.count(table) for table in BOOKS}

    def problems(self) -> list[str]:
        """What verify finds."""
        assert self.till.settle()
        return [f"{problem.check}: {problem.finding}" for problem in verify(self.database)]

    def paper(self, document: Document, timeout_s: float = 30.0) -> str:
        """The printed text of a document, once it is there."""
        wanted = re.compile(rf"Beleg-Nr\. {document.number}\b")
        found: list[str] = []

        def is_there() -> bool:
            found[:] = [receipt.text for receipt in self.printer.receipts if wanted.search(receipt.text)]
            return bool(found)

        self.until(is_there, timeout_s)
        return found[0]

    # Scripts

    def play(self, script: str) -> None:
        """Run a script and compare: `action -> what came of it`, `| line that is printed`, blank lines and # remarks."""
        expected = [" ".join(line.split()) for line in script.splitlines()]
        expected = [line for line in expected if line and not line.startswith("#")]
        printed = iter(())  # type: Iterator[str]
        happened = []
        for line in expected:
            if line.startswith("|"):
                happened.append(f"| {self._printed(line[1:].strip(), printed)}")
                continue
            action = line.partition(" -> ")[0]
            result = self._result_of(action)
            happened.append(f"{action} -> {result}" if result else action)
            if self.last is not None and action == "complete" and self._printer is not None:
                printed = iter([" ".join(text.split()) for text in self.paper(self.last.document).splitlines()])
        assert "\n".join(happened) == "\n".join(expected)

    def _printed(self, wanted: str, lines: Iterator[str]) -> str:
        return next((line for line in lines if line == wanted), "(not printed below the line before)")

    def _result_of(self, action: str) -> str:
        try:
            return self.do(action)
        except Refused as refused:
            return self.said(refused)

    def said(self, refused: Refused) -> str:
        """A refusal as the German cashier reads it."""
        return " ".join(Formats(Translator("de")).sentence(refused).split())

    def do(self, action: str) -> str:  # noqa: C901, PLR0911, PLR0912, PLR0915 - one case per word of the script's language
        """One step of a script; what came of it."""
        sale, cash = self.sale, self.till.cash
        match shlex.split(action):
            case ["open", amount]:
                cash.open_shift(parse_money(amount))
                return ""
            case ["close", amount]:
                z = cash.close_shift(parse_money(amount))
                return f"Z {z.z_number}, difference {z.difference}"
            case ["training", "begins"]:
                self.till.training.begin()
                return ""
            case ["training", "ends"]:
                self.till.training.end()
                return ""
            case ["drawer"]:
                cash.open_drawer()
                return ""
            case ["move", kind, amount, reason]:
                return self._moved(cash.move(Movement(MovementKind(kind), parse_money(amount), reason)))
            case ["undo", number, reason]:
                wrong = next(moved for moved in cash.movements() if moved.number == int(number))
                return self._moved(cash.take_back(TakingBack(wrong.document_id, reason)))
            case ["scan", code]:
                return self._scanned(sale.scan(code))
            case [count, "x", code]:
                return self._scanned(sale.scan(code, parse_quantity(count)))
            case ["sell", name, *answers]:
                sale.sell_voucher(self._wish(name, answers))
            case ["line", place, "voucher", number, words]:
                sale.set_voucher(self.line(place), number, words)
            case ["tap", name]:
                sale.add(self.tile(name))
            case ["tap", name, "for", amount]:
                sale.add(self.tile(name), ONE, parse_money(amount))
            case ["line", place, "quantity", count]:
                sale.set_quantity(self.line(place), parse_quantity(count))
            case ["line", place, "price", amount]:
                sale.set_price(self.line(place), parse_money(amount))
            case ["line", place, "discount", off]:
                sale.set_line_discount(self.line(place), _discount(off))
            case ["line", place, "note", note]:
                sale.set_note(self.line(place), note)
            case ["line", place, "remove"]:
                sale.remove(self.line(place))
            case ["discount", off]:
                sale.set_discount(_discount(off))
            case ["undo"]:
                sale.undo()
            case ["cancel"]:
                sale.cancel()
            case ["cash", amount]:
                sale.pay_cash(parse_money(amount))
                return self._settled()
            case ["card", amount]:
                sale.pay_card("card", parse_money(amount))
                return self._settled()
            case ["redeem", number, amount]:
                hit = self.voucher(number)
                sale.redeem(hit.standing.voucher.id, hit.offered if amount == "all" else parse_money(amount))
                return self._settled()
            case ["take", "back", place]:
                sale.take_back(sale.state.tendered[int(place) - 1].id)
                return self._settled()
            case ["complete"]:
                return self._complete()
            case _:
                raise AssertionError(action)
        return f"total {sale.state.priced.total}"

    def _moved(self, document: Document) -> str:
        return f"receipt {document.number}, drawer {self.till.cash.expected_cash()}"

    def _scanned(self, result: ScanResult) -> str:
        if result.ask is not None:
            asked = [
                word
                for word, is_asked in (("number", result.ask.asks_number), ("price", result.ask.asks_price))
                if is_asked
            ]
            return f"asks {' and '.join(asked)} of {result.ask.count}"
        if result.choices:
            named = [one.tile.name for one in result.choices if one.tile is not None]
            named += [
                f"voucher {one.voucher.standing.voucher.number}" for one in result.choices if one.voucher is not None
            ]
            return f"several: {', '.join(named)}"
        return self._found(result.vouchers)

    def _wish(self, name: str, answers: list[str]) -> VoucherWish:
        """`number N for AMOUNT saying WORDS`, in any order and each only where it is asked."""
        said = dict(zip(answers[::2], answers[1::2], strict=True))
        price = parse_money(said["for"]) if "for" in said else None
        return VoucherWish(uuid.UUID(self.tile(name).id), said.get("number", ""), price, said.get("saying", ""))

    def _found(self, vouchers: tuple[VoucherHit, ...]) -> str:
        if not vouchers:
            return f"total {self.sale.state.priced.total}"
        return ", ".join(
            f"voucher {hit.standing.voucher.number}: {hit.offered} of {hit.standing.remaining}" for hit in vouchers
        )

    def _settled(self) -> str:
        settlement = self.sale.state.settlement
        return f"change {settlement.change}" if settlement.is_complete else f"open {settlement.open}"

    def _complete(self) -> str:
        self.last = self.sale.complete()
        numbers = [voucher.number for voucher in self.last.vouchers]
        return ", ".join([f"receipt {self.last.document.number}", *numbers])


def _discount(typed: str) -> Discount:
    if typed.endswith("%"):
        return PercentOff(parse_percent(typed))
    return AmountOff(parse_money(typed))


@pytest.fixture
def at() -> type[Counter]:
    """Puts the words of a counter around a till: `at(till, printer)`."""
    return Counter


@pytest.fixture
def fast_ports(clock: FixedClock) -> Ports:
    """The fixed clock and threads that wait only milliseconds."""
    return Ports(clock=clock, pace=PACE, signing=SIGNING)


@pytest.fixture
def printer() -> Iterator[SimulatedPrinter]:
    """A printer that is on and in good order."""
    with SimulatedPrinter() as made:
        yield made


@pytest.fixture
def closed_counter(printer: SimulatedPrinter, make_till: Callable[..., Till], fast_ports: Ports) -> Counter:
    """A till with a printer before it is opened in the morning; SQLite."""
    return Counter(make_till(ports=fast_ports, printer=printer.uri, open_shift=False), printer)


@pytest.fixture
def counter(closed_counter: Counter) -> Counter:
    """A till with a printer and a float of 100,00; SQLite."""
    closed_counter.till.cash.open_shift(Money(10000))
    return closed_counter


@pytest.fixture
def shop(any_shop_settings: Settings, clock: FixedClock) -> Iterator[Till]:
    """An open till in the small shop, on each of both databases."""
    till = open_till(any_shop_settings, Ports(clock=clock))
    till.cash.open_shift(Money(10000))
    yield till
    till.close()


@pytest.fixture
def plain(any_shop_settings: Settings, fast_ports: Ports) -> Iterator[Counter]:
    """A till without a printer and a float of 100,00, on each of both databases."""
    till = open_till(any_shop_settings, fast_ports)
    till.cash.open_shift(Money(10000))
    yield Counter(till)
    till.close()


@dataclass(frozen=True)
class FaultyShop:
    """An open till whose TSE fails on command, its printer, and how to open it again."""

    counter: Counter
    tse: FaultyRecorder
    ports: Ports


@pytest.fixture
def faulty_shop(
    printer: SimulatedPrinter, make_till: Callable[..., Till], shop_settings: Settings, fast_ports: Ports
) -> Iterator[FaultyShop]:
    """A till with a printer and a TSE that fails on command."""
    soft = SoftTse(shop_settings.data_dir / TSE, fast_ports.clock)
    tse = FaultyRecorder(soft)
    ports = replace(fast_ports, recorder=tse)
    till = make_till(ports=ports, printer=printer.uri)
    yield FaultyShop(Counter(till, printer), tse, ports)
    till.close()
    soft.close()


@pytest.fixture
def selling_process() -> Path:
    """The program that the crash tests kill."""
    return Path(__file__).with_name("selling_process.py")
