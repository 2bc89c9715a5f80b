"""Reading the record: what was done and read, by whom, and whether the chains hold."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.db.models import BooleanField, Case, Count, Max, Min, When
from django.db.models.functions import TruncDate

from openkap.audit.chain import INSTALLATION, START, ChainLink, breaks
from openkap.audit.models import Event, Head, Reading, ReadingHead
from openkap.tenancy.clinics import clinic_ids

_ALWAYS = ("id", "clinic_id", "at", "by_id")
_KINDS: dict[str, tuple[Any, Any, tuple[str, ...]]] = {
    "events": (Event, Head, (*_ALWAYS, "verb", "patient_id")),
    "readings": (Reading, ReadingHead, (*_ALWAYS, "page", "about_id", "patients")),
}


def chains() -> list[tuple[uuid.UUID, str]]:
    """Every chain of this installation: its own, for what belongs to no clinic, and each clinic's two."""
    clinics = clinic_ids()
    return [(INSTALLATION, "events"), *((it, kind) for it in clinics for kind in _KINDS)]


def links(clinic_id: uuid.UUID, kind: str = "events") -> Iterator[ChainLink]:
    """A chain, oldest first, without holding it in memory. Needs its context."""
    rows, _, columns = _KINDS[kind]
    told = rows.objects.filter(clinic_id=clinic_id).order_by("seq").values("seq", "body", "hash", *columns)
    for row in told.iterator(2000):
        shown = {name: row[name] for name in columns}
        yield ChainLink(seq=row["seq"], body=row["body"], hash=bytes(row["hash"]), shown=shown, kind=kind)


def end(clinic_id: uuid.UUID, kind: str = "events") -> tuple[int, bytes]:
    """Where a chain's head says that it ends. Needs its context."""
    head = _KINDS[kind][1].objects.filter(clinic_id=clinic_id).first()
    return (head.seq, bytes(head.hash)) if head else (0, START)


def hash_at(clinic_id: uuid.UUID, kind: str, *, seq: int) -> bytes | None:
    """The hash a chain has at this place; None where it has nothing. Needs its context."""
    if seq == 0:
        return START
    rows = _KINDS[kind][0].objects.filter(clinic_id=clinic_id, seq=seq)
    newest = rows.values_list("hash", flat=True).first()
    return None if newest is None else bytes(newest)


def verify(
    clinic_id: uuid.UUID, kind: str = "events", *, held: Mapping[int, bytes] | None = None
) -> list[str]:
    """Every break in a chain; an empty list means that it holds. Needs its context."""
    seq, digest = end(clinic_id, kind)
    return breaks(links(clinic_id, kind), head_seq=seq, head_hash=digest, held=held)


def verify_head(clinic_id: uuid.UUID, kind: str = "events") -> bool:
    """Whether a chain's head matches its last row: quick, for every start. Needs its context."""
    last = _KINDS[kind][0].objects.filter(clinic_id=clinic_id).order_by("-seq").first()
    return end(clinic_id, kind) == ((last.seq, bytes(last.hash)) if last else (0, START))


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """Pages of one kind that one reader opened on one day: about the person, or only with their name."""

    day: date
    by_id: uuid.UUID | None
    reader: str
    role: str
    page: str
    about: bool
    times: int
    first: datetime
    last: datetime


_COUNTED = ("day", "by_id", "page", "about", "times", "first", "last")


def seen(patient_ids: Sequence[uuid.UUID], *, since: datetime, zone: tzinfo) -> list[SeenRecord]:
    """Who saw a person since then, counted by day, reader and page. Needs the clinic's context.

    Somebody whose records were merged has several numbers, and reading one of them is reading of the person.
    """
    about = Case(When(about_id__in=patient_ids, then=True), default=False, output_field=BooleanField())
    rows = (
        Reading.objects.filter(patients__overlap=list(patient_ids), at__gte=since)
        .annotate(day=TruncDate("at", tzinfo=zone), about=about)
        .values("day", "by_id", "page", "about")
        .annotate(times=Count("id"), first=Min("at"), last=Max("at"), body=Min("body"))
    )
    records = []
    for row in rows.order_by("-last"):
        by = json.loads(row["body"])["by"]
        told: dict[str, Any] = {
            name: row[name] for name in ("day", "by_id", "page", "about", "times", "first", "last")
        }
        records.append(SeenRecord(**told, reader=str(by["name"]), role=str(by["role"])))
    return records


@dataclass(frozen=True, slots=True)
class Opened:
    """One record somebody opened, and the page of it."""

    at: datetime
    by_id: uuid.UUID
    page: str
    about_id: uuid.UUID


def opened_between(since: datetime, until: datetime) -> Iterator[Opened]:
    """Every record a person opened in this time, oldest first. Needs the clinic's context."""
    rows = Reading.objects.filter(
        at__gte=since, at__lt=until, about_id__isnull=False, by_id__isnull=False
    ).order_by("seq")
    for at, by_id, page, about_id in rows.values_list("at", "by_id", "page", "about_id").iterator(2000):
        if by_id is not None and about_id is not None:
            yield Opened(at, by_id, page, about_id)
