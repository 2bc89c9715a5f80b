"""Preparation and integration."""

from openkap.accounts.grants import clinical_team, team
from openkap.accounts.routes import route
from openkap.therapy import views

app_name = "therapy"
writing = team("therapist", "nurse", "prescriber")

urlpatterns = [
    route(
        "courses/<uuid:course>/preparation/",
        views.preparation,
        name="preparation",
        get=clinical_team,
        post=writing,
    ),
    route(
        "courses/<uuid:course>/preparation/done/",
        views.finish_preparation,
        name="finish_preparation",
        post=writing,
    ),
    route(
        "courses/<uuid:course>/integration/",
        views.integration,
        name="integration",
        get=clinical_team,
        post=writing,
    ),
    route("goals/<uuid:goal>/close/", views.close_goal, name="close_goal", post=writing),
    route("visits/<uuid:visit>/addendum/", views.addendum, name="addendum", get=writing, post=writing),
]
