#!/bin/sh
# Says where the film is and how fast it was made, and opens the editor on its graph if there is a display.
set -eu
program=$1 graph=$2 film=$3 stats=$4

figure() {
    sed -n "s/.*\"$1\"[[:space:]]*:[[:space:]]*\([0-9.eE+-]*\).*/\1/p" "$stats" | head -n1
}

echo "The film is $(pwd)/$film"
if [ -f "$stats" ]; then
    LC_ALL=C printf '%d frames were made in %.1f s, %.2f frames a second\n' \
        "$(figure frames)" "$(figure wall_s)" "$(figure fps)"
fi

if [ -n "${CI:-}" ]; then
    exit 0
fi
case $(uname -s) in
Darwin | MINGW* | MSYS* | CYGWIN*) display=yes ;;
*) display=${DISPLAY:-}${WAYLAND_DISPLAY:-} ;;
esac
if [ -n "$display" ]; then
    exec "$program" "$graph"
fi
echo "There is no display here; elsewhere open it with: $program $graph"
