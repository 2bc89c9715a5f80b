"""The demo's clinic, filled once a run: whoever walks through all its pages begins with a copy of it.

A test asks for `harbour`; one whose site runs in threads of its own asks for `harbour_served`.
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from openkap.config.embedded import EmbeddedServer
from tests.settings import DATA, OWN, ROOT

KINDS = {".py", ".yaml", ".json", ".txt", ".md"}
_numbers = itertools.count(1)


def _of_today() -> str:
    """The name of the filled database: it speaks of every line it was made with."""
    digest = hashlib.sha256()
    for path in sorted(it for it in (ROOT / "src").rglob("*") if it.suffix in KINDS):
        digest.update(path.read_bytes())
    return f"template_harbour_{digest.hexdigest()[:12]}"


@contextmanager
def _pointed_at(server: EmbeddedServer, name: str) -> Iterator[None]:
    """Both of Django's connections lead to the database of this name."""
    from django.db import connections

    before = {alias: connections[alias].settings_dict["NAME"] for alias in ("default", "owner")}
    _lead(dict.fromkeys(before, name))
    try:
        yield
    finally:
        _lead(before)


def _lead(names: dict[str, str]) -> None:
    from django.conf import settings
    from django.db import connections

    for alias, name in names.items():
        connections[alias].close()
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name


@pytest.fixture(scope="session")
def harbour_template(server: EmbeddedServer, django_db_setup: None, django_db_blocker: Any) -> str:
    """The name of a database with the demo's clinic in it, made by the first who needs it."""
    name = _of_today()
    with (DATA / "harbour.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        there = server.databases()
        if name not in there:
            for old in (it for it in there if it.startswith("template_harbour_")):
                server.drop_database(old)
            server.drop_database("filling")
            [schema] = [it for it in there if it.startswith("template_") and "harbour" not in it]
            server.create_database("filling", template=schema)
            with django_db_blocker.unblock(), _pointed_at(server, "filling"):
                _fill()
            server.rename_database("filling", name)
    return name


def _fill() -> None:
    from django.utils import timezone

    from openkap.config.demo import seed
    from tests.cast import NOW

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: NOW + timedelta(minutes=1))
        seed.fill(say=lambda text: None)


@contextmanager
def _copy(server: EmbeddedServer, template: str, blocker: Any) -> Iterator[None]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_harbour_{worker}_{next(_numbers)}_{os.getpid()}"
    with (DATA / "harbour.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server.create_database(name, template=template)
    with blocker.unblock(), _pointed_at(server, name):
        yield
    server.drop_database(name)


@pytest.fixture(scope="class")
def on_harbour(request: pytest.FixtureRequest) -> Iterator[None]:
    """The connections lead to a copy of the demo's clinic; wider than a test, to come before `db`."""
    if OWN:  # a database of somebody's own: `harbour` fills it within each test
        yield
        return
    template = request.getfixturevalue("harbour_template")
    blocker = request.getfixturevalue("django_db_blocker")
    with _copy(request.getfixturevalue("server"), template, blocker):
        yield


@pytest.fixture
def harbour(on_harbour: None, db: None) -> uuid.UUID:
    """The demo's clinic."""
    return _the_clinic()


@pytest.fixture
def harbour_served(
    transactional_db: None, server: EmbeddedServer, harbour_template: str, django_db_blocker: Any
) -> Iterator[uuid.UUID]:
    """The demo's clinic for a site that runs in threads of its own: a copy for this test alone."""
    with _copy(server, harbour_template, django_db_blocker):
        yield _the_clinic()


def _the_clinic() -> uuid.UUID:
    from openkap.config.demo import seed
    from openkap.tenancy.clinics import clinic_ids

    if not clinic_ids():
        seed.fill(say=lambda text: None)
    [clinic_id] = clinic_ids()
    return clinic_id


def someone(clinic_id: uuid.UUID, who: str) -> Any:
    """One of the demo's people, by the first part of their address; asked for inside the clinic."""
    from openkap.accounts.actor import Actor
    from openkap.accounts.models import Membership

    member = Membership.objects.select_related("user").get(user__email=f"{who}@harbour.example")
    return Actor(clinic_id, member.role, member.user.name, member.user_id, member.id)
