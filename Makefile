# graph_crm: `make demo` shows it, `make test` proves it. Everything is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SIZE ?= S
WORKERS ?= 2

.PHONY: help install demo test test-long lint types serve bench schema lock clean

help:
	@echo "make demo       install, start a local Neo4j, load the demo, serve http://127.0.0.1:8000"
	@echo "make test       lint, types and the test suite, on a real Neo4j"
	@echo "make test-long  the same tests at full counts"
	@echo "make serve      serve your own data (settings: docs/settings.md)"
	@echo "make bench      measure; SIZE=M for the large graph"
	@echo "make lint       style"
	@echo "make types      static types"
	@echo "make lock       renew the locked versions"
	@echo "make clean      remove .venv and what the tools left (no data is touched)"

$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer, or say make PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "graph_crm needs Python 3.11 or newer; say make PYTHON=/path/to/python3.11."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing: install it (Debian: apt-get install python3-venv)."; exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing graph_crm and its libraries into $(VENV): about 45 MB to download, once."
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar on --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing the tools that the tests use into $(VENV): about 120 MB to download, once."
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar on --require-hashes -r requirements-dev.lock
	@touch $@

install: $(VENV)/.run

demo: install
	@$(BIN)/graph-crm demo

serve: install
	@$(BIN)/graph-crm serve

lint: $(VENV)/.dev
	@echo "Style:"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev
	@echo "Types:"
	@$(BIN)/pyright --pythonpath $(BIN)/python

test: lint types
	@echo "Tests, on a Neo4j of their own:"
	@$(BIN)/python -m pytest -m "not long" -n $(WORKERS) --dist loadfile

test-long: lint types
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

bench: $(VENV)/.dev
	@$(BIN)/python -m bench --size $(SIZE)

schema: $(VENV)/.dev
	@$(BIN)/python -m graph_crm.schema > schema/schema.graphql

lock: $(VENV)/.dev
	@$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group build pyproject.toml -o requirements.lock
	@$(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
