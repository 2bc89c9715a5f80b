"""What desk itself shows on its pages: scores with doses and visits on one axis, and records to be merged."""

from __future__ import annotations

import uuid
from datetime import datetime

from openkap.accounts.calls import ClinicRequest
from openkap.desk import trend
from openkap.dosing import queries as dosing
from openkap.measures import queries as measures
from openkap.measures.rules import change_in_words
from openkap.people import queries as people
from openkap.people.models import Patient
from openkap.therapy import queries as therapy
from openkap.ui.cards import Drawn

ASKS = (people.open_merges_of,)


def how_it_goes(request: ClinicRequest, patient: Patient) -> Drawn:
    """The scores of a person over time, with doses and visits."""
    series, scores = _scores(patient.id)
    doses = [at for session in dosing.of_patient(patient.id) for at in dosing.dose_times(session)]
    visits = [visit.held_at for visit in therapy.visits_of_patient(patient.id)]
    picture = trend.draw(series, doses=doses, visits=visits)
    return Drawn("desk/card_trend.html", {"picture": picture, "scores": scores, "patient": patient})


def merges(request: ClinicRequest, patient: Patient) -> Drawn | None:
    """Another record that may be this person's, for those who decide about it."""
    if request.actor.role not in people.DECIDE_MERGES:
        return None
    rows = people.open_merges_of(patient.id)
    kept = people.visible_to(request.actor).filter(id__in=[row.kept_id for row in rows])
    readable = set(kept.values_list("id", flat=True)) if rows else set()
    lines = [(row, row.kept_id in readable) for row in rows]
    return Drawn("desk/card_merges.html", {"merges": lines, "patient": patient}) if rows else None


def _scores(
    patient_id: uuid.UUID,
) -> tuple[list[trend.ScoreSeries], list[tuple[datetime, str, str, str]]]:
    series, table, trends = [], [], measures.trends(patient_id)
    for instrument in measures.on_chart():
        name, told = instrument.name, trends.get(instrument.key, [])
        rows = [(at, total, band) for at, total, band in told if total is not None]
        change = change_in_words(rows[0][1], rows[-1][1]) if len(rows) > 1 else ""
        points = tuple((at, total) for at, total, _ in rows)
        series.append(trend.ScoreSeries(name, 0, instrument.highest_total, points, change))
        table += [(at, name, f"{total.normalize():f}", band) for at, total, band in rows]
    return series, sorted(table, reverse=True)
