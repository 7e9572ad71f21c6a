"""A whole installation in one file, and back: on what is there, on what is damaged, on what is in the way."""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tarfile
import threading
import urllib.request
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.conf import settings

from config.backups import archive, making, manifest, occupancy, postgres, sqlite_files
from config.backups.manifest import Manifest
from config.backups.obstacles import Obstacle
from paseo.platform.db.sqlite.turn import Turn
from tests.cli.test_command import ROOT, free_port, paseo

TOLD = Manifest("0.1.0", "2026-05-13T09:00:00+00:00", "sqlite", "", {"ordering": "0001_initial"}, {"ordering_order": 2})
GONE = UUID(int=7)


def run(var: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return paseo(*arguments, PASEO_VAR=str(var), DATABASE_URL="", PASEO_DEMO="0", **env)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """An installation with an operator, a photo and a key; ``file`` is its backup."""
    var = tmp_path_factory.mktemp("house") / "var"
    assert run(var, "migrate").returncode == 0
    assert run(var, "person", "create-operator", "o@example.org", "--no-password").returncode == 0
    (var / "media" / "photos").mkdir(parents=True)
    (var / "media" / "photos" / "bun.webp").write_bytes(b"a bun")
    done = run(var, "backup", "--json")
    assert done.returncode == 0, done.stderr
    return SimpleNamespace(var=var, told=json.loads(done.stdout), file=Path(json.loads(done.stdout)["file"]))


def everything(var: Path) -> dict[str, bytes]:
    return {str(one.relative_to(var)): one.read_bytes() for one in sorted(var.rglob("*")) if one.is_file()}


def books(var: Path, question: str) -> list[tuple]:
    with closing(sqlite3.connect(var / "paseo.sqlite3")) as opened:
        return opened.execute(question).fetchall()


class TestThereAndBack:
    def test_a_backup_is_one_file_for_its_owner_alone(self, whole):
        assert whole.file.parent == whole.var / "backups"
        assert stat.S_IMODE(whole.file.stat().st_mode) == 0o600
        assert whole.told["bytes"] == whole.file.stat().st_size
        assert (whole.told["engine"], whole.told["version"], whole.told["gone"]) == ("sqlite", "0.1.0", 0)
        assert [one.name for one in whole.file.parent.iterdir()] == [whole.file.name]

    def test_the_backup_is_written_into_the_book(self, whole):
        said = books(whole.var, "SELECT actor, after FROM audit_entry WHERE action = 'backup.made'")
        assert [(actor, json.loads(after)["file"]) for actor, after in said] == [("system", str(whole.file))]

    def test_a_check_says_what_is_in_it(self, whole):
        done = run(whole.var, "restore", "--check", "--json", str(whole.file))
        told = json.loads(done.stdout)
        assert (done.returncode, told["rows"]) == (0, whole.told["rows"])
        assert told["tables"]["identity_person"] == 1
        assert "journeys_contact" in told["tables"]

    def test_restored_elsewhere_it_is_the_same(self, whole, tmp_path):
        done = run(tmp_path / "new", "restore", str(whole.file))
        assert done.returncode == 0, done.stderr
        assert f"{whole.told['rows']} rows" in done.stdout
        assert done.stdout.endswith("checks, 0 findings.\n")
        new = tmp_path / "new"
        assert books(new, "SELECT email FROM identity_person") == [("o@example.org",)]
        assert (new / "media" / "photos" / "bun.webp").read_bytes() == b"a bun"
        assert (new / "secret-key").read_text() == (whole.var / "secret-key").read_text()
        assert stat.S_IMODE((new / "secret-key").stat().st_mode) == 0o600
        assert not list(new.glob(".restoring-*"))

        before = everything(new)
        done = run(new, "restore", str(whole.file))
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(f"{new}/paseo.sqlite3 is there already. Restore into an empty PASEO_VAR")
        assert everything(new) == before

    def test_replaced_the_old_stands_aside_and_the_erased_stay_erased(self, whole, tmp_path):
        new = tmp_path / "new"
        assert run(new, "restore", str(whole.file)).returncode == 0
        (person,) = books(new, "SELECT id FROM identity_person")[0]
        with closing(sqlite3.connect(new / "paseo.sqlite3")) as opened, opened:
            opened.execute("DELETE FROM tenancy_grant")
            opened.execute(
                "INSERT INTO consent_erasure (id, person_id, at, report) VALUES (?, ?, '2026-05-13 09:00:00', '{}')",
                [UUID(int=1).hex, person],
            )
        (new / "media" / "photos" / "bun.webp").write_bytes(b"another bun")
        done = run(new, "restore", "--replace", "--json", str(whole.file))
        told = json.loads(done.stdout)
        # The only operator cannot be erased by the way: it is said, and nothing is hidden.
        assert (told["erased_again"], told["erasures_waiting"]) in [(1, []), (0, [str(UUID(person))])]
        aside = Path(told["aside"])
        assert (aside / "media" / "photos" / "bun.webp").read_bytes() == b"another bun"
        assert (new / "media" / "photos" / "bun.webp").read_bytes() == b"a bun"
        with closing(sqlite3.connect(aside / "paseo.sqlite3")) as opened:
            assert opened.execute("SELECT count(*) FROM consent_erasure").fetchone() == (1,)


class TestRefused:
    def test_another_key_in_the_environment(self, whole, tmp_path):
        done = run(tmp_path / "new", "restore", str(whole.file), SECRET_KEY="another")
        assert done.returncode == 1
        assert done.stderr.startswith("SECRET_KEY is not the key of this backup")
        assert not (tmp_path / "new" / "paseo.sqlite3").exists()

    def test_beside_a_running_server(self, whole, tmp_path):
        handle = occupancy.stay(tmp_path)
        done = run(tmp_path, "restore", str(whole.file))
        os.close(handle)
        assert (done.returncode, done.stderr) == (
            1,
            f"Paseo is running on {tmp_path}. Stop it first. Nothing was changed.\n",
        )

    def test_a_cut_off_file_touches_nothing(self, whole, tmp_path):
        cut = tmp_path / "cut.tar.gz"
        cut.write_bytes(whole.file.read_bytes()[:-2000])
        done = run(tmp_path / "new", "restore", str(cut))
        assert (done.returncode, done.stderr) == (
            1,
            f"{cut} is damaged or is no backup of Paseo. Nothing was changed.\n",
        )
        assert [one.name for one in (tmp_path / "new").iterdir()] == ["in-use.lock"]

    def test_of_a_version_that_this_one_does_not_know(self, whole, tmp_path):
        newer = tmp_path / "newer.tar.gz"
        told = archive.read(whole.file, tmp_path / "open")
        later = Manifest(
            **{
                **{name: getattr(told, name) for name in ("made_at", "engine", "secret", "rows")},
                "version": "9.0.0",
                "migrations": {**told.migrations, "ordering": "0099_later"},
            }
        )
        with archive.writing(newer) as (writer, _):
            for name in told.parts:
                writer.add(name, tmp_path / "open" / name)
            writer.finish(later)
        done = run(tmp_path / "new", "restore", str(newer))
        assert done.returncode == 1
        assert "made by Paseo 9.0.0 and this is 0.1.0, which does not know ordering.0099_later." in done.stderr
        assert not (tmp_path / "new" / "paseo.sqlite3").exists()

    def test_a_name_that_is_taken_is_not_overwritten(self, whole, tmp_path):
        taken = tmp_path / "taken.tar.gz"
        taken.write_text("mine")
        done = run(whole.var, "backup", str(taken))
        assert (done.returncode, taken.read_text()) == (1, "mine")
        assert done.stderr == f"{taken} is there already and is not overwritten. Choose another name.\n"

    def test_nothing_to_back_up(self, tmp_path):
        done = run(tmp_path, "backup")
        assert done.returncode == 1
        assert done.stderr.startswith(f"There is no database {tmp_path}/paseo.sqlite3 to back up.")


@pytest.mark.slow
def test_beside_an_open_shop(whole, tmp_path):
    """It is open while the backup is made, refuses to be replaced under its customers, and is replaced when closed."""
    var, port = tmp_path / "open", free_port()
    assert run(var, "restore", str(whole.file)).returncode == 0
    environment = {**os.environ, "PASEO_VAR": str(var), "DATABASE_URL": "", "PASEO_DEMO": "0", "WORKERS": "1"}
    shop = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "serve", "--port", str(port)], cwd=ROOT, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        assert shop.stdout.readline().startswith("Paseo is open")
        file = tmp_path / "beside.tar.gz"
        done = run(var, "backup", str(file))
        assert done.returncode == 0, done.stderr
        done = run(var, "restore", "--replace", str(file))
        assert (done.returncode, done.stderr[:16]) == (1, "Paseo is running")
        assert run(var, "upgrade").returncode == 1
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert answer.status == 200
        shop.send_signal(signal.SIGINT)
        assert shop.wait(10) == 0
        assert run(var, "restore", "--replace", str(file)).returncode == 0
    finally:
        if shop.poll() is None:
            os.killpg(shop.pid, signal.SIGKILL)


class TestKilledAndFull:
    def test_a_killed_backup_leaves_no_file_and_the_next_one_cleans_up(self, whole, tmp_path):
        final = tmp_path / "b.tar.gz"
        code = (
            "import os, signal, config.backups.making as making; from config.cli import main; "
            "making._media = lambda *_: os.kill(os.getpid(), signal.SIGKILL); "
            f"main(['backup', {str(final)!r}])"
        )
        env = {**os.environ, "PASEO_VAR": str(whole.var), "DATABASE_URL": ""}
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=False, capture_output=True)
        assert done.returncode == -9
        (left,) = tmp_path.iterdir()
        assert left.name.endswith(".partial")
        assert run(whole.var, "backup", str(final)).returncode == 0
        assert list(tmp_path.iterdir()) == [final]

    def test_a_terminated_backup_leaves_nothing_at_all(self, whole, tmp_path):
        code = (
            "import os, signal, sys, config.backups.making as making; from config.cli import main; "
            "making._media = lambda *_: os.kill(os.getpid(), signal.SIGTERM); "
            f"sys.exit(main(['backup', {str(tmp_path / 'b.tar.gz')!r}]))"
        )
        env = {**os.environ, "PASEO_VAR": str(whole.var), "DATABASE_URL": ""}
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=False, capture_output=True)
        assert done.returncode == 143
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        "error, said",
        [
            (OSError(28, "No space left on device"), "The disk of {} is full."),
            (OSError(30, "Read-only file system"), "Nothing can be written in {} (Read-only file system)."),
            (sqlite3.OperationalError("database or disk is full"), "cannot be copied: database or disk is full."),
        ],
    )
    def test_a_full_disk_is_one_sentence_and_leaves_nothing(self, tmp_path, monkeypatch, error, said):
        def full(*_):
            raise error

        monkeypatch.setattr(making, "_databases", full)
        (tmp_path / "to").mkdir()
        house = making.Installation(tmp_path, tmp_path / "media", "key", {"default": {"ENGINE": "postgresql"}})
        with pytest.raises(Obstacle) as refused:
            making.make(house, tmp_path / "to" / "b.tar.gz", datetime(2026, 5, 13, tzinfo=UTC))
        assert said.format(tmp_path / "to") in str(refused.value)
        assert "Nothing was kept." in str(refused.value)
        assert list((tmp_path / "to").iterdir()) == []


class TestArchive:
    @pytest.fixture
    def good(self, tmp_path):
        (tmp_path / "a").write_bytes(b"orders" * 1000)
        with archive.writing(tmp_path / "good.tar.gz") as (writer, _):
            writer.add("database/default.sqlite3", tmp_path / "a")
            writer.add_bytes("secret-key", b"key")
            writer.finish(TOLD)
        return tmp_path / "good.tar.gz"

    def test_what_was_written_is_read(self, good, tmp_path):
        told = archive.read(good, tmp_path / "out")
        assert (told.rows, told.parts["secret-key"].bytes) == ({"ordering_order": 2}, 3)
        assert (tmp_path / "out" / "database" / "default.sqlite3").read_bytes() == b"orders" * 1000

    @pytest.mark.parametrize("place", [0.3, 0.6, 0.9])
    def test_one_bit_is_noticed(self, good, place):
        content = bytearray(good.read_bytes())
        content[int(len(content) * place)] ^= 1
        good.write_bytes(content)
        with pytest.raises(Obstacle, match="damaged"):
            archive.read(good)

    def rewritten(self, good: Path, change) -> Path:
        """The same with other files, packed correctly: only the manifest knows."""
        out = io.BytesIO()
        with tarfile.open(good) as old, tarfile.open(fileobj=out, mode="w:gz") as new:
            for entry in old:
                changed = change(entry, old.extractfile(entry).read())
                if changed is not None:
                    entry.size = len(changed)
                    new.addfile(entry, io.BytesIO(changed))
        good.write_bytes(out.getvalue())
        return good

    def test_a_file_that_was_exchanged(self, good):
        self.rewritten(good, lambda entry, content: b"kez" if entry.name == "secret-key" else content)
        with pytest.raises(Obstacle, match="secret-key is not what was written into it"):
            archive.read(good)

    def test_a_file_that_is_missing(self, good):
        self.rewritten(good, lambda entry, content: None if entry.name == "secret-key" else content)
        with pytest.raises(Obstacle, match="secret-key is not what was written into it"):
            archive.read(good)

    def test_without_its_manifest_it_is_not_whole(self, good):
        self.rewritten(good, lambda entry, content: None if entry.name == manifest.NAME else content)
        with pytest.raises(Obstacle, match="its end is missing"):
            archive.read(good)

    @pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "media/../../outside", "somewhere/else", "media"])
    def test_a_file_that_wants_to_stand_elsewhere(self, tmp_path, name):
        with tarfile.open(tmp_path / "bad.tar.gz", "w:gz") as tar:
            tar.addfile(tarfile.TarInfo(name), io.BytesIO())
        with pytest.raises(Obstacle, match="no backup of Paseo"):
            archive.read(tmp_path / "bad.tar.gz", tmp_path / "out")
        assert not (tmp_path / "outside").exists()

    @pytest.mark.parametrize(
        "content", [b"", b"hello", gzip.compress(b"hello", mtime=0)], ids=["empty", "text", "gzip"]
    )
    def test_something_else(self, tmp_path, content):
        (tmp_path / "x").write_bytes(content)
        with pytest.raises(Obstacle):
            archive.read(tmp_path / "x")

    def test_of_a_later_form(self):
        with pytest.raises(Obstacle, match="newer Paseo"):
            manifest.read(json.dumps({"format": 2}).encode())

    def test_only_the_newest_are_kept(self, tmp_path):
        names = [f"paseo-2026051{day}-030000.tar.gz" for day in range(5)]
        for name in [*names, "mine.tar.gz"]:
            (tmp_path / name).touch()
        assert [one.name for one in making.prune(tmp_path / names[4], 2)] == [names[2], names[1], names[0]]
        assert sorted(one.name for one in tmp_path.iterdir()) == ["mine.tar.gz", names[3], names[4]]


class TestOneInstant:
    """Both files of SQLite, while somebody writes into both of them all the time."""

    @pytest.fixture
    def files(self, tmp_path):
        found = [tmp_path / "orders.sqlite3", tmp_path / "stream.sqlite3"]
        for file in found:
            with closing(sqlite3.connect(file)) as opened:
                opened.execute("PRAGMA journal_mode=WAL")
                opened.execute("CREATE TABLE told (n INTEGER)")
            Path(f"{file}.lock").touch()
        return found

    def test_no_copy_knows_what_the_other_does_not(self, files, tmp_path):
        ended, written = threading.Event(), []

        def write():
            turns = [Turn(f"{file}.lock") for file in files]
            opened = [sqlite3.connect(file, isolation_level=None) for file in files]
            while not ended.is_set():
                for turn in turns:
                    turn.take()
                for one in reversed(opened):
                    one.execute("INSERT INTO told VALUES (?)", [len(written)])
                for turn in reversed(turns):
                    turn.give_back()
                written.append(1)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for number in range(25):
                folder = tmp_path / str(number)
                folder.mkdir()
                copies = sqlite_files.copy_all(files, folder)
                first, second = (sqlite_files.rows(copy)["told"] for copy in copies)
                assert first == second
                assert sorted(folder.iterdir()) == sorted(copies), "each copy is one file"
        finally:
            ended.set()
            writer.join()
        assert written

    def test_a_damaged_file_is_not_backed_up(self, files, tmp_path):
        with closing(sqlite3.connect(files[0])) as opened:
            opened.execute("PRAGMA journal_mode=DELETE")
            opened.executemany("INSERT INTO told VALUES (?)", [[n] for n in range(5000)])
            opened.commit()
        content = bytearray(files[0].read_bytes())
        content[8192:12288] = os.urandom(4096)
        files[0].write_bytes(content)
        (tmp_path / "to").mkdir()
        with pytest.raises((Obstacle, sqlite3.DatabaseError)):
            sqlite_files.copy_all(files[:1], tmp_path / "to")


@pytest.mark.skipif("postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="needs PostgreSQL")
class TestPostgres:
    @pytest.fixture
    def bases(self, django_db_setup):
        """Two empty databases beside the one of the tests."""
        import psycopg

        told = settings.DATABASES["default"]
        names = [f"{told['NAME']}_from", f"{told['NAME']}_to"]
        server = postgres._parameters({**told, "NAME": "postgres"})
        with psycopg.connect(**server, password=told["PASSWORD"] or None, autocommit=True) as connection:
            for name in names:
                connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
                connection.execute(f'CREATE DATABASE "{name}"')
            user = f"{told['USER']}:{told['PASSWORD']}@" if told["PASSWORD"] else f"{told['USER']}@"
            yield [f"postgres://{user}{told['HOST'] or ''}:{told['PORT'] or 5432}/{name}" for name in names]
            for name in names:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def test_there_and_back_and_replaced(self, bases, tmp_path):
        def of(number: int, *arguments: str, **env: str):
            var = str(tmp_path / str(number))
            return paseo(*arguments, DATABASE_URL=bases[number], PASEO_VAR=var, PASEO_DEMO="0", **env)

        file = tmp_path / "b.tar.gz"
        assert of(0, "migrate").returncode == 0
        assert of(0, "person", "create-operator", "o@example.org", "--no-password").returncode == 0
        done = of(0, "backup", "--json", str(file))
        assert (done.returncode, json.loads(done.stdout)["engine"]) == (0, "postgresql"), done.stderr
        done = of(1, "restore", "--json", str(file))
        told = json.loads(done.stdout)
        assert (done.returncode, told["findings"], told["migrations_run"]) == (0, [], 0), done.stderr
        done = of(1, "restore", str(file))
        assert (done.returncode, done.stderr[:29]) == (1, "The database is there already")
        done = of(1, "restore", "--replace", "--json", str(file))
        assert (done.returncode, "schema replaced_" in json.loads(done.stdout)["aside"]) == (0, True), done.stderr
        done = of(1, "upgrade", "--json")
        assert (done.returncode, json.loads(done.stdout)["findings"]) == (0, []), done.stderr

        done = of(0, "backup", str(tmp_path / "c.tar.gz"), PATH="/nonexistent")
        assert done.returncode == 1
        assert done.stderr.startswith("pg_dump is not installed on this machine.")
        assert not (tmp_path / "c.tar.gz").exists()
