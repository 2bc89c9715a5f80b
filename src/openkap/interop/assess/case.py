"""The facts of one person as a file gives them: read, checked, and each fault named by field and value. Pure.

What is not given stays unknown. Reading JSON and YAML is one: every JSON file is YAML.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

SCHEMA = Path(__file__).with_name("facts.schema.json")
SBP_LEAST, SBP_MOST, DBP_LEAST, DBP_MOST = 40, 300, 20, 200
DAYS = ("date", "rx_date")
MOMENTS = ("first_dose_at", "asks_to_leave_at", "last_supervised_dose_at")
PRESSURES = ("bp", "bp_pre", "bp_40", "bp_120")


class BadCase(ValueError):
    """The facts cannot be taken. `errors` has one line for each fault: field, value, and what is allowed."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors


@dataclass(frozen=True, slots=True)
class MeasuredPressure:
    """One blood pressure, in mmHg."""

    sbp: Decimal
    dbp: Decimal


@dataclass(frozen=True, slots=True)
class AssessCase:
    """What is known of one person, on one day."""

    given: Mapping[str, Any]
    today: date

    def __contains__(self, name: str) -> bool:
        return self.given.get(name) is not None

    def get(self, name: str, default: Any = None) -> Any:
        """A fact as it was given; the default when it is unknown."""
        value = self.given.get(name)
        return default if value is None else value

    def number(self, name: str) -> Decimal | None:
        """A number, exactly as it was written; None when it is unknown."""
        return Decimal(str(self.given[name])) if name in self else None

    def pressure(self, name: str) -> MeasuredPressure | None:
        """A pressure; None when it is unknown."""
        if name not in self:
            return None
        sbp, dbp = self.given[name].split("/")
        return MeasuredPressure(Decimal(sbp), Decimal(dbp))

    def moment(self, name: str) -> datetime | None:
        """A moment; a time alone is one of the day in question, a day alone its beginning."""
        return _moment(self.given[name], self.today) if name in self else None

    def day(self, name: str) -> date | None:
        """A day; None when it is unknown."""
        return date.fromisoformat(self.given[name]) if name in self else None


def read_case(content: bytes | str, *, today: date) -> AssessCase:
    """The facts of a file, or BadCase with every fault."""
    try:
        body = yaml.load(content, Loader=_Loader)  # noqa: S506 - a safe loader that leaves dates as written
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise BadCase([f"The facts are neither JSON nor YAML: {error}"]) from error
    if not isinstance(body, dict):
        raise BadCase(["The facts must be a mapping of names to values."])
    errors = [*_unknown(body), *_by_schema(body)] or list(_by_sense(body))
    if errors:
        raise BadCase(errors)
    asked_on = date.fromisoformat(body["date"]) if body.get("date") else today
    return AssessCase(body, asked_on)


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The JSON Schema of the facts."""
    return dict(json.loads(SCHEMA.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def _validator() -> Any:
    return jsonschema_rs.validator_for(schema())


class _Loader(yaml.SafeLoader):
    """Reads days and times as they are written: whether they exist is said in words."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _unknown(body: Mapping[Any, Any]) -> Iterator[str]:
    known = schema()["properties"]
    for name in body:
        if name not in known:
            yield f"{name}: there is no such fact. Known are {', '.join(sorted(known))}."


def _by_schema(body: Mapping[Any, Any]) -> Iterator[str]:
    """Faults a schema sees. A fact that is null is not given."""
    told = {str(name): value for name, value in body.items() if value is not None}
    known = {name: value for name, value in told.items() if name in schema()["properties"]}
    if (odd := list(_no_numbers(known, "facts"))) or not _is_plain(known):
        yield from odd or ["The facts hold something that JSON cannot hold."]
        return
    for error in _validator().iter_errors(known):
        path = " › ".join(str(part) for part in error.instance_path)
        yield f"{path or 'facts'}: {error.message}"


def _no_numbers(value: Any, where: str) -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield f"{where}: {value} is no number."
    elif isinstance(value, dict):
        for name, part in value.items():
            yield from _no_numbers(part, str(name))
    elif isinstance(value, list):
        for part in value:
            yield from _no_numbers(part, where)


def _is_plain(body: Any) -> bool:
    try:
        json.dumps(body)
    except (TypeError, ValueError):
        return False
    return True


def _by_sense(body: Mapping[str, Any]) -> Iterator[str]:
    """Faults a schema does not see: pressures the wrong way round, days that do not exist, two doses."""
    given = {name: value for name, value in body.items() if value is not None}
    for name in PRESSURES:
        if name in given:
            yield from _pressure_faults(name, given[name])
    for name in DAYS:
        if name in given and not _exists(given[name]):
            yield f"{name}: “{given[name]}” is no day that exists."
    for name in MOMENTS:
        if name in given and not _is_moment(given[name]):
            yield f"{name}: “{given[name]}” is no moment that exists."
    if "ordered_mg" in given and "ordered_mg_per_kg" in given:
        yield "ordered_mg: give either ordered_mg or ordered_mg_per_kg, not both."


def _pressure_faults(name: str, value: str) -> Iterator[str]:
    sbp, dbp = (int(part) for part in value.split("/"))
    if dbp >= sbp:
        yield f"{name}: “{value}” cannot be: the systolic pressure comes first and is the higher one."
    elif not (SBP_LEAST <= sbp <= SBP_MOST and DBP_LEAST <= dbp <= DBP_MOST):
        yield (f"{name}: “{value}” is outside {SBP_LEAST} to {SBP_MOST} over {DBP_LEAST} to {DBP_MOST} mmHg.")


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _is_moment(text: str) -> bool:
    try:
        _moment(text, date(2000, 1, 1))
    except ValueError:
        return False
    return True


def _moment(text: str, today: date) -> datetime:
    """A moment; one without a zone is read as UTC, so that all moments of a file can be compared."""
    if len(text) == len("10:00"):
        return datetime.combine(today, time.fromisoformat(text), tzinfo=UTC)
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return at if at.tzinfo else at.replace(tzinfo=UTC)
