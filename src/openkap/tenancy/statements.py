"""The field that keeps a statement: its code and what it speaks of, and never a sentence."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.migrations import RunSQL
from django.db.models.fields.json import KeyTransform

from openkap.kernel.statement import Stated, restored


class StatementField(models.JSONField):
    """A `Stated` in a column, rendered in its reader's language. With `null` there may be none."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Stated | None:
        if value is None or isinstance(expression, KeyTransform):
            known: Stated | None = super().from_db_value(value, expression, connection)
            return known
        return restored(json.loads(value) if isinstance(value, str) else value)

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(value.kept() if isinstance(value, Stated) else value)


def kept_as_statement(table: str, column: str, *, to: str = "", null: bool = False) -> RunSQL:
    """For a migration: a column of sentences becomes one of statements, each with the words it had.

    It may be renamed on the way; where it may be null, an empty sentence is none.
    """
    spoken_of = f"jsonb_build_object('text', {column})"
    words = f"jsonb_build_object('code', 'KernelStatement.AS_WAS', 'params', {spoken_of})"
    value = f"CASE WHEN {column} = '' THEN NULL ELSE {words} END" if null else words
    drop = f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL;" if null else ""
    name = f"ALTER TABLE {table} RENAME COLUMN {column} TO {to};" if to else ""
    return RunSQL(f"{drop} ALTER TABLE {table} ALTER COLUMN {column} TYPE jsonb USING {value}; {name}")
