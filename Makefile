# The commands of the project. `make` lists them.
.DEFAULT_GOAL := help
.PHONY: help chat serve test check setup train answers sign intents triage widget vendor evaluate ratchet bench soak audit secrets sbom console-admin demo-data

export RASA_TELEMETRY_ENABLED := false
export HF_HUB_OFFLINE := 1
export TF_CPP_MIN_LOG_LEVEL := 3
PYTHON := .venv/bin/python -W ignore

help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-13s %s\n", $$1, $$2}'

chat: .venv/.ready ## Chat with the bot in this terminal (sets up and trains first where needed)
	@$(PYTHON) manage.py chat

serve: .venv/.ready ## Run everything until Ctrl-C: demo page http://127.0.0.1:8080/demo, console http://127.0.0.1:8000/
	@$(PYTHON) manage.py serve

console-admin: .venv/.ready ## Make an admin of the console: asks for a user name and a password
	@$(PYTHON) manage.py console_admin

demo-data: .venv/.ready ## Fill the console with 500 made-up conversations, marked as such
	@$(PYTHON) manage.py demo_data

test: .venv/.ready ## Run every test
	@$(PYTHON) manage.py train
	@$(PYTHON) -m pytest
	@$(PYTHON) -m pytest tests/console service/console --ds=service.settings.console

check: .venv/.ready ## Lint, types, import contracts, faults of the training sentences, Rasa's own data validation
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(PYTHON) -m baclofen_faq.nlu.lint
	@$(PYTHON) -m rasa data validate --fail-on-warnings --quiet

audit: .venv/.ready ## Known holes of the packages that ship: pip-audit against security/known_holes.yml
	@$(PYTHON) -m security.audit

secrets: .venv/.ready ## No key or password in any line that was ever committed
	@.tools/bin/uv run --quiet --isolated --no-project --python .venv/bin/python --with detect-secrets==1.5.0 --with pyyaml \
		python security/secret_scan.py

sbom: .venv/.ready ## Bills of the packages of each process, in var/sbom/; licences that a lawyer should look at
	@$(PYTHON) -m security.sbom var/sbom
	@$(PYTHON) -m security.licences

train: .venv/.ready ## Train the model where it is missing or older than its inputs
	@$(PYTHON) manage.py train

answers: .venv/.ready ## List every text that can be sent: reading grade, sources, who approved it
	@$(PYTHON) -m baclofen_faq.answers list

sign: .venv/.ready ## Approve the exact words of an answer: make sign ID=why_taper BY=j.doe
	@$(PYTHON) -m baclofen_faq.answers sign "$(ID)" "$(BY)"

intents: .venv/.ready ## Fine-tune the sentence embedding of the intents again, after many new sentences
	@$(PYTHON) -m baclofen_faq.nlu.fine_tuning

triage: .venv/.ready ## Train the semantic layer of triage again, after a change of its sentences
	@$(PYTHON) -m baclofen_faq.triage.training

widget: .venv/.ready ## Build the chat box again, after a change in widget/ or of the red flags (needs Node.js)
	@$(PYTHON) -m baclofen_faq.triage.plainest > widget/src/red_flags.js
	@cd widget && npm ci --silent && npm run --silent check && npm run --silent build
	@gzip -9 -c widget/dist/widget.js | wc -c | awk '{ print "widget/dist/widget.js: " $$1 " bytes gzipped, at most 30000"; exit $$1 > 30000 }'

vendor: .venv/.ready ## Copy what the console's pages load from npm's packages, after a change of service/console/package.json
	@cd service/console && npm ci --silent && cp node_modules/htmx.org/dist/htmx.min.js static/console/vendor/htmx.min.js \
		&& cp node_modules/chart.js/dist/chart.umd.min.js static/console/vendor/chart.umd.min.js

evaluate: .venv/.ready ## Measure the running bot on the blind holdout, a stock Rasa beside it; writes reports/evaluation.md
	@$(PYTHON) manage.py evaluate --stock

ratchet: .venv/.ready ## Print every case whose triage level fell; keep the new levels
	@$(PYTHON) -m tests.triage.ratchet

bench: .venv/.ready ## Measure the speed beside a stock Rasa (trained first, once: an hour); writes reports/bench.md
	@$(PYTHON) -m benchmarks.speed

soak: .venv/.ready ## Half an hour of messages on PostgreSQL while parts of the bot are killed; writes reports/soak.md
	@$(PYTHON) -m benchmarks.soak

setup: ## Install everything again
	@rm -f .venv/.ready
	@$(MAKE) --no-print-directory .venv/.ready

.venv/.ready: uv.lock pyproject.toml
	@sh bin/setup
