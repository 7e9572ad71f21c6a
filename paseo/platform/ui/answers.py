"""How a refusal and an error answer: RFC 9457 for the API, a fragment for htmx, else a whole page."""

from __future__ import annotations

import logging
import re
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from paseo.kernel.errors import N_, NotAllowedHere, NotFound, Refusal
from paseo.kernel.ids import new_id
from paseo.platform.ui.text import RefusalText, refusal_text

log = logging.getLogger(__name__)

API_PREFIX = "/api/"
PROBLEM = "application/problem+json"
_TARGET = re.compile(r"#[A-Za-z][\w-]*\Z")


class Unreadable(Refusal):
    code = "bad_request"
    status = 400
    what = N_("This request cannot be understood.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Check the address and what you send, then try again.")


class WrongMethod(Refusal):
    code = "wrong_method"
    status = 405
    what = N_("This address cannot be asked in this way.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Use one of the methods in the Allow header.")


def is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIX)


def is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true"


def problem(text: RefusalText, request: HttpRequest) -> dict[str, Any]:
    """The members of an RFC 9457 problem document, and ``code``, ``meaning``, ``remedy``, ``fields`` of a form."""
    members: dict[str, Any] = {
        "type": f"urn:paseo:refusal:{text.code}",
        "title": text.what,
        "status": text.status,
        "detail": " ".join(part for part in (text.meaning, text.remedy) if part),
        "instance": request.path,
        "code": text.code,
        "meaning": text.meaning,
        "remedy": text.remedy,
    }
    if text.fields:
        members["fields"] = dict(text.fields)
    return members


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to ``refusal`` in the form the asker understands, with its own HTTP status."""
    text = refusal_text(refusal)
    response: HttpResponse
    if is_api(request):
        response = JsonResponse(problem(text, request), status=text.status, content_type=PROBLEM)
    elif is_fragment(request):
        response = render(request, "ui/refusal_fragment.html", {"refusal": text}, status=text.status)
        # Not into the target of the request: what stands there is still true.
        target = request.headers.get("X-Refusal-Target", "")
        response["HX-Retarget"] = target if _TARGET.match(target) else "#refusals"
        response["HX-Reswap"] = "innerHTML"
        response["HX-Push-Url"] = "false"
    else:
        response = render(request, "ui/refusal.html", {"refusal": text, "back": _back(request)}, status=text.status)
    retry_after = getattr(refusal, "retry_after", None)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    response["Cache-Control"] = "no-store"
    return response


def _back(request: HttpRequest) -> str:
    """The page one came from, if it is ours and another one."""
    came_from = request.headers.get("Referer", "")
    try:
        host = request.get_host()
    except DisallowedHost:
        return ""
    ours = url_has_allowed_host_and_scheme(came_from, allowed_hosts={host}, require_https=request.is_secure())
    return came_from if ours and request.build_absolute_uri() != came_from else ""


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler404``."""
    return refusal_response(request, NotFound())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler403``."""
    return refusal_response(request, NotAllowedHere())


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """``handler400``."""
    return refusal_response(request, Unreadable())


def server_error(request: HttpRequest) -> HttpResponse:
    """``handler500``: says what is safe, gives a number to quote, and leans on nothing that may be broken."""
    number = report_number()
    log.error("report %s for %s %s", number, request.method, request.path)
    text = RefusalText(
        what=gettext("Something in Paseo broke."),
        meaning=gettext(
            "Your orders and codes are safe. It is not sure whether your last step was done: look before you repeat it."
        ),
        remedy=gettext("Load the page again. If it happens again, quote this number: %(number)s") % {"number": number},
        code="broken",
        status=500,
    )
    if is_api(request):
        return JsonResponse(problem(text, request), status=500, content_type=PROBLEM)
    template = "ui/refusal_fragment.html" if is_fragment(request) else "ui/error.html"
    response = render(request, template, {"refusal": text, "number": number}, status=500)
    if is_fragment(request):
        response["HX-Retarget"], response["HX-Reswap"] = "#refusals", "innerHTML"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """``CSRF_FAILURE_VIEW``."""
    refusal = Refusal()
    refusal.status, refusal.code = 403, "form_expired"
    refusal.what = gettext("This form is too old to be sent.")
    refusal.meaning = gettext("Nothing was changed.")
    refusal.remedy = gettext("Load the page again and send it once more.")
    return refusal_response(request, refusal)


def report_number() -> str:
    """A short number that a person can read out and that stands in the log."""
    text = new_id().hex[-7:].upper()
    return f"{text[:3]}-{text[3:]}"
