"""The list of surviving mutants: complete, in step with the source, and nothing on it that is killed by now."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "mutation.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def mutation() -> ModuleType:
    """packaging/mutation.py, which is a script."""
    spec = importlib.util.spec_from_file_location("till_mutation", ROOT / "packaging" / "mutation.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_each_listed_survivor_still_stands_in_the_source(mutation: ModuleType) -> None:
    listed = mutation.argued(DOCS)
    assert listed
    for survivor in listed:
        source = " ".join((ROOT / survivor.file).read_text(encoding="utf-8").split())
        assert survivor.before in source, survivor
        assert survivor.function.rpartition(".")[2] in source, survivor


def test_each_listed_survivor_has_a_reason(mutation: ModuleType) -> None:
    lines = [line for line in DOCS.splitlines() if line]
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if mutation.ARGUED.match(line):
            assert after.startswith(("- `", "  ")), line


def test_a_survivor_that_is_not_listed_is_named(mutation: ModuleType) -> None:
    old, new = (mutation.Survivor("till/money.py", "total", "a | b", after) for after in ("a & b", "a"))
    text = f"# Mutants\n\n## Money\n\n{old}\n\n  Equivalent.\n\n## Ledger\n\n{new}\n"
    assert mutation.unargued("money", [old], text) == []
    (problem,) = mutation.unargued("money", [old, new], text)
    assert "without an argument" in problem
    assert str(new) in problem


def test_a_listed_survivor_that_is_killed_by_now_is_named(mutation: ModuleType) -> None:
    survivor = mutation.Survivor("till/money.py", "total", "a | b", "a & b")
    (problem,) = mutation.unargued("money", [], f"## Money\n\n{survivor}\n")
    assert "killed or gone" in problem


def test_a_run_brings_its_row_up_to_date(mutation: ModuleType, tmp_path: Path) -> None:
    docs = tmp_path / "mutation.md"
    docs.write_text("| money | 1 | 1 | 0 |\n| ledger | 2 | 2 | 0 |\n", encoding="utf-8")
    mutation.write_row(docs, "money", mutation.Result(177, 173, ()))
    assert docs.read_text(encoding="utf-8") == "| money | 177 | 173 | 4 |\n| ledger | 2 | 2 | 0 |\n"


def test_every_group_has_its_row_and_its_section(mutation: ModuleType) -> None:
    for name in mutation.GROUPS:
        assert f"\n| {name} | " in DOCS
        assert f"\n## {name.capitalize()}\n" in DOCS
