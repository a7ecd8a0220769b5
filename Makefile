# Till: `make demo` opens the demo shop, `make test` runs all tests. Both need nothing but Debian, python3 and make.

PYTHON := .venv/bin/python
STAMP := .venv/ready
LOCALE := resources/locale/de/LC_MESSAGES/till
XDIST := $(shell nproc 2>/dev/null || echo 2)

.PHONY: setup demo run test format bench bench-large torture mutation screens screens-docs translations lock

demo: setup
	$(PYTHON) -m till demo

run: setup
	$(PYTHON) -m till run

setup: $(STAMP) $(LOCALE).mo

$(STAMP): requirements.lock packaging/debian/packages.txt
	packaging/debian/install.sh
	@test -x $(PYTHON) || python3 -m venv .venv
	@if command -v uv >/dev/null; then \
	    uv pip sync --quiet --compile-bytecode --python $(PYTHON) requirements.lock; \
	else \
	    $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock; \
	fi
	@echo "$(CURDIR)" > "$$($(PYTHON) -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/till-checkout.pth"
	@touch $(STAMP)

$(LOCALE).mo: $(LOCALE).po $(STAMP)
	$(PYTHON) packaging/translations.py compile

test: setup
	packaging/checks.sh
	packaging/tests.sh $(XDIST)

format: setup
	$(PYTHON) -m ruff check --fix --exit-zero .
	$(PYTHON) -m ruff format .

bench: setup
	$(PYTHON) benchmarks/run.py

bench-large: setup
	$(PYTHON) benchmarks/run.py growing --receipts 5000000

torture: setup
	$(PYTHON) -m pytest tests/torture tests/several_tills tests/fuzz -n $(XDIST) --timeout 1800 -m "soak or not soak"

mutation: setup
	$(PYTHON) packaging/mutation.py

screens: setup
	$(PYTHON) -m till demo --headless --data build/demo
	QT_QPA_PLATFORM=offscreen $(PYTHON) -m till.ui.screens build/demo build/screens

screens-docs: setup
	$(PYTHON) -m till demo --headless --data build/demo
	QT_QPA_PLATFORM=offscreen $(PYTHON) packaging/screen_docs.py build/demo

translations: setup
	$(PYTHON) packaging/translations.py update

lock:
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml -o requirements.lock
