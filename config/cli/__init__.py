"""The ``paseo`` command. Each subcommand is a module of this package, loaded when it is called."""

from config.cli.command import main

__all__ = ["main"]
