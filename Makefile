# Each verb sets up what it needs by itself (deploy/bootstrap.py). `make` alone lists the verbs.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
export HENGJIAN_DIE_WITH_PARENT := 1
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test lint bench wheel lock clean

help: ## list the verbs
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18
	@echo '  (ARGS="…" hands arguments on, PORT=8001 picks another port)'

run: ## set up, start everything with the demo region, print address and log-ins
	@exec $(PYTHON) deploy/bootstrap.py run $(ARGS)

test: ## the whole suite, browser tests included, on a PostgreSQL of its own
	@exec $(PYTHON) deploy/bootstrap.py test $(ARGS)

lint: ## style, types, import directions
	@exec $(PYTHON) deploy/bootstrap.py lint $(ARGS)

bench: ## measure, print a table, write var/bench.json
	@exec $(PYTHON) deploy/bootstrap.py bench $(NAME) $(ARGS)

wheel: ## build dist/hengjian-*.whl
	@exec $(PYTHON) deploy/bootstrap.py wheel $(ARGS)

lock: ## bring the lock files up to date (ARGS=--upgrade for the newest versions)
	@exec $(PYTHON) deploy/bootstrap.py lock $(ARGS)

clean: ## remove what was built (never the data in var/)
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache node_modules dashboards/static/vendor
