"""What lies behind an alert, told by the app that raised it.

An alert keeps only what caused it (a kind and a key). The apps above know what the person answered; they
register here how to say it, so that it stands on the alert (H12).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

Facts = list[tuple[str, str]]
Explain = Callable[[uuid.UUID], Facts]
_explained_by: dict[str, Explain] = {}


def explain_with(explainers: dict[str, Explain]) -> None:
    """Register how a kind of cause is told."""
    _explained_by.update(explainers)


def facts_behind(alert: Any) -> Facts:
    """What is known of an alert's cause, as label and words; empty when nobody can say more."""
    explain = _explained_by.get(alert.cause_kind)
    return explain(alert.cause_id) if explain else []
