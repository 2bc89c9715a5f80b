"""Filling the demo clinic. Everything goes through the rooms' own actions, as people would do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership, User
from openkap.config.demo.people import EVERYONE, PASSWORD, DemoPerson
from openkap.kernel.ids import uuid7
from openkap.people.models import Patient
from openkap.tenancy.clinics import clinic_ids
from openkap.tenancy.context import inside
from openkap.tenancy.models import Clinic

Say = Callable[[str], None]


def is_needed() -> bool:
    """Whether the demo has no clinic yet."""
    return not clinic_ids()


def is_of_another_day() -> bool:
    """Whether the demo was filled more than half a day ago, so that its running session is a past one."""
    [clinic_id] = clinic_ids()[:1]
    with inside(clinic_id, role="system"):
        last = Patient.objects.order_by("-at").values_list("at", flat=True).first()
    return last is not None and timezone.now() - last > timedelta(hours=36)


def fill(*, say: Say) -> None:
    """Make the clinic, its people and a few weeks of its work."""
    now = timezone.now()
    opened = now - timedelta(days=120)
    key = uuid7()
    with inside(key, role="system"):
        clinic = Clinic.objects.create(
            id=key,
            name="Harbour Clinic",
            zone="America/New_York",
            profile="US",
            phone="+1 212 555 0100",
            created_at=opened,
        )
        actors = {person.email.split("@")[0]: _member(clinic, person, at=opened) for person in EVERYONE}
        say("the team")
        from openkap.config.demo import stories

        stories.tell(clinic, actors, now=now, say=say)


def _member(clinic: Clinic, person: DemoPerson, *, at: datetime) -> Actor:
    user = User.objects.make(email=person.email, name=person.name, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    TOTP.activate(user, person.secret)
    membership = Membership.objects.create(
        clinic=clinic, user=user, role=person.role, title=person.title, since=at
    )
    return Actor(
        clinic_id=clinic.id, role=person.role, name=person.name, user_id=user.id, membership_id=membership.id
    )
