"""Bringing a database up to date: roles' rights, migrations as the owner, the context key. All or nothing.

A database that holds a clinic is changed in one transaction: a migration that fails, or a machine that
stops, leaves it as it was, and the version before starts again. It never goes backwards: what a newer
version changed, an older one does not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.migrate import Command
from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from openkap.tenancy import history
from openkap.tenancy.preparing import MigrationFailed, NotPrepared, missing
from openkap.tenancy.row_security import install_key, keep_history, let_backup_read

HOW = "Run `openkap database prepare`; docs/howto/your-own-postgresql.md says how."
FAILED = "migrate-failed"


NOT_SET_UP = "No clinic is set up here yet. `openkap init` sets one up; `openkap demo` shows one made up."


def must_be_set_up() -> None:
    """Raises `NotPrepared` where the database that answers holds nothing of OpenKAP yet."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('tenancy_clinic') IS NOT NULL")
        if not cursor.fetchone()[0]:
            raise NotPrepared(NOT_SET_UP)


class _Migrate(Command):
    """Django's own command; it remembers which migration it is at."""

    at = ""

    def migration_progress_callback(self, action: str, migration: Any = None, fake: bool = False) -> None:
        if action == "apply_start":
            self.at = f"{migration.app_label}.{migration.name}"
        super().migration_progress_callback(action, migration=migration, fake=fake)


def migrate(*, verbosity: int = 0) -> None:
    """Apply every migration as the owner, and give the database the context key.

    Raises `NotPrepared` before anything is done, `MigrationFailed` when all was undone.
    """
    _look()
    newer = unknown()
    if newer:
        raise NotPrepared(newer_than_this(newer))
    command, owner = _Migrate(), connections["owner"]
    try:
        with _all_or_nothing(owner):
            call_command(command, database="owner", verbosity=verbosity, interactive=False)
            install_key(owner, settings.OPENKAP_CONTEXT_KEY)
            keep_history(owner, history.tables())
            let_backup_read(owner)
    except Exception as error:
        text = _why(command.at, error)
        _failed_file().write_text(text, encoding="utf-8")
        raise MigrationFailed(f"{text} Nothing was changed; the version before starts as it did.") from error
    finally:
        owner.close()
    _failed_file().unlink(missing_ok=True)


def _failed_file() -> Path:
    folder: Path = settings.ENV.data_dir
    return folder / FAILED


def _why(at: str, error: Exception) -> str:
    said = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return f"The migration {at or 'of the rights'} failed: {said}."


@contextmanager
def _all_or_nothing(owner: Any) -> Iterator[None]:
    """One transaction around every migration, when there is something to keep."""
    if not MigrationRecorder(owner).has_table():
        yield
        return
    with transaction.atomic(using="owner"):
        with owner.cursor() as cursor:  # a table with checks left open cannot be altered
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield


def _look() -> None:
    """Whether roles and rights are as they must be, before anything is made."""
    owner = connections["owner"]
    try:
        owner.ensure_connection()
    except OperationalError as error:
        who = owner.settings_dict["USER"]
        why = str(error).strip().splitlines()[-1]
        raise NotPrepared(f"The database does not let {who} in: {why}. {HOW}") from error
    faults = missing(owner.connection, settings.OPENKAP_ROLES)
    if faults:
        raise NotPrepared(f"{' '.join(faults)} {HOW}")


def pending() -> list[str]:
    """The migrations that have not been applied."""
    executor: Any = MigrationExecutor(connections["owner"])
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def unknown() -> list[str]:
    """The migrations that were applied by a newer version: this one does not have them."""
    loader = MigrationExecutor(connections["owner"]).loader
    replaced = {name for it in loader.disk_migrations.values() for name in it.replaces}
    applied = set(loader.applied_migrations or ())
    return sorted(f"{app}.{name}" for app, name in applied - loader.disk_migrations.keys() - replaced)


def newer_than_this(names: list[str]) -> str:
    """Why an older version does not touch a newer database."""
    return (
        f"This database was brought up to date by a newer OpenKAP ({len(names)} migrations this one does not "
        f"have, first {names[0]}). Start that version. The way back is a backup made before: openkap restore."
    )


def last_failure() -> str:
    """What the last try to bring it up to date failed with; "" when it did not."""
    path = _failed_file()
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def is_new() -> bool:
    """Whether nothing was ever made in this database."""
    try:
        return not MigrationRecorder(connections["owner"]).has_table()
    except DatabaseError:
        return True
