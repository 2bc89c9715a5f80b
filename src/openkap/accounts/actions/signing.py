"""Signing exactly some content."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from django.db import transaction

from openkap.accounts import joining
from openkap.accounts.actor import Actor
from openkap.accounts.models import Signature
from openkap.kernel.refusal import refuse_if


@transaction.atomic
def sign(
    content: bytes, *, meaning: str, typed_name: str, subject: tuple[str, uuid.UUID], by: Actor, at: datetime
) -> Signature:
    """Sign exactly this content: name, time, meaning and hash (21 CFR Part 11)."""
    refuse_if(joining.objections_to_name(typed_name, name=by.name))
    return Signature.objects.create(
        meaning=meaning,
        typed_name=" ".join(typed_name.split()),
        subject_kind=subject[0],
        subject_id=subject[1],
        content_hash=hashlib.sha256(content).digest(),
        **by.stamp(at),
    )
