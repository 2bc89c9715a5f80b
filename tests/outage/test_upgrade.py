"""A new version: a backup first, all or nothing, and never backwards (H44)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from openkap.config.embedded import EmbeddedServer
from tests import standing as clinics
from tests.standing import RunningClinic, free_port

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]

SETTINGS = """
from openkap.config.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "newer"]
"""
FIRST = """
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        migrations.CreateModel("Thing", [("id", models.AutoField(primary_key=True))]),
        migrations.RunSQL("UPDATE accounts_user SET name = name || ' (new)'"),
        migrations.RunSQL("ALTER TABLE accounts_user ADD COLUMN newer integer NOT NULL DEFAULT 1"),
    ]
"""
SECOND = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("newer", "0001_initial")]
    operations = [migrations.RunSQL("ALTER TABLE accounts_user ADD CHECK ({check})")]
"""


def _new_version(folder: Path, *, check: str) -> dict[str, str]:
    """The code of a version to come: one app more, with two migrations."""
    app = folder / "newer"
    (app / "migrations").mkdir(parents=True, exist_ok=True)
    (app / "__init__.py").touch()
    (app / "migrations" / "__init__.py").touch()
    (app / "migrations" / "0001_initial.py").write_text(FIRST)
    (app / "migrations" / "0002_check.py").write_text(SECOND.format(check=check))
    (folder / "newer_settings.py").write_text(SETTINGS)
    path = f"{folder}:{clinics.ROOT}"
    return {"DJANGO_SETTINGS_MODULE": "newer_settings", "PYTHONPATH": path}


@pytest.fixture
def clinic(server: EmbeddedServer, django_db_setup: None, tmp_path: Path) -> Iterator[RunningClinic]:
    """A clinic of today's version, not serving."""
    from django.conf import settings

    it = clinics.build(server, str(settings.DATABASES["default"]["NAME"]), tmp_path / "clinic")
    yield it
    clinics.clear(it)


def _content(clinic: RunningClinic) -> str:
    """Every table and row, as PostgreSQL writes them; not the numbers of rows to come, which only grow."""
    with clinic.server.running():
        done = subprocess.run(
            [clinic.server.tool("pg_dump"), "--dbname=openkap", "--restrict-key=test"],
            env={
                **clinic.server.as_backup(),
                "PGUSER": "postgres",
                "PGPASSWORD": clinic.server.keys.superuser,
            },
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stderr
    return "\n".join(line for line in done.stdout.splitlines() if "pg_catalog.setval" not in line)


def test_a_failed_migration_changes_nothing_and_the_old_version_starts_again(
    clinic: RunningClinic, tmp_path: Path
) -> None:
    before = _content(clinic)
    new = replace(clinic, more=_new_version(tmp_path / "code", check="newer > 7"), process=None)
    done = new.command("serve", timeout=120)
    assert done.returncode == 2
    assert "2 migrations are pending (first: newer.0001_initial). Run `openkap migrate`." in done.stderr
    done = new.command("migrate", timeout=300)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "A backup first" in done.stdout
    assert "The migration newer.0002_check failed: check constraint" in done.stderr
    assert "Nothing was changed; the version before starts as it did." in done.stderr
    assert "Traceback" not in done.stderr
    assert _content(clinic) == before
    done = new.command("serve", timeout=120)
    assert done.returncode == 2
    assert "The last try failed, and the version before can be started." in done.stderr
    assert "newer.0002_check" in done.stderr
    clinic.serve()
    clinic.stop()


def test_an_upgrade_is_backed_up_first_refused_while_serving_and_never_goes_back(
    clinic: RunningClinic, tmp_path: Path
) -> None:
    clinic.serve()
    new = replace(clinic, more=_new_version(tmp_path / "code", check="newer > 0"), process=None)
    done = new.command("migrate", timeout=120)
    assert (done.returncode, "is running on" in done.stderr) == (2, True), done.stderr
    clinic.stop()
    before = _content(clinic)
    done = new.command("migrate", timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert _content(clinic) != before
    for verb in ("serve", "migrate"):
        done = clinic.command(verb, timeout=120)
        assert done.returncode == 2, done.stdout
        assert "brought up to date by a newer OpenKAP (2 migrations this one does not" in done.stderr
        assert "newer.0001_initial" in done.stderr
    folder = clinic.data_dir / "backup" / "before-upgrade"
    back = replace(clinic, data_dir=tmp_path / "back", port=free_port(), mllp_port=free_port(), process=None)
    try:
        done = back.command(
            "restore", "--from", f"folder://{folder}", "--key", str(folder / "recovery.key"), timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        back.serve()
    finally:
        clinics.clear(back)


def test_an_upgrade_without_a_backup_is_a_decision_for_a_server_of_your_own(
    clinic: RunningClinic, tmp_path: Path
) -> None:
    """Where we cannot make one, nothing begins until somebody says that there is one."""
    code = _new_version(tmp_path / "code", check="newer > 0")
    with clinic.server.running():
        keys, host = clinic.server.keys, clinic.server.socket_dir
        own = {
            "OPENKAP_DATABASE_URL": f"postgresql://openkap_app:{keys.app}@/openkap?host={host}",
            "OPENKAP_OWNER_DATABASE_URL": f"postgresql://openkap_owner:{keys.owner}@/openkap?host={host}",
        }
        new = replace(clinic, more={**code, **own}, process=None)
        done = new.command("migrate", timeout=120)
        assert done.returncode == 2
        assert "There is no backup" in done.stderr
        assert "2 migrations are pending" in new.command("check").stdout
        done = new.command("migrate", "--without-backup", timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr
