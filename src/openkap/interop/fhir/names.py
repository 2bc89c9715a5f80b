"""HumanName: which of a person's names is theirs now, and which are others of theirs.

A name whose period has ended, or that is called old or maiden, is not the name of today; it still helps to
find the person again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from openkap.interop.fhir.reading import day, items, mapping, text, words_in

_USES = ("official", "usual", "", "temp", "nickname", "anonymous", "maiden", "old")
_NOT_OF_TODAY = {"maiden", "old"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its two parts; one that came in one piece stands whole in `given`."""

    given: str
    family: str
    in_one_piece: bool = False

    @property
    def whole(self) -> str:
        """Both parts."""
        return f"{self.given} {self.family}".strip()


def names_of(resource: dict[str, Any], *, today: date) -> tuple[Name | None, tuple[Name, ...]]:
    """The name of today, and every other name the sender knows the person by."""
    told = [(raw, name) for raw in items(resource.get("name")) if (name := _name(raw)).whole]
    ranked = sorted(told, key=lambda it: _rank(it[0], today))
    names = list(dict.fromkeys(name for _, name in ranked))
    return (names[0], tuple(names[1:])) if names else (None, ())


def _name(raw: dict[str, Any]) -> Name:
    family, given = text(raw.get("family")), " ".join(words_in(raw.get("given")))
    whole = text(raw.get("text"))
    if not family and not given:
        return Name(whole, "", in_one_piece=bool(whole))
    return Name(given, family)


def _rank(raw: dict[str, Any], today: date) -> tuple[bool, int, int]:
    """Lowest first: a name that holds today, by its use, the one that began last."""
    period = mapping(raw.get("period"))
    ended = _is_before(period.get("end"), today)
    started = day(period.get("start"))
    use = text(raw.get("use"))
    holds = not ended and not (started is not None and started > today) and use not in _NOT_OF_TODAY
    order = _USES.index(use) if use in _USES else _USES.index("")
    return (not holds, order, -(started.toordinal() if started else 0))


def _is_before(value: Any, today: date) -> bool:
    """Whether a date, as exact as it was sent, lies wholly before today."""
    told = text(value)[:10]
    return bool(told) and told < today.isoformat()[: len(told)]
