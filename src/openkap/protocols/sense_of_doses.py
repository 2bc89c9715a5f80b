"""Whether the dose of a pack and its limits make sense together. Pure; each fault is one line (H06, H45)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

_AMOUNTS = ("per_kg", "fixed", "steps")
_ADMINISTRATIONS = ("infusion", "injections", "device_sprays", "sublingual", "oral")
_WEIGHT_RULES = (
    "days_valid",
    "change_percent",
    "side_by_side_bmi",
    "least_bmi",
    "most_bmi",
    "ideal_weight",
)
_WORDS = {"mg_per_kg": "doses", "mg": "doses", "minutes": "times", "mg_per_kg_per_h": "rates"}
_ASKS = ("reason", "second_prescriber", "ceiling")


def faults_of_doses(body: dict[str, Any]) -> list[str]:
    """A dose counted and given in one way, inside its own range, and limits that lie inside one another."""
    label = f"dose › row {body['dose']['id']}"
    ways = list(_one_of(body["dose"], _AMOUNTS, label=label)) + list(
        _one_of(body["dose"], _ADMINISTRATIONS, label=label)
    )
    if ways:
        return ways  # what follows has to know how the dose is counted and given
    return [
        *_amount(body["dose"], label),
        *_devices(body["dose"], label),
        *_last_injection(body),
        *_weight_rules(body),
        *_limits(body),
    ]


def _one_of(dose: dict[str, Any], ways: tuple[str, ...], *, label: str) -> Iterator[str]:
    if len([way for way in ways if way in dose]) != 1:
        yield f"{label}: say exactly one of {', '.join(ways)}."


def _amount(dose: dict[str, Any], label: str) -> Iterator[str]:
    """What is usual lies inside what the sources gave; steps rise, and the first is one of them."""
    if "steps" in dose:
        amounts = [Decimal(amount) for amount in dose["steps"]["amounts"]]
        if amounts != sorted(set(amounts)):
            yield f"{label} › amounts: each step must be more than the one before."
        if Decimal(dose["steps"]["first"]) not in amounts:
            yield f"{label} › first: {dose['steps']['first']} is none of the steps."
    ranges = (("per_kg", "usual"), ("fixed", "usual"), ("infusion", "minutes"))
    for told, field in ((dose[name], field) for name, field in ranges if name in dose):
        if not Decimal(told["least"]) <= Decimal(told[field]) <= Decimal(told["most"]):
            yield f"{label} › {field}: outside {told['least']} to {told['most']}."


def _devices(dose: dict[str, Any], label: str) -> Iterator[str]:
    """Every dose that may be ordered is a whole number of devices."""
    device = Decimal(dose["device_sprays"]["device_mg"]) if "device_sprays" in dose else None
    if device is None:
        return
    amounts = dose["steps"]["amounts"] if dose.get("steps", {}).get("unit") == "mg" else []
    if not amounts or not device or any(Decimal(amount) % device for amount in amounts):
        yield f"{label} › device_sprays: the steps must be whole numbers of devices, in mg."


def _last_injection(body: dict[str, Any]) -> Iterator[str]:
    """Where a second injection may follow, nothing is counted from the first one alone (H07, H14)."""
    if body["dose"].get("injections", {}).get("most", 1) == 1:
        return
    for section in ("discharge", "monitoring"):
        row = body[section]
        counted = section == "discharge" or "at_minutes" in row
        if counted and row.get("counts_from", "start") != "end":
            yield f"{section} › row {row['id']} › counts_from: several injections count from the end."


def _weight_rules(body: dict[str, Any]) -> Iterator[str]:
    """Each number a weight is judged by is said once."""
    kinds = [row["kind"] for row in body["weight_rules"]]
    for kind in _WEIGHT_RULES:
        if kinds.count(kind) != 1:
            yield f"weight_rules › {kind}: one row must say it, and only one."


def _limits(body: dict[str, Any]) -> Iterator[str]:
    """Every limit is one side of a number the dose has; the bands lie inside one another, under a ceiling."""
    limits = [
        (f"{section} › row {row['id']}", limit, limit.get("asks", "ceiling"))
        for section, rows in (("bands", body["bands"]), ("ceiling", [body["ceiling"]]))
        for row in rows
        for limit in row["limits"]
    ]
    faulty = list(_single_limits(body["dose"], limits))
    if faulty:
        yield from faulty
        return
    for measure in _WORDS:
        for side in ("over", "under"):
            values = [
                (limit[side], asks) for _, limit, asks in limits if limit["of"] == measure and side in limit
            ]
            yield from _chain(body["dose"], measure, side=side, limits=values)
    highest = {limit["of"] for _, limit, asks in limits if asks == "ceiling" and "over" in limit}
    if not highest & {"mg", "mg_per_kg"}:
        yield f"ceiling › row {body['ceiling']['id']}: it must say the largest dose."
    if "infusion" in body["dose"] and "mg_per_kg_per_h" not in highest:
        yield f"ceiling › row {body['ceiling']['id']}: it must say the fastest rate."


def _single_limits(dose: dict[str, Any], limits: list[tuple[str, dict[str, Any], str]]) -> Iterator[str]:
    said = set()
    by_weight = "per_kg" in dose or dose.get("steps", {}).get("unit") == "mg/kg"
    for label, limit, asks in limits:
        side = "over" if "over" in limit else "under"
        if ("over" in limit) == ("under" in limit):
            yield f"{label} › {limit['of']}: say either over or under."
        if label.startswith("bands") != ("asks" in limit):
            yield f"{label} › {limit['of']}: a band says what it asks for, and a ceiling asks for nothing."
        if limit["of"] in ("minutes", "mg_per_kg_per_h") and "infusion" not in dose:
            yield f"{label} › {limit['of']}: only an infusion has a time and a rate."
        if limit["of"] in ("mg_per_kg", "mg_per_kg_per_h") and not by_weight:
            yield f"{label} › {limit['of']}: this dose is not counted by weight."
        if limit["of"] != "minutes" and side == "under":
            yield f"{label} › {limit['of']}: only a time has a lower limit."
        if (limit["of"], side, asks) in said:
            yield f"{label} › {limit['of']}: {side} with {asks} is said twice."
        said.add((limit["of"], side, asks))


def _chain(dose: dict[str, Any], measure: str, *, side: str, limits: list[tuple[str, str]]) -> Iterator[str]:
    """From the usual by way of a reason and a second prescriber to the ceiling, each further out."""
    values = [Decimal(value) for asks in _ASKS for value, said in limits if said == asks]
    usual = _usual(dose).get(measure)
    chain = [*([usual] if usual is not None else []), *values]
    if chain != sorted(chain, reverse=side == "under"):
        yield f"bands and ceiling: the {_WORDS[measure]} must rise from the usual to the ceiling."


def _usual(dose: dict[str, Any]) -> dict[str, Decimal]:
    """The numbers of the protocol's own dose, as far as they are known without a person."""
    usual = {"minutes": Decimal(dose["infusion"]["minutes"])} if "infusion" in dose else {}
    if "per_kg" in dose:
        usual["mg_per_kg"] = Decimal(dose["per_kg"]["usual"])
        if "infusion" in dose:
            usual["mg_per_kg_per_h"] = usual["mg_per_kg"] * 60 / usual["minutes"]
    if "fixed" in dose:
        usual["mg"] = Decimal(dose["fixed"]["usual"])
    if "steps" in dose:
        usual["mg" if dose["steps"]["unit"] == "mg" else "mg_per_kg"] = Decimal(dose["steps"]["first"])
    return usual
