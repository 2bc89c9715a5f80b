"""What courses offers to the rest of the system, and what it asks of it."""

from openkap.kernel.manifest import Card, Manifest, Tab
from openkap.kernel.wording import sentence as _

MANIFEST = Manifest(
    title="Courses",
    cards=(
        Card("chart_top", "second_on_chart", 40),
        Card("chart_top", "next_step", 60),
        Card("today_waiting", "second_on_the_day", 20, ("prescriber",)),
        Card("today_top", "running", 10, ("researcher",)),
    ),
    timeline={"courses": "papers", "orders": "papers"},
    tabs=(Tab(_("Course"), "courses:of_patient", 40),),
    patient_keys=("queries",),
    jobs=True,
    pure=(
        "events",
        "rules",
        "plan_rules",
        "next_steps",
        "signing_rules",
        "order_rules",
        "dose_rules",
        "counting",
        "order_words",
        "regimen",
    ),
)
