"""What protocols offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import STAFF, Card, Manifest, NavigationEntry
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="Protocols",
    navigation=(
        NavigationEntry(
            _("Protocols"),
            "protocols:packs",
            STAFF,
            85,
            about=_("The protocols the clinic treats by, row by row."),
        ),
    ),
    sets_up=True,
    pure=(
        "events",
        "pack",
        "eligible",
        "building",
        "comparing",
        "rows",
        "sense",
        "sense_of_doses",
        "administration",
        "limits",
        "placing",
        "sharing",
        "watching",
        "surroundings",
        "rules",
    ),
    cards=(
        Card("today_top", "adopted", 30, ("administrator",)),
        Card("today_top", "to_read", 20, ("researcher",)),
    ),
)
