"""Whether a pack makes sense: what a schema cannot see. Pure; each fault is one line naming row and field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from openkap.protocols.sense_of_doses import faults_of_doses

_SECTIONS = (
    "contraindications",
    "interactions",
    "known_medicines",
    "conditions",
    "indication_rules",
    "bands",
    "weight_rules",
    "thresholds",
    "symptoms",
    "discharge_notes",
    "workup",
    "before_dose",
    "day_rules",
    "required",
)
_SINGLE = ("dose", "ceiling", "schedule", "monitoring", "discharge", "substances", "remission")
_MAY_MISS = ("interval", "dilution", "review", "release")
_MAY_BE_WITHOUT = ("other_doses", "known_events", "emergency_actions", "measures", "misuse", "legal")


def _all_rows(body: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    rows = [(section, row) for section in _SECTIONS for row in body[section]]
    rows += [(section, row) for section in _MAY_BE_WITHOUT for row in body.get(section, ())]
    single = [*_SINGLE, *(section for section in _MAY_MISS if section in body)]
    return rows + [(section, body[section]) for section in single]


def faults_of_sense(body: dict[str, Any]) -> list[str]:
    """What a schema cannot see: sources that are not there, facts nobody asks, ids used twice."""
    errors: list[str] = []
    asked = {question["name"] for question in body["questions"]}
    seen: set[str] = set()
    for section, row in _all_rows(body):
        label = f"{section} › row {row['id']}"
        if row["id"] in seen:
            errors.append(f"{label} › id: this id is used twice.")
        seen.add(row["id"])
        if row["status"] == "verified" and not row.get("src"):
            errors.append(f"{label} › src: a verified row needs a source.")
        errors += [
            f"{label} › src: there is no source “{key}”."
            for key in row.get("src", [])
            if key not in body["sources"]
        ]
        when = row.get("when", row)
        facts = [*when.get("yes_to", []), *when.get("no_to", []), *filter(None, [when.get("asks")])]
        errors += [f"{label} › when: nobody asks for “{name}”." for name in facts if name not in asked]
    for row in body["day_rules"]:
        label = f"day_rules › row {row['id']}"
        if row["question"] not in asked:
            errors.append(f"{label} › question: nobody asks for “{row['question']}”.")
        if row.get("blocks") and row["status"] != "verified":
            errors.append(f"{label} › blocks: a row that is not verified never blocks for good.")
    checks = (
        _faults_of_indications,
        _faults_of_symptoms,
        _faults_of_choices,
        _faults_of_watching,
        _faults_of_dates,
    )
    errors += [fault for faults in checks for fault in faults(body)]
    return errors + faults_of_doses(body)


def _faults_of_indications(body: dict[str, Any]) -> list[str]:
    """What the protocol is for must be among its conditions; a question that decides must be a reason."""
    known = {row["id"] for row in body["conditions"]}
    named = [("indications", name) for name in body["indications"]]
    named += [
        (f"measures › row {row['id']}", name)
        for row in body.get("measures", ())
        for name in row.get("in_condition", [])
    ]
    named += [
        (f"indication_rules › row {row['id']}", name)
        for row in body["indication_rules"]
        for name in row.get("in_condition", [])
    ]
    errors = [f"{label}: there is no condition “{name}”." for label, name in named if name not in known]
    for row in body["contraindications"]:
        asks = row["when"].get("asks")
        if asks and asks not in row["when"].get("yes_to", []):
            errors.append(f"contraindications › row {row['id']} › asks: a yes to “{asks}” must be a reason.")
    return errors


def _faults_of_symptoms(body: dict[str, Any]) -> list[str]:
    """A threshold may speak only of symptoms the pack describes; one that needs them must name them."""
    known = {row["name"] for row in body["symptoms"]}
    errors = []
    for row in body["thresholds"]:
        label = f"thresholds › row {row['id']}"
        named = [*row.get("symptoms_alone", []), *row.get("symptoms_with", [])]
        errors += [f"{label}: no symptom is named “{name}”." for name in named if name not in known]
        if row.get("needs_symptoms") and not row.get("symptoms_with"):
            errors.append(f"{label} › needs_symptoms: it names no symptom.")
    return errors


def _faults_of_choices(body: dict[str, Any]) -> Iterator[str]:
    """A number that a clinic may choose is one of its own row, and lies inside the range its row gives."""
    for section, row in _all_rows(body):
        for field, (least, most) in row.get("choices", {}).items():
            label, value = f"{section} › row {row['id']} › {field}", row.get(field)
            if type(value) is not int:
                yield f"{label}: a clinic can choose only a whole number of this row."
            elif not least <= value <= most:
                yield f"{label}: outside {least} to {most}."


def _faults_of_watching(body: dict[str, Any]) -> Iterator[str]:
    """Checks come at an interval or at set minutes, and one of the two is said."""
    row = body["monitoring"]
    label = f"monitoring › row {row['id']}"
    at_intervals = "during_minutes" in row or "after_minutes" in row
    if at_intervals == ("at_minutes" in row):
        yield f"{label}: say either at_minutes, or during_minutes and after_minutes."
    elif at_intervals and "counts_from" in row:
        yield f"{label} › counts_from: an interval has its own two anchors."
    elif at_intervals and not ("during_minutes" in row and "after_minutes" in row):
        yield f"{label}: during_minutes and after_minutes belong together."


def _faults_of_dates(body: dict[str, Any]) -> Iterator[str]:
    """A day that does not exist ends nothing."""
    for row in body.get("legal", ()):
        try:
            date.fromisoformat(row.get("until", "2000-01-01"))
        except ValueError:
            yield f"legal › row {row['id']} › until: there is no day “{row['until']}”."
