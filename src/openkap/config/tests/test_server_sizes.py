"""The embedded PostgreSQL takes its share of the machine, and no more."""

from __future__ import annotations

import pytest
from django.db import connection

from openkap.config import embedded, machine
from openkap.config.keys import load_or_make
from openkap.config.machine import MIB
from openkap.config.server_sizes import sizes
from tests.harbour import OWN

GIB = 1024 * MIB


@pytest.mark.parametrize(
    ("memory", "shared", "cache"),
    [(512 * MIB, "128MB", "256MB"), (4 * GIB, "512MB", "2048MB"), (64 * GIB, "1024MB", "32768MB")],
)
def test_an_eighth_of_the_memory_within_bounds(memory, shared, cache):
    assert (sizes(memory)["shared_buffers"], sizes(memory)["effective_cache_size"]) == (shared, cache)


def test_the_server_is_started_with_them_and_a_test_may_say_otherwise(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "memory", lambda: 4 * GIB)
    keys = load_or_make(tmp_path)
    assert embedded.EmbeddedServer(tmp_path, keys).options["shared_buffers"] == "512MB"
    mine = embedded.EmbeddedServer(tmp_path, keys, options={"shared_buffers": "64MB"})
    assert mine.options["shared_buffers"] == "64MB"


@pytest.mark.skipif(OWN, reason="a server of somebody's own has its own settings")
@pytest.mark.django_db
def test_the_wheels_server_takes_every_one_of_them():
    wanted = sizes(machine.memory())
    wanted.pop("max_connections")  # the tests' server has a number of its own
    with connection.cursor() as cursor:
        for name, value in wanted.items():
            cursor.execute("SELECT current_setting(%s)", [name])
            (has,) = cursor.fetchone()
            if value.endswith("MB"):
                cursor.execute("SELECT pg_size_bytes(%s) = pg_size_bytes(%s)", [has, value])
                assert cursor.fetchone() == (True,), name
            else:
                assert has == value, name
