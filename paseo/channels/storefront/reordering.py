"""The same again: what is still offered goes into a cart, what is not is named."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from paseo.capabilities.catalog import queries as catalog
from paseo.capabilities.directory import queries as directory
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering.values import Buyer, OrderLineView, OrderView, WantedLine
from paseo.channels.storefront.context import ensure_buyer
from paseo.channels.storefront.keyring import open_order
from paseo.channels.storefront.papers import line_words
from paseo.kernel import clock
from paseo.kernel.ids import new_id
from paseo.platform.idempotency import replay_or_run
from paseo.platform.identity.web import ensure_visitor


@require_POST
def again(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Once for each form. Things are added to the cart that is open there; prices are those of now."""
    order = open_order(request, order_id)
    card = directory.store(order.summary.store_id)
    offers = catalog.offers({line.offer_id for line in order.lines if line.offer_id is not None})
    still: list[OrderLineView] = []
    gone: list[OrderLineView] = []
    for line in order.lines:
        offer = offers.get(line.offer_id) if line.offer_id else None
        (still if offer is not None and offer.active else gone).append(line)
    buyer = ensure_buyer(request)
    if gone:
        names = gettext(", ").join(line_words(line) for line in gone)
        messages.warning(request, gettext("No longer offered, so not in the cart: %(names)s.") % {"names": names})
    if not still:
        response = HttpResponseRedirect(reverse("storefront:store", args=[card.slug]), status=303)
        ensure_visitor(request, response)
        return response
    cart_id = _put(order, still, buyer, request.POST.get("key", ""))
    response = HttpResponseRedirect(reverse("storefront:cart", args=[cart_id]), status=303)
    ensure_visitor(request, response)
    return response


def _put(order: OrderView, lines: list[OrderLineView], buyer: Buyer, key: str) -> UUID:
    now, store_id = clock.now(), order.summary.store_id

    def put() -> tuple[int, dict[str, str]]:
        cart = None
        for line in lines:
            assert line.offer_id is not None
            wanted = WantedLine(
                offer_id=line.offer_id,
                quantity=line.quantity,
                option_ids=tuple(UUID(str(option["id"])) for option in line.options),
                note=line.note,
            )
            cart = ordering.put_line(store_id=store_id, buyer=buyer, line=wanted, now=now)
        assert cart is not None
        return 200, {"cart": str(cart.id)}

    _, body, _ = replay_or_run(f"storefront.again:{buyer.key}", key or str(new_id()), order.id.bytes, put)
    return UUID(body["cart"])
