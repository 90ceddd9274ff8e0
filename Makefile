# make demo       the reference scenario: 1,000 campaigns, 4 of each draw, and one page about them
# make test       every test          make test-long  the ones that take minutes
# make lint       style, types, architecture          make bench  speed, size and memory against floors and peers
# make clean      remove what make has made
#
# The environment is made once, in .venv, and again only when pyproject.toml or constraints.txt change.
# Another Python: make demo PYTHON=python3.12

PYTHON ?= python3
VENV ?= .venv
SCENARIO ?= scenarios/panjshir-2021/scenario.yaml
OUT ?= out/panjshir-2021
N ?= 1000
PER_DRAW ?= 4
SEED ?= 1

BIN = $(VENV)/bin
# Stamps: what the program needs, what its tests need on top, and what its benchmarks compare it with.
PROGRAM = $(VENV)/.program-installed
TESTS = $(VENV)/.tests-installed
PEERS = $(VENV)/.peers-installed
# Modules are compiled when they are first imported: most never are, and it halves the time to the first run.
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt

.PHONY: demo test test-long bench lint clean
.DEFAULT_GOAL := demo

# A finished demo, or one of an earlier scenario or program, is set aside; an interrupted one is gone on with.
demo: $(PROGRAM)
	@if [ -e "$(OUT)/report.html" ] || \
	    [ -n "$$(find sim scenarios -type f ! -name '*.pyc' -newer "$(OUT)/manifest.json" 2>/dev/null)" ]; then \
	    rm -rf "$(OUT).before"; mv "$(OUT)" "$(OUT).before"; fi
	@$(BIN)/sim batch "$(SCENARIO)" -n $(N) --per-draw $(PER_DRAW) -o "$(OUT)" --seed $(SEED)
	@$(BIN)/sim verify "$(OUT)"
	@echo "Setting the mechanisms beside theory, which takes about a minute"
	@$(BIN)/sim verify-model --note "$(OUT)" > "$(OUT)/theory.txt"
	@$(BIN)/sim report "$(OUT)" -o "$(OUT)/report.html"

# Tests begin a hundred processes: where nothing is kept compiled, each of them compiles all that it imports.
test test-long: export PYTHONDONTWRITEBYTECODE =

test: $(TESTS)
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

test-long: $(TESTS)
	$(BIN)/python -m pytest -n auto -m long -rP

bench: $(PEERS)
	$(BIN)/python -m benchmarks

lint: $(TESTS)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

clean:
	rm -rf "$(VENV)" out build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find sim tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

$(PROGRAM): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "Python 3.11 or later is needed, and '$(PYTHON)' is $$($(PYTHON) --version 2>&1 || true)."; \
	    echo "Name another one: make $(firstword $(MAKECMDGOALS) demo) PYTHON=python3.12"; exit 1; }
	@echo "Making the environment in $(VENV), once"
	@$(PYTHON) -m venv "$(VENV)" || { \
	    echo "Python's venv module did not work; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(INSTALL) --editable .
	@touch "$@"

$(TESTS): $(PROGRAM)
	@echo "Adding what the tests need, once"
	@$(INSTALL) --editable '.[dev]'
	@touch "$@"

$(PEERS): $(PROGRAM)
	@echo "Adding what the benchmarks compare with, once"
	@$(INSTALL) --editable '.[bench]'
	@touch "$@"
