"""Who saw a person's record: told to the person in plain words, and to whoever asks for it."""

from __future__ import annotations

from datetime import timedelta

from openkap.audit.actions import record_reading
from openkap.config import tasks
from openkap.config.command import _parser
from openkap.desk import queries
from tests.cast import NOW, Cast

LONG = timedelta(days=180)


def _who(cast: Cast):
    return queries.who_saw(cast.amara, since=NOW - LONG, zone=cast.clinic.tz)


def test_a_day_of_one_reader_is_one_line_in_words(cast: Cast) -> None:
    amara = cast.amara.id
    for minutes, page, about in (
        (0, "desk:chart", amara),
        (5, "dosing:room", amara),
        (9, "desk:today", None),
    ):
        at = NOW + timedelta(minutes=minutes)
        record_reading(page, by=cast.sam, at=at, patients={amara}, about=about)
    record_reading("desk:today", by=cast.kit, at=NOW - timedelta(days=3), patients={amara})
    record_reading("desk:today", by=cast.kit, at=NOW - timedelta(days=300), patients={amara})
    sam, kit = _who(cast)
    assert (sam.reader, sam.role, sam.opened, sam.listed) == (
        "Sam Rivera",
        "nurse",
        ("a session", "the record's first page"),
        1,
    )
    assert (sam.first, sam.last) == (NOW, NOW + timedelta(minutes=9))
    assert (kit.reader, kit.opened, kit.listed) == ("Kit Moran", (), 1)


def test_the_person_reads_it_too_and_not_what_they_opened_themself(cast: Cast, client_as) -> None:
    client_as(cast.sam).get(f"/patients/{cast.amara.id}/")
    herself = client_as(cast.amara_herself)
    for _ in range(2):
        page = herself.get("/me/readings/").content.decode()
    assert "Sam Rivera" in page
    assert "opened the record&#x27;s first page" in page
    assert page.count("<li class") == 1
    assert "/me/readings/" in herself.get("/me/").content.decode()
    assert "Sam Rivera" in client_as(cast.okafor).get(f"/patients/{cast.amara.id}/readings/").content.decode()
    assert client_as(cast.eve).get(f"/patients/{cast.amara.id}/readings/").status_code == 404


def test_the_report_says_who_saw_and_no_clinical_fact(cast: Cast, capsys) -> None:
    record_reading("desk:chart", by=cast.sam, at=NOW, patients=(), about=cast.amara.id)
    told = _parser().parse_args(["audit", "report", "--patient", cast.amara.mrn])
    assert tasks._report(told) == 0
    assert f"{cast.amara.mrn}, the last 90 days:" in (said := capsys.readouterr().out)
    assert "Sam Rivera (nurse): opened the record's first page" in said
    assert "Osei" not in said
    assert tasks._report(_parser().parse_args(["audit", "report", "--patient", "NOBODY"])) == 1
    assert "No clinic here has a record NOBODY." in capsys.readouterr().out
