"""Who saw a person's record, told so that the person can read it. Pure: rows in, words out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from openkap.kernel.wording import sentence as _
from openkap.kernel.wording import translated

if TYPE_CHECKING:
    from openkap.audit.queries import SeenRecord

# What of a record a page is, by the app it belongs to.
PARTS = {
    "desk": _("the record's first page"),
    "people": _("name, address and team"),
    "chart": _("allergies, medicines and values"),
    "screening": _("the screening"),
    "consent": _("the consent and the choices"),
    "courses": _("the treatment and its orders"),
    "dosing": _("a session"),
    "therapy": _("preparation and integration"),
    "followup": _("the days after a session"),
    "measures": _("the questionnaires"),
    "alerts": _("an alert"),
    "interop": _("a referral"),
}
OTHER = _("another page")


@dataclass(frozen=True, slots=True)
class Day:
    """What one reader saw of one person on one day."""

    day: date
    reader: str
    role: str
    first: datetime
    last: datetime
    opened: tuple[str, ...]
    listed: int


def part(page: str) -> str:
    """The part of a record a page shows, in words."""
    return translated(PARTS.get(page.split(":")[0], OTHER))


def by_day(seen: Iterable[SeenRecord]) -> list[Day]:
    """A day and a reader at a time, the newest first."""
    seen_on: dict[tuple[date, str, str], list[SeenRecord]] = {}
    for it in seen:
        seen_on.setdefault((it.day, it.reader, it.role), []).append(it)
    days = [
        Day(
            day=day,
            reader=reader,
            role=role,
            first=min(it.first for it in rows),
            last=max(it.last for it in rows),
            opened=tuple(dict.fromkeys(part(it.page) for it in rows if it.about)),
            listed=sum(it.times for it in rows if not it.about),
        )
        for (day, reader, role), rows in seen_on.items()
    ]
    return sorted(days, key=lambda it: it.last, reverse=True)
