"""What the banner of a person says beside the name. `config/wiring.py` hands in who knows it.

A page about a person always says who it is and what they must not be given (hazard H01); so
the allergies come with the banner itself, and no page can forget them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

AllergyLine = Callable[[uuid.UUID], tuple[str, list[str]]]
_known: list[AllergyLine] = []


def speak_with(line: AllergyLine) -> None:
    """Let the banner ask this for allergies: the answer (yes, no, not_asked) and the names."""
    _known[:] = [line]


def allergies_of(patient_id: uuid.UUID) -> tuple[str, list[str]]:
    """The answer and the names; nobody to ask is “not asked”, never “none”."""
    return _known[0](patient_id) if _known else ("not_asked", [])
