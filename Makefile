# Everything a newcomer needs. `make run` and `make test` are the two that matter.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEVELOPER := $(VENV)/.developer
LOCK = uv pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url --no-header
INSTALL = $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r

# Tests and checks start a hundred processes of a thousand modules: each is compiled once, whatever the machine says.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test check bench docs new-application migrations lock clean

help: ## say what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

run: $(READY) ## set up, build the demo county, run the main job and serve it on 127.0.0.1:8000
	@$(BIN)/python -m citybrain.ui.assets --quiet
	@$(BIN)/citybrain run

test: $(DEVELOPER) ## every test: units, properties, PostgreSQL, Spark Connect, browser, faults
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

check: $(DEVELOPER) ## style, types, floors, declarations, migrations, translations: seconds
	@$(BIN)/python -m citybrain.site.checking

bench: $(DEVELOPER) ## run every benchmark against its peers and its limit (about half an hour)
	@$(INSTALL) requirements-bench.lock
	$(BIN)/citybrain bench --all

docs: $(DEVELOPER) ## build the documentation into site-docs/
	$(BIN)/mkdocs build -q -d site-docs

messages: $(DEVELOPER) ## list what has no Chinese yet, as entries of a django.po: make messages part=citybrain/ui
	@$(BIN)/python -m tests.architecture.messages $(part)

new-application: $(READY) ## scaffold a folder: make new-application name=heating record=BoilerHouse
	@$(BIN)/citybrain new-application $(name) $(if $(record),--record $(record))

migrations: $(READY) ## write migrations for record types that changed
	@$(BIN)/python -m django makemigrations --settings citybrain.site.settings

lock: ## compile the lock files from pyproject.toml (needs uv)
	$(LOCK) -o requirements.lock pyproject.toml
	$(LOCK) --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	$(LOCK) --extra dev --extra bench -c requirements-dev.lock -o requirements-bench.lock pyproject.toml

clean: ## forget the demo county and everything the running system wrote
	rm -rf var

$(READY): requirements.lock web/package-lock.json
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed: apt-get install python3.11 python3.11-venv, or make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "The venv module is missing: apt-get install python3.11-venv"; exit 1; }
	@echo "Installing the libraries of requirements.lock (the first time takes a minute or two) ..."
	@$(INSTALL) requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@$(BIN)/python -m citybrain.ui.assets
	@$(BIN)/python -m citybrain.ui.translations
	@touch $(READY)

$(DEVELOPER): $(READY) requirements-dev.lock
	@echo "Installing what tests and checks need ..."
	@$(INSTALL) requirements-dev.lock
	@touch $(DEVELOPER)
