# make demo       the case in a new archive, from an installed package
# make test       style, types and tests, on SQLite and PostgreSQL
# make test-long  the same tests and those that take longer
# make test-cluster  three Patroni and three etcd on this machine, of which the leader is killed; as root it installs them
# make bench      us beside our peers: BENCH_ARGS=--quick for a first look, --help for what else there is
# Each starts from nothing: it makes its own environment once, and again when pyproject.toml changes.

PYTHON ?= python3
VENV ?= .venv
DEMO_VENV ?= build/demo
PYTEST_ARGS ?=
BENCH_ARGS ?= --json build/bench.json
ROOMS := archive events migrations tests
SHIPPED := $(shell find archive events migrations -type f -not -path '*/__pycache__/*')

# The usual reason for no venv is Debian's python3 without python3-venv.
define new-environment
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "$(PYTHON) is older than 3.11: make PYTHON=python3.12 …")'
test -x $(1)/bin/pip || $(PYTHON) -m venv --clear $(1) || { echo "hint: apt install python3-venv" >&2; exit 1; }
endef

.PHONY: demo test test-long test-cluster bench check clean

demo: $(DEMO_VENV)/.installed
	$(DEMO_VENV)/bin/archive demo

test: check
	$(VENV)/bin/pytest -n 3 $(PYTEST_ARGS)

test-long: check
	$(VENV)/bin/pytest -n 2 -m "not cluster" $(PYTEST_ARGS)

test-cluster: $(VENV)/.installed-for-tests
	$(VENV)/bin/pytest -m cluster $(PYTEST_ARGS)

bench: $(VENV)/.installed-for-bench
	mkdir -p build
	$(VENV)/bin/python -m tests.benchmarks $(BENCH_ARGS)

check: $(VENV)/.installed-for-tests
	$(VENV)/bin/ruff check $(ROOMS)
	$(VENV)/bin/ruff format --check $(ROOMS)
	$(VENV)/bin/mypy

clean:
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.installed-for-tests: pyproject.toml
	$(call new-environment,$(VENV))
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --editable '.[test]'
	touch $@

$(VENV)/.installed-for-bench: $(VENV)/.installed-for-tests
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --editable '.[test,bench]'
	touch $@

$(DEMO_VENV)/.installed: pyproject.toml $(SHIPPED)
	$(call new-environment,$(DEMO_VENV))
	$(DEMO_VENV)/bin/pip install --quiet --disable-pip-version-check --force-reinstall --no-deps .
	$(DEMO_VENV)/bin/pip install --quiet --disable-pip-version-check .
	touch $@
