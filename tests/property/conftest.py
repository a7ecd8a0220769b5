"""How many examples the properties are tried with: a few in every run, many with TILL_FUZZ=long."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from till.db.engine import sqlite_url
from till.settings import load
from till.simulation.faults import watch
from till.simulation.shop import found, goods

LONG = os.environ.get("TILL_FUZZ") == "long"

settings.register_profile("rules", deadline=None, derandomize=not LONG, max_examples=5000 if LONG else 100)
settings.register_profile(
    "desks",
    deadline=None,
    derandomize=not LONG,
    max_examples=400 if LONG else 5,
    stateful_step_count=120 if LONG else 30,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    print_blob=True,
)


@pytest.fixture(scope="session")
def founded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a shop that was founded and never opened, to be copied."""
    folder = tmp_path_factory.mktemp("founded")
    shutil.copy(sqlite_template, folder / "till.db")
    watch()
    found(load(folder, database_url=sqlite_url(folder / "till.db")), goods(dt.date(2026, 11, 20)))
    return folder
