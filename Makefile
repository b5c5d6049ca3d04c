# The commands of the house. Nothing is done here that cannot be done by hand: see docs/README.md.

SHELL := /bin/bash -eu -o pipefail
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install build demo test lint format model fuzz soak bench coverage clean

SWIFT ?= swift
# One package manager process at a time, and its progress only on a terminal.
BUILD := $(SWIFT) build --explicit-target-dependency-import-check error
TEST := $(SWIFT) test --skip-build --parallel

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

install: ## Install what is missing from Debian (.ci/packages.txt)
	@.ci/install

build: install ## Build the programs for use: .build/release/etm
	$(SWIFT) build -c release --product etm
	$(SWIFT) build -c release --product etm-dapp-worker

demo: build ## Show everything once on a network of four validators
	@.ci/demo "$$($(SWIFT) build -c release --show-bin-path)"

test: install lint ## Check the format and the house rules, then run every test
	$(BUILD) --build-tests
	$(TEST) --skip IntegrationTests --skip SimulationTests
	$(TEST) --filter IntegrationTests
	ETM_TESTS=SimulationTests $(SWIFT) test -c release

lint: ## Check the format; the house rules are tests (swift test --filter HouseTests)
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests

format: ## Format the sources in place
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests

model: ## Check the formal model of consensus with Spin (installs it when it is missing)
	@.ci/model/check

fuzz: install ## Feed every decoder altered bytes: ETM_FUZZ=iterations, ETM_FUZZ_SEED=number
	$(BUILD) --build-tests
	ETM_FUZZ=$${ETM_FUZZ:-200000} ETM_FUZZ_SEED=$${ETM_FUZZ_SEED:-$$(date +%s)} $(TEST) --filter Fuzz

soak: install ## Simulate for long: many seeds, 101 members for a virtual hour
	ETM_SOAK=1 ETM_TESTS=SimulationTests $(SWIFT) test -c release

bench: install ## Measure; the last lines are one JSON object a figure
	$(SWIFT) build -c release --product etm
	$(SWIFT) build -c release --product etm-dapp-worker
	$(SWIFT) build -c release --product etm-benchmarks
	$(SWIFT) run -c release --skip-build etm-benchmarks

coverage: install ## Run the tests and print the share of lines they reach, by target
	$(SWIFT) test --enable-code-coverage --parallel
	@.ci/coverage

clean: ## Remove everything that was built
	$(SWIFT) package clean
