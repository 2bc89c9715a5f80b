"""Bringing a database up to date: roles' rights, migrations as the owner, the context key."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from openkap.tenancy import history
from openkap.tenancy.walls import install_key, keep_history


def migrate(*, verbosity: int = 0) -> None:
    """Apply every migration as the owner and give the database the context key."""
    call_command("migrate", database="owner", verbosity=verbosity, interactive=False)
    install_key(connections["owner"], settings.OPENKAP_CONTEXT_KEY)
    keep_history(connections["owner"], history.tables())
    connections["owner"].close()


def pending() -> list[str]:
    """The migrations that have not been applied."""
    executor: Any = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
