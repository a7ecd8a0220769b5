#!/bin/sh
# Runs all tests but the soaks; with how many processes is the first argument.
#
# Their books lie in memory where there is room: else half of the time goes into waiting for the disk at each commit.
# Which lines run is measured where rules are tested. For what tries the whole till it would cost a third of its time.
set -eu
python=.venv/bin/python
whole="tests/demo tests/fuzz tests/several_tills tests/simulation tests/torture tests/ui"
for desk in article_desk article_tables bad_article_files first_start permissions receipt_search support this_pc \
    typed_days; do
    whole="$whole tests/app/test_$desk.py"
done

room_kb=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) || room_kb=0
if [ "${room_kb:-0}" -gt 4000000 ]; then
    TMPDIR=$(mktemp -d /dev/shm/till-tests.XXXXXX)
    export TMPDIR
    chmod 755 "$TMPDIR" # PostgreSQL runs as a user of its own
    trap 'rm -rf "$TMPDIR"' EXIT
    trap 'exit 130' INT TERM
fi

tests() {
    $python -m pytest -n "$processes" --dist worksteal -m "not soak" --reruns 2 --reruns-delay 2 "$@"
}

processes=${1:-2}
ignored=""
for folder in $whole; do ignored="$ignored --ignore=$folder"; done
$python -m coverage erase
# shellcheck disable=SC2086 # a list of words
tests $ignored --cov=till --cov-report=json:build/coverage.json
$python packaging/coverage_gate.py build/coverage.json
# shellcheck disable=SC2086
tests $whole
