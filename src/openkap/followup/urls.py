"""Check-ins after a session."""

from openkap.accounts.grants import clinical_team, signed_link, team
from openkap.accounts.routes import route
from openkap.followup import views

app_name = "followup"
calling = team("nurse", "therapist", "prescriber")

urlpatterns = [
    route(
        "c/<str:token>/",
        name="own_check_in",
        show=views.own_check_in,
        do=views.answer_own,
        get=signed_link("check_in"),
        post=signed_link("check_in"),
    ),
    route("patients/<uuid:patient>/check-ins/", name="check_ins", show=views.check_ins, get=clinical_team),
    route(
        "check-ins/<uuid:check_in>/phone/",
        name="by_phone",
        show=views.by_phone,
        do=views.answer_by_phone,
        get=calling,
        post=calling,
    ),
]
