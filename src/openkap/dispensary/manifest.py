"""What dispensary offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Card, Manifest, NavigationEntry
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="Dispensary",
    navigation=(
        NavigationEntry(
            _("Formulary"),
            "dispensary:formulary",
            ("prescriber", "nurse", "administrator"),
            80,
            about=_("The vials and products an order can name."),
        ),
    ),
    sets_up=True,
    pure=(
        "events",
        "rules",
    ),
    cards=(Card("today_top", "formulary", 20, ("administrator",)),),
)
