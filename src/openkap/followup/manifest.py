"""What followup offers to the rest of the system, and what it asks of it."""

from openkap.dosing.events import SessionDischarged
from openkap.kernel.manifest import Card, Manifest, Tab
from openkap.kernel.wording import sentence as _
from openkap.notices.events import NoticeFailed

MANIFEST = Manifest(
    title="Follow-up",
    links={"check_ins": "followup:check_ins"},
    cards=(Card("today_side", "unanswered", 30, ("coordinator", "nurse", "therapist")),),
    timeline={"answered": "check_ins"},
    tabs=(Tab(_("Check-ins"), "followup:check_ins", 70),),
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
