"""May this person be treated?"""

from openkap.accounts.grants import clinical_team, team
from openkap.accounts.routes import route
from openkap.screening import views

app_name = "screening"
asking = team("prescriber", "nurse", "therapist")
deciding = team("prescriber")

urlpatterns = [
    route(
        "patients/<uuid:patient>/screening/",
        views.screening,
        name="screening",
        get=clinical_team,
        post=asking,
    ),
    route("screenings/<uuid:decision>/second/", views.second, name="second", get=deciding, post=deciding),
]
