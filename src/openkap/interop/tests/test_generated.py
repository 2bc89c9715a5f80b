"""The same truth told in every order and form is read the same: bundles and messages made at random."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from openkap.interop.fhir.bundle import read_bundle
from openkap.interop.fhir.tests import samples as fhir
from openkap.interop.hl7v2.message import parse
from openkap.interop.hl7v2.observations import understand
from openkap.interop.hl7v2.tests import samples as hl7
from openkap.people.finding import Known, asked_for, fits, kept_words

AT = datetime(2026, 3, 10, 14, 5, tzinfo=UTC)
SCRIPTS = {
    "Latin": "aàçéłñøßüžąő",
    "Greek": "αβγδέζηθ",
    "Cyrillic": "абвгдёжий",
    "Hebrew": "אבגדהוזח",
    "Arabic": "ابتثجحخد",
    "Devanagari": "कखगघचछजझ",
    "Malayalam": "കഖഗഘചഛജഝ",
    "Thai": "กขคงจฉชซ",
    "Georgian": "აბგდევზთ",
    "Armenian": "աբգդեզըթ",
    "Han": "李王張劉陳楊",
    "Hangul": "김이박최정강",
}
names = st.one_of([st.text(alphabet, min_size=2, max_size=12) for alphabet in SCRIPTS.values()])
CODINGS = [
    {"system": fhir.RXNORM, "code": "8123", "display": "phenelzine"},
    {"system": "http://hl7.org/fhir/sid/ndc", "code": "00071-0270-24"},
    {"system": "urn:oid:2.16.840.1.113883.6.73", "code": "N06AF03", "display": "phenelzine"},
    {"system": "urn:oid:1.2.999.7", "code": "own", "display": "MAO inhibitor"},
]
REFERENCES = [
    "Patient/p1",
    "Patient/p1/_history/7",
    f"{fhir.HERE}/Patient/p1",
    f"{fhir.HERE}/Patient/p1/_history/1",
]


@st.composite
def medicines(draw: st.DrawFn) -> list[dict]:
    """One medicine, said in one of the ways FHIR has for it; and the Medication it may need."""
    code = {"coding": draw(st.permutations(CODINGS)), "text": "Nardil 15 mg"}
    medication = {"resourceType": "Medication", "id": "m9", "code": code}
    subject = {"reference": draw(st.sampled_from(REFERENCES))}
    order = {
        "resourceType": "MedicationRequest",
        "id": "r1",
        "status": "active",
        "intent": "order",
        "subject": subject,
    }
    match draw(st.sampled_from(["inline", "contained", "entry", "version"])):
        case "inline":
            return [{**order, "medicationCodeableConcept": code}]
        case "contained":
            return [{**order, "contained": [medication], "medicationReference": {"reference": "#m9"}}]
        case "entry":
            return [{**order, "medicationReference": {"reference": "Medication/m9"}}, medication]
        case _:
            return [
                {**order, "medicationReference": {"reference": f"{fhir.HERE}/Medication/m9/_history/2"}},
                medication,
            ]


@st.composite
def bundles(draw: st.DrawFn) -> tuple[dict, str, str]:
    """A bundle of Amara's in some order, between entries that are not hers, with her names."""
    given_name, family_name = draw(names), draw(names)
    old = {"use": "old", "family": "Before", "given": ["Somebody"]}
    name = [{"use": "official", "family": family_name, "given": [given_name]}, old]
    patient = {**fhir.PATIENT, "name": draw(st.permutations(name))}
    hers = [*draw(medicines()), {**fhir.DEPRESSION, "subject": {"reference": "Patient/p1"}}]
    told = [(f"{fhir.HERE}/{it['resourceType']}/{it['id']}", it) for it in hers]
    theirs = {
        **fhir.DEPRESSION,
        "id": "c7",
        "code": {"text": "not hers"},
        "subject": {"reference": "Patient/p1"},
    }
    told += [(f"{fhir.ELSEWHERE}/Condition/c7", theirs), (f"{fhir.HERE}/Patient/p1", patient)]
    entries = [
        {"fullUrl": address, "resource": copy.deepcopy(it)} for address, it in draw(st.permutations(told))
    ]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}, given_name, family_name


@given(bundles())
@settings(max_examples=300)
def test_a_bundle_is_read_the_same_in_every_order_and_form_h30(sent):
    """H30, H17, H29: every coding, every way to refer, every script."""
    bundle, given_name, family_name = sent
    found = read_bundle(bundle, today=fhir.TODAY)
    assert (found.patient.given_name, found.patient.family_name) == (given_name, family_name)
    [medicine] = found.medicines
    assert medicine.active
    assert medicine.known_code
    assert {it.code for it in medicine.codes} == {it["code"] for it in CODINGS}
    assert [it.codes[0].code for it in found.problems] == ["F33.1"]
    assert any(it.what == "not hers" for it in found.not_understood)


@given(names, names, st.sampled_from([str.upper, str.casefold, str.title, lambda text: text]))
def test_a_person_is_found_by_their_own_name_in_any_script_h29(given_name, family_name, as_typed):
    person = Known(kept_words(given_name, family_name, number="KAP-0001"), fhir.TODAY)
    assert fits(asked_for(as_typed(f"{given_name} {family_name}"), today=fhir.TODAY), person)


LINES = [
    hl7.value_line(hl7.SATURATION, "97", hl7.PERCENT, channel="1.3.1.1"),
    hl7.value_line(hl7.SYSTOLIC, "162", hl7.MMHG, channel="1.1.9.1"),
    hl7.value_line("150022^MDC_PRESS_BLD_NONINV_DIA^MDC", "98", hl7.MMHG, channel="1.1.9.2"),
    hl7.value_line(
        "147842^MDC_ECG_HEART_RATE^MDC",
        "^84",
        "264864^MDC_DIM_BEAT_PER_MIN^MDC",
        kind="SN",
        channel="1.7.4.1",
    ),
]
CHANNEL = "OBX|9||70687^MDC_DEV_PRESS_BLD_NONINV_CHAN^MDC|1.1.9.0|||||||X|||20260310134000+0000"


@given(st.permutations(LINES), st.sampled_from(["\r", "\n", "\r\n"]), st.sampled_from(["|", "*"]))
def test_a_message_is_read_the_same_whatever_the_order_of_its_lines(lines, end, field):
    """The cuff's channel comes first, as containers do; every line keeps its own age."""
    content = hl7.message_of(CHANNEL, *lines).decode().replace("|", field).replace("\r", end)
    found = understand(parse(content.encode()), zone=ZoneInfo("UTC"), received_at=AT)
    read = {(it.code.code, it.value_text, it.measured_at.utc.strftime("%H:%M")) for it in found.readings}
    assert read == {
        ("59408-5", "97", "14:04"),
        ("8480-6", "162", "13:40"),
        ("8462-4", "98", "13:40"),
        ("8867-4", "84", "14:04"),
    }
    assert not found.quarantined
