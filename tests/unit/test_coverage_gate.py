"""The gate names every file that must be covered wholly and isn't."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
GATE = ROOT / "packaging" / "coverage_gate.py"
LISTED = (ROOT / "tests" / "full_coverage.txt").read_text(encoding="utf-8").split()


def _run(tmp_path: Path, missing: dict[str, list[int]]) -> tuple[int, str]:
    report = tmp_path / "coverage.json"
    report.write_text(json.dumps({"files": {name: {"missing_lines": lines} for name, lines in missing.items()}}))
    ended = subprocess.run([sys.executable, GATE, report], capture_output=True, text=True, check=False)
    return ended.returncode, ended.stderr


def test_whole_coverage_passes(tmp_path: Path) -> None:
    assert _run(tmp_path, {name: [] for name in LISTED} | {"till/ui/start.py": [1]}) == (0, "")


def test_a_line_that_no_test_runs_is_named(tmp_path: Path) -> None:
    missing = {name: [] for name in LISTED} | {"till/money.py": [3, 7, 8, 9]}
    assert _run(tmp_path, missing) == (1, "till/money.py: no test runs line 3, 7-9\n")


def test_a_file_that_is_not_measured_is_named(tmp_path: Path) -> None:
    code, said = _run(tmp_path, {name: [] for name in LISTED if name != "till/tax.py"})
    assert code == 1
    assert said == "till/tax.py: not measured; was it moved? The list is full_coverage.txt\n"


def test_each_listed_file_is_there_and_listed_once() -> None:
    assert all((ROOT / name).is_file() for name in LISTED)
    assert len(LISTED) == len(set(LISTED))
