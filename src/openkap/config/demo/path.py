"""The steps of the path, as the demo's people take them: each goes through the rooms' own actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openkap.accounts.actor import Actor
from openkap.chart import actions as chart_actions
from openkap.chart import rules as charted
from openkap.consent import actions as consent_actions
from openkap.consent import documents
from openkap.consent.rules import ABILITIES
from openkap.courses import actions as courses_actions
from openkap.courses import plan_queries
from openkap.courses.models import Course
from openkap.courses.plan_rules import SessionPlan
from openkap.dispensary.models import FormularyItem
from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from openkap.kernel.quantity import Kilograms, MilligramsPerKilogram, Quantity
from openkap.measures import actions as measures_actions
from openkap.measures.models import Assignment
from openkap.people import actions as people_actions
from openkap.people.models import Patient, Room
from openkap.protocols import queries as protocols
from openkap.protocols.administration import Infusion
from openkap.protocols.models import PackVersion
from openkap.screening import actions as screening_actions
from openkap.tenancy.models import Clinic
from openkap.therapy import actions as therapy_actions
from openkap.watch.models import Monitor

WELL_YES = frozenset({"capacity", "escort", "trials_two"})
INFUSION_MINUTES = 40  # of the demo's infusions


@dataclass
class Story:
    """The demo clinic as the tellers use it."""

    clinic: Clinic
    actors: dict[str, Actor]
    now: datetime
    version: PackVersion
    vial: FormularyItem
    rooms: list[Room]
    monitors: list[Monitor] = field(default_factory=list)

    def by(self, name: str) -> Actor:
        """One of the clinic's people."""
        return self.actors[name]

    def clock(self, days_ago: int, hour: int, *, minute: int = 0) -> datetime:
        """A time of day in the clinic's zone, so many days ago."""
        day = self.now.astimezone(self.clinic.tz).date() - timedelta(days=days_ago)
        return self.on(day, hour, minute=minute)

    def on(self, day: date, hour: int, *, minute: int = 0) -> datetime:
        """A time of day in the clinic's zone."""
        return datetime.combine(day, time(hour, minute), tzinfo=self.clinic.tz)


def take_in(story: Story, *, at: datetime, team: bool = True, **particulars: object) -> Patient:
    """A person comes into the clinic's care."""
    patient = people_actions.register(particulars=particulars, by=story.by("kit"), at=at)
    for name in ("okafor", "bello", "sam", "june", "noor") if team else ("okafor", "sam"):
        member = story.by(name).membership_id
        assert member is not None
        people_actions.add_to_care_team(patient.id, membership_id=member, by=story.by("kit"), at=at)
    return patient


def know(
    story: Story,
    patient: Patient,
    *,
    at: datetime,
    problems: list[tuple[str, str]],
    medicines: list[tuple[str, str]] | None = None,
    allergies: list[str] | None = None,
    weight: str,
    height: str,
) -> None:
    """What the nurse writes into the chart at the first visit."""
    who: dict[str, Any] = {"by": story.by("sam"), "at": at}
    for text, code in problems:
        chart_actions.add_entry(
            patient.id,
            kind="problem",
            text=text,
            code=Code("icd10cm", code),
            known_code=True,
            **who,
        )
    for text, dose in medicines or []:
        chart_actions.add_entry(patient.id, kind="medicine", text=text, dose_text=dose, **who)
    for text in allergies or []:
        chart_actions.add_entry(patient.id, kind="allergy", text=text, reaction="rash", **who)
    for kind, known in (("medicine", medicines), ("allergy", allergies)):
        if not known:
            chart_actions.answer_list(patient.id, kind=kind, answer=Answer.NO, by=story.by("sam"), at=at)
    measure_body(story, patient, at=at, weight=weight, height=height)


def measure_body(story: Story, patient: Patient, *, at: datetime, weight: str, height: str = "") -> None:
    """Weight, and height where it is given."""
    pairs = [(charted.WEIGHT, "Body weight", weight, "kg")]
    pairs += [(charted.HEIGHT, "Body height", height, "cm")] if height else []
    for code, name, value, unit in pairs:
        chart_actions.add_result(
            patient.id,
            code=Code("loinc", code, name),
            value=Decimal(value),
            unit=unit,
            measured_at=at,
            by=story.by("sam"),
            at=at,
        )


def ask(
    story: Story, patient: Patient, *, at: datetime, but: frozenset[str] = frozenset(), **other: Answer
) -> None:
    """The protocol's questions, answered; `but` are left unasked."""
    answers = {}
    for question in protocols.pack_of(story.version).questions:
        usual = Answer.YES if question.name in WELL_YES else Answer.NO
        if question.name not in but:
            answers[question.name] = (other.get(question.name, usual), "")
    chart_actions.answer_facts(
        patient.id, answers=answers, again=frozenset(answers), by=story.by("sam"), at=at
    )


def decide(
    story: Story, patient: Patient, *, at: datetime, outcome: str = "eligible", reason: str = ""
) -> None:
    """Dr Okafor decides and signs."""
    screening_actions.decide(
        patient.id,
        pack_version_id=story.version.id,
        outcome=outcome,
        reason=reason,
        typed_name=story.by("okafor").name,
        by=story.by("okafor"),
        at=at,
    )


def agree(story: Story, patient: Patient, *, at: datetime, herself: Actor | None = None) -> None:
    """The consent: answered and signed in the person's own sign-in, or on a screen June hands to them."""
    document = documents.current()
    given: dict[str, Any] = {"at": at, "by": herself}
    if herself is None:
        june = story.by("june")
        handed = consent_actions.hand_over(
            patient.id, identity_checked=True, typed_name=june.name, by=june, at=at
        )
        given = {"at": at, "by": Actor.present(patient.clinic_id, patient.name), "hand_over_id": handed.id}
    answers = {element.id: f"As I understand it: {element.title.lower()}." for element in document.elements}
    consent_actions.answer_parts(patient.id, answers=answers, **given)
    okafor = story.by("okafor")
    talk = consent_actions.CapacityTalk(
        could_decide=True,
        abilities=frozenset(ABILITIES),
        explained_again=frozenset({document.elements[4].id}),
    )
    consent_actions.sign_capacity(patient.id, talk=talk, typed_name=okafor.name, by=okafor, at=at)
    consent_actions.sign(patient.id, version=document.version, typed_name=patient.name, **given)
    values = {
        "touch": "shoulder",
        "music": "soft",
        "recording": "none",
        "stop_word": "harbour",
        "what_helps": "count my breaths with me",
    }
    consent_actions.choose(patient.id, values=values, **given)
    if "hand_over_id" in given:
        consent_actions.take_back(given["hand_over_id"], by=story.by("june"), at=at)
    people_actions.name_escort(
        patient.id,
        name="Kofi Osei" if herself else "Sasha Reyes",
        phone="+1 212 555 0143",
        relation="partner",
        by=story.by("kit"),
        at=at,
    )


def open_course(story: Story, patient: Patient, *, first_day: date, at: datetime, goal: str) -> Course:
    """The course, at the slowest pace its protocol knows."""
    pack = protocols.pack_of(story.version)
    return courses_actions.open_course(
        patient.id,
        pack_version_id=story.version.id,
        first_day=first_day,
        per_week=pack.schedule.per_week[0],
        goal=goal,
        by=story.by("okafor"),
        at=at,
        today=first_day,
    )


def plan(story: Story, course: Course, *, first: date, clock: time, room: int, at: datetime) -> None:
    """The sessions that were not held from this day on, three days apart, at this time and in this room."""
    ahead = [row for row in plan_queries.plan_of(course) if row.held_at is None]  # type: ignore[attr-defined]
    days = [first]
    while len(days) < len(ahead):
        days.append(weekday_from(days[-1] + timedelta(days=3)))
    wanted = [
        SessionPlan(row.number, on, clock, story.rooms[room].id) for row, on in zip(ahead, days, strict=True)
    ]
    courses_actions.plan_sessions(course.id, wanted, by=story.by("kit"), at=at, today=first)


def weekday_from(on: date) -> date:
    """The day itself, or the Monday after a weekend's day."""
    return on + timedelta(days=7 - on.weekday()) if on.weekday() > 4 else on


def prepare(story: Story, course: Course, *, at: datetime, finish: bool = True) -> None:
    """A preparation visit with Noor."""
    who: dict[str, Any] = {"by": story.by("noor"), "at": at}
    therapy_actions.write_preparation(
        course.id,
        hopes="To feel something other than grey. To sit at the table with the children again.",
        concerns="Losing control. That it will not work, and what then.",
        earlier_states="Nitrous oxide at the dentist, pleasant.",
        **who,
    )
    therapy_actions.set_goal(course.id, text="Eat breakfast with the children three times a week", **who)
    therapy_actions.set_goal(course.id, text="Call my sister", **who)
    therapy_actions.write_visit(
        course.id,
        kind="preparation",
        minutes=60,
        held_at=at - timedelta(hours=1),
        note="Saw the room, the blanket, the stop word. Practised slow breathing. Spoke about trust.",
        **who,
    )
    if finish:
        therapy_actions.finish_preparation(course.id, by=story.by("noor"), at=at)


def order(story: Story, course: Course, *, patient: Patient, number: int, weight: str, at: datetime) -> None:
    """Dr Okafor orders the protocol's usual dose."""
    measure_body(story, patient, at=at, weight=weight)
    dose = protocols.pack_of(story.version).dose
    usual, how = dose.amount.usual, dose.administration
    confirmed: Quantity = usual
    if isinstance(usual, MilligramsPerKilogram):
        confirmed = usual.times(Kilograms.of(weight)).rounded("0.1")
    courses_actions.order(
        course.id,
        session_number=number,
        typed_name=story.by("okafor").name,
        by=story.by("okafor"),
        at=at,
        new=courses_actions.NewOrder(
            dose=usual.value,
            confirmed_mg=confirmed.value,
            infusion_minutes=how.minutes.value if isinstance(how, Infusion) else None,
            formulary_item_id=story.vial.id,
        ),
    )


def asked(story: Story, patient: Patient, *, measure: str, at: datetime, occasion: str = "") -> Assignment:
    """A questionnaire that waits for the person, on their own page."""
    owner = story.by("okafor").membership_id
    assert owner is not None
    return measures_actions.assign(
        patient.id, measure=measure, owner_membership_id=owner, occasion=occasion, by=story.by("kit"), at=at
    )


def score(
    story: Story, patient: Patient, *, measure: str, values: list[int], at: datetime, occasion: str = ""
) -> None:
    """A questionnaire, answered on the clinic's tablet with June beside."""
    assignment = asked(story, patient, measure=measure, at=at, occasion=occasion)
    for place, value in enumerate(values, start=1):
        measures_actions.answer(assignment.id, item=str(place), value=value, by=story.by("june"), at=at)
    measures_actions.hand_in(assignment.id, by=story.by("june"), at=at)
