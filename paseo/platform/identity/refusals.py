from __future__ import annotations

from paseo.kernel.errors import N_, Refusal, TooMany


class BadEmail(Refusal):
    code = "identity.bad_email"
    status = 422
    what = N_("This is not an e-mail address.")
    meaning = N_("Nothing was sent.")
    remedy = N_("Check it, for instance the part after the @.")


class WrongCode(Refusal):
    """One answer for every reason (wrong, used, too old, never sent), so that nothing can be learned from it."""

    code = "identity.wrong_code"
    status = 422
    what = N_("This code is not valid, or no longer.")
    meaning = N_("You are not signed in.")
    remedy = N_("Check the newest letter, or ask for a new code.")


class WrongAddressCode(Refusal):
    """One answer for every reason (wrong, used, too old, another's)."""

    code = "identity.wrong_address_code"
    status = 422
    what = N_("This code is not valid, or no longer.")
    meaning = N_("Your address stays as it was.")
    remedy = N_("Check the newest letter, or ask for a new code.")


class SameAddress(Refusal):
    code = "identity.same_address"
    status = 422
    what = N_("This is your address already.")
    meaning = N_("Nothing was sent.")
    remedy = N_("Type the address you want from now on.")


class AddressTaken(Refusal):
    code = "identity.address_taken"
    what = N_("This address has an account of its own.")
    meaning = N_("Your address stays as it was.")
    remedy = N_("Sign in with it, or erase that account first and then change.")


class TooManyAddressTries(TooMany):
    code = "identity.too_many_address_tries"
    what = N_("That was tried too often.")
    meaning = N_("Your address stays as it was.")
    remedy = N_("Wait {retry_after} seconds and try again.")


class WrongPassword(Refusal):
    """The same for an unknown address and a wrong password."""

    code = "identity.wrong_password"
    status = 422
    what = N_("The address and the password do not belong together.")
    meaning = N_("You are not signed in.")
    remedy = N_("Try again, or have a code sent to you by e-mail.")


class WeakPassword(Refusal):
    code = "identity.weak_password"
    status = 422
    what = N_("This password is too easy to guess.")
    meaning = N_("Your password was not changed.")
    remedy = N_("Take at least ten characters that are not a common password.")


class WrongFactor(Refusal):
    code = "identity.wrong_factor"
    status = 422
    what = N_("This code does not fit, or was used before.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Wait for the next code in your app and type that one.")


class FactorAlreadySet(Refusal):
    code = "identity.factor_already_set"
    what = N_("A second factor is already set up.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Turn it off first, with a code from it.")


class TooManyTries(TooMany):
    code = "identity.too_many_tries"
    what = N_("That was tried too often.")
    meaning = N_("You are not signed in. Your account is safe.")
    remedy = N_("Wait {retry_after} seconds and try again.")
