"""Sending by e-mail, through the clinic's own mail system."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.core.mail import EmailMessage

from openkap.notices.channels.channel import Channel, NotSetUp
from openkap.people.models import Patient


class EmailChannel(Channel):
    """E-mail, as OPENKAP_EMAIL_URL says."""

    name: ClassVar[str] = "email"
    order: ClassVar[int] = 10

    def is_set_up(self) -> bool:
        """Whether there is a mail system."""
        return bool(settings.OPENKAP_MAIL_IS_SET_UP)

    def address_of(self, patient: Patient) -> str:
        """The e-mail address the person has given."""
        return patient.email

    def deliver(self, to: str, *, subject: str, text: str) -> None:
        """Hand the message to the mail system."""
        if not self.is_set_up():
            raise NotSetUp("No mail system is set up (OPENKAP_EMAIL_URL).")
        EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [to]).send()


CHANNEL = EmailChannel()
