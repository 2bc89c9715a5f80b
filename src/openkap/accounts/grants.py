"""Grants: the only ways a URL can be opened. There are no deny rules; what is not granted is shut.

A grant is data; `decide` is one pure function over it. Relations (the care team, the
patient themself) are looked up by the rooms that own them and wired in `config/wiring.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from openkap.accounts.roles import CLINICAL, STAFF, Role


class Content(StrEnum):
    """What kind of content a page holds. Beyond the main record a role and the care team are not enough."""

    MAIN_RECORD = "main_record"
    PSYCHOTHERAPY_NOTE = "psychotherapy_note"
    SUBSTANCE_USE = "substance_use"
    RECORDING = "recording"

    @property
    def relation(self) -> str:
        """The relation that whoever reads it must have; the app that keeps it says who has it."""
        return f"reads_{self.value}"


@dataclass(frozen=True, slots=True)
class Grant:
    """Who may use one method of one URL.

    `relation` names how the person must be related to the patient the URL speaks of;
    `unrelated_roles` need not be related. `content` is the kind of content the page holds: for any but the
    main record everybody needs that content's own relation too, whatever their role.
    """

    name: str
    public: bool = False
    link: str = ""
    any_member: bool = False
    or_self: bool = False
    roles: frozenset[str] = frozenset()
    relation: str = ""
    unrelated_roles: frozenset[str] = frozenset()
    step_up: bool = False
    outside_clinic: bool = False
    content: Content = Content.MAIN_RECORD

    def for_content(self, content: Content) -> Grant:
        """The same grant, for a page that holds this kind of content."""
        return replace(self, name=f"{self.name}, for {content.value.replace('_', ' ')}", content=content)

    def with_step_up(self) -> Grant:
        """The same grant, for someone who has proved who they are a short while ago."""
        return replace(self, name=f"{self.name}, step-up", step_up=True)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of whoever asks."""

    role: str
    relations: frozenset[str] = frozenset()


def decide(grant: Grant, subject: Subject) -> bool:
    """Whether the route opens. Anything not granted is False."""
    return _admits(grant, subject) and _may_read(grant.content, subject)


def _may_read(content: Content, subject: Subject) -> bool:
    """Nobody reads beyond the main record by role alone: while no app says who may, nobody may."""
    return content is Content.MAIN_RECORD or content.relation in subject.relations


def _admits(grant: Grant, subject: Subject) -> bool:
    if grant.public:
        return True
    if grant.link:
        return subject.role == "link" and grant.link in subject.relations
    if grant.any_member:
        return bool(subject.role) and subject.role != "link"
    if grant.or_self and subject.role == Role.PATIENT:
        return "self" in subject.relations
    if subject.role not in grant.roles:
        return False
    if not grant.relation or subject.role in grant.unrelated_roles:
        return True
    return grant.relation in subject.relations


anyone = Grant(name="anyone", public=True, outside_clinic=True)
signed_in = Grant(name="any member of the clinic", any_member=True)
staff = Grant(name="staff of the clinic", roles=STAFF)
clinical_staff = Grant(name="clinical staff and coordinators", roles=CLINICAL | {Role.COORDINATOR})
clinical_team = Grant(
    name="the patient's care team, and coordinators",
    roles=CLINICAL | {Role.COORDINATOR},
    relation="care_team",
    unrelated_roles=frozenset({Role.COORDINATOR}),
)
team_or_self = Grant(
    name="the patient's care team, coordinators, or the patient themself",
    roles=CLINICAL | {Role.COORDINATOR},
    relation="care_team",
    unrelated_roles=frozenset({Role.COORDINATOR}),
    or_self=True,
)
clinicians_or_self = Grant(
    name="the clinicians of the patient's care team, or the patient themself",
    roles=CLINICAL,
    relation="care_team",
    or_self=True,
)
own_record = Grant(name="the patient themself", roles=frozenset({Role.PATIENT}), relation="self")


def roles(*names: str) -> Grant:
    """People of these roles, wherever no patient is in question."""
    known = {Role(name) for name in names}
    return Grant(name=" or ".join(sorted(known)), roles=frozenset(known))


def team(*names: str) -> Grant:
    """People of these roles who belong to the patient's care team (a coordinator sees the whole clinic)."""
    known = frozenset(Role(name) for name in names)
    return Grant(
        name=f"{' or '.join(sorted(known))} of the patient's care team",
        roles=known,
        relation="care_team",
        unrelated_roles=known & {Role.COORDINATOR},
    )


def signed_link(purpose: str) -> Grant:
    """Whoever holds a valid signed link made for this purpose."""
    return Grant(name=f"the holder of a {purpose} link", link=purpose)
