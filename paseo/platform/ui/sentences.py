"""Sentences of the kernel, which is pure and has no translations of its own, collected here for the catalogues."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("This cannot be done."),
    gettext_noop("There is nothing here under this address."),
    gettext_noop("Check the link, or start from the first page."),
    gettext_noop("Your account may not do this."),
    gettext_noop("Nothing was changed."),
    gettext_noop("Ask the owner of the shop to give you this right."),
    gettext_noop("Something in the form is missing or wrong."),
    gettext_noop("Correct the marked fields and send it again."),
    gettext_noop("That was tried too often."),
    gettext_noop("Wait {retry_after} seconds and try again."),
    gettext_noop("Someone changed this in the meantime."),
    gettext_noop("Your change was not saved."),
    gettext_noop("Look at the new state and decide again."),
    gettext_noop("This is no longer possible: the state has changed meanwhile."),
    gettext_noop("One letter is off. Check the last one."),
    gettext_noop("Compare it with the phone or the paper and type it again."),
    gettext_noop("Nothing was used."),
)
