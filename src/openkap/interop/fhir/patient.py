"""Patient: who the bundle is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from openkap.interop.fhir.reading import BundleProblem, Notes, day, items, mapping, text

SEXES = {"male", "female", "other", "unknown"}


@dataclass(frozen=True, slots=True)
class PatientRead:
    """The person as the other system names them. Identifiers are (system, value)."""

    source_id: str
    given_name: str
    family_name: str
    birth_date: date | None
    sex: str
    phone: str
    email: str
    address: str
    language: str
    identifiers: tuple[tuple[str, str], ...]


def read_patient(resource: dict[str, Any], path: str, notes: Notes, *, today: date) -> PatientRead:
    """The patient, with a problem noted for each thing without which nobody can be registered."""
    name = _official(resource)
    family, given = text(name.get("family")), " ".join(text(part) for part in _strings(name.get("given")))
    if not family and not given:
        notes.problems.append(BundleProblem(f"{path}.name", "The patient has no name."))
    born = day(resource.get("birthDate"))
    if born is None:
        notes.problems.append(
            BundleProblem(f"{path}.birthDate", "The birth date is missing or no whole day.")
        )
    elif born > today or born.year < today.year - 130:
        notes.problems.append(
            BundleProblem(f"{path}.birthDate", f"The birth date {born.isoformat()} is impossible.")
        )
    sex = text(resource.get("gender"))
    if resource.get("deceasedDateTime") or resource.get("deceasedBoolean") is True:
        notes.skip(
            "Patient", "deceased", "The other system records a death. Check that this is the right person."
        )
    return PatientRead(
        source_id=text(resource.get("id")),
        given_name=given[:80],
        family_name=family[:80],
        birth_date=born,
        sex=sex if sex in SEXES else "unknown",
        phone=_contact(resource, "phone"),
        email=_contact(resource, "email"),
        address=_address(resource),
        language=_language(resource),
        identifiers=tuple(_identifiers(resource)),
    )


def _official(resource: dict[str, Any]) -> dict[str, Any]:
    names = [name for name in items(resource.get("name")) if text(name.get("use")) != "old"]
    return next((name for name in names if text(name.get("use")) == "official"), names[0] if names else {})


def _strings(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _contact(resource: dict[str, Any], system: str) -> str:
    found = (
        text(one.get("value")) for one in items(resource.get("telecom")) if text(one.get("system")) == system
    )
    return next((value for value in found if value), "")


def _address(resource: dict[str, Any]) -> str:
    first = next(items(resource.get("address")), {})
    parts = [*_strings(first.get("line")), text(first.get("city")), text(first.get("state"))]
    parts += [text(first.get("postalCode")), text(first.get("country"))]
    return ", ".join(text(part) for part in parts if text(part))[:300]


def _language(resource: dict[str, Any]) -> str:
    first = next(items(resource.get("communication")), {})
    coding = next(items(mapping(first.get("language")).get("coding")), {})
    return text(coding.get("code"))[:20]


def _identifiers(resource: dict[str, Any]) -> list[tuple[str, str]]:
    pairs = [(text(one.get("system")), text(one.get("value"))) for one in items(resource.get("identifier"))]
    return [pair for pair in pairs if pair[1]]
