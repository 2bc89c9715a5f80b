"""The demo is told through the rooms' own actions, so it holds what they promise."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.utils import timezone

from openkap.alerts.models import Alert
from openkap.audit.queries import verify
from openkap.config.demo import seed, start
from openkap.config.demo.people import EVERYONE
from openkap.config.embedded import EmbeddedServer
from openkap.config.keys import load_or_make
from openkap.courses import queries as courses
from openkap.people.models import Patient
from openkap.tenancy.clinics import clinic_ids
from openkap.tenancy.context import inside
from openkap.watch import queries as watch_queries
from openkap.watch.models import Vital


@pytest.mark.django_db
def test_the_demo_fills_a_whole_clinic_and_every_chain_holds():
    assert seed.is_needed()
    told: list[str] = []
    seed.fill(say=told.append)
    assert not seed.is_needed()
    [clinic_id] = clinic_ids()
    with inside(clinic_id):
        assert verify(clinic_id) == []
        assert Patient.objects.count() == 8
        assert len(watch_queries.open_sessions()) == 1
        assert Alert.objects.filter(kind="suicidality").count() == 1
        assert set(Vital.objects.values_list("standing", flat=True)) == {"plausible", "implausible", "absent"}
        amara = Patient.objects.get(given_name="Amara")
        course = courses.of_patient(amara.id)
        step = courses.next_step(course, today=timezone.now().date())
        assert (step.key, step.session_number) == ("dosing", 3)
        assert [it.code for it in step.blocks] in ([], ["date"])
    assert len(told) == 7
    assert len({person.email for person in EVERYONE}) == len(EVERYONE)


def test_a_fresh_demo_begins_in_a_folder_made_anew_and_throws_away_nobodys_clinic(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path, load_or_make(tmp_path))
    assert not start.is_anothers(server)
    server.cluster.mkdir(parents=True)
    try:
        assert start.is_anothers(server)
        (tmp_path / start.MARKER).touch()
        assert not start.is_anothers(server)
    finally:
        shutil.rmtree(server.home)
