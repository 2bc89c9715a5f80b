"""Reading measures: what is due, what came in, and how it moves."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from openkap.accounts.links import Link, make_token
from openkap.accounts.models import Membership
from openkap.accounts.roles import CLINICAL
from openkap.alerts.models import Alert
from openkap.alerts.queries import all_of_patient, chain
from openkap.measures import rules, wording
from openkap.measures.instruments import ALL
from openkap.measures.instruments.instrument import Instrument
from openkap.measures.models import Assignment, GivenAnswer, Response
from openkap.tenancy.asked import asked_once
from openkap.tenancy.keyed_queries import keyed_query

PURPOSE = "measure"


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One response as the trend shows it."""

    response: Response
    change: str
    flags: tuple[str, ...]
    alerts: tuple[Alert, ...]


def instrument_of(key: str) -> Instrument | None:
    """The instrument of this name."""
    return ALL.get(key)


def choices() -> list[tuple[str, str]]:
    """The measures that can be given out, with their names."""
    return [(key, f"{it.name}, {it.title}") for key, it in ALL.items() if wording.of(it) is not None]


def all_names() -> list[tuple[str, str]]:
    """Every measure whose score can be typed in."""
    return [
        (key, _("%(name)s (0 to %(most)d)") % {"name": it.name, "most": it.highest_total})
        for key, it in ALL.items()
    ]


def one(assignment_id: uuid.UUID) -> Assignment | None:
    """One assignment, with whose it is."""
    rows = Assignment.objects.select_related("patient", "owner__user")
    return rows.filter(id=assignment_id).first()


def taps_of(assignment_id: uuid.UUID) -> list[tuple[str, int]]:
    """Every tap, in its order."""
    rows = GivenAnswer.objects.filter(assignment_id=assignment_id).order_by("id")
    return list(rows.values_list("item", "value"))


def answers_of(assignment_id: uuid.UUID) -> dict[str, int]:
    """What has been answered so far: the last tap of each item."""
    return dict(taps_of(assignment_id))


def response_of(assignment_id: uuid.UUID) -> Response | None:
    """What was handed in."""
    return Response.objects.filter(assignment_id=assignment_id).first()


def standing(assignment: Assignment) -> rules.AssignmentStanding:
    """Where an assignment stands."""
    return rules.AssignmentStanding(
        handed_in=Response.objects.filter(assignment_id=assignment.id).exists(),
        withdrawn=assignment.withdrawn_at is not None,
    )


def due(patient_id: uuid.UUID) -> list[Assignment]:
    """What a person is still asked, the most pressing first."""
    rows = Assignment.objects.filter(patient_id=patient_id, withdrawn_at__isnull=True, responses__isnull=True)
    return list(rows.select_related("owner__user", "notice").order_by("due_on", "at"))


def count_of(patient_id: uuid.UUID) -> int:
    """How many questionnaires a person has answered."""
    return Response.objects.filter(patient_id=patient_id).count()


@keyed_query
def came_in(patient_id: uuid.UUID) -> QuerySet[Response]:
    """What came in from a person, oldest first."""
    rows = Response.objects.filter(patient_id=patient_id).select_related("assignment")
    return rows.order_by("at", "id")


def responses(patient_id: uuid.UUID) -> dict[str, list[Response]]:
    """What came in for each measure, oldest first."""
    by_measure: dict[str, list[Response]] = {}
    for row in came_in(patient_id):
        by_measure.setdefault(row.measure, []).append(row)
    return by_measure


def measure_used_last(patient_id: uuid.UUID) -> str | None:
    """The measure that came in last from this person: most likely the one that is asked again."""
    rows = [row for came in responses(patient_id).values() for row in came]
    return max(rows, key=lambda row: (row.at, row.id)).measure if rows else None


def on_chart() -> list[Instrument]:
    """The instruments whose totals the chart draws, in the order of their lanes."""
    drawn = [(it.chart_lane, it) for it in ALL.values() if it.chart_lane is not None]
    return [it for _, it in sorted(drawn, key=lambda pair: pair[0])]


def trends(patient_id: uuid.UUID) -> dict[str, list[tuple[datetime, Decimal | None, str]]]:
    """When, total and band of every response, by measure, oldest first; an incomplete one has no total."""
    return {
        measure: [(row.at, row.total, row.band) for row in rows]
        for measure, rows in responses(patient_id).items()
    }


def lines(patient_id: uuid.UUID) -> list[tuple[Instrument, list[MeasureLine]]]:
    """Every measure that came in, newest response first, with the change from the first."""
    lines_found, raised, came = [], alerts_of(patient_id), responses(patient_id)
    for instrument in ALL.values():
        rows = came.get(instrument.key, [])
        first = next((row.total for row in rows if row.total is not None), None)
        shown = [
            MeasureLine(
                row,
                rules.change_in_words(first, row.total) if place else "",
                tuple(row.flags),
                tuple(raised.get(row.assignment_id, ())),
            )
            for place, row in enumerate(rows)
        ]
        if shown:
            lines_found.append((instrument, shown[::-1]))
    return lines_found


def alerts_of(patient_id: uuid.UUID) -> dict[uuid.UUID, list[Alert]]:
    """The alerts a person's answers have raised, by assignment, so that they stand beside the score (H12)."""
    raised = [alert for alert in reversed(all_of_patient(patient_id)) if alert.cause_kind in EXPLAINED]
    by_tap = [alert.cause_id for alert in raised if alert.cause_kind == "answer"]
    taps = GivenAnswer.objects.filter(id__in=by_tap).values_list("id", "assignment_id") if by_tap else ()
    assignments = {row.id: row.assignment_id for came in responses(patient_id).values() for row in came}
    assignments |= dict(taps)
    alerts: dict[uuid.UUID, list[Alert]] = {}
    for alert in raised:
        alerts.setdefault(assignments.get(alert.cause_id, alert.cause_id), []).append(alert)
    return alerts


def _answered(assignment_id: uuid.UUID) -> list[tuple[str, str]]:
    """What lies behind an alert of a measure: each critical answer with its words, and the total (H12)."""
    assignment = one(assignment_id)
    if assignment is None:
        return []
    instrument, words = ALL[assignment.measure], wording.of(ALL[assignment.measure])
    response = response_of(assignment_id)
    given = response.answers if response else answers_of(assignment_id)
    told = [(_("Measure"), f"{instrument.name}, {instrument.title}")]
    for item in instrument.critical:
        value = given.get(item)
        label = f": {words.question(item).answers[value]}" if words and value is not None else ""
        said = _("not answered") if value is None else f"{value}{label}"
        told.append((_("Question %(item)s") % {"item": item}, said))
        earlier = [tap for name, tap in taps_of(assignment_id) if name == item and tap != value]
        if earlier:
            before = ", ".join(map(str, earlier))
            told.append((_("Question %(item)s before") % {"item": item}, before))
    if response is None:
        answered = {"given": len(given), "of": len(instrument.screens)}
        told.append((_("Total"), _("not handed in yet, %(given)d of %(of)d answered") % answered))
    elif response.total is None:
        told.append((_("Total"), _("none: %(why)s") % {"why": response.incomplete_reason}))
    else:
        score = {"total": f"{response.total.normalize():f}", "of": instrument.highest_total}
        told.append((_("Total"), f"{_('%(total)s of %(of)s') % score}, {response.band}"))
    return told


def _answered_by_tap(answer_id: uuid.UUID) -> list[tuple[str, str]]:
    given = GivenAnswer.objects.filter(id=answer_id).first()
    return _answered(given.assignment_id) if given else []


def _answered_in(response_id: uuid.UUID) -> list[tuple[str, str]]:
    response = Response.objects.filter(id=response_id).first()
    return _answered(response.assignment_id) if response else []


EXPLAINED = {"assignment": _answered, "answer": _answered_by_tap, "response": _answered_in}


@asked_once
def owners(patient_id: uuid.UUID) -> list[Membership]:
    """Who may answer for a measure: the clinical people of the chain, in its order."""
    order = chain(patient_id)
    rows = Membership.objects.filter(id__in=order, role__in=CLINICAL).select_related("user")
    return sorted(rows, key=lambda member: order.index(member.id))


def link_path(assignment: Assignment) -> str:
    """The path of the patient's own page for one measure."""
    link = Link(assignment.clinic_id, assignment.patient_id, PURPOSE, assignment.id)
    return f"/m/{make_token(link)}/"


def patient_of_assignment(assignment_id: uuid.UUID) -> uuid.UUID | None:
    """Whose measure it is."""
    return Assignment.objects.filter(id=assignment_id).values_list("patient_id", flat=True).first()


PATIENT_OF = {"assignment": patient_of_assignment}
