"""A referral: kept as sent, shown as understood, taken in once."""

from __future__ import annotations

import copy
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from openkap.chart import queries as chart
from openkap.interop.fhir.tests import samples
from openkap.interop.referrals import actions, queries, reading
from openkap.interop.referrals.models import Referral, ReferralTaken
from openkap.kernel.answer import Answer
from openkap.kernel.refusal import Refused
from openkap.people.models import Patient
from tests.cast import NOW, Cast
from tests.samples import referrals

WHOLE = samples.bundle(samples.DEPRESSION, samples.SERTRALINE, samples.WEIGHT, samples.PRESSURE)


def _bytes(bundle: dict) -> bytes:
    return json.dumps(bundle).encode()


def _received(cast: Cast, bundle: dict = WHOLE) -> Referral:
    return actions.receive(_bytes(bundle), sender="Dr Weiss", by=cast.kit, at=NOW)


def test_a_referral_is_kept_byte_for_byte_and_once(cast: Cast) -> None:
    first, second = _received(cast), _received(cast)
    assert first.id == second.id
    assert bytes(queries.one(first.id).content) == _bytes(WHOLE)


def test_what_was_told_stands_in_the_chart_and_what_was_not_is_not_asked(cast: Cast) -> None:
    """H16: a list the sender left out is not an empty list."""
    patient = actions.take(_received(cast).id, patient_id=None, by=cast.kit, at=NOW)
    assert [it.code for it in chart.entries(patient.id, kind="problem")] == ["F33.1"]
    assert [it.text for it in chart.entries(patient.id, kind="medicine")] == ["sertraline 50 MG"]
    assert chart.list_answer(patient.id, kind="allergy") is Answer.NOT_ASKED
    assert str(chart.last_result(patient.id, "29463-7").value.normalize()) == "62.4"
    assert chart.last_result(patient.id, "8480-6").value == 122


def test_the_same_referral_is_taken_in_once(cast: Cast) -> None:
    referral = _received(cast)
    actions.take(referral.id, patient_id=cast.amara.id, by=cast.kit, at=NOW)
    with pytest.raises(Refused):
        actions.take(referral.id, patient_id=None, by=cast.kit, at=NOW)
    assert (Patient.objects.count(), ReferralTaken.objects.count()) == (1, 1)


def test_someone_who_is_here_already_is_found(cast: Cast) -> None:
    """H29: two records of one person."""
    understood = actions.understand(_bytes(WHOLE), at=NOW)
    assert [patient.id for patient, _ in queries.duplicates(understood)] == [cast.amara.id]


def test_an_impossible_value_is_kept_but_not_charted(cast: Cast) -> None:
    heavy = copy.deepcopy(samples.WEIGHT)
    heavy["valueQuantity"]["value"] = 700
    referral = _received(cast, samples.bundle(heavy))
    understood = actions.understand(bytes(referral.content), at=NOW)
    assert any("700 cannot be true" in it.why for it in reading.sort_results(understood, at=NOW).kept)
    patient = actions.take(referral.id, patient_id=None, by=cast.kit, at=NOW)
    assert chart.last_result(patient.id, "29463-7") is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"resourceType":"Patient"}', b"\xff\xfe", b"{" * 9000]
)
def test_a_malformed_bundle_is_refused_and_changes_nothing(cast: Cast, content: bytes) -> None:
    with pytest.raises(Refused) as caught:
        actions.receive(content, sender="x", by=cast.kit, at=NOW)
    assert all(it.field == "file" and it.text for it in caught.value.objections)
    assert Referral.objects.count() == 0


def test_when_the_record_fails_nobody_is_taken_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    referral = _received(cast)
    monkeypatch.setattr(actions, "record", lambda *a, **k: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError):
        actions.take(referral.id, patient_id=None, by=cast.kit, at=NOW)
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"birthDate": "1985"}, "gives 1985 as birth date, no whole day"),
        ({"birthDate": None}, "has no birth date"),
        ({"name": []}, "names nobody"),
    ],
)
def test_a_referral_without_what_a_person_is_registered_by_is_kept_and_taken_into_a_record(
    cast: Cast, changes: dict, says: str
) -> None:
    """The whole referral was refused, with an allergy in it that nobody then saw."""
    latex = samples.about("AllergyIntolerance", code={"text": "latex"})
    referral = _received(cast, samples.bundle(latex, patient={**samples.PATIENT, **changes}))
    with pytest.raises(Refused, match="by hand") as caught:
        actions.take(referral.id, by=cast.kit, at=NOW)
    assert says in str(caught.value)
    actions.take(referral.id, mrn=cast.amara.mrn.lower(), by=cast.kit, at=NOW)
    assert chart.allergy_line(cast.amara.id) == (Answer.YES, ["latex"])


def test_a_partial_birth_date_that_is_another_persons_is_refused(cast: Cast) -> None:
    referral = _received(cast, samples.bundle(patient={**samples.PATIENT, "birthDate": "1984"}))
    with pytest.raises(Refused, match="born in 1984"):
        actions.take(referral.id, mrn=cast.amara.mrn, by=cast.kit, at=NOW)
    with pytest.raises(Refused, match="Nobody here has the record number KAP-9999"):
        actions.take(referral.id, mrn="KAP-9999", by=cast.kit, at=NOW)


@pytest.mark.parametrize("file", referrals()[:2], ids=lambda path: path.stem)
def test_a_whole_synthetic_history_is_taken_in(cast: Cast, file: Path) -> None:
    referral = actions.receive(file.read_bytes(), sender="Another system", by=cast.kit, at=NOW)
    patient = actions.take(referral.id, patient_id=None, by=cast.kit, at=NOW + timedelta(seconds=1))
    assert chart.entries(patient.id, kind="problem")
    assert chart.last_results(patient.id)


def test_the_coordinator_walks_from_the_file_to_the_chart(cast: Cast, client_as, once) -> None:
    browser = client_as(cast.kit)
    upload = SimpleUploadedFile("referral.json", _bytes(WHOLE), "application/json")
    sent = browser.post("/referrals/new/", {"file": upload, "sender": "Dr Weiss", "once": once()})
    assert sent.status_code == 302
    shown = browser.get(sent["Location"]).content.decode()
    assert "not asked: the referral has no such list" in shown
    assert "may be the same person" in shown
    taken = browser.post(sent["Location"], {"whose": str(cast.amara.id), "once": once()})
    assert taken.status_code == 302
    assert str(cast.amara.id) in taken["Location"]
    after = browser.get(sent["Location"]).content.decode()
    assert "taken in" in after
    assert "may be the same person" not in after
    broken = SimpleUploadedFile("referral.json", b"{", "application/json")
    refused = browser.post("/referrals/new/", {"file": broken, "sender": "x", "once": once()})
    assert refused.status_code == 422
    assert client_as(cast.sam).get("/referrals/").status_code == 404


def _with(resource: dict, **changes: object) -> dict:
    return {**copy.deepcopy(resource), **changes}


def _took(cast: Cast, *resources: dict):
    referral = _received(cast, samples.bundle(*resources))
    understood = actions.understand(bytes(referral.content), at=NOW)
    told = [one.why for one in understood.not_understood]
    told += [it.why for it in reading.sort_results(understood, at=NOW).kept]
    return actions.take(referral.id, patient_id=None, by=cast.kit, at=NOW), " ".join(told)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"effectiveDateTime": "2026-12-24T09:00:00Z"}, "lies in the future"),
        ({"effectiveDateTime": "1985-03-01T09:00:00Z"}, "before it could have been"),
        ({"issued": "2026-09-01T09:00:00Z"}, "older than it claims"),
        ({"subject": {"reference": "Patient/somebody-else"}}, "somebody who is not in this bundle"),
        ({"subject": {}}, "does not say whom it is about"),
        ({"focus": [{"reference": "RelatedPerson/1"}]}, "something other than the person"),
    ],
)
def test_a_value_of_the_future_of_another_or_older_than_it_claims_is_not_charted(
    cast: Cast, changes: dict, words: str
) -> None:
    """H27, H30: it stays in the referral, with the reason; the dosing weight is a true one."""
    patient, told = _took(cast, _with(samples.WEIGHT, **changes))
    assert words in told
    assert chart.last_result(patient.id, "29463-7") is None


def test_a_value_of_a_period_is_as_old_as_its_beginning(cast: Cast) -> None:
    resource = _with(
        samples.WEIGHT, effectivePeriod={"start": "2026-09-01T09:00:00Z", "end": "2026-11-20T09:00:00Z"}
    )
    del resource["effectiveDateTime"]
    patient, _ = _took(cast, resource)
    assert chart.last_result(patient.id, "29463-7").measured_at.isoformat() == "2026-09-01T09:00:00+00:00"


def test_an_older_weight_that_arrives_later_is_not_the_newest(cast: Cast) -> None:
    patient, _ = _took(
        cast,
        samples.WEIGHT,
        _with(
            samples.WEIGHT,
            effectiveDateTime="2026-01-01T09:00:00Z",
            valueQuantity={"value": 90, "unit": "kg", "system": samples.UCUM, "code": "kg"},
        ),
    )
    assert str(chart.last_result(patient.id, "29463-7").value.normalize()) == "62.4"


def test_a_referral_is_not_taken_into_the_record_of_another_person(cast: Cast) -> None:
    """H29, H30"""
    born = _received(
        cast, samples.bundle(samples.WEIGHT, patient=_with(samples.PATIENT, birthDate="1985-03-21"))
    )
    named = _received(
        cast,
        samples.bundle(
            samples.WEIGHT, patient=_with(samples.PATIENT, name=[{"family": "Berg", "given": ["Kim"]}])
        ),
    )
    for referral, words in ((born, "born 21 Mar 1985"), (named, "Kim Berg")):
        with pytest.raises(Refused) as caught:
            actions.take(referral.id, patient_id=cast.amara.id, by=cast.kit, at=NOW)
        assert words in str(caught.value)
    assert ReferralTaken.objects.count() == 0
    assert chart.last_result(cast.amara.id, "29463-7") is None
    married = _with(samples.PATIENT, name=[{"family": "Mensah", "given": ["Amara"]}])
    actions.take(
        _received(cast, samples.bundle(samples.WEIGHT, patient=married)).id,
        patient_id=cast.amara.id,
        by=cast.kit,
        at=NOW,
    )


def test_every_code_of_an_entry_is_kept_and_none_known_is_no_allergy(cast: Cast) -> None:
    """H17: whichever of its codes a rule reads, it is there."""
    coded = _with(
        samples.DEPRESSION,
        code={
            "text": "Depression",
            "coding": [
                {"system": samples.SNOMED, "code": "370143000", "display": "Major depressive disorder"},
                {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F33.1"},
            ],
        },
    )
    none = samples.about("AllergyIntolerance", code={"text": "No known allergies"})
    none["patient"] = none.pop("subject")
    patient, _ = _took(cast, coded, none)
    [entry] = chart.entries(patient.id, kind="problem")
    assert [(it.system, it.code) for it in entry.codes] == [("icd10cm", "F33.1"), ("snomed", "370143000")]
    assert chart.allergy_line(patient.id) == (Answer.NO, [])


def test_a_referral_of_thousands_of_entries_is_a_page_that_can_be_read(cast: Cast, client_as) -> None:
    """Attack K5.7: twenty thousand made a page of 7.8 MB at every view. Every entry can still be reached."""
    many = []
    for number in range(1_990):
        medicine = copy.deepcopy(samples.SERTRALINE)
        medicine["medicationCodeableConcept"] = {"text": f"Herb number {number}"}
        many += [medicine, {**copy.deepcopy(samples.WEIGHT), "valueQuantity": {"value": 900 + number}}]
    referral = _received(cast, samples.bundle(*many))
    browser = client_as(cast.kit)
    address = f"/referrals/{referral.id}/"
    page = browser.get(address).content.decode()
    assert len(page) < 120_000
    assert "1 to 50 of 1990" in page
    last = browser.get(f"{address}?medicines=40&not_understood=40").content.decode()
    assert "Herb number 1989" in last
