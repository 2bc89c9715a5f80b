"""Those who are treated by injection, spray or lozenge: each as far as the signed order of a first dose."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from openkap.config.demo import path
from openkap.config.demo.path import Story
from openkap.dispensary import actions as dispensary_actions
from openkap.dispensary.models import strength_of
from openkap.protocols import actions as protocols_actions
from openkap.protocols import loading


@dataclass(frozen=True, slots=True)
class OtherRoute:
    """One person, what they have and take, and the protocol and product they are treated by."""

    protocol: str
    product: str
    stocked: str
    strength: str
    holds: str
    given_name: str
    family_name: str
    born: date
    sex: str
    problem: tuple[str, str]
    medicine: tuple[str, str]
    weight: str
    height: str
    goal: str
    room: int


ROUTES = (
    OtherRoute(
        protocol="im-kap",
        product="racemic_im",
        stocked="Ketamine 50 mg/mL, 10 mL vial",
        strength="50",
        holds="10",
        given_name="Omar",
        family_name="Rahimi",
        born=date(1979, 4, 17),
        sex="male",
        problem=("PTSD", "F43.10"),
        medicine=("Sertraline 150 mg", "one in the morning"),
        weight="84",
        height="178",
        goal="Take the train again",
        room=1,
    ),
    OtherRoute(
        protocol="esketamine-us",
        product="esketamine_in",
        stocked="Esketamine nasal spray, 28 mg a device",
        strength="140",
        holds="0.2",
        given_name="Greta",
        family_name="Lindqvist",
        born=date(1972, 8, 9),
        sex="female",
        problem=("Recurrent depression, severe, three trials failed", "F33.2"),
        medicine=("Venlafaxine 225 mg", "one in the morning"),
        weight="68",
        height="171",
        goal="Sing in the choir again",
        room=2,
    ),
    OtherRoute(
        protocol="lozenge-clinic",
        product="racemic_sl_oral",
        stocked="Ketamine lozenge 50 mg, made up by Quay Pharmacy",
        strength="50",
        holds="30",
        given_name="Femi",
        family_name="Adeyemi",
        born=date(1993, 1, 26),
        sex="male",
        problem=("Bipolar II disorder, depressed", "F31.81"),
        medicine=("Lithium 900 mg", "in the evening"),
        weight="77",
        height="183",
        goal="Finish the degree",
        room=2,
    ),
)


def others(story: Story) -> None:
    """A muscle, the nose and the mouth, each by its own protocol and product."""
    for place, route in enumerate(ROUTES):
        _one(_by(story, route), route, days_ago=8 + place)


def _by(story: Story, route: OtherRoute) -> Story:
    """The story with this protocol taken over and this product stocked, both before anybody came."""
    at, okafor = story.now - timedelta(days=90), story.by("okafor")
    version = protocols_actions.adopt(loading.newest_of(route.protocol), by=okafor, at=at)
    vial = dispensary_actions.stock(
        product=route.product,
        name=route.stocked,
        strength=strength_of(route.product, Decimal(route.strength)),
        vial_ml=Decimal(route.holds),
        by=okafor,
        at=at,
    )
    return replace(story, version=version, vial=vial)


def _one(story: Story, route: OtherRoute, *, days_ago: int) -> None:
    at = story.clock(days_ago, 10)
    patient = path.take_in(
        story,
        at=at,
        given_name=route.given_name,
        family_name=route.family_name,
        birth_date=route.born,
        sex=route.sex,
        phone=f"+1 212 555 01{20 + days_ago}",
    )
    path.know(
        story,
        patient,
        at=at,
        problems=[route.problem],
        medicines=[route.medicine],
        weight=route.weight,
        height=route.height,
    )
    path.score(
        story, patient, measure="phq_9", values=[2, 3, 2, 2, 2, 2, 2, 1, 0], at=at, occasion="baseline"
    )
    path.ask(story, patient, at=story.clock(days_ago - 1, 10))
    path.decide(story, patient, at=story.clock(days_ago - 1, 11))
    path.agree(story, patient, at=story.clock(days_ago - 2, 9))
    first = path.weekday_from(story.now.astimezone(story.clinic.tz).date() + timedelta(days=1))
    course = path.open_course(
        story, patient, first_day=first, at=story.clock(days_ago - 2, 11), goal=route.goal
    )
    path.prepare(story, course, at=story.clock(1, 14 + route.room))
    path.order(
        story, course, patient=patient, number=1, weight=route.weight, at=story.now - timedelta(hours=3)
    )
