"""What the book of deeds says, in words, and where its subjects are."""

from __future__ import annotations

from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

GROUPS = (
    ("merchant.", gettext_noop("Merchants")),
    ("order.", gettext_noop("Orders")),
    ("payment.", gettext_noop("Payments")),
    ("event.", gettext_noop("Events and messages")),
    ("person.", gettext_noop("People’s data")),
    ("tenancy.", gettext_noop("Staff and keys")),
    ("identity.", gettext_noop("Signing in")),
    ("vouchers.", gettext_noop("Tickets")),
    ("care.", gettext_noop("Reviews")),
    ("webhooks.", gettext_noop("Webhooks")),
    ("backup.", gettext_noop("Backups")),
    ("audit.", gettext_noop("The auditor")),
    ("consent.", gettext_noop("Consent and erasure")),
)
WORDS = {
    "merchant.review": gettext_noop("Began to review a merchant"),
    "merchant.approve": gettext_noop("Approved a merchant"),
    "merchant.refuse": gettext_noop("Refused a merchant"),
    "merchant.suspend": gettext_noop("Suspended a merchant"),
    "merchant.take-back": gettext_noop("Took back a merchant’s orders in hand"),
    "merchant.resume": gettext_noop("Let a merchant sell again"),
    "merchant.close": gettext_noop("Closed a merchant for good"),
    "merchant.sign": gettext_noop("Signed terms with a merchant"),
    "order.refund": gettext_noop("Gave money back for an order"),
    "payment.return": gettext_noop("Gave a parked payment back"),
    "payment.retry_refund": gettext_noop("Let a refund be sent again"),
    "payment.settle_refund": gettext_noop("Wrote down that a refund went another way"),
    "event.retry": gettext_noop("Let an event be tried again"),
    "event.dismiss": gettext_noop("Dismissed an event"),
    "event.send_again": gettext_noop("Let a message be sent again"),
    "person.see": gettext_noop("Looked at somebody’s data"),
    "person.export": gettext_noop("Handed somebody’s data out"),
    "person.erase": gettext_noop("Erased somebody"),
    "consent.erased": gettext_noop("Somebody was erased"),
    "tenancy.hired": gettext_noop("Gave somebody a role"),
    "tenancy.dismissed": gettext_noop("Took somebody’s roles back"),
    "tenancy.key_issued": gettext_noop("Issued a key for a program"),
    "tenancy.key_revoked": gettext_noop("Ended a key"),
    "identity.address_changed": gettext_noop("Changed the own e-mail address"),
    "identity.factor_off": gettext_noop("Turned a second factor off"),
    "identity.second_factor_off": gettext_noop("Turned a second factor off"),
    "identity.second_factor_set": gettext_noop("Set a second factor up"),
    "vouchers.create_program": gettext_noop("Made a coupon or deal"),
    "vouchers.edit_program": gettext_noop("Changed a coupon or deal"),
    "vouchers.publish": gettext_noop("Published a coupon or deal"),
    "vouchers.end": gettext_noop("Ended a coupon or deal"),
    "care.hide_review": gettext_noop("Hid a review"),
    "care.show_review": gettext_noop("Showed a review again"),
    "webhooks.added": gettext_noop("Added a webhook"),
    "webhooks.edited": gettext_noop("Changed a webhook"),
    "webhooks.removed": gettext_noop("Removed a webhook"),
    "webhooks.secret_rotated": gettext_noop("Changed a webhook’s secret"),
    "backup.made": gettext_noop("Made a backup"),
    "audit.run": gettext_noop("Ran the auditor"),
}
PAGES = {
    "order": "console:city-order",
    "merchant": "console:city-merchant",
    "payment": "console:city-payment",
    "refund": "console:city-refund",
    "person": "console:city-person",
}


def words(action: str) -> str:
    """What was done; the code itself where it is new here."""
    return gettext(WORDS[action]) if action in WORDS else ""


def page_of(subject: str) -> str:
    """The operator's page of a subject, "" where there is none."""
    kind, _, id = subject.partition(":")
    try:
        return reverse(PAGES[kind], args=[UUID(id)])
    except (KeyError, ValueError, NoReverseMatch):
        return ""


def short(subject: str) -> str:
    """A thing as one tells it from others at a glance: its kind and the end of its id, which differs."""
    kind, _, id = subject.partition(":")
    return f"{kind} …{id[-8:]}" if len(id) > 12 else subject
