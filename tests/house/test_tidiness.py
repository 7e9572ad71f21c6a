"""Names, sizes and leftovers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from paseo.kernel.states import machines
from tests.house.sources import CODE, ROOT, files, imports

VAGUE = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "processor",
    "data",
    "info",
    "misc",
    "base",
}
LONGEST = 480
LEFTOVERS = ("TO" + "DO", "FIX" + "ME", "/" + "work/", "/" + "root/", "/tmp/" + "plan", "blue" + "print")


def test_no_file_is_named_after_nothing():
    django_asks_for_it = ROOT / "paseo/platform/db/sqlite/base.py"
    wrong = [
        str(path.relative_to(ROOT))
        for path in files()
        if {path.stem, path.parent.name} & VAGUE and path != django_asks_for_it and "templates" not in path.parts
    ]
    assert not wrong, "\n".join(wrong)


def test_files_stay_small_enough_to_be_read_at_once():
    wrong = [
        f"{path.relative_to(ROOT)}: {lines} lines"
        for path in files()
        if "migrations" not in path.parts and (lines := path.read_text().count("\n")) > LONGEST
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_left_over():
    wrong = []
    for suffix in (".py", ".html", ".js", ".css", ".md", ".toml", ".sh", ".po"):
        for path in files(*CODE, "tests", "docs", "tools", "bench", "deploy", suffix=suffix):
            text = path.read_text(errors="replace")
            wrong += [f"{path.relative_to(ROOT)}: {word}" for word in LEFTOVERS if word in text]
    assert not wrong, "\n".join(wrong)


def test_heavy_libraries_are_loaded_when_they_are_needed():
    """A page must not wait for a spreadsheet reader."""
    heavy = {"openpyxl", "osmium", "numpy", "httpx", "PIL", "segno", "rjieba", "schemathesis"}
    code = (
        "import os, sys; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings'); import config.rsgi; "
        f"print(*sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


def test_the_import_contracts_are_kept():
    linter = Path(sys.executable).with_name("lint-imports")
    if not linter.exists():
        pytest.skip("import-linter is not installed")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]


def test_each_app_has_one_migration_of_its_tables_and_then_only_sql():
    wrong = []
    for folder in sorted(ROOT.glob("paseo/*/*/migrations")):
        numbered = sorted(path for path in folder.glob("0*.py"))
        has_models = (folder.parent / "models.py").exists() or (folder.parent / "models").exists()
        if has_models and (not numbered or numbered[0].name != "0001_initial.py"):
            wrong.append(f"{folder.relative_to(ROOT)} does not begin with 0001_initial.py")
        for path in numbered[1:]:
            text = path.read_text()
            if any(name in text for name in ("CreateModel", "AddField", "AlterField", "RemoveField", "AddConstraint")):
                wrong.append(f"{path.relative_to(ROOT)} changes tables")
    assert not wrong, "\n".join(wrong)


@pytest.mark.django_db
def test_models_and_migrations_agree(capsys):
    try:
        call_command("makemigrations", "--check", "--dry-run", skip_checks=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


def test_every_state_machine_is_in_the_reference():
    from config.cli.reference import FOLDER, machines_page

    assert all(f"## {name}\n" in machines_page() for name in machines() if not name.startswith("test_"))
    assert (FOLDER / "machines.md").exists(), "paseo reference"


@pytest.mark.parametrize("page", ["settings", "events", "machines", "openapi"])
def test_the_reference_is_what_the_code_says(page):
    done = subprocess.run(
        [sys.executable, "-m", "config.cli", "reference", "--check", page],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]


def test_every_text_is_translated():
    done = subprocess.run(
        [sys.executable, "tools/messages.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]


def test_the_outside_world_speaks_http_only():
    wrong = [
        str(one)
        for path in files("outside")
        for one in imports(path)
        if one.module.split(".")[0] in {"paseo", "config", "demo", "django"}
    ]
    assert not wrong, "\n".join(wrong)
