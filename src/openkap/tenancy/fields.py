"""The two foreign keys of a clinic table: to its clinic, and to a neighbour in the same clinic.

Both write their own database constraints, so that nobody can add a clinic table and
forget the policy or a composite key.
"""

from __future__ import annotations

from typing import Any

import pghistory.models
from django.db import models

from openkap.tenancy.constraints import ClinicPolicy, SameClinic


def _is_real(cls: type[models.Model]) -> bool:
    """Whether this is a table of today, not an abstract base or a state inside a migration."""
    return not cls._meta.abstract and cls.__module__ != "__fake__"


def _add_constraint(cls: type[models.Model], constraint: models.BaseConstraint) -> None:
    if any(other.name == constraint.name for other in cls._meta.constraints):
        return
    cls._meta.constraints = [*cls._meta.constraints, constraint]
    cls._meta.original_attrs["constraints"] = cls._meta.constraints


def _short(table: str, suffix: str) -> str:
    """A constraint name that fits PostgreSQL's 63 bytes and stays unique."""
    name = f"{table}_{suffix}"
    if len(name) <= 60:
        return name
    digest = f"{sum(ord(letter) * (place + 7) for place, letter in enumerate(name)):x}"
    return f"{name[:52]}_{digest}"


def _keep_in_clinic(cls: type[models.Model], name: str) -> None:
    """Give a real table the composite foreign key of one of its fields."""
    if _is_real(cls) and not issubclass(cls, pghistory.models.Event):
        constraint = SameClinic(name=_short(cls._meta.db_table, f"{name}_same_clinic"), field=name)
        _add_constraint(cls, constraint)


class ClinicField(models.ForeignKey):  # type: ignore[type-arg]
    """Which clinic owns the row. Brings row-level security and the (clinic, id) key with it.

    It has no index of its own: the key begins with it, and every row written would carry one more.
    """

    def __init__(self, to: Any = "tenancy.Clinic", on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs.setdefault("related_name", "+")
        kwargs.setdefault("editable", False)
        kwargs["db_index"] = False
        super().__init__(to, on_delete, **kwargs)

    def deconstruct(self) -> Any:
        """As a migration writes it: that there is no index is said here, once for all of them."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("db_index", None)
        return name, path, args, kwargs

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)
        if not _is_real(cls):
            return
        table = cls._meta.db_table
        _add_constraint(cls, ClinicPolicy(name=_short(table, "policy")))
        if not issubclass(cls, pghistory.models.Event):
            _add_constraint(
                cls, models.UniqueConstraint(fields=["clinic", "id"], name=_short(table, "clinic_id_key"))
            )


class ClinicKey(models.ForeignKey):  # type: ignore[type-arg]
    """A foreign key that stays inside the clinic: the database checks (clinic_id, x_id)."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)
        _keep_in_clinic(cls, name)


class ClinicOneToOne(models.OneToOneField):  # type: ignore[type-arg]
    """A `ClinicKey` that at most one row holds for each target."""

    def __init__(self, to: Any, on_delete: Any = models.PROTECT, **kwargs: Any) -> None:
        kwargs["db_constraint"] = False
        super().__init__(to, on_delete, **kwargs)

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False, **kwargs: Any) -> None:
        super().contribute_to_class(cls, name, private_only=private_only, **kwargs)
        _keep_in_clinic(cls, name)
