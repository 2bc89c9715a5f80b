"""Reading the clinic's numbers: as they ship, with what its medical director has signed in their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import QuerySet

from openkap.defaults import loading
from openkap.defaults.models import ProposedDefault, SignedDefault
from openkap.defaults.numbers import Group, Number, Numbers
from openkap.tenancy.keyed_queries import keyed_query

N = TypeVar("N", bound=Numbers)
M = TypeVar("M", bound=Numbers)


def of(kind: type[N]) -> N:
    """An app's numbers as they act in this clinic now."""
    return kind.of({**loading.values(kind.group), **_signed_values(kind.group)})


def pair(one: type[N], other: type[M]) -> tuple[N, M]:
    """Two groups of numbers as they act in this clinic now, in one query."""
    signed: dict[str, dict[str, int]] = {one.group: {}, other.group: {}}
    for row in signed_last():
        if row.group in signed:
            signed[row.group][row.name] = row.value
    return (
        one.of({**loading.values(one.group), **signed[one.group]}),
        other.of({**loading.values(other.group), **signed[other.group]}),
    )


def value_now(number: Number) -> int:
    """One number as it acts in this clinic now."""
    return _signed_values(number.group).get(number.name, number.value)


def _signed_values(group: str) -> dict[str, int]:
    return {row.name: row.value for row in signed_last() if row.group == group}


@keyed_query
def signed_last() -> QuerySet[SignedDefault]:
    """What the medical director signed last of each number."""
    return SignedDefault.objects.order_by("group", "name", "-at", "-id").distinct("group", "name")


@dataclass(frozen=True, slots=True)
class Acting:
    """One number as a page shows it: what ships, what acts, and who signed that."""

    number: Number
    value: int
    signed: SignedDefault | None


def acting() -> list[tuple[Group, list[Acting]]]:
    """Every number by its group."""
    rows = SignedDefault.objects.select_related("signature").order_by("group", "name", "-at", "-id")
    signed = {(row.group, row.name): row for row in rows.distinct("group", "name")}
    return [
        (group, [_acting(number, signed.get((number.group, number.name))) for number in group.numbers])
        for group in loading.groups()
    ]


def _acting(number: Number, signed: SignedDefault | None) -> Acting:
    return Acting(number, signed.value if signed else number.value, signed)


def signed_keys() -> frozenset[str]:
    """The numbers the medical director has signed, by key."""
    return frozenset(f"{group}.{name}" for group, name in SignedDefault.objects.values_list("group", "name"))


def proposals() -> QuerySet[ProposedDefault]:
    """What was proposed, newest first, each with its signature where there is one."""
    return ProposedDefault.objects.select_related("signed__signature").order_by("-at", "-id")
