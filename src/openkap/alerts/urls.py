"""What someone must answer. Which alerts one sees is decided row by row in `queries.visible_to`."""

from openkap.accounts.grants import clinical_team, roles
from openkap.accounts.routes import route
from openkap.alerts import views

app_name = "alerts"
answering = roles("coordinator", "prescriber", "nurse", "therapist", "administrator")

urlpatterns = [
    route("alerts/", name="alerts", show=views.alerts, get=answering),
    route("alerts/waiting/", name="waiting", show=views.waiting, quiet=True, get=answering),
    route("alerts/closed/", name="closed", show=views.closed, get=answering),
    route(
        "alerts/cover/",
        name="cover",
        show=views.cover,
        do=views.sign_cover,
        get=answering,
        post=roles("administrator").with_step_up(),
    ),
    route(
        "alerts/<uuid:alert>/",
        name="alert",
        show=views.alert,
        do=views.ALERT_FORMS,
        get=answering,
        post=answering,
    ),
    route("patients/<uuid:patient>/alerts/", name="of_patient", show=views.of_patient, get=clinical_team),
]
