"""What dosing offers to the rest of the system, and what it asks of it."""

from openkap.consent.events import ConsentWithdrawn
from openkap.kernel.manifest import TREATING, Entry, Manifest

MANIFEST = Manifest(
    title="Dosing",
    navigation=(
        Entry("Rooms", "dosing:board", TREATING, 30),
        Entry("Monitors", "dosing:monitors", ("nurse", "coordinator", "administrator"), 70),
    ),
    links={"open_session": "dosing:open"},
    patient_keys=("queries",),
    subscriptions={ConsentWithdrawn: "on_consent_withdrawn"},
    jobs=True,
    pure=(
        "numbers",
        "phrases",
        "statements",
        "events",
        "rules",
        "checks",
        "levels",
        "marks",
        "leaving",
        "infusion",
        "plausibility",
        "readings",
        "grave",
        "causes",
        "protocol",
        "simulated",
    ),
)
