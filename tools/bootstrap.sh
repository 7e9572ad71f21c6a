#!/bin/sh
# Makes .venv with everything Paseo needs, from pinned and hashed requirements. Running it again is a no-op.
#
#   tools/bootstrap.sh          what the product needs
#   tools/bootstrap.sh --dev    and what its tests and linters need
#   tools/bootstrap.sh --node   and a Node.js of its own, for tools/assets.py where the system has none
#
# uv is used where it is there and works, else plain pip (PASEO_WITHOUT_UV=1: pip at once). What they print goes to
# var/log/bootstrap.log.

set -u
LC_ALL=C
export LC_ALL
unset PYTHONHOME PYTHONPATH

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
cd "$root" || exit 1

venv=$root/.venv
python=$venv/bin/python
log=$root/var/log/bootstrap.log
room_kb=700000

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

say() {
    printf '%s\n' "$*"
}

dev=no
node=no
for argument in "$@"; do
    case $argument in
        --dev) dev=yes ;;
        --node) node=yes ;;
        *) fail "usage: tools/bootstrap.sh [--dev] [--node]" ;;
    esac
done

# A part is up to date when its stamp says what the file says now. The place is part of it: scripts in .venv name it.

key() {
    printf '%s %s' "$root" "$(cksum <"$1")"
}

stamp() {
    key "$2" >"$venv/.stamp-$1"
}

fresh() {
    [ -x "$python" ] && [ -f "$venv/.stamp-$1" ] && [ "$(cat "$venv/.stamp-$1")" = "$(key "$2")" ]
}

texts_fresh() {
    [ -f var/stamps/messages ] || return 1
    newer=$(find config paseo demo outside -path '*/locale/*' -name '*.po' -newer var/stamps/messages 2>/dev/null | head -n 1)
    [ -z "$newer" ]
}

base_fresh=no; fresh base requirements/base.txt && base_fresh=yes
project_fresh=no; fresh project pyproject.toml && project_fresh=yes
dev_fresh=yes; [ "$dev" = yes ] && { fresh dev requirements/dev.txt || dev_fresh=no; }
node_fresh=yes; [ "$node" = yes ] && { fresh node requirements/assets.txt || node_fresh=no; }

if [ "$base_fresh$project_fresh$dev_fresh$node_fresh" = yesyesyesyes ] && texts_fresh; then
    exit 0
fi

mkdir -p var/log var/stamps 2>/dev/null \
    || fail "Cannot write to $root/var: make the folder writable for $(id -un) and run this again."

why_failed() {
    # $1: what was being done. One sentence out of the tail of the log.
    if grep -qiE 'no space left|disk quota exceeded' "$log"; then
        fail "The disk filled up while $1: free about $((room_kb / 1000)) MB and run this again."
    elif grep -qiE 'do not match the hashes|hash mismatch' "$log"; then
        fail "A downloaded package is not the one that was pinned (hash mismatch) while $1: check the package index or mirror you\
 use; var/log/bootstrap.log names the package."
    elif grep -qiE 'name resolution|name or service not known|establish a new connection|failed to connect|connection refused|connection reset|timed out|network is unreachable|dns error|error sending request|failed to fetch|proxyerror|no route to host' "$log"; then
        fail "No package index could be reached while $1: check the network, or the proxy or mirror set for pip, and run this\
 again (var/log/bootstrap.log says what was tried)."
    fi
    fail "Something failed while $1: the last lines of var/log/bootstrap.log say what."
}

has_uv() {
    [ -z "${PASEO_WITHOUT_UV:-}" ] && uv --version >/dev/null 2>&1
}

make_venv() {
    # An old .venv may stand elsewhere or belong to a Python that is gone.
    if [ -x "$python" ] && [ -f "$venv/.stamp-root" ] && [ "$(cat "$venv/.stamp-root")" = "$root" ] \
        && "$python" -c 'import sys; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; then
        return 0
    fi
    base=$(sh tools/find_python.sh) || exit 1
    free_kb=$(df -Pk . 2>/dev/null | awk 'NR == 2 { print $4 }')
    if [ "${free_kb:-$room_kb}" -lt "$room_kb" ]; then
        fail "Only $((free_kb / 1000)) MB are free on this disk and about $((room_kb / 1000)) MB are needed: free some and run\
 this again."
    fi
    say "Python: $base ($("$base" -c 'import platform; print(platform.python_version())'))"
    rm -rf "$venv" 2>>"$log" || fail "The old $venv cannot be removed: delete it and run this again."
    if has_uv && uv venv --quiet --no-config --python "$base" "$venv" >>"$log" 2>&1; then
        :
    elif "$base" -c 'import venv, ensurepip' >>"$log" 2>&1; then
        "$base" -m venv "$venv" >>"$log" 2>&1 || why_failed "making the virtual environment"
    else
        version=$("$base" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        fail "Python $version at $base has no venv module: install it (on Debian and Ubuntu: apt install python$version-venv) and\
 run this again."
    fi
    printf '%s' "$root" >"$venv/.stamp-root"
}

with_pip() {
    "$python" -m pip --version >/dev/null 2>&1 || "$python" -m ensurepip >>"$log" 2>&1 || return 1
    # A constraints file of the machine's own (pip.conf, PIP_CONSTRAINT) has no say here: every version is pinned and hashed.
    PIP_CONSTRAINT='' PIP_USER=0 PIP_NO_INPUT=1 PIP_DISABLE_PIP_VERSION_CHECK=1 "$python" -m pip install --quiet --no-compile "$@" >>"$log" 2>&1
}

with_uv() {
    has_uv && uv pip install --quiet --python "$python" "$@" >>"$log" 2>&1
}

install() {
    # $1: what is being done, then what pip and uv understand alike. Where uv fails, pip may still know a mirror.
    doing=$1
    shift
    with_uv "$@" && return 0
    has_uv && say "  uv could not; trying pip"
    : >"$log"
    with_pip "$@" || why_failed "$doing"
}

from_file() {
    # $1: stamp, $2: requirements file, $3: what for
    count=$(grep -c '^[a-z0-9].*==' "$2")
    started=$(date +%s)
    say "Installing $count packages $3 …"
    rm -f "$venv/.stamp-$1"
    install "installing the packages $3" --require-hashes -r "$2"
    stamp "$1" "$2"
    say "  done in $(($(date +%s) - started)) s"
}

: >"$log" || fail "Cannot write to $log: make the folder writable for $(id -un) and run this again."
make_venv

[ "$base_fresh" = yes ] || from_file base requirements/base.txt "that Paseo runs on"
[ "$dev_fresh" = yes ] || from_file dev requirements/dev.txt "for tests and linters"
[ "$node_fresh" = yes ] || from_file node requirements/assets.txt "for the front-end assets (Node.js)"

if ! fresh project pyproject.toml; then
    install "installing Paseo itself" --no-build-isolation --no-deps -e .
    stamp project pyproject.toml
fi

if ! texts_fresh; then
    "$python" tools/messages.py compile >>"$log" 2>&1 \
        || fail "A translation does not compile: run .venv/bin/python tools/messages.py compile to see which."
    : >var/stamps/messages
fi
