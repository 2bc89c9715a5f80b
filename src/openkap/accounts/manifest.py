"""What accounts offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Card, Manifest, NavigationEntry
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="Accounts",
    navigation=(
        NavigationEntry(
            _("The clinic"),
            "accounts:particulars",
            ("administrator",),
            82,
            about=_("Its name, phone and clock, pounds or kilograms, what patients read before a session."),
        ),
        NavigationEntry(
            _("Duties"),
            "accounts:duties",
            ("prescriber", "administrator"),
            88,
            about=_("Who is medical director, and whom they have named for the independent check."),
        ),
        NavigationEntry(
            _("Team"),
            "accounts:team",
            ("administrator",),
            90,
            about=_("Who works here: inviting, second factors, leaving."),
        ),
    ),
    links={
        "places": "accounts:places",
        "device_key": "accounts:device_key",
        "words": "accounts:words",
        "lost_access": "accounts:lost_access",
    },
    cards=(Card("today_top", "team", 10, ("administrator",)),),
    sets_up=True,
    pure=("events", "rules", "joining"),
)
