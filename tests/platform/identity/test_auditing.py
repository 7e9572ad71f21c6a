"""The auditor finds what should not be possible."""

import pytest

from paseo.platform.audit.checks import run_all
from paseo.platform.identity.models import Person
from paseo.platform.identity.operations import hire
from paseo.platform.tenancy.models import Grant
from paseo.platform.tenancy.operations import found_tenant

pytestmark = pytest.mark.django_db
NAMES = ["identity.erased_people_have_no_access", "tenancy.every_firm_has_an_owner"]


def test_a_firm_without_an_owner_and_an_erased_person_with_a_role(now):
    firm = found_tenant(kind="merchant", name="El Rey", now=now)
    found_tenant(kind="merchant", name="Not begun yet", now=now)
    hire(email="rosa@example.org", tenant_id=firm, role="owner", now=now, by=None)
    assert run_all(NAMES) == []
    Grant.objects.update(role="cashier")
    Person.objects.update(email=None, is_active=False, erased_at=now)
    rosa = Person.objects.get().id
    assert [(finding.check, finding.subject) for finding in run_all(NAMES)] == [
        (NAMES[0], f"person:{rosa}"),
        (NAMES[1], f"tenant:{firm}"),
    ]
