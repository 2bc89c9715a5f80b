"""What a control is, for the list of those that are switched off."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Control:
    """One control of one hazard: where it stands, how it is switched off, and which tests must go red."""

    hazard: str
    what: str
    path: str
    on: str
    off: str
    tests: str
