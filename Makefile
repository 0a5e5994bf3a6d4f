# Everything a contributor runs. `make demo` and `make test` need Python 3.11 or newer and nothing else.
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
KG_SHARED ?= ../shared
GOLD    = $(KG_SHARED)/data/gold
PIP     = $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test lint format lock lock-browser wheel bundle model bench pictures clean

demo: $(VENV)/run.stamp  ## build the bundled sample, ask one question, draw one picture
	$(BIN)/kg demo

test: $(VENV)/dev.stamp  ## all tests; what cannot run here is skipped and says so
	$(BIN)/python -m pytest

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m kg.lint

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

wheel: $(VENV)/dev.stamp
	$(BIN)/python -m hatchling build -t wheel

# An environment is made once, and again when its locked requirements change.
$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "kg needs Python 3.11 or newer; name one with make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/%.stamp: requirements/%.txt pyproject.toml | $(VENV)/bin/python
	@echo "Setting up $(VENV) (once; a minute or two)"
	$(PIP) --require-hashes -r requirements/$*.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

lock:  ## write the locked requirements anew from pyproject.toml
	$(PYTHON) -m pip install --quiet uv
	for set in "run --group build" "dev --group dev" "training --group dev --group training"; do set -- $$set; name=$$1; shift; \
	  $(PYTHON) -m uv pip compile pyproject.toml $$@ --universal --python-version 3.11 --generate-hashes --upgrade --quiet \
	    --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" -o requirements/$$name.txt; done

# Nothing here is needed to run or test kg: what the browser gets is in the repository, and a test tells when it is older than its sources.
NPM  = build/npm
PACK = NODE_PATH=$(NPM)/node_modules $(NPM)/node_modules/.bin/esbuild --bundle --format=iife --charset=utf8 --target=es2022 --log-level=warning
bundle:  ## put the scripts of viz/ together (needs Node.js): ours as they are written, libraries as viz/package-lock.json has them
	mkdir -p $(NPM) && cp viz/package.json viz/package-lock.json $(NPM) && npm ci --prefix $(NPM) --no-audit --no-fund --loglevel=error
	cd $(NPM)/node_modules && for package in sigma graphology graphology-utils events; do \
	  node -e 'const p = require(process.argv[1]); console.log(`$${p.name} $${p.version}, $${p.license}\n`)' ./$$package/package.json && cat $$package/LICENSE* && echo; \
	done > $(CURDIR)/viz/bundle/LICENSES.txt
	$(PACK) viz/picture/webgl.js --minify --banner:js="/*! $$(cat viz/bundle/LICENSES.txt) */" --outfile=viz/bundle/sigma.js
	$(PACK) viz/picture/main.js --outfile=viz/bundle/picture.js
	$(PACK) viz/explorer/main.js --outfile=viz/bundle/explorer.js
	LC_ALL=C sh -c 'cat viz/package-lock.json viz/shared/*.js viz/picture/*.js viz/explorer/*.js' | sha256sum | cut -d" " -f1 > viz/bundle/sources.sha256

lock-browser:  ## write viz/package-lock.json anew from viz/package.json
	cd viz && npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund

model: $(VENV)/training.stamp  ## train what kg/pipes/model holds, from KG_SHARED; training/README.md says how long it takes
	$(MAKE) -f training/Makefile PYTHON=$(BIN)/python KG_SHARED=$(KG_SHARED)

bench: $(VENV)/dev.stamp  ## speed, memory and quality, each a table
	$(BIN)/python benchmarks/extract.py
	$(BIN)/python benchmarks/build.py
	$(BIN)/python benchmarks/layout.py
	$(BIN)/python benchmarks/neo4j
	$(BIN)/python benchmarks/queries.py
	$(BIN)/python benchmarks/pictures.py
	$(BIN)/python benchmarks/explorer.py
	$(BIN)/kg score $(GOLD)/dev.jsonl --by-type

pictures: $(VENV)/dev.stamp  ## the pictures and tables of the README, made by the tool itself
	$(BIN)/python docs/pictures.py
	$(BIN)/python docs/schema.py

clean:
	rm -rf $(VENV) kg-demo build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
