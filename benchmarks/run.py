"""Runs the benchmarks, each in a process of its own, and shows one table: `benchmarks/run.py [name …] [--receipts N]`.

Nothing here is a test: the figures belong to the machine they were taken on, so each stands beside what the bare
library takes for the same work in the same run. The table is also written to build/bench.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.measure import Result  # noqa: E402 - a checkout is not installed; its root must be found first

BENCHMARKS = (
    "booking",
    "growing",
    "closing",
    "paying",
    "scanning",
    "searching",
    "vouchers",
    "responding",
    "several_tills",
    "importing",
    "importing_vouchers",
    "starting",
    "growth",
)
_WITH_RECEIPTS = ("growing", "closing")
_WITH_VOUCHERS = ("vouchers",)
_TITLES = ("what", "Till", "bare", "ratio", "target", "met?")
_REPORT = ROOT / "build" / "bench.md"


def main(arguments: Sequence[str]) -> int:
    """Run the named benchmarks, all without a name; misuse ends with 2."""
    asked = _asked(arguments)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    results: list[Result] = []
    for name in asked.names or BENCHMARKS:
        print(f"{name} …", file=sys.stderr)
        sizes = {"receipts": asked.receipts} if asked.receipts and name in _WITH_RECEIPTS else {}
        sizes |= {"vouchers": asked.vouchers} if asked.vouchers and name in _WITH_VOUCHERS else {}
        results += _in_own_process(name, sizes)
    report = _report(results)
    _REPORT.parent.mkdir(exist_ok=True)
    _REPORT.write_text(report, encoding="utf-8")
    print(report)
    return 0


def _asked(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/run.py", description="Measure Till beside the bare libraries.")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument(
        "--receipts", type=int, help=f"how many receipts the large file of {' and '.join(_WITH_RECEIPTS)} has"
    )
    parser.add_argument(
        "--vouchers", type=int, help=f"how many vouchers the file of {' and '.join(_WITH_VOUCHERS)} has"
    )
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.names if name not in BENCHMARKS]
    if unknown:
        parser.error(f"There is no benchmark {', '.join(unknown)}. Choose from {', '.join(BENCHMARKS)}.")
    return asked


def _in_own_process(name: str, sizes: Mapping[str, int]) -> list[Result]:
    """What one leaves in memory, open or loaded, must not slow down the next."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_measure, name, sizes).result()


def _measure(name: str, sizes: Mapping[str, int]) -> list[Result]:
    """The lines of one benchmark; one that breaks says so in the table, and the others go on."""
    try:
        results: list[Result] = import_module(f"benchmarks.{name}").measure(**sizes)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is shown
        traceback.print_exc()
        return [Result("", name, f"broke: {error!r}", met=False)]
    return results


def _report(results: Iterable[Result]) -> str:
    results = list(results)
    rows = [_TITLES, *(_cells(result) for result in results)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_TITLES))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, _line(["-" * width for width in widths], widths))
    notes = [f"- {result.id} {result.what}: {result.note}" for result in results if result.note]
    return "\n".join([_machine(), "", *lines, "", *notes, ""])


def _cells(result: Result) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: ""}[result.met]
    ratio = "" if result.ratio is None else f"{result.ratio:.2f}"
    return (f"{result.id} {result.what}", result.till, result.bare, ratio, result.target, met)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) + " |"


def _machine() -> str:
    """Where the figures come from, and how busy it was: beside other work none of them counts."""
    load = f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "?"
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {load}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
