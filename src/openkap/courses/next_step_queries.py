"""Reading what comes next in the courses, as it was kept, and which of it may not hold any more."""

from __future__ import annotations

import hashlib
import inspect
import uuid
from datetime import date
from functools import cache

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from openkap import __version__
from openkap.consent import documents as consent_documents
from openkap.courses import next_steps, reasons, rules
from openkap.courses.models import Course, NextStep
from openkap.people.models import Patient, PersonChange
from openkap.screening import rules as screening_rules
from openkap.tenancy.keyed_queries import keyed_query

_RULES = (rules, next_steps, reasons, screening_rules)


@cache
def release() -> str:
    """What steps are worked out by, apart from facts: this release's rules and its newest consent."""
    newest = consent_documents.current()
    parts = [__version__, newest.key, str(newest.version), *(inspect.getsource(it) for it in _RULES)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def moved(*, today: date, patient_id: uuid.UUID | None = None) -> list[Course]:
    """The running courses, of one person or of all, where what is kept of the next step may not hold today:
    it was made for other days or by another release, or a fact was written since."""
    holds = NextStep.objects.filter(course=OuterRef("pk"), release=release(), counted_on__lte=today)
    holds = holds.filter(Q(holds_until__isnull=True) | Q(holds_until__gte=today))
    written = PersonChange.objects.filter(person_id=OuterRef("patient_id"))
    rows = Course.objects.filter(ended_at__isnull=True).filter(~Exists(holds) | Exists(written))
    if patient_id is not None:
        rows = rows.filter(patient_id=patient_id)
    return list(rows.select_related("patient", "pack_version").defer("pack_version__body").order_by("id"))


def next_steps_of(patients: QuerySet[Patient]) -> QuerySet[NextStep]:
    """What comes next for these people, the next dose first; whoever has none ahead, last.

    As it was kept: `actions.count_next_steps` is asked before.
    """
    rows = NextStep.objects.filter(course__ended_at__isnull=True, course__patient__in=patients.values("id"))
    names = ("course__patient__family_name", "course__patient__given_name", "course_id")
    return rows.select_related("course__patient").order_by(F("next_dose_on").asc(nulls_last=True), *names)


@keyed_query
def next_steps_of_patient(patient_id: uuid.UUID) -> QuerySet[NextStep]:
    """What comes next in the courses of a person that run, as it was kept."""
    return next_steps_of(Patient.objects.filter(id=patient_id))


def next_step_of(patient_id: uuid.UUID) -> NextStep | None:
    """What comes next in the course of a person that runs, as it was kept; None without one."""
    return next(iter(next_steps_of_patient(patient_id)), None)
