"""The fields that keep typed values: an order's regimen, and what stands in the way of a step."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models.fields.json import KeyTransform

from openkap.courses import next_steps, regimen
from openkap.kernel.refusal import Objection


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


class BlocksField(models.JSONField):
    """The objections to a step in a column, by their codes and what they speak of; no sentence is kept."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> tuple[Objection, ...]:
        return next_steps.restored(json.loads(value) if isinstance(value, str) else value)

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(next_steps.kept(value))
