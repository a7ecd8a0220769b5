"""What is done on a worker's thread must not hold a widget: the thread could be the last to let it go, which ends the process."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

UI = Path(__file__).resolve().parent.parent.parent / "till" / "ui"


def _begun(tree: ast.Module) -> Iterator[ast.AST]:
    """What is given to `work.begin`: the lambda itself, or the function of that name beside the call."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        local = {node.name: node for node in function.body if isinstance(node, ast.FunctionDef)}
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("work.begin") and call.args:
                action = call.args[0]
                yield local.get(action.id, action) if isinstance(action, ast.Name) else action


def test_no_work_of_another_thread_mentions_its_widget() -> None:
    found, seen = [], 0
    for path in sorted(UI.rglob("*.py")):
        for action in _begun(ast.parse(path.read_text(encoding="utf-8"))):
            seen += 1
            if not isinstance(action, ast.Lambda | ast.FunctionDef):
                continue
            if any(isinstance(node, ast.Name) and node.id == "self" for node in ast.walk(action)):
                found.append(f"{path.relative_to(UI)}:{action.lineno}")
    assert seen > 20, "the calls are not found any more"
    assert not found, "take what is needed into a local name first"
