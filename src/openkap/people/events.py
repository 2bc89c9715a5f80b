"""What is recorded of people: the event of each verb, with its details. Pure."""

from __future__ import annotations

import uuid

from openkap.kernel.event import DomainEvent


class PatientRegistered(DomainEvent, verb="people.registered"):
    """A person was registered."""

    mrn: str


class PatientCorrected(DomainEvent, verb="people.corrected"):
    """What is known of a person was corrected."""

    fields: tuple[str, ...]


class SignInGiven(DomainEvent, verb="people.sign_in_given"):
    """A person's sign-in was tied to their record."""

    user_id: uuid.UUID


class CareTeamJoined(DomainEvent, verb="people.care_team_joined"):
    """Somebody joined a person's care team."""

    name: str
    role: str
    for_kind: str


class CareTeamLeft(DomainEvent, verb="people.care_team_left"):
    """Somebody left a person's care team."""


class EscortNamed(DomainEvent, verb="people.escort_named"):
    """Somebody was named to take the person home."""


class SiteOpened(DomainEvent, verb="people.site_opened"):
    """A site was added."""

    name: str


class RoomClosed(DomainEvent, verb="people.room_closed"):
    """A room was taken out of use."""

    name: str


class RoomOpened(DomainEvent, verb="people.room_opened"):
    """A room was added."""

    name: str


class MergeProposed(DomainEvent, verb="people.merge_proposed"):
    """Somebody says that two records are one person."""

    kept_id: uuid.UUID
    gone_id: uuid.UUID


class MergeWithdrawn(DomainEvent, verb="people.merge_withdrawn"):
    """They are two people after all."""

    kept_id: uuid.UUID
    gone_id: uuid.UUID


class RecordsMerged(DomainEvent, verb="people.merged"):
    """Two records became one."""

    kept_id: uuid.UUID
    gone_id: uuid.UUID
    rows: int


class RecordsUnmerged(DomainEvent, verb="people.unmerged"):
    """A merge was undone."""

    kept_id: uuid.UUID
    gone_id: uuid.UUID
