"""Where nobody has set a clinic up yet, a command says so in a sentence and what to do (18.4)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from openkap.config.database import NOT_SET_UP
from openkap.config.embedded import EmbeddedServer
from openkap.config.keys import load_or_make
from tests.standing import ROOT, free_port

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with a database that holds nothing."""
    folder = tmp_path_factory.mktemp("empty") / "data"
    with EmbeddedServer(folder, load_or_make(folder)).running():
        yield folder


@pytest.mark.parametrize(
    "words",
    [
        ["serve"],
        ["check"],
        ["audit", "verify"],
        ["audit", "report", "--patient", "KAP-1"],
        ["devices", "replay", "--simulated", "--monitor", "M"],
    ],
    ids=" ".join,
)
def test_every_command_says_that_nothing_is_set_up_and_what_to_do(empty: Path, words: list[str]) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("OPENKAP_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    ports = {"OPENKAP_PORT": str(free_port()), "OPENKAP_MLLP_PORT": str(free_port())}
    done = subprocess.run(
        [sys.executable, "-m", "openkap.config.command", *words],
        env={**kept, **ports, "OPENKAP_DATA_DIR": str(empty), "OPENKAP_EMAIL_URL": "folder:///nowhere"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (2, f"openkap: {NOT_SET_UP}\n"), done.stdout
