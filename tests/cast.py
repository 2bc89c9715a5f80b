"""The cast of every test: one clinic and its people.

*Amara*, patient; *Dr Okafor*, prescriber; *Noor*, therapist; *Sam* and *June*, nurses; *Kit*, coordinator;
*Ada*, administrator; *Robin*, researcher; and *Eve*, a nurse of the same clinic who is related to
nobody. `clinic` opens the clinic's context for the whole test; `client_as(actor)` gives a signed-in
browser; `committed` is for races: its rows are committed, and each thread opens its own context.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import is_mfa_enabled
from django.test import Client

from openkap.accounts import actions as accounts_actions
from openkap.accounts.actor import Actor
from openkap.accounts.models import Membership, User
from openkap.alerts import actions as alerts_actions
from openkap.alerts.actions.covering import NewCover
from openkap.alerts.cover import DAYS, pace_by
from openkap.alerts.models import Cover
from openkap.alerts.numbers import AlertNumbers
from openkap.defaults.loading import shipped
from openkap.kernel.ids import uuid7
from openkap.people import actions as people_actions
from openkap.people.models import Patient, Room
from openkap.tenancy.clinics import clinic_ids
from openkap.tenancy.context import inside
from openkap.tenancy.models import Clinic

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Cast:
    """The people of the clinic as actors, and Amara's record."""

    clinic: Clinic
    kit: Actor
    okafor: Actor
    bello: Actor
    sam: Actor
    june: Actor
    noor: Actor
    ada: Actor
    robin: Actor
    eve: Actor
    amara_herself: Actor
    amara: Patient
    room: Room


def _member(clinic: Clinic, email: str, name: str, role: str) -> Actor:
    user = User.objects.filter(email=email).first() or User.objects.make(email=email, name=name)
    membership = Membership.objects.create(clinic=clinic, user=user, role=role, since=LONG_AGO)
    return Actor(clinic_id=clinic.id, role=role, name=name, user_id=user.id, membership_id=membership.id)


def found_clinic(name: str = "Harbour Clinic") -> Clinic:
    """A clinic of its own; its rows are there only inside its context."""
    key = uuid7()
    with inside(key, role="system"):
        return Clinic.objects.create(id=key, name=name, zone="America/New_York", created_at=LONG_AGO)


def people_of(clinic: Clinic, *, mark: str = "") -> Cast:
    """Fill a clinic with its cast. Needs the clinic's context."""
    post = f"{mark or clinic.id.hex[-6:]}.example.org"
    known = {
        "kit": ("Kit Moran", "coordinator"),
        "okafor": ("Dr Ife Okafor", "prescriber"),
        "bello": ("Dr Ana Bello", "prescriber"),
        "sam": ("Sam Rivera", "nurse"),
        "june": ("June Park", "nurse"),
        "noor": ("Noor Haddad", "therapist"),
        "ada": ("Ada Lind", "administrator"),
        "robin": ("Robin Vale", "researcher"),
        "eve": ("Eve Stranger", "nurse"),
        "amara_herself": ("Amara Osei", "patient"),
    }
    actors = {key: _member(clinic, f"{key}@{post}", name, role) for key, (name, role) in known.items()}
    kit = actors["kit"]
    amara = people_actions.register(
        particulars={
            "given_name": "Amara",
            "family_name": "Osei",
            "birth_date": date(1985, 3, 12),
            "sex": "female",
            "pronouns": "she",
            "phone": "+1 212 555 0142",
            "email": "amara@example.org",
        },
        by=kit,
        at=LONG_AGO,
    )
    Patient.objects.filter(id=amara.id).update(user_id=actors["amara_herself"].user_id)
    for key in ("okafor", "bello", "sam", "june", "noor"):
        people_actions.add_to_care_team(
            amara.id, membership_id=actors[key].membership_id, by=kit, at=LONG_AGO
        )
    site = people_actions.open_site(name="Harbour House", by=kit, at=LONG_AGO)
    room = people_actions.open_room(site.id, name="Room 2", by=kit, at=LONG_AGO)
    amara.refresh_from_db()
    _give_duties(actors)
    sign_cover(actors["ada"], on_call=(actors["june"], actors["bello"]))
    return Cast(clinic=clinic, amara=amara, room=room, **actors)


def _give_duties(actors: dict[str, Actor]) -> None:
    """Dr Okafor is medical director, and has named June, Sam and Dr Bello for the independent check."""
    ada, okafor = actors["ada"], actors["okafor"]
    named = {"typed_name": ada.name, "by": ada, "at": LONG_AGO}
    accounts_actions.name_duty(okafor.membership_id, kind="medical_director", **named)
    for key in ("june", "sam", "bello"):
        named = {"typed_name": okafor.name, "by": okafor, "at": LONG_AGO}
        accounts_actions.name_duty(actors[key].membership_id, kind="independent_check", **named)


def sign_cover(
    by: Actor,
    *,
    on_call: Sequence[Actor] = (),
    hours: tuple[time, time] | None = (time(0, 0), time(23, 59)),
    at: datetime = LONG_AGO,
) -> Cover:
    """A cover with the same hours every day; the tests' clinic is open day and night unless they say."""
    new = NewCover(
        by_day=dict.fromkeys(DAYS, hours) if hours else {},
        closed_on=(),
        on_call=[(person.membership_id, "") for person in on_call if person.membership_id],
        pace=pace_by(shipped(AlertNumbers)),
        lines=(),
    )
    return alerts_actions.sign_cover(new, typed_name=by.name, by=by, at=at)


@pytest.fixture
def now() -> datetime:
    """The moment the tests' acts happen at."""
    return NOW


@pytest.fixture
def clinic(db: None) -> Iterator[Clinic]:
    """A clinic, with its context open for the whole test."""
    assert clinic_ids() == [], "A test before this one has left a clinic behind."
    it = found_clinic()
    with inside(it.id, role="system"):
        yield it


@pytest.fixture
def cast(clinic: Clinic) -> Cast:
    """The clinic's people."""
    return people_of(clinic)


@dataclass(frozen=True)
class Committed:
    """A clinic whose rows are committed; `inside()` opens its context in whatever thread asks."""

    cast: Cast

    def inside(self) -> Any:
        return inside(self.cast.clinic.id, role="system")


@pytest.fixture
def committed(transactional_db: None) -> Committed:
    """The cast, committed, for tests in which several threads act at once."""
    it = found_clinic()
    with inside(it.id, role="system"):
        return Committed(people_of(it))


@pytest.fixture
def client_as() -> Callable[..., Client]:
    """A browser signed in as an actor, second factor and all; `proved`: the factor was given just now."""

    def sign_in(actor: Actor, *, proved: bool = True) -> Client:
        user = User.objects.get(id=actor.user_id)
        if not is_mfa_enabled(user):
            totp.TOTP.activate(user, totp.generate_totp_secret())
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session["membership"] = str(actor.membership_id)
        if proved:
            record_authentication(SimpleNamespace(session=session), user, "mfa", type="totp")  # type: ignore[arg-type]
        session.save()
        return client

    return sign_in


@pytest.fixture
def once() -> Callable[[], str]:
    """A fresh form token."""
    return lambda: str(uuid.UUID(str(uuid7())))
