# Everything a person does here: make demo, make test. Needs git, make and Python 3.11 or later with its venv module.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-spark test-duckdb15 calibrate new-analysis docs bench lock clean

VENV := .venv
BIN := $(VENV)/bin
DEMO := demo
LANGUAGE_OF_DEMO ?= en
WORKERS ?= 2
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
# The locks hold names, versions and hashes for every platform; no address of a package index.
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --python-version 3.11 --group build pyproject.toml

help: ## List what can be made.
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 16

# PYTHON=... chooses the interpreter; else the first one that is recent enough and can make environments.
$(VENV)/made:
	@found=; for name in "$(PYTHON)" python3 python3.11 python3.12 python3.13 python3.14 python; do \
		if [ -n "$$name" ] && "$$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$name; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
		echo "No Python 3.11 or later with its venv module was found (python3 is: $$(python3 --version 2>&1))." >&2; \
		echo "Install one (Debian, Ubuntu: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3.12 ..." >&2; \
		exit 1; \
	fi; \
	echo "environment: $(VENV), made with $$("$$found" --version)"; \
	"$$found" -m venv $(VENV)
	@touch $@

# The package itself is installed in place, without resolving anything: all that it needs is in the lock.
$(VENV)/core: $(VENV)/made requirements.lock pyproject.toml
	@echo "installing what requirements.lock names"
	@$(INSTALL) -r requirements.lock
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: $(VENV)/core requirements-dev.lock
	@echo "installing what requirements-dev.lock names"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@

# pyspark is published as source only: it is built with the setuptools of the lock, not with one fetched meanwhile.
$(VENV)/spark: $(VENV)/dev requirements-spark.lock
	@echo "installing what requirements-spark.lock names (pyspark: 400 MB)"
	@$(INSTALL) --no-build-isolation --use-pep517 -r requirements-spark.lock
	@touch $@

demo: $(VENV)/core ## Make a case with planted truths in demo/, run every analysis, write the report.
	@rm -rf $(DEMO)
	@$(BIN)/agorascope demo $(DEMO) --lang $(LANGUAGE_OF_DEMO)

test: $(VENV)/dev ## Lint, type check, import rules, every test but Spark's.
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n $(WORKERS)

test-spark: $(VENV)/spark ## The tests of the Spark engine; needs Java 17 or later.
	@command -v java >/dev/null || { echo "Java 17 or later is needed (Debian, Ubuntu: apt-get install default-jre-headless)" >&2; exit 1; }
	$(BIN)/python -m pytest -m spark tests/engines --junitxml $(VENV)/spark.xml
	@if grep -q '<skipped' $(VENV)/spark.xml; then echo "a Spark test was skipped: that is a failure" >&2; exit 1; fi

test-duckdb15: $(VENV)/dev ## The engine tests again, on the older DuckDB that pyproject.toml allows beside the newer.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --upgrade --target build/duckdb15 'duckdb>=1.5.5,<1.6'
	AGORASCOPE_OTHER_DUCKDB=build/duckdb15 $(BIN)/python -m pytest tests/engines -m "not spark"

calibrate: $(VENV)/dev ## Measure false alarms and power of every analysis on seeded worlds; write them into its page.
	$(BIN)/python benchmarks/calibrate.py
	$(BIN)/python benchmarks/calibrate_coverage.py
	$(BIN)/python benchmarks/calibrate_breaks.py
	$(BIN)/python benchmarks/calibrate_amplification.py
	$(BIN)/python benchmarks/calibrate_screen.py
	$(BIN)/python benchmarks/calibrate_registration.py
	$(BIN)/python benchmarks/calibrate_purge.py
	$(BIN)/python benchmarks/calibrate_coordination.py
	$(BIN)/python benchmarks/calibrate_copying.py
	$(BIN)/python benchmarks/calibrate_counterfactual.py
	$(BIN)/python benchmarks/calibrate_timeline.py
	$(BIN)/python benchmarks/calibrate_representation.py
	$(BIN)/python benchmarks/calibrate_poll.py
	$(BIN)/python benchmarks/calibrate_polarisation.py --worlds 500
	$(BIN)/python benchmarks/calibrate_made_sides.py
	$(BIN)/python benchmarks/calibrate_majority_illusion.py --worlds 500
	$(BIN)/python benchmarks/calibrate_communities.py
	$(BIN)/python benchmarks/calibrate_bridging.py

new-analysis: $(VENV)/dev ## NAME=x: write an analysis, its texts, page and test, ready to be filled.
	@$(BIN)/python scripts/new_analysis.py $(NAME)
	@$(BIN)/python scripts/make_docs.py

docs: $(VENV)/core ## Write the pages that are made from the code.
	$(BIN)/python scripts/make_schema.py
	$(BIN)/python scripts/make_docs.py

bench: $(VENV)/dev ## Measure speed against its limits; write docs/performance.md.
	$(BIN)/python benchmarks/run.py

lock: $(VENV)/made ## Resolve the dependencies again into the three lock files.
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.13,<0.14'
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	$(COMPILE) --group dev --extra spark --constraint requirements-dev.lock --output-file requirements-spark.lock

clean: ## Remove the environment, the demo and every cache.
	rm -rf $(VENV) $(DEMO) .mypy_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
