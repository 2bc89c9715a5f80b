"""What desk offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import STAFF, TREATING, Card, Manifest, NavigationEntry, Tab
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="Desk",
    navigation=(
        NavigationEntry(_("Today"), "desk:today", STAFF, 10),
        NavigationEntry(_("My page"), "desk:own", ("patient",), 10),
        NavigationEntry(_("Schedule"), "desk:schedule", TREATING, 35),
        NavigationEntry(_("Clinic"), "desk:clinic", STAFF, 80, gathers=True),
        NavigationEntry(
            _("Readings"),
            "desk:week",
            ("administrator",),
            89,
            about=_("Who opened which record, and what of it asks for a look."),
        ),
    ),
    links={"record": "desk:chart", "readings_of": "desk:readings", "merges_of": "desk:merges"},
    cards=(
        Card("chart_top", "merges", 30),
        Card("chart", "how_it_goes", 20),
    ),
    tabs=(Tab(_("Overview"), "desk:chart", 10),),
    jobs=True,
    pure=("statements", "rules", "trend"),
)
