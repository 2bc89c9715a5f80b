"""The site's workers: each serves alone, all of them as one, and one that ends is started again."""

from __future__ import annotations

import http.client
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.outage.test_database import ask, told, words
from tests.standing import RunningClinic

pytestmark = pytest.mark.enable_socket
WORKERS = 3
NAME = "openkap.config.processes web"


def _workers(standing: RunningClinic) -> list[int]:
    return sorted(pid for pid, line in standing.tree().items() if NAME in line)


@pytest.fixture
def shared(built: RunningClinic) -> Iterator[RunningClinic]:
    """The clinic, serving with three workers that all have begun."""
    built.stop()
    before = dict(built.more)
    built.more["OPENKAP_WEB_WORKERS"] = str(WORKERS)
    built.serve()
    try:
        end = time.monotonic() + 60
        while not (len(_workers(built)) == WORKERS and all(_answers(built, pid) for pid in _workers(built))):
            assert time.monotonic() < end, built.log()
            time.sleep(0.2)
        yield built
    finally:
        built.more = before
        built.stop()


@contextmanager
def _alone(standing: RunningClinic, worker: int) -> Iterator[None]:
    """Every worker but this one held still."""
    others = [pid for pid in _workers(standing) if pid != worker]
    try:
        for pid in others:
            os.kill(pid, signal.SIGSTOP)
        yield
    finally:
        for pid in others:
            os.kill(pid, signal.SIGCONT)


def _answers(standing: RunningClinic, worker: int) -> bool:
    with _alone(standing, worker):
        try:
            return ask(standing, "/", seconds=10).status == 200
        except OSError:
            return False


def test_what_is_done_at_one_worker_is_told_to_the_screens_of_another(shared: RunningClinic) -> None:
    first, second, _ = _workers(shared)
    path = f"/sessions/{shared.told['session']}"
    link = http.client.HTTPConnection("localhost", shared.port, timeout=30)
    with _alone(shared, first):
        link.request("GET", f"{path}/stream/", headers={"Cookie": f"sessionid={shared.told['keys']['sam']}"})
        screen = link.getresponse()
        assert screen.readline().startswith(b"event: beat")
        told(screen, "event: answer")  # its worker listens
    with _alone(shared, second):
        assert ask(shared, f"{path}/words/", typed=words("said at the second")).status == 302
    told(screen, "said at the second")
    link.close()


def test_tries_at_every_worker_are_one_count(shared: RunningClinic) -> None:
    """A limit that each worker counted for itself would be a limit times the workers."""
    typed = {"login": f"nobody-{time.time_ns()}@example.org", "password": "a wrong one"}
    answers = []
    for number in range(6):
        with _alone(shared, _workers(shared)[number % WORKERS]):
            answers.append(ask(shared, "/sign-in/", who="", typed=typed).body)
    assert [b"Too many" in body for body in answers] == [False] * 5 + [True]


def test_a_worker_that_is_killed_is_missed_by_nobody_and_comes_back(shared: RunningClinic) -> None:
    before = _workers(shared)
    os.kill(before[0], signal.SIGKILL)
    end = time.monotonic() + 60
    while len(_workers(shared)) < WORKERS or _workers(shared) == before:
        assert ask(shared, "/").status == 200
        assert time.monotonic() < end, shared.log()
    assert len(set(_workers(shared)) & set(before)) == WORKERS - 1


def test_a_worker_that_starts_again_turns_nobody_away(shared: RunningClinic) -> None:
    """With every worker gone at once, who comes meanwhile waits until one is there again."""
    for pid in _workers(shared):
        os.kill(pid, signal.SIGKILL)
    assert ask(shared, "/", seconds=60).status == 200
