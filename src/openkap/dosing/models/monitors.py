"""Monitors, and with which session each is paired."""

from __future__ import annotations

from django.db import models

from openkap.accounts.models import Act
from openkap.dosing.models.session import Session
from openkap.people.models import Room
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import tracked


@tracked
class Monitor(Act):
    """A bedside monitor the clinic owns, by the identifier it sends. `zone` reads times without an offset."""

    identifier = models.CharField(max_length=120)
    name = models.CharField(max_length=80)
    location = models.CharField(max_length=120, blank=True)
    zone = models.CharField(max_length=60, blank=True)
    room = ClinicKey(Room, models.PROTECT, null=True, blank=True, related_name="monitors")
    retired_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "identifier"],
                condition=models.Q(retired_at__isnull=True),
                name="dosing_monitor_identifier",
            )
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked
class Pairing(Act):
    """A monitor belongs to one session until the pairing ends; both are in one pair at most (H30)."""

    monitor = ClinicKey(Monitor, models.PROTECT, related_name="pairings")
    session = ClinicKey(Session, models.PROTECT, related_name="pairings")
    ended_at = models.DateTimeField(null=True, editable=False)
    last_heard_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clinic", "monitor"],
                condition=models.Q(ended_at__isnull=True),
                name="dosing_monitor_in_one_pair",
            ),
            models.UniqueConstraint(
                fields=["clinic", "session"],
                condition=models.Q(ended_at__isnull=True),
                name="dosing_session_in_one_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.monitor_id} with {self.session_id}"
