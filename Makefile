# From a bare Python 3.11+ to a running shop: `make demo`. What each target needs it makes first; a second call does nothing.

PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
PIP := $(BIN)/python -m pip --disable-pip-version-check
UV := VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/uv --no-config pip
# Named by the lock's content, not its time: a fresh checkout with the same lock has nothing to do.
STAMP := .venv/kontor-$(shell cat requirements.lock pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1).done
KONTOR := $(BIN)/kontor
PYTEST_ARGS ?=

.PHONY: setup demo test lint lock bench soak soak-doors soak-wire chromium ui docs

setup: $(STAMP) ui  ## A virtual environment with `kontor` in it, and the built user interface.

$(STAMP):
	@echo "Setting up .venv (once; about a minute) ..."
	@$(PYTHON) -c 'import sys; sys.exit("Kontor needs Python 3.11 or newer; this is " + sys.version if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(PIP) install --quiet uv==$(UV_VERSION) || echo "uv can't be had; pip does it, more slowly."
	@if test -x $(BIN)/uv; then \
	    $(UV) sync --quiet --require-hashes --compile-bytecode requirements.lock && $(UV) install --quiet --no-deps --no-build-isolation -e .; \
	else \
	    $(PIP) install --quiet --require-hashes -r requirements.lock && $(PIP) install --quiet --no-deps --no-build-isolation -e .; \
	fi
	@$(BIN)/python -m compileall -q backoffice_app
	@rm -f .venv/kontor-*.done && touch $@

ui: $(STAMP)
	@$(KONTOR) ui

demo: setup  ## The demo shop at http://localhost:3000.
	@exec $(KONTOR) demo

lint: setup  ## Everything that can be said without running: style, types, who imports whom.
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

chromium: $(STAMP)
	@sh tests/find_chromium.sh

test: setup chromium lint  ## All tests, with a real browser.
	@$(BIN)/pytest -n 2 --dist loadgroup $(PYTEST_ARGS)

bench: setup  ## The figures owed, beside their floors.
	@$(KONTOR) bench

SECONDS ?= 600
ROUNDS ?= 500
SOAK_ARGS ?=
SOAK := PYTHONPATH=$(CURDIR):$(CURDIR)/tests $(BIN)/python -m

soak: setup  ## A shop at work for SECONDS on each database while its processes are killed: is what it said true?
	@$(SOAK) soak.run --seconds $(SECONDS) $(SOAK_ARGS)

soak-doors: setup  ## ROUNDS on each set-up of pressing everything while the database fails: is what is shown what is done?
	@$(SOAK) soak.doors --rounds $(ROUNDS) $(SOAK_ARGS)

soak-wire: setup  ## A million orders on PostgreSQL: list loads with one process and with two, what a colleague changes, the slowest of SECONDS.
	@$(SOAK) soak.wire --mixed $(SECONDS) $(SOAK_ARGS)

docs: $(STAMP)  ## The generated pages of docs/: rules with their proofs, rights, licences.
	@$(BIN)/python tools/make_rules.py
	@$(BIN)/python tools/make_rights.py
	@$(BIN)/python tools/make_licences.py

lock: $(STAMP)  ## Newer packages: both locks are written anew, without addresses.
	@$(UV) compile pyproject.toml --quiet --all-extras --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -o requirements.lock
	@$(KONTOR) ui --relock
