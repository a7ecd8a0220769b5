"""P8: 100,000 old vouchers from a CSV into the books, checked row by row, beside csv and sqlite3 writing the same rows."""

from __future__ import annotations

import csv
import resource
import shutil
import threading
import uuid
from pathlib import Path
from time import perf_counter_ns

from benchmarks.bare_sale import NewRows
from benchmarks.importing import take_in_barely
from benchmarks.measure import Result, Sample, ratio
from benchmarks.shop import code_of, completed, new_shop, open_shop, temporary_folder
from till.app.bootstrap import Till
from till.app.verify import CHECKS
from till.tables.verdict import Verdict
from till.vouchers.generator import NumberRun
from till.vouchers.model import Numbering, VoucherType
from till.vouchers.old_table import Defaults
from till.vouchers.types import add_type

VOUCHERS = 100_000
ROUNDS = 3
KNOWN = 10
RATIO = 3.0
MEMORY_BYTES = 200_000_000
WAIT_MS = 1000.0
_HEADER = ("Nummer", "Restwert", "Bezahlt", "Verkauft am", "Gültig bis")
_TABLES = ("voucher", "ledger_posting", "ledger_entry", "chain_link", "audit")
_CHECKED = ("entries-alone", "vouchers-old")


def measure() -> list[Result]:
    """New vouchers first, then the same table again, their proof, at last with a cashier beside it; and a run of numbers."""
    with temporary_folder() as folder:
        table = folder / "vouchers.csv"
        _write(table)
        till, again, bare, proof = Sample(), Sample(), Sample(), Sample()
        samples = (till, again, bare, proof)
        peaks = [_round(folder / f"shop-{number}", table, samples) for number in range(ROUNDS)]
        waits = _sell_beside(folder / "selling", table)
        run = _numbers(folder)
    rate = f"{VOUCHERS / till.ms(50) * 1000:,.0f} vouchers a second"
    return [
        Result(
            "P8",
            f"take in {VOUCHERS:,} old vouchers",
            till.text(),
            bare.text(),
            ratio(till, bare),
            f"≤ {RATIO:g} × bare",
            ratio(till, bare) <= RATIO,
            f"{rate}; read, check, stage, one entry of as many legs; bare: csv.reader, then the same rows in one transaction",
        ),
        Result("P8", "… the same table again", again.text(), note="all of it compared, nothing written"),
        Result("P8", "… proof of the import by verify", proof.text(), note=f"its checks {' and '.join(_CHECKED)}"),
        Result(
            "P8",
            "… memory at its peak",
            f"{peaks[0] / 1e6:.0f} MB",
            target=f"≤ {MEMORY_BYTES / 1e6:.0f} MB",
            met=peaks[0] <= MEMORY_BYTES,
            note="the whole process with its till (RSS): the CSV twice, and the proof",
        ),
        Result(
            "P8",
            "… a sale beside it",
            f"{waits.text()}, longest {waits.ms(100):.0f} ms",
            target=f"longest ≤ {WAIT_MS:g} ms",
            met=waits.ms(100) <= WAIT_MS,
            note=f"{len(waits.ns)} sales from Complete to the change, tried again as the till does",
        ),
        Result("V51", f"write {VOUCHERS:,} numbers as XLSX", run.text(), note="with their barcodes"),
    ]


def _write(path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_HEADER)
        for number in range(VOUCHERS):
            sold = f"{1 + number % 28:02d}.{1 + number % 12:02d}.{2019 + number % 7}"
            kind = "geschenkt" if number % 10 == 0 else "bezahlt"
            own = f"AG-{number * 7919 % 1_000_003:07d}"
            writer.writerow((own, f"{5 + number % 95},{number % 100:02d}", kind, sold, "31.12.2034"))


def _round(folder: Path, table: Path, samples: tuple[Sample, Sample, Sample, Sample]) -> int:
    """One time each; returns the most memory that the process has had until the rows are kept for the twin."""
    till_sample, again, bare, proof = samples
    settings = new_shop(folder, KNOWN)
    book = folder.parent / f"{folder.name}.db"
    with open_shop(settings) as till:
        _add_type(till)
        till.workplace.database.checkpoint()
        shutil.copy(folder / "till.db", book)
        new = NewRows(folder / "till.db")
        till_sample.take(lambda: _take_in(till, table))
        again.take(lambda: _check(till, table, Verdict.UNCHANGED))
        proof.take(lambda: _prove(till))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        inserts = [found for found in new.read() if found.table in _TABLES]
        new.close()
    in_order = sorted(inserts, key=lambda found: _TABLES.index(found.table))
    bare.take(lambda: take_in_barely(table, book, in_order, VOUCHERS))
    return peak


def _add_type(till: Till) -> None:
    with till.workplace.database.write() as session:
        add_type(session, VoucherType(uuid.uuid4(), "9001", "Gutschein", Numbering.OWN))


def _check(till: Till, table: Path, expected: Verdict) -> None:
    desk = till.voucher_files
    kind = next(kind for kind in desk.kinds() if kind.plu == "9001")
    preview = desk.check(table, Defaults(kind))
    assert preview.counts[expected] == VOUCHERS, preview.counts


def _take_in(till: Till, table: Path) -> None:
    _check(till, table, Verdict.NEW)
    till.voucher_files.apply()


def _prove(till: Till) -> None:
    with till.workplace.database.read() as session:
        for check in CHECKS:
            if check.name in _CHECKED:
                assert not list(check.find(session, lambda _done, _whole: None))


def _sell_beside(folder: Path, table: Path) -> Sample:
    """A cashier sells as fast as the till lets her while the table is taken in."""
    waits = Sample()
    with open_shop(new_shop(folder, KNOWN)) as till:
        _add_type(till)
        worker = threading.Thread(target=_take_in, args=(till, table))
        worker.start()
        number = 0
        while worker.is_alive():
            till.sale.scan(code_of(number % KNOWN))
            till.sale.pay_cash(till.sale.state.settlement.open)
            began = perf_counter_ns()
            completed(till)
            waits.ns.append(perf_counter_ns() - began)
            number += 1
        worker.join()
    return waits


def _numbers(folder: Path) -> Sample:
    sample = Sample()
    with open_shop(new_shop(folder / "numbers", KNOWN)) as till:
        _add_type(till)
        kind = till.voucher_files.kinds()[0]
        sample.take(lambda: till.voucher_files.write_numbers(folder / "n.xlsx", NumberRun("000001", VOUCHERS), kind))
    return sample
