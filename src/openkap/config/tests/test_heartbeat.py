"""The work by the clock: it says that it runs, and when it stops every clinic is told."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from openkap.alerts.models import Alert
from openkap.config import checks, heartbeat
from openkap.config.family import Lock
from openkap.tenancy import jobs
from openkap.tenancy.models import Beat
from tests.cast import Cast


def _pulse(monkeypatch) -> heartbeat.Pulse:
    monkeypatch.setattr(heartbeat, "LOOK_EVERY_SECONDS", 0.0)
    pulse = heartbeat.Pulse()
    pulse._since -= heartbeat.STOPPED_AFTER.total_seconds() + 1
    return pulse


def test_a_job_says_each_minute_that_the_jobs_run(cast: Cast, monkeypatch) -> None:
    """H34: the beat is that of a job that ran, not of a worker that merely lives."""
    jobs.beat(timestamp=0)
    assert timezone.now() - Beat.objects.get().at < timedelta(seconds=30)
    assert not _pulse(monkeypatch).has_stopped()
    assert not Alert.objects.filter(kind="jobs_stopped").exists()


def test_when_the_jobs_stop_they_start_again_and_the_clinic_is_told_once(cast: Cast, monkeypatch) -> None:
    """H12, H34."""
    Beat.objects.create(name="jobs", at=timezone.now() - timedelta(minutes=4))
    pulse = _pulse(monkeypatch)
    assert pulse.has_stopped()
    assert not pulse.has_stopped()  # they get their time to come back
    assert _pulse(monkeypatch).has_stopped()
    alert = Alert.objects.get(kind="jobs_stopped")
    assert "stood still" in str(alert.says)
    assert alert.owner_id is not None


def test_a_clinic_that_has_just_opened_is_given_its_time(cast: Cast) -> None:
    Beat.objects.create(name="jobs", at=timezone.now() - timedelta(days=3))
    assert not heartbeat.Pulse().has_stopped()


def test_the_self_check_sees_it_while_the_clinic_serves(cast: Cast, monkeypatch) -> None:
    Beat.objects.create(name="jobs", at=timezone.now() - timedelta(minutes=4))
    assert checks.the_jobs_run() == []
    monkeypatch.setattr(Lock, "is_held", lambda self: True)
    assert "has not run since" in checks.the_jobs_run()[0]
    Beat.objects.update(at=timezone.now())
    assert checks.the_jobs_run() == []
