"""Mutation testing with mutmut: does a test notice when a rule of the books is changed? `mutation.py [GROUP …]`.

Each group is mutated in its own copy under build/mutation/<group>, where only the group's tests run, on SQLite alone.
A mutant that no test notices must stand in docs/mutation.md with the reason why that does no harm; else this fails.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "mutation"
DOCS = ROOT / "docs" / "mutation.md"
WORKERS = 2
NICENESS = 10
# What such a call says is read by people or programmers and tested by its msgid where it matters.
TEXT_CALLS = {"msg", "ValueError", "TypeError"}
KILLED = {1, 3}  # pytest: a test failed; pytest itself broke
TIMED_OUT = {-24, 24, 152, 255}
ARGUED = re.compile(
    r"^- `(?P<file>[^`]+)` `(?P<function>[^`]+)`: ``(?P<before>.+?)`` → ``(?P<after>.+?)``$", re.MULTILINE
)
PROJECT = """\
[tool.pytest.ini_options]
addopts = "--strict-markers --import-mode=importlib -p no:cacheprovider"
filterwarnings = ["error"]
tmp_path_retention_policy = "failed"
markers = ["soak", "x11", "timeout", "flaky"]

[tool.mutmut]
source_paths = ["till"]
only_mutate = {only_mutate}
pytest_add_cli_args = ["-k", "not postgresql"]
pytest_add_cli_args_test_selection = {tests}
use_git_change_detection = false
"""


@dataclass(frozen=True, slots=True)
class Group:
    """What is mutated (patterns of files) and which tests must notice."""

    sources: tuple[str, ...]
    tests: tuple[str, ...]


GROUPS = {
    "money": Group(
        ("till/money.py", "till/quantity.py", "till/tax.py"),
        ("tests/unit/test_money.py", "tests/unit/test_quantity.py", "tests/unit/test_tax.py"),
    ),
    "ledger": Group(
        ("till/ledger/*.py",),
        (
            "tests/ledger/test_balances.py",
            "tests/ledger/test_chain.py",
            "tests/ledger/test_checks.py",
            "tests/ledger/test_entry.py",
            "tests/ledger/test_journal.py",
            "tests/documents/test_post.py",
            "tests/documents/test_record.py",
            "tests/shifts/test_checkpoints.py",
        ),
    ),
    "documents": Group(("till/documents/*.py",), ("tests/documents",)),
    "sales": Group(
        ("till/sales/*.py",),
        (  # without the race of two processes, which would take most of the time
            "tests/sales/test_aborted.py",
            "tests/sales/test_basket.py",
            "tests/sales/test_bookings.py",
            "tests/sales/test_checkout.py",
            "tests/sales/test_draft.py",
            "tests/sales/test_order.py",
            "tests/sales/test_pricing.py",
            "tests/sales/test_saved.py",
            "tests/sales/test_tender.py",
        ),
    ),
    "vouchers": Group(("till/vouchers/*.py",), ("tests/vouchers",)),
}


@dataclass(frozen=True, slots=True, order=True)
class Survivor:
    """A change that no test noticed: where, and the changed lines with single blanks."""

    file: str
    function: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"- `{self.file}` `{self.function}`: ``{self.before}`` → ``{self.after}``"


@dataclass(frozen=True, slots=True)
class Result:
    """How a group came through."""

    mutants: int
    killed: int
    survivors: tuple[Survivor, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the named groups (all by default), bring their rows in the docs up to date, name unargued survivors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(GROUPS))
    parser.add_argument("--again", action="store_true", help="keep what was killed, try only the rest and what changed")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.groups) - GROUPS.keys():
        parser.error(f"no such group: {', '.join(sorted(unknown))}")
    if chosen.inside:
        _mutate()
        return 0
    problems = [problem for name in chosen.groups or GROUPS for problem in _run(name, again=chosen.again)]
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


def _run(name: str, *, again: bool) -> list[str]:
    folder = WORK / name
    _prepare(folder, GROUPS[name], again=again)
    log = folder / "log.txt"
    if not _run_inside(folder, log):
        return [f"{name}: mutmut broke off, see {log.relative_to(ROOT)}"]
    result = read_result(folder)
    write_row(DOCS, name, result)
    return unargued(name, result.survivors, DOCS.read_text(encoding="utf-8"))


def _run_inside(folder: Path, log: Path) -> bool:
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder / "mutants"),  # before the checkout, also for processes that a test starts
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTEST_DEBUG_TEMPROOT": str(folder / "temp"),
        "TILL_MUTATION": str(folder / "temp"),
    }
    command = ["nice", "-n", str(NICENESS), sys.executable, __file__, "--inside"]
    with log.open("w", encoding="utf-8") as output:
        ended = subprocess.run(  # noqa: S603 - this very file
            command, cwd=folder, env=environment, stdout=output, stderr=output, check=False
        )
    shutil.rmtree(folder / "temp")
    return ended.returncode == 0


def _prepare(folder: Path, group: Group, *, again: bool) -> None:
    """Lay out the copy that mutmut works in; what it reads without changing it is linked."""
    mutants = folder / "mutants"
    if not again:
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(folder / "temp", ignore_errors=True)
    shutil.rmtree(mutants / "tests", ignore_errors=True)
    mutants.mkdir(parents=True, exist_ok=True)
    (folder / "temp").mkdir()
    for link, target in [
        (folder / "till", ROOT / "till"),
        (folder / "tests", ROOT / "tests"),
        (mutants / "resources", ROOT / "resources"),
    ]:
        if not link.exists():
            link.symlink_to(target)
    settings = PROJECT.format(only_mutate=json.dumps(group.sources), tests=json.dumps(group.tests))
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    if again:
        _forget_what_survived(mutants)


def _forget_what_survived(mutants: Path) -> None:
    (mutants / "mutmut-stats.json").unlink(missing_ok=True)  # which test runs what: tests may be new
    for path in mutants.rglob("*.meta"):
        stored = json.loads(path.read_text(encoding="utf-8"))
        codes = stored["exit_code_by_key"]
        stored["exit_code_by_key"] = {key: code if code in KILLED else None for key, code in codes.items()}
        path.write_text(json.dumps(stored), encoding="utf-8")


def _mutate() -> None:
    """Run mutmut in the current folder; the checkout itself can't be imported, so its copy is what is tested."""
    from mutmut.__main__ import _run as run_mutmut
    from mutmut.mutation import file_mutation

    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() not in {ROOT, Path(__file__).parent}]
    file_mutation.NEVER_MUTATE_FUNCTION_CALLS.update(TEXT_CALLS)
    os.register_at_fork(after_in_child=_move_to_own_temporary_folder)
    run_mutmut((), WORKERS)
    tested = Path(sys.modules["till"].__file__ or "").parent
    if tested != Path("mutants/till").resolve():
        raise RuntimeError(f"the tests ran against {tested}")
    Path("result.json").write_text(json.dumps(asdict(_result()), indent=1, ensure_ascii=False), encoding="utf-8")


def _move_to_own_temporary_folder() -> None:
    """Two workers in one folder clear each other's files away as old ones: that would kill mutants falsely."""
    own = Path(os.environ["TILL_MUTATION"]) / str(os.getpid())
    own.mkdir(exist_ok=True)
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(own)


def _result() -> Result:
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.utils.file_utils import walk_mutatable_files

    codes: dict[tuple[Path, str], int | None] = {}
    for path in walk_mutatable_files():
        stored = SourceFileMutationData(path=path)
        stored.load()
        codes |= {(path, key): code for key, code in stored.exit_code_by_key.items()}
    alive = [where for where, code in codes.items() if code not in KILLED | TIMED_OUT]
    return Result(len(codes), len(codes) - len(alive), tuple(sorted({_survivor(*where) for where in alive})))


def _survivor(path: Path, key: str) -> Survivor:
    from mutmut.mutation.diff_apply import get_diff_for_mutant
    from mutmut.utils.format_utils import orig_function_and_class_names_from_key

    function, owner = orig_function_and_class_names_from_key(key)
    diff = get_diff_for_mutant(key, path=path).splitlines()[2:]  # below the two lines with the file's name
    before, after = (" ".join(" ".join(line[1:] for line in diff if line[0] == sign).split()) for sign in "-+")
    return Survivor(str(path), f"{owner}.{function}" if owner else function, before, after or "nothing")


def read_result(folder: Path) -> Result:
    """The result that a run left in its folder."""
    stored = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    return Result(stored["mutants"], stored["killed"], tuple(Survivor(**one) for one in stored["survivors"]))


def write_row(docs: Path, name: str, result: Result) -> None:
    """Bring the group's row of the table in the docs up to date."""
    row = f"| {name} | {result.mutants} | {result.killed} | {result.mutants - result.killed} |"
    text = docs.read_text(encoding="utf-8")
    docs.write_text(re.sub(rf"^\| {name} \|.*$", lambda _: row, text, flags=re.MULTILINE), encoding="utf-8")


def argued(text: str) -> set[Survivor]:
    """The survivors that the docs list."""
    return {Survivor(**found.groupdict()) for found in ARGUED.finditer(text)}


def unargued(name: str, survivors: Iterable[Survivor], text: str) -> list[str]:
    """Survivors of the group that its section doesn't list, and what it lists though it is killed by now."""
    section = re.search(rf"^## {name.capitalize()}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    listed = argued(section[1]) if section else set()
    alive = set(survivors)
    return [
        *(f"survived without an argument in docs/mutation.md:\n{one}" for one in sorted(alive - listed)),
        *(f"listed in docs/mutation.md, but killed or gone:\n{one}" for one in sorted(listed - alive)),
    ]


if __name__ == "__main__":
    sys.exit(main())
