"""A mail backend for installations without a mail server: letters are kept, to be read on a page."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from paseo.kernel import clock
from paseo.platform.notices.models import Letter


class MailboxBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        letters = [
            Letter(
                to=to.lower(),
                sender=message.from_email,
                subject=str(message.subject),
                body=str(message.body),
                at=clock.now(),
            )
            for message in email_messages
            for to in message.recipients()
        ]
        Letter.objects.bulk_create(letters)
        return len(email_messages)
