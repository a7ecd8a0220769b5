"""P8: 100,000 articles from a CSV or XLSX into the books, checked row by row, beside csv and sqlite3 writing the same rows."""

from __future__ import annotations

import csv
import resource
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter_ns

from benchmarks.bare_sale import Inserts, NewRows, connect
from benchmarks.measure import NS_PER_MS, Result, Sample, ratio
from benchmarks.shop import code_of, completed, new_shop, open_shop, temporary_folder
from till.app.bootstrap import Till
from till.tables.verdict import Verdict

ARTICLES = 100_000
ROUNDS = 3
KNOWN = 10
RATIO = 3.0
MEMORY_BYTES = 200_000_000
WAIT_MS = 1000.0
_HEADER = ("Artikelnummer", "Bezeichnung", "Bontext", "Warengruppe", "Preis", "MwSt", "EAN", "PLU", "Aktiv")
_NAMES = ("Rosenstrauß", "Assam Tee", "Müsli", "Kerze", "Grußkarte", "Honig", "Seife", "Straußgras", "Becher", "Vase")
_TABLES = ("category", "article", "article_code", "plu")


def measure() -> list[Result]:
    """New articles first, then the same table again, at last with a cashier beside it."""
    with temporary_folder() as folder:
        table = folder / "articles.csv"
        _write(table)
        excel, excel_peak = _from_excel(folder, table)
        till, again, bare = Sample(), Sample(), Sample()
        peaks = [_round(folder / f"shop-{number}", table, (till, again, bare)) for number in range(ROUNDS)]
        waits = _sell_beside(folder / "selling", table)
    rate = f"{ARTICLES / till.ms(50) * 1000:,.0f} articles a second"
    return [
        Result(
            "P8",
            f"take in {ARTICLES:,} articles",
            till.text(),
            bare.text(),
            ratio(till, bare),
            f"≤ {RATIO:g} × bare",
            ratio(till, bare) <= RATIO,
            f"{rate}; read, check, stage, take over; bare: csv.reader, then the same rows in one transaction",
        ),
        Result("P8", "… the same table again", again.text(), note="all of it compared, nothing written"),
        Result("P8", "… the same articles from an XLSX", excel.text(), note="written by the till's own export"),
        Result(
            "P8",
            "… memory at its peak",
            f"{peaks[0] / 1e6:.0f} MB, {excel_peak / 1e6:.0f} MB after the XLSX alone",
            target=f"≤ {MEMORY_BYTES / 1e6:.0f} MB",
            met=peaks[0] <= MEMORY_BYTES,
            note="the whole process with its till (RSS): an XLSX written and taken in, then the CSV twice",
        ),
        Result(
            "P8",
            "… a sale beside it",
            f"{waits.text()}, longest {waits.ms(100):.0f} ms",
            target=f"longest ≤ {WAIT_MS:g} ms",
            met=waits.ms(100) <= WAIT_MS,
            note=f"{len(waits.ns)} sales from Complete to the change, tried again as the till does",
        ),
    ]


def _write(path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(_HEADER)
        for number in range(KNOWN, KNOWN + ARTICLES):
            name = f"{_NAMES[number % len(_NAMES)]} {number}"
            price = f"{1 + number % 40},{number % 100:02d}"
            category = f"Gruppe {number // 500}"
            plu = str(number) if number % 10 == 0 else ""
            writer.writerow(
                (100_000 + number, name, name, category, price, (19, 7)[number % 3 > 0], code_of(number), plu, "ja")
            )


def _from_excel(folder: Path, table: Path) -> tuple[Sample, int]:
    """The time of the same articles from an XLSX, and the most memory that the process has had until then."""
    sheet = folder / "articles.xlsx"
    sample = Sample()
    with open_shop(new_shop(folder / "from-csv", KNOWN)) as till:
        _take_in(till, table, Verdict.NEW)
        till.article_tables.export(sheet)
    with open_shop(new_shop(folder / "from-excel", KNOWN)) as till:
        sample.take(lambda: _take_in(till, sheet, Verdict.NEW))
    return sample, _peak()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _round(folder: Path, table: Path, samples: tuple[Sample, Sample, Sample]) -> int:
    """One time each; returns the most memory that the process has had until the rows are kept for the twin."""
    till_sample, again, bare = samples
    settings = new_shop(folder, KNOWN)
    book = folder.parent / f"{folder.name}.db"
    with open_shop(settings) as till:
        till.workplace.database.checkpoint()
        shutil.copy(folder / "till.db", book)
        new = NewRows(folder / "till.db")
        till_sample.take(lambda: _take_in(till, table, Verdict.NEW))
        again.take(lambda: _take_in(till, table, Verdict.UNCHANGED))
        peak = _peak()
        inserts = [found for found in new.read() if found.table in _TABLES]
        new.close()
    in_order = sorted(inserts, key=lambda found: _TABLES.index(found.table))
    bare.take(lambda: take_in_barely(table, book, in_order, ARTICLES))
    return peak


def _take_in(till: Till, table: Path, expected: Verdict) -> None:
    desk = till.article_tables
    preview = desk.check(table)
    assert preview.counts[expected] == ARTICLES, preview.counts
    desk.apply()


def take_in_barely(table: Path, book: Path, inserts: Sequence[Inserts], rows: int) -> None:
    """Nothing is looked up or refused: the `rows` are read, and written as they stood in Till's books."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert sum(1 for _ in csv.reader(file, delimiter=";")) == rows + 1
    connection = connect(book)
    connection.execute("BEGIN IMMEDIATE")
    for found in inserts:
        connection.executemany(found.statement, found.rows)
    connection.execute("COMMIT")
    connection.close()


def _sell_beside(folder: Path, table: Path) -> Sample:
    """A cashier sells as fast as the till lets her while the table is taken in."""
    waits = Sample()
    with open_shop(new_shop(folder, KNOWN)) as till:
        worker = threading.Thread(target=_take_in, args=(till, table, Verdict.NEW))
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
    assert max(waits.ns) > NS_PER_MS / 1000
    return waits
