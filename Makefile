# In a fresh clone `make run` and `make test` need python3.11 and make, nothing else:
# the first of them sets up .venv with the versions of requirements.lock.
PYTHON ?= python3.11
BIN := .venv/bin
READY := .venv/ready
QUESTION ?= 县医院夜间门诊累计接诊多少人次？
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test bench clean

run: $(READY)
	@$(BIN)/summarizer summarize summarizer/samples
	@$(BIN)/summarizer add summarizer/samples --library build/samples
	@$(BIN)/summarizer ask "$(QUESTION)" --library build/samples
	@echo "The app in a browser: $(BIN)/summarizer app"

test: $(READY)
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/pytest

bench: $(READY)
	$(BIN)/python benchmarks/batch_memory.py

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The stamp is made last: a set-up that was cut short is done again.
$(READY): requirements.lock pyproject.toml
	@echo "Setting up .venv (once; torch alone is some hundred megabytes)"
	@$(PYTHON) -m venv .venv
	@$(PIP) install --requirement requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@
