"""What chart offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Card, Manifest

MANIFEST = Manifest(
    title="Chart",
    cards=(Card("chart", "lists", 30),),
    patient_keys=("queries",),
    pure=(
        "events",
        "rules",
    ),
)
