"""What happens behind a running site while a shop works on its goods.

python -m tests.browser.backroom import <merchant>      the worker carries out the files that wait
python -m tests.browser.backroom confirm <session>      this browser's second factor was given
python -m tests.browser.backroom code <address>         prints the six digits of the newest letter to it
python -m tests.browser.backroom shared                 goods that everybody knows by their barcode
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from tests.browser.site import _start_clock

SHARED = (
    ("4006381333931", "Rye crispbread", "food"),
    ("5901234123457", "Oat biscuits", "food"),
    ("4012345678901", "Black tea, 20 bags", "food"),
    ("9780201379624", "Cinema magazine", "reduced"),
    ("0012345678905", "Peanut butter", "food"),
    ("4210000526004", "Apple juice", "food"),
)
"""Barcode, name and tax of goods that the operator has entered for everybody."""


def carry_out(merchant_id: UUID) -> None:
    from paseo.platform.importing import operations, queries

    now = _start_clock().now()
    for run in queries.runs(merchant_id):
        operations.carry_out(run.id, now)


def confirm(session_key: str) -> None:
    from django.conf import settings
    from django.utils.module_loading import import_string

    from paseo.platform.identity.web.session import SECOND_FACTOR

    now = _start_clock().now()
    session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")(session_key)
    session[SECOND_FACTOR] = now.isoformat()
    session.save()


def code(address: str) -> str:
    from paseo.platform.notices import queries
    from paseo.platform.notices.sending import send_due
    from paseo.platform.outbox import relay

    _start_clock()
    relay.drain()
    send_due()
    letter = queries.letters(to=address, limit=1)[0]
    found = re.search(r"\b\d{6}\b", f"{letter.subject} {letter.body}")
    assert found is not None, letter.body
    return found[0]


def shared() -> None:
    from paseo.platform.importing import engine
    from paseo.platform.importing.values import Context

    now = _start_clock().now()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "shared.csv"
        file.write_text("ean,name,tax\n" + "".join(f'{gtin},"{name}",{tax}\n' for gtin, name, tax in SHARED))
        report = engine.run("goods", file, Context(None, "test", now, "shared", {}))
    assert report.refused == 0, report


if __name__ == "__main__":
    import django

    django.setup()
    verb, *rest = sys.argv[1:]
    if verb == "import":
        carry_out(UUID(rest[0]))
    elif verb == "code":
        print(code(rest[0]))
    elif verb == "shared":
        shared()
    else:
        confirm(rest[0])
