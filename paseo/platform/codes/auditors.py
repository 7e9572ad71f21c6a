"""What must hold for all codes."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from paseo.platform.audit.checks import Finding, auditor
from paseo.platform.codes.models import Code, Redemption


@auditor("codes.uses_left_equals_redemptions")
def uses_left_equals_redemptions() -> Iterator[Finding]:
    """What is left of a code is what was issued, less what was used and not given back."""
    done = Redemption.objects.filter(code=OuterRef("pk"), state="done").order_by().values("code")
    used = Coalesce(Subquery(done.annotate(sum=Sum("uses")).values("sum")), 0)
    wrong = Code.objects.annotate(used=used).exclude(uses_left=F("uses_total") - F("used"))
    for code in wrong.order_by("id").iterator():
        yield Finding(
            "codes.uses_left_equals_redemptions",
            f"code:{code.id}",
            f"{code.uses_left} of {code.uses_total} uses are left, but redemptions have used {code.used}.",
        )


@auditor("codes.spent_means_no_uses_left")
def spent_means_no_uses_left() -> Iterator[Finding]:
    """A code is spent exactly when nothing is left of it, unless it is stopped."""
    wrong = Code.objects.filter(Q(state="spent", uses_left__gt=0) | Q(state="active", uses_left=0))
    for code in wrong.order_by("id").iterator():
        yield Finding(
            "codes.spent_means_no_uses_left",
            f"code:{code.id}",
            f"It is {code.state} with {code.uses_left} uses left.",
        )
