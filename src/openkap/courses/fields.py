"""The field that keeps an order's regimen: its kind and its numbers."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models.fields.json import KeyTransform

from openkap.courses import regimen


class RegimenField(models.JSONField):
    """A `Regimen` in a column, typed when it is read."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> regimen.Regimen | None:
        if value is None or isinstance(expression, KeyTransform):
            known: regimen.Regimen | None = super().from_db_value(value, expression, connection)
            return known
        return regimen.restored(json.loads(value) if isinstance(value, str) else value)

    def get_prep_value(self, value: Any) -> Any:
        is_typed = isinstance(value, tuple(regimen.KINDS.values()))
        return super().get_prep_value(regimen.kept(value) if is_typed else value)
