"""A bundle from another system: what was understood, what was not, which lists are not there.

Pure: a dict goes in, frozen values come out, nothing is stored. An absent list is "not asked", never "none".
Only what is no bundle at all is refused; what a person could take in by hand is kept and said.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from openkap.chart.rules import list_answer
from openkap.interop.fhir import documents
from openkap.interop.fhir.allergy import AllergyRead, read_allergy
from openkap.interop.fhir.condition import ProblemRead, read_condition
from openkap.interop.fhir.documents import FhirDocument
from openkap.interop.fhir.entries import BundleEntry, entries_of
from openkap.interop.fhir.labels import labels_of, worded
from openkap.interop.fhir.medication import MedicineRead, read_medication
from openkap.interop.fhir.observation import ResultRead, read_observation
from openkap.interop.fhir.patient import PatientRead, read_patient
from openkap.interop.fhir.reading import (
    BundleProblem,
    BundleRefused,
    KeptAside,
    Notes,
    NotUnderstood,
    mapping,
    text,
)
from openkap.interop.fhir.references import References
from openkap.interop.fhir.subject import about, patient_of
from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from openkap.kernel.wording import render
from openkap.kernel.wording import sentence as _

BYTES_MAX = 20_000_000
ENTRIES_MAX = 20_000
DEPTH_MAX = 60
MEDICINES = ("MedicationRequest", "MedicationStatement")
READ = {"Condition", "AllergyIntolerance", "Observation", *MEDICINES, *documents.KINDS}
# What may stand in a bundle without a word of its own: it names, orders or carries the rest.
SILENT = {"Patient", "Medication", "Binary", "Composition", "MessageHeader"}


@dataclass(frozen=True, slots=True)
class UnderstoodBundle:
    """A referral bundle, read. `asked` says for each list whether the bundle holds one at all.

    `labels` are those of anything in it, `bundle_labels` those that hold for everything in it.
    """

    patient: PatientRead
    problems: tuple[ProblemRead, ...]
    medicines: tuple[MedicineRead, ...]
    allergies: tuple[AllergyRead, ...]
    results: tuple[ResultRead, ...]
    not_understood: tuple[NotUnderstood, ...]
    asked: dict[str, Answer]
    kept_aside: tuple[KeptAside, ...] = ()
    documents: tuple[FhirDocument, ...] = ()
    labels: tuple[Code, ...] = ()
    bundle_labels: tuple[Code, ...] = ()


def load(content: bytes) -> dict[str, Any]:
    """The JSON of an upload as a dict, within limits; else `BundleRefused` says what was wrong."""
    if len(content) > BYTES_MAX:
        raise BundleRefused(
            BundleProblem(
                "file",
                render(
                    _("The file is larger than {most} MB."),
                    {"most": BYTES_MAX // 1_000_000},
                ),
            )
        )
    try:
        content_read = json.loads(
            content.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_constant
        )
    except UnicodeDecodeError as error:
        raise BundleRefused(
            BundleProblem("file", render(_("Byte {byte} is not UTF-8."), {"byte": error.start}))
        ) from error
    except RecursionError as error:
        raise BundleRefused(BundleProblem("file", _("It is nested too deeply."))) from error
    except json.JSONDecodeError as error:
        problem = BundleProblem(
            f"line {error.lineno}, column {error.colno}",
            render(_("This is not JSON: {error}."), {"error": error.msg}),
        )
        raise BundleRefused(problem) from error
    except ValueError as error:
        raise BundleRefused(BundleProblem("file", str(error)[:200])) from error
    if not isinstance(content_read, dict):
        raise BundleRefused(BundleProblem("file", _("The file holds no FHIR resource.")))
    return content_read


def read_bundle(bundle: dict[str, Any], *, today: date) -> UnderstoodBundle:
    """Read a bundle about one patient. Raises only `BundleRefused`, and only for what is no bundle."""
    _refuse_what_is_no_bundle(bundle)
    notes = Notes()
    entries = entries_of(bundle, notes)
    references = References(entries)
    person = patient_of(entries, references, notes=notes, today=today)
    patient = read_patient(person.resource, notes, today=today) if person else PatientRead()
    hers = about(person, entries, references=references, notes=notes) if person else []
    understood = _understood(patient, hers, references=references, notes=notes)
    whole = worded(labels_of(bundle, *([person.resource] if person else [])))
    every = worded(labels_of(bundle, *(entry.resource for entry in entries)))
    return replace(understood, labels=every, bundle_labels=whole)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON.")


def _refuse_what_is_no_bundle(bundle: dict[str, Any]) -> None:
    if not isinstance(bundle, dict) or bundle.get("resourceType") != "Bundle":
        kind = text(mapping(bundle).get("resourceType")) or "nothing"
        raise BundleRefused(
            BundleProblem("resourceType", render(_("Expected a Bundle, found {kind}."), {"kind": kind}))
        )
    entries = bundle.get("entry", [])
    if not isinstance(entries, list):
        raise BundleRefused(BundleProblem("Bundle.entry", _("The bundle's entries are no list.")))
    if len(entries) > ENTRIES_MAX:
        raise BundleRefused(
            BundleProblem("Bundle.entry", render(_("More than {most} entries."), {"most": ENTRIES_MAX}))
        )
    if _depth(bundle) > DEPTH_MAX:
        raise BundleRefused(
            BundleProblem("Bundle", render(_("Nested deeper than {most} levels."), {"most": DEPTH_MAX}))
        )


def _depth(value: Any) -> int:
    """How deep the nesting goes, found without recursion."""
    deepest, waiting = 0, [(value, 1)]
    while waiting:
        node, level = waiting.pop()
        deepest = max(deepest, level)
        if level > DEPTH_MAX:
            return level
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        waiting.extend((item, level + 1) for item in inner if isinstance(item, dict | list))
    return deepest


def _understood(
    patient: PatientRead,
    entries: list[BundleEntry],
    *,
    references: References,
    notes: Notes,
) -> UnderstoodBundle:
    by_kind: dict[str, list[BundleEntry]] = {}
    for entry in entries:
        by_kind.setdefault(entry.kind, []).append(entry)
    problems = [read_condition(it.resource, notes) for it in by_kind.get("Condition", [])]
    medicines = [
        read_medication(it, notes, references=references)
        for kind in MEDICINES
        for it in by_kind.get(kind, [])
    ]
    allergies = [read_allergy(it.resource, notes) for it in by_kind.get("AllergyIntolerance", [])]
    observations = by_kind.get("Observation", [])
    results = [result for it in observations for result in read_observation(it.resource, notes)]
    results.sort(key=lambda result: result.measured_at, reverse=True)
    carriers = [it for kind in documents.KINDS for it in by_kind.get(kind, [])]
    brought = documents.documents_in(carriers, notes, references=references)
    _note_other_kinds(by_kind, notes)
    return UnderstoodBundle(
        patient=patient,
        problems=tuple(it for it in problems if it and not it.none_known),
        medicines=tuple(it for it in medicines if it and not it.none_known),
        allergies=tuple(it for it in allergies if it and not it.none_known),
        results=tuple(results),
        not_understood=tuple(notes.not_understood),
        asked={"problem": _asked(problems), "medicine": _asked(medicines), "allergy": _asked(allergies)},
        kept_aside=tuple(notes.kept_aside),
        documents=tuple(brought),
    )


def _asked(told: Sequence[ProblemRead | MedicineRead | AllergyRead | None]) -> Answer:
    return list_answer([(it.active, it.none_known) for it in told if it])


def _note_other_kinds(by_kind: dict[str, list[BundleEntry]], notes: Notes) -> None:
    """Say of every other kind of resource how many there are: they are kept, and not read."""
    counts = Counter({kind: len(of) for kind, of in by_kind.items() if kind not in READ | SILENT})
    for kind, count in sorted(counts.items()):
        notes.skip(
            {"resourceType": kind},
            render(_("{count} of them"), {"count": count}),
            why=_("This kind of resource is not read."),
        )
