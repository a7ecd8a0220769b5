"""Compiles the translations when a wheel is built."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileTranslations(BuildHookInterface[Any]):
    """Hatchling's hook: makes the .mo beside the .po before the files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run `translations.py compile`."""
        del version, build_data
        script = Path(self.root) / "packaging" / "translations.py"
        subprocess.run([sys.executable, str(script), "compile"], check=True)  # noqa: S603 - our own script
