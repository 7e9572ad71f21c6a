"""What can be said to ``paseo``. Nothing heavy is imported before it is known what was said."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

USAGE_ERROR = 2

COMMANDS = {
    "serve": "open this installation: pages, events, worker and, in the demo, the sandbox gateway",
    "demo": "fill the demo town and open it",
    "migrate": "bring the databases to the form this version needs",
    "worker": "run the worker alone: events, sweeps and tasks",
    "sandbox": "run the sandbox payment gateway alone",
    "import": "read a file of stores, goods, stock … into this installation",
    "audit": "prove the invariants of money, stock and codes on the living data",
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
    """Runs a command and returns its exit code: 0 done, 1 not done, 2 not understood."""
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
    from paseo.kernel.errors import Refusal

    database = type(error).__module__.startswith(("django.db", "psycopg", "sqlite3"))
    if isinstance(error, Refusal):
        print(error, file=sys.stderr)
    elif database and type(error).__name__ == "OperationalError":
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        print(f"The database does not answer: {first}. Look at DATABASE_URL and PASEO_VAR.", file=sys.stderr)
    else:
        raise error
    return 1


def load() -> None:
    """Loads Django."""
    import django

    django.setup()
