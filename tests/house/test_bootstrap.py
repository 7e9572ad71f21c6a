"""Installing: the right Python is found, a second run does nothing, and every failure is one sentence."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLAIN_TOOLS = ["sh", "dirname", "cksum", "cat", "find", "head", "id", "mkdir", "grep", "date", "df", "awk", "rm"]

Fake = Callable[..., Path]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The only folder on the PATH: a few plain tools, no Python, no uv."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in PLAIN_TOOLS:
        found = shutil.which(tool)
        assert found, f"{tool} is not on this machine"
        (folder / tool).symlink_to(found)
    return folder


def script(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("#!/bin/sh\n" + text)
    file.chmod(0o755)
    return file


@pytest.fixture
def python(path: Path) -> Fake:
    """Puts a Python on the PATH that says it has this version."""

    def make(name: str, version: tuple[int, int, int], sqlite: tuple[int, int, int] = (3, 40, 1)) -> Path:
        file = path / name
        pretend = (
            f"import sys, sqlite3; sys.version_info = {version}; sys.executable = '{file}'; "
            f"sqlite3.sqlite_version_info = {sqlite}; sqlite3.sqlite_version = '{'.'.join(map(str, sqlite))}'; "
            "exec(sys.argv[1])"
        )
        return script(file, f'[ "$1" = -c ] || exit 9\nexec "{sys.executable}" -S -c "{pretend}" "$2"\n')

    return make


def find_python(path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(ROOT / "tools" / "find_python.sh")],
        env={"PATH": str(path), "HOME": str(path.parent), **environment},
        capture_output=True,
        text=True,
        timeout=30,
    )


def test_a_shim_that_does_not_run_and_an_old_python_are_passed_by(path: Path, python: Fake) -> None:
    script(path / "python3.13", 'echo "pyenv: python3.13: command not found" >&2\nexit 127\n')
    python("python3.12", (3, 11, 7))
    good = python("python3", (3, 12, 1))

    found = find_python(path)

    assert (found.returncode, found.stdout.strip()) == (0, str(good))


def test_the_named_python_comes_first(path: Path, python: Fake) -> None:
    python("python3.13", (3, 13, 0))
    named = python("mine", (3, 14, 0))

    assert find_python(path, PYTHON=str(named)).stdout.strip() == str(named)


def test_a_named_python_that_does_not_fit_is_not_used_in_silence(path: Path, python: Fake) -> None:
    good = python("python3.13", (3, 13, 0))
    old = python("mine", (3, 9, 2))

    found = find_python(path, PYTHON=str(old))

    assert found.stdout.strip() == str(good)
    assert found.stderr.startswith(f"PYTHON={old} does not fit (Python 3.9.2)")


def test_pyenv_versions_are_looked_through(path: Path, python: Fake, tmp_path: Path) -> None:
    for version in ((3, 11, 7), (3, 13, 2), (3, 12, 4)):
        home = tmp_path / ".pyenv" / "versions" / ".".join(map(str, version)) / "bin"
        home.mkdir(parents=True)
        python(f"../.pyenv/versions/{home.parent.name}/bin/python", version)

    assert "/3.13.2/" in find_python(path).stdout


def test_an_old_sqlite_does_not_fit(path: Path, python: Fake) -> None:
    python("python3.13", (3, 13, 0), sqlite=(3, 34, 0))

    found = find_python(path)

    assert found.returncode == 1
    assert "found Python 3.13.0 with SQLite 3.34.0:" in found.stderr


@pytest.mark.parametrize(("versions", "seen"), [([], "no Python at all"), ([(3, 11, 7)], "Python 3.11.7")])
def test_no_python_is_one_sentence_that_says_what_to_install(
    path: Path, python: Fake, versions: list[tuple[int, int, int]], seen: str
) -> None:
    for version in versions:
        python("python3", version)

    found = find_python(path)

    assert found.returncode == 1
    assert found.stdout == ""
    assert_one_sentence(found.stderr)
    assert f"found {seen}: install one" in found.stderr


# The whole of it, with a Python that only pretends to install.


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    tree = tmp_path / "a tree"
    shutil.copytree(ROOT / "requirements", tree / "requirements")
    shutil.copyfile(ROOT / "pyproject.toml", tree / "pyproject.toml")
    (tree / "tools").mkdir()
    for name in ("bootstrap.sh", "find_python.sh"):
        shutil.copyfile(ROOT / "tools" / name, tree / "tools" / name)
    return tree


def pretender(path: Path, *, venv: str = "exit 0", pip: str = "exit 0") -> Path:
    """A Python that fits, logs what it is asked to do, and answers ``-m venv`` and ``-m pip install`` as told."""
    file = path / "python3.13"
    return script(
        file,
        f"""echo "$*" >>"{path}/asked"
case "$*" in
    *"fits "*) echo "fits {file}" ;;
    *"import venv"*) {venv} ;;
    "-m venv"*) mkdir -p "$3/bin"; cp_to="$3/bin/python"; cat "$0" >"$cp_to"; "{shutil.which("chmod")}" +x "$cp_to" ;;
    "-m pip install"*) {pip} ;;
    *python_version*) echo 3.13.0 ;;
    *version_info*2*) echo 3.13 ;;
esac
""",
    )


def bootstrap(tree: Path, path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(tree / "tools" / "bootstrap.sh"), *arguments],
        env={"PATH": str(path), "HOME": str(path.parent)},
        cwd=path,
        capture_output=True,
        text=True,
        timeout=60,
    )


def assert_one_sentence(said: str) -> None:
    assert said.count("\n") == 1
    assert said.rstrip().endswith((".", "python3."))
    assert "Traceback" not in said


def installs(path: Path) -> list[str]:
    return [line for line in (path / "asked").read_text().splitlines() if line.startswith("-m pip install")]


def test_everything_is_installed_once_by_hash(tree: Path, path: Path) -> None:
    pretender(path)

    first = bootstrap(tree, path, "--dev")

    assert first.returncode == 0, first.stderr
    base, dev, project = installs(path)
    assert base.endswith("--require-hashes -r requirements/base.txt")
    assert dev.endswith("--require-hashes -r requirements/dev.txt")
    assert project.endswith("--no-build-isolation --no-deps -e .")

    (path / "asked").unlink()
    started = time.monotonic()
    again = bootstrap(tree, path, "--dev")

    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert time.monotonic() - started < 1
    assert not (path / "asked").exists(), "an up-to-date tree asks Python nothing"


def test_a_changed_pin_installs_that_part_again(tree: Path, path: Path) -> None:
    pretender(path)
    assert bootstrap(tree, path).returncode == 0
    (path / "asked").unlink()
    with (tree / "requirements" / "base.txt").open("a") as file:
        file.write("# another pin\n")

    assert bootstrap(tree, path).returncode == 0

    assert [line.rpartition(" ")[2] for line in installs(path)] == ["requirements/base.txt"]


def test_a_moved_tree_is_installed_anew(tree: Path, path: Path) -> None:
    pretender(path)
    assert bootstrap(tree, path).returncode == 0
    (path / "asked").unlink()
    moved = tree.rename(tree.with_name("moved"))

    assert bootstrap(moved, path).returncode == 0

    assert f"-m venv {moved}/.venv" in (path / "asked").read_text()
    assert len(installs(path)) == 2


def test_a_part_that_failed_is_tried_again(tree: Path, path: Path) -> None:
    pretender(path, pip="exit 1")
    assert bootstrap(tree, path).returncode == 1
    pretender(path)
    shutil.copyfile(path / "python3.13", tree / ".venv" / "bin" / "python")

    assert bootstrap(tree, path).returncode == 0


@pytest.mark.parametrize(
    ("pip", "sentence"),
    [
        (
            "echo 'Failed to establish a new connection: [Errno 111] Connection refused'; exit 1",
            "No package index could be",
        ),
        ("echo 'OSError: [Errno 28] No space left on device'; exit 1", "The disk filled up while"),
        (
            "echo 'THESE PACKAGES DO NOT MATCH THE HASHES'; exit 1",
            "A downloaded package is not the one that was pinned",
        ),
        ("echo 'something else'; exit 1", "Something failed while installing"),
    ],
)
def test_a_failed_install_is_one_sentence(tree: Path, path: Path, pip: str, sentence: str) -> None:
    pretender(path, pip=pip)

    failed = bootstrap(tree, path)

    assert failed.returncode == 1
    assert failed.stderr.startswith(sentence)
    assert_one_sentence(failed.stderr)
    assert not (tree / ".venv" / ".stamp-base").exists()


def test_a_python_without_venv_is_one_sentence(tree: Path, path: Path) -> None:
    pretender(path, venv="exit 1")

    failed = bootstrap(tree, path)

    assert failed.returncode == 1
    assert "has no venv module" in failed.stderr
    assert "apt install python3.13-venv" in failed.stderr
    assert_one_sentence(failed.stderr)


def test_a_full_disk_is_one_sentence(tree: Path, path: Path) -> None:
    pretender(path)
    (path / "df").unlink()
    script(path / "df", "echo head\necho /dev/sda1 1000 900 51200 99% /\n")

    failed = bootstrap(tree, path)

    assert failed.returncode == 1
    assert failed.stderr.startswith("Only 51 MB are free")
    assert_one_sentence(failed.stderr)


def test_no_python_stops_the_bootstrap_with_the_same_sentence(tree: Path, path: Path) -> None:
    failed = bootstrap(tree, path)

    assert failed.returncode == 1
    assert "Paseo needs Python 3.12 or newer" in failed.stderr
    assert_one_sentence(failed.stderr)


def test_a_tree_that_cannot_be_written_is_one_sentence(tree: Path, path: Path) -> None:
    pretender(path)
    (tree / "var").write_text("a file where the folder should be")

    failed = bootstrap(tree, path)

    assert failed.returncode == 1
    assert failed.stderr.startswith(f"Cannot write to {tree}/var: make the folder writable")
    assert_one_sentence(failed.stderr)


def test_the_pins_name_no_host_and_carry_hashes() -> None:
    for file in (ROOT / "requirements").glob("*.txt"):
        text = file.read_text()
        pins = [line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("#")]
        assert pins
        assert all(line.endswith("\\") for line in pins), f"{file.name}: every pin is followed by its hashes"
        assert "://" not in text
        assert "--find-links" not in text


def test_the_npm_lock_names_no_registry() -> None:
    lock = (ROOT / "package-lock.json").read_text()

    assert '"resolved"' not in lock
    assert lock.count('"integrity"') >= 4
