from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from config.cli import addresses, main
from config.cli.children import Child, Family, descendants
from config.cli.command import COMMANDS
from paseo.platform.audit import checks

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def paseo(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "config.cli", *arguments],
        cwd=ROOT,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    said = capsys.readouterr().out
    assert all(name in said for name in COMMANDS)


def test_what_is_not_understood_is_said_with_code_2(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["srve"])
    assert ended.value.code == 2
    assert "srve" in capsys.readouterr().err


def test_help_loads_neither_django_nor_settings(tmp_path):
    code = (
        "import sys, config.cli.command as command; command.parser(); "
        "print('django' in sys.modules, 'config.settings' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


class TestAudit:
    @pytest.fixture
    def auditors(self, monkeypatch):
        monkeypatch.setattr(checks, "_auditors", {})
        checks.auditor("test.sums")(lambda: [])
        return checks

    @pytest.mark.django_db
    def test_clean(self, auditors, capsys):
        assert main(["audit", "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"checks": ["test.sums"], "findings": []}

    @pytest.mark.django_db
    def test_findings_are_an_exit_code(self, auditors, capsys):
        found = checks.Finding("test.holds", "item:1", "Two are held and one hold is there.")
        checks.auditor("test.holds")(lambda: [found])
        assert main(["audit", "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["findings"] == [found.as_dict()]
        assert main(["audit", "test.sums"]) == 0
        assert main(["audit", "--list"]) == 0
        with pytest.raises(SystemExit) as ended:
            main(["audit", "test.unknown"])
        assert ended.value.code == 2


class TestObstacles:
    def test_a_taken_port_is_one_sentence(self, tmp_path):
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            holder.listen()
            port = holder.getsockname()[1]
            done = paseo("serve", "--port", str(port), PASEO_VAR=str(tmp_path))
        assert done.returncode == 1
        assert done.stdout == ""
        sentence = done.stderr.strip()
        assert sentence.startswith(f"Port {port} is taken. Choose another one, for example PORT=")
        assert "\n" not in sentence

    def test_no_place_to_write_is_one_sentence(self, tmp_path):
        file = tmp_path / "var"
        file.write_text("")
        done = paseo("serve", "--port", str(free_port()), PASEO_VAR=str(file))
        assert done.returncode == 1
        assert done.stderr.startswith(f"Nothing can be written in {file} (")
        assert done.stderr.count("\n") == 1

    def test_a_full_disk(self, tmp_path, monkeypatch):
        monkeypatch.setenv("PASEO_VAR", str(tmp_path))
        monkeypatch.setattr(addresses, "SCARCE_BYTES", 10**18)
        with pytest.raises(addresses.CannotOpen, match="MB are free"):
            addresses.check_disk()

    def test_a_number_that_is_none(self, tmp_path):
        done = paseo("serve", PASEO_VAR=str(tmp_path), PORT="eight")
        assert (done.returncode, done.stderr) == (1, "PORT must be a whole number, but it is 'eight'.\n")


def test_what_follows_from_the_port(monkeypatch):
    for name in ("PORT", "PUBLIC_URL", "SANDBOX_URL", "PAYMENT_ORIGINS", "CSRF_TRUSTED_ORIGINS", "HOST"):
        monkeypatch.setenv(name, "to be restored")
        monkeypatch.delenv(name)
    monkeypatch.setenv("PASEO_DEMO", "1")
    settled = addresses.settle(None, 8123)
    assert settled == addresses.Addresses("0.0.0.0", 8123, 8124)
    assert os.environ["PUBLIC_URL"] == "http://localhost:8123"
    assert os.environ["SANDBOX_URL"] == "http://localhost:8124"
    assert os.environ["PAYMENT_ORIGINS"] == "http://localhost:8124,http://127.0.0.1:8124"


class TestFamily:
    def wait(self, condition, seconds=10.0):
        until = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < until
            time.sleep(0.01)

    def test_what_crashes_is_started_again_after_a_growing_pause(self):
        child = Child("crasher", [sys.executable, "-c", "raise SystemExit(3)"], pause=0.01)
        family = Family([child])
        family.start()
        self.wait(lambda: family.look() or child.crashes >= 3)
        assert child.pause >= 0.08
        family.stop()

    def test_what_does_not_want_to_end_is_ended_with_its_own_children(self, monkeypatch):
        monkeypatch.setattr("config.cli.children.GRACE", 0.3)
        script = (
            "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
            "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']); time.sleep(60)"
        )
        child = Child("stubborn", [sys.executable, "-c", script])
        family = Family([child])
        family.start()
        pid = child.process.pid
        self.wait(lambda: descendants(pid))
        (grandchild,) = descendants(pid)
        family.stop()
        assert child.process.returncode == -signal.SIGKILL
        self.wait(
            lambda: not Path(f"/proc/{grandchild}").exists() or "Z" in Path(f"/proc/{grandchild}/stat").read_text()
        )


@pytest.mark.slow
def test_serve_opens_answers_streams_and_leaves_nobody_behind(tmp_path):
    """The whole house: start, health, an event stream on the same origin, Ctrl-C."""
    port = free_port()
    env = {**os.environ, "PASEO_VAR": str(tmp_path), "WORKERS": "1", "SECRET_KEY": "test", "PASEO_DEMO": "0"}
    house = subprocess.Popen(
        [sys.executable, "-m", "config.cli", "serve", "--port", str(port)],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        line = house.stdout.readline()
        assert line == f"Paseo is open: http://localhost:{port} (Ctrl-C closes it)\n", house.stderr.read()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert json.load(answer) == {"ok": True, "problems": []}
        script = (
            "import django; django.setup(); from paseo.platform.live import tokens; "
            "print(tokens.events_url(['order:1']))"
        )
        token = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**env, "DJANGO_SETTINGS_MODULE": "config.settings"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{token}", timeout=10) as stream:
            assert stream.headers["Content-Type"] == "text/event-stream; charset=utf-8"
            assert stream.readline() == b"retry: 2000\n"
        everyone = descendants(house.pid)
        assert len(everyone) >= 3
        began = time.monotonic()
        house.send_signal(signal.SIGINT)
        assert house.wait(10) == 0
        assert time.monotonic() - began < 5
        assert not [pid for pid in everyone if Path(f"/proc/{pid}").exists()]
    finally:
        if house.poll() is None:
            os.killpg(house.pid, signal.SIGKILL)
