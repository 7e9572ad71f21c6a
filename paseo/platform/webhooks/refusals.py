from __future__ import annotations

from paseo.kernel.errors import N_, Refusal


class AddressRefused(Refusal):
    code = "webhooks.address_refused"
    status = 422
    what = N_("This address cannot receive webhooks.")
    meaning = N_("Nothing was saved.")
    remedy = N_("Give a public address that begins with https:// and holds no user name.")

    def __init__(self) -> None:
        super().__init__()
        self.fields = {"url": self.remedy}


class TooManyEndpoints(Refusal):
    code = "webhooks.too_many_endpoints"
    what = N_("There are {most} webhooks already.")
    meaning = N_("Nothing was saved.")
    remedy = N_("Remove one that is not needed any more.")


class SwitchedOff(Refusal):
    code = "webhooks.switched_off"
    what = N_("This webhook is switched off.")
    meaning = N_("Nothing was sent.")
    remedy = N_("Switch it on, then try again.")


class CursorUnknown(Refusal):
    code = "webhooks.cursor_unknown"
    status = 422
    what = N_("This cursor is not one of ours.")
    meaning = N_("Nothing was read.")
    remedy = N_("Send the cursor of an answer before, the sequence of an event, or none to begin at the oldest.")

    def __init__(self) -> None:
        super().__init__()
        self.fields = {"after": self.remedy}
