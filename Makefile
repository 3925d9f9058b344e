# make run: the page on http://127.0.0.1:7860        make test: all tests
# make setup: .venv alone                            make check: formatting, lint, types, floors, dependencies
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
PIP := $(BIN)/python -m pip --disable-pip-version-check

# A complete lock is installed as it stands: with --no-deps pip resolves nothing, with hashes it takes nothing else.
INSTALL := $(PIP) install --quiet --no-deps --require-hashes

.PHONY: run test check setup dev lock eval bench docs peers wheel clean help
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

# What the sample sets must not fall below: a few cases less than docs/evaluation.md measured.
GATE := hit@4<0.93 answer_contains<0.58 false_abstention>0.24 correct_abstention<0.7 gold_citation<0.7 \
	citation_exactness<1 gate_findings_per_100>0 verdict_accuracy<0.58 refuted_precision<0.9

eval: setup
	ASSISTANT_HOME=$$(mktemp -d) $(BIN)/assistant evaluate corpus/questions/questions.jsonl corpus/questions/claims.jsonl \
	  --articles corpus $(foreach condition,$(GATE),--fail-if '$(condition)')

bench: $(VENV)/.peers
	$(BIN)/python -m benchmarks.run

# The pictures of the page, by a Chromium of this machine.
docs: dev
	$(BIN)/python -m tools.screenshots

# make peers ARTICLES=articles.jsonl QUESTIONS=questions.jsonl OPTIONS="--only LlamaIndex"; without them the sample corpus
peers: $(PEERS)/.peers
	$(PEERS)/bin/python -m benchmarks.peers $(if $(ARTICLES),--articles $(ARTICLES)) $(if $(QUESTIONS),--questions $(QUESTIONS)) $(OPTIONS)

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

# The peers stay out of $(VENV): their packages are many and their pins their own.
$(PEERS)/bin/python: | $(VENV)/bin/python
	$(VENV)/bin/python -m venv $(PEERS)

$(PEERS)/.peers: requirements.lock pyproject.toml benchmarks/peers/requirements.txt | $(PEERS)/bin/python
	$(PEERS)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes -r requirements.lock
	$(PEERS)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps -r benchmarks/peers/requirements.txt
	$(PEERS)/bin/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

lock:
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements.lock
	uv pip compile pyproject.toml --group build --group dev -c requirements.lock --universal --python-version 3.11 --generate-hashes --no-header --quiet -o requirements-dev.lock

wheel: setup
	$(PIP) wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean:
	rm -rf $(VENV) $(PEERS) dist build
