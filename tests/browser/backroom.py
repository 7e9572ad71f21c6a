"""What happens behind a running site while a shop works on its goods.

python -m tests.browser.backroom import <merchant>      the worker carries out the files that wait
python -m tests.browser.backroom confirm <session>      this browser's second factor was given
"""

from __future__ import annotations

import sys
from uuid import UUID

from tests.browser.site import _start_clock


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


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "import":
        carry_out(UUID(sys.argv[2]))
    else:
        confirm(sys.argv[2])
