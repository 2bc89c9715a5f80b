"""A round of the clock wakes who is due, and leaves nobody out (hazards H07, H12, H13)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from openkap.audit.models import Event
from openkap.dosing.tests.scene import scene
from openkap.notices.models import Notice
from openkap.tenancy import clinics, jobs
from openkap.tenancy.context import inside
from openkap.watch import queries as watch
from tests.cast import NOW, Cast, found_clinic
from tests.rounds import ROUNDS


def test_every_round_of_each_minute_asks_first() -> None:
    """A job for each clinic each minute is 3 cores for 1,500 clinics that sleep."""
    periodic = jobs.app.periodic_registry.periodic_tasks
    often = {name for name, _ in periodic if periodic[name, _].cron.startswith(("*", "*/"))}
    of_all = {each.job.name for each in ROUNDS.values()}
    own = {"tenancy.beat", "tenancy.rescue_stalled", "config.backups"}
    assert often - own == of_all


def _gone_round(monkeypatch, job: Any, *, at: datetime) -> list[str]:
    woken: list[str] = []
    monkeypatch.setattr(job.each, "defer", lambda clinic_id: woken.append(clinic_id))
    job(timestamp=int(at.timestamp()))
    return woken


def test_a_round_wakes_who_is_due_and_every_few_hours_everybody(cast: Cast, monkeypatch) -> None:
    """Should a question ever be wrong, what it left out waits no longer than three hours."""
    other = found_clinic("Another Clinic").id
    scene(cast)
    sweep, everybody = ROUNDS["watch"].job, sorted([str(cast.clinic.id), str(other)])
    assert _gone_round(monkeypatch, sweep, at=datetime(2026, 11, 24, 9, 1, tzinfo=UTC)) == [
        str(cast.clinic.id)
    ]
    assert _gone_round(monkeypatch, sweep, at=datetime(2026, 11, 24, 10, 0, tzinfo=UTC)) == [
        str(cast.clinic.id)
    ]
    assert sorted(_gone_round(monkeypatch, sweep, at=datetime(2026, 11, 24, 9, 0, tzinfo=UTC))) == everybody


def test_a_question_that_fails_wakes_everybody(cast: Cast, monkeypatch, caplog) -> None:
    def broken(*told: Any) -> list:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")
        return []

    monkeypatch.setattr(watch, "clinics_by", broken)
    at = datetime(2026, 11, 24, 9, 1, tzinfo=UTC)
    assert _gone_round(monkeypatch, ROUNDS["watch"].job, at=at) == list(map(str, clinics.clinic_ids()))
    assert "each is gone round to" in caplog.text


def _trace() -> tuple[int, int, int]:
    """What a round leaves behind: its record, its jobs, its tries."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        queued = cursor.fetchone()[0]
    return Event.objects.count(), queued, sum(Notice.objects.values_list("tries", flat=True))


def test_whatever_a_round_would_do_its_question_has_found_the_clinic(harbour, monkeypatch, settings) -> None:
    """Two weeks of the demo's clinic: no round that does something was not asked for."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.OPENKAP_MAIL_IS_SET_UP = True
    did: dict[str, int] = dict.fromkeys(ROUNDS, 0)
    rested: dict[str, int] = dict.fromkeys(ROUNDS, 0)
    moment = [NOW]
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment[0])
    with inside(harbour, role="system"):
        for each in ROUNDS.values():
            for other in each.sets:
                monkeypatch.setattr(other, "defer", lambda other=other, **told: other(**told))
        for hours in (*range(1, 12, 3), *range(24, 24 * 15, 24)):
            moment[0] = NOW + timedelta(hours=hours)
            for name, each in ROUNDS.items():
                due, before = harbour in each.due(moment[0]), _trace()
                each.job.each(clinic_id=str(harbour))
                if _trace() != before:
                    assert due, f"{name} after {hours} h"
                    did[name] += 1
                rested[name] += not due
    assert {name for name, times in did.items() if times} >= {"watch", "followup", "alerts", "notices"}
    assert rested["followup"] > 0
