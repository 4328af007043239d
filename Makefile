# Every target does everything it needs from a fresh clone: virtual environment, packages, then its job.
.DEFAULT_GOAL := help
.PHONY: help run test check fix bench faults load browser locks install install-test

PORT ?=
FULL ?=
PYTEST_ARGS ?=

# The first Python from 3.11 on; 3.11 itself is what the locks are checked with.
PYTHON ?= $(shell for name in python3.11 python3 python3.12 python3.13; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $$name && break; done)
BIN := .venv/bin

help: ## Show what there is
	@echo "Stagecraft. Targets:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: install ## Install what is needed and open the assistant on 127.0.0.1:8000 (PORT=… for another port)
	@$(BIN)/stagecraft serve $(if $(PORT),--port $(PORT))

test: install-test ## Run the whole test suite (PYTEST_ARGS=… is handed to pytest)
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: install-test ## Lint, format, types, import contracts and the quick tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -m "not slow and not browser" $(PYTEST_ARGS)

fix: install-test ## Mend what the tools can mend: lint, format, generated documents
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/python -m deploy.documents

bench: install-test ## Measure and print the figures of docs/measurements.md (FULL=1 for full counts)
	$(BIN)/python -m benchmarks $(if $(FULL),--full)

faults: install-test ## Do faults on purpose (kills, locks, full disk, closed doors) and print the counts (FULL=1 for full counts)
	$(BIN)/python -m benchmarks.faults $(if $(FULL),--full)

load: install-test ## Have many people ask at once and print what they see (FULL=1: 100 people for ten minutes, 300 at once)
	$(BIN)/python -m benchmarks.load $(if $(FULL),--full)

browser: install-test ## Run the tests that drive a real Chromium
	$(BIN)/python -m pytest -m browser $(PYTEST_ARGS)

locks: ## Make both locks again from pyproject.toml
	@test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --universal --python-version 3.11 pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --universal --python-version 3.11 --extra local-models --extra dev pyproject.toml -o requirements-test.lock

install:
	@$(if $(PYTHON),,$(error Stagecraft needs Python 3.11 or newer, and none was found))$(PYTHON) deploy/install.py run

install-test:
	@$(if $(PYTHON),,$(error Stagecraft needs Python 3.11 or newer, and none was found))$(PYTHON) deploy/install.py test
