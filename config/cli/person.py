"""``paseo person create-operator``"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence

from config.cli.command import load


def run(arguments: Sequence[str]) -> int:
    options = argparse.ArgumentParser(prog="paseo person", description="Makes accounts that no page can make.")
    verbs = options.add_subparsers(dest="verb", metavar="create-operator", required=True)
    create = verbs.add_parser(
        "create-operator",
        help="an account that runs this installation",
        description="Makes an operator's account, or gives an account the operator's rights. Safe to run again.",
    )
    create.add_argument("email")
    create.add_argument("--name", default="", help="how the person is called")
    create.add_argument("--support", action="store_true", help="the role of support, which approves nobody")
    create.add_argument("--password-stdin", action="store_true", help="read a password from standard input")
    create.add_argument("--no-password", action="store_true", help="sign in by code sent to the address only")
    said = options.parse_args(arguments)
    password = ""
    if said.password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    elif not said.no_password and sys.stdin.isatty():
        password = getpass.getpass("Password (empty: sign in by code only): ")
    load()
    print(_create(said.email, said.name, "operator_support" if said.support else "operator_admin", password))
    return 0


def _create(email: str, name: str, role: str, password: str) -> str:
    from paseo.kernel import clock
    from paseo.kernel.ids import stable_id
    from paseo.platform.db.unit import unit
    from paseo.platform.identity.operations import person_for_email, set_password
    from paseo.platform.tenancy.operations import found_tenant, grant

    now = clock.now()
    with unit():
        operator = found_tenant(kind="operator", name="Operator", now=now, tenant_id=stable_id("tenant", "operator"))
        person = person_for_email(email=email, name=name, now=now)
        grant(person_id=person, tenant_id=operator, role=role, now=now, by=None)
        if password:
            set_password(person_id=person, password=password)
    return f"{email} runs this installation as {role}."
