"""Questions asked together are answered as each alone, by one statement, and forgotten by a write."""

from __future__ import annotations

import uuid

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from openkap.alerts.models import Alert
from openkap.dosing.models import Discharge
from openkap.kernel.ids import uuid7
from openkap.people.models import CareTeamMember, Patient
from openkap.tenancy.asked import asking_once
from openkap.tenancy.context import inside
from openkap.tenancy.keyed_queries import KeyedQuery, ask_together, keyed_query
from openkap.watch.models import Mark, Session
from tests.cast import Cast


@keyed_query
def _people(*patients: uuid.UUID) -> models.QuerySet[Patient]:
    """In an order of their own."""
    return Patient.objects.filter(id__in=patients).order_by("-given_name")


@keyed_query
def _teams(patient: uuid.UUID) -> models.QuerySet[CareTeamMember]:
    rows = CareTeamMember.objects.filter(patient_id=patient).select_related("patient", "membership__user")
    return rows.order_by("membership__user__name").annotate(who=models.F("membership__user__name"))


@keyed_query
def _alerts(patient: uuid.UUID) -> models.QuerySet[Alert]:
    rows = Alert.objects.filter(patient_id=patient).select_related("owner__user")
    return rows.prefetch_related("steps__to__user").order_by("-at", "-id")


@keyed_query
def _last_alerts(patient: uuid.UUID) -> models.QuerySet[Alert]:
    rows = Alert.objects.filter(patient_id=patient).order_by("kind", "-at", "-id").distinct("kind")
    return rows.prefetch_related("steps")


@keyed_query
def _sessions(patient: uuid.UUID) -> models.QuerySet[Session]:
    """With rows of many types beneath them: numbers, times, statements, lists."""
    seen = Mark.objects.filter(acknowledged_at__isnull=False).prefetch_related("decisions")
    marks = models.Prefetch("marks", queryset=seen, to_attr="seen_marks")
    rows = Session.objects.filter(patient_id=patient).select_related("planned_session", "discharge")
    return rows.prefetch_related("doses__steps", "minutes", marks).order_by("-at", "-id")


EVERY: tuple[KeyedQuery, ...] = (_people, _teams, _alerts, _last_alerts, _sessions)


def _told(rows) -> list:
    """All that is known of rows, and of those beneath and beside them."""
    told = []
    for row in rows:
        values = {name: value for name, value in row.__dict__.items() if not name.startswith("_")}
        told.append({name: _deep(value) for name, value in sorted(values.items())})
        cached = {**row._state.fields_cache, **getattr(row, "_prefetched_objects_cache", {})}
        for name, beside in sorted(cached.items()):
            several = beside if isinstance(beside, models.QuerySet) else [beside]
            told.append((name, [type(one).__name__ + str(one.pk) for one in several if one is not None]))
            if isinstance(beside, models.QuerySet):
                told.append(_told(beside))
    return told


def _deep(value):
    if isinstance(value, list) and value and isinstance(value[0], models.Model):
        return _told(value)
    return (type(value).__name__, value.isoformat() if hasattr(value, "isoformat") else repr(value))


def _plainly(asked: KeyedQuery, patient: uuid.UUID) -> list:
    """As the queryset itself answers."""
    return list(asked.__wrapped__(patient))


@pytest.mark.django_db
def test_what_is_asked_together_is_answered_as_the_querysets_would(harbour) -> None:
    beneath = 0
    with inside(harbour, role="system"):
        for patient in Patient.objects.values_list("id", flat=True):
            with asking_once():
                ask_together([one.of(patient) for one in EVERY])
                for one in EVERY:
                    with CaptureQueriesContext(connection) as more:
                        together = _told(one(patient))
                    assert len(more) == 0, f"{one.__name__} was asked again"
                    assert together == _told(_plainly(one, patient)), one.__name__
                    beneath += sum(isinstance(it, list) and bool(it) for it in together)
            assert [_told(one(patient)) for one in EVERY] == [_told(_plainly(one, patient)) for one in EVERY]
        assert Discharge.objects.exists()
        assert beneath >= 8


def test_several_are_one_statement_and_each_alone_is_one(cast: Cast) -> None:
    person = cast.amara.id
    with CaptureQueriesContext(connection) as asked, asking_once():
        ask_together([_people.of(person), _teams.of(person), _people.of(uuid7()), _people.of()])
        assert [it.given_name for it in _people(person)] == ["Amara"]
        assert _teams(person)[0].patient_id == person
        assert _people() == []
        assert len(asked) == 1
        _people(person, uuid7())
        _people(person, uuid7())
        assert len(asked) == 3, "other keys are another question"
        ask_together([_people.of(person), _teams.of(person)])
        assert len(asked) == 3, "what is known is not asked again"


def test_the_same_question_about_two_people_keeps_them_apart(cast: Cast) -> None:
    other = uuid7()
    with asking_once():
        ask_together([_people.of(cast.amara.id), _people.of(other)])
        assert ([it.id for it in _people(cast.amara.id)], _people(other)) == ([cast.amara.id], [])


def test_nothing_is_kept_without_a_page_and_nothing_after_a_write(cast: Cast) -> None:
    person = cast.amara.id
    with CaptureQueriesContext(connection) as asked:
        ask_together([_people.of(person)])
        assert len(asked) == 0
        _people(person)
        _people(person)
        assert len(asked) == 2
    with asking_once():
        ask_together([_people.of(person), _teams.of(person)])
        Patient.objects.filter(id=person).update(given_name="Amaranta")
        assert _people(person)[0].given_name == "Amaranta"
    with asking_once():
        _people(person).clear()
        assert len(_people(person)) == 1, "who changes the list changes their own"


def test_another_clinics_rows_are_not_found_together_either(cast: Cast) -> None:
    with inside(uuid7(), role="system"), asking_once():
        ask_together([_people.of(cast.amara.id), _teams.of(cast.amara.id)])
        assert _people(cast.amara.id) == [] == _teams(cast.amara.id)


def test_what_is_asked_beneath_must_point_back() -> None:
    rows = keyed_query(lambda patient: Session.objects.filter(patient_id=patient).prefetch_related("room"))
    with pytest.raises(TypeError, match="select_related"):
        rows(uuid7())


def test_any_number_of_keys_is_asked_with_few_statements_made(cast: Cast) -> None:
    """A night's work asks for hundreds of courses at once, and never for the same number again."""
    person = cast.amara.id
    for number in (1, 2, 3, 5, 6, 7, 700):
        assert [it.id for it in _people(person, *(uuid7() for _ in range(number - 1)))] == [person]
    assert sorted(_people._made) == [1, 2, 4, 8, 1024]
