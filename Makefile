# Everything a person or CI runs. `make run` and `make test` set up what they need in .venv.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --require-hashes

.PHONY: help bench run test test-long checks other-whoosh browser lock catalogs rules lighthouse screenshots clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

run: .venv/run ## index the practices and serve them at http://127.0.0.1:8000
	$(BIN)/python -m indexer serve

test: checks other-whoosh ## all checks and tests; what takes minutes at a tenth of its size
	$(BIN)/python -m pytest --numprocesses auto

test-long: checks other-whoosh ## all checks and tests at their whole size
	PRACTICES_TEST_SCALE=1 $(BIN)/python -m pytest --numprocesses auto

# The engine's contract on a second distribution of Whoosh, so that changing to it stays possible.
other-whoosh: .venv/whoosh3
	PYTHONPATH=.venv/whoosh3 $(BIN)/python -m pytest --numprocesses auto --quiet tests/test_engines.py

checks: .venv/dev browser
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

browser:
	@command -v chromium > /dev/null || { \
		echo "The browser tests need Chromium. Install it with: sudo apt-get install chromium"; exit 1; }

lock: .venv/dev ## pin the newest packages that pyproject.toml allows, with their hashes
	$(BIN)/uv pip compile pyproject.toml $(LOCK) --output-file requirements.txt
	$(BIN)/uv pip compile pyproject.toml --extra dev $(LOCK) --output-file requirements-dev.txt
	$(BIN)/uv pip compile pyproject.toml --extra dev --extra bench $(LOCK) --output-file requirements-bench.txt

LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links

catalogs: .venv/dev ## bring the catalogs of the interface up to date with its strings
	$(BIN)/python -m tests.catalogs

rules: .venv/dev ## write docs/rules.md from the rule book
	$(BIN)/python -m tests.rules

bench: .venv/bench ## compare with other engines and sites; BENCH=quick for a small run
	@command -v wrk > /dev/null || { echo "The benchmarks need wrk. Install it with: sudo apt-get install wrk"; exit 1; }
	$(BIN)/python -W ignore -m bench

screenshots: .venv/dev browser ## make the pictures of docs/ from the real site
	$(BIN)/python -m tests.screenshots

# Where a machine has npm and Node 20; nothing else needs them.
lighthouse: .venv/dev browser ## Lighthouse's scores of six types of page
	mkdir -p .cache/lighthouse
	cp tests/lighthouse/package.json tests/lighthouse/package-lock.json .cache/lighthouse/
	PUPPETEER_SKIP_DOWNLOAD=1 npm ci --prefix .cache/lighthouse --no-audit --no-fund
	$(BIN)/python -m tests.lighthouse

clean: ## remove what was made: the index and the environment
	rm -rf .venv index

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: requirements.txt | .venv/bin/python
	$(PIP) -r requirements.txt
	@touch $@

.venv/dev: requirements-dev.txt | .venv/bin/python
	$(PIP) -r requirements-dev.txt
	@touch $@ .venv/run

.venv/bench: requirements-bench.txt | .venv/dev
	$(PIP) -r requirements-bench.txt
	@touch $@

.venv/whoosh3: requirements-whoosh3.txt | .venv/dev
	$(PIP) --no-deps --target $@ -r requirements-whoosh3.txt
	@touch $@
