# Every command a person needs. Each is safe to run again; what is up to date is left alone.

PY := .venv/bin/python
ARGS ?=
ifdef PORT
export PORT
endif

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench screenshots messages reference requirements base dev clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

demo: base ## install what is needed and open the demo town (PORT=8123 make demo for another port)
	@exec .venv/bin/paseo demo

test: dev ## install what is needed and run all tests (ARGS="-k checkout" for some)
	@$(PY) tools/messages.py compile
	@browser=$$(sh tools/chromium.sh) && CHROMIUM="$$browser" .venv/bin/pytest $(ARGS)

lint: dev ## ruff, import contracts, mypy, the coverage page
	@failed=0; \
	for check in "ruff check" "ruff format --check" "lint-imports" "mypy"; do \
		echo "— $$check"; .venv/bin/$$check || failed=1; \
	done; \
	echo "— coverage page"; $(PY) tools/coverage.py --check || failed=1; \
	exit $$failed

format: dev ## sort imports and format
	@.venv/bin/ruff check --fix-only --quiet . ; .venv/bin/ruff format .

bench: dev ## measure (BENCH=name for one)
	@$(PY) -m bench $(BENCH)

screenshots: dev ## take the screenshots of the documentation
	@browser=$$(sh tools/chromium.sh) && CHROMIUM="$$browser" $(PY) tools/screenshots.py

messages: dev ## collect texts for translation, compile them and list what is missing
	@$(PY) tools/messages.py update && $(PY) tools/messages.py compile && $(PY) tools/messages.py check

reference: dev ## write docs/reference from the code
	@.venv/bin/paseo reference

requirements: ## pin and hash the requirements anew (needs uv)
	@for name in base dev assets; do \
		constraint=""; [ $$name = dev ] && constraint="-c requirements/base.txt"; \
		uv pip compile --quiet --upgrade --universal --python-version 3.12 --generate-hashes --no-header \
			--no-emit-index-url --no-emit-find-links $$constraint requirements/$$name.in -o requirements/$$name.txt || exit 1; \
	done

base:
	@sh tools/bootstrap.sh && $(PY) tools/assets.py

dev:
	@sh tools/bootstrap.sh --dev && $(PY) tools/assets.py

clean: ## remove what was installed and built; the database and uploads in var/ stay
	@rm -rf .venv node_modules var/npm var/vendor var/vendor-dev var/static var/stamps var/log build dist *.egg-info \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .schemathesis
	@find config paseo demo outside bench tests tools \( -name __pycache__ -o -name '*.mo' \) -prune -exec rm -rf {} +
