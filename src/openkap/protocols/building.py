"""Turning the checked plain content of a pack into its rows. Pure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from openkap.kernel.evidence import Source, Status
from openkap.kernel.quantity import Milligrams, MilligramsPerKilogram, Minutes
from openkap.protocols import pack as p
from openkap.protocols.administration import (
    Administration,
    AmountRange,
    AmountSteps,
    DeviceSprays,
    DoseRow,
    Infusion,
    Injections,
    Oral,
    Route,
    Sublingual,
)
from openkap.protocols.limits import Asks, DoseLimit, Measure
from openkap.protocols.rows import Row, RowChoice
from openkap.protocols.surroundings import PressureGrade

BASE = frozenset({"id", "text", "status", "src", "choices"})
R = TypeVar("R", bound=Row)


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
            "choices": tuple(
                RowChoice(field, *ends) for field, ends in sorted(row.get("choices", {}).items())
            ),
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

    def weight_rules(self, rows: list[dict[str, Any]]) -> p.WeightRules:
        return p.WeightRules(
            **{
                row["kind"]: p.WeightRule(**self.base(row), value=Decimal(row["value"]), unit=row["unit"])
                for row in rows
            }
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

    def dose(self, row: dict[str, Any]) -> DoseRow:
        return DoseRow(**self.base(row), amount=_amount(row), administration=_administration(row))

    def band(self, row: dict[str, Any]) -> p.DoseBand:
        limits = tuple(_limit(limit, Asks(limit["asks"])) for limit in row["limits"])
        return p.DoseBand(**self.base(row), limits=limits, flag=row.get("flag", ""))

    def ceiling(self, row: dict[str, Any]) -> p.Ceiling:
        limits = tuple(_limit(limit, Asks.CEILING) for limit in row["limits"])
        return p.Ceiling(**self.base(row), flag=row["flag"], limits=limits)

    def dilution(self, row: dict[str, Any]) -> p.Dilution:
        strength = Decimal(row["from_mg_per_ml"])
        return p.Dilution(**self.base(row), flag=row["flag"], from_mg_per_ml=strength)

    def as_written(self, kind: type[R], row: dict[str, Any]) -> R:
        """A row whose own fields are written as they are kept."""
        own: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in _own(row).items()
        }
        return kind(**self.base(row), **own)

    def known_event(self, row: dict[str, Any]) -> p.KnownEvent:
        grades = tuple(
            PressureGrade(it["grade"], Decimal(it["sbp_from"]), Decimal(it["dbp_from"]))
            for it in row.get("pressure_grades", ())
        )
        own = {key: row[key] for key in ("acute", "serious") if key in row}
        return p.KnownEvent(
            **self.base(row), **own, flags=tuple(row.get("flags", ())), pressure_grades=grades
        )

    def legal_row(self, row: dict[str, Any]) -> p.LegalRow:
        until = date.fromisoformat(row["until"]) if "until" in row else None
        own = {key: row[key] for key in ("flag", "state") if key in row}
        return p.LegalRow(**self.base(row), **own, until=until)

    def surroundings(self, body: dict[str, Any]) -> dict[str, Any]:
        """The parts about what surrounds a dose; a pack may be without them."""
        return {
            "release": p.Row(**self.base(body["release"])) if "release" in body else None,
            "other_doses": tuple(p.Row(**self.base(row)) for row in body.get("other_doses", ())),
            "known_events": tuple(self.known_event(row) for row in body.get("known_events", ())),
            "emergency_actions": tuple(
                self.as_written(p.EmergencyAction, row) for row in body.get("emergency_actions", ())
            ),
            "measures": tuple(self.as_written(p.MeasureRow, row) for row in body.get("measures", ())),
            "misuse": tuple(self.as_written(p.MisuseRule, row) for row in body.get("misuse", ())),
            "legal": tuple(self.legal_row(row) for row in body.get("legal", ())),
        }

    def limits(self, body: dict[str, Any]) -> dict[str, Any]:
        """The parts that say how far a dose may go."""
        return {
            "bands": tuple(self.band(row) for row in body["bands"]),
            "ceiling": self.ceiling(body["ceiling"]),
            "interval": self.as_written(p.Interval, body["interval"]) if "interval" in body else None,
            "dilution": self.dilution(body["dilution"]) if "dilution" in body else None,
            "review": self.as_written(p.BenefitReview, body["review"]) if "review" in body else None,
            "weight_rules": self.weight_rules(body["weight_rules"]),
        }

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


def _own(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a row that not every row has."""
    return {key: value for key, value in row.items() if key not in BASE}


def _trigger(when: dict[str, Any]) -> p.Trigger:
    told: dict[str, Any] = {key: tuple(it) if isinstance(it, list) else it for key, it in when.items()}
    return p.Trigger(**told)


def _drugs(row: dict[str, Any]) -> tuple[p.Drug, ...]:
    return tuple(p.Drug(d["n"], d.get("rx", ""), tuple(d.get("atc", ()))) for d in row["drugs"])


def _test(entry: dict[str, Any]) -> p.Test:
    also = tuple(_test(one) for one in entry.get("also", ()))
    return p.Test(entry["field"], entry["op"], Decimal(entry["value"]), also)


def _limit(told: dict[str, Any], asks: Asks) -> DoseLimit:
    is_upper = "over" in told
    return DoseLimit(Measure(told["of"]), is_upper, Decimal(told["over" if is_upper else "under"]), asks)


def _amount(row: dict[str, Any]) -> AmountRange | AmountSteps:
    if "steps" in row:
        told = row["steps"]
        unit = {it.unit: it for it in (Milligrams, MilligramsPerKilogram)}[told["unit"]]
        return AmountSteps(tuple(unit.of(it) for it in told["amounts"]), unit.of(told["first"]))
    told, unit = (row["per_kg"], MilligramsPerKilogram) if "per_kg" in row else (row["fixed"], Milligrams)
    return AmountRange(*(unit.of(told[name]) for name in ("usual", "least", "most")))


def _administration(row: dict[str, Any]) -> Administration:
    if told := row.get("infusion"):
        return Infusion(*(Minutes.of(told[name]) for name in ("minutes", "least", "most")))
    if told := row.get("injections"):
        return Injections(Route(told["route"]), told["most"], told["apart_minutes"])
    if told := row.get("device_sprays"):
        return DeviceSprays(Milligrams.of(told["device_mg"]), told["apart_minutes"])
    return Sublingual(**row["sublingual"]) if "sublingual" in row else Oral()


def build(body: dict[str, Any], *, content_hash: str) -> p.Pack:
    """The pack of this content, which has been checked."""
    make = _Builder(body)
    return p.Pack(
        **make.who(body),
        **make.limits(body),
        **make.surroundings(body),
        key=body["key"],
        version=body["version"],
        title=body["title"],
        product=body["product"],
        profile=tuple(body["profile"]),
        status_of_use=body["status_of_use"],
        hash=content_hash,
        dose=make.dose(body["dose"]),
        schedule=make.as_written(p.Schedule, body["schedule"]),
        monitoring=make.as_written(p.Monitoring, body["monitoring"]),
        thresholds=tuple(make.threshold(row) for row in body["thresholds"]),
        symptoms=tuple(make.symptom(row) for row in body["symptoms"]),
        discharge=make.as_written(p.DischargeRow, body["discharge"]),
        discharge_notes=tuple(p.Row(**make.base(row)) for row in body["discharge_notes"]),
        workup=tuple(make.as_written(p.WorkUp, row) for row in body["workup"]),
        before_dose=tuple(p.Row(**make.base(row)) for row in body["before_dose"]),
        day_rules=tuple(make.as_written(p.DayRule, row) for row in body["day_rules"]),
        consent_elements=tuple(body["consent_elements"]),
        required=tuple(make.as_written(p.Required, row) for row in body["required"]),
    )
