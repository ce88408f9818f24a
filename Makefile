# The commands of the house. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
UV_VERSION := 0.13.9
EXAMPLE := examples/phone-export-india

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCKER := .venv-lock

# $(call new_venv,DIR): an environment, unless there is one; virtualenv where Python came without ensurepip.
define new_venv
	if [ -x $(1)/bin/python ]; then \
		true; \
	elif $(PYTHON) -c 'import ensurepip' 2>/dev/null; then \
		$(PYTHON) -m venv $(1); \
	elif $(PYTHON) -m virtualenv --version >/dev/null 2>&1; then \
		$(PYTHON) -m virtualenv --quiet $(1); \
	else \
		$(PYTHON) -m pip install --quiet --user virtualenv 2>/dev/null \
			|| $(PYTHON) -m pip install --quiet --user --break-system-packages virtualenv; \
		$(PYTHON) -m virtualenv --quiet $(1); \
	fi
endef

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "%-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(READY): pyproject.toml requirements.lock
	@$(call new_venv,$(VENV))
	@echo "installing the locked packages into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.PHONY: venv
venv: $(READY) ## create .venv with the locked packages and the project, editable

.PHONY: demo
demo: $(READY) ## plan the phone-export-india example and print the plan
	@$(BIN)/boxbuild plan $(EXAMPLE)

.PHONY: browser
browser: ## install Chromium, which draws the report in the tests (as root, with apt-get)
	@tools/browser.sh

.PHONY: office
office: ## install LibreOffice, which opens the workbooks in the tests (as root, with apt-get)
	@tools/office.sh

.PHONY: test
test: $(READY) browser office ## run all tests
	@$(BIN)/python -m pytest -n auto --dist worksteal

.PHONY: check
check: $(READY) ## lint, format, types, import order, docs
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy --strict src
	@$(BIN)/lint-imports
	@$(BIN)/python tools/check_docs.py

.PHONY: docs
docs: $(READY) ## write the generated reference pages
	@$(BIN)/python tools/make_reference.py

.PHONY: pictures
pictures: $(READY) browser ## draw the pictures of the docs again, from a plan of the example
	@$(BIN)/python tools/make_pictures.py

.PHONY: vendor
vendor: ## build the libraries of the report again (needs node and npm)
	@$(PYTHON) tools/make_vendor.py

.PHONY: lock
lock: ## resolve requirements.lock again from pyproject.toml (UPGRADE=1 takes newer versions)
	@$(call new_venv,$(LOCKER))
	@$(LOCKER)/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(LOCKER)/bin/uv pip compile --quiet --universal --python-version 3.11 --extra dev \
		--generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command 'make lock' $(if $(UPGRADE),--upgrade) \
		--output-file requirements.lock pyproject.toml

.PHONY: clean
clean: ## remove environments, caches and builds
	@rm -rf $(VENV) $(LOCKER) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
