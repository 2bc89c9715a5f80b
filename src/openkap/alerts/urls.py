"""What someone must answer. Which alerts one sees is decided row by row in `queries.visible_to`."""

from openkap.accounts.grants import clinical_team, roles
from openkap.accounts.routes import route
from openkap.alerts import views

app_name = "alerts"
answering = roles("coordinator", "prescriber", "nurse", "therapist", "administrator")

urlpatterns = [
    route("alerts/", views.alerts, name="alerts", get=answering),
    route("alerts/closed/", views.closed, name="closed", get=answering),
    route(
        "alerts/cover/", views.cover, name="cover", get=answering, post=roles("administrator").with_step_up()
    ),
    route("alerts/<uuid:alert>/", views.alert, name="alert", get=answering, post=answering),
    route("patients/<uuid:patient>/alerts/", views.of_patient, name="of_patient", get=clinical_team),
]
