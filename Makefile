# Anyberry: every command a person or CI needs. `make help` lists them.

PYTHON ?= $(shell for name in python3.12 python3.11 python3.13 python3 python; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)
BIN := .venv/bin
STAMP := .venv/.installed
ARGS ?=
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help install demo demo-reset test journeys editor-pictures faults bench-payments bench-catalog bench-search bench-newsletter bench-admin time-demo check fix messages lock

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

install: $(STAMP) ## Make .venv and install what requirements.lock names

$(STAMP): requirements.lock pyproject.toml tools/install.sh
	@test -n "$(PYTHON)" || { echo "Anyberry needs Python 3.11 or newer, and there is none on the PATH." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo "Python could not make .venv; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@tools/install.sh
	@touch $@

demo: $(STAMP) ## Run the demo shop; DEMO_PORT=8000 moves it, Ctrl-C stops it
	@$(BIN)/python -m anyberry.demo.run $(ARGS)

demo-reset: $(STAMP) ## Throw the demo's data away and run it from scratch
	@$(BIN)/python -m anyberry.demo.run --reset $(ARGS)

test: $(STAMP) ## Run all tests; ARGS="tests/shop -k cart" picks some, WORKERS=1 runs them one by one
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadscope $(ARGS)

journeys: $(STAMP) ## Run the journeys in a real browser, which must be there
	@ANYBERRY_REQUIRE_BROWSER=1 $(BIN)/python -m pytest -m journey $(ARGS)

editor-pictures: $(STAMP) ## Take the pictures of docs/editors.md anew, of a running demo
	@ANYBERRY_REQUIRE_BROWSER=1 ANYBERRY_PICTURES=docs/pictures $(BIN)/python -m pytest tests/journeys/test_editor_pictures.py $(ARGS)

faults: $(STAMP) ## Let everything fail that can, at length: minutes
	@$(BIN)/python -m pytest -m faults $(ARGS)

bench-payments: $(STAMP) ## Measure bills, orders and notifications, beside the figures of the brief
	@$(BIN)/python tools/bench_payments.py $(ARGS)

bench-search: $(STAMP) ## Measure search and suggestions with up to 100,000 berries; ARGS=--small: 10,000 at most
	@$(BIN)/python tools/bench_search.py $(ARGS)

bench-catalog: $(STAMP) ## Measure the catalog with 1,000 and 10,000 berries; ARGS=--large: 100,000, too
	@$(BIN)/python tools/bench_catalog.py $(ARGS)

bench-newsletter: $(STAMP) ## Send 10,000 letters to a mail server of its own: seconds and memory
	@$(BIN)/python tools/bench_newsletter.py $(ARGS)

bench-admin: $(STAMP) ## Measure the admin's list of orders with 100,000 of them; ARGS="--orders 5000": fewer
	@$(BIN)/python tools/bench_admin.py $(ARGS)

time-demo: $(STAMP) ## Start the demo from nothing and once more; fails where that takes too long
	@$(BIN)/python tools/time_demo.py

check: $(STAMP) ## Format, lint, types, walls, templates, migrations, messages: what CI runs before the tests
	@$(BIN)/python tools/check.py $(ARGS)

fix: $(STAMP) ## Format and fix what a machine can
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/djlint --reformat --quiet templates || true

messages: $(STAMP) ## Bring the message catalogues up to date with the code
	@$(BIN)/python tools/messages.py update

lock: $(STAMP) ## Choose the newest versions pyproject.toml allows and write requirements.lock
	@$(BIN)/uv pip compile pyproject.toml --group engines --group dev --universal --generate-hashes --upgrade \
		--no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 --quiet --output-file requirements.lock
