"""What a prescriber typed, as the rules take it, and the words of the order that comes of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from openkap.courses import dose_rules, order_rules, order_words, queries, signing_rules
from openkap.courses.counting import Amounts, OrderDraft
from openkap.courses.models import (
    Course,
    GateMet,
    PlannedSession,
)
from openkap.courses.regimen import DeviceRegimen, Regimen
from openkap.dispensary.models import FormularyItem
from openkap.kernel.quantity import (
    Milligrams,
    Minutes,
    plain,
)
from openkap.kernel.refusal import refuse_if


@dataclass(frozen=True, slots=True)
class NewOrder:
    """An order as a prescriber typed it. The dose is typed in the protocol's unit and confirmed in mg (H02).

    `infusion_minutes` is the time of an infusion; `further` are doses that may be given after the first one.
    """

    dose: Decimal
    confirmed_mg: Decimal | None
    formulary_item_id: uuid.UUID
    infusion_minutes: Decimal | None = None
    further: tuple[Decimal, ...] = ()
    weight_basis: str = "actual"
    diluted: bool = False
    reason: str = ""
    weight_confirmed: bool = False


def _draft(
    course: Course, session: PlannedSession, *, new: NewOrder, item: FormularyItem, at: datetime
) -> OrderDraft:
    doses = GateMet.objects.filter(course__patient_id=course.patient_id, gate="dosing_done")
    last = doses.exclude(planned_session=session).order_by("-at").first()
    usual = last.at if last else at  # the hour of the next dose is taken to be that of the last one
    day = session.planned_on
    planned_at = usual.replace(year=day.year, month=day.month, day=day.day)
    unit = type(queries.pack(course).dose.amount.usual)
    minutes = new.infusion_minutes
    return OrderDraft(
        dose=unit(new.dose),
        confirmed_mg=Milligrams(new.confirmed_mg) if new.confirmed_mg is not None else None,
        infusion=Minutes(minutes) if minutes is not None else None,
        further=tuple(unit(amount) for amount in new.further),
        strength=item.strength,
        weighing=queries.weighing(course.patient, confirmed=new.weight_confirmed),
        vial=item.content,
        basis=new.weight_basis,
        diluted=new.diluted,
        reason=new.reason,
        is_first=not doses.filter(course=course).exclude(planned_session=session).exists(),
        last_dose_at=last.at if last else None,
        planned_at=max(planned_at, at),
    )


def draft(
    course: Course, *, session_number: int, new: NewOrder, at: datetime
) -> tuple[PlannedSession, FormularyItem, OrderDraft]:
    """The order as the rules take it, with the session and the vial it speaks of; or a refusal."""
    session = PlannedSession.objects.filter(course=course, number=session_number).first()
    item = FormularyItem.objects.filter(id=new.formulary_item_id, withdrawn_at__isnull=True).first()
    refuse_if(
        signing_rules.objections_to_choice(
            session_number,
            planned=session is not None and session.cancelled_at is None,
            has_vial=item is not None,
            right_product=item is not None and item.product == course.pack_version.product,
        )
    )
    assert session is not None
    assert item is not None
    return session, item, _draft(course, session, new=new, item=item, at=at)


def words_of(
    course: Course,
    session: PlannedSession,
    *,
    item: FormularyItem,
    draft: OrderDraft,
    amounts: Amounts,
    regimen: Regimen,
) -> str:
    """The order's exact words, as they are signed and read out at the time-out."""
    pack = queries.pack(course)
    lines = [
        f"{course.patient.name}, {course.patient.mrn}",
        f"Session {session.number}, planned for {session.planned_on.isoformat()}",
        f"{item.name}, {item.strength}",
        order_words.dose_words(draft, amounts),
        *order_words.giving_words(regimen, amounts),
    ]
    weighed_at = _weighed_at(draft, amounts)
    lines += [f"Weighed {weighed_at.isoformat()}"] if weighed_at else []
    lines += [f"Protocol {pack.name}"]
    count = dose_rules.vials(amounts.volume, item.content)
    is_by_device = isinstance(regimen, DeviceRegimen)  # whose number is said already
    lines += [f"From {count} vials of {plain(item.vial_ml)} mL"] if count > 1 and not is_by_device else []
    named = dose_rules.differences(amount=draft.dose, minutes=draft.infusion, dose=pack.dose)
    lines += [f"Differs from the protocol: {'; '.join(named)}"] if named else []
    lines += ["Diluted before use"] if draft.diluted else []
    lines += [f"Reason: {draft.reason.strip()}"] if draft.reason.strip() else []
    return "\n".join(lines)


def _weighed_at(draft: OrderDraft, amounts: Amounts) -> datetime | None:
    """When the weight was measured that the dose is counted by; None for a dose not counted by weight."""
    return draft.weighing.measured_at if draft.weighing and amounts.weight else None


def by_weight(draft: OrderDraft, amounts: Amounts) -> dict[str, Any]:
    """What an order keeps of the weight it was counted by: all of it, or nothing."""
    if amounts.weight is None:
        return {}
    return {
        "dose_mg_per_kg": order_rules.total_of(draft).value,
        "weight_kg": amounts.weight.value,
        "weight_basis": draft.basis,
        "weighed_at": _weighed_at(draft, amounts),
    }
