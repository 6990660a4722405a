# From a bare Python 3.11+ to a running shop: `make demo`. What each target needs it makes first; a second call does nothing.

PYTHON ?= python3
BIN := .venv/bin
UV_VERSION := 0.13.9
PIP := $(BIN)/python -m pip --disable-pip-version-check
# `--python`, not VIRTUAL_ENV: a relative path has no blanks in it, wherever the checkout is.
UV := $(BIN)/uv --no-config
LOCK ?= requirements.lock
# Named by the lock's content, not its time: a fresh checkout with the same lock has nothing to do.
STAMP := .venv/kontor-$(shell cat $(LOCK) pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1).done
KONTOR := $(BIN)/kontor
PYTEST_ARGS ?=
QUICK := tests/domain tests/documents tests/state tests/ui --ignore tests/domain/listing --ignore tests/domain/intake
# One more than cores: tests wait for servers, browsers and pauses about as long as they compute.
WORKERS ?= $(shell echo $$(($$(getconf _NPROCESSORS_ONLN) + 1)))
# The tests that draw their examples, and those that kill.
NIGHTLY = tests/domain/test_crash.py $(shell grep -rl "^from hypothesis\|^import hypothesis" tests --include="test_*.py")
# Caches of the installers go where they can be written: a service's user often has no home, or one that is read-only.
ifneq ($(shell test -d "$$HOME" && test -w "$$HOME" && echo writable),writable)
export HOME := $(CURDIR)/build/home
endif

DEV_ARGS ?=

.PHONY: setup setup-server demo dev test test-all test-fast quick lint lock bare bench soak soak-doors soak-unicode soak-wire nightly chromium ui texts docs

setup: $(STAMP) ui  ## A virtual environment with `kontor` in it, and the built user interface.

setup-server:  ## The same without what only tests and measurements need: a third of the size.
	@$(MAKE) --no-print-directory LOCK=requirements-server.lock setup

# uv first, then uv with the authorities that the system trusts (a company's own may be among them), then pip, which reads /etc/pip.conf.
$(STAMP):
	@echo "Setting up .venv (once; about a minute) ..."
	@$(PYTHON) -c 'import sys; sys.exit("Kontor needs Python 3.11 or newer; this is " + sys.version if sys.version_info < (3, 11) else 0)'
	@mkdir -p build "$$HOME"
	@$(PIP) --version > /dev/null 2>&1 || $(PYTHON) -m venv --clear .venv || \
	    { echo "There is no virtual environment. On Debian and Ubuntu: apt install python3-venv, then the same command again."; exit 1; }
	@$(PIP) install --quiet uv==$(UV_VERSION) || true
	@if $(UV) pip sync --python $(BIN)/python --quiet --require-hashes --compile-bytecode $(LOCK) 2> build/setup.log || \
	    $(UV) --system-certs pip sync --python $(BIN)/python --quiet --require-hashes --compile-bytecode $(LOCK) 2>> build/setup.log; then :; else \
	    echo "uv can't install the packages (build/setup.log says why); pip does it, more slowly."; \
	    $(PIP) install --quiet --require-hashes -r $(LOCK); \
	fi
	@$(UV) pip install --python $(BIN)/python --quiet --no-deps --no-build-isolation -e . 2>> build/setup.log || \
	    $(PIP) install --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q backoffice_app
	@rm -f .venv/kontor-*.done && touch $@

ui: $(STAMP)
	@$(KONTOR) ui

demo: setup  ## The demo shop at http://localhost:3000.
	@exec $(KONTOR) demo

dev: setup  ## The demo shop, built and started anew whenever a file changes.
	@exec $(BIN)/watchfiles --target-type command "sh -c '$(KONTOR) ui && exec $(KONTOR) demo $(DEV_ARGS)'" backoffice_app assets

quick: setup  ## The rules and what is drawn of them, on SQLite alone: what to run while one writes.
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not browser and not postgres" $(QUICK) $(PYTEST_ARGS)

lint: setup  ## Everything that can be said without running: style, types, who imports whom.
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/mypy --config-file tests/mypy.ini
	@$(BIN)/lint-imports

chromium: $(STAMP)
	@sh tests/find_chromium.sh

test: setup chromium lint  ## The tests, with a real browser; without those that take long and have a quicker sister.
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not slow" $(PYTEST_ARGS)

test-all: setup chromium lint  ## All tests.
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup $(PYTEST_ARGS)

test-fast: setup  ## The tests without a browser, and without lint before them. PYTEST_ARGS chooses some: PYTEST_ARGS="-k money".
	@$(BIN)/pytest -n $(WORKERS) --dist loadgroup -m "not browser and not slow" $(PYTEST_ARGS)

BARE_RELEASE ?= bookworm
BARE_TESTS ?= all
BARE_ARGS ?=

bare: setup chromium  ## `make demo` and `make test` in a minimal Debian (as root; BARE_TESTS: all, none, or files).
	@PYTHONPATH="$(CURDIR):$(CURDIR)/tests" $(BIN)/python -m bare --release $(BARE_RELEASE) --tests "$(BARE_TESTS)" $(BARE_ARGS)

bench: setup  ## The figures owed, beside their floors.
	@$(KONTOR) bench

SECONDS ?= 600
ROUNDS ?= 500
SOAK_ARGS ?=
SOAK := PYTHONPATH="$(CURDIR):$(CURDIR)/tests" $(BIN)/python -m

soak: setup  ## A shop at work for SECONDS on each database while its processes are killed: is what it said true?
	@$(SOAK) soak.run --seconds $(SECONDS) $(SOAK_ARGS)

UNICODE_ORDERS ?= 1000
UNICODE_SEED ?= $(shell date +%s)

soak-unicode: setup  ## UNICODE_ORDERS orders with texts of all of Unicode on each database: can all papers and mails of them be made?
	@$(BIN)/pytest -q tests/domain/test_any_order.py --unicode-orders $(UNICODE_ORDERS) --unicode-seed $(UNICODE_SEED)

soak-doors: setup  ## ROUNDS on each set-up of pressing everything while the database fails: is what is shown what is done?
	@$(SOAK) soak.doors --rounds $(ROUNDS) $(SOAK_ARGS)

soak-wire: setup  ## A million orders on PostgreSQL: list loads with one process and with two, what a colleague changes, the slowest of SECONDS.
	@$(SOAK) soak.wire --mixed $(SECONDS) $(SOAK_ARGS)

nightly: setup  ## What takes too long for each day: 5,000 changed payloads of shops, and new examples for all properties.
	@KONTOR_EXAMPLES=new KONTOR_MUTATIONS=5000 KONTOR_KILLS=40 $(BIN)/pytest -q -n $(WORKERS) --dist loadgroup -m "not browser" $(NIGHTLY)

texts: $(STAMP)  ## The catalogs: new sentences come in, those that are gone go; says what still needs a translation.
	@$(BIN)/python tools/make_texts.py

docs: $(STAMP)  ## The generated pages of docs/: rules with their proofs, rights, parts, licences.
	@$(BIN)/python tools/make_rules.py
	@$(BIN)/python tools/make_rights.py
	@$(BIN)/python tools/make_parts.py
	@$(BIN)/python tools/make_licences.py

COMPILE := --quiet --python $(BIN)/python --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

lock: $(STAMP)  ## Newer packages: both locks are written anew, without addresses.
	@$(UV) pip compile pyproject.toml $(COMPILE) --all-extras --upgrade -o requirements.lock
	@$(UV) pip compile pyproject.toml $(COMPILE) --extra build --no-annotate -c requirements.lock -o requirements-server.lock
	@$(KONTOR) ui --relock
