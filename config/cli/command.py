"""What can be said to ``paseo``. Nothing heavy is imported before it is known what was said."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

DONE, NOT_DONE, USAGE_ERROR, FINDINGS, HALF_DONE = range(5)
"""Exit codes: what to do about it stands in the sentence that is printed, what happened stands in the code.

FINDINGS: done, but the auditor found something. HALF_DONE: begun and not finished.
"""

COMMANDS = {
    "serve": "open this installation: pages, events, worker and, in the demo, the sandbox gateway",
    "demo": "fill the demo town and open it",
    "migrate": "bring the databases to the form this version needs",
    "worker": "run the worker alone: events, sweeps and tasks",
    "sandbox": "run the sandbox payment gateway alone",
    "import": "read a file of stores, goods, stock … into this installation",
    "audit": "prove the invariants of money, stock and codes on the living data",
    "backup": "put the whole installation into one file, while it runs",
    "restore": "make an installation from such a file",
    "upgrade": "back up, migrate and audit, after a new version was installed",
    "reference": "write docs/reference from the code",
    "person": "make the account of an operator",
    "shell": "a Python prompt with everything loaded",
}


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        prog="paseo",
        description="Paseo: a phone and a place meet.",
        epilog="Settings are environment variables; docs/reference/settings.md lists them.",
    )
    names = whole.add_subparsers(dest="command", metavar="command", required=True)
    for name, meaning in COMMANDS.items():
        names.add_parser(name, help=meaning, add_help=False)
    return whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command and returns its exit code."""
    said = list(sys.argv[1:] if arguments is None else arguments)
    if not said or said[0] not in COMMANDS:
        parser().parse_args(said or ["--help"])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = importlib.import_module(f"config.cli.{_module(said[0])}")
    try:
        return int(command.run(said[1:]) or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of our output has gone, as `paseo audit | head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _explain(error)


def _module(name: str) -> str:
    return "import_" if name == "import" else name


def _explain(error: Exception) -> int:
    """One sentence for what an operator can mend; everything else shows where it happened."""
    from config.backups.obstacles import HalfDone, Obstacle
    from paseo.kernel.errors import Refusal

    database = type(error).__module__.startswith(("django.db", "psycopg", "sqlite3"))
    if isinstance(error, Refusal | Obstacle | HalfDone):
        print(error, file=sys.stderr)
        return HALF_DONE if isinstance(error, HalfDone) else NOT_DONE
    elif database and type(error).__name__ == "OperationalError":
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        print(f"The database does not answer: {first}. Look at DATABASE_URL and PASEO_VAR.", file=sys.stderr)
    else:
        raise error
    return NOT_DONE


def load() -> None:
    """Loads Django."""
    import django

    django.setup()
