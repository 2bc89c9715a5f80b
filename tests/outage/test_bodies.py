"""What is sent is bounded, under a real server: a stranger is not kept, a referral is taken whole."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from openkap.interop.fhir.bundle import BYTES_MAX
from openkap.interop.fhir.tests import samples
from tests.outage.test_database import Answer
from tests.standing import RunningClinic

pytestmark = pytest.mark.enable_socket
MEGABYTE = 1_000_000
TOKEN = "a" * 32


def send(
    standing: RunningClinic, path: str, body: bytes, *, who: str = "", kind: str, chunked: bool = False
) -> Answer:
    """One POST with this body, its size said or not."""
    link = http.client.HTTPConnection("localhost", standing.port, timeout=60)
    cookie = f"csrftoken={TOKEN}" + (f"; sessionid={standing.told['keys'][who]}" if who else "")
    pieces: Iterator[bytes] = (body[at : at + MEGABYTE] for at in range(0, len(body), MEGABYTE))
    headers = {"Cookie": cookie, "Content-Type": kind}
    try:
        link.request("POST", path, body=pieces if chunked else body, headers=headers, encode_chunked=chunked)
        answer = link.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read(), 0)
    finally:
        link.close()


def form(**fields: str) -> bytes:
    """A form's body, as a browser without files sends it."""
    return "&".join(
        f"{name}={text}" for name, text in {"csrfmiddlewaretoken": TOKEN, **fields}.items()
    ).encode()


def upload(bundle: bytes) -> tuple[bytes, str]:
    """The referral's form with its file."""
    mark = uuid.uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
        for name, text in {"csrfmiddlewaretoken": TOKEN, "sender": "Dr Weiss"}.items()
    ]
    head = 'Content-Disposition: form-data; name="file"; filename="referral.json"\r\n'
    parts += [f"--{mark}\r\n{head}Content-Type: application/json\r\n\r\n".encode(), bundle]
    return b"".join([*parts, f"\r\n--{mark}--\r\n".encode()]), f"multipart/form-data; boundary={mark}"


def referral(size: int) -> bytes:
    """A bundle of so many bytes."""
    content = json.dumps(samples.bundle(samples.DEPRESSION)).encode()
    return content + b" " * (size - len(content))


def _files_of(standing: RunningClinic) -> list[str]:
    """The files the web process has open that have no name any more, or lie in a folder for passing files."""
    found = []
    for entry in Path(f"/proc/{standing.pid_of('web')}/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # closed while we looked
            name = os.readlink(entry)
            if name.endswith("(deleted)") and "/dev/shm" not in name:  # noqa: S108
                found.append(name)
    return found


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("path", ["/sign-in/", "/nothing/here/", "/referrals/new/", "/password/reset/"])
def test_a_strangers_body_past_a_megabyte_is_dropped_unread(
    standing: RunningClinic, path: str, chunked: bool
) -> None:
    """Attack K5.5: 150 MB of anybody were written to a file before the answer."""
    body = form(login="x" * 3 * MEGABYTE)
    answer = send(standing, path, body, kind="application/x-www-form-urlencoded", chunked=chunked)
    assert answer.status == 413
    assert b"At most 1 MB can be sent here" in answer.body
    assert len(answer.body) < 20_000
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert _files_of(standing) == []
    small = send(standing, path, form(login="x" * 900_000), kind="application/x-www-form-urlencoded")
    assert small.status != 413


def test_a_person_signed_in_sends_no_more_where_no_file_is_asked_for(standing: RunningClinic) -> None:
    """Attack K5.7: 10 MB in one field came back as a page of 10 MB."""
    path = f"/sessions/{standing.told['session']}/words/"
    body = form(text="x" * 10 * MEGABYTE, client_id=str(uuid.uuid4()))
    answer = send(standing, path, body, who="sam", kind="application/x-www-form-urlencoded")
    assert (answer.status, len(answer.body) < 20_000) == (413, True)


@pytest.mark.parametrize("size", [2_700_000, 8 * MEGABYTE, BYTES_MAX])
def test_a_referral_as_large_as_the_page_says_is_taken(standing: RunningClinic, size: int) -> None:
    """Attack K5.1: over 2.5 MB it was answered “This field is required.”"""
    body, kind = upload(referral(size))
    answer = send(standing, "/referrals/new/", body, who="kit", kind=kind)
    assert answer.status == 302, answer.body[-3000:]
    assert _files_of(standing) == []


def test_a_referral_that_is_larger_is_refused_with_the_limit(standing: RunningClinic) -> None:
    for size, status in ((BYTES_MAX + 1, 422), (BYTES_MAX + MEGABYTE, 413)):
        body, kind = upload(referral(size))
        answer = send(standing, "/referrals/new/", body, who="kit", kind=kind)
        assert answer.status == status
        assert b"20 MB" in answer.body


def test_many_large_bodies_at_once_leave_the_site_answering(standing: RunningClinic) -> None:
    from concurrent.futures import ThreadPoolExecutor

    body = form(login="x" * 20 * MEGABYTE)
    kind = "application/x-www-form-urlencoded"
    with ThreadPoolExecutor(8) as several:
        answers = list(several.map(lambda _: send(standing, "/sign-in/", body, kind=kind).status, range(8)))
    assert set(answers) == {413}
    assert send(standing, "/sign-in/", form(login="x"), kind=kind).status == 200
