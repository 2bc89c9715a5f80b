"""The migrations' own operations: triggers without drawing every related model anew, and filling a table.

A trigger changes no field. The library's own operations render its model and all related ones once more,
here the whole record: a new clinic waited half a minute for that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.migrations.operations.base import Operation
from pgtrigger import migrations as pgtrigger


class AddTrigger(pgtrigger.AddTrigger):
    """Make a trigger, and remember it with its model."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The model has one trigger more; its fields are as they were."""
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", ()), self.trigger]


class RemoveTrigger(pgtrigger.RemoveTrigger):
    """Drop a trigger, and forget it with its model."""

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The model has one trigger less; its fields are as they were."""
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [it for it in options.get("triggers", ()) if it.name != self.name]


class Fill(Operation):
    """Fill a table, or a column, from what the clinics have already, past the clinics.

    The owner of the tables sees no clinic's rows, because the policies hold for the owner too. So keys that
    wait until the migration's end are made first, on tables that are still empty: made afterwards they are
    checked with the owner's eyes, find no clinic, and refuse every upgrade of a clinic that has data. Then
    the named tables stop holding the owner to their policies, for this one step.
    """

    reduces_to_sql = False
    reversible = True

    def __init__(self, how: str | Callable[[Any, Any], None], *, tables: tuple[str, ...]) -> None:
        self.how = how
        self.tables = tables

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """As the migration writes it."""
        return self.__class__.__name__, [self.how], {"tables": self.tables}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Rows are written; no model changes."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make what waits, fill, check every key at once, and hold the owner to the policies again."""
        waiting, schema_editor.deferred_sql = schema_editor.deferred_sql, []
        for statement in waiting:
            schema_editor.execute(statement)
        held = [name for name in self.tables if _is_held(schema_editor, name)]
        for name in held:
            schema_editor.execute(f"ALTER TABLE {schema_editor.quote_name(name)} NO FORCE ROW LEVEL SECURITY")
        if callable(self.how):
            self.how(from_state.apps, schema_editor)
        else:
            schema_editor.execute(self.how, params=None)
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for name in held:
            schema_editor.execute(f"ALTER TABLE {schema_editor.quote_name(name)} FORCE ROW LEVEL SECURITY")

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """What was filled goes with its table or column."""

    def describe(self) -> str:
        """One line for whoever reads along."""
        return f"Fill from {', '.join(self.tables)}"


def _is_held(schema_editor: Any, table: str) -> bool:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE oid = to_regclass(%s)", [table])
        return bool(cursor.fetchone()[0])
