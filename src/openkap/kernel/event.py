"""What happened, as a value: one frozen class for each verb, with typed details. Pure.

An app declares its events in `events.py`. `audit.actions.record` writes one down, the details as JSON; a
handler in another app gets the same class back, so what it reads is checked against what was written.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from types import UnionType
from typing import Any, ClassVar, Self, dataclass_transform, get_args, get_origin, get_type_hints

_VERB = re.compile(r"[a-z]+\.[a-z_]+\Z")
_FROM_TEXT: Mapping[Any, Callable[[Any], Any]] = {
    uuid.UUID: uuid.UUID,
    Decimal: Decimal,
    datetime: datetime.fromisoformat,
    date: date.fromisoformat,
}


@dataclass_transform(kw_only_default=True, frozen_default=True)
class DomainEvent:
    """The base of every event: `class SiteOpened(DomainEvent, verb="people.site_opened")`.

    A subclass is a frozen dataclass whose fields are the event's details, given by name. Fields are text,
    numbers, booleans, UUIDs, moments, days, tuples of these, or None where the type allows it; a `Mapping` is
    kept as it is. A field added later takes None, or has a default: what was recorded before lacks it.
    """

    verb: ClassVar[str]

    def __init_subclass__(cls, *, verb: str) -> None:
        """Make the subclass a frozen dataclass under its verb, which begins with the app's name."""
        if not _VERB.match(verb):
            raise ValueError(f"{verb!r} is no verb: app, full stop, words joined by underscores.")
        cls.verb = verb
        dataclass(frozen=True, kw_only=True)(cls)

    def details(self) -> dict[str, object]:
        """The details as they are recorded."""
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]

    @classmethod
    def of(cls, details: Mapping[str, Any]) -> Self:
        """The event as it was recorded. Details this release does not know are left out.

        Raises `KeyError` where a detail is missing that may not be.
        """
        types = get_type_hints(cls)
        known = {field.name for field in fields(cls)}  # type: ignore[arg-type]
        optional = {name for name in known if type(None) in get_args(types[name])}
        kept = {name: _read(types[name], value) for name, value in details.items() if name in known}
        missing = known - kept.keys() - {name for name in known if hasattr(cls, name)}
        if missing - optional:
            raise KeyError(f"{cls.verb} was recorded without {', '.join(sorted(missing - optional))}.")
        return cls(**{**dict.fromkeys(missing), **kept})


def _read(kind: Any, value: Any) -> Any:
    """A detail as its field's type says, from the JSON it was recorded in."""
    if value is None:
        return None
    if isinstance(kind, UnionType):
        (kind,) = (it for it in get_args(kind) if it is not type(None))
    if get_origin(kind) is tuple:
        return tuple(_read(get_args(kind)[0], each) for each in value)
    read = _FROM_TEXT.get(kind)
    return read(value) if read else value
