"""Reading a pack from YAML: checked by schema, by its own sense, and hashed.

Pure but for `load_bundled`, which reads a file that ships with the program. A pack with any error does not
load; every error names its row and field, so that a person can mend the file in one go.
"""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from openkap.kernel.evidence import Source, Status
from openkap.kernel.quantity import MilligramsPerKilogram, Minutes
from openkap.protocols import pack as p
from openkap.protocols.sense import faults_of_sense

PACKS = Path(__file__).parent / "packs"


class PackError(ValueError):
    """The pack does not load. `errors` has one line for each fault, naming row and field."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


@lru_cache(maxsize=1)
def _validator() -> Any:
    return jsonschema_rs.validator_for(json.loads((PACKS / "pack.schema.json").read_text()))


def canonical(body: dict[str, Any]) -> bytes:
    """The pack's content as bytes that do not depend on layout, order of keys or comments."""
    return json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def content_hash(body: dict[str, Any]) -> str:
    """SHA-256 of the canonical content, in hex."""
    return hashlib.sha256(canonical(body)).hexdigest()


def read(text: str | bytes) -> dict[str, Any]:
    """The plain content of a pack file, or PackError."""
    try:
        body = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise PackError([f"The file is not YAML: {error}"]) from error
    if not isinstance(body, dict):
        raise PackError(["The file holds no pack: its top level must be a mapping."])
    if faulty := _keys_that_are_no_words(body, "pack"):
        raise PackError(faulty)
    return body


def _keys_that_are_no_words(value: Any, where: str) -> list[str]:
    """Keys YAML reads as something else (`no:`, `on:`, `12:`); quoted, they are words."""
    if isinstance(value, list):
        return [fault for part in value for fault in _keys_that_are_no_words(part, where)]
    if not isinstance(value, dict):
        return []
    own = [f"{where}: the key “{key}” must be a word in quotes." for key in value if not isinstance(key, str)]
    return own + [
        fault for key, part in value.items() for fault in _keys_that_are_no_words(part, f"{where} › {key}")
    ]


def load(body: dict[str, Any]) -> p.Pack:
    """The pack of this content, or PackError with every fault."""
    errors = [_worded(error, body) for error in _validator().iter_errors(body)]
    errors = errors or faults_of_sense(body)
    if errors:
        raise PackError(errors)
    return _build(body)


@lru_cache(maxsize=16)
def load_bundled(name: str) -> p.Pack:
    """A pack that ships with the program, by file name without ending."""
    return load(bundled_body(name))


def bundled_body(name: str) -> dict[str, Any]:
    """The plain content of a pack that ships with the program."""
    if name not in bundled_names():
        raise PackError([f"There is no pack named “{name}”."])
    return read((PACKS / f"{name}.yaml").read_text(encoding="utf-8"))


def bundled_names() -> list[str]:
    """The packs that ship with the program."""
    return sorted(path.stem for path in PACKS.glob("*.yaml"))


def _worded(error: Any, body: dict[str, Any]) -> str:
    """A schema error as one line: section, row id, field, and what is wrong."""
    path = [str(part) for part in error.instance_path]
    here: Any = body
    words: list[str] = []
    for part in path:
        here = here[int(part)] if isinstance(here, list) else here[part]
        known = (isinstance(here, dict) and here.get("id")) or (isinstance(here, dict) and here.get("name"))
        words.append(f"row {known}" if known else part)
    return f"{' › '.join(words) or 'pack'}: {error.message}"


class _Builder:
    """Turns checked plain content into rows; holds the sources the rows point to."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.sources = {
            key: Source(key=key, what=entry["what"], tier=entry["tier"], url=entry["url"])
            for key, entry in body["sources"].items()
        }

    def base(self, row: dict[str, Any]) -> dict[str, Any]:
        """The fields every row has."""
        return {
            "id": row["id"],
            "text": row["text"],
            "status": Status(row["status"]),
            "sources": tuple(self.sources[key] for key in row.get("src", ())),
        }

    def contraindication(self, row: dict[str, Any]) -> p.Contraindication:
        return p.Contraindication(
            **self.base(row),
            flag=row["flag"],
            outcome=row["outcome"],
            when=_trigger(row["when"]),
            override=row.get("override", ""),
        )

    def interaction(self, row: dict[str, Any]) -> p.Interaction:
        return p.Interaction(
            **self.base(row),
            flag=row["flag"],
            severity=row["severity"],
            drugs=_drugs(row),
            yes_to=tuple(row.get("yes_to", ())),
            override=row.get("override", ""),
        )

    def indication_rule(self, row: dict[str, Any]) -> p.IndicationRule:
        return p.IndicationRule(
            **self.base(row),
            flag=row["flag"],
            kind=row["kind"],
            outcome=row["outcome"],
            when=_trigger(row.get("when", {})),
            in_condition=tuple(row.get("in_condition", ())),
        )

    def substances(self, row: dict[str, Any]) -> p.Substances:
        table = {
            name: p.Substance(*(tuple(entry.get(key, ())) for key in ("names", "rx", "atc")))
            for name, entry in row["table"].items()
        }
        return p.Substances(**self.base(row), table=table)

    def condition(self, row: dict[str, Any]) -> p.Condition:
        return p.Condition(
            **self.base(row),
            icd10cm=tuple(row["icd10cm"]),
            snomed=tuple(row["snomed"]),
            grade=row["grade"],
        )

    def guard(self, row: dict[str, Any]) -> p.Guard:
        return p.Guard(
            **self.base(row),
            value=Decimal(row["value"]),
            unit=row["unit"],
            flag=row.get("flag", ""),
            override=row.get("override", "allowed"),
        )

    def threshold(self, row: dict[str, Any]) -> p.Threshold:
        tests = tuple(_test(entry) for entry in row["tests"])
        extra: dict[str, Any] = {
            k: row[k] for k in ("repeat_minutes", "sustained_minutes", "needs_symptoms") if k in row
        }
        extra |= {k: tuple(row[k]) for k in ("symptoms_alone", "symptoms_with") if k in row}
        return p.Threshold(
            **self.base(row),
            flag=row["flag"],
            phase=row["phase"],
            acts=row["acts"],
            action=row["action"],
            tests=tests,
            **extra,
        )

    def symptom(self, row: dict[str, Any]) -> p.Symptom:
        words = tuple(word.casefold() for word in row["words"])
        return p.Symptom(**self.base(row), name=row["name"], words=words, grade_from=row["grade_from"])

    def dose(self, row: dict[str, Any]) -> p.DoseRow:
        low, high = (MilligramsPerKilogram.of(value) for value in row["range_mg_per_kg"])
        return p.DoseRow(
            **self.base(row),
            dose_mg_per_kg=MilligramsPerKilogram.of(row["dose_mg_per_kg"]),
            range_mg_per_kg=(low, high),
            infusion_minutes=Minutes.of(row["infusion_minutes"]),
            infusion_range_minutes=_pair(row["infusion_range_minutes"]),
        )

    def day_rule(self, row: dict[str, Any]) -> p.DayRule:
        told = {"question": row["question"], "answer": row["answer"], "blocks": row.get("blocks", False)}
        return p.DayRule(**self.base(row), **told)

    def bands(self, row: dict[str, Any]) -> p.Bands:
        return p.Bands(
            **self.base(row),
            reason_over_mg_per_kg=MilligramsPerKilogram.of(row["reason_over_mg_per_kg"]),
            usual_minutes=_pair(row["usual_minutes"]),
            second_over_mg_per_kg=MilligramsPerKilogram.of(row["second_over_mg_per_kg"]),
            second_under_minutes=row["second_under_minutes"],
            second_over_mg_per_kg_per_h=Decimal(row["second_over_mg_per_kg_per_h"]),
        )

    def ceiling(self, row: dict[str, Any]) -> p.Ceiling:
        return p.Ceiling(
            **self.base(row),
            flag=row["flag"],
            mg_per_kg_max=MilligramsPerKilogram.of(row["mg_per_kg_max"]),
            mg_per_kg_per_h_max=Decimal(row["mg_per_kg_per_h_max"]),
            minutes_at_least=row["minutes_at_least"],
        )

    def monitoring(self, row: dict[str, Any]) -> p.Monitoring:
        own = {k: v for k, v in row.items() if k not in ("id", "text", "status", "src")}
        own = {k: tuple(v) if isinstance(v, list) else v for k, v in own.items()}
        return p.Monitoring(**self.base(row), **own)


def _trigger(when: dict[str, Any]) -> p.Trigger:
    told: dict[str, Any] = {key: tuple(it) if isinstance(it, list) else it for key, it in when.items()}
    return p.Trigger(**told)


def _drugs(row: dict[str, Any]) -> tuple[p.Drug, ...]:
    return tuple(p.Drug(d["n"], d.get("rx", ""), tuple(d.get("atc", ()))) for d in row["drugs"])


def _test(entry: dict[str, Any]) -> p.Test:
    also = tuple(_test(one) for one in entry.get("also", ()))
    return p.Test(entry["field"], entry["op"], Decimal(entry["value"]), also)


def _pair(values: list[int]) -> tuple[int, int]:
    return values[0], values[1]


def _build(body: dict[str, Any]) -> p.Pack:
    make = _Builder(body)
    schedule, leaving = body["schedule"], body["leaving"]
    own = {k: v for k, v in leaving.items() if k not in ("id", "text", "status", "src")}
    return p.Pack(
        key=body["key"],
        version=body["version"],
        title=body["title"],
        product=body["product"],
        status_of_use=body["status_of_use"],
        hash=content_hash(body),
        questions=tuple(p.Question(**entry) for entry in body["questions"]),
        contraindications=tuple(make.contraindication(row) for row in body["contraindications"]),
        interactions=tuple(make.interaction(row) for row in body["interactions"]),
        substances=make.substances(body["substances"]),
        known_medicines=tuple(
            p.KnownMedicines(**make.base(row), drugs=_drugs(row)) for row in body["known_medicines"]
        ),
        conditions=tuple(make.condition(row) for row in body["conditions"]),
        indications=tuple(body["indications"]),
        indication_rules=tuple(make.indication_rule(row) for row in body["indication_rules"]),
        remission=p.Remission(**make.base(body["remission"]), icd10cm=tuple(body["remission"]["icd10cm"])),
        dose=make.dose(body["dose"]),
        bands=make.bands(body["bands"]),
        ceiling=make.ceiling(body["ceiling"]),
        schedule=p.Schedule(
            **make.base(schedule),
            sessions=schedule["sessions"],
            per_week=_pair(schedule["per_week"]),
            weeks=_pair(schedule["weeks"]),
        ),
        weight_rules={row["id"]: make.guard(row) for row in body["weight_rules"]},
        guards={row["id"]: make.guard(row) for row in body["guards"]},
        monitoring=make.monitoring(body["monitoring"]),
        thresholds=tuple(make.threshold(row) for row in body["thresholds"]),
        symptoms=tuple(make.symptom(row) for row in body["symptoms"]),
        leaving=p.Leaving(**make.base(leaving), **own),
        leaving_notes=tuple(p.Row(**make.base(row)) for row in body["leaving_notes"]),
        workup=tuple(p.WorkUp(**make.base(row), need=row["need"]) for row in body["workup"]),
        before_dose=tuple(p.Row(**make.base(row)) for row in body["before_dose"]),
        day_rules=tuple(make.day_rule(row) for row in body["day_rules"]),
        consent_elements=tuple(body["consent_elements"]),
    )
