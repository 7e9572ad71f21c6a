"""The API object and its routes."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja.errors import HttpError, ValidationError

from paseo.channels.openapi import carts, codes, events, insight, orders, shop_catalog, shop_orders, stores
from paseo.channels.openapi.document import DescribedAPI
from paseo.channels.openapi.reading import StrictParser
from paseo.kernel.errors import N_, Invalid, Refusal
from paseo.platform.ui.answers import refusal_response

api = DescribedAPI(
    title="Paseo",
    version="1.0.0",
    description=(
        "Find places, order, pay, verify and follow, for programs. Amounts are whole minor units with an ISO 4217 "
        "currency; instants are UTC (ISO 8601). Errors are problem documents (RFC 9457) with `code`, `meaning` and `remedy`."
    ),
    urls_namespace="api",
    docs_url=None,
    parser=StrictParser(),
    openapi_url="/openapi.json",
)

for router in (
    stores.router,
    carts.router,
    orders.router,
    shop_orders.router,
    shop_catalog.router,
    codes.router,
    insight.router,
    events.router,
):
    api.add_router("", router)


class BadRequest(Refusal):
    code = "bad_request"
    status = 400
    what = N_("This request cannot be understood.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Compare it with the document at /api/v1/openapi.json.")


class TooLarge(Refusal):
    code = "too_large"
    status = 413
    what = N_("This request is too large.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Send less at once: split a long list into several calls.")


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return refusal_response(request, TooLarge())


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields: dict[str, str] = {}
    for item in error.errors:
        where = [
            str(part) for part in item.get("loc", ()) if part not in {"body", "query", "path", "header", "payload"}
        ]
        fields.setdefault(".".join(where) or "body", str(item.get("msg", "")).replace("{", "(").replace("}", ")"))
    return refusal_response(request, Invalid(fields=fields))


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    refusal = BadRequest()
    refusal.status = error.status_code
    return refusal_response(request, refusal)


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return refusal_response(request, refusal)


def document() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    return dict(api.get_openapi_schema(path_prefix="/api/v1/"))


urlpatterns = [path("", api.urls)]
