"""Pages over many rooms."""

from openkap.accounts.grants import clinical_staff, clinical_team, roles, signed_in, team
from openkap.accounts.routes import route
from openkap.desk import merging_views, views
from openkap.kernel.manifest import STAFF

app_name = "desk"

# A coordinator proposes, who sees every record; somebody who treats the person agrees.
deciding = team("coordinator", "prescriber", "nurse")
treating = team("prescriber", "nurse")

urlpatterns = [
    route("", name="today", show=views.today, get=signed_in),
    route("patients/<uuid:patient>/", name="chart", show=views.chart, get=clinical_team),
    route("find/", name="search", show=views.search, get=clinical_staff),
    route("patients/<uuid:patient>/readings/", name="readings", show=views.readings, get=clinical_team),
    route(
        "patients/<uuid:patient>/merges/",
        name="merges",
        show=merging_views.merges,
        do=merging_views.propose,
        get=deciding,
        post=team("coordinator").with_step_up(),
    ),
    route("merges/<uuid:merge>/", name="merge", show=merging_views.one_merge, get=deciding),
    route(
        "merges/<uuid:merge>/agree/",
        name="agree_merge",
        show=merging_views.one_merge,
        do=merging_views.agree,
        post=treating.with_step_up(),
    ),
    route(
        "merges/<uuid:merge>/withdraw/",
        name="withdraw_merge",
        show=merging_views.one_merge,
        do=merging_views.withdraw,
        post=deciding,
    ),
    route(
        "merges/<uuid:merge>/undo/",
        name="undo_merge",
        show=merging_views.one_merge,
        do=merging_views.undo,
        post=deciding.with_step_up(),
    ),
    route("now/", name="today_now", show=views.today_now, quiet=True, get=clinical_staff),
    route("schedule/", name="schedule", show=views.schedule, get=clinical_staff),
    route("clinic/", name="clinic", show=views.clinic, get=roles(*STAFF)),
    route("readings/", name="week", show=views.week, get=roles("administrator")),
    route("me/", name="own", show=views.own, get=roles("patient")),
    route("me/readings/", name="own_readings", show=views.own_readings, get=roles("patient")),
]
