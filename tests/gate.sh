#!/bin/sh
# The whole gate: set-up, licences, formatting, lints, every test. `gate.sh soak` makes the long runs instead.
set -eu
cd "$(dirname "$0")/.."
goal=${1:-test}

sh tests/setup.sh test
PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"
target=${CARGO_TARGET_DIR:-$PWD/target}
tools=$PWD/target/oracles/bin
[ -d "$tools" ] || tools=$PWD/target/oracles/Scripts
failed=0

runtime=$(mktemp -d)
chmod 700 "$runtime"
trap 'rm -rf "$runtime"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export XDG_RUNTIME_DIR="$runtime"

# The tests draw on Mesa's software rasteriser, the one device that is everywhere.
# RUSHES_TEST_GPU=1 leaves the machine's own.
if [ -z "${RUSHES_TEST_GPU:-}" ]; then
    for driver in /usr/share/vulkan/icd.d/lvp_icd*.json /usr/local/share/vulkan/icd.d/lvp_icd*.json; do
        if [ -f "$driver" ]; then
            export VK_DRIVER_FILES="$driver" VK_ICD_FILENAMES="$driver"
            break
        fi
    done
fi

step() {
    echo
    echo "== $1"
}

if [ "$goal" = test ]; then
    step "licences and sources of dependencies"
    "$tools/cargo-deny" --locked check bans licenses sources
    step "formatting"
    cargo fmt --all --check
    step "lints"
    cargo clippy --locked --workspace --all-targets --features rushes-tests/soak -- -D warnings
fi

step "build"
set --
# How long the window is held is told of optimised code, with all checks of a test build.
[ "$goal" = test ] || set -- --config profile.dev.package.rushes.opt-level=2
cargo build --locked --workspace --bins --tests "$@"
export RUSHES_BIN="$target/debug/rushes"

step "tests"
if [ "$goal" = soak ]; then
    report=$target/nextest/soak/junit.xml
    rm -f "$report"
    "$tools/cargo-nextest" nextest run --locked --config-file tests/nextest.toml --profile soak \
        -p rushes-tests --features soak -E 'binary(soak)' || failed=1
    "$tools/python" tests/report.py "$report" || failed=1
else
    report=$target/nextest/gate/junit.xml
    doc_log=$target/doc-tests.log
    rm -f "$report" "$doc_log"
    cargo test --locked --workspace --doc >"$doc_log" 2>&1 || failed=1
    if [ $failed -ne 0 ] || grep -q '^test .* \.\.\. ' "$doc_log"; then
        cat "$doc_log"
    fi
    "$tools/cargo-nextest" nextest run --locked --config-file tests/nextest.toml --profile gate --workspace ||
        failed=1
    "$tools/python" tests/report.py "$report" "$doc_log" || failed=1
fi
exit $failed
