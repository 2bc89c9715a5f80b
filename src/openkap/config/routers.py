"""The owner's connection is for migrations alone; everything else is under row-level security."""

from __future__ import annotations

from typing import Any


class OwnerIsForMigrations:
    """Migrate through `owner`, read and write through `default`."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return "default"

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return "default"

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"
