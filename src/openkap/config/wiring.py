"""Who hears what, who is related to whom, and what the navigation shows: the one place where rooms meet.

Rooms never import upward; whatever they need from above is handed to them here, at start.
"""

from __future__ import annotations

from importlib import import_module

from openkap.accounts import registry
from openkap.alerts import causes
from openkap.audit import events
from openkap.chart import queries as chart
from openkap.dosing import queries as dosing
from openkap.people import holds
from openkap.people import queries as people
from openkap.ui import banner, navigation

# Rooms whose URLs speak of a patient by way of a row of their own.
SPEAKING_ROOMS = (
    "people",
    "chart",
    "measures",
    "screening",
    "consent",
    "courses",
    "dosing",
    "therapy",
    "followup",
    "interop.referrals",
)
# Rooms with work by the clock; the tasks register themselves on import.
CLOCKED_ROOMS = ("tenancy", "alerts", "notices", "dosing", "followup", "interop", "desk", "config")
# Rooms that say what lies behind the alerts they raise.
EXPLAINING_ROOMS = ("people", "measures", "followup")
SUBSCRIPTIONS = (
    ("accounts.invited", "notices", "on_invited"),
    ("accounts.factor_reset_vouched", "notices", "on_factor_reset_vouched"),
    ("accounts.invitation_accepted", "people", "on_invitation_accepted"),
    ("people.merge_proposed", "alerts", "on_merge_proposed"),
    ("consent.withdrawn", "dosing", "on_consent_withdrawn"),
    ("dosing.left", "followup", "on_left"),
    ("notices.failed", "followup", "on_notice_failed"),
)

STAFF = ["coordinator", "prescriber", "nurse", "therapist", "administrator", "researcher"]
TREATING = ["coordinator", "prescriber", "nurse", "therapist"]
NAVIGATION = (
    ("Today", "desk:today", STAFF, 10),
    ("My page", "desk:own", ["patient"], 10),
    ("Alerts", "alerts:alerts", [*TREATING, "administrator"], 20),
    ("Hours and cover", "alerts:cover", ["administrator"], 87),
    ("Rooms", "dosing:board", ["coordinator", "prescriber", "nurse", "therapist"], 30),
    ("Patients", "people:patients", TREATING, 40),
    ("Referrals", "interop:referrals", ["coordinator"], 50),
    ("Find", "desk:search", TREATING, 55),
    ("Notices", "notices:notices", ["coordinator", "administrator"], 60),
    ("Monitors", "dosing:monitors", ["nurse", "coordinator", "administrator"], 70),
    ("Monitor messages", "interop:inbox", ["nurse", "coordinator", "administrator"], 75),
    ("Formulary", "dispensary:formulary", ["prescriber", "nurse", "administrator"], 80),
    ("Protocols", "protocols:packs", STAFF, 85),
    ("Duties", "accounts:duties", ["prescriber", "administrator"], 88),
    ("Readings", "desk:week", ["administrator"], 89),
    ("Team", "accounts:team", ["administrator"], 90),
)


def connect() -> None:
    """Wire the rooms together. Called once, when Django is ready."""
    for room in SPEAKING_ROOMS:
        registry.resolve_with(import_module(f"openkap.{room}.queries").PATIENT_OF)
    for name, relation in people.RELATIONS.items():
        registry.relate_with(name, relation)
    banner.speak_with(chart.allergy_line)
    holds.hold_with("A session of this person runs. Merge when it is over.", dosing.in_session)
    for room in EXPLAINING_ROOMS:
        causes.explain_with(import_module(f"openkap.{room}.queries").EXPLAINED)
    for verb, room, handler in SUBSCRIPTIONS:
        handlers = import_module(f"openkap.{room}.handlers")
        events.subscribe(verb, getattr(handlers, handler), name=f"{room}.{handler}")
    for label, url_name, roles, order in NAVIGATION:
        navigation.register(label, url_name, roles=roles, order=order)
    for room in CLOCKED_ROOMS:
        import_module(f"openkap.{room}.jobs")
