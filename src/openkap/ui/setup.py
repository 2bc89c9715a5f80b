"""What a clinic needs before its first patient can be treated: each app says its own steps (`setup.py`).

`config/wiring.py` registers them from the manifests, in the order of the apps; the administrator's Today
shows them until every step is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class SetupStep:
    """One thing a clinic sets up: whether it is there, where it is done, and what of it is missing."""

    text: str
    done: bool
    url_name: str
    missing: str = ""


Steps = Callable[[Any], list[SetupStep]]
_offered: dict[str, Steps] = {}


def offer(app: str, steps: Steps) -> None:
    """Let an app say its steps; registered twice they are said once."""
    _offered[app] = steps


def steps_of(request: HttpRequest) -> list[SetupStep]:
    """Every step, done or not, in the order of the apps."""
    return [step for steps in _offered.values() for step in steps(request)]
