"""The numbers a person in a crisis is shown: the country's, and the clinic's own. Data with its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from openkap.kernel.evidence import Status

FILE = Path(__file__).parent / "crisis_lines.yaml"


@dataclass(frozen=True, slots=True)
class CrisisLine:
    """One number, whether it takes texts, and how far it may be trusted."""

    name: str
    number: str
    texts: bool
    status: Status
    source: str
    emergency: bool = False


@cache
def of_country(profile: str) -> tuple[CrisisLine, ...]:
    """The lines of a country's profile."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return tuple(
        CrisisLine(
            row["name"],
            row["number"],
            row["texts"],
            Status(row["status"]),
            row["source"],
            row.get("emergency", False),
        )
        for row in data[profile]
    )


def emergency_of(profile: str) -> tuple[CrisisLine, ...]:
    """The lines of a country that send an ambulance."""
    return tuple(line for line in of_country(profile) if line.emergency)


def of_clinic(rows: Iterable[Mapping[str, object]]) -> tuple[CrisisLine, ...]:
    """The lines a clinic has added; the signature under its cover stands for them."""
    return tuple(
        CrisisLine(
            str(row["name"]),
            str(row["number"]),
            bool(row["texts"]),
            Status.DESIGN_DEFAULT,
            "the clinic's own",
        )
        for row in rows
    )
