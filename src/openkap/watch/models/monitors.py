"""Monitors, and with which session each is paired."""

from __future__ import annotations

from django.db import models

from openkap.accounts.models import Act, Membership
from openkap.people.models import Room
from openkap.tenancy.fields import ClinicKey
from openkap.tenancy.history import append_only, tracked
from openkap.tenancy.statements import StatementField
from openkap.watch.models.session import Session


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
                name="watch_monitor_identifier",
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
                name="watch_monitor_in_one_pair",
            ),
            models.UniqueConstraint(
                fields=["clinic", "session"],
                condition=models.Q(ended_at__isnull=True),
                name="watch_session_in_one_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.monitor_id} with {self.session_id}"


@append_only
class PutAside(Act):
    """What a monitor of a session sent and nobody could chart: the first of its kind, with an owner (H34).

    `expected` says that the room waits for such a value. `key` is the same for what is put aside again for
    the same reason: in the session for an expected value, else from the monitor.
    """

    session = ClinicKey(Session, models.PROTECT, related_name="put_aside")
    monitor = ClinicKey(Monitor, models.PROTECT, related_name="put_aside")
    what = StatementField()
    value_text = models.CharField(max_length=120, blank=True)
    reason = StatementField()
    expected = models.BooleanField(default=False)
    message_id = models.UUIDField()
    key = models.CharField(max_length=64, editable=False)
    owner = ClinicKey(Membership, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clinic", "key"], name="watch_put_aside_once")]
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.what} {self.value_text}".strip()


@append_only
class PutAsideSeen(Act):
    """Somebody has seen what was put aside, and has looked after it."""

    put_aside = ClinicKey(PutAside, models.PROTECT, related_name="seen")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clinic", "put_aside"], name="watch_put_aside_seen_once")
        ]

    def __str__(self) -> str:
        return f"seen by {self.by_name}"
