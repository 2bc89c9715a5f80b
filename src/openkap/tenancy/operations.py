"""The migrations' operations for triggers, without drawing every related model anew.

A trigger changes no field. The library's own operations render its model and all related ones once more,
here the whole record: a new clinic waited half a minute for that.
"""

from __future__ import annotations

from typing import Any

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
