# The make targets keep their environment in .venv. `make` prints what each target does.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3
STAMP := $(VENV)/.installed
DEMO_ARGS ?=
BENCH_ARGS ?=
FUZZ_ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo test coverage bench bench-scale bench-conversion soak lint types layers check matrix openapi mappings fuzz lock clean

help: ## Print this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(STAMP) ## Set up, seed invented people, tell the story, keep serving (DEMO_ARGS="--port 8080")
	$(BIN)/mappa-gateway demo $(DEMO_ARGS)

test: check ## Set up and run every check and every test
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal

coverage: $(STAMP) ## The tests again, and what of the code they run: half as long again
	$(BIN)/python -m pytest --numprocesses 2 --dist worksteal --cov --cov-report=term

bench: $(STAMP) ## Measure beside a bare endpoint and a Django peer, a quarter of an hour (BENCH_ARGS="--help")
	$(BIN)/python -m bench $(BENCH_ARGS)

bench-scale: $(STAMP) ## Measure from a thousand records to a million, half an hour or more
	$(BIN)/python -m bench.scale $(BENCH_ARGS)

bench-conversion: $(STAMP) ## Load a whole register into each store, killed on the way (BENCH_ARGS="--people 3000")
	$(BIN)/python -m bench.conversion $(BENCH_ARGS)

soak: $(STAMP) ## Kill servers and databases under load, then load far beyond what is sustainable
	$(BIN)/python -m bench.soak $(BENCH_ARGS)

check: lint types layers matrix openapi mappings ## Everything but the tests

fuzz: $(STAMP) ## Ten thousand payloads of each upstream operation, half an hour (FUZZ_ARGS="--count 100")
	$(BIN)/python -m tests.adapters.upstream $(FUZZ_ARGS)

lint: $(STAMP) ## Style and common mistakes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP) ## Static types, strict
	$(BIN)/mypy

layers: $(STAMP) ## Rooms import only what they may
	$(BIN)/lint-imports

matrix: $(STAMP) ## The committed access matrix is what the policies say
	$(BIN)/python -m policies.matrix --check

openapi: $(STAMP) ## The committed OpenAPI file is what the service offers
	$(BIN)/mappa-gateway openapi | diff -u openapi/openapi.json -

mappings: $(STAMP) ## The committed pages of what each format holds are what the adapters declare
	$(BIN)/python -m adapters.mapping_pages --check

lock: ## Pin dependencies anew, with hashes and without addresses (needs a package index)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url \
	  --no-emit-trusted-host --no-emit-find-links --allow-unsafe \
	  --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --generate-hashes --no-emit-index-url \
	  --no-emit-trusted-host --no-emit-find-links --allow-unsafe --extra dev \
	  --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

$(STAMP): requirements-dev.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

clean: ## Remove the environment and the demo's data
	rm -rf $(VENV) demo-data
