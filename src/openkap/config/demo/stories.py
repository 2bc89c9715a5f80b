"""Whom one meets in the demo clinic, and where each of them stands today. All of it is invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from openkap.accounts import actions as accounts_actions
from openkap.accounts.actor import Actor
from openkap.alerts import actions as alerts_actions
from openkap.alerts.actions.covering import NewCover
from openkap.alerts.cover import DAYS, pace_by
from openkap.alerts.numbers import AlertNumbers
from openkap.config.demo import arrivals, day, path, routes
from openkap.config.demo.path import Story
from openkap.courses import queries as courses
from openkap.courses.models import Course
from openkap.defaults.loading import shipped
from openkap.dispensary import actions as dispensary_actions
from openkap.kernel.answer import Answer
from openkap.kernel.quantity import MilligramsPerMillilitre
from openkap.people import actions as people_actions
from openkap.people.models import Patient
from openkap.protocols import actions as protocols_actions
from openkap.protocols import loading
from openkap.tenancy.models import Clinic
from openkap.watch import actions as watch_actions

Say = Callable[[str], None]
BEFORE_A_SESSION = """Eat and drink as it stands on the sheet you were given.
Take your usual medicines, unless your prescriber said otherwise.
Wear something warm and loose. Bring your own music if you like."""
REFERRAL = Path(__file__).with_name("referral.json")


def tell(clinic: Clinic, actors: dict[str, Actor], *, now: datetime, say: Say) -> None:
    """Set up sites, rooms and protocol, and bring everyone to where they are today."""
    story = _house(clinic, actors, now=now)
    say("the clinic, its rooms and its protocol")
    _amara(story)
    say("Amara Osei, two sessions behind her, the third today")
    _jon(story)
    say("Jon Okoye, in Room 1 now")
    _luca(story)
    _paula(story)
    arrivals.kim(story)
    say("Luca, Paula and Kim, each at another step")
    routes.others(story)
    say("Omar, Greta and Femi, by injection, spray and lozenge")
    arrivals.priya(story)
    say("a referral that waits")


def _house(clinic: Clinic, actors: dict[str, Actor], *, now: datetime) -> Story:
    at, ada = now - timedelta(days=90), actors["ada"]
    accounts_actions.change_particulars(
        name=clinic.name,
        phone=clinic.phone,
        zone=clinic.zone,
        profile=clinic.profile,
        before_session=BEFORE_A_SESSION,
        by=ada,
        at=at,
    )
    site = people_actions.open_site(name="Harbour House", address="12 Quay Street", by=ada, at=at)
    rooms = [people_actions.open_room(site.id, name=f"Room {n}", by=ada, at=at) for n in (1, 2, 3)]
    vial = dispensary_actions.stock(
        product="racemic_iv",
        name="Ketamine 10 mg/mL, 20 mL vial",
        vial_ml=Decimal(20),
        ndc="",
        strength=MilligramsPerMillilitre.of("10"),
        by=actors["okafor"],
        at=at,
    )
    version = protocols_actions.adopt(loading.newest_of("iv-depression"), by=actors["okafor"], at=at)
    _duties(actors, at=at)
    _cover(actors, at=at)
    monitors = [
        watch_actions.add_monitor(
            identifier=f"HARBOUR-{n}", name=f"Monitor {n}", room_id=rooms[n - 1].id, by=ada, at=at
        )
        for n in (1, 2, 3)
    ]
    return Story(clinic, actors, now, version, vial, rooms, monitors)


def _cover(actors: dict[str, Actor], *, at: datetime) -> None:
    """Open on weekdays from 8 to 18; June is on call at night, then Dr Bello."""
    ada = actors["ada"]
    cover = NewCover(
        by_day={day: (time(8), time(18)) for day in DAYS[:5]},
        closed_on=(),
        on_call=[(it.membership_id, "") for it in (actors["june"], actors["bello"]) if it.membership_id],
        pace=pace_by(shipped(AlertNumbers)),
        lines=(),
    )
    alerts_actions.sign_cover(cover, typed_name=ada.name, by=ada, at=at)


def _duties(actors: dict[str, Actor], *, at: datetime) -> None:
    """Dr Okafor is medical director; she has named June, Sam and Dr Bello for the independent check."""
    ada, okafor = actors["ada"], actors["okafor"]
    for key, kind, by in (
        ("okafor", "medical_director", ada),
        ("june", "independent_check", okafor),
        ("sam", "independent_check", okafor),
        ("bello", "independent_check", okafor),
    ):
        member = actors[key].membership_id
        assert member is not None
        accounts_actions.name_duty(member, kind=kind, typed_name=by.name, by=by, at=at)


def _amara(story: Story) -> None:
    """Two sessions behind her; the third is ordered for today, and she has a page of her own."""
    at, herself = story.clock(16, 10), story.by("amara")
    amara = path.take_in(
        story,
        at=at,
        given_name="Amara",
        family_name="Osei",
        birth_date=date(1985, 3, 12),
        sex="female",
        pronouns="she",
        phone="+1 212 555 0142",
        email="amara@harbour.example",
    )
    assert herself.user_id is not None
    people_actions.give_sign_in(amara.id, user_id=herself.user_id, by=story.by("kit"), at=at)
    path.know(
        story,
        amara,
        at=at,
        problems=[("Recurrent depression, severe, two trials failed", "F33.2")],
        medicines=[("Sertraline 100 mg", "one in the morning")],
        allergies=["Latex"],
        weight="72",
        height="168",
    )
    _amara_is_treated(story, amara, herself=herself, at=at)


def _amara_is_treated(story: Story, amara: Patient, *, herself: Actor, at: datetime) -> None:
    path.score(story, amara, measure="phq_9", values=[3, 3, 2, 3, 2, 2, 2, 1, 0], at=at, occasion="baseline")
    path.score(story, amara, measure="gad_7", values=[2, 2, 2, 2, 1, 2, 1], at=at, occasion="baseline")
    path.ask(story, amara, at=story.clock(13, 11))
    path.decide(story, amara, at=story.clock(13, 11, minute=30))
    path.agree(story, amara, at=story.clock(12, 14), herself=herself)
    first = path.weekday_from(story.now.astimezone(story.clinic.tz).date() - timedelta(days=9))
    course = path.open_course(
        story, amara, first_day=first, at=story.clock(12, 15), goal="Out of the grey, back to the table"
    )
    path.prepare(story, course, at=story.clock(11, 16))
    days = [session.planned_on for session in courses.planned(course)]
    day.whole_session(story, course, patient=amara, number=1, day=days[0], room=1, weight="72")
    path.score(
        story,
        amara,
        measure="phq_9",
        values=[2, 2, 2, 2, 2, 1, 2, 1, 0],
        at=story.on(days[1], 8),
        occasion="before dose 2",
    )
    day.whole_session(story, course, patient=amara, number=2, day=days[1], room=1, weight="72")
    _today_at(story, course, when=story.now + timedelta(minutes=45), room=1, agreed=story.clock(6, 10))
    morning = story.now - timedelta(hours=2)
    path.asked(story, amara, measure="phq_9", at=morning, occasion="before dose 3")
    path.score(
        story, amara, measure="gad_7", values=[1, 1, 1, 1, 1, 1, 0], at=morning, occasion="before dose 3"
    )
    path.order(story, course, patient=amara, number=3, weight="72", at=morning)


def _today_at(story: Story, course: Course, *, when: datetime, room: int, agreed: datetime) -> None:
    """The next session today at about this time, and the rest of them after it."""
    today = story.now.astimezone(story.clinic.tz)
    soon = min(when.astimezone(story.clinic.tz), today.replace(hour=23, minute=45))
    clock = time(soon.hour, soon.minute // 15 * 15)
    path.plan(story, course, first=today.date(), clock=clock, room=room, at=agreed)


def _weekday(one: date) -> date:
    """The day itself, or the Monday before a weekend's day."""
    return one - timedelta(days=max(one.weekday() - 4, 0))


def _jon(story: Story) -> None:
    """In Room 1 now: his dose has been running for some minutes, his monitor is heard."""
    at = story.clock(9, 9)
    jon = path.take_in(
        story,
        at=at,
        given_name="Jon",
        family_name="Okoye",
        birth_date=date(1984, 9, 30),
        sex="male",
        pronouns="he",
        phone="+1 212 555 0177",
    )
    path.know(
        story,
        jon,
        at=at,
        problems=[("Recurrent depression, moderate", "F33.1")],
        medicines=[("Lamotrigine 200 mg", "one in the evening")],
        weight="80",
        height="181",
    )
    path.score(story, jon, measure="phq_9", values=[3, 2, 2, 2, 2, 3, 2, 2, 0], at=at, occasion="baseline")
    path.ask(story, jon, at=story.clock(8, 10))
    path.decide(story, jon, at=story.clock(8, 10, minute=30))
    path.agree(story, jon, at=story.clock(7, 10))
    today = story.now.astimezone(story.clinic.tz).date()
    course = path.open_course(story, jon, first_day=today, at=story.clock(7, 11), goal="Work again by spring")
    path.prepare(story, course, at=story.clock(2, 15))
    began = story.now - timedelta(minutes=24)
    _today_at(story, course, when=began, room=0, agreed=story.clock(2, 15))
    path.order(story, course, patient=jon, number=1, weight="80", at=began - timedelta(hours=2))
    opened = began - timedelta(minutes=10)
    session = day.open_room(story, course, number=1, room=0, at=opened, name=jon.name)
    pairing = watch_actions.pair(session.id, monitor_id=story.monitors[0].id, by=story.by("sam"), at=opened)
    day.watch(story, session, seed=7, at=opened, until=opened + timedelta(minutes=9))
    day.start(story, session, patient=jon, at=began)
    day.watch_on(story, session, seed=7, at=opened, since=10, until=33)
    watch_actions.heard(pairing, at=story.now)


def _luca(story: Story) -> None:
    """Consent is signed; preparation is Noor's next step."""
    at = story.clock(6, 13)
    luca = path.take_in(
        story,
        at=at,
        given_name="Luca",
        family_name="Marchetti",
        birth_date=date(1969, 2, 3),
        sex="male",
        phone="+1 212 555 0110",
    )
    path.know(
        story,
        luca,
        at=at,
        problems=[("Recurrent depression, severe", "F33.2"), ("PTSD", "F43.12")],
        weight="91",
        height="175",
    )
    path.score(
        story,
        luca,
        measure="pcl_5",
        values=[3, 2, 2, 3, 2, 3, 3, 1, 2, 2, 3, 2, 2, 2, 1, 1, 3, 3, 2, 3],
        at=at,
    )
    path.ask(story, luca, at=story.clock(5, 9), airway=Answer.YES)
    path.decide(story, luca, at=story.clock(5, 10), outcome="conditional")
    path.agree(story, luca, at=story.clock(3, 9))
    first = story.now.astimezone(story.clinic.tz).date() + timedelta(days=3)
    path.open_course(story, luca, first_day=first, at=story.clock(3, 10), goal="Sleep through the night")


def _paula(story: Story) -> None:
    """Her first session was two days ago; she has not answered how she is: silence is overdue."""
    at = story.clock(12, 9)
    paula = path.take_in(
        story,
        at=at,
        given_name="Paula",
        family_name="Novak",
        birth_date=date(1977, 6, 1),
        sex="female",
        phone="+1 212 555 0188",
    )
    path.know(
        story, paula, at=at, problems=[("Recurrent depression, moderate", "F33.1")], weight="64", height="170"
    )
    path.score(story, paula, measure="phq_9", values=[2, 2, 2, 3, 2, 2, 2, 1, 0], at=at, occasion="baseline")
    path.ask(story, paula, at=story.clock(9, 9))
    path.decide(story, paula, at=story.clock(9, 9, minute=30))
    path.agree(story, paula, at=story.clock(8, 9))
    first = _weekday(story.now.astimezone(story.clinic.tz).date() - timedelta(days=2))
    course = path.open_course(story, paula, first_day=first, at=story.clock(8, 10), goal="Paint again")
    path.prepare(story, course, at=story.clock(6, 12))
    day.whole_session(story, course, patient=paula, number=1, day=first, room=2, weight="64", answers=False)
