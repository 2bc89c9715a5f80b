"""Row-level security and composite keys as constraints, so that no table can be without them.

A table that carries `clinic` gets its policy and its composite keys from the field
itself (`tenancy.fields`), written into the migration that creates the table. A policy
added later was once missing.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_ENABLE_POLICY = (
    "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY; "
    "ALTER TABLE {table} FORCE ROW LEVEL SECURITY; "
    "CREATE POLICY {policy} ON {table} "
    "USING ({column} = (SELECT ctx_clinic())) WITH CHECK ({column} = (SELECT ctx_clinic()))"
)
_DROP_POLICY = "DROP POLICY {policy} ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"


class _ClinicConstraint(models.BaseConstraint):
    """What both constraints share: they live in the database alone and are added after the table."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ClinicConstraint) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((type(self), self.name))

    @abstractmethod
    def statement(self, model: Any, schema_editor: Any) -> str:
        """The SQL that raises the constraint."""

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        """Leave the statement for the end of the migration, when every key it needs is there."""
        schema_editor.deferred_sql.append(self.statement(model, schema_editor))
        return ""

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        return self.create_sql(model, schema_editor)

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = "default",
    ) -> None:
        """The database alone decides; there is nothing to ask beforehand."""


class ClinicPolicy(_ClinicConstraint):
    """Row-level security, enabled and forced: a row is there only for its own clinic."""

    def __init__(self, *, name: str, column: str = "clinic_id") -> None:
        super().__init__(name=name)
        self.column = column

    def _fill(self, text: str, model: type[models.Model], *, schema_editor: BaseDatabaseSchemaEditor) -> str:
        quote = schema_editor.quote_name
        return text.format(
            table=quote(model._meta.db_table), policy=quote(self.name), column=quote(self.column)
        )

    def statement(self, model: Any, schema_editor: Any) -> str:
        return self._fill(_ENABLE_POLICY, model, schema_editor=schema_editor)

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        return self._fill(_DROP_POLICY, model, schema_editor=schema_editor)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        kwargs = {"name": self.name}
        if self.column != "clinic_id":
            kwargs["column"] = self.column
        return (f"{type(self).__module__}.{type(self).__name__}", (), kwargs)


class _ForeignKey(_ClinicConstraint):
    """A foreign key on several columns."""

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        return f"ALTER TABLE {quote(model._meta.db_table)} DROP CONSTRAINT {quote(self.name)}"


class SameClinic(_ForeignKey):
    """A foreign key on (clinic_id, x_id), so that a row cannot point into another clinic."""

    def __init__(self, *, name: str, field: str) -> None:
        super().__init__(name=name)
        self.field = field

    def statement(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        field = model._meta.get_field(self.field)
        target = field.remote_field.model._meta.db_table
        return (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
            f'FOREIGN KEY ("clinic_id", {quote(field.column)}) REFERENCES {quote(target)} ("clinic_id", "id")'
        )

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        return (
            f"{type(self).__module__}.{type(self).__name__}",
            (),
            {"name": self.name, "field": self.field},
        )


class SameRow(_ForeignKey):
    """A foreign key on the clinic and several columns at once, to a row that carries the same ones.

    The named columns together must be unique in the table it points to.
    """

    def __init__(self, *, name: str, fields: list[str] | tuple[str, ...], to: str) -> None:
        super().__init__(name=name)
        self.fields = list(fields)
        self.to = to

    def statement(self, model: Any, schema_editor: Any) -> str:
        quote = schema_editor.quote_name
        target = model._meta.apps.get_model(self.to)
        here, there = (
            ", ".join(quote(one._meta.get_field(name).column) for name in ("clinic", *self.fields))
            for one in (model, target)
        )
        return (
            f"ALTER TABLE {quote(model._meta.db_table)} ADD CONSTRAINT {quote(self.name)} "
            f"FOREIGN KEY ({here}) REFERENCES {quote(target._meta.db_table)} ({there})"
        )

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        kwargs = {"name": self.name, "fields": self.fields, "to": self.to}
        return (f"{type(self).__module__}.{type(self).__name__}", (), kwargs)
