"""Turning the checked plain content of a pack into its rows. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from openkap.kernel.evidence import Source, Status
from openkap.kernel.quantity import MilligramsPerKilogram, Minutes
from openkap.protocols import pack as p


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

    def schedule(self, row: dict[str, Any]) -> p.Schedule:
        return p.Schedule(
            **self.base(row),
            sessions=row["sessions"],
            per_week=_pair(row["per_week"]),
            weeks=_pair(row["weeks"]),
        )

    def who(self, body: dict[str, Any]) -> dict[str, Any]:
        """The parts that say who may be treated."""
        remission = body["remission"]
        return {
            "questions": tuple(p.Question(**entry) for entry in body["questions"]),
            "contraindications": tuple(self.contraindication(row) for row in body["contraindications"]),
            "interactions": tuple(self.interaction(row) for row in body["interactions"]),
            "substances": self.substances(body["substances"]),
            "known_medicines": tuple(
                p.KnownMedicines(**self.base(row), drugs=_drugs(row)) for row in body["known_medicines"]
            ),
            "conditions": tuple(self.condition(row) for row in body["conditions"]),
            "indications": tuple(body["indications"]),
            "indication_rules": tuple(self.indication_rule(row) for row in body["indication_rules"]),
            "remission": p.Remission(**self.base(remission), icd10cm=tuple(remission["icd10cm"])),
        }

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


def build(body: dict[str, Any], *, content_hash: str) -> p.Pack:
    """The pack of this content, which has been checked."""
    make = _Builder(body)
    leaving = body["leaving"]
    own = {k: v for k, v in leaving.items() if k not in ("id", "text", "status", "src")}
    return p.Pack(
        **make.who(body),
        key=body["key"],
        version=body["version"],
        title=body["title"],
        product=body["product"],
        status_of_use=body["status_of_use"],
        hash=content_hash,
        dose=make.dose(body["dose"]),
        bands=make.bands(body["bands"]),
        ceiling=make.ceiling(body["ceiling"]),
        schedule=make.schedule(body["schedule"]),
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
