# OpenKAP's commands. Nothing is assumed but python3 (with venv), make and a C library.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up
LOCKS := requirements/bootstrap.lock requirements/dev.lock
export OPENKAP_DATA_DIR ?= $(CURDIR)/.openkap
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# One more than there are processors: some tests wait for a process or a browser.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.DEFAULT_GOAL := help
.PHONY: help setup demo dev test check bench faults docs locks messages screenshots front chromium clean

help: ## say what each command does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

setup: $(STAMP) front ## set everything up, and nothing more

$(STAMP): $(LOCKS) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "OpenKAP needs Python 3.11 or newer. Install it with: apt install python3.11 python3.11-venv"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "Python's venv is missing. Install it with: apt install python3-venv"; exit 1; }
	@test -x $(BIN)/python || { echo "Making a virtual environment …"; $(PYTHON) -m venv $(VENV); }
	@echo "Installing what OpenKAP needs (about a minute on the first run) …"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/bootstrap.lock
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.lock
	@echo "Building the front end …"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $(STAMP)

front: $(STAMP)
	@$(BIN)/python hatch_build.py

demo: setup ## a synthetic clinic on http://localhost:8000
	@OPENKAP_DATA_DIR=$(CURDIR)/.openkap/demo exec $(BIN)/openkap demo

dev: setup ## the same, reloading when the code changes
	@OPENKAP_DATA_DIR=$(CURDIR)/.openkap/demo exec $(BIN)/openkap demo --reload

chromium: setup
	@$(BIN)/python -m tests.browser

test: setup chromium ## every test and what they run of the code (about ten minutes on two cores); TESTS= for some of them
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(or $(TESTS),-m "not slow" --cov --cov-report=)

slow: setup chromium ## what packs, installs, upgrades, brings its own server or looks at every page in each state: minutes, not seconds
	@env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m slow

check: setup ## format, lint, types, contracts, templates, messages, migrations, front end, docs
	@echo "Format";     $(BIN)/ruff format --check --quiet .
	@echo "Lint";       $(BIN)/ruff check --quiet .
	@echo "Types";      $(BIN)/mypy
	@echo "Contracts";  $(BIN)/lint-imports --no-cache
	@echo "Templates";  $(BIN)/djlint --quiet --lint src
	@echo "Messages";   $(BIN)/python -m tests.messages --check
	@echo "Migrations"; $(BIN)/python manage.py makemigrations --check --dry-run --skip-checks
	@echo "Front end";  $(BIN)/python hatch_build.py --check
	@echo "Docs";       $(BIN)/mkdocs build --quiet --strict --site-dir .cache/site

bench: setup ## measure, and print the machine beside the figures
	@$(BIN)/python -m tests.bench
	@$(BIN)/python -m tests.bench.record
	@$(BIN)/python -m tests.bench.messages
	@$(BIN)/python -m tests.bench.screens
	@$(BIN)/python -m tests.bench.sessions
	@$(BIN)/python -m tests.bench.pages
	@$(BIN)/python -m tests.bench.workers
	@$(BIN)/python -m tests.bench.disk
	@$(BIN)/python -m tests.bench.clock
	@$(BIN)/python -m tests.bench.people
	@$(BIN)/python -m tests.bench.backup


faults: setup ## every control off, mutants of every rule (300 a run), a million bent inputs, 500 kills; resumable; COUNT=, ONLY=, FUZZ= and KILLS= narrow it
	@$(BIN)/python -m tests.faults --controls --count $(or $(COUNT),300) --only "$(ONLY)"
	@$(BIN)/python -m tests.faults.fuzz --executions $(or $(FUZZ),1000000)
	@OPENKAP_TEST_WHOLE=1 $(BIN)/python -m pytest -q tests/architecture/test_nonsense.py tests/outage/test_own_postgresql.py tests/outage/test_backup.py tests/journeys/test_longer_words.py tests/journeys/test_everywhere.py src/openkap/watch/tests/test_plausibility.py src/openkap/interop
	@$(BIN)/python -m tests.faults.kills --kills $(or $(KILLS),500)
	@$(BIN)/python -m tests.screenshots --check

docs: setup ## build the documentation into site/
	@$(BIN)/mkdocs build --strict

messages: setup ## write the catalogue of every sentence, for translators
	@$(BIN)/python -m tests.messages

screenshots: setup chromium ## take the README's pictures from a running demo; CHECK=1 only says which are stale, and fails
	@$(BIN)/python -m tests.screenshots $(if $(CHECK),--check)

locks: setup ## upgrade every locked version
	@$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --universal --python-version 3.11 requirements/bootstrap.in -o requirements/bootstrap.lock
	@$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --universal --python-version 3.11 pyproject.toml -o requirements/run.lock
	@$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header --universal --python-version 3.11 pyproject.toml --group dev -o requirements/dev.lock
	@$(BIN)/python hatch_build.py --upgrade

clean: ## remove what was built; your clinic's data stays
	@rm -rf $(VENV) .cache build dist site frontend/node_modules src/openkap/ui/static/ui/build
