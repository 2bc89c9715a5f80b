"""`openkap fhir read`: the stable shape, the same reader as the referral page, and nothing stored."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys

import pytest

from openkap.config.command import main
from openkap.interop.fhir.tests import samples

ENTRY = {"text", "codes", "active", "confirmed", "since", "dose", "reaction", "note"}
WHOLE = samples.bundle(samples.DEPRESSION, samples.SERTRALINE, samples.WEIGHT, samples.PRESSURE)


def _printed(capsys, *arguments: str) -> dict:
    assert main(["fhir", "read", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_what_would_be_taken_in_is_printed_in_the_stable_shape(tmp_path, capsys) -> None:
    file = tmp_path / "referral.json"
    file.write_text(json.dumps(WHOLE))
    found = _printed(capsys, str(file))
    assert set(found) == {
        *("patient", "asked", "problems", "medicines", "allergies"),
        *("results", "kept_aside", "not_understood", "labels"),
    }
    assert found["patient"] == {
        "given_name": "Amara Efua",
        "family_name": "Osei",
        "birth_date": "1985-03-12",
        "sex": "female",
        "phone": "555 0101",
        "email": "amara@example.org",
        "address": None,
        "language": None,
        "identifiers": [{"system": "http://referrer.example", "value": "R-77"}],
    }
    assert found["asked"] == {"problems": "yes", "medicines": "yes", "allergies": "not_asked"}
    [problem], [medicine] = found["problems"], found["medicines"]
    assert set(problem) == set(medicine) == ENTRY
    assert problem["codes"] == [
        {
            "system": "http://hl7.org/fhir/sid/icd-10-cm",
            "code": "F33.1",
            "display": "Recurrent depressive disorder, moderate",
        }
    ]
    assert (medicine["dose"], medicine["since"][:10]) == ("one tablet in the morning", "2024-01-05")
    assert found["results"][-1] == {
        "code": "29463-7",
        "system": "http://loinc.org",
        "text": "Body weight",
        "value": 62.4,
        "unit": "kg",
        "measured_at": "2026-10-01T13:00:00Z",
    }


def test_what_is_not_known_is_null_and_a_date_as_exact_as_sent(capsys, monkeypatch) -> None:
    whole = samples.bundle(
        {**samples.WEIGHT, "valueQuantity": {"value": 137.5, "unit": "lb"}},
        patient={"resourceType": "Patient", "birthDate": "1980-04"},
    )
    sent = io.TextIOWrapper(io.BytesIO(json.dumps(whole).encode()))
    monkeypatch.setattr("sys.stdin", sent)
    found = _printed(capsys, "-")
    assert found["patient"]["birth_date"] == "1980-04"
    assert found["patient"]["given_name"] is None
    assert found["kept_aside"][0] == {
        "text": "Body weight",
        "value": "137.5",
        "unit": "lb",
        "reason": "The unit lb is not one taken for it.",
    }
    assert {"resource", "id", "text", "reason"} == set(found["not_understood"][0])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "not JSON"),
        (b'{"resourceType": "Patient"}', "Expected a Bundle, found Patient"),
        (b"%PDF-", "JSON"),
    ],
)
def test_what_is_no_bundle_is_a_sentence_and_exit_code_2(tmp_path, capsys, content, says) -> None:
    file = tmp_path / "referral.json"
    file.write_bytes(content)
    assert main(["fhir", "read", str(file)]) == 2
    told = capsys.readouterr()
    assert says in told.err
    assert told.out == ""


def test_a_file_that_is_not_there_is_a_sentence(tmp_path, capsys) -> None:
    assert main(["fhir", "read", str(tmp_path / "none.json")]) == 2
    assert "cannot be read: No such file" in capsys.readouterr().err


def test_a_file_is_tried_out_without_django_keys_or_a_data_folder(tmp_path) -> None:
    """An integrator's first question needs no installation."""
    file, folder = tmp_path / "referral.json", tmp_path / "data"
    file.write_text(json.dumps(WHOLE))
    program = (
        "import sys; from openkap.config.command import main; "
        f"code = main(['fhir', 'read', {str(file)!r}]); "
        "sys.exit(code or int(any(name in sys.modules for name in ('django', 'psycopg'))))"
    )
    surroundings = {**os.environ, "OPENKAP_DATA_DIR": str(folder)}
    done = subprocess.run([sys.executable, "-c", program], env=surroundings, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["patient"]["family_name"] == "Osei"
    assert not folder.exists()
