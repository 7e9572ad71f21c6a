#!/bin/sh
# Prints the path of the first Python that can run Paseo, or says in one sentence what to install.
#
# Every candidate is executed: a name on the PATH proves nothing, since pyenv leaves a shim for each version it has ever had.
# Order: $PYTHON, the usual names on the PATH, pyenv's versions, what uv has installed.

probe='
import sys
found = "%d.%d.%d" % sys.version_info[:3]
try:
    import sqlite3
    if sys.version_info < (3, 12):
        print("unfit Python " + found)
    elif sqlite3.sqlite_version_info < (3, 37):
        print("unfit Python " + found + " with SQLite " + sqlite3.sqlite_version)
    else:
        print("fits " + sys.executable)
except ImportError:
    print("unfit Python " + found + " without SQLite")
'

seen=''

try() {
    answer=$("$1" -c "$probe" 2>/dev/null </dev/null) || return 1
    case $answer in
        'fits '?*)
            printf '%s\n' "${answer#fits }"
            exit 0
            ;;
        'unfit '?*)
            case $seen in
                *"${answer#unfit }"*) ;;
                *) seen="$seen${seen:+, }${answer#unfit }" ;;
            esac
            ;;
    esac
    return 1
}

if [ -n "${PYTHON:-}" ]; then
    try "$PYTHON" || printf 'PYTHON=%s does not fit (%s); looking for another.\n' "$PYTHON" "${seen:-it does not run}" >&2
fi

for name in python3.13 python3.12 python3.14 python3; do
    try "$name"
done

for home in "${PYENV_ROOT:-}" "${HOME:-/nonexistent}/.pyenv"; do
    [ -n "$home" ] || continue
    for version in "$home"/versions/3.13.* "$home"/versions/3.12.* "$home"/versions/3.14.* "$home"/versions/3.*; do
        [ -x "$version/bin/python" ] && try "$version/bin/python"
    done
done

if managed=$(uv python find --no-python-downloads '>=3.12' 2>/dev/null </dev/null) && [ -n "$managed" ]; then
    try "$managed"
fi

printf '%s\n' "Paseo needs Python 3.12 or newer with SQLite 3.37 or newer and found ${seen:-no Python at all}:\
 install one (apt install python3.13 python3.13-venv, pyenv install 3.13, uv python install 3.13 or brew install python@3.13)\
 or name yours with PYTHON=/path/to/python3." >&2
exit 1
