# Everything a person or a machine does with Socle starts here; bare `make` explains it.
# What must exist before: git, make, python3 (3.11 or newer) with venv. PYTHON= chooses another interpreter.

PYTHON ?= python3
JOBS ?= 2
T ?= tests
ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PYTEST := $(BIN)/python -m pytest
COMPILE = pip compile pyproject.toml requirements/build.in --python-version 3.11 --universal --generate-hashes \
	--no-emit-index-url --no-annotate --no-header --quiet $(LOCK_ARGS)

# Where a machine asks Python to keep no bytecode, each command would compile the whole house anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run story test conformance interop soak bench screenshots lint format reference lock clean

help:
	@echo 'Socle: the foundations of digital health, on one machine. No account, no network, no Docker.'
	@echo
	@awk 'BEGIN { FS = ":.*## " } \
		/^## / { printf "%s\n", substr($$0, 4) } \
		/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo 'Options: make test T=tests/kernel · make run ARGS="--help" · make run PYTHON=python3.13'

## Use it
run: $(RUNTIME) ## load the demonstration town and open http://localhost:8000
	@$(BIN)/socle up $(ARGS)

story: $(RUNTIME) ## walk through the house, one command at a time
	@$(BIN)/socle story $(ARGS)

## Trust it
test: $(DEV) ## every test, on SQLite and PostgreSQL; skips are named with their reason
	@$(PYTEST) --numprocesses $(JOBS) --dist loadfile --durations 20 $(T)

conformance: $(DEV) ## official examples and suites, from SOCLE_CONFORMANCE_DATA=folder
	@test -d '$(SOCLE_CONFORMANCE_DATA)' || { \
		echo 'make conformance: set SOCLE_CONFORMANCE_DATA to the folder of reference data (docs/conformance.md).'; \
		exit 2; }
	@$(PYTEST) -m conformance $(T)

interop: $(DEV) ## foreign clients against a running Socle (needs node and npm)
	@$(PYTEST) -m interop $(T)

soak: $(DEV) ## kills, races and long oracles, about 25 minutes (docs/testing.md)
	@$(PYTEST) -m soak --hypothesis-profile soak $(T)

bench: $(DEV) ## measure loads, reads and searches; writes benchmarks/reports
	@$(BIN)/python -m benchmarks $(ARGS)

## Change it
lint: $(DEV) ## style, types, imports, spelling, templates
	@failed=; \
	for check in 'ruff check --output-format concise .' 'ruff format --check --quiet .' mypy lint-imports \
		'codespell docs *.md Makefile .ci' 'djlint src --lint --quiet'; do \
		$(BIN)/$$check || failed="$$failed $${check%% *}"; \
	done; \
	test -z "$$failed" || { echo "make lint: failed:$$failed"; exit 1; }

format: $(DEV) ## put the sources in form
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

reference: $(DEV) ## regenerate docs/settings.md, cli.md, errors.md and services.md from the code
	@$(BIN)/python tools/reference.py

screenshots: $(DEV) ## take the pictures of docs/images again (needs Chromium)
	@$(BIN)/python tools/screenshots.py $(ARGS)

lock: | $(BIN)/python ## pin dependencies again with hashes (LOCK_ARGS=--upgrade for newer ones)
	@command -v uv >/dev/null || test -x $(VENV)/lock/bin/uv \
		|| { $(PYTHON) -m venv $(VENV)/lock && $(VENV)/lock/bin/pip install --quiet uv; }
	@PATH="$(VENV)/lock/bin:$$PATH" uv $(COMPILE) -o requirements/runtime.txt
	@PATH="$(VENV)/lock/bin:$$PATH" uv $(COMPILE) --extra dev -c requirements/runtime.txt -o requirements/dev.txt

clean: ## remove what was installed or cached; your data in var/ stays
	rm -rf $(VENV) .pytest_cache .hypothesis .mypy_cache .ruff_cache .import_linter_cache dist tests/interop/*/node_modules
	find src tests benchmarks tools -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'Socle needs Python 3.11 or newer; choose one with: make $(MAKECMDGOALS) PYTHON=python3.13'; exit 2; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo 'Socle needs venv; on Debian: apt install python3-venv'; exit 2; }

$(RUNTIME): requirements/runtime.txt pyproject.toml | $(BIN)/python
	@echo 'Installing the pinned dependencies into $(VENV), once…'
	@$(PIP) install --require-hashes -r requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt $(RUNTIME)
	@echo 'Installing the pinned development tools into $(VENV), once…'
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@
