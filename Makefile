# All set-up there is: `make demo` shows tk at work, `make test` runs what CI runs.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test endurance bench check fmt golden messages picture docs prerequisites clean
.DEFAULT_GOAL := demo

demo: $(READY)
	@$(BIN)/tk -C / demo  # away from the desk that lies here, whose language it would speak

test: check
	$(BIN)/pytest

endurance: $(READY)
	TK_EXAMPLES=10000 $(BIN)/pytest tests/core/merging/test_merge_laws.py
	TK_ENDURANCE=1 $(BIN)/pytest -n 1 tests/test_clones.py

bench: $(READY)  # BENCH='--tickets 1000 --only list,show' for less of it, '--help' for what else there is
	@$(BIN)/python -m tests.bench $(BENCH)

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/codespell

fmt: $(READY)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

golden: $(READY)
	$(BIN)/pytest --update-golden

messages: $(READY)
	$(BIN)/python -m tests.catalogue

picture: $(READY)
	$(BIN)/python -m tests.picture

docs: $(READY)
	$(BIN)/python -m tests.reference

$(READY): pyproject.toml | prerequisites
	@echo "setting up .venv; the first time this takes a minute"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

prerequisites:
	@command -v $(PYTHON) >/dev/null || \
	  { echo "tk needs Python 3.11 or later: install python3, or name one by make PYTHON=..." >&2; exit 2; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "tk needs Python 3.11 or later, and $(PYTHON) is older: name another by make PYTHON=..." >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "tk needs Python's venv module: install it (on Debian: apt-get install python3-venv)" >&2; exit 2; }
	@command -v git >/dev/null || \
	  { echo "tk needs git 2.36 or later: install it (on Debian: apt-get install git)" >&2; exit 2; }
	@git version | $(PYTHON) -c 'import re, sys; sys.exit([*map(int, re.findall(r"\d+", input())[:2])] < [2, 36])' || \
	  { echo "tk needs git 2.36 or later, and this is $$(git version)" >&2; exit 2; }

clean:
	rm -rf .venv demo
