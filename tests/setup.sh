#!/bin/sh
# Brings a machine to where Rushes can be built and run (`setup.sh run`) or also tested (`setup.sh test`).
# Installs only what is missing and says what that is; with nothing missing it needs no network and no sudo.
set -eu

goal=${1:-run}
case $goal in
run | test) ;;
*)
    echo "usage: sh tests/setup.sh [run|test]" >&2
    exit 2
    ;;
esac

root=$(cd "$(dirname "$0")/.." && pwd)
PATH="$PATH:${CARGO_HOME:-$HOME/.cargo}/bin"

build_packages="make build-essential pkg-config clang libclang-dev
    libavcodec-dev libavformat-dev libavutil-dev libavfilter-dev libswscale-dev libswresample-dev libasound2-dev"
window_packages="libvulkan1 mesa-vulkan-drivers libxkbcommon0 libxkbcommon-x11-0 libwayland-client0
    libx11-6 libx11-xcb1 libxcursor1 libxi6 libxrandr2"
test_packages="ffmpeg xvfb xauth xdotool imagemagick x11-utils procps python3 python3-venv"

fail() {
    echo "error: $1" >&2
    echo "help: $2" >&2
    exit 1
}

install_with_apt() {
    wanted="$build_packages $window_packages"
    [ "$goal" = run ] || wanted="$wanted $test_packages"
    missing=
    for package in $wanted; do
        state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null) || state=
        [ "$state" = installed ] || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0

    echo "setup: installing the missing system packages:$missing"
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null 2>&1 ||
            fail "system packages are missing, and there is no sudo" "as root: apt-get install$missing"
        as_root=sudo
    fi
    $as_root apt-get update -q </dev/null ||
        echo "setup: the package lists could not be renewed; trying with the old ones" >&2
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $missing </dev/null ||
        fail "apt-get could not install the packages" "read its words above; needed are:$missing"
}

# Without apt nothing is installed: the README names the packages, and only the programs can be looked for.
look_for_programs() {
    programs="make pkg-config clang"
    [ "$goal" = run ] || programs="$programs ffmpeg ffprobe python3"
    missing=
    for program in $programs; do
        command -v "$program" >/dev/null 2>&1 || missing="$missing $program"
    done
    if command -v pkg-config >/dev/null 2>&1; then
        libraries="libavcodec libavformat libavutil libavfilter libswscale libswresample"
        [ "$(uname -s)" != Linux ] || libraries="$libraries alsa"
        for library in $libraries; do
            pkg-config --exists "$library" || missing="$missing $library"
        done
    fi
    [ -z "$missing" ] ||
        echo "setup: not found:$missing; README.md, \"Packages\", says how to install them here" >&2
}

check_rust() {
    command -v cargo >/dev/null 2>&1 ||
        fail "cargo was not found" "install Rust from https://rustup.rs, then open a new shell"
    needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$root/Cargo.toml")
    found=$(rustc --version | cut -d' ' -f2)
    oldest=$(printf '%s\n%s\n' "$needed" "$found" | sort -t. -k1,1n -k2,2n | head -n1)
    [ "$oldest" = "$needed" ] || fail "Rust $found is too old, $needed is needed" "rustup update stable"
    [ "$goal" = test ] || return 0
    for component in rustfmt clippy; do
        case $component in
        rustfmt) subcommand=fmt ;;
        *) subcommand=$component ;;
        esac
        cargo "$subcommand" --version >/dev/null 2>&1 || {
            echo "setup: installing the Rust component $component"
            rustup component add "$component" ||
                fail "the Rust component $component is missing" "rustup component add $component"
        }
    done
}

# The marker is written last, so that a set-up cut short starts over.
install_oracles() {
    oracles=$root/target/oracles
    pins=$root/tests/oracles/requirements.txt
    case $(uname -s) in
    MINGW* | MSYS* | CYGWIN*) python=$oracles/Scripts/python ;;
    *) python=$oracles/bin/python ;;
    esac
    if cmp -s "$pins" "$oracles/pins.txt" && "$python" -c '' 2>/dev/null; then
        return 0
    fi
    echo "setup: installing the test oracles into target/oracles"
    rm -rf "$oracles"
    mkdir -p "$root/target"
    python3 -m venv "$oracles" || fail "python3 cannot make a virtual environment" "install python3-venv"
    "$python" -m pip install --quiet --disable-pip-version-check --only-binary :all: \
        --require-hashes -r "$pins" || fail "the test oracles could not be installed" "is the network up?"
    cp "$pins" "$oracles/pins.txt"
}

if command -v apt-get >/dev/null 2>&1 && command -v dpkg-query >/dev/null 2>&1; then
    install_with_apt
else
    look_for_programs
fi
check_rust
[ "$goal" = run ] || install_oracles
