"""Backup, migration, audit, in this order; what fails stops it and says how to get back."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.backups import occupancy
from tests.cli.test_backup import run
from tests.cli.test_command import ROOT


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    place = tmp_path_factory.mktemp("house") / "var"
    assert run(place, "migrate").returncode == 0
    return place


def upgrade(var: Path, broken: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``broken`` is done before the command: what breaks, in Python."""
    code = f"import sys; from config.cli import main\n{broken}\nsys.exit(main(['upgrade', *sys.argv[1:]]))"
    env = {**os.environ, "PASEO_VAR": str(var), "DATABASE_URL": "", "PASEO_DEMO": "0"}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


RAISE = "def fail(*_, **__): raise RuntimeError('column b is there already')"


def test_all_well(var):
    done = run(var, "upgrade", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    assert Path(told["backup"]["file"]).exists()
    assert (told["migrations_run"], told["findings"]) == (0, [])


def test_without_a_backup_nothing_is_migrated(var, tmp_path):
    (tmp_path / "taken").touch()
    done = upgrade(var, f"{RAISE}\nimport config.cli.migrate as one; one.migrate = fail", str(tmp_path / "taken"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not overwritten" in done.stderr


def test_a_migration_that_fails_tells_the_way_back(var, tmp_path):
    file = tmp_path / "b.tar.gz"
    done = upgrade(var, f"{RAISE}\nimport config.cli.migrate as one; one.migrate = fail", str(file))
    assert done.returncode == 4
    assert done.stderr == (
        "The migration failed: column b is there already. To get back, install the version of before and run: "
        f"paseo restore --replace {file}\n"
    )
    assert file.exists()


def test_findings_are_an_exit_code_of_their_own_with_the_way_back(var, tmp_path):
    broken = (
        "from paseo.platform.audit import checks\n"
        "checks.run_all = lambda *_: [checks.Finding('ledger.sums', 'transfer:1', 'It adds up to 5 EUR, not zero.')]"
    )
    done = upgrade(var, broken, str(tmp_path / "b.tar.gz"))
    assert done.returncode == 3
    assert "ledger.sums  transfer:1  It adds up to 5 EUR, not zero." in done.stdout
    assert f"paseo restore --replace {tmp_path / 'b.tar.gz'}" in done.stdout


def test_beside_a_running_server_it_does_not_begin(var):
    handle = occupancy.stay(var)
    done = run(var, "upgrade")
    os.close(handle)
    assert (done.returncode, done.stderr) == (1, f"Paseo is running on {var}. Stop it first. Nothing was changed.\n")
