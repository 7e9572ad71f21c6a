"""What must hold for vouchers in a running database: every counter equals the rows it counts."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Sum

from paseo.capabilities.vouchers.models import Allowance, Program, Sale, Voucher, VoucherUse
from paseo.platform.audit.checks import Finding, auditor


@auditor("vouchers.issued_equals_vouchers")
def issued_equals_vouchers() -> Iterator[Finding]:
    """``issued`` counts the vouchers that were not given back or refunded and the pieces held for unpaid orders."""
    held = dict(Sale.objects.filter(state="held").values_list("program_id").annotate(n=Sum("quantity")).order_by())
    rows = dict(
        Voucher.objects.exclude(state__in=["returned", "refunded"])
        .values_list("program_id")
        .annotate(n=Count("id"))
        .order_by()
    )
    for program_id, issued in Program.objects.values_list("id", "issued"):
        counted = rows.get(program_id, 0) + held.get(program_id, 0)
        if issued != counted:
            yield Finding(
                "vouchers.issued_equals_vouchers",
                f"program:{program_id}",
                f"The program counts {issued} pieces, but {counted} exist.",
            )


@auditor("vouchers.uses_left_equals_uses")
def uses_left_equals_uses() -> Iterator[Finding]:
    """What is gone from a voucher is the sum of its uses that were not undone."""
    used = dict(
        VoucherUse.objects.filter(undone_at__isnull=True).values_list("voucher_id").annotate(n=Sum("uses")).order_by()
    )
    for voucher_id, gone in Voucher.objects.exclude(uses_left=F("uses_total")).values_list(
        "id", F("uses_total") - F("uses_left")
    ):
        if used.pop(voucher_id, 0) != gone:
            yield Finding(
                "vouchers.uses_left_equals_uses",
                f"voucher:{voucher_id}",
                f"{gone} uses are gone, but its uses say otherwise.",
            )
    for voucher_id in used:
        yield Finding(
            "vouchers.uses_left_equals_uses", f"voucher:{voucher_id}", "It has uses, but none is gone from it."
        )


@auditor("vouchers.person_limit_kept")
def person_limit_kept() -> Iterator[Finding]:
    """Nobody has taken more than ``per_person`` allows."""
    for row in Allowance.objects.filter(
        program__per_person__isnull=False, taken__gt=F("program__per_person")
    ).select_related("program"):
        yield Finding(
            "vouchers.person_limit_kept",
            f"program:{row.program_id}",
            f"One owner took {row.taken} pieces of {row.program.per_person} allowed.",
        )
    pieces = (
        Voucher.objects.filter(program__kind="coupon", program__per_person__isnull=False)
        .exclude(state="returned")
        .values("program_id", "program__per_person", "owner")
        .annotate(pieces=Count("id"))
        .filter(pieces__gt=F("program__per_person"))
        .order_by("program_id", "owner")
    )
    for found in pieces:
        yield Finding(
            "vouchers.person_limit_kept",
            f"program:{found['program_id']}",
            f"One owner has {found['pieces']} pieces of {found['program__per_person']} allowed.",
        )
