"""What followup offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Manifest

MANIFEST = Manifest(
    title="Follow-up",
    links={"check_ins": "followup:check_ins"},
    patient_keys=("queries",),
    explains=("queries",),
    subscriptions={"dosing.left": "on_left", "notices.failed": "on_notice_failed"},
    jobs=True,
    pure=("rules",),
)
