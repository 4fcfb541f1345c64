# Everything a newcomer needs: `make demo` and `make test` create the virtual environment that they need.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN     = $(VENV)/bin

.PHONY: demo test lint types unit bench soak docs format clean

# The package is installed when its metadata changes; an editable install sees the code as it is.
$(VENV)/installed: pyproject.toml
	@echo "setting up $(VENV) with $(PYTHON) (once) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "adding what the tests need (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

demo: $(VENV)/installed            ## watch the whole story on the embedded sandbox
	@$(BIN)/linkctl demo

test: lint types unit              ## lint, types and all tests

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/installed-dev
	$(BIN)/mypy

unit: $(VENV)/installed-dev        ## files are shared out over two processes; the tests of a file stay together
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

soak: $(VENV)/installed-dev        ## the long versions of the fuzzing and property tests
	LINKCTL_SOAK=1 $(BIN)/python -m pytest tests/contract tests/property

bench: $(VENV)/installed-dev       ## speed and memory, as ratios within one run
	$(BIN)/python -m bench

docs: $(VENV)/installed-dev        ## regenerate what is generated under docs/ and schema/
	$(BIN)/python -m tests.architecture.generate

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
