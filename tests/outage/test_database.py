"""The database away, hung, and back, under a site that really runs: a sentence, and all is well by itself."""

from __future__ import annotations

import http.client
import signal
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.standing import RunningClinic

pytestmark = pytest.mark.enable_socket
SENTENCE = b"does not answer"


@dataclass
class Answer:
    """What a request was answered."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


def ask(
    standing: RunningClinic,
    path: str,
    *,
    who: str = "sam",
    typed: dict[str, str] | None = None,
    accept: str = "text/html",
    seconds: float = 30,
) -> Answer:
    """One request as this person; with `typed` a POST, with a form's token as the page would have it."""
    began = time.monotonic()
    link = http.client.HTTPConnection("localhost", standing.port, timeout=seconds)
    token = "a" * 32
    cookie = f"csrftoken={token}"
    if who:
        cookie += f"; sessionid={standing.told['keys'][who]}"
    headers = {"Cookie": cookie, "Accept": accept, "Host": f"localhost:{standing.port}"}
    body = None
    if typed is not None:
        body = urlencode({**typed, "csrfmiddlewaretoken": token})
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    link.request("POST" if typed is not None else "GET", path, body=body, headers=headers)
    answer = link.getresponse()
    got = Answer(
        answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read(), time.monotonic() - began
    )
    link.close()
    return got


def pages(standing: RunningClinic) -> list[str]:
    """Pages of every kind: with a patient, without, one's own, the sign-in's, one that is not there."""
    session, patient = standing.told["session"], standing.told["patient"]
    return [
        "/", "/places/", "/patients/", "/dosing/", f"/patients/{patient}/", f"/sessions/{session}/",
        f"/sessions/{session}/before/", f"/sessions/{session}/live/", f"/sessions/{session}/stream/",
        "/second-factor/", "/password/", "/nothing/here/", f"/patients/{uuid.uuid4()}/",
    ]  # fmt: skip


def words(text: str) -> dict[str, str]:
    """A form of the room, filled in."""
    return {"text": text, "agreed": "on", "client_id": str(uuid.uuid4()), "once": str(uuid.uuid4())}


def test_every_page_says_in_a_sentence_that_the_database_is_away_and_is_well_again_after(
    standing: RunningClinic,
) -> None:
    """H35: attack K3.1 and K3.2."""
    before = {path: ask(standing, path).status for path in pages(standing) if "stream" not in path}
    with standing.without_database():
        with ThreadPoolExecutor(16) as several:
            answers = list(several.map(lambda path: ask(standing, path), pages(standing)))
        for path, answer in zip(pages(standing), answers, strict=True):
            if path == "/nothing/here/":
                assert answer.status == 404, path
                continue
            assert answer.status == 503, (path, answer.status, answer.body[:300])
            assert SENTENCE in answer.body, path
            assert answer.headers["cache-control"] == "no-store"
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["x-frame-options"] == "DENY"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.seconds < 6, (path, answer.seconds)
        assert ask(standing, "/sign-in/", who="").status == 200
    standing.wait_database()
    back = time.monotonic()
    while ask(standing, "/").status != 200:
        assert time.monotonic() - back < 30
    for _ in range(3):
        for path, status in before.items():
            assert ask(standing, path).status == status, path


def test_what_was_typed_comes_back_and_is_taken_once_when_it_is_sent_again(standing: RunningClinic) -> None:
    """H35, H24: a POST on a lost database lost every word (attack K3.1)."""
    path, typed = f"/sessions/{standing.told['session']}/words/", words("Kept <through> the outage")
    with standing.without_database():
        answer = ask(standing, path, typed=typed)
        assert answer.status == 503
        assert b"Kept &lt;through&gt; the outage" in answer.body
        assert f'action="{path}"'.encode() in answer.body
        assert typed["client_id"].encode() in answer.body
        as_json = ask(standing, path, typed=typed, accept="application/json")
        assert as_json.status == 503
        assert b'"objections"' in as_json.body
        secret = {"login": "x@example.org", "password": "a-secret-word", "oldpassword": "b-secret-word"}
        for place in ("/sign-in/", "/password/"):
            shown = ask(standing, place, typed=secret, who="sam")
            assert shown.status == 503
            assert b"secret-word" not in shown.body
    standing.wait_open()
    for _ in range(2):
        assert ask(standing, path, typed=typed).status == 302
    assert ask(standing, path, typed=words("Said once")).status == 302
    page = ask(standing, f"/sessions/{standing.told['session']}/").body
    assert page.count(b"Said once") == page.count(b"Kept &lt;through&gt; the outage") > 0


def test_a_database_that_hangs_is_given_up_after_three_seconds(standing: RunningClinic) -> None:
    """H35: attack K3.4: pages waited 30 s, then a bare 500."""
    path = f"/sessions/{standing.told['session']}/words/"
    for _ in range(4):
        assert ask(standing, "/").status == 200  # connections stand ready in the pool
    standing.signal_database(signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(8) as several:
            asked = [several.submit(ask, standing, "/") for _ in range(6)]
            asked.append(several.submit(ask, standing, path, typed=words("While it hung")))
            answers = [one.result() for one in asked]
    finally:
        standing.signal_database(signal.SIGCONT)
    assert {answer.status for answer in answers} == {503}
    assert all(SENTENCE in answer.body for answer in answers)
    assert max(answer.seconds for answer in answers) < 8
    assert b"While it hung" in answers[-1].body
    woken = time.monotonic()
    while ask(standing, "/").status != 200:
        assert time.monotonic() - woken < 30
    assert {ask(standing, page).status for page in ("/", "/patients/", "/dosing/")} == {200}


def test_a_hundred_open_screens_leave_the_site_as_it_was(standing: RunningClinic) -> None:
    """Performance row 1: 24 open dosing screens took the whole site down."""
    path, open_screens = f"/sessions/{standing.told['session']}/stream/", []
    cookie = f"sessionid={standing.told['keys']['sam']}"
    try:
        for _ in range(100):
            link = http.client.HTTPConnection("localhost", standing.port, timeout=30)
            link.request("GET", path, headers={"Cookie": cookie})
            answer = link.getresponse()
            assert answer.status == 200
            assert answer.getheader("x-openkap-stream") is None
            assert answer.readline().startswith(b"event: beat")
            open_screens.append((link, answer))
        assert ask(standing, "/").status == 200
        assert ask(standing, f"/sessions/{standing.told['session']}/").status == 200
        threads = len(list(Path(f"/proc/{standing.pid_of('web')}/task").iterdir()))
        assert threads < 60
        said = ask(standing, f"/sessions/{standing.told['session']}/words/", typed=words("heard by all"))
        assert said.status == 302
        for _, answer in open_screens[::20]:
            told(answer, "heard by all")
    finally:
        for link, _ in open_screens:
            link.close()


def told(answer: http.client.HTTPResponse, what: str, *, lines: int = 90) -> None:
    """Read a stream until it has told how the room stands, with this in it."""
    for _ in range(lines):
        if what.encode() in answer.readline():
            return
    raise AssertionError("The stream told nothing of it.")


def test_a_full_pool_is_the_same_sentence_and_empties_again(standing: RunningClinic) -> None:
    """Performance row 1: after an overload the pool kept fewer places than before."""
    standing.signal_database(signal.SIGSTOP)
    try:
        with ThreadPoolExecutor(60) as several:
            answers = list(several.map(lambda _: ask(standing, "/"), range(60)))
    finally:
        standing.signal_database(signal.SIGCONT)
    assert {answer.status for answer in answers} == {503}
    time.sleep(1.5)
    for _ in range(2):
        with ThreadPoolExecutor(24) as several:
            answers = list(several.map(lambda _: ask(standing, "/dosing/"), range(48)))
        assert [answer.status for answer in answers].count(200) == 48
