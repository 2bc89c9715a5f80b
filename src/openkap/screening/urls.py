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
        name="screening",
        show=views.screening,
        do=views.SCREENING_FORMS,
        get=clinical_team,
        post=asking,
    ),
    route(
        "screenings/<uuid:decision>/second/",
        name="second",
        show=views.second,
        do=views.sign_second,
        get=deciding,
        post=deciding,
    ),
]
