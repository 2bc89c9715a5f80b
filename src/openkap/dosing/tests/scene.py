"""The scene of the room's tests: Amara's first session, with everything in place that a dose asks for.

Every piece can be left out by name, so that a test can show what its absence does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from openkap.accounts.actions import sign
from openkap.accounts.actor import Actor
from openkap.chart import actions as chart_actions
from openkap.chart.rules import WEIGHT
from openkap.consent import actions as consent_actions
from openkap.consent import documents
from openkap.consent.rules import ABILITIES
from openkap.courses.models import Course, GateMet, Order, OrderedDose, PlannedSession, WeightBasis
from openkap.courses.regimen import InfusionRegimen
from openkap.dispensary import actions as dispensary_actions
from openkap.dispensary.models import FormularyItem
from openkap.dosing import actions
from openkap.dosing.models import Dose
from openkap.kernel.answer import Answer
from openkap.kernel.code import Code
from openkap.kernel.ids import uuid7
from openkap.kernel.quantity import MilligramsPerHour, MilligramsPerMillilitre, Minutes
from openkap.people import actions as people_actions
from openkap.people.models import Patient
from openkap.protocols import actions as protocols_actions
from openkap.screening.models import Decision, Outcome
from openkap.watch import actions as watch_actions
from openkap.watch.models import Session
from openkap.watch.plausibility import DBP, HEART_RATE, MOAAS, SBP, SPO2
from tests.cast import NOW, Cast
from tests.packs import BUNDLED

BASE = {SBP: 124, DBP: 78, HEART_RATE: 72, SPO2: 98, MOAAS: 5}
EVERYTHING = frozenset(
    {
        "screening", "consent", "preparation", "order", "check", "allergies", "medicines", "escort",
        "promise", "vitals", "today", "weight",
    }
)  # fmt: skip


@dataclass
class Scene:
    """Amara in Room 2."""

    cast: Cast
    session: Session
    order: Order | None
    at: datetime

    def later(self, minutes: float) -> datetime:
        """A moment of this session, counted from its opening."""
        return self.at + timedelta(minutes=minutes)

    def take(self, values: dict[str, object], *, minutes: float = 0, session: Session | None = None, **more):
        """Sam writes values down."""
        return watch_actions.take_vitals(
            (session or self.session).id,
            values={code: Decimal(str(value)) for code, value in values.items()},
            measured_at=more.pop("measured_at", self.later(minutes)),
            client_id=more.pop("client_id", None) or uuid7(),
            by=more.pop("by", self.cast.sam),
            at=more.pop("at", self.later(minutes)),
            **more,
        )

    def start(self, *, minutes: float = 1, initials: str = "AO", birth_year: int = 1985, **more) -> Dose:
        """Sam starts the dose."""
        by = more.pop("by", self.cast.sam)
        at = self.later(minutes)
        known = {"initials": initials, "birth_year": birth_year}
        dose = actions.start(self.session.id, **known, by=by, at=at, **more)
        self.session.refresh_from_db()
        return dose

    def discharge(self, *, minutes: float, **answers: Answer):
        """Sam lets her go."""
        given = {"gait_steady": Answer.YES, "oriented": Answer.YES, "escort_seen": Answer.YES, **answers}
        by, at = self.cast.sam, self.later(minutes)
        return actions.discharge(self.session.id, escort_name="Kofi Osei", by=by, at=at, **given)


def course_of(cast: Cast, *, sessions: int = 2, with_preparation: bool = True) -> Course:
    """A course with its planned sessions."""
    version = protocols_actions.adopt(BUNDLED, by=cast.okafor, at=NOW)
    stamp = cast.okafor.stamp(NOW)
    course = Course.objects.create(
        patient=cast.amara, pack_version=version, first_day=NOW.date(), per_week=2, **stamp
    )
    for number in range(1, sessions + 1):
        day = NOW.date() + timedelta(days=3 * (number - 1))
        PlannedSession.objects.create(course=course, number=number, planned_on=day, **stamp)
    if with_preparation:
        GateMet.objects.create(
            course=course, gate="preparation_done", evidence_kind="course", evidence_id=course.id, **stamp
        )
    return course


def screened(cast: Cast, course: Course) -> None:
    """Dr Okafor has found Amara eligible."""
    key = uuid7()
    who = {"typed_name": cast.okafor.name, "by": cast.okafor, "at": NOW}
    signature = sign(b"screening", meaning="Screening", subject=("decision", key), **who)
    Decision.objects.create(
        id=key,
        patient=cast.amara,
        pack_version=course.pack_version,
        pack_hash=course.pack_version.hash,
        facts={},
        findings=[],
        computed=Outcome.ELIGIBLE,
        outcome=Outcome.ELIGIBLE,
        valid_until=date(2027, 11, 1),
        content="screening",
        signature=signature,
        **cast.okafor.stamp(NOW),
    )


def ordered(cast: Cast, course: Course, *, number: int = 1, **more: object) -> Order:
    """Dr Okafor orders 36 mg over 40 min, unless told otherwise."""
    planned = PlannedSession.objects.get(course=course, number=number)
    item = FormularyItem.objects.first() or dispensary_actions.stock(
        product="racemic_iv",
        name="Ketamine 10 mg/mL",
        strength=MilligramsPerMillilitre.of(10),
        vial_ml=Decimal(20),
        by=cast.okafor,
        at=NOW,
    )
    key = uuid7()
    content = f"order {key}"
    who = {"typed_name": cast.okafor.name, "by": cast.okafor, "at": NOW}
    signature = sign(content.encode(), meaning="Order", subject=("order", key), **who)
    amounts = {
        "dose_mg_per_kg": Decimal("0.5"),
        "dose_mg": Decimal(36),
        "volume_ml": Decimal("3.6"),
        "regimen": InfusionRegimen(Minutes.of(40), MilligramsPerHour.of(54)),
        "weight_kg": Decimal(72),
        **more,
    }
    order = Order.objects.create(
        id=key,
        planned_session=planned,
        weight_basis=WeightBasis.ACTUAL,
        weighed_at=NOW,
        formulary_item=item,
        strength_mg_per_ml=Decimal(10),
        content=content,
        signature=signature,
        **amounts,
        **cast.okafor.stamp(NOW),
    )
    told = {"dose_mg": amounts["dose_mg"], "volume_ml": amounts["volume_ml"]}
    OrderedDose.objects.create(order=order, number=1, **told, **cast.okafor.stamp(NOW))
    return order


def consented(cast: Cast) -> None:
    """Amara has signed."""
    document = documents.current()
    herself = {"by": cast.amara_herself, "at": NOW}
    answers = {element.id: "As I understand it." for element in document.elements}
    consent_actions.answer_parts(cast.amara.id, answers=answers, **herself)
    talk = consent_actions.CapacityTalk(could_decide=True, abilities=frozenset(ABILITIES))
    okafor = {"typed_name": cast.okafor.name, "by": cast.okafor, "at": NOW}
    consent_actions.sign_capacity(cast.amara.id, talk=talk, **okafor)
    consent_actions.sign(cast.amara.id, version=document.version, typed_name="Amara Osei", **herself)


def weigh(cast: Cast, kilograms: str, *, at: datetime = NOW) -> None:
    """Sam weighs Amara."""
    weight = Code("loinc", WEIGHT, "Body weight")
    value = {"value": Decimal(kilograms), "unit": "kg", "measured_at": at, "confirmed": True}
    chart_actions.add_result(cast.amara.id, code=weight, **value, by=cast.sam, at=at)


def _settle(cast: Cast, wanted: frozenset[str], course: Course) -> None:
    """What is in place before the person comes in."""
    sam = {"by": cast.sam, "at": NOW}
    none = {"kind": "allergy", "answer": Answer.NO}
    pieces = {
        "screening": lambda: screened(cast, course),
        "consent": lambda: consented(cast),
        "allergies": lambda: chart_actions.answer_list(cast.amara.id, **none, **sam),
        "escort": lambda: people_actions.name_escort(
            cast.amara.id, name="Kofi Osei", phone="212 555 0143", **sam
        ),
        "weight": lambda: weigh(cast, "72"),
        "today": lambda: chart_actions.answer_facts(cast.amara.id, answers=dict(WELL_TODAY), **sam),
    }
    for name, put in pieces.items():
        if name in wanted:
            put()


WELL_TODAY = {
    "alcohol_today": (Answer.NO, ""),
    "drugs_since_yesterday": (Answer.NO, ""),
    "fasting_followed": (Answer.YES, ""),
    "pregnancy_possible": (Answer.NO, ""),
    "bladder_today": (Answer.NO, ""),
    "mood_worse": (Answer.NO, ""),
    "suicide_today": (Answer.NO, ""),
    "equipment_ready": (Answer.YES, ""),
}
READ = {"strength_mg_per_ml": Decimal(10), "rate_mg_per_h": Decimal(54)}


def check(session: Session, *, by: Actor, at: datetime = NOW, **more: Decimal) -> None:
    """Somebody reads order, vial and pump."""
    actions.second_check(session.id, **{**READ, **more}, by=by, at=at)


def scene(cast: Cast, *, without: str = "", but: frozenset[str] = frozenset()) -> Scene:
    """The session, opened and made ready, save for what is left out."""
    wanted = EVERYTHING - but - {without}
    sam = {"by": cast.sam, "at": NOW}
    course = course_of(cast, with_preparation="preparation" in wanted)
    _settle(cast, wanted, course)
    order = ordered(cast, course) if "order" in wanted else None
    session = watch_actions.open_session(course.id, number=1, room_id=cast.room.id, **sam)
    it = Scene(cast, session, order, NOW)
    if "check" in wanted and order is not None:
        check(session, by=cast.june)
    if "medicines" in wanted:
        actions.review_medicines(session.id, note="", **sam)
    if "promise" in wanted:
        witness = {"witness_name": cast.sam.name, **sam}
        actions.promise_no_drive(session.id, signed_name="Amara Osei", **witness)
    if "vitals" in wanted:
        it.take(dict(BASE))
    return it


def beside(it: Scene, *, count: int, first: int = 0) -> list[str]:
    """So many more people in a session of their own, each with a monitor: the monitors' names."""
    names = []
    for number in range(first, first + count):
        here = it.session
        patient = Patient.objects.get(id=here.patient_id)
        patient.id, patient.mrn, patient.user_id = uuid7(), f"{patient.mrn}-{number}", None
        patient.save(force_insert=True)
        session = Session.objects.get(id=here.id)
        session.id, session.patient, session.stands_for_planned = uuid7(), patient, False
        session.save(force_insert=True)
        names.append(f"BESIDE-{number}")
        kit = {"by": it.cast.kit, "at": it.at}
        monitor = watch_actions.add_monitor(identifier=names[-1], name=f"Beside {number}", **kit)
        watch_actions.pair(session.id, monitor_id=monitor.id, **kit)
    return names
