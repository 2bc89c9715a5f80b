"""Signed links: a patient's way to one questionnaire or check-in without signing in.

The link carries the clinic, the purpose and the one row it opens, signed with this
installation's key and limited in time. It opens nothing else, and the row itself may
refuse it (answered, withdrawn).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing

SALT = "openkap.link"


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
