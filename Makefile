# Two commands do everything on a fresh Debian machine with Python 3.11+: `make demo` and `make test`.
PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv
SETTINGS := DJANGO_SETTINGS_MODULE=keshu.site.settings_test

# what writes and asks the database is tested on PostgreSQL too; the city has an embedded database whatever the engine
# is, and which role may open which address is decided before any is asked
BOTH_ENGINES := $(addprefix tests/,records places parties accounts ledgers statistics targets reports texts promises outbox money) \
	$(addprefix tests/programmes/test_,applying_cells.py applying_storm.py counting.py handling_batches.py outcomes.py publicity.py)
STRANGERS := tests/promises/test_4_nobody_sees_or_touches_what_is_not_theirs.py
ONE_ENGINE := --ignore tests/reports/test_city.py --ignore tests/promises/test_8_clock_user_and_request_are_arguments.py \
	$(addprefix --deselect $(STRANGERS)::test_,each_role_opens_and_sends_exactly_what_its_rights_give \
	no_form_is_taken_without_its_token strangers_are_sent_to_the_door_and_write_nothing)

.PHONY: setup demo test lint bench pictures test-sqlite test-postgresql test-browser clean

setup: .venv/ready
	@$(BIN)/python -m keshu.site.assets

.venv/ready: pyproject.toml uv.lock
	@$(PYTHON) tools/system_packages.py setup
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(UV) || $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9,<0.14"
	@$(UV) sync --frozen --quiet
	@touch $@

demo: setup
	@$(BIN)/keshu demo

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet src/keshu
	$(SETTINGS) $(BIN)/django-admin makemigrations --check --dry-run

test: setup
	@$(PYTHON) tools/system_packages.py test
	@$(MAKE) --no-print-directory lint test-sqlite test-postgresql test-browser

test-sqlite:
	$(BIN)/pytest -n 3 --dist loadfile -m "not browser"

test-postgresql:
	KESHU_TEST_ENGINE=postgresql $(BIN)/pytest -n 3 --dist loadfile -m "not browser" $(ONE_ENGINE) $(BOTH_ENGINES)

test-browser:
	$(BIN)/pytest -n 3 --dist loadfile -m browser tests/browser

pictures: setup
	@$(PYTHON) tools/system_packages.py test
	KESHU_PICTURES=docs/images $(BIN)/pytest -n 3 --dist loadfile -m browser tests/browser

bench: setup
	@$(UV) sync --frozen --quiet --group peers
	$(BIN)/keshu bench

clean:
	rm -rf .venv node_modules var src/keshu/site/static/vendor
