"""The clinic's numbers, as frozen values: where no protocol gives one, this does. Pure.

`shipped.yaml` holds each with its safe range and status. An app names the numbers of its group in a subclass
of `Numbers`, field by field, and its rules take that value as an argument: no rule holds a number of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar, Self

from openkap.kernel.evidence import Status
from openkap.kernel.wording import sentence as _
from openkap.kernel.wording import translated

# What a number counts, by the end of its name.
UNITS = {
    "seconds": "s",
    "minutes": "min",
    "hours": "h",
    "days": _("days"),
    "years": _("years"),
    "percent": "%",
    "mmhg": "mmHg",
    "per_min": "/min",
    "celsius": "°C",
    "count": "",
    "grade": "",
    "moaas": "",
}


@dataclass(frozen=True, slots=True)
class Number:
    """One number as it ships: what it says, its value, the range a clinic may choose from, and its status."""

    group: str
    name: str
    says: str
    value: int
    low: int
    high: int
    status: Status

    @property
    def key(self) -> str:
        """Its name in the whole installation."""
        return f"{self.group}.{self.name}"

    @property
    def unit(self) -> str:
        """What it counts, in the reader's language."""
        return translated(next(unit for end, unit in UNITS.items() if self.name.endswith(end)))


@dataclass(frozen=True, slots=True)
class Group:
    """The numbers of one part of the work."""

    name: str
    title: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The base of an app's numbers: a frozen dataclass of whole numbers named as in its `group`."""

    group: ClassVar[str] = ""

    @classmethod
    def of(cls, values: Mapping[str, int]) -> Self:
        """The numbers by name."""
        return cls(**{field.name: values[field.name] for field in fields(cls)})
