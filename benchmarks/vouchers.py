"""P5: from a scanned voucher to its painted panel with 1,000,000 of them, and what reads many, beside bare indexed queries."""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from time import perf_counter
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QWidget

from benchmarks.many_vouchers import TYPES, number_of, plu_of, voucher_shop
from benchmarks.measure import Result, Sample, peak_growth, ratio
from benchmarks.shop import open_shop
from till.app.bootstrap import Till
from till.catalog.barcodes import voucher_barcode
from till.db.engine import sqlite_module
from till.db.finding import Finding
from till.reports.voucher_liability import VoucherLiability
from till.reports.voucher_sums import AsOf, voucher_liability
from till.settings import DATABASE, Settings
from till.ui.main.window import MainWindow
from till.ui.sale.voucher_check import VoucherCheck
from till.ui.start import prepare_application
from till.vouchers import checks
from till.vouchers.listing import Wanted, portion
from till.vouchers.standing import find_vouchers, standing_of

VOUCHERS = 1_000_000
SCANS = 200
WARM_UP = 20
STEP = 7_919
PANEL_MS, PAGE_MS = 16.0, 50.0
MEMORY_MB = 20
PATIENCE_S = 10.0
SCREEN = (1366, 768)
TODAY = dt.date(2026, 11, 20)


def measure(vouchers: int = VOUCHERS) -> list[Result]:
    """Scan and look up, list, sum up and prove, one after the other in the same file."""
    settings = voucher_shop(vouchers)
    with open_shop(settings) as till, _bare(settings) as bare:
        return [
            _scanned(till, bare, vouchers),
            _looked_up(till, bare, vouchers),
            _listed(till, bare, vouchers),
            *_summed(till, bare, vouchers),
            *_proved(till, bare, vouchers),
        ]


@contextlib.contextmanager
def _bare(settings: Settings) -> Iterator[Any]:
    with contextlib.closing(sqlite_module().connect(str(settings.data_dir / DATABASE))) as connection:
        yield connection


def _places(vouchers: int) -> Iterator[int]:
    return (1 + number * STEP % vouchers for number in count())


def _scanned(till: Till, bare: Any, vouchers: int) -> Result:
    prepare_application()
    window = MainWindow(till)
    window.resize(*SCREEN)
    window.show()
    QCoreApplication.processEvents()
    shown, twin, places = Sample(), Sample(), _places(vouchers)
    for number in range(WARM_UP + SCANS):
        if number == WARM_UP:
            gc.collect()
            shown, twin = Sample(), Sample()
        place = next(places)
        code = voucher_barcode(plu_of(place), number_of(place))
        shown.take(lambda code=code: _panel_of(window, code))  # type: ignore[misc]
        twin.take(partial(_ask, bare, number_of(place)))
        till.sale.dismiss()
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    window.close()
    return Result(
        "P5",
        f"scan → voucher panel painted, {vouchers:,} vouchers",
        shown.text(),
        f"{twin.text()} (the indexed queries)",
        ratio(shown, twin),
        f"p99 ≤ {PANEL_MS:g} ms",
        shown.ms(99) <= PANEL_MS,
        f"{SCANS} scans with an empty basket, offscreen, {SCREEN[0]} × {SCREEN[1]}",
    )


def _panel_of(window: MainWindow, code: str) -> None:
    window.on_scan(code)
    _wait_painted(window.sale.findChildren(VoucherCheck)[-1])


def _wait_painted(widget: QWidget) -> None:
    watch = _FirstPaint(widget)
    began = perf_counter()
    while not watch.is_over:
        assert perf_counter() - began < PATIENCE_S, "the panel is not painted"
        QCoreApplication.processEvents()


class _FirstPaint(QObject):
    """Sees the first paint of a widget."""

    is_over = False

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """See it."""
        self.is_over = self.is_over or event.type() == QEvent.Type.Paint
        return False


def _ask(bare: Any, number: str) -> None:
    """The voucher by its number, and what is left of it."""
    row = bare.execute("SELECT id, vat_treatment FROM voucher WHERE number_key = ?", (number.lower(),)).fetchone()
    digits = row[0]
    subject = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    account = "voucher-multi" if row[1] == "multi-purpose" else "voucher-single"
    bare.execute(
        "SELECT sum(amount) FROM ledger_posting WHERE account = ? AND subject = ?", (account, subject)
    ).fetchone()


def _looked_up(till: Till, bare: Any, vouchers: int) -> Result:
    """Find and stand, without a window."""
    shown, twin = _in_turns(
        lambda place: _stand(till, number_of(place)), lambda place: _ask(bare, number_of(place)), _places(vouchers)
    )
    return Result(
        "P5",
        "… of that: find it and say how it stands",
        shown.text(),
        twin.text(),
        ratio(shown, twin),
        note="till.vouchers.standing, each in a reading session of its own",
    )


def _stand(till: Till, number: str) -> None:
    with till.workplace.database.read() as session:
        for found in find_vouchers(session, number):
            standing_of(session, found, TODAY)


def _listed(till: Till, bare: Any, vouchers: int) -> Result:
    words = "SELECT * FROM voucher WHERE type_id = ? ORDER BY issued_at DESC, number_key DESC LIMIT 100"
    shown, twin = _in_turns(
        lambda place: _page(till, place),
        lambda place: bare.execute(words, (TYPES[place % len(TYPES)].hex,)).fetchall(),
        _places(vouchers),
    )
    return Result(
        "P5",
        f"first page of a type’s numbers, {vouchers:,} vouchers",
        shown.text(),
        f"{twin.text()} (the rows alone)",
        ratio(shown, twin),
        f"p99 ≤ {PAGE_MS:g} ms",
        shown.ms(99) <= PAGE_MS,
        "100 lines with state, redeemed and remaining",
    )


def _page(till: Till, place: int) -> None:
    with till.workplace.database.read() as session:
        assert portion(session, Wanted(TYPES[place % len(TYPES)]), TODAY).lines


def _in_turns(
    work: Callable[[int], object], twin: Callable[[int], object], places: Iterator[int]
) -> tuple[Sample, Sample]:
    shown, bare = Sample(), Sample()
    for number in range(WARM_UP + SCANS):
        if number == WARM_UP:
            shown, bare = Sample(), Sample()
        place = next(places)
        shown.take(partial(work, place))
        bare.take(partial(twin, place))
    return shown, bare


def _summed(till: Till, bare: Any, vouchers: int) -> list[Result]:
    reports: list[VoucherLiability] = []

    def work() -> None:
        with till.workplace.database.read() as session:
            reports.append(voucher_liability(session, AsOf(TODAY, "Europe/Berlin", 3)))

    took, grown = _timed(work)
    twin = _sum_bare(bare)
    return [
        Result(
            "V46",
            f"what is owed for {vouchers:,} vouchers, by type, year and month, proved",
            f"{took:.1f} s",
            f"{twin:.1f} s (one sum by subject)",
            took / twin,
            met=reports[0].is_proved,
            note="on a worker’s thread, with progress; “met” says that both sums agree",
        ),
        _flat("V46", grown),
    ]


def _timed(work: Callable[[], None]) -> tuple[float, int]:
    """Seconds, and the memory that it took at most."""
    began = perf_counter()
    grown = peak_growth(work)
    return perf_counter() - began, grown


def _sum_bare(bare: Any) -> float:
    began = perf_counter()
    words = "SELECT subject, sum(amount) FROM ledger_posting WHERE account IN (?, ?, ?) GROUP BY account, subject"
    for _ in bare.execute(words, ("voucher-multi", "voucher-single", "voucher-bonus")):
        pass
    return perf_counter() - began


def _proved(till: Till, bare: Any, vouchers: int) -> list[Result]:
    found: list[Finding] = []

    def work() -> None:
        with till.workplace.database.read() as session:
            found.extend(checks.values(session, lambda _done, _whole: None))

    took, grown = _timed(work)
    twin = _sum_bare(bare)
    return [
        Result(
            "Q4",
            f"verify: what is left on {vouchers:,} vouchers",
            f"{took:.1f} s",
            f"{twin:.1f} s (one sum by subject)",
            took / twin,
            met=not found,
        ),
        _flat("Q4", grown),
    ]


def _flat(row: str, grown: int) -> Result:
    return Result(
        row,
        "… memory that it takes at most",
        f"{grown / 1e6:.0f} MB",
        target=f"≤ {MEMORY_MB} MB",
        met=grown <= MEMORY_MB * 1_000_000,
    )
