"""Preparation and integration."""

from openkap.accounts.grants import clinical_team, team
from openkap.accounts.routes import route
from openkap.therapy import views

app_name = "therapy"
writing = team("therapist", "nurse", "prescriber")

urlpatterns = [
    route("patients/<uuid:patient>/therapy/", name="of_patient", show=views.of_patient, get=clinical_team),
    route(
        "courses/<uuid:course>/preparation/",
        name="preparation",
        show=views.preparation,
        do=views.PREPARATION_FORMS,
        get=clinical_team,
        post=writing,
    ),
    route(
        "courses/<uuid:course>/preparation/done/",
        name="finish_preparation",
        show=views.preparation,
        do=views.finish_preparation,
        post=writing,
    ),
    route(
        "courses/<uuid:course>/integration/",
        name="integration",
        show=views.integration,
        do=views.INTEGRATION_FORMS,
        get=clinical_team,
        post=writing,
    ),
    route(
        "goals/<uuid:goal>/close/",
        name="close_goal",
        show=views.integration_of,
        do=views.close_goal,
        post=writing,
    ),
    route(
        "visits/<uuid:visit>/addendum/",
        name="addendum",
        show=views.addendum,
        do=views.add_addendum,
        get=writing,
        post=writing,
    ),
]
