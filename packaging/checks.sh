#!/bin/sh
# Everything that is checked without running the program: format, lint, types, layers, dependencies.
set -eu
python=.venv/bin/python
$python -m ruff format --check --quiet .
$python -m ruff check --quiet .
$python -m mypy
.venv/bin/lint-imports
$python -m deptry . --no-ansi
