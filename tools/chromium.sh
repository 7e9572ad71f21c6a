#!/bin/sh
# Makes sure that a Chromium and fonts for Chinese are there for the browser tests, and prints the browser's path.
#
# Looks for $CHROMIUM, then the usual names. On Debian and Ubuntu it installs what is missing when run as root; else it
# says the one command to run. Downloads by browser tools of their own are not used.

set -u

find_browser() {
    for name in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome google-chrome-stable chrome; do
        found=$(command -v "$name" 2>/dev/null) || continue
        # Executed, since Ubuntu's chromium-browser may be a stub that only tells to install a snap.
        if "$found" --version </dev/null >/dev/null 2>&1; then
            printf '%s\n' "$found"
            return 0
        fi
    done
    return 1
}

has_chinese() {
    command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list ':lang=zh-cn' family 2>/dev/null | head -n 1)" ]
}

missing=
find_browser >/dev/null || missing="chromium"
has_chinese || missing="${missing:+$missing }fonts-noto-cjk"

if [ -n "$missing" ]; then
    case " $missing " in
        *' chromium '*) missing="$missing fontconfig fonts-noto-color-emoji" ;;
    esac
    if ! command -v apt-get >/dev/null 2>&1; then
        echo "The browser tests need Chromium and a Chinese font: install them with your system's packages, or name the\
 browser with CHROMIUM=/path/to/chromium." >&2
        exit 1
    fi
    if [ "$(id -u)" != 0 ]; then
        echo "The browser tests need a few system packages: run \"sudo apt-get install --no-install-recommends $missing\"\
 and try again." >&2
        exit 1
    fi
    log=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)/var/log/chromium.log
    mkdir -p "$(dirname -- "$log")"
    echo "Installing $missing …" >&2
    # shellcheck disable=SC2086  # several packages
    if ! { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } \
        >"$log" 2>&1 </dev/null; then
        echo "The packages $missing could not be installed: the last lines of var/log/chromium.log say why." >&2
        exit 1
    fi
fi

find_browser || {
    echo "Chromium does not start although it is installed: run \"chromium --version\" to see why." >&2
    exit 1
}
