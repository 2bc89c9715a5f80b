"""The one policy registry: every URL with its grants, and how a URL's keys lead to a patient.

The process refuses to start when a URL is not in it (`undeclared`). Rooms above give
their resolvers and relations through `config/wiring.py`; this room imports none of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from openkap.accounts.actor import Actor
from openkap.accounts.grants import Grant

PatientOf = Callable[[uuid.UUID], uuid.UUID | None]
Relation = Callable[[Actor, uuid.UUID], bool]

_patient_of: dict[str, PatientOf] = {"patient": lambda key: key}
_relations: dict[str, Relation] = {}
_sign_out: list[Callable[[uuid.UUID], None]] = []


def resolve_with(resolvers: dict[str, PatientOf]) -> None:
    """Teach the registry how a URL key (`session`, `course`) leads to its patient."""
    _patient_of.update(resolvers)


def relate_with(name: str, relation: Relation) -> None:
    """Teach the registry a relation between an actor and a patient."""
    _relations[name] = relation


def patient_in(kwargs: dict[str, Any]) -> tuple[bool, uuid.UUID | None]:
    """Whether the URL speaks of a patient, and of which (None: no such row here)."""
    patients: set[uuid.UUID | None] = set()
    for key, value in kwargs.items():
        if key in _patient_of and isinstance(value, uuid.UUID):
            patients.add(_patient_of[key](value))
    if not patients:
        return False, None
    return True, patients.pop() if len(patients) == 1 else None


def opened_in(kwargs: dict[str, Any]) -> tuple[str, uuid.UUID] | None:
    """What the URL opens that names a person who may be in no record yet: a referral, a monitor's message."""
    return next(((key, kwargs[key]) for key in ("referral", "message") if key in kwargs), None)


def relations_of(actor: Actor, patient_id: uuid.UUID) -> frozenset[str]:
    """Every relation the actor has to the patient."""
    return frozenset(name for name, holds in _relations.items() if holds(actor, patient_id))


def patterns() -> Iterator[tuple[str, str, Any]]:
    """Every URL of the site: its route, its view name, its callback."""
    yield from _walk(get_resolver().url_patterns, "", space="")


def _walk(entries: list[Any], route: str, *, space: str) -> Iterator[tuple[str, str, Any]]:
    for entry in entries:
        here = route + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry.url_patterns, here, space=inner)
        elif isinstance(entry, URLPattern):
            yield here, f"{space}{entry.name or ''}", entry.callback


def undeclared() -> list[str]:
    """The URLs nobody has declared a grant for. Not empty: the process does not start."""
    return [f"{route} ({name})" for route, name, callback in patterns() if not hasattr(callback, "grants")]


def grants_of(callback: Any) -> dict[str, Grant]:
    """The grants of a declared URL, by method."""
    return dict(callback.grants)
