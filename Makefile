# The commands people use; each sets up what it needs first.
.DEFAULT_GOAL := help
.PHONY: help setup demo run test check messages mutants bench clean

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
TESTS ?= tests
# Each process has a database of its own, so given servers are for one alone. Who is done first takes
# over tests of the others: every test can run anywhere, in any order. Three keep two cores busy, as
# one of them waits for a browser or a worker.
SHARED := $(if $(DATABASE_URL)$(REDIS_URL),,--numprocesses 3 --dist worksteal)

help:  ## what can be done
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## / \t/' | expand -t 10

# What people run needs fewer packages, and less waiting, than what people build with.
.venv/run: requirements.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

setup: .venv/run  ## the environment alone, in .venv

demo: .venv/run  ## a simulated market, a worker and the site on PORT (8000)
	@exec $(BIN)/python manage.py serve --port $(PORT) --demo

run: .venv/run  ## the same with an empty market, for your own data
	@exec $(BIN)/python manage.py serve --port $(PORT)

test: .venv/dev  ## all tests, on real servers; TESTS=tests/arithmetic/test_growth.py for some
	$(BIN)/python -m pytest $(SHARED) $(TESTS)

check: .venv/dev  ## lint, types, architecture, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	git ls-files -z '*.html' | xargs -0 $(BIN)/djade --check --target-version 5.2
	$(BIN)/hadolint docker/Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker/compose.yaml
	$(BIN)/lint-imports
	@# The types come from the settings, which want addresses; nothing is connected to.
	DATABASE_URL=postgresql://unused REDIS_URL=redis://unused $(BIN)/mypy marketplace trends tests manage.py
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null

messages: .venv/run  ## the catalogues of translations, brought up to the sources and compiled
	$(BIN)/python -m tests.tools.messages

mutants: .venv/dev  ## which breaks of MODULE no test notices; TESTS=tests/counting to choose from
	$(BIN)/python -m tests.tools.mutants $(MODULE) $(if $(filter-out tests,$(TESTS)),--tests $(TESTS)) $(if $(MOST),--most $(MOST))

bench: .venv/dev  ## how right and how fast, side by side
	$(BIN)/python -m tests.benchmarks

clean:  ## forget the environment and every local server's data
	rm -rf .venv .local
