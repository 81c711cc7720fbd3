# Two commands for a newcomer: `make demo` and `make test`. Both see to what they need first (.ci/setup).
# The targets of a service (migrate, serve, worker, beat) read the environment only: .env.example lists it.

PYTHON := .venv/bin/python
DATA := $(if $(HDH_DATA_DIR),$(HDH_DATA_DIR),var)
CELERY := $(PYTHON) -m celery --quiet -A hdh_portal
PORT ?= 8000
STAGE ?= jury

# The browser of the tests and pictures; what it and fontconfig write stays inside the folder.
HDH_CHROMIUM ?= $(shell command -v chromium || command -v chromium-headless-shell || command -v google-chrome)
INSIDE = XDG_CACHE_HOME="$(CURDIR)/var/cache" XDG_CONFIG_HOME="$(CURDIR)/var/config" HDH_CHROMIUM="$(HDH_CHROMIUM)"

.PHONY: setup setup-test demo test migrate serve worker beat metrics healthy backup restore lint format screenshots bench
.PHONY: guards kills deposits attacks grammar lock sbom messages

setup: ## .venv with what the portal needs at run time
	@.ci/setup runtime

setup-test: ## the same, with what the tests and linters need
	@.ci/setup test

demo: setup ## the demonstration on http://localhost:8000 (PORT=8001 for another port); Ctrl-C ends it
	@exec $(PYTHON) -m hdh_portal.demo.supervise $(PORT) --stage $(STAGE) --all

test: setup-test ## embedded and browser tests (ARGS="-k deposit" for some of them)
	@exec env $(INSIDE) $(PYTHON) -m pytest -n 2 --dist loadgroup --no-loadscope-reorder -m "not service" $(ARGS)

migrate: | $(PYTHON)
	@$(PYTHON) manage.py migrate --no-input --skip-checks # They ask for the triggers that it is about to make.
	@exec $(PYTHON) manage.py check --database default

# In production nothing starts with what preflight refuses; it says all of it at once.
PREFLIGHT = [ "$${HDH_PROFILE-}" != production ] || $(PYTHON) manage.py preflight $@

serve: | $(PYTHON)
	@$(PREFLIGHT)
	@exec $(PYTHON) -m gunicorn --config python:hdh_portal.operations.web_server hdh_portal.wsgi

worker: | $(PYTHON)
	@$(PREFLIGHT)
	@exec $(PYTHON) -m hdh_portal.operations.worker

beat: | $(PYTHON)
	@$(PREFLIGHT)
	@exec $(CELERY) beat --schedule "$(DATA)/beat" --pidfile= --loglevel WARNING

metrics: | $(PYTHON) ## what Prometheus reads, on HDH_METRICS_BIND
	@exec $(PYTHON) manage.py metrics

healthy: | $(PYTHON) ## does this machine's web process answer /healthz?
	@exec $(PYTHON) -m hdh_portal.operations.probe

backup: | $(PYTHON) ## make backup TO=FOLDER [KEYS=FOLDER] [KEEP=14]; the passphrase of the keys is in HDH_BACKUP_PASSPHRASE_FILE
	@exec $(PYTHON) manage.py backup "$(TO)" $(if $(KEYS),--keys "$(KEYS)") $(if $(KEEP),--keep $(KEEP))

restore: | $(PYTHON) ## make restore FROM=FOLDER/INSTANT [ARGS=--overwrite], then migrations and the verification of everything
	@$(PYTHON) manage.py restore "$(FROM)" $(ARGS)
	@$(PYTHON) manage.py migrate --no-input --skip-checks --verbosity 0
	@exec $(PYTHON) manage.py verify_journal

TEMPLATES := git ls-files -z 'templates/*.html' | xargs -0 .venv/bin/djade
lint: setup-test ## format, rules, templates, direction of imports, messages: all are run, then the failures named
	@failed=''; \
	$(PYTHON) -m ruff format --check . || failed="$$failed format"; \
	$(PYTHON) -m ruff check . || failed="$$failed rules"; \
	$(TEMPLATES) --check || failed="$$failed templates"; \
	.venv/bin/lint-imports --no-cache || failed="$$failed imports"; \
	$(PYTHON) manage.py makemessages --check --verbosity 0 || failed="$$failed messages"; \
	[ -z "$$failed" ] || { echo "lint:$$failed (make format mends most)" >&2; exit 1; }

format: setup-test ## what lint can mend by itself
	$(PYTHON) -m ruff format --quiet .
	$(PYTHON) -m ruff check --fix --quiet . || :
	$(TEMPLATES) || :

messages: setup-test ## write every message of the portal into the catalogue (locale/)
	@exec $(PYTHON) manage.py makemessages

screenshots: setup-test ## a picture of every page that the demonstration reaches, in var/screenshots
	@exec env $(INSIDE) $(PYTHON) bench/screenshots.py $(ARGS)

bench: guards ## the guards, then milliseconds and queries of each page beside a bare floor
	@exec env $(INSIDE) $(PYTHON) bench/pages.py $(PAGES)

guards: setup-test ## removes guards one by one, in a copy: each must turn a test red
	@exec env $(INSIDE) $(PYTHON) bench/guards.py $(ARGS)

kills: setup-test ## deposits while web processes, PostgreSQL and Redis are killed: some 30 minutes (ARGS="--deposits 500")
	@exec $(PYTHON) bench/kills.py $(ARGS)

deposits: setup-test ## save, review and deposit a second, beside /healthz, with a worker (ARGS="--turns 3 --beside FOLDER")
	@exec $(PYTHON) bench/deposits.py $(ARGS)

attacks: setup-test ## each attack that the portal must stand, before and after in one table (ARGS="--cheap")
	@exec $(PYTHON) bench/attacks.py $(ARGS)

grammar: setup-test ## spelling and grammar of every sentence, by Grammalecte (needs grammalecte-cli)
	@exec $(PYTHON) bench/grammar.py $(ARGS)

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --no-emit-find-links
lock: ## requirement files from pyproject.toml (needs uv)
	$(LOCK) pyproject.toml -o requirements.txt
	$(LOCK) -c requirements.txt --extra test pyproject.toml -o requirements-test.txt
	@! grep -n '://' requirements.txt requirements-test.txt

sbom: setup-test ## every locked package of a running portal, as CycloneDX JSON in var/sbom.json: the same file each time
	@mkdir -p var
	@exec .venv/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible \
	  --spec-version 1.6 --output-format JSON -o var/sbom.json

$(PYTHON):
	@echo "Nothing is installed yet: type make setup" >&2; exit 1
