"""What alerts offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import TREATING, Card, Manifest, NavigationEntry, Tab
from openkap.kernel.wording import sentence as _
from openkap.people.events import MergeProposed

MANIFEST = Manifest(
    title="Alerts",
    navigation=(
        NavigationEntry(_("Alerts"), "alerts:alerts", (*TREATING, "administrator"), 20, counts_waiting=True),
        NavigationEntry(
            _("Hours and cover"),
            "alerts:cover",
            ("administrator",),
            87,
            about=_("When the clinic is open, and who is on call in what order."),
        ),
    ),
    links={"alerts_waiting": "alerts:waiting"},
    cards=(
        Card("chart_top", "open_on_chart", 20),
        Card("today_first", "yours", 10, (*TREATING, "administrator")),
    ),
    timeline={"raised": "alerts"},
    tabs=(Tab(_("Alerts"), "alerts:of_patient", 80),),
    subscriptions={MergeProposed: "on_merge_proposed"},
    jobs=True,
    sets_up=True,
    pure=("numbers", "statements", "events", "rules", "cover"),
)
