"""Tax rates are entered by the operator."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from paseo.capabilities.pricing import queries
from paseo.capabilities.pricing.models import TaxRate
from paseo.kernel.errors import N_, Invalid
from paseo.platform.db.unit import after_commit, operation


@operation
def set_tax_rate(*, region: str, tax_class: str, rate: Decimal, valid_from: datetime) -> None:
    """From ``valid_from`` on the class is taxed at ``rate`` ("0.255") in the region. The same start replaces its rate.

    Orders that were placed keep the rate they were placed with.
    """
    if not 0 <= rate < 1:
        raise Invalid(fields={"rate": N_("A tax rate lies between 0 and 100 percent.")})
    TaxRate.objects.update_or_create(region=region, tax_class=tax_class, valid_from=valid_from, defaults={"rate": rate})
    after_commit(queries.forget)
