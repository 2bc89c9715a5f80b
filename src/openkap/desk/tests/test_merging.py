"""Two records of one person: two people merge them, all stands in one, and exactly that can be undone."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from psycopg import sql

from openkap.alerts.models import Alert
from openkap.audit import queries as record
from openkap.chart import actions as chart_actions
from openkap.chart import queries as charts
from openkap.chart.models import Entry, ListKind, Result
from openkap.chart.rules import WEIGHT
from openkap.courses.models import Course
from openkap.desk.merging import difference
from openkap.dosing.tests.scene import scene, weigh
from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from openkap.kernel.refusal import Refused
from openkap.people import actions, queries
from openkap.people.actions.merging import about_people
from openkap.people.models import CareTeamMember, Merge, Patient
from openkap.watch.models import Session
from tests.cast import NOW, Cast

LATER = NOW + timedelta(hours=1)
SKIPPED = ("audit_", "people_merge", "people_person", "people_search", "django_", "procrastinate_", "auth_")


@pytest.fixture
def twin(cast: Cast) -> Patient:
    """The same Amara, taken in a second time on a busy day; with an allergy nobody knows of in the first."""
    it = actions.register(
        particulars={
            "given_name": "Amara",
            "family_name": "Osei-Mensah",
            "birth_date": date(1985, 3, 12),
            "phone": "212 555 0142",
        },
        by=cast.kit,
        at=NOW,
    )
    actions.add_to_care_team(it.id, membership_id=cast.sam.membership_id, by=cast.kit, at=NOW)
    chart_actions.add_entry(it.id, kind="allergy", text="penicillin", by=cast.sam, at=NOW)
    weight = {"value": Decimal("81"), "unit": "kg", "measured_at": NOW, "confirmed": True}
    chart_actions.add_result(it.id, code=Code("loinc", WEIGHT, "Body weight"), **weight, by=cast.sam, at=NOW)
    return it


def _merge(cast: Cast, kept: Patient, gone: Patient) -> Merge:
    seen = difference(kept, gone).mark
    merge = actions.propose_merge(
        kept.id, gone_id=gone.id, why="Seen her passport.", seen=seen, by=cast.kit, at=LATER
    )
    return actions.confirm_merge(merge.id, seen=seen, by=cast.okafor, at=LATER)


def _content() -> dict[str, list[str]]:
    """Every row of every table, as the database writes it; not history, audit record and merges."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        names = [row[0] for row in cursor.fetchall()]
        for name in names:
            if name.startswith(SKIPPED) or name.endswith("event"):
                continue
            cursor.execute(sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(name)))
            found[name] = [row[0] for row in cursor.fetchall()]
    return found


def test_a_merge_that_is_undone_leaves_every_byte_as_it_was(cast: Cast, twin: Patient) -> None:
    """H28. The whole record of a person with a course and a session that is over goes, and comes back."""
    told = scene(cast)
    Session.objects.filter(id=told.session.id).update(closed_at=NOW)
    seen = difference(twin, cast.amara).mark
    merge = actions.propose_merge(
        twin.id, gone_id=cast.amara.id, why="Her passport.", seen=seen, by=cast.kit, at=LATER
    )
    Alert.objects.all().update(at=NOW)
    before = _content()
    merge = actions.confirm_merge(merge.id, seen=seen, by=cast.sam, at=LATER)
    assert Session.objects.get(id=told.session.id).patient_id == twin.id
    assert Course.objects.filter(patient=cast.amara).count() == 0
    assert charts.last_result(twin.id, WEIGHT) is not None
    assert sum(len(ids) for ids in merge.moved.values()) > 20
    assert _content() != before
    actions.undo_merge(merge.id, why="She has a twin sister.", by=cast.okafor, at=LATER)
    assert _content() == before


def test_every_table_that_names_a_patient_takes_part() -> None:
    """Also one that is added later: it is found by its foreign key."""
    tables = {model._meta.db_table for model, _ in about_people()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT table_name FROM information_schema.columns "
            "WHERE table_schema = 'public' AND column_name = 'patient_id'"
        )
        named = {row[0] for row in cursor.fetchall() if not row[0].endswith("event")}
    assert named - {"audit_event", "accounts_invitation"} == tables


test_every_table_that_names_a_patient_takes_part = pytest.mark.django_db(
    test_every_table_that_names_a_patient_takes_part
)


def test_what_stood_in_either_stands_in_one(cast: Cast, twin: Patient) -> None:
    """A “none” of the one never hides an allergy of the other; the newer weight holds."""
    chart_actions.answer_list(cast.amara.id, kind="allergy", answer=Answer.NO, by=cast.sam, at=LATER)
    weigh(cast, "72", at=NOW - timedelta(days=30))
    _merge(cast, cast.amara, twin)
    answer, names = charts.allergy_line(cast.amara.id)
    assert (answer, names) == (Answer.YES, ["penicillin"])
    assert charts.list_answer(cast.amara.id, kind=ListKind.ALLERGY) is Answer.YES
    last = charts.last_result(cast.amara.id, WEIGHT)
    assert last is not None
    assert last.value == Decimal("81")
    assert Result.objects.filter(patient=cast.amara).count() == 2


def test_the_difference_names_what_a_dose_depends_on(cast: Cast, twin: Patient) -> None:
    chart_actions.answer_list(cast.amara.id, kind="allergy", answer=Answer.NO, by=cast.sam, at=NOW)
    weigh(cast, "72")
    found = difference(cast.amara, twin)
    assert found.grave == ["Allergies", "Weight"]  # not the sex: the other record does not say
    assert [line.label for line in found.lines][:2] == found.grave
    lines = {line.label: (line.kept, line.gone) for line in found.lines}
    assert lines["Allergies"] == (("asked: none",), ("penicillin",))
    assert lines["Weight"][0][0].startswith("72 kg, ")
    chart_actions.add_entry(twin.id, kind="medicine", text="lithium", by=cast.sam, at=NOW)
    assert difference(cast.amara, twin).mark != found.mark


def test_two_people_are_needed_and_they_have_seen_the_same(cast: Cast, twin: Patient) -> None:
    seen = difference(cast.amara, twin).mark
    words = {"gone_id": twin.id, "seen": seen, "by": cast.kit, "at": LATER}
    with pytest.raises(Refused, match="how you know"):
        actions.propose_merge(cast.amara.id, why=" ", **words)
    merge = actions.propose_merge(cast.amara.id, why="Her passport.", **words)
    with pytest.raises(Refused, match="Somebody else must agree"):
        actions.confirm_merge(merge.id, seen=seen, by=cast.kit, at=LATER)
    with pytest.raises(Refused, match="changed since"):
        actions.confirm_merge(merge.id, seen="0" * 64, by=cast.okafor, at=LATER)
    with pytest.raises(Refused, match="another merge"):
        actions.propose_merge(twin.id, why="The other way.", **{**words, "gone_id": cast.amara.id})
    assert Entry.objects.filter(patient=twin).count() == 1
    actions.withdraw_merge(merge.id, by=cast.okafor, at=LATER)
    with pytest.raises(Refused, match="decided already"):
        actions.confirm_merge(merge.id, seen=seen, by=cast.okafor, at=LATER)


def test_nothing_is_merged_or_undone_under_a_session_that_runs(cast: Cast, twin: Patient) -> None:
    merge = _merge(cast, cast.amara, twin)
    actions.undo_merge(merge.id, why="Two people.", by=cast.okafor, at=LATER)
    told = scene(cast)
    for kept, gone in ((cast.amara, twin), (twin, cast.amara)):
        with pytest.raises(Refused, match="A session of this person runs"):
            _merge(cast, kept, gone)
    Session.objects.filter(id=told.session.id).update(closed_at=NOW)
    merge = _merge(cast, cast.amara, twin)
    Session.objects.filter(id=told.session.id).update(closed_at=None)
    with pytest.raises(Refused, match="A session of this person runs"):
        actions.undo_merge(merge.id, why="Two people.", by=cast.okafor, at=LATER)


def test_two_open_courses_are_not_merged_and_nothing_is_left_halfway(cast: Cast, twin: Patient) -> None:
    told = scene(cast)
    Session.objects.filter(id=told.session.id).update(closed_at=NOW)
    course = Course.objects.get(patient=cast.amara)
    Course.objects.create(
        **{f.attname: getattr(course, f.attname) for f in Course._meta.concrete_fields}
        | {"id": uuid.uuid4(), "patient_id": twin.id}
    )
    before = _content()
    with pytest.raises(Refused, match="Both records have an open course"), transaction.atomic():
        _merge(cast, cast.amara, twin)
    assert _content() == before


def test_the_database_lets_no_row_change_its_person_without_a_merge(cast: Cast, twin: Patient) -> None:
    """With every check of ours switched off: H01, H28."""
    entry = Entry.objects.get(patient=twin)
    for change in (
        lambda: Entry.objects.filter(id=entry.id).update(patient=cast.amara),
        lambda: CareTeamMember.objects.filter(patient=twin).update(patient=cast.amara),
        lambda: Entry.objects.filter(id=entry.id).update(text="none"),
        lambda: Entry.objects.filter(id=entry.id).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    merge = _merge(cast, cast.amara, twin)
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(id=entry.id).update(patient=twin)
    with pytest.raises(DatabaseError), transaction.atomic():
        chart_actions.add_entry(twin.id, kind="allergy", text="latex", by=cast.sam, at=LATER)
    Merge.objects.filter(id=merge.id).update(under_way=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(id=entry.id).update(patient=twin, text="none")


def test_a_merged_record_is_one_person_in_every_list(cast: Cast, twin: Patient) -> None:
    _merge(cast, cast.amara, twin)
    assert list(queries.visible_to(cast.kit)) == [cast.amara]
    assert list(queries.visible_to(cast.sam)) == [cast.amara]
    assert list(queries.search(cast.kit, twin.mrn, today=NOW.date())) == [cast.amara]
    assert queries.exists(twin.id) == cast.amara.id
    assert queries.exists(uuid.uuid4()) is None
    assert queries.possible_duplicates_of(cast.amara) == []
    assert set(queries.record_ids(cast.amara.id)) == {cast.amara.id, twin.id}


def test_whose_sign_in_was_tied_to_the_other_record_opens_the_one(cast: Cast, twin: Patient) -> None:
    _merge(cast, twin, cast.amara)
    assert queries.own_record(cast.amara_herself) == twin
    assert queries.is_self(cast.amara_herself, twin.id)
    assert list(queries.visible_to(cast.amara_herself)) == [twin]


# --- the pages -----------------------------------------------------------------------------------


@pytest.fixture
def kit(cast: Cast, client_as: Callable[..., Client]) -> Client:
    return client_as(cast.kit)


def test_a_coordinator_proposes_a_clinician_agrees_and_it_is_undone(
    cast: Cast, twin: Patient, kit: Client, client_as: Callable[..., Client], once: Callable[[], str]
) -> None:
    chart_actions.answer_list(cast.amara.id, kind="allergy", answer=Answer.NO, by=cast.sam, at=NOW)
    page = kit.get(f"/patients/{cast.amara.id}/merges/")
    assert twin.mrn in page.content.decode()  # found by likeness, before anybody types
    page = kit.get(f"/patients/{cast.amara.id}/merges/?other={twin.mrn}")
    text = page.content.decode()
    assert "They differ where a dose depends on it" in text
    assert "penicillin" in text
    seen = difference(cast.amara, twin).mark
    form = {"gone": twin.id, "seen": seen, "why": ""}
    answer = kit.post(f"/patients/{cast.amara.id}/merges/", {**form, "once": once()})
    assert answer.status_code == 422
    answer = kit.post(f"/patients/{cast.amara.id}/merges/", {**form, "why": "Her passport.", "once": once()})
    merge = Merge.objects.get()
    assert answer.url == f"/merges/{merge.id}/"
    kit_sees = kit.get(answer.url).content.decode()
    assert "Somebody else must agree" in kit_sees
    assert "Agree: they are one person" not in kit_sees
    assert kit.post(f"/merges/{merge.id}/agree/", {"seen": seen, "once": once()}).status_code == 404
    okafor = client_as(cast.okafor)
    chart_page = okafor.get(f"/patients/{cast.amara.id}/").content.decode()
    assert f"/merges/{merge.id}/" in chart_page
    assert "Agree: they are one person" in okafor.get(f"/merges/{merge.id}/").content.decode()
    chart_actions.add_entry(twin.id, kind="medicine", text="lithium", by=cast.sam, at=NOW)
    now_seen = difference(cast.amara, twin).mark
    answer = okafor.post(f"/merges/{merge.id}/agree/", {"seen": now_seen, "once": once()})
    assert answer.status_code == 422
    assert "The records have changed since" in answer.content.decode()
    assert kit.post(f"/merges/{merge.id}/withdraw/", {"once": once()}).status_code == 302
    form = {**form, "seen": now_seen, "why": "Her passport."}
    kit.post(f"/patients/{cast.amara.id}/merges/", {**form, "once": once()})
    merge = Merge.objects.get(withdrawn_at=None)
    answer = okafor.post(f"/merges/{merge.id}/agree/", {"seen": now_seen, "once": once()})
    assert answer.url == f"/patients/{cast.amara.id}/"
    old = okafor.get(f"/patients/{twin.id}/?x=1")
    assert (old.status_code, old.url) == (302, f"/patients/{cast.amara.id}/?x=1")
    answer = okafor.post(f"/merges/{merge.id}/undo/", {"why": "", "once": once()})
    assert answer.status_code == 422
    answer = okafor.post(f"/merges/{merge.id}/undo/", {"why": "Two people.", "once": once()})
    assert answer.status_code == 302
    assert "undid this on" in okafor.get(f"/merges/{merge.id}/").content.decode()
    assert kit.get(f"/patients/{twin.id}/").status_code == 200


def test_a_form_open_on_the_other_record_is_kept_in_the_one(
    cast: Cast, twin: Patient, client_as: Callable[..., Client], once: Callable[[], str]
) -> None:
    """A nurse types while the records are merged: nothing typed is lost."""
    sam = client_as(cast.sam)
    _merge(cast, cast.amara, twin)
    answer = sam.post(
        f"/patients/{twin.id}/escort/", {"name": "Kofi", "phone": "212 555 0143", "once": once()}
    )
    assert answer.status_code == 302
    assert queries.escort_of(cast.amara.id) is not None


def test_who_read_either_record_has_read_of_the_person(
    cast: Cast, twin: Patient, kit: Client, client_as: Callable[..., Client]
) -> None:
    assert kit.get(f"/patients/{twin.id}/").status_code == 200
    _merge(cast, cast.amara, twin)
    ids = queries.record_ids(cast.amara.id)
    found = record.seen(ids, since=NOW - timedelta(days=9999), zone=cast.clinic.tz)
    assert any(it.about and it.page == "desk:chart" for it in found)


def test_a_proposal_is_an_alert_of_a_clinician_who_treats_the_person(cast: Cast, twin: Patient) -> None:
    from openkap.alerts.handlers import on_merge_proposed
    from openkap.audit.delivery import delivery_of
    from openkap.audit.models import Event
    from openkap.people.events import MergeProposed

    actions.propose_merge(
        cast.amara.id,
        gone_id=twin.id,
        why="Her passport.",
        seen=difference(cast.amara, twin).mark,
        by=cast.kit,
        at=LATER,
    )
    for event in Event.objects.filter(verb="people.merge_proposed"):
        on_merge_proposed(delivery_of(event, MergeProposed))
    alert = Alert.objects.get(kind="merge_proposed")
    assert alert.patient_id == cast.amara.id
    assert alert.owner_id in {cast.okafor.membership_id, cast.bello.membership_id}
