"""The shop's side of a running site, for stories of customers.

python -m tests.browser.shop start <order>        accept, start, ready, hand_over, later or sold_out
"""

from __future__ import annotations

import sys
from uuid import UUID

from tests.browser.site import _start_clock


def act(verb: str, order_id: UUID) -> None:
    from paseo.capabilities.ordering import operations as ordering
    from paseo.capabilities.ordering import queries as orders

    about = {"order_id": order_id, "actor": "test", "now": _start_clock().now()}
    if verb == "later":
        ordering.propose_later(minutes=20, **about)
    elif verb == "sold_out":
        ordering.propose_sold_out(line_id=orders.order(order_id, system=True).lines[0].id, **about)
    elif verb == "hand_over":
        ordering.hand_over(cash_taken=True, **about)
    else:
        {"accept": ordering.accept, "start": ordering.start, "ready": ordering.ready}[verb](**about)


if __name__ == "__main__":
    import django

    django.setup()
    act(sys.argv[1], UUID(sys.argv[2]))
