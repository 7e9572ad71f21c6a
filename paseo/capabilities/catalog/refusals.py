"""Why catalog says no."""

from __future__ import annotations

from paseo.kernel.errors import N_, Invalid, NotFound, Refusal


class UnknownProduct(NotFound):
    code = "catalog.unknown_product"
    what = N_("This product does not exist here.")
    remedy = N_("Look for it by its name or barcode.")


class UnknownOffer(NotFound):
    code = "catalog.unknown_offer"
    what = N_("This store does not offer that.")
    remedy = N_("Choose something from the store's page.")


class UnknownBarcode(NotFound):
    code = "catalog.unknown_barcode"
    what = N_("Nobody has entered a product with the barcode {gtin} yet.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Write its name, and it is known from now on.")


class BadBarcode(Invalid):
    code = "catalog.bad_barcode"
    what = N_("{gtin} is not a barcode: its last digit does not fit the others, or digits are missing.")
    remedy = N_("Scan it again, or type the digits below the bars.")

    def __init__(self, gtin: str) -> None:
        super().__init__(fields={"gtin": N_("This is not a valid barcode.")}, gtin=gtin)


class BarcodeTaken(Refusal):
    code = "catalog.barcode_taken"
    what = N_("You already sell something with the barcode {gtin}.")
    meaning = N_("Nothing was added.")
    remedy = N_("Open that product, or correct the barcode.")


class CodeTaken(Refusal):
    code = "catalog.sku_taken"
    what = N_("You already use the article number {sku}.")
    meaning = N_("Nothing was added.")
    remedy = N_("Choose another article number.")


class OptionGone(Refusal):
    code = "catalog.option_gone"
    what = N_("One of the chosen options is no longer offered.")
    meaning = N_("Nothing was put into the cart.")
    remedy = N_("Open the dish again and choose anew.")


class TooFewOptions(Refusal):
    code = "catalog.too_few_options"
    what = N_("Something is still to be chosen: at least {least}.")
    meaning = N_("Nothing was put into the cart.")
    remedy = N_("Choose, then add it again.")
    status = 422


class TooManyOptions(Refusal):
    code = "catalog.too_many_options"
    what = N_("Too much was chosen: at most {most}.")
    meaning = N_("Nothing was put into the cart.")
    remedy = N_("Take something away, then add it again.")
    status = 422
