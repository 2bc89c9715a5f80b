"""Documents of a referral: kept as sent, shown to those who care for the person, and to nobody else."""

from __future__ import annotations

import base64
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from openkap.interop.fhir.tests import samples
from openkap.interop.referrals import actions, letters, queries
from openkap.interop.referrals.models import Referral
from openkap.kernel.answer import Answer
from tests.cast import NOW, Cast

CDA = b"""<?xml version="1.0"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody>
<component><section><title>Allergies</title><text><table><thead><tr><th>Substance</th><th>Reaction</th></tr></thead>
<tbody><tr><td>Ketamine</td><td>Hives</td></tr></tbody></table></text></section></component>
<component><section><title>Plan</title><text><paragraph>Sleep,  then
 rest.</paragraph><list><item>Walk</item></list></text></section></component>
</structuredBody></component></ClinicalDocument>"""
PDF = b"%PDF-1.7\n%letter"


def _document(content: bytes, title: str, media: str) -> dict:
    attachment = {"data": base64.b64encode(content).decode(), "title": title, "contentType": media}
    return samples.about("DocumentReference", id=title, content=[{"attachment": attachment}])


def _received(cast: Cast, content: bytes) -> Referral:
    return actions.receive(content, sender="Dr Weiss", by=cast.kit, at=NOW)


def test_the_parts_of_a_c_cda_are_read_by_people() -> None:
    parts = letters.parts_of(CDA)
    assert parts == [
        letters.Part("Allergies", ("Substance | Reaction", "Ketamine | Hives")),
        letters.Part("Plan", ("Sleep, then rest.", "Walk")),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b"<a>",
        b"<a>&undeclared;</a>",
        b"\x89PNG\r\n",
        b"text\x00with a null",
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b'<?xml version="1.0" encoding="cp037"?>' + "<!DOCTYPE a []><a/>".encode("cp037"),
        b"<a>" + b"x" * letters.BYTES_SHOWN_MAX + b"</a>",
    ],
)
def test_what_cannot_be_shown_safely_is_not_shown(content: bytes) -> None:
    assert letters.parts_of(content) is None


def test_a_nest_of_ten_thousand_elements_is_no_fault() -> None:
    assert letters.parts_of(b"<a>" * 10_000 + b"</a>" * 10_000) is not None


def test_plain_text_and_xml_without_sections_are_shown_by_lines() -> None:
    assert letters.parts_of(b"one\n\ntwo") == [letters.Part("", ("one", "two"))]
    assert letters.parts_of(b"<a>one <b>two</b></a>") == [letters.Part("", ("one two",))]


@pytest.mark.parametrize("content", [PDF, CDA, b"\xef\xbb\xbf" + CDA])
def test_a_letter_is_a_referral_and_is_taken_into_a_record(cast: Cast, content: bytes) -> None:
    """It was refused: “this is not JSON”."""
    referral = _received(cast, content)
    understood = actions.understand(content, at=NOW)
    assert set(understood.asked.values()) == {Answer.NOT_ASKED}
    assert [it.content for it in understood.documents] == [content]
    actions.take(referral.id, mrn=cast.amara.mrn, by=cast.kit, at=NOW)
    assert queries.taken_in_for(cast.amara.id)[0].referral_id == referral.id


def test_documents_are_opened_by_those_who_may(cast: Cast, client_as, once) -> None:
    whole = samples.bundle(
        _document(PDF, "Letter", "application/pdf"),
        _document(CDA, "Summary", "text/xml"),
        _document(b"\x89PNG\r\n", "Scan", "image/png"),
    )
    browser = client_as(cast.kit)
    upload = SimpleUploadedFile("referral.json", json.dumps(whole).encode(), "application/json")
    sent = browser.post("/referrals/new/", {"file": upload, "sender": "Dr Weiss", "once": once()})
    address = sent["Location"]
    page = browser.get(address).content.decode()
    assert "Letter" in page
    assert "Scan" in page
    pdf, cda, scan = (browser.get(f"{address}documents/{number}/") for number in range(3))
    assert (pdf["Content-Type"], pdf.content) == ("application/pdf", PDF)
    assert "Ketamine | Hives" in cda.content.decode()
    assert (scan["Content-Type"], scan["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert scan["Content-Disposition"].startswith("attachment")
    assert browser.get(f"{address}documents/3/").status_code == 404
    browser.post(address, {"whose": "record", "mrn": cast.amara.mrn, "once": once()})
    [taken] = queries.taken_in_for(cast.amara.id)
    nurse = client_as(cast.noor)
    brought = nurse.get(f"/patients/{cast.amara.id}/referrals/").content.decode()
    assert "Summary" in brought
    assert nurse.get(f"/taken/{taken.id}/documents/1/").status_code == 200
    assert nurse.get(f"{address}documents/1/").status_code == 404
    assert client_as(cast.ada).get(f"/taken/{taken.id}/documents/1/").status_code == 404


def test_a_record_number_that_is_missing_or_wrong_is_said_and_nothing_is_lost(
    cast: Cast, client_as, once
) -> None:
    referral = _received(cast, PDF)
    browser = client_as(cast.kit)
    for mrn, says in (("", "Give the record number"), ("KAP-9999", "Nobody here has the record number")):
        answer = browser.post(f"/referrals/{referral.id}/", {"whose": "record", "mrn": mrn, "once": once()})
        assert answer.status_code == 422
        assert says in answer.content.decode()
    page = browser.get(f"/referrals/{referral.id}/").content.decode()
    assert "Take the person in by hand" in page
