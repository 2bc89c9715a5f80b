"""Check-ins after a session."""

from openkap.accounts.grants import clinical_team, signed_link, team
from openkap.accounts.routes import route
from openkap.followup import views

app_name = "followup"
calling = team("nurse", "therapist", "prescriber")

urlpatterns = [
    route(
        "c/<str:token>/",
        views.own_check_in,
        name="own_check_in",
        get=signed_link("check_in"),
        post=signed_link("check_in"),
    ),
    route("patients/<uuid:patient>/check-ins/", views.check_ins, name="check_ins", get=clinical_team),
    route("check-ins/<uuid:check_in>/phone/", views.by_phone, name="by_phone", get=calling, post=calling),
]
