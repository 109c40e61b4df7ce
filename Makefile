# Each target does its own set-up; a second call is fast.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared
# Kept evaluation stores; outside the repository.
EVAL_CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/amtsfunk-eval

.PHONY: run test eval hurried followups bench load storm alerts themes foreign extraction duplicates kills lint ranking frame abstention ablation clean

run: $(VENV)/.installed
	@if [ -n "$$TELEGRAM_BOT_TOKEN" ]; then exec $(BIN)/amtsfunk run; else exec $(BIN)/amtsfunk chat; fi

test: $(VENV)/.installed-test
	$(BIN)/ruff check bot index tests
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

eval: $(VENV)/.installed
	@if [ ! -d "$(SHARED)/data" ]; then echo "make eval braucht die Messdaten in $(SHARED)/data; sie fehlen hier."; exit 0; fi; \
	$(BIN)/python -m index.evaluation.labelled "$(EVAL_CACHE)" "$(SHARED)/data"; \
	fallen=0; for set in "$(SHARED)/data/xquad-de" "$(SHARED)/data/berlin-qa" "$(EVAL_CACHE)/held-out" "$(EVAL_CACHE)/shipped"; do \
	  $(BIN)/amtsfunk eval "$$set" --floor --keep "$(EVAL_CACHE)" || fallen=1; done; exit $$fallen

# What is found in a rush, when questions are encoded faster and nearly the same, next to what is found otherwise.
hurried: $(VENV)/.installed
	$(BIN)/python -m index.evaluation.labelled "$(EVAL_CACHE)" "$(SHARED)/data"
	$(BIN)/python -m index.evaluation.hurried "$(EVAL_CACHE)" "$(SHARED)/data/xquad-de" "$(SHARED)/data/berlin-qa" "$(EVAL_CACHE)/held-out" "$(EVAL_CACHE)/shipped"

# Follow-up questions next to the same questions written out in full.
followups: $(VENV)/.installed
	$(BIN)/python -m index.evaluation.followups "$(SHARED)/data" "$(EVAL_CACHE)"

bench: $(VENV)/.installed-test
	$(BIN)/python -m tests.bench "$(SHARED)/data" --keep "$(EVAL_CACHE)"
	$(BIN)/python -m tests.bench_alerts "$(SHARED)/data" --previews "$(EVAL_CACHE)"
	$(BIN)/python -m tests.bench_ingest "$(SHARED)/data" --limit 5000

# 200 people ask at once; some minutes.
load: $(VENV)/.installed-test
	$(BIN)/python -m tests.load
	$(BIN)/python -m tests.load_parts "$(SHARED)/data"

# Deliveries under kills and faults; about five minutes.
storm: $(VENV)/.installed-test
	$(BIN)/python -m tests.storm

# Matching of alert rules on the labelled sentences, next to substring and stem matching.
alerts: $(VENV)/.installed
	$(BIN)/python -m index.alerting.labelled

# Fits the threshold of thema: on the labelled pairs and writes data/themes.json and data/themes.npz.
themes: $(VENV)/.installed
	$(BIN)/python -m index.alerting.fit_themes "$(EVAL_CACHE)"

# Questions in other languages beside the same ones in German, on the shipped articles.
foreign: $(VENV)/.installed-test
	@home=$$(mktemp -d) && AMTSFUNK_HOME=$$home $(BIN)/amtsfunk demo add && $(BIN)/python -m tests.foreign $$home; rm -rf $$home

# How well articles are read from raw pages.
extraction: $(VENV)/.installed-test
	$(BIN)/python -m tests.extraction "$(SHARED)/data"

# What is decided about nearly equal articles, against the verdicts in docs/near-duplicates.md.
duplicates: $(VENV)/.installed-test
	$(BIN)/python -m tests.near_duplicates "$(SHARED)/data"

# An ingest killed a hundred times; each time a plain restart must give the store of an undisturbed run.
kills: $(VENV)/.installed-test
	$(BIN)/python -m tests.kills

lint: $(VENV)/.installed-test
	$(BIN)/ruff check bot index tests

# Refits data/question_adapter.npz, token_projection.npz, ranking.json and abstention.json on the labelled questions (an hour and a half or more).
# Themes depend on them: `make themes` comes next.
ranking: $(VENV)/.installed
	$(BIN)/python -m index.evaluation.fit_ranking "$(SHARED)/data" "$(EVAL_CACHE)"
	$(MAKE) abstention

# Learns anew, for the adapter there is, what stands before each question in a rush (fifty minutes); `make hurried` says what it loses.
frame: $(VENV)/.installed
	$(BIN)/python -m index.evaluation.fit_frame "$(EVAL_CACHE)"

# Refits data/abstention.json alone.
abstention: $(VENV)/.installed
	$(BIN)/python -m index.evaluation.fit_abstention "$(SHARED)/data" "$(EVAL_CACHE)"

# What each part of the ranking brings (about an hour).
ablation: $(VENV)/.installed
	$(BIN)/python -m index.evaluation.fit_ranking "$(SHARED)/data" "$(EVAL_CACHE)" --ablation
	$(BIN)/python -m index.evaluation.language_ablation "$(SHARED)/data" "$(EVAL_CACHE)"

$(VENV)/.installed: pyproject.toml constraints.txt
	@echo "Einrichtung: virtuelle Umgebung und Pakete (einmalig, etwa 2 bis 5 Minuten) …"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Amtsfunk braucht Python 3.11 oder neuer: make PYTHON=python3.12 …"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "  1/2 Abhängigkeiten …" && $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	@echo "  2/2 Amtsfunk …" && $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@ && echo "Einrichtung fertig."

$(VENV)/.installed-test: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[test]"
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .hypothesis .ruff_cache
