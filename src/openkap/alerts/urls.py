"""What someone must answer. Which alerts one sees is decided row by row in `queries.visible_to`."""

from openkap.accounts.doors import door
from openkap.accounts.grants import clinical_team, roles
from openkap.alerts import views

app_name = "alerts"
answering = roles("coordinator", "prescriber", "nurse", "therapist", "administrator")

urlpatterns = [
    door("alerts/", views.alerts, name="alerts", get=answering),
    door("alerts/closed/", views.closed, name="closed", get=answering),
    door(
        "alerts/cover/", views.cover, name="cover", get=answering, post=roles("administrator").with_step_up()
    ),
    door("alerts/<uuid:alert>/", views.alert, name="alert", get=answering, post=answering),
    door("patients/<uuid:patient>/alerts/", views.of_patient, name="of_patient", get=clinical_team),
]
