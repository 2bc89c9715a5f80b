"""What followup offers to the rest of the system, and what it asks of it."""

from openkap.dosing.events import SessionDischarged
from openkap.kernel.manifest import Card, Manifest
from openkap.notices.events import NoticeFailed

MANIFEST = Manifest(
    title="Follow-up",
    links={"check_ins": "followup:check_ins"},
    cards=(
        Card("chart", "answered", 50),
        Card("today_side", "unanswered", 30, ("coordinator", "nurse", "therapist")),
    ),
    patient_keys=("queries",),
    explains=("queries",),
    subscriptions={SessionDischarged: "on_discharged", NoticeFailed: "on_notice_failed"},
    jobs=True,
    pure=(
        "numbers",
        "phrases",
        "statements",
        "events",
        "rules",
    ),
)
