"""What accounts offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Card, Entry, Manifest

MANIFEST = Manifest(
    title="Accounts",
    navigation=(
        Entry("Duties", "accounts:duties", ("prescriber", "administrator"), 88),
        Entry("Team", "accounts:team", ("administrator",), 90),
    ),
    links={"places": "accounts:places", "device_key": "accounts:device_key"},
    cards=(Card("today_top", "team", 10, ("administrator",)),),
    pure=("events", "rules", "joining"),
)
