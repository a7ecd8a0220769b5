"""The long form: the same properties over many examples that nobody has seen before; part of `make torture`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("folder", ["fuzz", "property"])
def test_the_properties_hold_over_many_random_examples(folder: str) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        f"tests/{folder}",
        "-m",
        "not soak",
        "-n",
        "0",
        "-q",
        "--timeout",
        "7000",
    ]
    ran = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "TILL_FUZZ": "long"}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-20_000:]
