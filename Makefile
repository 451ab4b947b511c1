# RatingBench: `make demo` and `make test` need nothing but a Swift toolchain; see CONTRIBUTING.md for the rest.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
# How long `make fuzz` mutates files for each parser, in seconds.
FUZZ_SECONDS ?= 60
# What `make tsan` runs: everything that starts threads.
TSAN_TESTS ?= RatingNumericsTests|RatingModelsTests|RatingEvaluationTests|RatingDataTests

# A debug build runs the numeric tests many times slower, so the tests are built as users build: optimized.
TEST = $(SWIFT) test -c release -Xswiftc -enable-testing --disable-xctest --scratch-path .build-test
# On Linux the Swift run-time library goes into the program, which then starts faster and needs no toolchain to run.
STATIC = $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib)
# Speed as ratios that are measured in one run, because seconds differ from machine to machine.
RATIOS = $(SWIFT) run -c release --package-path Benchmarks ratio-gate Benchmarks/ratios.tsv
TOOL = .build/release/prizecheck
SOURCES = Package.swift Sources Tests $(wildcard Benchmarks/Package.swift Benchmarks/Sources Benchmarks/Benchmarks)

.PHONY: help setup build demo test bench bench-update docs readme-example format lint fuzz tsan man install uninstall clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

setup: ## install what is missing (BLAS and zlib headers)
	@scripts/setup.sh

build: setup ## build the command-line tool, optimized: .build/release/prizecheck
	$(SWIFT) build -c release --product prizecheck $(STATIC)

demo: build ## judge a small contest, from ratings to verdict
	$(TOOL) demo

test: setup ## run all tests; RATINGBENCH_DATA=folder adds the ones on real ratings
	$(TEST)

bench: setup ## run the benchmarks against the committed baseline; fails on a regression
	$(RATIOS)

bench-update: setup ## measure anew what `make bench` compares with
	$(RATIOS) --update

docs: setup ## build the documentation into .build-docs/html; a warning is an error
	scripts/build-docs.sh

readme-example: setup ## compile and run the README's Swift example as a user's package does
	scripts/check-readme-example.sh

format: ## format the Swift sources in place
	$(SWIFT) format format --in-place --recursive --parallel $(SOURCES)

lint: ## check the format of the Swift sources
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

fuzz: setup ## mutate files at the parsers for FUZZ_SECONDS each
	RATINGBENCH_FUZZ_SECONDS=$(FUZZ_SECONDS) $(TEST) --filter Fuzz

tsan: setup ## run the tests of the parallel code under the thread sanitizer
	$(SWIFT) test --sanitize=thread --disable-xctest --scratch-path .build-tsan --filter '$(TSAN_TESTS)'

man: build ## write the man page: .build/man/prizecheck.1
	scripts/make-man.sh $(TOOL) .build/man

install: build man ## install the tool, its man page and shell completions under PREFIX
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/share/man/man1' \
	  '$(DESTDIR)$(PREFIX)/share/bash-completion/completions' '$(DESTDIR)$(PREFIX)/share/zsh/site-functions' \
	  '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d'
	install -m 755 $(TOOL) '$(DESTDIR)$(PREFIX)/bin/prizecheck'
	if command -v strip >/dev/null; then strip '$(DESTDIR)$(PREFIX)/bin/prizecheck'; fi
	install -m 644 .build/man/prizecheck*.1 '$(DESTDIR)$(PREFIX)/share/man/man1'
	$(TOOL) --generate-completion-script bash > '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/prizecheck'
	$(TOOL) --generate-completion-script zsh > '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_prizecheck'
	$(TOOL) --generate-completion-script fish > '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/prizecheck.fish'

uninstall: ## remove what `make install` put under PREFIX
	rm -f '$(DESTDIR)$(PREFIX)/bin/prizecheck' '$(DESTDIR)$(PREFIX)'/share/man/man1/prizecheck*.1 \
	  '$(DESTDIR)$(PREFIX)/share/bash-completion/completions/prizecheck' \
	  '$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_prizecheck' \
	  '$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/prizecheck.fish'

clean: ## remove everything that a build made
	rm -rf .build .build-test .build-tsan .build-docs Benchmarks/.build
