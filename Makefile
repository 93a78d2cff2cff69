# Each target is one command; all of them set up .venv first. Only git, make and Python 3.11 are needed.
PYTHON ?= python3.11
# Without compiled modules every process of the tests would compile all of them anew.
unexport PYTHONDONTWRITEBYTECODE
BIN = .venv/bin

.PHONY: demo test test-postgresql check serve golden bench migration texts clean

.venv/ready: pyproject.toml constraints.txt scripts/bootstrap.sh
	PYTHON=$(PYTHON) sh scripts/bootstrap.sh
	touch .venv/ready

demo: .venv/ready
	$(BIN)/duban demo --keep demo

test: .venv/ready
	sh scripts/browser.sh
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

test-postgresql: .venv/ready
	sh scripts/browser.sh
	DUBAN_TEST_DATABASE=postgresql $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python scripts/audit.py

serve: .venv/ready
	$(BIN)/duban init
	$(BIN)/duban serve

golden: .venv/ready
	DUBAN_GOLDEN=write $(BIN)/pytest tests/reports tests/cli/test_scenarios.py tests/services/test_reminder_years.py

bench: .venv/ready
	$(BIN)/python -m benchmarks.run

migration: .venv/ready
	$(BIN)/python scripts/make_migration.py "$(NAME)"

texts: .venv/ready
	$(BIN)/python scripts/update_texts.py

clean:
	rm -rf .venv demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
