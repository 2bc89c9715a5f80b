"""What watch offers to the rest of the system, and what it asks of it."""

from openkap.consent.events import ConsentWithdrawn
from openkap.kernel.manifest import Manifest

MANIFEST = Manifest(
    title="Watch",
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
        "plausibility",
        "readings",
        "grave",
        "causes",
        "protocol",
        "simulated",
        "thinning",
    ),
)
