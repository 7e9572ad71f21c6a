from __future__ import annotations

from paseo.kernel.errors import N_, NotAllowedHere, Refusal


class SecondFactorNeeded(NotAllowedHere):
    code = "tenancy.second_factor_needed"
    what = N_("This needs the code from your authenticator app.")
    meaning = N_("Nothing was changed.")
    remedy = N_("Confirm it is you, then try again.")


class LastOwner(Refusal):
    code = "tenancy.last_owner"
    what = N_("This is the last person who may decide for the firm.")
    meaning = N_("Nothing was changed: a firm without an owner could not be opened by anybody.")
    remedy = N_("Make somebody else an owner first.")


class RoleDoesNotFit(Refusal):
    code = "tenancy.role_does_not_fit"
    status = 422
    what = N_("This role does not exist in this kind of firm, or cannot be limited to one place.")
    meaning = N_("Nobody was given anything.")
    remedy = N_("Choose another role.")


class MoreThanOwn(NotAllowedHere):
    code = "tenancy.more_than_own"
    what = N_("You can only give rights that you hold yourself, at places where you hold them.")
    meaning = N_("Nobody was given anything.")
    remedy = N_("Ask an owner to do it.")


class KeyRefused(Refusal):
    code = "tenancy.key_refused"
    status = 401
    what = N_("The key is not valid.")
    meaning = N_("Nothing was read or changed.")
    remedy = N_("Check the key, or ask for a new one in the console.")
