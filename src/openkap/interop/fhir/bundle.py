"""Read a FHIR R4 bundle from another system: what was understood, what was not, which lists are not there.

Pure: a dict goes in, frozen values come out, nothing is stored. An absent list is "not asked", never "none".
A bundle that is no bundle is refused with every place that is wrong; nothing else is ever raised.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openkap.chart.rules import list_answer
from openkap.interop.fhir import references
from openkap.interop.fhir.allergy import AllergyRead, read_allergy
from openkap.interop.fhir.condition import ProblemRead, read_condition
from openkap.interop.fhir.medication import MedicineRead, read_medication
from openkap.interop.fhir.observation import ResultRead, read_observation
from openkap.interop.fhir.patient import PatientRead, read_patient
from openkap.interop.fhir.reading import BundleProblem, BundleRefused, Notes, NotUnderstood, mapping, text
from openkap.kernel.answer import Answer

BYTES_MAX = 20_000_000
ENTRIES_MAX = 20_000
DEPTH_MAX = 60
MEDICINES = ("MedicationRequest", "MedicationStatement")
READ = {"Patient", "Condition", "AllergyIntolerance", "Observation", "Medication", *MEDICINES}


@dataclass(frozen=True, slots=True)
class Understood:
    """A referral bundle, read. `asked` says for each list whether the bundle holds one at all."""

    patient: PatientRead
    problems: tuple[ProblemRead, ...]
    medicines: tuple[MedicineRead, ...]
    allergies: tuple[AllergyRead, ...]
    results: tuple[ResultRead, ...]
    not_understood: tuple[NotUnderstood, ...]
    asked: dict[str, Answer]


def load(content: bytes) -> dict[str, Any]:
    """The JSON of an upload as a dict, within limits; else `BundleRefused` says what was wrong."""
    if len(content) > BYTES_MAX:
        raise BundleRefused(BundleProblem("file", f"The file is larger than {BYTES_MAX // 1_000_000} MB."))
    try:
        found = json.loads(content.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise BundleRefused(BundleProblem("file", f"Byte {error.start} is not UTF-8.")) from error
    except RecursionError as error:
        raise BundleRefused(BundleProblem("file", "It is nested too deeply.")) from error
    except json.JSONDecodeError as error:
        problem = BundleProblem(
            f"line {error.lineno}, column {error.colno}", f"This is not JSON: {error.msg}."
        )
        raise BundleRefused(problem) from error
    except ValueError as error:
        raise BundleRefused(BundleProblem("file", str(error)[:200])) from error
    if not isinstance(found, dict):
        raise BundleRefused(BundleProblem("file", "The file holds no FHIR resource."))
    return found


def read_bundle(bundle: dict[str, Any], *, today: date) -> Understood:
    """Read a bundle that holds exactly one patient. Raises only `BundleRefused`."""
    notes = Notes()
    resources = _resources(bundle, notes)
    people = [(path, one) for path, one in resources if one["resourceType"] == "Patient"]
    if len(people) != 1:
        many = (
            "No patient is in the bundle."
            if not people
            else f"{len(people)} patients are in the bundle; send one."
        )
        raise BundleRefused(*notes.problems, BundleProblem("Bundle.entry", many))
    path, person = people[0]
    patient = read_patient(person, path, notes, today=today)
    if notes.problems:
        raise BundleRefused(*notes.problems)
    return _understood(patient, _about(person, bundle, resources, notes), _pointers(bundle), notes)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON.")


def _resources(bundle: dict[str, Any], notes: Notes) -> list[tuple[str, dict[str, Any]]]:
    """The resources of a bundle with their paths; what is malformed is a problem at its path."""
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        kind = text(mapping(bundle).get("resourceType")) or "nothing"
        raise BundleRefused(BundleProblem("resourceType", f"Expected a Bundle, found {kind}."))
    entries = bundle.get("entry")
    if not isinstance(entries, list):
        raise BundleRefused(BundleProblem("Bundle.entry", "The bundle has no list of entries."))
    if len(entries) > ENTRIES_MAX:
        raise BundleRefused(BundleProblem("Bundle.entry", f"More than {ENTRIES_MAX} entries."))
    if _depth(bundle) > DEPTH_MAX:
        raise BundleRefused(BundleProblem("Bundle", f"Nested deeper than {DEPTH_MAX} levels."))
    found = []
    for place, entry in enumerate(entries):
        resource = mapping(mapping(entry).get("resource"))
        path = f"Bundle.entry[{place}].resource"
        if not isinstance(resource.get("resourceType"), str):
            notes.problems.append(BundleProblem(path, "There is no resource here."))
        else:
            found.append((path, resource))
    return found


def _depth(value: Any) -> int:
    """How deep the nesting goes, found without recursion."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        one, level = waiting.pop()
        deepest = max(deepest, level)
        if level > DEPTH_MAX:
            return level
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        waiting.extend((item, level + 1) for item in inner if isinstance(item, dict | list))
    return deepest


def _pointers(bundle: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every way a resource of this bundle can be referred to from inside it: its address, or kind and id."""
    found: dict[str, dict[str, Any]] = {}
    for entry in bundle["entry"]:
        resource, address = mapping(mapping(entry).get("resource")), text(mapping(entry).get("fullUrl"))
        identifier = text(resource.get("id"))
        if address:
            found[address] = resource
        if identifier:
            found.setdefault(f"{resource.get('resourceType')}/{identifier}", resource)
    return found


def _about(
    person: dict[str, Any], bundle: dict[str, Any], resources: list[tuple[str, dict[str, Any]]], notes: Notes
) -> list[dict[str, Any]]:
    """The resources about this patient. What speaks of somebody else is not read, and said."""
    names = {pointer for pointer, resource in _pointers(bundle).items() if resource is person}
    roots = references.roots(bundle)
    kept = []
    for _, resource in resources:
        subject = mapping(resource.get("subject") or resource.get("patient"))
        pointer = references.resolved(text(subject.get("reference")), root=roots.get(id(resource), ""))
        if resource["resourceType"] not in READ - {"Patient", "Medication"}:
            kept.append(resource)
        elif not pointer:
            told = text(resource.get("id")) or "no id"
            notes.skip(resource["resourceType"], told, "It does not say whom it is about.")
        elif pointer not in names:
            notes.skip(resource["resourceType"], pointer, "It is about somebody who is not in this bundle.")
        elif resource.get("focus"):
            notes.skip(resource["resourceType"], pointer, "It is about something other than the person.")
        else:
            kept.append(resource)
    return kept


def _understood(
    patient: PatientRead, resources: list[dict[str, Any]], pointers: dict[str, dict[str, Any]], notes: Notes
) -> Understood:
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for resource in resources:
        by_kind.setdefault(resource["resourceType"], []).append(resource)
    problems = [read_condition(one, notes) for one in by_kind.get("Condition", [])]
    medicines = [
        read_medication(one, notes, referenced=pointers)
        for kind in MEDICINES
        for one in by_kind.get(kind, [])
    ]
    allergies = [read_allergy(one, notes) for one in by_kind.get("AllergyIntolerance", [])]
    results = [result for one in by_kind.get("Observation", []) for result in read_observation(one, notes)]
    results.sort(key=lambda result: result.measured_at, reverse=True)
    others = Counter(kind for kind in (one["resourceType"] for one in resources) if kind not in READ)
    for kind, count in sorted(others.items()):
        notes.skip(text(kind), f"{count} of them", "This kind of resource is not read.")
    read_allergies = tuple(one for one in allergies if one)
    read_problems = tuple(one for one in problems if one)
    read_medicines = tuple(one for one in medicines if one)
    return Understood(
        patient=patient,
        problems=tuple(one for one in read_problems if not one.none_known),
        medicines=tuple(one for one in read_medicines if not one.none_known),
        allergies=tuple(one for one in read_allergies if not one.none_known),
        results=tuple(results),
        not_understood=tuple(dict.fromkeys(notes.not_understood)),
        asked={
            "problem": list_answer([(one.active, one.none_known) for one in read_problems]),
            "medicine": list_answer([(one.active, one.none_known) for one in read_medicines]),
            "allergy": list_answer([(one.active, one.none_known) for one in read_allergies]),
        },
    )
