# graph_crm: `make demo` shows it, `make test` proves it. Everything is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SIZE ?= S
WORKERS ?= 2
LOCK := $(BIN)/python -m uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header

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
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "graph_crm needs Python 3.11 or newer, this is $$($(PYTHON) -V 2>&1): say make PYTHON=/path/to/python3.11."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing: install it (Debian and Ubuntu: apt-get install python3-venv)."; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); echo "The folder $(VENV) cannot be made here: check that the disk has room and that you may write."; exit 1; }

$(VENV)/.run: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing graph_crm and its libraries into $(VENV): about 45 MB to download, once."
	@$(BIN)/python .ci/install.py requirements.lock
	@$(BIN)/python .ci/install.py --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "Installing the tools that the tests use into $(VENV): about 140 MB to download, once."
	@$(BIN)/python .ci/install.py requirements-dev.lock
	@touch $@

install: $(VENV)/.run
	@echo "Installed: $(BIN)/graph-crm --help says what it does."

demo: $(VENV)/.run
	@$(BIN)/graph-crm demo

serve: $(VENV)/.run
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
	@echo "Tests at full counts, on a Neo4j of their own:"
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

bench: $(VENV)/.dev
	@$(BIN)/python -m bench --size $(SIZE)

schema: $(VENV)/.dev
	@$(BIN)/python -m graph_crm.schema > schema/schema.graphql

lock: $(VENV)/.dev
	@$(LOCK) --group build pyproject.toml --output-file requirements.lock
	@$(LOCK) --group dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock

clean:
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis dist build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
