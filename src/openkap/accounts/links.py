"""Signed links: a way to one thing without signing in, or to a place among the people of a clinic.

A patient's link carries the clinic, the purpose and the one row it opens, signed with this
installation's key and limited in time. It opens nothing else, and the row itself may
refuse it (answered, withdrawn).

A link to an invitation or to a lost second factor is made in two kinds. The one that is mailed is shown to
nobody, so whoever holds it reads the mail of that address; the one that is handed over proves no address.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.urls import reverse

SALT = "openkap.link"
ENTRY_SALT = "openkap.entry"
INVITATION, FACTOR_RESET = "invitation", "factor_reset"


class BadLink(Exception):
    """The link is not ours, was changed, or is too old."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a link opens."""

    clinic_id: uuid.UUID
    patient_id: uuid.UUID
    purpose: str
    subject_id: uuid.UUID


def make_token(link: Link) -> str:
    """The link as URL-safe text."""
    parts = [link.clinic_id.hex, link.patient_id.hex, link.purpose, link.subject_id.hex]
    return signing.dumps(parts, salt=SALT, compress=True)


def read_token(token: str, *, life: timedelta = timedelta(days=14)) -> Link:
    """The link behind the text, or BadLink."""
    try:
        clinic, patient, purpose, subject = signing.loads(token, salt=SALT, max_age=life)
        return Link(uuid.UUID(clinic), uuid.UUID(patient), str(purpose), uuid.UUID(subject))
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLink from error


@dataclass(frozen=True, slots=True)
class EntryLink:
    """A link to an invitation or a lost second factor. `mailed` is in the signature: nobody can claim it."""

    clinic_id: uuid.UUID
    purpose: str
    subject_id: uuid.UUID
    mailed: bool = False

    @property
    def path(self) -> str:
        """Where the link leads."""
        names = {INVITATION: "accounts:invitation", FACTOR_RESET: "accounts:factor_reset"}
        parts = [self.clinic_id.hex, self.purpose, self.subject_id.hex, self.mailed]
        return reverse(names[self.purpose], args=[signing.dumps(parts, salt=ENTRY_SALT)])


def read_entry(token: str, *, purpose: str, life: timedelta) -> EntryLink:
    """The entry behind the text, or BadLink: also when it was made for something else."""
    try:
        clinic, made_for, subject, mailed = signing.loads(token, salt=ENTRY_SALT, max_age=life)
        entry = EntryLink(uuid.UUID(clinic), str(made_for), uuid.UUID(subject), mailed is True)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise BadLink from error
    if entry.purpose != purpose:
        raise BadLink
    return entry
