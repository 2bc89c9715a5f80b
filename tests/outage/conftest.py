"""One standing clinic for the tests of this folder; each leaves it serving."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from openkap.config.embedded import EmbeddedServer
from tests import standing as clinics
from tests.standing import RunningClinic


@pytest.fixture(scope="session")
def built(
    server: EmbeddedServer, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningClinic]:
    """A clinic laid out, not serving."""
    from django.conf import settings

    folder: Path = tmp_path_factory.mktemp("standing")
    it = clinics.build(server, str(settings.DATABASES["default"]["NAME"]), folder)
    yield it
    clinics.clear(it)


@pytest.fixture
def standing(built: RunningClinic) -> RunningClinic:
    """The clinic, serving."""
    if built.process is None or built.process.poll() is not None:
        built.serve()
    else:
        built.wait_open()
    return built


@pytest.fixture(autouse=True)
def real_time() -> Iterator[None]:
    """These tests wait for processes; how long each took is worth knowing when one is red."""
    began = time.monotonic()
    yield
    print(f"took {time.monotonic() - began:.1f} s")
