"""The house rules of docs/architecture.md, kept by machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from till.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
MODULES = sorted((ROOT / "till").rglob("*.py"))
MAX_FILE_LINES = 500
MAX_FUNCTION_LINES = 60
MIGRATIONS = ROOT / "till" / "migrations" / "versions"


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in MODULES:
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_no_file_is_longer_than_the_house_allows() -> None:
    long = {
        _name(path): count
        for path in MODULES
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MAX_FILE_LINES
        and MIGRATIONS not in path.parents
    }
    assert not long


def test_no_function_is_longer_than_the_house_allows() -> None:
    long = [
        f"{_name(path)}:{node.lineno} {node.name}"
        for path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION_LINES
        and MIGRATIONS not in path.parents
    ]
    assert not long


def test_every_module_says_what_it_is_for() -> None:
    silent = [_name(path) for path, tree in _trees() if not ast.get_docstring(tree)]
    assert not silent


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        (r"\.commit\(", ("till/db/", "till/fiscal/tse_file.py")),
        (r"datetime\.now\(|\.utcnow\(|date\.today\(", ("till/clock.py",)),
        (r"QMessageBox", ("till/ui/message.py",)),
        (r"except Exception:\s*\n\s*pass", ()),
        (r"\bprint\(", ()),
        (r"TODO|FIXME|XXX", ()),
    ],
)
def test_what_has_one_place_stands_nowhere_else(pattern: str, allowed: tuple[str, ...]) -> None:
    found = [
        _name(path)
        for path in MODULES
        if re.search(pattern, path.read_text(encoding="utf-8")) and not _name(path).startswith(allowed or ("-",))
    ]
    assert not found


def test_no_float_comes_near_money() -> None:
    near_money = ("till/money.py", "till/tax.py", "till/quantity.py", "till/sales/", "till/vouchers/", "till/ledger/")
    near_money += ("till/documents/", "till/shifts/", "till/formats.py", "till/fiscal/process_data.py")
    found = [
        f"{_name(path)}:{node.lineno}"
        for path, tree in _trees()
        if _name(path).startswith(near_money)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]
    assert not found


def test_no_module_is_dead() -> None:
    """Each module is imported by another one, by the tests' tools or is an entry point."""
    entries = {"till/__main__.py", "till/cli.py", "till/migrations/env.py", "till/ui/screens.py"}
    everything = "\n".join(path.read_text(encoding="utf-8") for path in MODULES)
    dead = []
    for path in MODULES:
        name = _name(path)
        if name in entries or path.name == "__init__.py" or MIGRATIONS in path.parents:
            continue
        package, module = ".".join(path.relative_to(ROOT).parts[:-1]), path.stem
        used = rf"from {package}\.{module} import|import {package}\.{module}\b|from {package} import [^\n]*\b{module}\b"
        used += rf"|from {package} import \([^)]*\b{module}\b"
        if not re.search(used, everything):
            dead.append(name)
    assert not dead


def test_every_setting_stands_in_the_docs() -> None:
    docs = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert not [f.name for f in fields(Settings) if f"`{f.name}`" not in docs]


def test_every_command_stands_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in (
        "run",
        "demo",
        "setup",
        "verify",
        "migrate",
        "backup",
        "restore",
        "simulate",
        "encrypt",
        "decrypt",
        "secret",
        "staff",
        "support",
    ):
        assert f"till {command}" in readme


def test_the_project_speaks_of_the_product_only() -> None:
    places = [*MODULES, *(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"]
    forbidden = re.compile(r"\.\./shared|\bissue #?\d|\bhelper-\d|\bAI\b|Claude", re.IGNORECASE)
    assert not [_name(path) for path in places if forbidden.search(path.read_text(encoding="utf-8"))]
