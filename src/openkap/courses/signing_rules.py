"""Pure: what stands against opening or ending a course, passing a gate, and signing or taking back an order.

The dose itself is judged elsewhere (`order_rules`, `dose_rules`); here it is who signs, and when.
"""

from __future__ import annotations

from dataclasses import dataclass

from openkap.courses.reasons import CoursesReason
from openkap.kernel.refusal import Objection, Refused
from openkap.protocols.pack import Pack


def no_such_course() -> Refused:
    """The course is not this clinic's."""
    return Refused(CoursesReason.NO_SUCH_COURSE())


def no_such_order() -> Refused:
    """The order is not this clinic's."""
    return Refused(CoursesReason.NO_SUCH_ORDER())


def no_such_pack() -> Refused:
    """The protocol is not one of the clinic's."""
    return Refused(CoursesReason.NO_SUCH_PACK("pack_version"))


def changed_since() -> Refused:
    """Nobody signs an amount they have not seen (hazards H02, H03)."""
    return Refused(CoursesReason.CHANGED_SINCE())


def no_such_session(number: int) -> Objection:
    """The course plans no session of this number."""
    return CoursesReason.NO_SUCH_SESSION(number=number)


def objections_to_opening(
    pack: Pack, *, signed: frozenset[str] = frozenset(), has_open: bool
) -> list[Objection]:
    """A person has one course at a time; a protocol with a release waits for the medical director."""
    objections = [CoursesReason.COURSE_OPEN()] if has_open else []
    if not pack.is_released(signed):
        assert pack.release is not None
        objections.append(CoursesReason.NOT_RELEASED("pack", rule=pack.release.id, text=pack.release.text))
    return objections


def objections_to_integrating(number: int, *, planned: bool, held: bool) -> list[Objection]:
    """A session is integrated after it was held."""
    if not planned:
        return [no_such_session(number)]
    return [] if held else [CoursesReason.NOTHING_TO_INTEGRATE("session_number", number=number)]


def objections_to_ending(*, ended: bool, why: str, dose_runs: bool) -> list[Objection]:
    """What stands against ending a course."""
    objections = [CoursesReason.ENDED_ALREADY()] if ended else []
    if not why.strip():
        objections.append(CoursesReason.WHY_ENDS_MISSING("why"))
    if dose_runs:
        objections.append(CoursesReason.DOSE_RUNS())
    return objections


def objections_to_choice(
    number: int, *, planned: bool, has_vial: bool, right_product: bool
) -> list[Objection]:
    """What an order speaks of: a session that is planned, a vial of the protocol's product."""
    objections = [] if planned else [no_such_session(number)]
    if not has_vial:
        objections.append(CoursesReason.VIAL_MISSING("formulary_item"))
    elif not right_product:
        objections.append(CoursesReason.OTHER_PRODUCT("formulary_item"))
    return objections


@dataclass(frozen=True, slots=True)
class OrderMoment:
    """How things stand when somebody would write an order for a session."""

    number: int
    is_prescriber: bool
    ended: bool
    dose_runs: bool
    dose_given: bool
    has_order: bool


def objections_to_ordering(moment: OrderMoment) -> list[Objection]:
    """Why no order can be written for this session now, whatever the dose."""
    objections = [] if moment.is_prescriber else [CoursesReason.PRESCRIBERS_ONLY()]
    if moment.ended:
        objections.append(CoursesReason.COURSE_ENDED())
    if moment.dose_runs:
        objections.append(CoursesReason.ORDERS_STAY())
    if moment.dose_given:
        objections.append(CoursesReason.DOSE_GIVEN(number=moment.number))
    if moment.has_order:
        objections.append(CoursesReason.HAS_ORDER(number=moment.number))
    return objections


@dataclass(frozen=True, slots=True)
class Signed:
    """An order as it stands: what was done about it since it was signed."""

    needs_second: bool = False
    taken_back: bool = False
    seconded: bool = False
    carried_out: bool = False


def objections_to_second(
    order: Signed, *, is_prescriber: bool, same: bool, dose_runs: bool
) -> list[Objection]:
    """What stands against another prescriber's signature under an order beyond a limit."""
    objections = [] if is_prescriber else [CoursesReason.PRESCRIBERS_ONLY()]
    if not order.needs_second:
        objections.append(CoursesReason.SECOND_NOT_NEEDED())
    if order.taken_back:
        objections.append(CoursesReason.TAKEN_BACK())
    if order.seconded:
        objections.append(CoursesReason.SECOND_SIGNED())
    if same:
        objections.append(CoursesReason.SECOND_BY_SAME())
    if dose_runs:
        objections.append(CoursesReason.ORDERS_STAY())
    return objections


def objections_to_taking_back(
    order: Signed, *, is_prescriber: bool, dose_runs: bool, why: str
) -> list[Objection]:
    """What stands against taking an order back."""
    objections = [] if is_prescriber else [CoursesReason.PRESCRIBERS_TAKE_BACK()]
    if order.taken_back:
        objections.append(CoursesReason.TAKEN_BACK_ALREADY())
    if dose_runs:
        objections.append(CoursesReason.ORDERS_STAY())
    if order.carried_out:
        objections.append(CoursesReason.CARRIED_OUT())
    if not why.strip():
        objections.append(CoursesReason.WHY_BACK_MISSING("why"))
    return objections
