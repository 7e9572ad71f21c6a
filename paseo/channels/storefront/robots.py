"""For programs that read the site: what is worth reading, and what is nobody's business."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from paseo.capabilities.directory import queries as directory
from paseo.kernel import clock
from paseo.kernel.geo import Point

PRIVATE = ("/cart/", "/checkout/", "/orders/", "/pay/", "/tickets/", "/me/", "/sign-in/", "/console/", "/t/", "/here/")
MOST_ADDRESSES = 20_000


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    closed = [f"Disallow: {path}" for path in PRIVATE]
    lines = ["User-agent: *", *closed, f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The first page and every store that is shown."""
    everywhere = directory.in_view(Point(-90, -180), Point(90, 180), now=clock.now(), limit=MOST_ADDRESSES)
    paths = ["/", *(reverse("storefront:store", args=[pin.slug]) for pin in everywhere)]
    rows = "".join(f"<url><loc>{escape(settings.PUBLIC_URL + path)}</loc></url>" for path in paths)
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>\n'
    response = HttpResponse(body, content_type="application/xml; charset=utf-8")
    response["Cache-Control"] = "public, max-age=3600"
    return response
