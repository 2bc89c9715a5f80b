"""Check-ins after a session."""

from openkap.accounts.doors import door
from openkap.accounts.grants import clinical_team, signed_link, team
from openkap.followup import views

app_name = "followup"
calling = team("nurse", "therapist", "prescriber")

urlpatterns = [
    door(
        "c/<str:token>/",
        views.own_check_in,
        name="own_check_in",
        get=signed_link("check_in"),
        post=signed_link("check_in"),
    ),
    door("patients/<uuid:patient>/check-ins/", views.check_ins, name="check_ins", get=clinical_team),
    door("check-ins/<uuid:check_in>/phone/", views.by_phone, name="by_phone", get=calling, post=calling),
]
