"""A database that does not answer is given up by a deadline of our own (hazard H35)."""

from __future__ import annotations

import time

import psycopg
import pytest
from django.db import connection

from openkap.config import waiting
from openkap.tenancy.postgresql.patience import with_patience


def _connect(seconds: float | None) -> psycopg.Connection:
    return with_patience(seconds).connect(**connection.get_connection_params())


@pytest.mark.django_db
def test_a_silent_server_is_given_up_and_the_connection_is_of_no_more_use() -> None:
    began = time.monotonic()
    with pytest.raises(psycopg.OperationalError), _connect(0.4) as link:
        link.execute("SELECT pg_sleep(30)")
    assert time.monotonic() - began < 10
    assert link.closed


@pytest.mark.django_db
def test_a_server_that_answers_in_time_is_never_given_up() -> None:
    with _connect(20) as link:
        for _ in range(3):
            assert link.execute("SELECT pg_sleep(0.2)") is not None
        assert not link.closed
    with _connect(None) as link:
        assert link.execute("SELECT 1").fetchone() == (1,)


def test_each_process_waits_as_long_as_its_people_can() -> None:
    web, devices, jobs, command = ({"OPTIONS": {}} for _ in range(4))
    waiting.set_up(web, process="web")
    waiting.set_up(devices, process="devices")
    waiting.set_up(jobs, process="jobs")
    waiting.set_up(command, process="")
    assert web["OPTIONS"]["pool"]["timeout"] == 3
    assert web["OPTIONS"]["pool"]["connection_class"].patience_seconds == 3
    assert web["OPTIONS"]["options"] == "-c lock_timeout=2500 -c statement_timeout=2800"
    assert devices["OPTIONS"]["options"] == "-c lock_timeout=9500 -c statement_timeout=9800"
    assert jobs["OPTIONS"]["options"] == "-c lock_timeout=59500 -c statement_timeout=59800"
    assert (devices["OPTIONS"]["patience_seconds"], devices["CONN_MAX_AGE"]) == (10, 600)
    assert not {"patience_seconds", "options"} & command["OPTIONS"].keys()


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [waiting.SITE_SECONDS, waiting.LISTENER_SECONDS, waiting.JOBS_SECONDS])
def test_the_server_ends_a_wait_a_little_before_our_patience_does(seconds: int) -> None:
    known = connection.get_connection_params()
    with psycopg.connect(**{**known, "options": waiting.server_limits(seconds)}) as link:
        lock, statement = (
            link.execute("SELECT extract(epoch FROM current_setting(%s)::interval)", [name]).fetchone()[0]
            for name in ("lock_timeout", "statement_timeout")
        )
    assert 0 < lock < statement < seconds
