# make demo    set everything up and run the main job on the bundled examples
# make test    set everything up and pass the tests
# make check   format, lint, types, import contract, docs
# make bench   DATA=DIR  accuracy and speed on reference data that you name
# make lock    renew requirements/*.txt

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
DATA ?=
FRONTEND := $(shell find frontend -name node_modules -prune -o -type f \( -name '*.js' -o -name '*.mjs' -o -name '*.css' -o -name 'package*.json' \) -print)

.DEFAULT_GOAL := help
.PHONY: help demo test check bench docs lock clean

help:
	@sed -n 's/^# //p' Makefile

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Sayso needs Python 3.11 or newer; $(PYTHON) is older. Name another with PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The build runs in this environment, with the locked build requirements, so that nothing unlocked is fetched.
$(VENV)/installed: requirements/build.txt requirements/runtime.txt pyproject.toml hatch_build.py src/sayso/gazetteer/build.py $(FRONTEND) | $(BIN)/python
	@echo "setting up (a minute or two the first time)"
	$(PIP) --require-hashes -r requirements/build.txt -r requirements/runtime.txt
	rm -rf src/sayso/gazetteer/data
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/developed: requirements/dev.txt $(VENV)/installed
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

# FollowTheMoney compares names with ICU, which is compiled here. Whoever lacks it can test all the rest; CI must not.
$(VENV)/extended: requirements/extras.txt $(VENV)/developed
	@if $(PIP) --require-hashes -r requirements/extras.txt; then touch $@; \
	else echo "the extras (postgres, ray, interchange, evidence) cannot be installed: their tests are skipped. On Debian: apt-get install libicu-dev pkg-config g++"; [ -z "$$CI" ]; fi

$(VENV)/documented: requirements/docs.txt $(VENV)/installed
	$(PIP) --require-hashes -r requirements/docs.txt
	@touch $@

demo: $(VENV)/installed
	@rm -rf demo && mkdir -p demo
	$(BIN)/sayso add examples/raid --ledger demo/raid.db
	$(BIN)/sayso claims --ledger demo/raid.db --attributed --limit 40
	$(BIN)/sayso claims --ledger demo/raid.db --stance denies
	$(BIN)/sayso disputes --ledger demo/raid.db
	$(BIN)/sayso event --ledger demo/raid.db --brief "$$($(BIN)/sayso events --ledger demo/raid.db --disputed --shared --limit 1 --format jsonl | $(BIN)/python -c 'import json,sys; print(json.loads(sys.stdin.readline())["id"])')"
	$(BIN)/sayso origins 6-translated.txt --ledger demo/raid.db
	$(BIN)/sayso report --ledger demo/raid.db --out demo/report.html --title "A raid on the Belgorod region, as nine example reports tell it"
	@echo
	@echo "Open demo/report.html in a browser. Then try your own files:"
	@echo "  $(BIN)/sayso read FILE    ·    $(BIN)/sayso add FOLDER    ·    $(BIN)/sayso --help"
	@echo
	@echo "The workbench on these nine reports, in the browser:"
	@echo "  $(BIN)/sayso serve --ledger demo/raid.db --open"

test: $(VENV)/extended
	@sh tests/browser/install.sh
	@sh tests/postgres/install.sh
	$(BIN)/python -m pytest -n 2

check: $(VENV)/extended $(VENV)/documented
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

bench: $(VENV)/developed
	@test -n "$(DATA)" || { echo "name the folder of the reference data: make bench DATA=DIR"; exit 2; }
	$(BIN)/python -m benchmarks --data $(DATA) --record

docs: $(VENV)/documented
	$(BIN)/mkdocs serve

lock: $(BIN)/python
	$(PIP) uv
	for part in build runtime extras dev docs; do sh requirements/compile.sh $$part $(BIN)/uv; done

clean:
	rm -rf $(VENV) demo site src/sayso/gazetteer/data src/sayso/web/static/built frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
