"""What a person is told when a form cannot be taken: what they typed is on the page, for nobody else."""

from __future__ import annotations

import uuid

import pytest
from django.test import Client

from tests.cast import Cast

TYPED = {
    "text": "She said <it> was like the sea.",
    "password": "a-secret-word",
    "client_id": str(uuid.UUID(int=3)),
}
HERE = {"Origin": "http://testserver"}
ELSEWHERE = {"Origin": "http://elsewhere.example", "Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize(
    ("headers", "shown"),
    [(HERE, True), ({"Sec-Fetch-Site": "same-origin"}, True), (ELSEWHERE, False), ({}, False)],
)
def test_a_form_of_an_earlier_sign_in_is_not_sent_and_not_lost(
    cast: Cast, client_as, headers: dict[str, str], shown: bool
) -> None:
    """H41: whoever is signed in now may be another person; the words are there to be copied."""
    browser = client_as(cast.noor)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = browser.cookies
    answer = strict.post(f"/patients/{cast.amara.id}/", TYPED, headers=headers)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert ("She said &lt;it&gt; was like the sea." in page) == shown
    assert "a-secret-word" not in page
    assert TYPED["client_id"] not in page
    assert "<form" not in page
    assert answer["Cache-Control"] == "no-store"


def test_more_than_anybody_types_is_too_large(cast: Cast, client_as) -> None:
    page = client_as(cast.kit).post("/patients/new/", {"text": "x" * 1_100_000})
    assert (page.status_code, len(page.content) < 20_000) == (413, True)
    assert "At most 1 MB" in page.content.decode()
