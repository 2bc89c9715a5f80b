"""The clinic itself, and the base of every table that belongs to one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from openkap.kernel.ids import uuid7
from openkap.tenancy.constraints import ClinicPolicy
from openkap.tenancy.fields import ClinicField


class Clinic(models.Model):
    """A clinic: the owner of its patients' records, with its own zone and the rules of its country.

    `before_session` is what patients read before a session, in the clinic's own words, a line each.
    `facility` is the receiving facility (MSH-6) its monitors name where several clinics share a listener.
    """

    class Profile(models.TextChoices):
        US = "US", _("United States")
        EU = "EU", _("European Union")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=60, default="UTC")
    profile = models.CharField(max_length=2, choices=Profile.choices, default=Profile.US)
    phone = models.CharField(max_length=40, blank=True)
    before_session = models.TextField(blank=True, default="")
    facility = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            ClinicPolicy(name="tenancy_clinic_policy", column="id"),
            models.UniqueConstraint(
                fields=["facility"], condition=~models.Q(facility=""), name="tenancy_clinic_facility"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def imperial(self) -> bool:
        """Whether people here say weight in pounds and height in feet. Kilograms and centimetres are kept."""
        return self.profile == self.Profile.US

    @property
    def month_first(self) -> bool:
        """Whether people here write the month of a date before its day."""
        return self.profile == self.Profile.US

    @property
    def tz(self) -> ZoneInfo:
        """The clinic's own zone, for showing times; storage stays UTC."""
        return ZoneInfo(self.zone)


class Beat(models.Model):
    """The installation's own clock: when a job of it last ran. It belongs to no clinic and names nobody."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.at}"


class CacheEntry(models.Model):
    """A count or a mark that all workers share (`tenancy.cache`). It belongs to no clinic."""

    key = models.CharField(max_length=250, primary_key=True)
    value = models.TextField()
    expires_at = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return self.key


class ClinicModel(models.Model):
    """Base of every clinic table: a UUIDv7 key and a clinic, and with them row-level security."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    clinic = ClinicField()

    class Meta:
        abstract = True
