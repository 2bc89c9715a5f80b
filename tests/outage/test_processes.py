"""The tree of `openkap serve`: it starts once, says what stands in its way, and falls as one."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.standing import RunningClinic, free_port

pytestmark = pytest.mark.enable_socket


def _gone(standing: RunningClinic, *, seconds: float = 30) -> list[str]:
    """What is left of the tree once it had the time to fall."""
    end = time.monotonic() + seconds
    while standing.tree() and time.monotonic() < end:
        time.sleep(0.1)
    return list(standing.tree().values())


def test_a_parent_that_is_killed_takes_its_children_with_it(standing: RunningClinic) -> None:
    """Attack K3.5: site, listener and database lived on without jobs, so nothing escalated."""
    assert standing.process is not None
    assert len(standing.tree()) > 4
    os.kill(standing.process.pid, signal.SIGKILL)
    standing.process.wait(timeout=30)
    assert _gone(standing) == []
    standing.serve()
    standing.wait_open()


def test_a_second_start_on_the_same_data_says_so_and_ends(standing: RunningClinic) -> None:
    """Attack K3.5: it started a second site, which fell over for ever."""
    before = set(standing.tree())
    done = standing.command("serve", timeout=60)
    assert done.returncode == 2
    assert "is running on" in done.stderr
    assert str(standing.process.pid if standing.process else "") in done.stderr
    assert done.stderr.count("\n") == 1
    assert before <= set(standing.tree())


def test_being_told_to_end_ends_the_whole_tree(standing: RunningClinic) -> None:
    assert standing.process is not None
    standing.process.terminate()
    assert standing.process.wait(timeout=60) == 0
    assert _gone(standing) == []


def test_a_shell_in_between_leaves_nothing_running(standing: RunningClinic) -> None:
    """The recipes put the clinic in the place of their shell: the shell died, and the clinic ran on."""
    recipes = (standing_root() / "Makefile").read_text(encoding="utf-8")
    lines = [line for line in recipes.splitlines() if "openkap demo" in line and line.startswith("\t")]
    assert lines
    assert all(" exec " in line for line in lines)
    standing.stop()
    assert _gone(standing) == []
    line = "exec python -m openkap.config.command serve".replace("python", sys.executable)
    shell = subprocess.Popen(  # noqa: S602 - the shell is what is tried
        line, shell=True, env=standing.surroundings, cwd=standing_root(), start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    standing.process = shell  # type: ignore[assignment]
    standing.wait_open()
    shell.terminate()
    shell.wait(timeout=60)
    assert _gone(standing) == []


def standing_root() -> Path:
    from tests.standing import ROOT

    return ROOT


@pytest.mark.parametrize("name", ["OPENKAP_PORT", "OPENKAP_MLLP_PORT"])
def test_a_port_in_use_is_a_sentence_and_no_loop(built: RunningClinic, name: str) -> None:
    built.stop()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        around = {**built.surroundings, name: port, "OPENKAP_HOST": "127.0.0.1"}
        for verb in ("serve", "check"):
            done = _run(verb, around)
            assert done.returncode in (1, 2)
            assert f"Port {port} on 127.0.0.1 is in use" in done.stderr + done.stdout
            assert name in done.stderr + done.stdout
            assert "Traceback" not in done.stderr
    assert _gone(built) == []


def _run(verb: str, around: dict[str, str]) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "openkap.config.command", *verb.split()]
    return subprocess.run(line, env=around, cwd=standing_root(), capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("OPENKAP_HOST", "no.such.host.invalid", "no address is known"),
        ("OPENKAP_HOST", "192.0.2.7", "cannot listen there"),
        ("OPENKAP_DATA_DIR", "/dev/null/here", "nothing can be kept there"),
        ("OPENKAP_POTR", "8001", "Is OPENKAP_PORT meant?"),
        ("OPENKAP_TLS_PROXY", "a proxy", "Give the proxy's IP address"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(built: RunningClinic, name: str, value: str, said: str) -> None:
    built.stop()
    done = _run("serve", {**built.surroundings, name: value})
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert name in done.stderr
    assert _gone(built) == []


def test_a_recording_sent_to_nobody_says_so(built: RunningClinic) -> None:
    done = _run(f"devices replay --simulated --host 127.0.0.1 --port {free_port()}", built.surroundings)
    assert done.returncode == 2
    assert "Nobody listens" in done.stderr
    assert "Traceback" not in done.stderr
