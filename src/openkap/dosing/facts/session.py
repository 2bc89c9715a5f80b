"""A session's doses, and what was settled before them. Reads only."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from django.db.models import QuerySet

from openkap.dosing import infusion, pack_rules
from openkap.dosing.discharge import DischargeRule
from openkap.dosing.models import Dose, MedicinesReview, NoDrivePromise, PredoseDecision
from openkap.dosing.rules import PressureLines
from openkap.tenancy.keyed_queries import keyed_query
from openkap.watch.facts import errors_of, protocol_of
from openkap.watch.facts.reading import Looked, by_session, loaded
from openkap.watch.models import EnteredInError, Session


def dose_of(session: Session) -> Dose | None:
    """The dose given in this session, if one was begun."""
    return next(reversed(doses_of(session)), None)


def dose_runs(session: Session) -> bool:
    """Whether a dose is being given in this session now."""
    return Dose.objects.filter(session=session, ended_at__isnull=True).exists()


def doses_of(session: Session) -> list[Dose]:
    """Every dose of a session: more than one when the rest of a stopped order was given."""
    return loaded(session, "doses", ask=_doses) or []


@keyed_query
def doses_in(*sessions: uuid.UUID) -> QuerySet[Dose]:
    """Every dose of these sessions, oldest first, with its order and what happened to it."""
    rows = Dose.objects.filter(session_id__in=sessions).select_related("order").prefetch_related("steps")
    return rows.order_by("at", "id")


def _doses(looked: Looked) -> dict[uuid.UUID, list[Dose]]:
    return by_session(doses_in(*looked.keys))


def left_of(session: Session, *, at: datetime) -> Decimal:
    """How much of the last order was left when its dose was stopped; nothing unless it was."""
    dose = dose_of(session)
    if dose is None:
        return Decimal(0)
    state = dose_state(dose, at=at)
    if state.state is not infusion.DosePhase.STOPPED:
        return Decimal(0)
    return max(dose.ordered_mg - state.given_mg, Decimal(0)).quantize(Decimal("0.01"), rounding=ROUND_DOWN)


def steps_of(dose: Dose) -> tuple[infusion.DoseEvent, ...]:
    """What happened to a dose, in order."""
    return tuple(
        infusion.DoseEvent(infusion.DoseEventKind(s.kind), s.at, s.rate_mg_per_h) for s in dose.steps.all()
    )


def dose_state(dose: Dose, *, at: datetime) -> infusion.DoseState:
    """What has been given by `at`."""
    return infusion.dose_at(steps_of(dose), ordered_mg=dose.ordered_mg, at=at)


@keyed_query
def promises_in(session: uuid.UUID) -> QuerySet[NoDrivePromise]:
    """The promises not to drive, the last first, also what was called an error."""
    return NoDrivePromise.objects.filter(session_id=session).order_by("-at", "-id")


@keyed_query
def reviews_in(session: uuid.UUID) -> QuerySet[MedicinesReview]:
    """When the medicines were gone through, the last first, also what was called an error."""
    return MedicinesReview.objects.filter(session_id=session).order_by("-at", "-id")


@keyed_query
def decisions_in(session: uuid.UUID) -> QuerySet[PredoseDecision]:
    """The decisions to go on before the dose, oldest first."""
    return PredoseDecision.objects.filter(session_id=session).order_by("at", "id")


def promise_of(session: Session) -> NoDrivePromise | None:
    """The promise not to drive that stands."""
    errors = errors_of(session, EnteredInError.Kind.PROMISE)
    return next((row for row in promises_in(session.id) if row.id not in errors), None)


def review_of(session: Session) -> MedicinesReview | None:
    """The last time the medicines were gone through in this session."""
    errors = errors_of(session, EnteredInError.Kind.MEDICINES)
    return next((row for row in reviews_in(session.id) if row.id not in errors), None)


def discharge_rule_of(session: Session) -> DischargeRule:
    """What must hold before the person goes home, by the pack and the clinic's numbers."""
    protocol = protocol_of(session)
    return pack_rules.discharge_rule(protocol.pack, protocol.numbers)


def pressure_lines_of(session: Session) -> PressureLines:
    """The pressures before the dose that ask for a decision, by the pack and the clinic's numbers."""
    protocol = protocol_of(session)
    return pack_rules.pressure_lines(protocol.pack, protocol.numbers)
