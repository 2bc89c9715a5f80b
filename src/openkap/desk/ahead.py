"""What a person's chart will ask, from every app, asked in one statement (`tenancy.keyed_queries`).

An app whose `timeline.py` or `cards.py` draws in the chart names there, as `ASKS`, its questions about a
person by their id; `config/wiring.py` registers them. A question that is not named is asked all the same,
in a statement of its own.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from openkap.tenancy.keyed_queries import KeyedQuery, ask_together

_offered: dict[KeyedQuery[Any], None] = {}


def offer(asks: Iterable[KeyedQuery[Any]]) -> None:
    """Let these be asked before a chart is drawn; registered twice they are asked once."""
    _offered.update(dict.fromkeys(asks))


def ask_of_patient(patient_id: uuid.UUID) -> None:
    """Ask what every app will need to know of this person."""
    ask_together(asks.of(patient_id) for asks in _offered)
