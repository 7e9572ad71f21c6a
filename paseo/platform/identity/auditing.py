"""What must hold about people and their firms."""

from __future__ import annotations

from collections.abc import Iterator

from paseo.platform.audit.checks import Finding, auditor
from paseo.platform.identity.models import Person, Session
from paseo.platform.tenancy.queries import firms_without_owner, people_with_roles


@auditor("tenancy.every_firm_has_an_owner")
def every_firm_has_an_owner() -> Iterator[Finding]:
    for firm in firms_without_owner():
        yield Finding(
            "tenancy.every_firm_has_an_owner", f"tenant:{firm.id}", f"{firm.name} has staff, but nobody who may decide."
        )


@auditor("identity.erased_people_have_no_access")
def erased_people_have_no_access() -> Iterator[Finding]:
    erased = set(Person.objects.filter(erased_at__isnull=False).values_list("id", flat=True))
    signed_in = set(Session.objects.filter(person_id__in=erased).values_list("person_id", flat=True))
    for person_id in sorted(signed_in | (erased & people_with_roles()), key=str):
        yield Finding(
            "identity.erased_people_have_no_access", f"person:{person_id}", "An erased person still has a way in."
        )
