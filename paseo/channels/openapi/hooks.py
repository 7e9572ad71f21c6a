"""Where payment gateways send their notices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from paseo.capabilities.ordering.operations import receive_payment_notice
from paseo.kernel import clock
from paseo.kernel.errors import Refusal


@csrf_exempt
@require_POST
def payment_notice(request: HttpRequest, gateway: str) -> HttpResponse:
    try:
        done = receive_payment_notice(gateway=gateway, headers=request.headers, body=request.body, now=clock.now())
    except Refusal as refusal:
        return HttpResponse(refusal.code, status=refusal.status, content_type="text/plain")
    return HttpResponse(done.outcome, status=done.status, content_type="text/plain")


urlpatterns = [path("payments/<slug:gateway>", payment_notice, name="payment-notice")]
