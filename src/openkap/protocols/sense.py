"""Whether a pack makes sense: what a schema cannot see. Pure; each fault is one line naming row and field."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

_SECTIONS = (
    "contraindications",
    "interactions",
    "known_medicines",
    "conditions",
    "indication_rules",
    "weight_rules",
    "guards",
    "thresholds",
    "symptoms",
    "leaving_notes",
    "workup",
    "before_dose",
    "day_rules",
)
_SINGLE = ("dose", "bands", "ceiling", "schedule", "monitoring", "leaving", "substances", "remission")


def _all_rows(body: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    rows = [(section, row) for section in _SECTIONS for row in body[section]]
    return rows + [(section, body[section]) for section in _SINGLE]


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
    return errors + _faults_of_indications(body) + _faults_of_symptoms(body) + _faults_of_range(body)


def _faults_of_indications(body: dict[str, Any]) -> list[str]:
    """What the protocol is for must be among its conditions; a question that decides must be a reason."""
    known = {row["id"] for row in body["conditions"]}
    named = [("indications", name) for name in body["indications"]]
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


def _faults_of_range(body: dict[str, Any]) -> list[str]:
    """Chosen numbers must lie inside the range their own row gives."""
    errors = []
    monitoring = body["monitoring"]
    for field in ("during", "after"):
        low, high = monitoring[f"{field}_range_minutes"]
        if not low <= monitoring[f"{field}_minutes"] <= high:
            errors.append(f"monitoring › row {monitoring['id']} › {field}_minutes: outside {low} to {high}.")
    dose = body["dose"]
    low_dose, high_dose = (Decimal(value) for value in dose["range_mg_per_kg"])
    if not low_dose <= Decimal(dose["dose_mg_per_kg"]) <= high_dose:
        errors.append(f"dose › row {dose['id']} › dose_mg_per_kg: outside {low_dose} to {high_dose}.")
    return errors + _faults_of_bands(body)


def _faults_of_bands(body: dict[str, Any]) -> list[str]:
    """Each band must lie inside the next: usual, needs a reason, needs a second prescriber, ceiling."""
    bands, ceiling, dose = body["bands"], body["ceiling"], body["dose"]
    cap = next((row for row in body["guards"] if row["id"] == "G_CAP_IV"), None)
    label, second = f"bands › row {bands['id']}", Decimal(bands["second_over_mg_per_kg"])
    doses = (dose["dose_mg_per_kg"], bands["reason_over_mg_per_kg"], second, ceiling["mg_per_kg_max"])
    low, high = bands["usual_minutes"]
    times = (ceiling["minutes_at_least"], bands["second_under_minutes"], low, dose["infusion_minutes"], high)
    rates = (bands["second_over_mg_per_kg_per_h"], ceiling["mg_per_kg_per_h_max"])
    errors = [
        f"{label}: {what} must rise from the usual to the ceiling."
        for what, values in (("the doses", doses), ("the times", times), ("the rates", rates))
        if [Decimal(value) for value in values] != sorted(Decimal(value) for value in values)
    ]
    if cap is None or Decimal(cap["value"]) != second:
        errors.append(f"{label} › second_over_mg_per_kg: row G_CAP_IV must say the same number.")
    return errors
