# Reelwork. `make demo` shows it, `make test` proves it; both install what is missing (Debian).
SWIFT ?= swift
FILTER ?=
FUZZ_SECONDS ?= 15
MODEL ?=

.PHONY: help demo test fuzz model docs build release format lint packages clean

help: ## Shows this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

packages: ## Installs the Debian packages that are missing (as root)
	@.ci/packages

demo: packages ## Runs a scheduler, a worker and real encodes; INPUT=film.mp4 takes your film
	@$(SWIFT) build --product reelwork-exec 2>&1 | .ci/quiet
	@$(SWIFT) build --product reelwork 2>&1 | .ci/quiet
	@$$($(SWIFT) build --show-bin-path)/reelwork demo $(if $(INPUT),--input "$(INPUT)")

test: packages ## Runs every test and ends with a line `N passed, N failed`; FILTER=Name runs some
	@.ci/test $(FILTER)

fuzz: packages ## Fuzzes the wire: each fuzzer for FUZZ_SECONDS=15; the first build takes minutes
	@FUZZ_SECONDS=$(FUZZ_SECONDS) .ci/fuzz

model: packages ## Checks the model of lease, attempt and publish with spin; MODEL=large takes longer
	@MODEL=$(MODEL) .ci/model

docs: packages ## Builds the documentation of the libraries, into .build/docs
	@.ci/docs

build: packages ## Builds everything for debugging
	@$(SWIFT) build

release: packages ## Builds the programs for use, into .build/release
	@$(SWIFT) build -c release --product reelwork
	@$(SWIFT) build -c release --product reelwork-exec
	@$(SWIFT) build -c release --product reelwork-bench
	@$(SWIFT) build -c release --product ReelworkAllocationCount

format: ## Formats the sources
	@$(SWIFT) format -i -r Package.swift Sources Plugins Tests

lint: ## Checks the format of the sources
	@$(SWIFT) format lint --strict -r Package.swift Sources Plugins Tests

clean: ## Removes what was built
	@rm -rf .build .build-fuzz
