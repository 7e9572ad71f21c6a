"""What pricing says no to."""

from __future__ import annotations

from paseo.kernel.errors import N_, Invalid, NotFound, Refusal


class PriceOverlap(Refusal):
    code = "pricing.overlap"
    what = N_("Another price is already planned in this time.")
    meaning = N_("Nothing was changed.")
    remedy = N_("End the other price first, or choose another time.")


class PriceInThePast(Invalid):
    code = "pricing.in_the_past"
    what = N_("A price cannot begin in the past.")
    remedy = N_("Let it begin now or later.")


class NoPriceList(NotFound):
    code = "pricing.no_list"
    what = N_("There is no such price list.")


class NoPrice(NotFound):
    code = "pricing.no_price"
    what = N_("There is no such price.")


class OtherCurrency(Refusal):
    code = "pricing.other_currency"
    what = N_("This merchant already has a price list in {currency}.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Use the same currency and the same kind of tax for all lists of a store.")


class TaxRateMissing(Refusal):
    code = "pricing.tax_rate_missing"
    what = N_("No tax rates are known for {region}.")
    meaning = N_("Nothing can be sold there until they are.")
    remedy = N_("Ask the operator to enter the tax rates of this region.")
