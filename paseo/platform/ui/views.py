"""Language, light or dark, the style sheet, what makes pages work without network, and the design sheet."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from paseo.kernel.errors import NotFound
from paseo.platform.ui import sheet
from paseo.platform.ui.context import SCHEME_COOKIE, SCHEMES
from paseo.platform.ui.stylesheet import PARTS, stylesheet

YEAR = 365 * 86400


def _back_to(request: HttpRequest) -> HttpResponseRedirect:
    there = request.POST.get("next") or request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(there, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(there if ours else "/", status=303)


# Without a CSRF token: a page kept on the device may be older than the token, and nothing but the look can change.
@csrf_exempt
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen language in a cookie and goes back; needs no account."""
    response = _back_to(request)
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        _remember(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@csrf_exempt
@require_POST
def scheme(request: HttpRequest) -> HttpResponse:
    """Keeps light or dark in a cookie and goes back; nothing chosen follows the device."""
    response = _back_to(request)
    chosen = request.POST.get("scheme", "")
    if chosen in SCHEMES:
        _remember(response, SCHEME_COOKIE, chosen)
    else:
        response.delete_cookie(SCHEME_COOKIE, samesite="Lax")
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE, httponly=True)


@require_GET
def styles(request: HttpRequest, version: str) -> HttpResponse:
    """The style sheet; under its own hash it may be kept for ever."""
    text, current = stylesheet()
    response = HttpResponse(text, content_type="text/css; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if version == current else "no-cache"
    return response


@require_GET
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker that keeps the pages with codes; it may look after the whole site."""
    _, version = stylesheet()
    shell = [
        reverse("styles", args=[version]),
        reverse("offline"),
        static("ui/js/app.js"),
        static("ui/js/offline.js"),
        static("ui/js/live.js"),
        static("django_htmx/htmx-4.min.js"),
        static("ui/img/icon.svg"),
    ]
    response = render(
        request,
        "ui/sw.js",
        {"shell": shell, "version": version, "offline": reverse("offline")},
        content_type="text/javascript; charset=utf-8",
    )
    response["Service-Worker-Allowed"] = "/"
    response["Cache-Control"] = "no-cache"
    return response


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    body = {
        "name": "Paseo",
        "short_name": "Paseo",
        "description": gettext("Shops near you: see what is open, order, pick up."),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#e8e6e1",
        "theme_color": "#1a2536",
        "icons": [
            {"src": static("ui/img/icon.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"},
            {"src": static("ui/img/icon-192.png"), "sizes": "192x192", "type": "image/png", "purpose": "any maskable"},
            {"src": static("ui/img/icon-512.png"), "sizes": "512x512", "type": "image/png", "purpose": "any maskable"},
        ],
    }
    return JsonResponse(body, content_type="application/manifest+json")


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown without network when the wanted page was never kept."""
    return render(request, "ui/offline.html")


@require_GET
def design(request: HttpRequest, sheet_name: str = "foundations") -> HttpResponse:
    """The living sheets: what the system is made of, in both schemes, with its contrasts computed."""
    if sheet_name not in sheet.SHEETS:
        raise NotFound()
    context = {"sheet": sheet_name, "sheets": sheet.links(sheet_name), "parts": PARTS, **sheet.SHEETS[sheet_name]()}
    return render(request, f"ui/design/{sheet_name}.html", context)
