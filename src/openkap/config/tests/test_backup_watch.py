"""A backup that is missing or fails is an alert with an owner, and the self-check says so (H43)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from openkap.accounts.roles import Role
from openkap.alerts.models import Alert
from openkap.config import checks, jobs
from openkap.config.backup import folder, state
from openkap.config.family import Lock
from tests.cast import Cast


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, with a place for backups."""
    env = replace(settings.ENV, data_dir=tmp_path, backup_to=f"folder://{tmp_path}/x", backup_key="age1x")
    monkeypatch.setattr(settings, "ENV", env)
    return tmp_path


def test_what_cannot_be_sent_is_an_administrators_alert_once(cast: Cast, here: Path) -> None:
    before = timezone.now() - timedelta(minutes=20)
    state.write(here, began=before, sent=before, based=before, failed="The disk is full.")
    jobs.backups(timestamp=0)
    jobs.backups(timestamp=0)
    alert = Alert.objects.get(kind="backup_failed")
    assert "The disk is full." in str(alert.says)
    assert (alert.owner.role, alert.severity) == (Role.ADMINISTRATOR, "urgent")
    lock = Lock(here)
    lock.take()
    assert any("The disk is full." in text for text in checks.backups_are_made())
    lock.let_go()
    state.write(here, sent=timezone.now())
    assert checks.backups_are_made() == []


def test_a_clinic_without_a_backup_is_told_once_a_week(
    cast: Cast, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, backup_to=""))
    jobs.backups(timestamp=0)
    jobs.backups(timestamp=0)
    assert Alert.objects.get(kind="backup_missing").severity == "soon"


def test_the_demo_is_not_told(cast: Cast, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "ENV", replace(settings.ENV, backup_to=""))
    monkeypatch.setattr(settings, "OPENKAP_DEMO", True)
    jobs.backups(timestamp=0)
    assert not Alert.objects.filter(kind="backup_missing").exists()


def test_everything_of_the_data_folder_is_kept_but_the_vaults_key(tmp_path: Path) -> None:
    """A file somebody adds later is in the backup without anybody thinking of it."""
    kept = ("keys.json", "checkpoint.key", "checkpoints/checkpoint-1.json", "checkpoints/.sent", "new/file")
    not_kept = ("vault.key", "postgres.log", "serving", "backup/state.json", "postgres/PG_VERSION", ".part")
    for name in (*kept, *not_kept):
        path = tmp_path / "from" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    mark = folder.mark(tmp_path / "from")
    content = folder.packed(tmp_path / "from")
    into = tmp_path / "into"
    into.mkdir()
    assert folder.unpack(content, into, anew=True) == len(kept)
    assert sorted(str(it) for it in folder.files(into)) == sorted(kept)
    (into / "keys.json").write_text("mine")
    assert folder.unpack(content, into, anew=False) == 0
    assert (into / "keys.json").read_text() == "mine"
    (tmp_path / "from" / "keys.json").write_text("changed")
    assert folder.mark(tmp_path / "from") != mark
