# make run: the page on http://127.0.0.1:7860        make test: all tests
# make setup: .venv alone                            make check: formatting, lint, types, floors, dependencies
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# A complete lock is installed as it stands: with --no-deps pip resolves nothing, with hashes it takes nothing else.
INSTALL := $(PIP) install --quiet --no-deps --require-hashes

.PHONY: run test check setup dev lock eval bench wheel clean help
.DEFAULT_GOAL := help

help:
	@sed -n '1,2s/^# //p' Makefile

run: setup
	@$(BIN)/python app.py

test: dev
	$(BIN)/python -m pytest

check: dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

eval: setup
	ASSISTANT_HOME=$$(mktemp -d) $(BIN)/assistant evaluate corpus/questions/questions.jsonl --articles corpus

bench: $(VENV)/.peers
	$(BIN)/python -m benchmarks.run

setup: $(VENV)/.setup
dev: $(VENV)/.dev

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v[:2] <= (3, 13) else f"Python 3.11 to 3.13 is needed, {sys.executable} is {v[0]}.{v[1]}. Run: make PYTHON=python3.12 $(MAKECMDGOALS)")'
	$(PYTHON) -m venv $(VENV)

# The stamps are renewed when a lock file changes. pip compiles what it installs to bytecode.
$(VENV)/.setup: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(INSTALL) -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q assistant app.py
	@touch $@

$(VENV)/.dev: $(VENV)/.setup requirements-dev.lock
	$(INSTALL) -r requirements-dev.lock
	@touch $@

$(VENV)/.peers: $(VENV)/.dev benchmarks/requirements.txt
	$(PIP) install --quiet --no-deps -r benchmarks/requirements.txt
	@touch $@

lock:
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements.lock
	uv pip compile pyproject.toml --group build --group dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements-dev.lock

wheel: setup
	$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean:
	rm -rf $(VENV) dist build
