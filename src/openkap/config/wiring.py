"""Who hears what, who is related to whom, and what the navigation shows: the one place where rooms meet.

Rooms never import upward; whatever they need from above is handed to them here, at start.
"""

from __future__ import annotations

from typing import Any

from openkap.accounts import registry
from openkap.chart import queries as chart
from openkap.people import queries as people


def connect() -> None:
    """Wire the rooms together. Called once, when Django is ready."""
    for resolvers in (people.PATIENT_OF, chart.PATIENT_OF):
        registry.resolve_with(resolvers)
    for name, relation in people.RELATIONS.items():
        registry.relate_with(name, relation)


def on_jobs_ready(app: Any) -> None:
    """Called by procrastinate when its application is ready; the tasks register themselves on import."""
