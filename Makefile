# amlaj_beneficiary: `make run` opens it, `make test` checks it. Everything else is in dev/, one file for each word below.
#   PORT=8069  DB=amlaj  LISTEN=127.0.0.1 where it serves, and from which database (LISTEN=0.0.0.0: to the whole network)
#   ODOO=/path/to/odoo                    an Odoo 19.0 that you have, instead of Debian's package
#   PYTHON=/path/to/python3.12            which Python (3.11 to 3.13) Odoo runs on
#   TESTS="amlaj_beneficiary/tests/…"     `make test` runs these alone, in a database that is kept
export PORT DB LISTEN ODOO PYTHON CACHE LOCAL TESTS

SCRIPTS_PYTHON := $(or $(PYTHON),$(shell for p in python3 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$p" && break; done),python3)

.PHONY: help run test bench lint format shell update i18n clean
help:
	@sed -n 's/^"""`\(make [a-z0-9]*\)`: \(.*\)/  \1\t\2/p' dev/*.py | sort | expand -t 18 | sed 's/"""$$//'

run test bench lint format shell update i18n clean:
	@$(SCRIPTS_PYTHON) dev/$@.py
