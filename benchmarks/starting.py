"""P7: from the start of the process to the first paint of the window, and the memory it takes, beside an empty window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from time import monotonic_ns

from benchmarks.measure import Result, Sample, ratio
from benchmarks.shop import new_shop, open_shop, sell, temporary_folder

ROUNDS = 15
ARTICLES = 400
SALES = 300
START_MS = 800.0
MEMORY_MB = 150
_ROOT = Path(__file__).parents[1]


def measure() -> list[Result]:
    """Start a till that has sold before, and an empty window of Qt, in turns."""
    shown, bare = Sample(), Sample()
    with temporary_folder() as folder:
        with open_shop(new_shop(folder, ARTICLES)) as till:
            for number in range(SALES):
                sell(till, (number % ARTICLES, (number + 1) % ARTICLES))
        _start([str(folder)])
        _start([])
        till_bytes, bare_bytes = 0, 0
        for _ in range(ROUNDS):
            till_bytes = max(till_bytes, _timed(shown, [str(folder)]))
            bare_bytes = max(bare_bytes, _timed(bare, []))
    return [
        Result(
            "P7",
            "start → first paint",
            shown.text(),
            f"{bare.text()} (an empty QMainWindow)",
            ratio(shown, bare),
            f"p50 ≤ {START_MS / 1000:g} s",
            shown.ms(50) <= START_MS,
            f"{ROUNDS} starts, {ARTICLES} articles, {SALES} receipts, files in the system's cache",
        ),
        Result(
            "P7",
            "memory at the first paint",
            f"{till_bytes / 1e6:.0f} MB",
            f"{bare_bytes / 1e6:.0f} MB",
            till_bytes / bare_bytes,
            f"≤ {MEMORY_MB} MB",
            till_bytes <= MEMORY_MB * 1_000_000,
            "resident (RSS), Qt’s libraries included",
        ),
    ]


def _timed(sample: Sample, arguments: list[str]) -> int:
    """Start once more, keep the time and return the memory in bytes."""
    began_ns = monotonic_ns()
    painted = _start(arguments)
    sample.ns.append(painted["painted_ns"] - began_ns)
    return painted["resident"]


def _environment() -> dict[str, str]:
    """Python keeps its compiled modules, as it does everywhere but in containers that forbid it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(_ROOT / "build" / "bytecode")}


def _start(arguments: list[str]) -> dict[str, int]:
    program = [sys.executable, "-m", "benchmarks.first_paint", *arguments]
    done = subprocess.run(  # noqa: S603 - this program
        program, check=True, stdout=subprocess.PIPE, text=True, cwd=_ROOT, env=_environment()
    )
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))
