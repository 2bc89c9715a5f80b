"""A coded concept: which list, which entry, and how the sender wrote it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code system. `system` is a short name: loinc, snomed, icd10cm, rxnorm, atc, mdc."""

    system: str
    code: str
    display: str = ""

    def __str__(self) -> str:
        return f"{self.system}:{self.code}"
