"""The pieces every resource reader needs: what was understood, what was not, where the bundle is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from openkap.kernel.code import Code

SYSTEMS = {
    "http://snomed.info/sct": "snomed",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10cm",
    "http://hl7.org/fhir/sid/icd-10": "icd10",
    "http://loinc.org": "loinc",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "rxnorm",
    "http://www.whocc.no/atc": "atc",
}
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
    """Something the bundle holds that was not read: which resource, what it is, and why."""

    resource: str
    what: str
    why: str


@dataclass(slots=True)
class Notes:
    """What readers write down on the way."""

    not_understood: list[NotUnderstood] = field(default_factory=list)
    problems: list[BundleProblem] = field(default_factory=list)

    def skip(self, resource: str, what: str, why: str) -> None:
        """Say that something was not read, and why. Nothing is left out in silence."""
        self.not_understood.append(NotUnderstood(resource, what[:TEXT_MAX], why))


def mapping(value: Any) -> dict[str, Any]:
    """The value when it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a list; anything else is passed over."""
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def text(value: Any) -> str:
    """A short piece of text without control characters; empty when it is none."""
    if not isinstance(value, str):
        return ""
    return "".join(sign if sign.isprintable() else " " for sign in value).strip()[:TEXT_MAX]


def codes(concept: Any) -> tuple[Code, ...]:
    """Every coding of a CodeableConcept, each with the short name of its system or the system as sent."""
    found = []
    for coding in items(mapping(concept).get("coding")):
        code, system = text(coding.get("code")), text(coding.get("system"))
        if code:
            found.append(Code(SYSTEMS.get(system, system), code, text(coding.get("display"))))
    return tuple(found)


def words(concept: Any) -> str:
    """How the sender writes the concept: its text, else the first display, else the first code."""
    named = text(mapping(concept).get("text"))
    known = codes(concept)
    return (
        named
        or next((code.display for code in known if code.display), "")
        or next((c.code for c in known), "")
    )


def status_among(concept: Any, *groups: set[str]) -> str:
    """Which of these codes a status concept holds, in any of its codings; the earlier group wins."""
    told = {code.code.casefold() for code in codes(concept)}
    return next((code for group in groups for code in sorted(group & told)), "")


def day(value: Any) -> date | None:
    """A whole calendar day, or None: a year or a month alone is no day."""
    found = _DATE.match(text(value)[:10])
    if not found or not found[2] or not found[3]:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def moment(value: Any) -> datetime | None:
    """A moment with its offset, in UTC; None when the zone or the time is missing."""
    raw = text(value)
    if not _ZONED.match(raw):
        return None
    try:
        return datetime.fromisoformat(raw.replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
