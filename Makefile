# Python 3.11 or newer with venv is all that has to be there (Debian: python3 and python3-venv).
PYTHON ?= python3

.DEFAULT_GOAL := help
.PHONY: help run test check bench pictures lock manage

help:  ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(MAKEFILE_LIST)

run:  ## set up and start the product: http://127.0.0.1:8000 (PORT=… moves it), Ctrl-C stops it
	@$(PYTHON) -m scripts.run

test:  ## everything that can be checked on this machine
	@$(PYTHON) -m scripts.test

check:  ## the quick half: format, lint, types, imports
	@$(PYTHON) -m scripts.test --check

bench:  ## how fast each page is beside the least it could cost (PostgreSQL; takes a while)
	@tests/bench/run.sh

pictures:  ## pictures of the ten most used pages of a running trial, for the README
	@.venv/bin/python -m scripts.pictures

lock:  ## write requirements/*.txt anew from pyproject.toml
	@$(PYTHON) -m scripts.lock

manage:  ## a management command on the trial's data: make manage CMD="verify_journal"
	@DEMO=$${DEMO:-1} .venv/bin/python manage.py $(CMD)
