"""Fails when a file that must be covered wholly has a line that no test runs: `coverage_gate.py build/coverage.json`."""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

LISTED = Path(__file__).parent.parent / "tests" / "full_coverage.txt"


def main(report: Path, listed: Path = LISTED) -> int:
    """Name each listed file below 100 % with its lines; 0 when there is none."""
    measured = json.loads(report.read_text(encoding="utf-8"))["files"]
    wanted = listed.read_text(encoding="utf-8").split()
    problems = [problem for name in wanted if (problem := _problem(name, measured.get(name)))]
    sys.stderr.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


def _problem(name: str, measured: dict[str, Any] | None) -> str:
    if measured is None:
        return f"{name}: not measured; was it moved? The list is {LISTED.name}"
    missing = measured["missing_lines"]
    return f"{name}: no test runs line {_ranges(missing)}" if missing else ""


def _ranges(lines: list[int]) -> str:
    """Line numbers as text: 3, 7-9."""
    starts = [line for before, line in pairwise([-1, *lines]) if line != before + 1]
    ends = [line for line, after in pairwise([*lines, -1]) if after != line + 1]
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
