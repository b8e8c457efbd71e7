# Only python3 and make are assumed; uv is used if it is here, and installed into .tools if it is not.

SHELL := /bin/bash
.DEFAULT_GOAL := help
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3

UV := $(shell if uv --version >/dev/null 2>&1; then echo uv; else echo .tools/bin/uv; fi)
RUN := $(UV) run --no-sync

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.tools/bin/uv:
	@python3 -m venv .tools 2>/dev/null || { rm -rf .tools; \
	  echo "python3 cannot make a virtual environment here (on Debian: apt install python3-venv)."; \
	  echo "Or install uv yourself (pipx install uv) and run make again."; exit 1; }
	@echo "Installing uv into .tools …"
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check uv

.venv/synced: pyproject.toml uv.lock .python-version $(filter .tools/bin/uv,$(UV))
	@$(UV) sync --quiet --locked
	@touch $@

.PHONY: run
run: .venv/synced ## Train if needed, start everything and print the addresses; Ctrl-C stops it
	@exec $(RUN) python -m scripts.run

.PHONY: chat
chat: .venv/synced ## Talk to the assistant here; starts what is not running
	@exec $(RUN) python -m scripts.chat

.PHONY: train
train: .venv/synced ## Train the Rasa model if its sources changed
	@$(RUN) python -m bot.model

.PHONY: lint
lint: .venv/synced ## Check style, types and who imports whom
	@$(RUN) ruff check
	@$(RUN) ruff format --check
	@$(RUN) mypy
	@$(RUN) lint-imports

.PHONY: programs
programs: ## Install what the tests need beside Python (reading of photos, a browser)
	@scripts/programs.sh

.PHONY: test
test: programs lint ## Set everything up, then check and test everything
	@$(RUN) pytest -n 2 --dist loadgroup

.PHONY: scenarios
scenarios: .venv/synced ## Hold every whole conversation of tests/scenarios
	@$(RUN) pytest tests/test_scenarios.py -m scenario

.PHONY: prove
prove: .venv/synced ## Slow proof: wrong tables, questions asked, intents, killed servers (half an hour)
	@$(RUN) python -m prove

.PHONY: evaluate
evaluate: .venv/synced ## Score the understanding on labelled messages like those of real people
	@$(RUN) python -m evaluation

.PHONY: bench
bench: .venv/synced ## Measure speed: the engine, the conversation beside the bot of rasa init, the website
	@$(RUN) python -m bench

.PHONY: clean
clean: ## Remove what training and running left behind; records in var are kept
	@rm -rf models .rasa results dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis
