"""What a room and a time-out ask of the database, asked in one statement before they are drawn.

Each function of the facts asks for itself what is not asked here; what is, it finds answered.
"""

from __future__ import annotations

from collections.abc import Iterator

from openkap.accounts import duties
from openkap.chart import queries as chart
from openkap.consent import queries as consents
from openkap.courses import queries as courses
from openkap.defaults import queries as defaults
from openkap.dosing.facts.ordering import checks_in, doses_by_orders_of
from openkap.dosing.facts.session import decisions_in, doses_in, promises_in, reviews_in
from openkap.dosing.facts.time_out import doses_of_patient
from openkap.people import queries as people
from openkap.protocols import queries as protocols
from openkap.screening import queries as screening
from openkap.tenancy.keyed_queries import KeyedCall, ask_together, keep_at
from openkap.watch.facts.marks import marks_in
from openkap.watch.facts.session import OF_A_SESSION, clinics
from openkap.watch.models import Session
from openkap.watch.queries import monitors_in_use, put_aside_in
from openkap.watch.watching import pairings_in

BY_SESSION = (
    *OF_A_SESSION,
    marks_in,
    pairings_in,
    put_aside_in,
    doses_in,
    promises_in,
    reviews_in,
    checks_in,
)
BY_PERSON = (*chart.LISTS, people.escorts, consents.last_choices)


def ask_for_room(session: Session) -> None:
    """Ask what the room of a session will need to know."""
    ask_together(_of_both(session))


def ask_for_time_out(session: Session) -> None:
    """Ask what the time-out will need to know, which is more than the room does."""
    person, course = session.patient_id, session.course_id
    ask_together(
        [
            *_of_both(session),
            decisions_in.of(session.id),
            doses_of_patient.of(person),
            chart.newest_results.of(person),
            consents.standing.of(person),
            consents.signed_last.of(person),
            screening.newest.of(person),
            courses.gates_met_in.of(course),
            courses.orders_standing_in.of(course),
            duties.all_held.of(),
            monitors_in_use.of(),
        ]
    )


def _of_both(session: Session) -> Iterator[KeyedCall]:
    version = session.course.pack_version_id
    yield from (each.of(session.id) for each in BY_SESSION)
    yield from (each.of(session.patient_id) for each in BY_PERSON)
    yield courses.planned_in.of(session.course_id)
    yield from (
        each.of(session.planned_session_id) for each in (courses.orders_not_taken_back, doses_by_orders_of)
    )
    yield from (each.of(version) for each in (protocols.rows_signed_in, protocols.numbers_signed_in))
    yield defaults.signed_last.of()
    yield clinics.of(session.clinic_id)


def keep_at_session(session: Session) -> None:
    """Keep at the session what it is asked for by name: what was charted before the dose."""
    keep_at(session, "promises", rows=promises_in(session.id))
    keep_at(session, "medicines_reviews", rows=reviews_in(session.id))
    keep_at(session, "second_checks", rows=checks_in(session.id))
