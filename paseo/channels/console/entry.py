"""The door of the console: to the firm one works in, to the choice of several, or to the application."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from paseo.platform.identity.web import current_scopes, person_required
from paseo.platform.tenancy.values import Scope


def home_of(scope: Scope) -> str:
    if scope.kind == "operator":
        return reverse("console:city")
    return reverse("console:today", kwargs={"tenant_id": scope.tenant_id})


@person_required
def enter(request: HttpRequest) -> HttpResponse:
    scopes = [scope for scope in current_scopes(request) if scope.kind in {"merchant", "operator"}]
    if len(scopes) == 1:
        return HttpResponseRedirect(home_of(scopes[0]))
    return render(request, "console/enter.html", {"firms": [(scope, home_of(scope)) for scope in scopes]})
