"""`openkap init`: a real first clinic, or a sentence that says what is wrong."""

from __future__ import annotations

import io

import pytest
from django.test import Client

from openkap.accounts.models import Invitation
from openkap.config import checks, first_clinic
from openkap.dispensary.models import FormularyItem
from openkap.people.models import Room
from openkap.tenancy.clinics import clinic_ids
from openkap.tenancy.context import inside
from openkap.tenancy.models import Clinic as FoundedClinic
from openkap.watch.models import Monitor

WHOLE = """
name: Harbour Clinic
zone: America/New_York
phone: +1 212 555 0100
administrator_name: Ada Lind
administrator_email: ada@harbour.example
sites: [{name: Harbour House, rooms: [Room 1, Room 2]}]
monitors: [{identifier: MON-0042, name: Monitor 1}]
formulary: [{product: racemic_iv, name: Ketamine 10 mg/mL, strength_mg_per_ml: "10", vial_ml: "20"}]
"""


def _file(tmp_path, text: str) -> str:
    path = tmp_path / "clinic.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.django_db
def test_a_first_clinic_has_rooms_monitors_vials_and_an_invitation(tmp_path, capsys):
    assert first_clinic.run(_file(tmp_path, WHOLE)) == 0
    [clinic_id] = clinic_ids()
    with inside(clinic_id, role="system"):
        assert Room.objects.count() == 2
        assert Monitor.objects.get().identifier == "MON-0042"
        assert FormularyItem.objects.get().strength_mg_per_ml == 10
        assert Invitation.objects.get().role == "administrator"
    said = capsys.readouterr().out
    path = "/invitation/" + said.split("/invitation/")[1].split()[0]
    assert b"Harbour Clinic invites you" in Client().get(path).content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("name: X", "administrator_name"),
        (WHOLE.replace("America/New_York", "Mars/Base"), "Mars/Base"),
        (WHOLE.replace('"10"', '"1,000"'), "thousands"),
        (WHOLE.replace("racemic_iv", "ketamine"), "product"),
        (WHOLE + "\nsurprise: yes", "surprise"),
        ("{", "openkap init"),
        (WHOLE.replace("phone:", "profile: XX\nphone:"), "profile"),
        (WHOLE.replace("+1 212 555 0100", "0100"), "phone"),
        (WHOLE.replace("ada@harbour.example", "ada"), "“ada”"),
    ],
)
def test_a_bad_answer_is_named_and_nothing_is_made(tmp_path, capsys, text, named):
    assert first_clinic.run(_file(tmp_path, text)) == 2
    said = capsys.readouterr().err
    assert named in said
    assert "Nothing was made" in said
    assert clinic_ids() == []


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_self_checks_pass_in_a_healthy_house_and_name_what_fails(settings, monkeypatch):
    unsafe = ("fsync", "full_page_writes")
    told = [it for it in checks.problems() if not any(word in it for word in unsafe)]
    assert told == []
    settings.DEBUG = True
    assert any("OPENKAP_DEBUG" in it for it in checks.problems())
    monkeypatch.setattr(checks.registry, "undeclared", lambda: ["secret/ (x)"])
    assert any("secret/" in it for it in checks.problems())


@pytest.mark.django_db
def test_a_second_clinic_is_founded_only_when_somebody_says_so(tmp_path, capsys, monkeypatch):
    file = _file(tmp_path, WHOLE)
    assert first_clinic.run(file) == 0
    assert first_clinic.run(file) == 2
    assert "Harbour Clinic is set up here already" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("no\n"))
    assert first_clinic.run(None) == 2
    assert len(clinic_ids()) == 1
    other = _file(tmp_path, WHOLE.replace("Harbour Clinic", "Hill Clinic").replace("MON-0042", "MON-0043"))
    assert first_clinic.run(other, another=True) == 0
    assert len(clinic_ids()) == 2


ANSWERED = [
    ("", "name is missing"),
    ("Quay Clinic", ""),
    ("Boston", "zone is “Boston”"),
    ("America/New_York", ""),
    ("Mars", "it must be US or EU"),
    ("eu", ""),
    ("0100", "phone"),
    ("+1 617 555 0100", ""),
    ("Ada Lind", ""),
    ("ada at quay", "“ada at quay”"),
    ("ada@quay.example", ""),
    ("Room 1, Room 2,", ""),
    ("", ""),
    ("ten", "ten"),
    ("0", "more than 0"),
    ("10", ""),
    ("", ""),
]


@pytest.mark.django_db
def test_a_slip_at_the_terminal_is_asked_again_and_nothing_is_lost(capsys, monkeypatch):
    """A founder typed a city for a time zone, and every answer after it was thrown away."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{typed}\n" for typed, _ in ANSWERED)))
    assert first_clinic.run(None) == 0
    said = capsys.readouterr().out
    for _, sentence in ANSWERED:
        assert sentence in said
    [clinic_id] = clinic_ids()
    with inside(clinic_id, role="system"):
        assert sorted(Room.objects.values_list("name", flat=True)) == ["Room 1", "Room 2"]
        assert FormularyItem.objects.get().strength_mg_per_ml == 10
        assert FoundedClinic.objects.get().profile == "EU"


@pytest.mark.django_db
def test_answers_that_end_too_soon_make_nothing(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("Quay Clinic\n"))
    assert first_clinic.run(None) == 2
    assert "Nothing was made" in capsys.readouterr().err
    assert clinic_ids() == []
