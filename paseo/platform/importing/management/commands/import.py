"""``manage.py import``: see ``paseo.platform.importing.command``."""

import sys

from django.core.management.base import BaseCommand

from paseo.platform.importing.command import main


class Command(BaseCommand):
    help = "Import stores, goods or orders from a file."

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(main(argv[2:]))
