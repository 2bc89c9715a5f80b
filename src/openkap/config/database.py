"""Bringing a database up to date: roles' rights, migrations as the owner, the context key."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connections
from django.db.migrations.executor import MigrationExecutor

from openkap.tenancy import history
from openkap.tenancy.preparing import NotPrepared, missing
from openkap.tenancy.walls import install_key, keep_history

HOW = "Run `openkap database prepare`; docs/howto/your-own-postgresql.md says how."


def migrate(*, verbosity: int = 0) -> None:
    """Apply every migration as the owner, and give the database the context key; or `NotPrepared`."""
    _look()
    call_command("migrate", database="owner", verbosity=verbosity, interactive=False)
    install_key(connections["owner"], settings.OPENKAP_CONTEXT_KEY)
    keep_history(connections["owner"], history.tables())
    connections["owner"].close()


def _look() -> None:
    """Whether roles and rights are as they must be, before anything is made."""
    owner = connections["owner"]
    try:
        owner.ensure_connection()
    except OperationalError as error:
        who = owner.settings_dict["USER"]
        why = str(error).strip().splitlines()[-1]
        raise NotPrepared(f"The database does not let {who} in: {why}. {HOW}") from error
    found = missing(owner.connection, settings.OPENKAP_ROLES)
    if found:
        raise NotPrepared(f"{' '.join(found)} {HOW}")


def pending() -> list[str]:
    """The migrations that have not been applied."""
    executor: Any = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
