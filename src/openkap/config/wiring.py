"""Who hears what, who is related to whom, and what the navigation shows: the one place where rooms meet.

Rooms never import upward; whatever they need from above is handed to them here, at start.
"""

from __future__ import annotations

from importlib import import_module

from openkap.accounts import registry
from openkap.audit import news
from openkap.chart import queries as chart
from openkap.people import queries as people
from openkap.ui import banner, navigation

# Rooms whose URLs speak of a patient by way of a row of their own.
SPEAKING_ROOMS = (
    "people",
    "chart",
    "alerts",
    "measures",
    "screening",
    "consent",
    "courses",
    "dosing",
    "therapy",
    "followup",
)
# Rooms with work by the clock; the tasks register themselves on import.
CLOCKED_ROOMS = ("tenancy", "alerts", "notices", "dosing", "followup")
HEARD = (
    ("accounts.invitation_accepted", "people", "on_invitation_accepted"),
    ("dosing.left", "followup", "on_left"),
)

STAFF = ["coordinator", "prescriber", "nurse", "therapist", "administrator", "researcher"]
TREATING = ["coordinator", "prescriber", "nurse", "therapist"]
NAVIGATION = (
    ("Today", "desk:today", STAFF, 10),
    ("My page", "desk:own", ["patient"], 10),
    ("Alerts", "alerts:alerts", [*TREATING, "administrator"], 20),
    ("Rooms", "dosing:board", ["coordinator", "prescriber", "nurse", "therapist"], 30),
    ("Patients", "people:patients", TREATING, 40),
    ("Referrals", "interop:referrals", ["coordinator"], 50),
    ("Find", "desk:search", TREATING, 55),
    ("Notices", "notices:notices", ["coordinator", "administrator"], 60),
    ("Monitors", "dosing:monitors", ["nurse", "administrator"], 70),
    ("Monitor messages", "interop:inbox", ["nurse", "administrator"], 75),
    ("Formulary", "dispensary:formulary", ["prescriber", "nurse", "administrator"], 80),
    ("Protocols", "protocols:packs", STAFF, 85),
    ("Team", "accounts:team", ["administrator"], 90),
)


def connect() -> None:
    """Wire the rooms together. Called once, when Django is ready."""
    from django.conf import settings

    for room in SPEAKING_ROOMS:
        try:
            registry.resolve_with(getattr(import_module(f"openkap.{room}.queries"), "PATIENT_OF", {}))
        except ImportError:
            continue
    banner.speak_with(chart.allergy_line)
    for name, relation in people.RELATIONS.items():
        registry.relate_with(name, relation)
    for verb, room, handler in HEARD:
        try:
            news.hear(verb, getattr(import_module(f"openkap.{room}.handlers"), handler))
        except ImportError:
            continue
    for label, url_name, roles, order in NAVIGATION:
        if not (settings.BASE_DIR / url_name.split(":")[0] / "views.py").exists():
            continue
        navigation.register(label, url_name, roles=roles, order=order)
    for room in CLOCKED_ROOMS:
        try:
            import_module(f"openkap.{room}.jobs")
        except ImportError:
            continue
