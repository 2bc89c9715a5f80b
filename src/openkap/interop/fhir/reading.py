"""The pieces every resource reader needs: what was understood, what was not, where the bundle is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from openkap.kernel.code import Code
from openkap.kernel.systems import short_name
from openkap.kernel.text import as_sent
from openkap.kernel.wording import translated

_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?\Z")
_ZONED = re.compile(r"\d{4}-\d{2}-\d{2}T.+(?:Z|[+-]\d{2}:\d{2})\Z")
TEXT_MAX = 300


@dataclass(frozen=True, slots=True)
class BundleProblem:
    """One place where the bundle is not what FHIR R4 says, in words."""

    path: str
    text: str


class BundleRefused(ValueError):
    """The bundle cannot be taken in. Carries every problem found."""

    def __init__(self, *problems: BundleProblem) -> None:
        super().__init__("; ".join(f"{problem.path}: {problem.text}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Something the bundle holds that was not read: which resource, its id, what it is, and why."""

    resource: str
    what: str
    why: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class KeptAside:
    """A value that was read and is not charted: what it is of, value, unit and time as sent, and why."""

    text: str
    value: str
    unit: str
    why: str
    when: str = ""


@dataclass(slots=True)
class Notes:
    """What readers write down on the way. Each entry is a line of its own; equal lines are never one."""

    not_understood: list[NotUnderstood] = field(default_factory=list)
    kept_aside: list[KeptAside] = field(default_factory=list)

    def skip(self, resource: dict[str, Any], what: str, *, why: str) -> None:
        """Say that something was not read, or not as it was sent, and why. Nothing is left out in silence."""
        kind, identifier = text(resource.get("resourceType")), text(resource.get("id"))
        shown = (what or identifier)[:TEXT_MAX]
        self.not_understood.append(NotUnderstood(kind, shown, translated(why), identifier))

    def keep(self, of: str, value: str, *, unit: str, why: str, when: str = "") -> None:
        """Show a value that is not charted, as it was sent."""
        self.kept_aside.append(KeptAside(of[:TEXT_MAX], value[:TEXT_MAX], unit[:40], translated(why), when))


def mapping(value: Any) -> dict[str, Any]:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list; anything else is passed over."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def text(value: Any) -> str:
    """A short piece of text, signs of every script as sent; empty when it is none."""
    return as_sent(value[: 4 * TEXT_MAX])[:TEXT_MAX].strip() if isinstance(value, str) else ""


def words_in(value: Any) -> list[str]:
    """The pieces of text in a list; anything else is passed over."""
    return [words_in for one in value if (words_in := text(one))] if isinstance(value, list) else []


def codes(concept: Any) -> tuple[Code, ...]:
    """Every coding of a CodeableConcept, each with the short name of its system or the system as sent."""
    coded = []
    for coding in items(mapping(concept).get("coding")):
        code, display = text(coding.get("code")), text(coding.get("display"))
        if code or display:
            coded.append(Code(short_name(text(coding.get("system"))), code, display))
    return tuple(coded)


def words(concept: Any) -> str:
    """How the sender writes the concept: its text, else the first display, else the first code."""
    named = text(mapping(concept).get("text"))
    known = codes(concept)
    return (
        named
        or next((code.display for code in known if code.display), "")
        or next((code.code for code in known if code.code), "")
    )


def status_among(concept: Any, *groups: set[str]) -> str:
    """Which of these codes a status holds, in any of its codings; the earlier group wins.

    FHIR before R4 writes such a status as a plain code; it is read, since it may take something back.
    """
    plain = {text(concept).casefold()} if isinstance(concept, str) else set()
    told = plain | {code.code.casefold() for code in codes(concept)}
    return next((code for group in groups for code in sorted(group & told)), "")


def day(value: Any) -> date | None:
    """A whole calendar day, or None: a year or a month alone is no day."""
    match = _DATE.match(text(value)[:10])
    if not match or not match[2] or not match[3]:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def partial_date(value: Any) -> str:
    """A date as exact as it was sent: 1980, 1980-04 or 1980-04-12; empty when it is none."""
    match = _DATE.match(text(value)[:10])
    return match[0] if match and (not match[3] or day(value)) and 1 <= int(match[2] or 1) <= 12 else ""


def moment(value: Any) -> datetime | None:
    """A moment with its offset, in UTC; None when the zone or the time is missing."""
    raw = text(value)
    if not _ZONED.match(raw):
        return None
    try:
        return datetime.fromisoformat(raw.replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
