"""German is complete, in step with the code, and keeps every placeholder."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from till.formats import Formats
from till.i18n import Translator

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def translations() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations", ROOT / "packaging" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_text_has_its_german(translations: ModuleType) -> None:
    assert translations.missing() == []


def test_no_translation_is_left_over(translations: ModuleType) -> None:
    known = {message.id for message in translations.collected()}
    assert [message.id for message in translations.stored() if message.id not in known] == []


def test_translations_keep_their_placeholders(translations: ModuleType) -> None:
    def placeholders(text: str) -> set[str]:
        return set(re.findall(r"\{\w+\}", text))

    wrong = []
    for message in translations.stored():
        originals = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        for original, german in zip(originals, strings, strict=False):
            if original and placeholders(original) != placeholders(german):
                wrong.append(original)
    assert wrong == []


def test_the_program_reads_the_compiled_catalogue() -> None:
    assert Formats(Translator("de")).translator("Voucher") == "Gutschein"
    assert Formats(Translator("en")).translator("Voucher") == "Voucher"


def test_no_text_hides_from_the_collector_in_an_f_string() -> None:
    hidden = []
    for path in (ROOT / "till").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            calls = ast.walk(node) if isinstance(node, ast.JoinedStr) else ()
            hidden += [
                f"{path.name}:{call.lineno}" for call in calls if isinstance(call, ast.Call) and _translates(call)
            ]
    assert hidden == []


def _translates(call: ast.Call) -> bool:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    return name in {"t", "msg", "translator", "plural"} and bool(call.args) and isinstance(call.args[0], ast.Constant)
