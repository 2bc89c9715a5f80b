"""The wheel: it holds the built front end, installs into an empty environment, and runs the demo."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

from tests.architecture.reading import ROOT

pytestmark = pytest.mark.slow
BUILT = "openkap/ui/static/ui/build/"
MANIFEST = BUILT + "manifest.json"
NEEDED = (
    "openkap/protocols/packs/versions.txt",
    "openkap/protocols/packs/pack.schema.json",
    "openkap/protocols/packs/shared/ketamine.yaml",
    "openkap/config/demo/referral.json",
    "openkap/dosing/templates/dosing/summary.typ",
)
UV = str(Path(sys.executable).with_name("uv"))
OPEN_WITHIN_SECONDS = 240


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as a release would be."""
    out = tmp_path_factory.mktemp("dist")
    command = [UV, "build", "--quiet", "--wheel", "--no-build-isolation", "--out-dir", str(out), str(ROOT)]
    subprocess.run(command, check=True, env={**os.environ, "VIRTUAL_ENV": sys.prefix})
    [built] = out.glob("*.whl")
    return built


def test_the_wheel_holds_the_front_end_and_no_tests(wheel: Path) -> None:
    packed = zipfile.ZipFile(wheel)
    names, built = packed.namelist(), json.loads(packed.read(MANIFEST))
    made = [BUILT + built[name] for name in ("page.js", "page.css", "dosing.js", "dosing.css")]
    compressed = [name + ending for name in made for ending in (".br", ".gz")]
    assert [name for name in (*NEEDED, *made, *compressed) if name not in names] == []
    assert [name for name in names if "/tests/" in name or name.startswith("tests/")] == []


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/demo/", timeout=5) as page:
            return b"Be Kit Moran" in page.read()
    except OSError:
        return False


def test_the_wheel_runs_the_demo_in_an_empty_environment_and_stops_cleanly(
    wheel: Path, tmp_path: Path
) -> None:
    """Nothing of this checkout is used: another environment, another folder, ports of its own."""
    home, data, port = tmp_path / "env", tmp_path / "data", _free_port()
    python = home / "bin" / "python"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, str(home)], check=True)
    install = [UV, "pip", "install", "--quiet", "--python", str(python)]
    subprocess.run([*install, "--require-hashes", "-r", str(ROOT / "requirements" / "run.lock")], check=True)
    subprocess.run([*install, "--no-deps", str(wheel)], check=True)
    surroundings = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "OPENKAP_DATA_DIR": str(data),
        "OPENKAP_PORT": str(port),
        "OPENKAP_MLLP_PORT": str(_free_port()),
    }
    log = (tmp_path / "demo.log").open("wb")
    demo = subprocess.Popen(
        [str(home / "bin" / "openkap"), "demo"], env=surroundings, cwd=tmp_path, stdout=log, stderr=log
    )
    try:
        end = time.monotonic() + OPEN_WITHIN_SECONDS
        while time.monotonic() < end and demo.poll() is None and not _answers(port):
            time.sleep(0.5)
        said = (tmp_path / "demo.log").read_text()
        assert _answers(port), said
        verified = subprocess.run(
            [str(home / "bin" / "openkap"), "audit", "verify"],
            env=surroundings,
            capture_output=True,
            text=True,
        )
        assert "the chain holds" in verified.stdout, verified.stderr
    finally:
        demo.send_signal(signal.SIGTERM)
        code = demo.wait(timeout=60)
        log.close()
        _clear(data)
    assert code == 0
    assert not _answers(port)
    assert _still_running(str(data)) == []


def _still_running(mark: str) -> list[str]:
    """Processes that still speak of this data folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
        except OSError:
            continue
        if mark.encode() in told and int(entry.name) != os.getpid():
            found.append(entry.name)
    return found


def _clear(data: Path) -> None:
    """As root the cluster lives outside the data folder; take it away with the test."""
    from openkap.config import keys
    from openkap.config.embedded import EmbeddedServer

    known = keys.load(data)
    if known is not None and os.geteuid() == 0:
        shutil.rmtree(EmbeddedServer(data, known).home, ignore_errors=True)
