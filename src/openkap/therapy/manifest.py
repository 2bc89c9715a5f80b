"""What therapy offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Card, Manifest

MANIFEST = Manifest(
    title="Therapy",
    links={"preparation": "therapy:preparation", "integration": "therapy:integration"},
    cards=(Card("chart", "sessions_and_visits", 40),),
    patient_keys=("queries",),
    pure=(
        "numbers",
        "events",
        "rules",
    ),
)
