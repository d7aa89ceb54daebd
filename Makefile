PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
FUZZER := .venv/.fuzzer
SECONDS := 600

.DEFAULT_GOAL := help
.PHONY: help setup demo test check chaos lock clean bench bench-sanitize bench-aggregate bench-latency accuracy fuzz

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

setup: $(READY) ## virtual environment with the locked dependencies

$(READY): requirements-dev.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## a day of traffic with planted personal data through the whole pipeline (FILES="a.log b.log": yours)
	@$(BIN)/pii-pipeline demo $(FILES)

test: $(READY) ## all tests, on a real broker, registry and PostgreSQL
	@$(BIN)/pytest $(ARGS)

check: $(READY) ## ruff, mypy strict, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

chaos: $(READY) ## the long fault injection: kills, freezes, rebalances
	@$(BIN)/pytest -m chaos tests/faults $(ARGS)

bench: bench-sanitize bench-aggregate bench-latency bench-detect accuracy ## all benchmarks

bench-sanitize: $(READY) ## exactly-once copy loop against sanitize, CPU and events/s
	@$(BIN)/python benchmarks/sanitize.py

bench-aggregate: $(READY) ## events/s over visits, closing a window of 1 M visitors, recovery by replay
	@$(BIN)/python benchmarks/aggregate.py

bench-latency: $(READY) ## produce to visible at 20 k events/s
	@$(BIN)/python benchmarks/latency.py

accuracy: $(READY) ## recall and precision by kind and by encoding
	@$(BIN)/python -m benchmarks.accuracy $(ARGS)

bench-detect: $(READY) ## detection against Presidio's engine and datafog-core, and what each recognizer costs
	@$(BIN)/python benchmarks/detect.py

fuzz: $(FUZZER) ## hostile texts against detection, ten minutes (SECONDS=600)
	@mkdir -p .local/fuzz/corpus .local/fuzz/found
	@$(BIN)/python -m tests.fuzz.detect -max_total_time=$(SECONDS) -max_len=8192 -timeout=10 -rss_limit_mb=2048 \
		-artifact_prefix=.local/fuzz/found/ .local/fuzz/corpus tests/fuzz/corpus

$(FUZZER): $(READY) requirements-fuzz.lock
	$(BIN)/pip install --quiet --require-hashes -r requirements-fuzz.lock
	@touch $@

lock: $(READY) ## resolve the dependencies anew into the lock files
	$(BIN)/uv pip compile pyproject.toml --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --quiet --upgrade --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --group dev --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --quiet --upgrade --output-file requirements-dev.lock
	$(BIN)/uv pip compile --group fuzz --python-version 3.11 --universal --generate-hashes --no-emit-index-url --no-header --quiet --output-file requirements-fuzz.lock

clean: ## remove the environment and all local data
	-$(BIN)/pii-pipeline local down
	-PII_PIPELINE_STATE_DIR=.local/demo $(BIN)/pii-pipeline local down
	rm -rf .venv .local build *.egg-info
