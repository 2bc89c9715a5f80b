"""Pages over many rooms."""

from openkap.accounts.grants import clinical_staff, clinical_team, roles, signed_in, team
from openkap.accounts.routes import route
from openkap.desk import merging_views, views

app_name = "desk"

# A coordinator proposes, who sees every record; somebody who treats the person agrees.
deciding = team("coordinator", "prescriber", "nurse")
treating = team("prescriber", "nurse")

urlpatterns = [
    route("", views.today, name="today", get=signed_in),
    route("patients/<uuid:patient>/", views.chart, name="chart", get=clinical_team),
    route("find/", views.search, name="search", get=clinical_staff),
    route("patients/<uuid:patient>/readings/", views.readings, name="readings", get=clinical_team),
    route(
        "patients/<uuid:patient>/merges/",
        merging_views.merges,
        name="merges",
        get=deciding,
        post=team("coordinator").with_step_up(),
    ),
    route("merges/<uuid:merge>/", merging_views.one_merge, name="merge", get=deciding),
    route(
        "merges/<uuid:merge>/agree/", merging_views.agree, name="agree_merge", post=treating.with_step_up()
    ),
    route("merges/<uuid:merge>/withdraw/", merging_views.withdraw, name="withdraw_merge", post=deciding),
    route("merges/<uuid:merge>/undo/", merging_views.undo, name="undo_merge", post=deciding.with_step_up()),
    route("readings/", views.week, name="week", get=roles("administrator")),
    route("me/", views.own, name="own", get=roles("patient")),
    route("me/readings/", views.own_readings, name="own_readings", get=roles("patient")),
]
