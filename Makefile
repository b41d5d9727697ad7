# The two commands: `make run` and `make test`. `make help` lists the rest.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test soak arm fmt bench setup FORCE

export PATH := $(PATH):$(or $(CARGO_HOME),$(HOME)/.cargo)/bin

TARGET := $(or $(CARGO_TARGET_DIR),target)
PROGRAM := $(TARGET)/release/rushes
GRAPH := graphs/realism.json
FILM := realism.mp4
STATS := $(TARGET)/realism.stats.json
ASSETS := $(shell test -d assets && find assets -type f)

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1 \t/p' Makefile

run: $(FILM) ## set up, build, render graphs/realism.json to realism.mp4, open the editor on it
	@sh tests/show.sh $(PROGRAM) $(GRAPH) $(FILM) $(STATS)

test: ## set up, then every check and every test
	@sh tests/gate.sh

soak: ## the long runs: thousands of frames, many kills
	@sh tests/gate.sh soak

arm: export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER := aarch64-linux-gnu-gcc
arm: export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER := qemu-aarch64 -L /usr/aarch64-linux-gnu
arm: ## the processor's tests on an emulated 64-bit ARM
	cargo test --locked -p rushes-processor --target aarch64-unknown-linux-gnu

bench: $(PROGRAM) ## measure this machine, beside ffmpeg and VapourSynth
	$(PROGRAM) bench

fmt: ## format the code
	cargo fmt --all

setup:
	@sh tests/setup.sh run

# Cargo leaves the program untouched when nothing changed, so the film is then left alone too.
$(PROGRAM): setup FORCE
	@cargo build --release --locked -p rushes --bin rushes

$(FILM): $(GRAPH) $(PROGRAM) $(ASSETS)
	@$(PROGRAM) render $(GRAPH) -o $@ --stats $(STATS)

FORCE:
