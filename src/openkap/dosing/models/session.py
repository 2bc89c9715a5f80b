"""What is settled before the dose, and how the person went home."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from openkap.accounts.models import Act
from openkap.tenancy.fields import ClinicKey, ClinicOneToOne
from openkap.tenancy.history import append_only
from openkap.watch.models import Session


@append_only
class NoDrivePromise(Act):
    """The person's own word, before the dose, not to drive until the next day after sleep (H15).

    Without a witness it was given in their own sign-in; with one, signed on the clinic's screen.
    """

    session = ClinicKey(Session, models.PROTECT, related_name="promises")
    signed_name = models.CharField(max_length=160)
    witness_name = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return self.signed_name


@append_only
class MedicinesReview(Act):
    """The medicines were gone through with the person on this day (H11)."""

    session = ClinicKey(Session, models.PROTECT, related_name="medicines_reviews")
    note = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.note or "no change"


@append_only
class PredoseDecision(Act):
    """A prescriber's decision to go on although something before the dose asks for one (H10, H11).

    It names what it is about (the pressure, or one question of the day) and lifts only that. About a pressure
    it is bound to the cuff reading the prescriber saw: a higher one that comes after it is not decided.
    """

    session = ClinicKey(Session, models.PROTECT, related_name="predose_decisions")
    about = models.CharField(max_length=60)
    reason = models.CharField(max_length=500)
    sbp = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    dbp = models.DecimalField(max_digits=5, decimal_places=1, null=True)
    measured_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.reason


@append_only
class Discharge(Act):
    """The person left, and what was seen and measured at that moment (H14, H15).

    Against advice is a way of leaving of its own: what was not met, what the person said and what they were
    told are written down.
    """

    class Way(models.TextChoices):
        READY = "ready", _("Ready")
        AGAINST_ADVICE = "against_advice", _("Against advice")

    session = ClinicOneToOne(Session, models.PROTECT, related_name="discharge")
    way = models.CharField(max_length=20, choices=Way.choices, default=Way.READY)
    why = models.CharField(max_length=300, blank=True)
    told = models.CharField(max_length=500, blank=True)
    unmet = models.JSONField(default=list)
    gait_steady = models.CharField(max_length=10)
    oriented = models.CharField(max_length=10)
    escort_seen = models.CharField(max_length=10)
    escort_name = models.CharField(max_length=120)
    seen = models.JSONField()

    def __str__(self) -> str:
        return f"left {self.at:%H:%M}"
