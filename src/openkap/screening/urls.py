"""May this person be treated?"""

from openkap.accounts.doors import door
from openkap.accounts.grants import clinical_team, team
from openkap.screening import views

app_name = "screening"
asking = team("prescriber", "nurse", "therapist")
deciding = team("prescriber")

urlpatterns = [
    door(
        "patients/<uuid:patient>/screening/",
        views.screening,
        name="screening",
        get=clinical_team,
        post=asking,
    ),
    door("screenings/<uuid:decision>/second/", views.second, name="second", get=deciding, post=deciding),
]
