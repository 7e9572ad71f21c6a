"""Why directory says no."""

from __future__ import annotations

from paseo.capabilities.directory.values import ReadinessReport
from paseo.kernel.errors import N_, Invalid, NotFound, Refusal


class UnknownMerchant(NotFound):
    code = "directory.unknown_merchant"
    what = N_("This merchant does not exist here.")
    remedy = N_("Check the address, or choose the merchant from the list.")


class UnknownStore(NotFound):
    code = "directory.unknown_store"
    what = N_("This store does not exist here.")
    remedy = N_("Check the address, or look for the store on the map.")


class UnknownPlace(NotFound):
    code = "directory.unknown_place"
    what = N_("This place does not exist here.")
    remedy = N_("Choose the place from the list.")


class UnknownTouchpoint(NotFound):
    code = "directory.unknown_touchpoint"
    what = N_("This code leads nowhere any more.")
    meaning = N_("The poster or link was taken down.")
    remedy = N_("Look for the store by its name.")


class AlreadyApplied(Refusal):
    code = "directory.already_applied"
    what = N_("A merchant with the business number {business_id} is already here.")
    meaning = N_("No second application was made.")
    remedy = N_("Sign in as this merchant, or correct the number.")


class NotReady(Refusal):
    """``report`` says what is missing, in the order of importance."""

    code = "directory.not_ready"
    what = N_("The shop cannot go live yet: {count} required things are missing.")
    meaning = N_("Customers do not see it.")
    remedy = N_("Complete the list, beginning at the top.")

    def __init__(self, report: ReadinessReport) -> None:
        self.report = report
        missing = [item for item in report.missing if item.importance == "must"]
        super().__init__(count=len(missing), missing=[item.key for item in missing])


class BadHours(Invalid):
    code = "directory.bad_hours"
    what = N_("The opening hours “{hours}” cannot be read.")
    remedy = N_("Write them like “Mo-Fr 08:00-20:00; Sa 10:00-18:00; PH off”.")

    def __init__(self, hours: str) -> None:
        super().__init__(fields={"hours": N_("These opening hours cannot be read.")}, hours=hours)


class BadPhone(Invalid):
    code = "directory.bad_phone"
    what = N_("The telephone number “{phone}” is not possible.")
    remedy = N_("Write it with the country code, like +358 9 1234567.")

    def __init__(self, phone: str) -> None:
        super().__init__(fields={"phone": N_("This telephone number is not possible.")}, phone=phone)


class BadPlaceNesting(Invalid):
    code = "directory.bad_place_nesting"
    what = N_("A place of the kind “{kind}” cannot lie inside one of the kind “{parent_kind}”.")
    remedy = N_("Choose another parent: a city holds malls, a mall holds floors, a floor holds units.")


class ContractOverlaps(Refusal):
    code = "directory.contract_overlaps"
    what = N_("The new contract would begin before the present one.")
    meaning = N_("The present contract stays as it is.")
    remedy = N_("Let the new contract begin later than {valid_from}.")


class StoreNotLive(Refusal):
    code = "directory.store_not_live"
    what = N_("The store cannot open: its merchant is not live.")
    remedy = N_("Complete the readiness list and go live first.")
