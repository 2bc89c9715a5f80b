"""What dosing offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import TREATING, Card, Manifest, NavigationEntry
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="Dosing",
    navigation=(
        NavigationEntry(_("Rooms"), "dosing:board", TREATING, 30),
        NavigationEntry(
            _("Monitors"),
            "dosing:monitors",
            ("nurse", "coordinator", "administrator"),
            70,
            about=_("The monitors of the clinic, and in whose session each is."),
        ),
    ),
    links={"open_session": "dosing:open"},
    cards=(
        Card("chart_top", "in_session", 10),
        Card("today_top", "rooms", 10, ("prescriber", "nurse", "therapist")),
        Card("today_top", "rooms_and_monitors", 40, ("administrator",)),
    ),
    timeline={"doses": "doses"},
    jobs=True,
    pure=("phrases", "statements", "events", "rules", "discharge", "infusion", "pack_rules"),
)
