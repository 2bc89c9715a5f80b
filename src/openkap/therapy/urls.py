"""Preparation and integration."""

from openkap.accounts.doors import door
from openkap.accounts.grants import clinical_team, team
from openkap.therapy import views

app_name = "therapy"
writing = team("therapist", "nurse", "prescriber")

urlpatterns = [
    door(
        "courses/<uuid:course>/preparation/",
        views.preparation,
        name="preparation",
        get=clinical_team,
        post=writing,
    ),
    door(
        "courses/<uuid:course>/preparation/done/",
        views.finish_preparation,
        name="finish_preparation",
        post=writing,
    ),
    door(
        "courses/<uuid:course>/integration/",
        views.integration,
        name="integration",
        get=clinical_team,
        post=writing,
    ),
    door("goals/<uuid:goal>/close/", views.close_goal, name="close_goal", post=writing),
    door("visits/<uuid:visit>/addendum/", views.addendum, name="addendum", get=writing, post=writing),
]
