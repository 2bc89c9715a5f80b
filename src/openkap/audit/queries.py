"""Reading the record: a patient's history of acts, and whether the chain holds."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from openkap.audit.chain import START, Link, breaks
from openkap.audit.models import Event, Head


def links(clinic_id: uuid.UUID) -> Iterator[Link]:
    """The clinic's chain, oldest first, without holding it in memory."""
    rows = Event.objects.filter(clinic_id=clinic_id).order_by("seq").values_list("seq", "body", "hash")
    for seq, body, digest in rows.iterator(chunk_size=2000):
        yield Link(seq=seq, body=body, hash=bytes(digest))


def verify(clinic_id: uuid.UUID) -> list[str]:
    """Every break in the clinic's chain; an empty list means that it holds. Needs the clinic's context."""
    head = Head.objects.filter(clinic_id=clinic_id).first()
    seq, digest = (head.seq, bytes(head.hash)) if head else (0, START)
    return breaks(links(clinic_id), head_seq=seq, head_hash=digest)


def verify_head(clinic_id: uuid.UUID) -> bool:
    """Whether the chain's head matches its last event: quick, for every start."""
    head = Head.objects.filter(clinic_id=clinic_id).first()
    last = Event.objects.filter(clinic_id=clinic_id).order_by("-seq").first()
    if head is None or last is None:
        return head is None and last is None
    return head.seq == last.seq and bytes(head.hash) == bytes(last.hash)
