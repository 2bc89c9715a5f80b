"""What protocols offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import STAFF, Card, Entry, Manifest

MANIFEST = Manifest(
    title="Protocols",
    navigation=(Entry("Protocols", "protocols:packs", STAFF, 85),),
    pure=(
        "events",
        "pack",
        "eligible",
        "building",
        "rows",
        "sense",
        "sense_of_doses",
        "administration",
        "limits",
        "sharing",
        "watching",
        "rules",
    ),
    cards=(
        Card("today_top", "adopted", 30, ("administrator",)),
        Card("today_top", "to_read", 20, ("researcher",)),
    ),
)
