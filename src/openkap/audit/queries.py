"""Reading the record: a patient's history of acts, and whether the chain holds."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping

from openkap.audit.chain import HOUSE, START, Columns, Link, breaks
from openkap.audit.models import Event, Head
from openkap.tenancy.gates import clinic_ids

_COLUMNS = ("id", "clinic_id", "at", "verb", "by_id", "patient_id")


def chains() -> list[uuid.UUID]:
    """Every chain of this installation: its own, for what belongs to no clinic, and each clinic's."""
    return [HOUSE, *clinic_ids()]


def links(clinic_id: uuid.UUID) -> Iterator[Link]:
    """A chain, oldest first, without holding it in memory. Needs its context."""
    rows = Event.objects.filter(clinic_id=clinic_id).order_by("seq")
    for seq, body, digest, *columns in rows.values_list("seq", "body", "hash", *_COLUMNS).iterator(2000):
        yield Link(seq=seq, body=body, hash=bytes(digest), columns=Columns(*columns))


def end(clinic_id: uuid.UUID) -> tuple[int, bytes]:
    """Where a chain's head says that it ends. Needs its context."""
    head = Head.objects.filter(clinic_id=clinic_id).first()
    return (head.seq, bytes(head.hash)) if head else (0, START)


def hash_at(clinic_id: uuid.UUID, seq: int) -> bytes | None:
    """The hash a chain has at this place; None where it has no event. Needs its context."""
    if seq == 0:
        return START
    found = Event.objects.filter(clinic_id=clinic_id, seq=seq).values_list("hash", flat=True).first()
    return None if found is None else bytes(found)


def verify(clinic_id: uuid.UUID, *, held: Mapping[int, bytes] | None = None) -> list[str]:
    """Every break in a chain; an empty list means that it holds. Needs its context."""
    seq, digest = end(clinic_id)
    return breaks(links(clinic_id), head_seq=seq, head_hash=digest, held=held)


def verify_head(clinic_id: uuid.UUID) -> bool:
    """Whether a chain's head matches its last event: quick, for every start. Needs its context."""
    last = Event.objects.filter(clinic_id=clinic_id).order_by("-seq").first()
    return end(clinic_id) == ((last.seq, bytes(last.hash)) if last else (0, START))
