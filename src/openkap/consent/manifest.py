"""What consent offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Card, Manifest

MANIFEST = Manifest(
    title="Consent",
    cards=(Card("chart_side", "choices", 20),),
    patient_keys=("queries",),
    pure=(
        "statements",
        "events",
        "rules",
    ),
)
